package desk

import (
	"context"
	"slices"
	"sync"
	"time"

	"docket/model"
	"docket/provider"
)

// fresh is how long a part that was fetched need not be fetched again when the
// session is opened: long enough to step to a prefetched neighbour, short
// enough that nobody decides on old news (the drift guard reads again anyway).
const fresh = 30 * time.Second

// Peek returns what is in memory of a session that this seat was shown, or nil: what
// was only fetched ahead is shown by Open, which logs it.
func (s *Seat) Peek(id string) *model.Session {
	if !s.May(MayLook) || !s.seen.ever(sessionView(id)) {
		return nil
	}
	return s.lensOf(id).session(s.d.cache.peek(id))
}

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
		s.d.keep(ctx, e)
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

// aheadAtOnce is how many read ahead at once. Of many people at one desk each moves on
// once a second or so, and what nobody may ever open is not worth all of their time.
const aheadAtOnce = 4

// Prefetch opens sessions when nobody waits for the API's budget, unless enough do so
// already. It returns when they have come.
func (s *Seat) Prefetch(ctx context.Context, ids ...string) {
	if !s.May(MayLook) {
		return
	}
	select {
	case s.d.ahead <- struct{}{}:
		defer func() { <-s.d.ahead }()
	default:
		return
	}
	ctx = provider.WithPriority(ctx, provider.Prefetch)
	for _, id := range ids {
		if ctx.Err() != nil {
			return
		}
		if _, err := s.get(ctx, id); err != nil && !s.Me().Scope.Whole() {
			continue
		}
		s.d.readAhead(ctx, s.d.entry(id))
	}
}

// readAhead is open for what nobody has asked for. What failed is asked for again when
// somebody does, and is no news to all until then.
func (d *Desk) readAhead(ctx context.Context, e *entry) {
	before, _ := e.now()
	limit := d.cfg.Now().Add(-fresh)
	d.fetchAll(ctx, e, func(p model.Part) bool {
		st := before.Parts[p]
		return st.Problem == nil && st.At.Before(limit)
	})
	after, _ := e.now()
	for p, st := range after.Parts {
		if st.At.After(before.Parts[p].At) {
			d.keep(ctx, e)
			return
		}
	}
}

// stream runs work on an entry and sends every snapshot meanwhile, the latest
// only if the reader is slow. When the work is done it goes on until nobody else
// is fetching a part either: a prefetch may end a moment later, and the last
// snapshot must not say for good that a part is on its way.
func (s *Seat) stream(ctx context.Context, id string, work func(context.Context, *entry)) <-chan *model.Session {
	if p := s.denied(MayLook); p != nil {
		return s.withheld(id, p)
	}
	if s.Me().Scope.Whole() {
		return s.streamed(ctx, id, work)
	}
	out := make(chan *model.Session)
	go func() { // whether it is this seat's may have to be asked of the API
		defer close(out)
		from := s.streamed
		if p := s.outside(ctx, id); p != nil {
			from = func(context.Context, string, func(context.Context, *entry)) <-chan *model.Session {
				return s.withheld(id, p)
			}
		}
		for so := range from(ctx, id, work) {
			if !send(ctx, out, so) {
				return
			}
		}
	}()
	return out
}

func (s *Seat) streamed(ctx context.Context, id string, work func(context.Context, *entry)) <-chan *model.Session {
	if err := s.viewed(ctx, sessionView(id)); err != nil {
		return s.withheld(id, err)
	}
	out := make(chan *model.Session)
	e := s.d.entry(id)
	s.hold(e)
	done := make(chan struct{})
	go func() {
		defer close(done)
		work(ctx, e)
	}()
	go func() {
		defer close(out)
		s.follow(ctx, e, done, out)
	}()
	return out
}

// follow sends the snapshots of an entry until the work on it is done.
func (s *Seat) follow(ctx context.Context, e *entry, working <-chan struct{}, out chan<- *model.Session) {
	var sent *model.Session
	for {
		repaint := s.repainting()
		so, changed := e.now()
		if so != sent && !send(ctx, out, s.lensOf(e.id).session(so)) {
			return
		}
		sent = so
		if working == nil && !loading(so) {
			return
		}
		select {
		case <-changed:
		case <-repaint:
			sent = nil
		case <-working: // the last change may have come with the end
			working = nil
		case <-ctx.Done():
			return
		}
	}
}

// withheld sends a session of which nothing is shown, and why.
func (s *Seat) withheld(id string, err error) <-chan *model.Session {
	so := &model.Session{ID: id, Provider: s.d.cfg.Provider.Name(), Parts: map[model.Part]model.PartState{}}
	for _, part := range s.d.cfg.Provider.Parts() {
		so.Parts[part] = model.PartState{At: s.d.cfg.Now(), Problem: model.AsProblem(err)}
	}
	out := make(chan *model.Session, 1)
	out <- so
	close(out)
	return out
}

func loading(so *model.Session) bool {
	for _, st := range so.Parts {
		if st.Loading {
			return true
		}
	}
	return false
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
	d.keep(ctx, e)
}

// fetchAll fetches the wanted parts of an opening side by side. Parts that only
// the score can name start when the score is there, not when the slowest part
// is; what the inbox already tells of them starts at once. It keeps nothing.
func (d *Desk) fetchAll(ctx context.Context, e *entry, want func(model.Part) bool) {
	so := d.seed(ctx, e)
	wanted := want
	want = func(p model.Part) bool { return wanted(p) && (p != model.PartImages || !d.cfg.NoImages) }
	early := d.cfg.Provider.Follow(so)
	first := pick(slices.Concat(d.cfg.Provider.Parts(), early), want)
	e.start(first)
	isScore := func(p model.Part) bool { return p == model.PartScore }
	var wg sync.WaitGroup
	wg.Go(func() { d.fetchStarted(ctx, e, pick(first, func(p model.Part) bool { return !isScore(p) })) })
	wg.Go(func() {
		d.fetchStarted(ctx, e, pick(first, isScore))
		so, _ := e.now()
		d.fetchParts(ctx, e, pick(d.cfg.Provider.Follow(so), func(p model.Part) bool {
			return want(p) && !slices.Contains(early, p)
		}))
	})
	wg.Wait()
}

func pick(parts []model.Part, want func(model.Part) bool) []model.Part {
	return slices.DeleteFunc(slices.Clone(parts), func(p model.Part) bool { return !want(p) })
}

// seed tells a session that is opened for the first time whose identity it is and who
// decided it, if the inbox knows, so that what hangs on it need not wait for the score.
func (d *Desk) seed(ctx context.Context, e *entry) *model.Session {
	so, _ := e.now()
	if so.CustomerID != "" || len(so.Parts) > 0 {
		return so
	}
	row, err := d.cfg.Store.Get(ctx, e.id)
	if err != nil || row.CustomerID == "" && row.Decided == nil {
		return so // without it the score tells
	}
	return e.update(func(so *model.Session) { so.CustomerID, so.Decided = row.CustomerID, row.Decided })
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
	d.fetchStarted(ctx, e, parts)
}

// fetchStarted fetches parts that are marked as loading.
func (d *Desk) fetchStarted(ctx context.Context, e *entry, parts []model.Part) {
	so, _ := e.now()
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Go(func() {
			apply, _ := d.cfg.Provider.Fetch(ctx, e.id, part, so)
			e.finish(part, unlessLeft(ctx, apply))
			if now, _ := e.now(); part == model.PartEvents && now.EventsMore && ctx.Err() == nil {
				d.fetchMore(ctx, e)
			}
		})
	}
	wg.Wait()
}

// fetchMore reads the rest of a timeline whose first page is shown already.
func (d *Desk) fetchMore(ctx context.Context, e *entry) {
	e.start([]model.Part{model.PartEvents})
	apply, _ := d.cfg.Provider.FetchMore(ctx, e.id)
	e.finish(model.PartEvents, unlessLeft(ctx, apply))
}

// unlessLeft drops what came after everybody has left: it is no problem, and
// nobody waits for it.
func unlessLeft(ctx context.Context, apply func(*model.Session)) func(*model.Session) {
	if ctx.Err() != nil {
		return nil
	}
	return apply
}
