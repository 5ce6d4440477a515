package desk

import (
	"context"
	"sync"
	"time"

	"docket/model"
	"docket/provider"
)

// fresh is how long a part that was fetched need not be fetched again when the
// session is opened: long enough to step to a prefetched neighbour, short
// enough that nobody decides on old news (the drift guard reads again anyway).
const fresh = 30 * time.Second

// Peek returns what is in memory of a session, or nil.
func (s *Seat) Peek(id string) *model.Session { return s.lens().session(s.d.cache.peek(id)) }

// Open fetches what is not fresh, side by side, and sends a snapshot as each
// part arrives. The channel is closed when every part has come or failed, or
// ctx ends.
func (s *Seat) Open(ctx context.Context, id string) <-chan *model.Session {
	return s.stream(ctx, id, func(ctx context.Context, e *entry) { s.d.open(ctx, e) })
}

// Refresh fetches the named parts again, or all but those that need the
// session's own token.
func (s *Seat) Refresh(ctx context.Context, id string, parts ...model.Part) <-chan *model.Session {
	return s.stream(ctx, id, func(ctx context.Context, e *entry) {
		if len(parts) > 0 {
			s.d.fetch(ctx, e, parts)
			return
		}
		s.d.fetchAll(ctx, e, func(model.Part) bool { return true })
	})
}

// Load opens a session and returns it when everything has come or failed.
func (s *Seat) Load(ctx context.Context, id string) *model.Session {
	return last(s.Open(ctx, id), s.Peek(id))
}

// Read fetches the named parts and returns the session then.
func (s *Seat) Read(ctx context.Context, id string, parts ...model.Part) *model.Session {
	return last(s.Refresh(ctx, id, parts...), s.Peek(id))
}

func last(snapshots <-chan *model.Session, so *model.Session) *model.Session {
	for next := range snapshots {
		so = next
	}
	return so
}

// Prefetch opens sessions when nobody waits for the API's budget. It returns
// when they have come.
func (s *Seat) Prefetch(ctx context.Context, ids ...string) {
	ctx = provider.WithPriority(ctx, provider.Prefetch)
	for _, id := range ids {
		if ctx.Err() != nil {
			return
		}
		s.d.open(ctx, s.d.entry(id))
	}
}

func (s *Seat) lens() lens { return policyOf(s.me.Role).see }

// stream runs work on an entry and sends every snapshot meanwhile, the latest
// only if the reader is slow.
func (s *Seat) stream(ctx context.Context, id string, work func(context.Context, *entry)) <-chan *model.Session {
	out := make(chan *model.Session)
	e := s.d.entry(id)
	done := make(chan struct{})
	go func() {
		defer close(done)
		work(ctx, e)
	}()
	go func() {
		defer close(out)
		see := s.lens()
		for {
			so, changed := e.now()
			if !send(ctx, out, see.session(so)) {
				return
			}
			select {
			case <-changed:
			case <-done:
				// The last change may have come with the end.
				if now, _ := e.now(); now != so {
					send(ctx, out, see.session(now))
				}
				return
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func send(ctx context.Context, out chan<- *model.Session, so *model.Session) bool {
	select {
	case out <- so:
		return true
	case <-ctx.Done():
		return false
	}
}

func (d *Desk) entry(id string) *entry { return d.cache.get(id, d.cfg.Provider.Name()) }

func (d *Desk) open(ctx context.Context, e *entry) {
	so, _ := e.now()
	limit := d.cfg.Now().Add(-fresh)
	d.fetchAll(ctx, e, func(p model.Part) bool {
		st := so.Parts[p]
		return st.Problem != nil || st.At.Before(limit)
	})
}

// fetchAll fetches the parts of an opening that are wanted, and then those that
// only the score could name. What follows starts when the score is there, not
// when the slowest part is.
func (d *Desk) fetchAll(ctx context.Context, e *entry, want func(model.Part) bool) {
	var first []model.Part
	score := false
	for _, p := range d.cfg.Provider.Parts() {
		if !want(p) {
			continue
		}
		if p == model.PartScore {
			score = true
			continue
		}
		first = append(first, p)
	}
	var wg sync.WaitGroup
	wg.Go(func() { d.fetchParts(ctx, e, first) })
	wg.Go(func() {
		if score {
			d.fetchParts(ctx, e, []model.Part{model.PartScore})
		}
		so, _ := e.now()
		var then []model.Part
		for _, p := range d.cfg.Provider.Follow(so) {
			if want(p) {
				then = append(then, p)
			}
		}
		d.fetchParts(ctx, e, then)
	})
	wg.Wait()
	d.keep(ctx, e)
}

// fetch fetches parts and keeps what they say.
func (d *Desk) fetch(ctx context.Context, e *entry, parts []model.Part) {
	d.fetchParts(ctx, e, parts)
	d.keep(ctx, e)
}

// fetchParts fetches parts side by side and puts each on the session as it
// arrives.
func (d *Desk) fetchParts(ctx context.Context, e *entry, parts []model.Part) {
	if len(parts) == 0 {
		return
	}
	e.start(parts)
	so, _ := e.now()
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Go(func() {
			apply, _ := d.cfg.Provider.Fetch(ctx, e.id, part, so)
			if ctx.Err() != nil {
				apply = nil // nobody waits for it any more, and it is no problem
			}
			e.finish(part, apply)
		})
	}
	wg.Wait()
}
