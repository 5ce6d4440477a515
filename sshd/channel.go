package sshd

import (
	"context"
	"slices"
	"strings"
	"sync"

	charm "charm.land/ssh"
	"golang.org/x/crypto/ssh"
)

// passing are the variables of the client's environment that say how its terminal is.
// No other comes in.
var passing = []string{
	"LANG", "LC_ALL", "LC_CTYPE", "COLORTERM", "COLORFGBG", "NO_COLOR", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "TMUX", "DOCKET_THEME",
}

// longestValue is how long the value of a variable may be.
const longestValue = 128

// window is a size of a terminal, as clients send it.
type window struct{ Columns, Rows, Width, Height uint32 }

// What a terminal may measure, and does when it does not say.
const (
	mostColumns, mostRows       = 640, 200 // each cell takes 240 bytes of memory, and a person may have several sessions
	usualColumns, usualRows     = 80, 24
	mostRequests            int = 10_000 // of one channel, sizes mostly
)

// clamp returns the size within bounds: a frame is as large as the client says.
func (w window) clamp() (columns, rows int) {
	columns, rows = usualColumns, usualRows
	if w.Columns > 0 && w.Rows > 0 {
		columns, rows = int(min(w.Columns, mostColumns)), int(min(w.Rows, mostRows))
	}
	return columns, rows
}

// tells is what the requests of a channel say of the client.
type tells struct {
	mu            sync.Mutex
	environ       []string
	columns, rows int
	resized       chan struct{}
}

func newTells() *tells {
	return &tells{columns: usualColumns, rows: usualRows, resized: make(chan struct{}, 1)}
}

// size returns columns and rows of the terminal.
func (t *tells) size() (columns, rows int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.columns, t.rows
}

func (t *tells) resize(w window) {
	t.mu.Lock()
	t.columns, t.rows = w.clamp()
	t.mu.Unlock()
	select {
	case t.resized <- struct{}{}:
	default: // who reads it asks for the size then
	}
}

// variables returns what the client has set.
func (t *tells) variables() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.environ)
}

// set takes a variable of the client, once, if it is one of those that pass.
func (t *tells) set(name, value string) bool {
	harmless := len(value) <= longestValue && !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' })
	t.mu.Lock()
	defer t.mu.Unlock()
	if !slices.Contains(passing, name) || !harmless ||
		slices.ContainsFunc(t.environ, func(kv string) bool { return strings.HasPrefix(kv, name+"=") }) {
		return false
	}
	t.environ = append(t.environ, name+"="+value)
	return true
}

// sifted is a channel of which the library sees only the requests that it handles well.
// It keeps any number of variables, says yes to an agent, and waits for ever with a size
// that nobody reads.
type sifted struct {
	ssh.NewChannel
	live *live

	noTerminal bool // the certificate allows none
}

// Accept implements ssh.NewChannel.
func (s sifted) Accept() (ssh.Channel, <-chan *ssh.Request, error) {
	ch, in, err := s.NewChannel.Accept()
	if err != nil {
		return nil, nil, err
	}
	out := make(chan *ssh.Request)
	stop := context.AfterFunc(s.live.ctx, func() {
		if !s.live.begun.Load() {
			_ = ch.Close() // what runs closes it when it has said why it ends
		}
	})
	go func() {
		defer s.live.cancel(Lost)
		defer stop()
		defer close(out)
		n := 0
		for req := range in {
			if n++; n > mostRequests {
				_ = ch.Close()
				continue // the rest is drained
			}
			if s.sift(req) {
				out <- req
			}
		}
	}()
	return ch, out, nil
}

// sift answers a request, or reports that the library may see it.
func (s sifted) sift(req *ssh.Request) bool {
	ok := false
	switch req.Type {
	case "shell", "exec", "signal":
		return true
	case "pty-req":
		var asked struct {
			Term                         string
			Columns, Rows, Width, Height uint32
			Modes                        string
		}
		if ssh.Unmarshal(req.Payload, &asked) == nil && !s.noTerminal {
			s.live.tells.resize(window{asked.Columns, asked.Rows, asked.Width, asked.Height})
			return true
		}
	case "window-change":
		var w window
		if ok = ssh.Unmarshal(req.Payload, &w) == nil; ok {
			s.live.tells.resize(w)
		}
	case "env":
		var kv struct{ Name, Value string }
		ok = ssh.Unmarshal(req.Payload, &kv) == nil && s.live.tells.set(kv.Name, kv.Value)
	}
	if req.WantReply {
		_ = req.Reply(ok, nil) // who has gone needs no answer
	}
	return false
}

// session is a channel handler: it knows who it is, and watches that they may stay.
func (s *Server) session(srv *charm.Server, conn *ssh.ServerConn, fresh ssh.NewChannel, ctx charm.Context) {
	h, ok := conn.Permissions.ExtraData[holderKey{}].(Holder)
	if !ok {
		_ = fresh.Reject(ssh.Prohibited, "nobody has logged in")
		return
	}
	l, why := s.enter(ctx, conn, h)
	if l == nil {
		_ = fresh.Reject(ssh.ResourceShortage, why)
		return
	}
	defer s.leave(l)
	defer entered(ctx)()
	stopClock := s.clock(l)
	defer stopClock()
	charm.DefaultSessionHandler(srv, conn, sifted{fresh, l, h.noTerminal}, l.within(ctx))
	l.handled.Wait() // the requests end with the channel, what runs may take a little longer
}
