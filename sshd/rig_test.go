package sshd

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"docket/internal/config"
	"docket/model"
)

// newSigner makes a key.
func newSigner(t testing.TB) ssh.Signer {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	s, err := ssh.NewSignerFromKey(private)
	require.NoError(t, err)
	return s
}

func line(s ssh.Signer) string {
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(s.PublicKey())))
}

// settings are a configuration of people, with a data folder of its own.
func settings(t testing.TB, people ...config.Person) config.Config {
	t.Helper()
	return config.Config{People: people, Dirs: config.Dirs{Data: t.TempDir()}}
}

// writeFile writes a file for its owner alone, in a folder of its own.
func writeFile(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// said is what a server logs.
type said struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// bench is a server that runs here.
type bench struct {
	t     testing.TB
	s     *Server
	addr  string
	log   *said
	stop  context.CancelFunc
	ended chan error

	mu    sync.Mutex
	doors []string // who came and went
}

// serve starts a server that runs what run says.
func serve(t testing.TB, cfg config.Config, run func(context.Context, *Guest) int) *bench {
	t.Helper()
	b := &bench{t: t, log: &said{}, ended: make(chan error, 1)}
	note := func(what string) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.doors = append(b.doors, what)
	}
	var err error
	b.s, _, err = New(Config{
		Settings: cfg, Again: func() (config.Config, error) { return cfg, nil }, Log: slog.New(slog.NewJSONHandler(b.log, nil)), Run: run,
		Came: func(_ context.Context, g *Guest, _ string) error { note("came " + g.Person.Name); return nil },
		Went: func(g *Guest, how string) error {
			note("went " + g.Person.Name + how[strings.LastIndex(how, " "):])
			return nil
		},
	})
	require.NoError(t, err)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	b.addr = ln.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	b.stop = cancel
	go func() { b.ended <- b.s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-b.ended)
		b.ended <- nil
	})
	return b
}

func (b *bench) noted() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string{}, b.doors...)
}

// connect logs in with a key.
func (b *bench) connect(key ssh.Signer, more ...ssh.AuthMethod) (*ssh.Client, error) {
	return ssh.Dial("tcp", b.addr, &ssh.ClientConfig{
		User: "whoever", Auth: append([]ssh.AuthMethod{ssh.PublicKeys(key)}, more...),
		HostKeyCallback: func(_ string, _ net.Addr, host ssh.PublicKey) error {
			require.Equal(b.t, b.s.HostKey, ssh.FingerprintSHA256(host))
			return nil
		},
		Timeout: time.Minute,
	})
}

func (b *bench) client(key ssh.Signer) *ssh.Client {
	b.t.Helper()
	c, err := b.connect(key)
	require.NoError(b.t, err)
	b.t.Cleanup(func() { _ = c.Close() })
	return c
}

// until waits for something that another goroutine does. It asks on this one, so that
// goroutines can be counted.
func until(t testing.TB, is func() bool) {
	t.Helper()
	if !comes(is) {
		t.Fatal("waited in vain")
	}
}

// comes reports whether something comes to be within a minute.
func comes(is func() bool) bool {
	tick, late := time.NewTicker(2*time.Millisecond), time.NewTimer(time.Minute)
	defer tick.Stop()
	defer late.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-late.C:
			return false
		}
	}
	return true
}

func ana(keys ...ssh.Signer) config.Person {
	p := config.Person{Name: "ana", Role: model.RoleReviewer}
	for _, k := range keys {
		p.Keys = append(p.Keys, line(k))
	}
	return p
}
