package sshd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"docket/internal/config"
	"docket/model"
)

func nothing(context.Context, *Guest) int { return 0 }

// waiting runs until the end of the session.
func waiting(ctx context.Context, _ *Guest) int {
	<-ctx.Done()
	return 0
}

// exitOf is the exit code that a session ends with.
func exitOf(err error) int {
	var exit *ssh.ExitError
	if errors.As(err, &exit) {
		return exit.ExitStatus()
	}
	if err != nil {
		return -1
	}
	return 0
}

func TestGuest(t *testing.T) {
	key := newSigner(t)
	got := make(chan *Guest, 1)
	b := serve(t, settings(t, ana(key)), func(_ context.Context, g *Guest) int {
		text, _ := io.ReadAll(g.In)
		_, _ = fmt.Fprintf(g.Out, "out %s", text)
		_, _ = fmt.Fprint(g.Err, "err")
		got <- g
		return 42
	})
	sess, err := b.client(key).NewSession()
	require.NoError(t, err)
	for name, passes := range map[string]bool{
		"LANG": true, "NO_COLOR": true, "DOCKET_THEME": true, "DOCKET_API_URL": false, "DOCKET_STORE": false, "HOME": false, "LD_PRELOAD": false, "SSH_CONNECTION": false,
		"PATH": false, "TERM": false,
	} {
		require.Equal(t, passes, sess.Setenv(name, "value") == nil, name)
	}
	require.Error(t, sess.Setenv("COLORTERM", "\x1b[2J"))
	require.Error(t, sess.Setenv("COLORTERM", strings.Repeat("x", longestValue+1)))
	require.Error(t, sess.Setenv("LANG", "again"))
	var out, errs strings.Builder
	sess.Stdin, sess.Stdout, sess.Stderr = strings.NewReader("in"), &out, &errs
	require.Equal(t, 42, exitOf(sess.Run(`list "two words"`)))
	g := <-got
	require.Equal(t, []string{"list", "two words"}, g.Args)
	require.False(t, g.Terminal)
	require.Equal(t, "ana", g.Person.Name)
	require.Equal(t, ssh.FingerprintSHA256(key.PublicKey()), g.Fingerprint)
	require.Equal(t, []string{"out in", "err"}, []string{out.String(), errs.String()})
	slices.Sort(g.Environ)
	require.Equal(t, []string{"DOCKET_THEME=value", "LANG=value", "NO_COLOR=value"}, g.Environ[:3])
	require.Regexp(t, `^SSH_CONNECTION=127\.0\.0\.1 \d+ 127\.0\.0\.1 \d+$`, g.Environ[3])
	require.Len(t, g.Environ, 4)
	require.Equal(t, []string{"came ana", "went ana left"}, b.noted())
}

// TestTerminal has a terminal with sizes that nobody has, and lines that are typed.
func TestTerminal(t *testing.T) {
	key := newSigner(t)
	sizes := make(chan [2]int, 8)
	b := serve(t, settings(t, ana(key)), func(_ context.Context, g *Guest) int {
		tell := func() {
			w, h := g.Size()
			sizes <- [2]int{w, h}
		}
		<-g.Resized
		tell()
		for range 2 {
			<-g.Resized
			tell()
		}
		line, _ := bufio.NewReader(g.In).ReadString('\n')
		_, _ = fmt.Fprintf(g.Out, "got %q\n", line)
		return 0
	})
	sess, err := b.client(key).NewSession()
	require.NoError(t, err)
	require.NoError(t, sess.RequestPty("xterm", 24, 80, nil))
	in, err := sess.StdinPipe()
	require.NoError(t, err)
	var out strings.Builder
	sess.Stdout = &out
	require.NoError(t, sess.Start("ask"))
	require.Equal(t, [2]int{80, 24}, <-sizes)
	require.NoError(t, sess.WindowChange(1<<30, 1<<30))
	require.Equal(t, [2]int{mostColumns, mostRows}, <-sizes)
	require.NoError(t, sess.WindowChange(0, 0))
	require.Equal(t, [2]int{usualColumns, usualRows}, <-sizes)
	_, err = io.WriteString(in, "yex\x7fs\r")
	require.NoError(t, err)
	require.Zero(t, exitOf(sess.Wait()))
	require.Contains(t, out.String(), `got "yes\n"`)
}

// TestNothingElseIsServed asks for what SSH servers do otherwise.
func TestNothingElseIsServed(t *testing.T) {
	key := newSigner(t)
	b := serve(t, settings(t, ana(key)), nothing)
	c := b.client(key)
	for _, channel := range []string{"direct-tcpip", "direct-streamlocal@openssh.com", "x11", "auth-agent@openssh.com", "tun@openssh.com", "anything"} {
		_, _, err := c.OpenChannel(channel, ssh.Marshal(struct {
			Host string
			Port uint32
			From string
			At   uint32
		}{"127.0.0.1", 1, "127.0.0.1", 2}))
		require.Error(t, err, channel)
	}
	for _, request := range []string{"tcpip-forward", "streamlocal-forward@openssh.com", "hostkeys-prove-00@openssh.com"} {
		ok, _, err := c.SendRequest(request, true, nil)
		require.NoError(t, err)
		require.False(t, ok, request)
	}
	for _, request := range []string{"auth-agent-req@openssh.com", "x11-req", "break", "subsystem", "window-change", "pty-req", "env", "unheard-of"} {
		sess, err := c.NewSession()
		require.NoError(t, err)
		ok, err := sess.SendRequest(request, true, []byte{0, 0, 0, 255})
		require.NoError(t, err)
		require.False(t, ok, request)
		_ = sess.Close()
	}
}

// TestFloodOfRequestsEndsTheSession sends more than any client has.
func TestFloodOfRequestsEndsTheSession(t *testing.T) {
	key := newSigner(t)
	b := serve(t, settings(t, ana(key)), waiting)
	sess, err := b.client(key).NewSession()
	require.NoError(t, err)
	require.NoError(t, sess.RequestPty("xterm", 24, 80, nil))
	require.NoError(t, sess.Shell())
	for range mostRequests {
		if sess.WindowChange(24, 80) != nil {
			break // it is closed already
		}
	}
	_ = sess.Wait()
	until(t, func() bool { return len(b.s.Here()) == 0 })
}

// TestPanicEndsOneSession breaks one session of two, with somebody's name in what breaks.
func TestPanicEndsOneSession(t *testing.T) {
	key, other := newSigner(t), newSigner(t)
	person := ana(other)
	person.Name = "ben"
	b := serve(t, settings(t, ana(key), person), func(ctx context.Context, g *Guest) int {
		if g.Args[0] == "break" {
			panic("SOFÍA LÓPEZ GARCÍA")
		}
		return waiting(ctx, g)
	})
	stays, err := b.client(other).NewSession()
	require.NoError(t, err)
	require.NoError(t, stays.Start("stay"))
	until(t, func() bool { return slices.Contains(b.noted(), "came ben") })
	sess, err := b.client(key).NewSession()
	require.NoError(t, err)
	var errs strings.Builder
	sess.Stderr = &errs
	require.Equal(t, model.ExitFailed, exitOf(sess.Run("break")))
	require.Contains(t, errs.String(), "Something in docket broke")
	log := b.log.String()
	require.Contains(t, log, "a session broke")
	require.Contains(t, log, "server_test.go", "where")
	require.NotContains(t, log, "SOF")
	until(t, func() bool { return len(b.s.Here()) == 1 })
	require.Contains(t, b.noted(), "went ana failed")
}

// TestClocksEndSessions has a session that lasts too long, and one in which nothing is
// typed.
func TestClocksEndSessions(t *testing.T) {
	for says, limits := range map[string]config.SSH{
		"greatest length":                {Max: 50 * time.Millisecond},
		"Nothing was typed for too long": {Idle: 50 * time.Millisecond, Max: time.Hour},
	} {
		key := newSigner(t)
		cfg := settings(t, ana(key))
		cfg.SSH = limits
		b := serve(t, cfg, waiting)
		sess, err := b.client(key).NewSession()
		require.NoError(t, err)
		var errs strings.Builder
		sess.Stderr = &errs
		require.Equal(t, model.ExitFailed, exitOf(sess.Run("wait")))
		require.Contains(t, errs.String(), says)
	}
}

func TestACertificateEndsItsSessions(t *testing.T) {
	ca, key := newSigner(t), newSigner(t)
	person := ana()
	person.Principals = []string{"ana@example"}
	cfg := settings(t, person)
	cfg.SSH.CA = writeFile(t, line(ca)+"\n")
	b := serve(t, cfg, waiting)
	cert := certificate(t, ca, key, func(c *ssh.Certificate) { c.ValidBefore = uint64(time.Now().Unix()) + 2 })
	signer, err := ssh.NewCertSigner(cert, key)
	require.NoError(t, err)
	c := b.client(signer)
	sess, err := c.NewSession()
	require.NoError(t, err)
	var errs strings.Builder
	sess.Stderr = &errs
	require.Equal(t, model.ExitFailed, exitOf(sess.Run("wait")))
	require.Contains(t, errs.String(), "certificate has ended")
	_, err = c.NewSession()
	require.ErrorContains(t, err, certificateEnded, "the connection is there")
}

func TestCertificatesThatDoNotEnd(t *testing.T) {
	for before, ends := range map[uint64]bool{
		ssh.CertTimeInfinity: false, math.MaxInt64: false, math.MaxInt64 + 1: false, uint64(time.Now().Unix()) + 60: true,
	} {
		require.Equal(t, !ends, endOf(&ssh.Certificate{ValidBefore: before}).IsZero(), before)
	}
}

// TestWhoSaysNothingHasNotFailed: a balancer in front asks all day whether somebody
// listens, from the address that everybody's connections come from.
func TestWhoSaysNothingHasNotFailed(t *testing.T) {
	key := newSigner(t)
	b := serve(t, settings(t, ana(key)), waiting)
	knock := func(says string) {
		conn, err := net.Dial("tcp", b.addr)
		require.NoError(t, err)
		_, err = io.WriteString(conn, says)
		require.NoError(t, err)
		require.NoError(t, conn.Close())
	}
	for range 3 * failsAtOnce {
		knock("")
	}
	require.NoError(t, b.client(key).Close())
	for range failsAtOnce {
		knock("GET / HTTP/1.0\r\n\r\n")
	}
	until(t, func() bool { _, err := b.connect(key); return err != nil })
	for range 3 * mostTurnedTold {
		knock("")
	}
	until(t, func() bool { return strings.Count(b.log.String(), "turned away") >= mostTurnedTold })
	require.Less(t, strings.Count(b.log.String(), "turned away"), 2*mostTurnedTold)
}

func TestTooManySessionsOfOnePerson(t *testing.T) {
	key := newSigner(t)
	b := serve(t, settings(t, ana(key)), waiting)
	c := b.client(key)
	for range mostOfPerson {
		sess, err := c.NewSession()
		require.NoError(t, err)
		require.NoError(t, sess.Start("wait"))
	}
	until(t, func() bool { return len(b.s.Here()) == mostOfPerson })
	_, err := c.NewSession()
	require.ErrorContains(t, err, fullOfPerson)
}

// TestUnloggedIsNotLetIn keeps somebody out whom the log could not note.
func TestUnloggedIsNotLetIn(t *testing.T) {
	key := newSigner(t)
	ran := false
	b := serve(t, settings(t, ana(key)), func(context.Context, *Guest) int { ran = true; return 0 })
	b.s.cfg.Came = func(context.Context, *Guest, string) error {
		return model.NewProblem(model.KindFailed, "The log-in could not be logged", "", "look at the disk")
	}
	sess, err := b.client(key).NewSession()
	require.NoError(t, err)
	require.Equal(t, model.ExitFailed, exitOf(sess.Run("list")))
	require.False(t, ran)
}

// TestHostKey is made once, for its owner alone.
func TestHostKey(t *testing.T) {
	data := t.TempDir()
	_, first, err := hostKey(data)
	require.NoError(t, err)
	info, err := os.Stat(HostKeyPath(data))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	_, again, err := hostKey(data)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.NoError(t, os.Chmod(HostKeyPath(data), 0o644))
	_, _, err = hostKey(data)
	require.ErrorContains(t, err, "Others can read")
	require.NoError(t, os.Chmod(HostKeyPath(data), 0o600))
	require.NoError(t, os.WriteFile(HostKeyPath(data), []byte("nonsense"), 0o600))
	_, _, err = hostKey(data)
	require.ErrorContains(t, err, "cannot be used")
}

func TestLimiterForgets(t *testing.T) {
	var l limiter
	for range failsAtOnce {
		require.True(t, l.allows("a"))
		l.failed("a")
	}
	require.False(t, l.allows("a"))
	require.True(t, l.allows("b"))
	for i := range 2 * mostFailing {
		l.failed(fmt.Sprint(i))
	}
	require.LessOrEqual(t, len(l.all), mostFailing)
}

// TestSessionsLeaveNoGoroutine has two hundred people come and go, half of them without
// a word.
func TestSessionsLeaveNoGoroutine(t *testing.T) {
	const many = 200
	var people []config.Person
	var keys []ssh.Signer
	for i := range many {
		keys = append(keys, newSigner(t))
		p := ana(keys[i])
		p.Name = fmt.Sprintf("p%d", i)
		people = append(people, p)
	}
	b := serve(t, settings(t, people...), waiting)
	one, err := b.connect(keys[0]) // what is made once is made
	require.NoError(t, err)
	require.NoError(t, one.Close())
	until(t, func() bool { return len(b.s.Here()) == 0 })
	before := runtime.NumGoroutine()
	clients := make([]*ssh.Client, many)
	var wg sync.WaitGroup
	for i := range many {
		wg.Go(func() {
			c, err := b.connect(keys[i])
			if err != nil {
				t.Error(err)
				return
			}
			clients[i] = c
			sess, err := c.NewSession()
			if err == nil {
				err = errors.Join(sess.RequestPty("xterm", 40, 120, nil), sess.Shell(), sess.WindowChange(24, 80))
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	until(t, func() bool { return len(b.s.Here()) == many })
	for _, c := range clients {
		if c != nil {
			_ = c.Close()
		}
	}
	until(t, func() bool { return len(b.s.Here()) == 0 })
	if !comes(func() bool { return runtime.NumGoroutine() <= before }) {
		var left strings.Builder
		require.NoError(t, pprof.Lookup("goroutine").WriteTo(&left, 1))
		t.Fatal(left.String())
	}
	b.s.mu.Lock()
	defer b.s.mu.Unlock()
	require.Empty(t, b.s.knocks)
}
