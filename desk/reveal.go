package desk

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"docket/audit"
	"docket/model"
	"docket/provider/clean"
)

// bareFor is how long what was revealed stays so.
const bareFor = time.Minute

// The lengths of a reason, in letters.
const (
	shortestReason = 3
	longestReason  = 200
)

// bare is what is revealed of a session just now.
type bare struct {
	whole bool
	names []string // of single values
}

func (b bare) any(names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(b.names, n) })
}

// baring is until when what was revealed stays so, by interview id and name of the
// value; that of a whole session is empty.
type baring map[string]map[string]time.Time

// bareOf returns what is revealed of a session to this seat.
func (s *Seat) bareOf(id string) bare {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b bare
	now := s.d.cfg.Now()
	for name, until := range s.baring[id] {
		switch {
		case !now.Before(until):
			delete(s.baring[id], name)
		case name == "":
			b.whole = true
		default:
			b.names = append(b.names, name)
		}
	}
	if len(s.baring[id]) == 0 {
		delete(s.baring, id)
	}
	return b
}

// Unmask shows this seat, and no other, a masked value of a session in clear for a
// minute, or all of them when field is empty; field is the name that the session shows.
// The reason goes into the audit log with it, so it holds no personal data: 3 to 200
// letters. What antifraud and watch lists found stays hidden from who may not see it.
// Open streams send the session anew, and Watch tells, now and when the time is over.
func (s *Seat) Unmask(ctx context.Context, id, field, reason string) (until time.Time, err error) {
	if p := s.unmaskable(ctx, id, field); p != nil {
		return time.Time{}, p
	}
	reason, _ = clean.Text(strings.TrimSpace(reason))
	if n := utf8.RuneCountInString(reason); n < shortestReason || n > longestReason {
		return time.Time{}, model.NewProblem(model.KindUsage, "A reason has 3 to 200 letters", shortID(id), "say in a few words what it is needed for, without personal data")
	}
	const unlogged = "The audit log could not be written, so nothing is revealed"
	if err := s.here(unlogged); err != nil {
		return time.Time{}, err
	}
	what := "session"
	if field != "" {
		what = "field " + field
	}
	if err := s.d.log(ctx, s.detailed(audit.Reveal, id, what+": "+reason)); err != nil {
		return time.Time{}, stored(err, unlogged)
	}
	s.seen.anew()
	until = s.d.cfg.Now().Add(bareFor)
	s.mu.Lock()
	if s.baring == nil {
		s.baring = baring{}
	}
	if s.baring[id] == nil {
		s.baring[id] = map[string]time.Time{}
	}
	s.baring[id][field] = until
	s.mu.Unlock()
	s.repaint()
	s.d.cfg.After(bareFor, s.repaint)
	return until, nil
}

// MaskAgain hides what was revealed to this seat before its time is over: whoever looks
// next may be somebody else.
func (s *Seat) MaskAgain() {
	s.mu.Lock()
	s.baring = nil
	s.mu.Unlock()
	s.repaint()
}

// unmaskable returns why a value cannot be revealed.
func (s *Seat) unmaskable(ctx context.Context, id, field string) *model.Problem {
	if s.May(MaySee) {
		return model.NewProblem(model.KindUsage, "Nothing is masked for you", shortID(id), "")
	}
	if p := s.deniedAny(MayLook, MayReveal); p != nil {
		return p
	}
	if p := s.outside(ctx, id); p != nil {
		return p
	}
	so := s.Peek(id)
	if so == nil {
		return model.NewProblem(model.KindGuard, "The session has not been opened, nothing was revealed", shortID(id), "open it first")
	}
	if field != "" && (field == model.MaskedText || !slices.Contains(namesIn(so), field)) {
		return model.NewProblem(model.KindUsage, "The session shows no value of this name", shortID(id), "name a field as it is shown, or reveal the session")
	}
	return nil
}

// namesIn are the names under which a session shows values.
func namesIn(so *model.Session) []string {
	all := []string{"name", "birthDate", "gender", "documentNumber", "expireAt", "issuingState"}
	lists := [][]model.Field{so.OCR, so.OCR2, so.Custom, so.Summary}
	if so.Device != nil {
		all = append(all, "ip", "hash", "location")
		lists = append(lists, so.Device.Data)
	}
	for _, e := range so.Events {
		lists = append(lists, e.Detail)
	}
	for _, list := range lists {
		for _, f := range list {
			all = append(all, f.Name)
		}
	}
	for _, f := range so.Facts {
		all = append(all, f.Key, f.Section+"."+f.Key)
	}
	for _, c := range so.Checks {
		all = append(all, c.Name())
	}
	return all
}

// repaint tells whoever shows something of this seat to show it anew.
func (s *Seat) repaint() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.painted != nil {
		close(s.painted)
	}
	s.painted = make(chan struct{})
}

// repainting returns a channel that closes when something has to be shown anew.
func (s *Seat) repainting() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.painted == nil {
		s.painted = make(chan struct{})
	}
	return s.painted
}
