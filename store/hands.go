package store

import (
	"time"

	"docket/model"
)

// Claim is a claim of a session as somebody asks for it.
type Claim struct {
	Who       string // authenticated identity
	From      string // it is taken over from this holder; empty: from nobody
	At, Until time.Time
}

// Claimed returns a row with the claim, and whether that is more than a longer
// lease for who has it already: see Store.Claim.
func Claimed(r model.Row, c Claim) (model.Row, bool, error) {
	holder := r.HeldBy(c.Who, c.At)
	if holder != "" && holder != c.From || r.Life == model.Deleted {
		return r, false, ErrClaimed
	}
	mine := r.ClaimedBy == c.Who && c.At.Before(r.ClaimedUntil)
	if !mine {
		r.ClaimedAt = clean(c.At)
	}
	r.ClaimedBy, r.ClaimedUntil = c.Who, clean(c.Until)
	return r, !mine, nil
}

// Released returns a row without the claim of somebody, and false if it is not
// theirs.
func Released(r model.Row, who string) (model.Row, bool) {
	if r.ClaimedBy != who || who == "" {
		return r, false
	}
	r.ClaimedBy, r.ClaimedAt, r.ClaimedUntil = "", time.Time{}, time.Time{}
	return r, true
}

// Intended returns a row with an action on its way, or why that must not be: see
// Store.Intend.
func Intended(r model.Row, p model.Pending, since time.Time) (model.Row, error) {
	if err := free(r, p.By, p.At, since); err != nil {
		return r, err
	}
	switch {
	case p.Confirms != "" && (r.Proposal == nil || r.Proposal.Ref != p.Confirms):
		return r, ErrNoProposal
	case p.Confirms == "" && r.Proposal != nil:
		return r, ErrProposed
	}
	r.Proposal, r.Pending = nil, Pending(&p)
	return r, nil
}

// Proposed returns a row with a proposal, or why that must not be: see
// Store.Propose. Who proposes is done with the session.
func Proposed(r model.Row, p model.Proposal, since time.Time) (model.Row, error) {
	if err := free(r, p.By, p.At, since); err != nil {
		return r, err
	}
	if r.Proposal != nil {
		return r, ErrProposed
	}
	r, _ = Released(r, p.By)
	r.Proposal = Proposal(&p)
	return r, nil
}

// free returns why a person may not act on a session at a time, knowing it as it
// was at another.
func free(r model.Row, who string, at, since time.Time) error {
	switch {
	case r.Pending != nil:
		return ErrPending
	case r.ActedAt.After(since):
		return ErrActed
	case r.HeldBy(who, at) != "":
		return ErrClaimed
	}
	return nil
}

// Concluded returns a row whose pending action ended, and false if p is not the
// one that is pending. A decision that took effect is that of the row, until an
// action takes it back.
func Concluded(r model.Row, p model.Pending, at time.Time) (model.Row, bool) {
	if r.Pending == nil || !r.Pending.Is(Pending(&p)) {
		return r, false
	}
	r.Pending = nil
	if p.Unsent {
		return r, true
	}
	r.ActedAt = clean(at)
	switch info := p.Action.Info(); {
	case !p.Took:
	case info.Decision:
		r.Decided = &model.Decided{Action: p.Action, By: p.By, At: clean(at), Reason: p.Reason}
	case info.Reverses:
		r.Decided = nil
	}
	return r, true
}

// Pending returns a pending action as it will be read back.
func Pending(p *model.Pending) *model.Pending {
	if p == nil {
		return nil
	}
	kept := *p
	kept.At, kept.Took, kept.Unsent = clean(kept.At), false, false
	return &kept
}

func decided(d *model.Decided) *model.Decided {
	if d == nil {
		return nil
	}
	kept := *d
	kept.At = clean(kept.At)
	return &kept
}

// Proposal returns a proposal as it will be read back.
func Proposal(p *model.Proposal) *model.Proposal {
	if p == nil {
		return nil
	}
	kept := *p
	kept.At = clean(kept.At)
	return &kept
}
