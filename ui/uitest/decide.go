package uitest

import (
	"context"
	"time"

	"docket/desk"
	"docket/model"
)

// Reasons implements common.Desk.
func (d *Desk) Reasons(kind model.ActionKind) []model.Reason {
	return desk.ReasonsFor(desk.DefaultReasons(), kind)
}

// Plan implements common.Desk.
func (d *Desk) Plan(a model.Action) desk.Plan {
	d.mu.Lock()
	defer d.mu.Unlock()
	plan := desk.Plan{Action: a, Info: a.Kind.Info()}
	s, ok := d.sessions[a.ID()]
	if !ok {
		return plan
	}
	plan.Who, plan.Verdict = s.Applicant.Name, s.Verdict
	if a.Kind == model.ActApprove {
		plan.Overrides = s.Failed()
	}
	plan.Second = d.rule(a)
	plan.NeedsForce = plan.Info.Decision && !s.Verdict.OpenToDecision()
	if d.policy.ReadOnly {
		plan.Refusal = model.NewProblem(model.KindGuard, "docket is read-only", Short(a.ID()), "start it without --read-only")
	}
	return plan
}

// Submit implements common.Desk: the action is held back for the policy's
// time, then it ends the way Ends says.
func (d *Desk) Submit(_ context.Context, a model.Action) (*desk.Submission, error) {
	if err := d.here(); err != nil {
		return nil, err
	}
	plan := d.Plan(a)
	if plan.Refusal != nil {
		return nil, plan.Refusal
	}
	if plan.NeedsForce && !a.Override {
		return nil, model.NewProblem(model.KindGuard, "the verdict is not open to a decision", Short(a.ID()), "override it in the form")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if plan.Second != nil {
		return d.submit(a, func() []model.Outcome { return d.propose(a, *plan.Second) }), nil
	}
	return d.submit(a, func() []model.Outcome { return d.finish(a) }), nil
}

// submit holds an action back, then it ends as it ends; the lock is held.
func (d *Desk) submit(a model.Action, end func() []model.Outcome) *desk.Submission {
	hold := d.policy.Hold
	ctx, cancel := context.WithCancel(context.Background())
	sub := desk.NewSubmission(a, d.now().Add(hold), cancel)
	go func() {
		defer cancel()
		t := time.NewTimer(hold)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
		}
		if !sub.Begin() {
			sub.End(d.outcomes(a, model.ResultNotSent))
			return
		}
		_ = d.wait(ctx) // a fake has nothing to lose when it is cut short
		sub.End(end())
	}()
	return sub
}

// finish sends: it records the action and changes the rows.
func (d *Desk) finish(a model.Action) []model.Outcome {
	d.mu.Lock()
	result := d.outcome
	d.sent = append(d.sent, a)
	for _, id := range a.IDs {
		i := d.find(id)
		if i < 0 {
			continue
		}
		r := &d.rows[i]
		r.UpdatedAt = d.now()
		if result == model.ResultUnknown {
			r.Pending = &model.Pending{Action: a.Kind, By: "os:ana", At: d.now(), Reason: a.Reason}
		}
		if result == model.ResultDone {
			decide(r, a.Kind)
		}
	}
	d.changed()
	d.mu.Unlock()
	return d.outcomes(a, result)
}

func decide(r *model.Row, kind model.ActionKind) {
	switch kind {
	case model.ActApprove:
		r.Verdict, r.Status = model.ManualOK, model.StatusManualReviewApproved
	case model.ActReject:
		r.Verdict, r.Status = model.ManualFail, model.StatusManualReviewRejected
	case model.ActReview:
		r.Verdict, r.Status = model.Manual, model.StatusFinished
	case model.ActExpire:
		r.Status = model.StatusExpired
	case model.ActClose:
		r.Life = model.Closed
	case model.ActReopen:
		r.Life = model.Alive
	}
}

func (d *Desk) outcomes(a model.Action, result model.Result) []model.Outcome {
	says := map[model.Result]string{
		model.ResultDone:     "the API confirmed it",
		model.ResultRefused:  "the API refused it (422): nothing changed",
		model.ResultNotSent:  "taken back: nothing was sent",
		model.ResultProposed: "Nothing was sent: a second person has to confirm it first.",
		model.ResultUnknown:  "no clear answer: it may or may not have happened",
	}[result]
	var all []model.Outcome
	for _, id := range a.IDs {
		all = append(all, model.Outcome{Action: a, ID: id, Result: result, Says: says, At: d.now()})
	}
	return all
}
