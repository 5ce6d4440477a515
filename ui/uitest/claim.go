package uitest

import (
	"context"
	"time"

	"docket/desk"
	"docket/model"
)

// Sit changes who sits at the desk, as a log-in does.
func (d *Desk) Sit(identity string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.me = identity
}

// Ask has a second person asked for by the rules.
func (d *Desk) Ask(rules ...model.SecondRule) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.second = rules
}

// Renewals returns how often claims were renewed.
func (d *Desk) Renewals() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.renewals
}

// Claim implements common.Desk.
func (d *Desk) Claim(ctx context.Context, id string) (model.Row, error) { return d.claim(ctx, id, "") }

// TakeOver implements common.Desk.
func (d *Desk) TakeOver(ctx context.Context, id, from string) (model.Row, error) {
	return d.claim(ctx, id, from)
}

// Renew implements common.Desk.
func (d *Desk) Renew(ctx context.Context, id string) (model.Row, error) {
	d.mu.Lock()
	d.renewals++
	d.mu.Unlock()
	return d.claim(ctx, id, "")
}

func (d *Desk) claim(ctx context.Context, id, from string) (model.Row, error) {
	if err := d.wait(ctx); err != nil {
		return model.Row{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	i := d.find(id)
	if i < 0 {
		return model.Row{}, notHere(id)
	}
	r := &d.rows[i]
	if holder := r.HeldBy(d.me, d.now()); holder != from {
		return *r, model.NewProblem(model.KindGuard, "It is claimed by "+holder, Short(id), "leave it to them")
	}
	if r.ClaimedBy != d.me {
		r.ClaimedBy, r.ClaimedAt = d.me, d.now()
	}
	r.ClaimedUntil = d.now().Add(d.policy.Lease)
	d.changed()
	return *r, nil
}

// Release implements common.Desk.
func (d *Desk) Release(_ context.Context, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i := d.find(id); i >= 0 && d.rows[i].ClaimedBy == d.me {
		d.rows[i].ClaimedBy, d.rows[i].ClaimedAt, d.rows[i].ClaimedUntil = "", time.Time{}, time.Time{}
		d.changed()
	}
	return nil
}

// Next implements common.Desk.
func (d *Desk) Next(ctx context.Context, but string) (model.Row, error) {
	page, err := d.List(ctx, model.Query{View: model.ViewReview, Sort: model.SortDue})
	for _, r := range page.Rows {
		if r.ID != but && r.Pending == nil && r.Proposal == nil && !d.now().Before(r.ClaimedUntil) {
			return d.claim(ctx, r.ID, "")
		}
	}
	if err == nil {
		err = model.NewProblem(model.KindNotFound, "Nothing waits that nobody has claimed", "", "wait")
	}
	return model.Row{}, err
}

// rule returns the rule that asks for a second person; the lock is held.
func (d *Desk) rule(a model.Action) *model.SecondRule {
	for _, r := range d.second {
		if r.Applies(a, d.sessions[a.ID()]) {
			return &r
		}
	}
	return nil
}

// Confirm implements common.Desk.
func (d *Desk) Confirm(_ context.Context, id string, seen model.Evidence) (*desk.Submission, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := d.find(id)
	if i < 0 || d.rows[i].Proposal == nil {
		return nil, model.NewProblem(model.KindGuard, "Nothing waits for a second person on this session", Short(id), "look at it again")
	}
	a := d.rows[i].Proposal.Action
	a.Evidence = seen
	return d.submit(a, func() []model.Outcome {
		d.mu.Lock()
		d.rows[i].Proposal = nil
		d.mu.Unlock()
		return d.finish(a)
	}), nil
}

// EndProposal implements common.Desk.
func (d *Desk) EndProposal(_ context.Context, id string) error {
	d.Change(id, func(r *model.Row) { r.Proposal = nil })
	return nil
}

// propose keeps an action for a second person.
func (d *Desk) propose(a model.Action, rule model.SecondRule) []model.Outcome {
	d.Change(a.ID(), func(r *model.Row) {
		r.Proposal = &model.Proposal{Action: a, By: d.me, At: d.now(), Rule: rule.Name, Ref: "ref"}
	})
	return d.outcomes(a, model.ResultProposed)
}

func notHere(id string) error {
	return model.NewProblem(model.KindNotFound, "the session is not in the inbox", Short(id), "add it with ctrl+n")
}
