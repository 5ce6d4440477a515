package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"docket/audit"
	"docket/model"
	"docket/store"
)

// second returns the rule that asks for a second person for an action on a session
// as it is known, if one does.
func (s *Seat) second(a model.Action, so *model.Session) (model.SecondRule, bool) {
	for _, r := range s.d.cfg.Second {
		if r.Applies(a, so) {
			return r, true
		}
	}
	return model.SecondRule{}, false
}

// ruleName is the name of a rule, which may say what the rule is wary of.
func (s *Seat) ruleName(r model.SecondRule) string {
	if !s.May(MayRisk) {
		return ""
	}
	return r.Name
}

// anySecond reports whether a rule asks for a second person for one of the sessions.
func (s *Seat) anySecond(a model.Action) bool {
	return slices.ContainsFunc(a.IDs, func(id string) bool {
		_, ok := s.second(a, s.d.cache.peek(id))
		return ok
	})
}

// propose keeps an action for a second person instead of sending it, and says so as
// its outcome.
func (s *Seat) propose(ctx context.Context, deed deed, since time.Time, rule model.SecondRule) []model.Outcome {
	ctx = context.WithoutCancel(ctx)
	id := deed.a.ID()
	so, problem := s.readTo(ctx, deed.a)
	if problem != nil {
		return s.unsent(ctx, deed, problem)
	}
	deed.a.Expect = so.Digest // another one voids it
	p := model.Proposal{Action: deed.a, By: deed.by, At: s.d.cfg.Now().UTC(), Rule: rule.Name, Ref: deed.ref, Salt: deed.salt}
	entry := deed.intends(audit.Propose, id)
	entry.Detail = rule.Name
	if err := s.d.cfg.Store.Propose(ctx, p, since, []audit.Entry{entry}, s.d.known(id)); err != nil {
		return s.unsent(ctx, deed, s.unintended(ctx, deed, err))
	}
	_ = s.d.Sign(ctx) // what is not signed now is signed with the next
	all := s.each(deed.a, model.Outcome{Result: model.ResultProposed})
	all[0].Says = "Nothing was sent: a second person has to confirm it first" + because(s.ruleName(rule)) + "."
	return all
}

// readTo returns the session as it is read when an action on it is proposed. A
// proposal is not sent, so that reading is all that proves to the API who makes it:
// without it, a token that somebody made up would be a second person.
func (s *Seat) readTo(ctx context.Context, a model.Action) (*model.Session, *model.Problem) {
	e := s.d.entry(a.ID())
	if a.Expect == "" { // else it was read just now
		s.d.fetch(ctx, e, driftParts)
	}
	so, _ := e.now()
	if p := so.Parts[model.PartStatus].Problem; p != nil {
		again := *p
		again.Message = "The session could not be read, so nothing was proposed: " + p.Message
		return so, &again
	}
	return so, nil
}

// Proposal returns what waits for a second person on a session; nil: nothing does.
func (s *Seat) Proposal(ctx context.Context, id string) (*model.Proposal, error) {
	p, err := s.proposalOf(ctx, id)
	return s.lensOf(id).proposal(p), err
}

func (s *Seat) proposalOf(ctx context.Context, id string) (*model.Proposal, error) {
	if p := s.denied(MayLook); p != nil {
		return nil, p
	}
	row, err := s.get(ctx, id)
	if err != nil {
		return nil, stored(err, "The proposal could not be read")
	}
	return row.Proposal, nil
}

// Confirm sends what another person has proposed, once, as Submit does; evidence is
// what this person had looked at. A session that has changed since voids the
// proposal. The error is a *model.Problem and means that nothing was or will be
// sent.
func (s *Seat) Confirm(ctx context.Context, id string, seen model.Evidence) (*Submission, error) {
	if err := s.here("Nothing was sent"); err != nil {
		return nil, err
	}
	return s.confirm(ctx, id, seen, s.d.cfg.Hold)
}

// ConfirmNow is Confirm without holding back, and waits for the end.
func (s *Seat) ConfirmNow(ctx context.Context, id string) ([]model.Outcome, error) {
	return awaited(s.confirm(ctx, id, model.Evidence{}, 0))
}

func (s *Seat) confirm(ctx context.Context, id string, seen model.Evidence, hold time.Duration) (*Submission, error) {
	p, err := s.waiting(ctx, id)
	if err != nil {
		return nil, err
	}
	a := p.Action
	a.Evidence = seen
	if refusal := s.denied(MayConfirm); refusal != nil {
		return nil, refusal
	}
	if p.By == s.Me().Identity {
		problem := model.NewProblem(model.KindGuard, "You have proposed this yourself: another person has to confirm it", shortID(id), "ask somebody else, or take it back")
		own := s.deed(a)
		own.ref, own.confirms = p.Ref, p
		_ = s.unsent(ctx, own, problem) // refused all the same when that cannot be logged
		return nil, problem
	}
	return s.send(ctx, a, hold, p)
}

// waiting returns the proposal that somebody wants to end.
func (s *Seat) waiting(ctx context.Context, id string) (*model.Proposal, error) {
	p, err := s.proposalOf(ctx, id)
	if err == nil && p == nil {
		err = noProposal(id)
	}
	return p, err
}

func noProposal(id string) *model.Problem {
	return model.NewProblem(model.KindGuard, "Nothing waits for a second person on this session", shortID(id), "look at it again: it may have been confirmed, declined or taken back")
}

// EndProposal takes a proposal back, by who made it, or declines it, by anybody else.
func (s *Seat) EndProposal(ctx context.Context, id string) error {
	if err := s.here("The proposal could not be ended"); err != nil {
		return err
	}
	p, err := s.waiting(ctx, id)
	if err != nil {
		return err
	}
	event := audit.Withdraw
	if p.By != s.Me().Identity {
		if refusal := s.denied(MayConfirm); refusal != nil {
			return refusal
		}
		event = audit.Decline
	}
	return s.endProposal(ctx, id, p, event)
}

func (s *Seat) endProposal(ctx context.Context, id string, p *model.Proposal, event audit.Event) error {
	e := s.entry(event, id)
	e.Action, e.Reason, e.Ref, e.First = string(p.Action.Kind), p.Action.Reason, p.Ref, p.By
	err := s.d.cfg.Store.EndProposal(ctx, id, p.Ref, e)
	if errors.Is(err, store.ErrNoProposal) {
		return noProposal(id)
	}
	return stored(err, "The proposal could not be ended")
}

// voided ends a proposal whose session has changed, and says so.
func (s *Seat) voided(ctx context.Context, deed deed, problem *model.Problem) *model.Problem {
	if deed.confirms == nil || problem == nil || problem.Kind != model.KindDrift {
		return problem
	}
	if err := s.endProposal(context.WithoutCancel(ctx), deed.a.ID(), deed.confirms, audit.Void); err != nil {
		return problem
	}
	again := *problem
	again.Message += ". The proposal is void"
	again.Do = "look at it again, then decide anew"
	return &again
}
