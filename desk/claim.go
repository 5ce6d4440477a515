package desk

import (
	"context"
	"errors"
	"time"

	"docket/audit"
	"docket/model"
	"docket/store"
)

// DefaultLease is how long a claim lasts unless it is renewed or the configuration
// says otherwise.
const DefaultLease = 10 * time.Minute

// Claim takes a session for a time, so that others are refused a decision on it.
// Who has it already gets it for longer.
func (s *Seat) Claim(ctx context.Context, id string) (model.Row, error) { return s.take(ctx, id, "") }

// TakeOver takes a session from who has it. If it has changed hands since, it is
// refused: it is taken from a person, knowingly.
func (s *Seat) TakeOver(ctx context.Context, id, from string) (model.Row, error) {
	return s.take(ctx, id, from)
}

// take claims a session because the person wants it: it is given back when they go.
func (s *Seat) take(ctx context.Context, id, from string) (model.Row, error) {
	if err := s.here("The session could not be claimed"); err != nil {
		return model.Row{}, err
	}
	row, err := s.claim(ctx, id, from)
	if err == nil {
		s.took(id)
	}
	return row, err
}

func (s *Seat) claim(ctx context.Context, id, from string) (model.Row, error) {
	if p := s.unable(id); p != nil {
		return model.Row{}, p
	}
	if p := s.denied(MayTakeOver); from != "" && p != nil {
		return model.Row{}, p
	}
	if err := s.ensureMine(ctx, id); err != nil {
		return model.Row{}, err
	}
	now := s.d.cfg.Now().UTC()
	e := s.entry(audit.Claim, id)
	if from != "" {
		e.Event, e.Detail = audit.TakeOver, from
	}
	row, err := s.d.cfg.Store.Claim(ctx, id, store.Claim{Who: e.By, From: from, At: now, Until: now.Add(s.d.cfg.Lease)}, e)
	if errors.Is(err, store.ErrClaimed) {
		return model.Row{}, s.held(ctx, id, err)
	}
	return s.lens().row(row), stored(err, "The session could not be claimed")
}

// unable returns why nobody at this seat claims sessions.
func (s *Seat) unable(id string) *model.Problem {
	if p := s.denied(MayClaim); p != nil {
		return p
	}
	switch {
	case s.d.cfg.Lease <= 0:
		return model.NewProblem(model.KindGuard, "Sessions are not claimed here", shortID(id), "give claim a time in the configuration, such as claim = \"10m\"")
	case !validID(id):
		return model.NewProblem(model.KindUsage, "This is not an interview id", quoteID(id), "an interview id is letters, digits, - and _")
	}
	return nil
}

// held says who has a session that could not be claimed.
func (s *Seat) held(ctx context.Context, id string, because error) *model.Problem {
	row, err := s.d.cfg.Store.Get(ctx, id)
	if err == nil {
		if p := s.claimedBy(row); p != nil {
			return p.Because(because)
		}
	}
	return model.NewProblem(model.KindGuard, "The session cannot be claimed", shortID(id), "look at it again: it may be gone, or just have been claimed").Because(because)
}

// claimedBy returns a problem if somebody else has a session.
func (s *Seat) claimedBy(row model.Row) *model.Problem {
	holder := row.HeldBy(s.Me().Identity, s.d.cfg.Now())
	if holder == "" {
		return nil
	}
	return model.NewProblem(model.KindGuard, "It is claimed by "+holder+" since "+row.ClaimedAt.Format("15:04")+" UTC, until "+row.ClaimedUntil.Format("15:04")+" at least",
		shortID(row.ID), "leave it to them, or take it over in the console with c")
}

// Renew makes the lease of a claim longer while its session is open. A claim that
// is not this person's any more is a problem that says whose it is.
func (s *Seat) Renew(ctx context.Context, id string) (model.Row, error) {
	row, err := s.get(ctx, id)
	if err != nil {
		return row, stored(err, "The claim could not be renewed")
	}
	if p := s.claimedBy(row); p != nil {
		return s.lens().row(row), p
	}
	if row.ClaimedBy != s.Me().Identity {
		return s.lens().row(row), nil // given back meanwhile
	}
	return s.claim(ctx, id, "")
}

// Release gives a session back. What is not this person's stays as it is.
func (s *Seat) Release(ctx context.Context, id string) error {
	if err := s.here("The session could not be given back"); err != nil {
		return err
	}
	return s.letGo(ctx, id, "")
}

// letGo ends the claim of this person, if there is one.
func (s *Seat) letGo(ctx context.Context, id, why string) error {
	e := s.entry(audit.Release, id)
	e.Detail = why
	err := s.d.cfg.Store.Release(ctx, id, e.By, e)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return stored(err, "The session could not be given back")
}

// Next claims the session that has waited longest for a person and that nobody has
// claimed, proposed a decision on, or acted on with an outcome that is unknown. The
// session with the id is passed over. KindNotFound: there is none.
func (s *Seat) Next(ctx context.Context, but string) (model.Row, error) {
	if err := s.here("No session could be claimed"); err != nil {
		return model.Row{}, err
	}
	if p := s.unable("the next session"); p != nil && p.Kind != model.KindUsage {
		return model.Row{}, p
	}
	now := s.d.cfg.Now()
	q := model.Query{View: model.ViewReview, Sort: model.SortDue}
	for {
		page, err := s.listed(ctx, q)
		if err != nil {
			return model.Row{}, stored(err, "The inbox could not be read")
		}
		for _, row := range page.Rows {
			if row.ID == but || row.Pending != nil || row.Proposal != nil || row.ClaimedBy != "" && now.Before(row.ClaimedUntil) {
				continue
			}
			claimed, err := s.take(ctx, row.ID, "")
			if !errors.Is(err, store.ErrClaimed) { // somebody was faster
				return claimed, err
			}
		}
		if !page.More {
			return model.Row{}, model.NewProblem(model.KindNotFound, "Nothing waits that nobody has claimed", "", "see who has what in the inbox, or wait")
		}
		q.After = page.Last
	}
}
