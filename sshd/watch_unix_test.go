//go:build unix

package sshd

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/internal/config"
)

// TestChangeWhileItIsRead takes a key out of its file after that was read and before the
// authorities were, which come out of a pipe.
func TestChangeWhileItIsRead(t *testing.T) {
	key, ca := newSigner(t), newSigner(t)
	cfg := settings(t, ana())
	cfg.SSH.Keys = writeFile(t, line(key)+" ana\n")
	b := serve(t, cfg, waiting)
	sess, err := b.client(key).NewSession()
	require.NoError(t, err)
	require.NoError(t, sess.Start("wait"))
	until(t, func() bool { return len(b.s.Here()) == 1 })

	pipe := filepath.Join(t.TempDir(), "ca")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	opened := func() *os.File { // nil: nobody reads it
		f, err := os.OpenFile(pipe, os.O_WRONLY|syscall.O_NONBLOCK, 0)
		if err != nil {
			return nil
		}
		return f
	}
	says := func() {
		if f := opened(); f != nil {
			_, _ = f.WriteString(line(ca) + "\n")
			_ = f.Close()
		}
	}
	t.Cleanup(func() {
		b.stop()
		until(t, func() bool {
			says()
			return len(b.ended) == 1
		})
	})
	cfg.SSH.CA = pipe
	b.s.reading.Lock()
	b.s.settings.SSH.CA = pipe
	b.s.cfg.Again = func() (config.Config, error) { return cfg, nil }
	b.s.reading.Unlock()
	var f *os.File
	until(t, func() bool { f = opened(); return f != nil })
	require.NoError(t, os.WriteFile(cfg.SSH.Keys, nil, 0o600))
	require.NoError(t, f.Close())
	until(t, func() bool {
		says()
		return len(b.s.Here()) == 0
	})
}

// TestWhatChangedBeforeTheStartCounts: between reading the configuration and watching it.
func TestWhatChangedBeforeTheStartCounts(t *testing.T) {
	key := newSigner(t)
	b := serve(t, settings(t, ana(key)), nothing)
	until(t, func() bool { return strings.Contains(b.log.String(), "people and keys were read again") })
}
