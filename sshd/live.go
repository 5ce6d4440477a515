package sshd

import (
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	charm "charm.land/ssh"
	"golang.org/x/crypto/ssh"
)

// How many may be here at once.
const (
	mostSessions = 512
	mostOfPerson = 16
	grace        = 700 * time.Millisecond // to say goodbye, before the connection is closed
	fullOfPeople = "the server is full"
	fullOfPerson = "you have too many sessions already"
	stopsAlready = "the server stops"
	notAnyMore   = "you may no longer come in"

	certificateEnded = "your certificate has ended"
)

// live is one session of somebody who is here.
type live struct {
	holder Holder
	from   net.Addr
	since  time.Time
	what   atomic.Value // of string: "console", or a command
	typed  atomic.Int64 // when something was typed last, Unix nanoseconds
	tells  *tells

	ctx     context.Context
	cancel  context.CancelCauseFunc
	hangUp  func()         // closes the connection
	begun   atomic.Bool    // something runs, or has run
	left    atomic.Bool    // nothing of it is there any more
	late    time.Duration  // how long it may take to end
	handled sync.WaitGroup // what runs for them
}

// end ends the session with a reason; the first one counts. Somebody who may no longer be
// here is given a moment to read why, and no longer. A client that neither reads nor
// answers would keep a session for ever.
func (l *live) end(why *Ending) {
	l.cancel(why)
	late := l.late
	switch why {
	case Revoked, Gone, Changed:
		late = grace
	}
	time.AfterFunc(late, func() {
		if !l.left.Load() {
			l.hangUp()
		}
	})
}

// sessionContext gives the library the context of one session in place of that of its
// connection, of which there may be several.
type sessionContext struct {
	charm.Context
	live *live
}

func (l *live) within(ctx charm.Context) charm.Context { return sessionContext{ctx, l} }

// Done implements context.Context.
func (c sessionContext) Done() <-chan struct{} { return c.live.ctx.Done() }

// Err implements context.Context.
func (c sessionContext) Err() error { return c.live.ctx.Err() }

// Value implements context.Context.
func (c sessionContext) Value(key any) any {
	if key == (liveKey{}) {
		return c.live
	}
	return c.Context.Value(key)
}

type liveKey struct{}

// enter counts somebody in who may be here, or says why not.
func (s *Server) enter(ctx context.Context, conn *ssh.ServerConn, h Holder) (*live, string) {
	l := &live{holder: h, from: conn.RemoteAddr(), since: s.now(), tells: newTells(), hangUp: func() { _ = conn.Close() }, late: s.late}
	l.what.Store("")
	l.typed.Store(s.now().UnixNano())
	s.mu.Lock()
	defer s.mu.Unlock()
	same := 0
	for other := range s.lives {
		if other.holder.Person.Name == h.Person.Name {
			same++
		}
	}
	switch {
	case s.stops:
		return nil, stopsAlready
	case s.roster.Load().still(h) != nil: // it may have changed since the log-in
		return nil, notAnyMore
	case !h.until.IsZero() && !s.now().Before(h.until):
		return nil, certificateEnded
	case len(s.lives) >= mostSessions:
		return nil, fullOfPeople
	case same >= mostOfPerson:
		return nil, fullOfPerson
	}
	l.ctx, l.cancel = context.WithCancelCause(ctx)
	s.lives[l] = struct{}{}
	s.inside.Add(1)
	return l, ""
}

func (s *Server) leave(l *live) {
	l.left.Store(true)
	l.cancel(Lost)
	s.mu.Lock()
	delete(s.lives, l)
	s.mu.Unlock()
	s.inside.Done()
}

// Presence is a session of somebody who is here.
type Presence struct {
	Name   string    `json:"name"`
	Role   string    `json:"role"`
	Key    string    `json:"key"` // fingerprint
	CA     string    `json:"ca,omitempty"`
	From   string    `json:"from"`
	Runs   string    `json:"runs"` // "console", or the name of a command
	Since  time.Time `json:"since"`
	Active time.Time `json:"active"` // when something was typed last
}

// Here returns who is here, by name and time.
func (s *Server) Here() []Presence {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Presence, 0, len(s.lives))
	for l := range s.lives {
		runs, _ := l.what.Load().(string)
		p := l.holder.Person
		all = append(all, Presence{
			p.Name, string(p.Role), l.holder.Fingerprint, l.holder.CA, addressOf(l.from), runs, l.since.UTC(), time.Unix(0, l.typed.Load()).UTC(),
		})
	}
	slices.SortFunc(all, func(a, b Presence) int {
		if by := strings.Compare(a.Name, b.Name); by != 0 {
			return by
		}
		return a.Since.Compare(b.Since)
	})
	return all
}

// each calls do for every session that is there now.
func (s *Server) each(do func(*live)) {
	s.mu.Lock()
	all := make([]*live, 0, len(s.lives))
	for l := range s.lives {
		all = append(all, l)
	}
	s.mu.Unlock()
	for _, l := range all {
		do(l)
	}
}
