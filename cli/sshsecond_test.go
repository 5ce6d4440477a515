package cli

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"docket/model"
)

// TestServerThatDoesNotAnswerStillHasItsFolder: it may be busy, and a second one on its
// data would take its codes and its socket.
func TestServerThatDoesNotAnswerStillHasItsFolder(t *testing.T) {
	home, err := os.MkdirTemp("", "docket") // the name of a socket may not be long
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(home)) })
	public, _, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	key, err := ssh.NewPublicKey(public)
	require.NoError(t, err)
	config := filepath.Join(home, "config.toml")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, "[[person]]\nname = \"ana\"\nrole = \"reviewer\"\nkeys = [%q]\n", bytes.TrimSpace(ssh.MarshalAuthorizedKey(key))), 0o600))
	data := filepath.Join(home, "docket")
	require.NoError(t, os.MkdirAll(data, 0o700))
	var lc net.ListenConfig
	ln, err := lc.Listen(t.Context(), "unix", filepath.Join(data, "ssh.sock"))
	require.NoError(t, err)
	defer func() { _ = ln.Close() }()
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	var errs bytes.Buffer
	code := Run(t.Context(), Env{
		Args:    []string{"--config", config, "ssh", "--addr", "127.0.0.1:0"},
		Environ: []string{"HOME=" + home, "XDG_DATA_HOME=" + home, "XDG_CONFIG_HOME=" + home},
		Stdin:   &bytes.Buffer{}, Stdout: &errs, Stderr: &errs,
	})
	require.Equal(t, model.ExitFailed, code, errs.String())
	require.Contains(t, errs.String(), "runs on this data folder already")
}
