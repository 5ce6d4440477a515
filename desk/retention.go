package desk

import (
	"cmp"
	"context"
	"errors"
	"time"

	"docket/model"
	"docket/store"
)

// Retained returns why the retention rule of the configuration keeps a session from
// being deleted; nil for any other action. Nobody can override it: the rule is changed
// where it stands.
func (s *Seat) Retained(ctx context.Context, a model.Action) *model.Problem {
	rule := s.d.cfg.Retention
	if a.Kind != model.ActDelete || !rule.Any() {
		return nil
	}
	if p := s.outsideAny(ctx, a.IDs); p != nil {
		return p
	}
	row, err := s.d.cfg.Store.Get(ctx, a.ID())
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return model.AsProblem(stored(err, "The inbox could not be read, so nothing was sent"))
	}
	kept := func(why, do string) *model.Problem {
		return model.NewProblem(model.KindGuard, why+"; nothing was sent", shortID(a.ID()), do)
	}
	if tag := rule.Held(row.Tags); tag != "" {
		return kept("The tag "+tag+" keeps this session from being deleted", "take the tag away when the hold has ended")
	}
	if rule.Keep <= 0 {
		return nil
	}
	so := s.d.cache.peek(a.ID())
	if so == nil {
		so = &model.Session{}
	}
	status, verdict := cmp.Or(so.Status, row.Status), cmp.Or(so.Verdict, row.Verdict)
	const read = "read the session first: open it, or `docket show ID`"
	switch {
	case !rule.DecidedOnly:
	case status == "" && verdict == "":
		return kept("It is not known here whether the session is decided, and decided ones are kept"+because(rule.Reason), read)
	case model.DecisionOf(status, verdict) == "":
		return nil
	}
	end := endOf(so, row)
	if end.IsZero() {
		return kept("It is not known here when the session ended, and it is kept for a time from then on"+because(rule.Reason), read)
	}
	if until := rule.Until(end); s.d.cfg.Now().Before(until) {
		return kept("The session is kept until "+until.UTC().Format(time.DateOnly)+because(rule.Reason),
			"delete it then; the rule is [retention] of config.toml")
	}
	return nil
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return " (" + reason + ")"
}

// endOf returns when a session ended, as far as that is known here: when it was
// finished or was decided from here, whichever is later; of one that was never finished
// the last that happened in it. The zero time: nobody knows.
func endOf(so *model.Session, row model.Row) time.Time {
	end := so.FinishedAt
	if end.IsZero() {
		for _, e := range so.Events {
			end = later(end, e.At)
		}
	}
	if row.Decided != nil {
		end = later(end, row.Decided.At)
	}
	return end
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
