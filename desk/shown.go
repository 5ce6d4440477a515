package desk

import (
	"context"
	"strings"
	"sync"
	"time"

	"docket/audit"
	"docket/model"
)

// shownFor is how long a view of the same thing by the same person is one view, and
// what is typed on within a search is the same search.
const shownFor = 10 * time.Minute

// sight is something that a person can be shown.
type sight struct {
	id     string // interview id; empty: the inbox
	detail string // what of it
}

func sessionView(id string) sight { return sight{id, "session"} }

// sights remember what a seat was shown and searched for, and when that was logged.
type sights struct {
	turn sync.Mutex // one entry is written at a time, so that none is written twice

	mu     sync.Mutex
	at     map[sight]time.Time
	search string // the longest text of the search that was logged last; it stays here
	from   time.Time
}

// ever reports whether a view was logged at any time.
func (v *sights) ever(what sight) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	_, ok := v.at[what]
	return ok
}

// lately reports whether a view is part of one that was logged.
func (v *sights) lately(what sight, now time.Time) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	at, ok := v.at[what]
	return ok && now.Sub(at) < shownFor
}

// logged remembers that views are in the log.
func (v *sights) logged(now time.Time, all ...sight) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.at == nil {
		v.at = map[sight]time.Time{}
	}
	for _, what := range all {
		v.at[what] = now
	}
}

// anew makes the next view of everything one of its own.
func (v *sights) anew() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for what := range v.at {
		v.at[what] = time.Time{}
	}
}

// typedOn reports whether a text is part of the search that was logged: longer than
// that, as one types on, or shorter, as one takes letters back. What differs from it
// is another search, also where both begin alike.
func (v *sights) typedOn(text string, now time.Time) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.search == "" || now.Sub(v.from) >= shownFor:
		return false
	case strings.HasPrefix(text, v.search):
		v.search = text
		return true
	}
	return strings.HasPrefix(v.search, text)
}

// sameSearch reports whether a text is the search that was logged.
func (v *sights) sameSearch(text string, now time.Time) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.search == text && now.Sub(v.from) < shownFor
}

func (v *sights) searched(text string, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.search, v.from = text, now
}

// notShown is what a person is told whom the log has kept from seeing something.
const notShown = "The audit log could not be written, so nothing is shown"

// viewed logs that something is shown, once in a while. What cannot be logged is not
// shown: the caller stops when there is an error.
func (s *Seat) viewed(ctx context.Context, what sight) error {
	now := s.d.cfg.Now()
	if s.seen.lately(what, now) {
		return nil
	}
	if err := s.here(notShown); err != nil {
		return err
	}
	s.seen.turn.Lock()
	defer s.seen.turn.Unlock()
	if s.seen.lately(what, now) {
		return nil
	}
	if err := s.d.log(ctx, s.detailed(audit.View, what.id, what.detail)); err != nil {
		return stored(err, notShown)
	}
	s.seen.logged(now, what)
	return nil
}

// looksFor logs that the inbox is shown, or searched: what for stays out of the log.
// A search begins with the first letters of which rows are shown.
func (s *Seat) looksFor(ctx context.Context, text string) error {
	switch {
	case text == "":
		return s.viewed(ctx, sight{"", "inbox"})
	case !s.May(MaySee):
		return s.looksForWhole(ctx, text)
	}
	if err := s.here(notShown); err != nil {
		return err
	}
	now := s.d.cfg.Now()
	s.seen.turn.Lock()
	defer s.seen.turn.Unlock()
	if s.seen.typedOn(text, now) {
		return nil
	}
	if err := s.d.log(ctx, s.detailed(audit.Search, "", "inbox")); err != nil {
		return stored(err, notShown)
	}
	s.seen.searched(text, now)
	return nil
}

// Reveal logs that masked values are shown in clear from now on: in the sessions
// that are open, or in the inbox when none is. What is shown after it is a view of
// its own. The caller reveals nothing when there is an error. To whom values come
// masked there is nothing that the caller could reveal; see Unmask.
func (s *Seat) Reveal(ctx context.Context, ids ...string) error {
	if err := s.here("The audit log could not be written, so nothing is revealed"); err != nil {
		return err
	}
	if p := s.denied(MaySee); p != nil {
		return p
	}
	var all []audit.Entry
	for _, id := range ids {
		all = append(all, s.detailed(audit.Reveal, id, "session"))
	}
	if len(all) == 0 {
		all = append(all, s.detailed(audit.Reveal, "", "inbox"))
	}
	if err := s.d.log(ctx, all...); err != nil {
		return stored(err, "The audit log could not be written, so nothing is revealed")
	}
	s.seen.anew()
	return nil
}

// Export logs that data of a session, or of the inbox, are about to leave docket, and
// in a few words which; never a value. The caller lets nothing out when there is an
// error. Who takes a session along has seen it: that is no view beside it.
func (s *Seat) Export(ctx context.Context, id, what string) error {
	if err := s.here("The audit log could not be written, so nothing is given out"); err != nil {
		return err
	}
	if p := s.denied(MayLook); p != nil {
		return p
	}
	if id != "" {
		if p := s.outside(ctx, id); p != nil {
			return p
		}
	}
	if err := s.d.log(ctx, s.detailed(audit.Export, id, what)); err != nil {
		return stored(err, "The audit log could not be written, so nothing is given out")
	}
	if id != "" {
		s.seen.logged(s.d.cfg.Now(), sessionView(id))
	}
	return nil
}

// ExportRaw is Export for the answer that a part of a session came from.
func (s *Seat) ExportRaw(ctx context.Context, id string, part model.Part) error {
	if p := s.denied(MayRaw); p != nil {
		return p
	}
	return s.Export(ctx, id, "raw "+string(part))
}

// detailed is an entry that says what it is about.
func (s *Seat) detailed(event audit.Event, id, detail string) audit.Entry {
	e := s.entry(event, id)
	e.Detail = detail
	return e
}
