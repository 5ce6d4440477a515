package desk

import (
	"context"
	"errors"
	"time"

	"docket/model"
	"docket/store"
)

// Watch sends a value after rows changed, when the inbox's database went away or is back
// (Away), and when what this seat was shown has to be shown anew, because more or less of
// it is revealed; until ctx ends.
func (s *Seat) Watch(ctx context.Context) <-chan struct{} {
	out, repaint := make(chan struct{}, 1), s.repainting()
	go func() {
		defer close(out)
		defer s.turn(false) // nobody knows any more
		changes := s.d.cfg.Store.Watch(ctx)
		for {
			select {
			case c, more := <-changes:
				if !more {
					return
				}
				s.turn(c.Away)
			case <-repaint:
				repaint = s.repainting() // before anybody looks, so that nothing is missed
			}
			select {
			case out <- struct{}{}:
			default: // one is waiting already
			}
		}
	}()
	return out
}

// turn remembers since when the database is away.
func (s *Seat) turn(away bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !away:
		s.away = time.Time{}
	case s.away.IsZero():
		s.away = s.d.cfg.Now()
	}
}

// Away returns since when the inbox's database is known to be away; the zero time: it
// is there. Only who watches knows.
func (s *Seat) Away() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.away
}

// here returns a problem while the inbox's database is known to be away, so that a
// person is answered at once. What is on its way is not asked: it waits, as the store
// does, for a database that is back in some seconds.
func (s *Seat) here(what string) error {
	if s.Away().IsZero() {
		return nil
	}
	return AwayProblem(what)
}

// StoreDown reports whether a problem is that the inbox's database could not be used.
func StoreDown(p *model.Problem) bool { return p != nil && errors.Is(p, store.ErrDown) }

// AwayProblem says that something was not done because the inbox's database is away.
func AwayProblem(what string) *model.Problem {
	return model.NewProblem(model.KindUnreachable, what+": the store is away", "the database of the inbox",
		"try again once the header says so no more").Because(store.ErrDown)
}
