package sshd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime/debug"
	"strings"
	"time"

	charm "charm.land/ssh"
	"github.com/anmitsu/go-shlex"
	"golang.org/x/term"

	"docket/internal/config"
	"docket/model"
)

// Guest is somebody at the other end of a connection, and what they have asked for.
type Guest struct {
	Person      config.Person
	Fingerprint string   // of their key
	Args        []string // the words of a command; none: the console
	Environ     []string // NAME=value, of their terminal
	In          io.Reader
	Out, Err    io.Writer
	Terminal    bool // there is one
	Size        func() (columns, rows int)
	Resized     <-chan struct{}
}

// Console reports whether they have asked for the console.
func (g *Guest) Console() bool { return len(g.Args) == 0 }

// begins counts what is about to run in a session. Unlike the handler it is called before
// the requests of the channel can end.
func begins(sess charm.Session, _ string) bool {
	l, ok := sess.Context().Value(liveKey{}).(*live)
	if !ok || l.ctx.Err() != nil {
		return false
	}
	l.begun.Store(true)
	l.handled.Add(1)
	return true
}

// handle runs what was asked for in a session, and says why it ended if they did not
// end it themselves.
func (s *Server) handle(sess charm.Session) {
	l, ok := sess.Context().Value(liveKey{}).(*live)
	if !ok {
		return // a session begins in our channel handler
	}
	defer l.handled.Done()
	g, err := s.guest(sess, l)
	code := model.ExitUsage
	if err == nil {
		code = s.serve(l, g)
	} else {
		_, _ = fmt.Fprintln(g.Err, "docket: "+err.Error())
	}
	if why := EndingOf(l.ctx); why != nil && why.Says != "" {
		_, _ = fmt.Fprintln(g.Err, "\n"+why.Says)
		code = model.ExitFailed
	}
	_ = sess.Exit(code) // who has gone needs no exit code
}

// errWords is what is said of a command that cannot be taken apart.
var errWords = errors.New("The command has a quote that is not closed. Nothing was done; close it") //nolint:staticcheck // a sentence for a person

func (s *Server) guest(sess charm.Session, l *live) (*Guest, error) {
	pty, _, terminal := sess.Pty()
	g := &Guest{
		Person: l.holder.Person, Fingerprint: l.holder.Fingerprint, Environ: l.tells.variables(),
		In: typed{sess, l, s.now}, Out: sess, Err: sess.Stderr(), Terminal: terminal, Size: l.tells.size, Resized: l.tells.resized,
	}
	args, err := shlex.Split(sess.RawCommand(), true)
	if err != nil {
		return g, errWords
	}
	g.Args = args
	if g.Console() {
		g.In = &bounded{in: g.In, now: s.now}
	}
	g.Environ = append(g.Environ, "SSH_CONNECTION="+endpoints(sess.RemoteAddr(), sess.LocalAddr()))
	if terminal {
		g.Environ = append(g.Environ, "TERM="+harmless(pty.Term), "SSH_TTY=/dev/pts/docket")
		if !g.Console() {
			g.In = cooked(g.In, g.Out)
		}
	}
	return g, nil
}

// harmless is the kind of a terminal as it may stand in an environment.
func harmless(kind string) string {
	if len(kind) > longestValue || strings.ContainsFunc(kind, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "dumb"
	}
	return kind
}

// endpoints are both ends of a connection, as OpenSSH writes them.
func endpoints(from, to net.Addr) string {
	ends := make([]string, 0, 2)
	for _, addr := range []net.Addr{from, to} {
		host, port, err := net.SplitHostPort(addr.String())
		if err != nil {
			host, port = "unknown", "0"
		}
		ends = append(ends, host+" "+port)
	}
	return strings.Join(ends, " ")
}

// serve runs what a guest asked for, and keeps on record that they were here.
func (s *Server) serve(l *live, g *Guest) (code int) {
	l.what.Store(runs(g))
	how := "ssh " + g.Fingerprint
	if err := s.cfg.Came(l.ctx, g, how); err != nil {
		p := model.AsProblem(err)
		_, _ = fmt.Fprintln(g.Err, "docket: "+p.Error())
		return p.Kind.Exit()
	}
	s.log.LogAttrs(l.ctx, slog.LevelInfo, "came", slog.String("person", g.Person.Name), slog.String("key", g.Fingerprint),
		slog.String("from", addressOf(l.from)), slog.String("runs", runs(g)))
	code = s.contained(l, g)
	why := "left"
	if e := EndingOf(l.ctx); e != nil {
		why = e.Why
	}
	s.log.LogAttrs(context.Background(), slog.LevelInfo, "went", slog.String("person", g.Person.Name), slog.String("key", g.Fingerprint),
		slog.String("why", why), slog.Int("exit", code), slog.String("after", s.now().Sub(l.since).Round(time.Millisecond).String()))
	if err := s.cfg.Went(g, how+" "+why); err != nil {
		s.log.LogAttrs(context.Background(), slog.LevelError, "not in the audit log", slog.String("problem", err.Error()))
	}
	return code
}

// contained runs what a guest asked for. What breaks in it breaks nothing else; the
// report has where, and not with what: that may be anybody's data.
func (s *Server) contained(l *live, g *Guest) (code int) {
	defer func() {
		if broken := recover(); broken != nil {
			l.cancel(internal)
			code = model.ExitFailed
			s.log.LogAttrs(context.Background(), slog.LevelError, "a session broke", slog.String("person", g.Person.Name),
				slog.String("runs", runs(g)), slog.String("kind", fmt.Sprintf("%T", broken)), slog.String("where", string(debug.Stack())))
		}
	}()
	return s.cfg.Run(l.ctx, g)
}

// runs says what a guest runs: the console, or the name of the command alone.
func runs(g *Guest) string {
	if g.Console() {
		return "console"
	}
	name := g.Args[0]
	if len(name) > 20 || strings.ContainsFunc(name, func(r rune) bool { return r < 'a' || r > 'z' }) {
		return "command"
	}
	return name
}

// clock ends a session that lasts too long, also for the certificate that it came in with,
// or in which nothing is typed. The transport cannot tell: for it anything that docket
// writes is a sign of life.
func (s *Server) clock(l *live) (stop func()) {
	cfg := s.limits()
	var timers []*time.Timer
	if cfg.Max > 0 {
		timers = append(timers, time.AfterFunc(cfg.Max, func() { l.end(TooLong) }))
	}
	if until := l.holder.until; !until.IsZero() {
		timers = append(timers, time.AfterFunc(until.Sub(s.now()), func() { l.end(Expired) }))
	}
	if cfg.Idle > 0 {
		var idle *time.Timer
		idle = time.AfterFunc(cfg.Idle, func() {
			left := cfg.Idle - s.now().Sub(time.Unix(0, l.typed.Load()))
			if left > 0 {
				idle.Reset(left)
				return
			}
			l.end(Idle)
		})
		timers = append(timers, idle)
	}
	return func() {
		for _, t := range timers {
			t.Stop()
		}
	}
}

// typed notes when something was typed.
type typed struct {
	in  io.Reader
	l   *live
	now func() time.Time
}

// Read implements io.Reader.
func (t typed) Read(p []byte) (int, error) {
	n, err := t.in.Read(p)
	if n > 0 {
		t.l.typed.Store(t.now().UnixNano())
	}
	return n, err
}

// cooked gives a command the lines that are typed into a terminal without a kernel
// behind it: shown as they are typed, with a way to correct them.
func cooked(in io.Reader, out io.Writer) io.Reader {
	return &lines{t: term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, out}, "")}
}

type lines struct {
	t    *term.Terminal
	rest []byte
}

// Read implements io.Reader.
func (l *lines) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		line, err := l.t.ReadLine()
		if err != nil {
			return 0, err
		}
		l.rest = append([]byte(line), '\n')
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}
