package desk

import (
	"context"

	"docket/audit"
	"docket/model"
)

// What the inbox remembers of enrolments, by interview id.
const (
	enrolment      = "enrolment "
	enrolmentBegun = "begun" // by EnrollOnce, and not known to have ended
	enrolmentDone  = "done"  // by whomever
	enrolmentOpen  = "open"  // one was begun and changed nothing
)

// EnrollOnce creates the identity of a session, unless it was begun by this function
// before, or created by any desk, here or in another process on the same inbox: again is
// true then, nothing is sent, and the result is how that ended: done, proposed, or unknown. It is for what
// docket does by itself on news that may come several times. One that was refused or not
// sent can be tried again. Expect is the digest of what it rests on, as in model.Action;
// empty: no drift guard.
func (s *Seat) EnrollOnce(ctx context.Context, id, expect string) (o model.Outcome, again bool, err error) {
	was := enrolmentBegun // unless the inbox knows better
	err = s.enrolment(ctx, id, enrolmentBegun, &was)
	switch {
	case err != nil:
		return o, false, stored(err, "The inbox could not be written, so nothing was sent")
	case was == enrolmentDone:
		// Who asks in between takes it for one that has not ended.
		return s.before(id, model.ResultDone), true, stored(s.enrolment(context.WithoutCancel(ctx), id, was, nil), "The inbox could not be written")
	case was == enrolmentBegun:
		row, err := s.d.cfg.Store.Get(ctx, id)
		if err == nil && row.Proposal != nil {
			return s.before(id, model.ResultProposed), true, nil
		}
		return s.before(id, model.ResultUnknown), true, nil
	}
	outcomes, err := s.Do(ctx, model.Action{Kind: model.ActEnroll, IDs: []string{id}, Expect: expect})
	if err == nil {
		o = outcomes[0]
	}
	if err != nil || o.Result == model.ResultRefused || o.Result == model.ResultNotSent {
		// When this fails the next try is taken for one whose end is not known: too few
		// are better than two.
		_ = s.enrolment(context.WithoutCancel(ctx), id, enrolmentOpen, nil)
	}
	return o, false, err
}

// enrolment remembers how far an enrolment is, and puts into was what was known of it,
// if that is another.
func (s *Seat) enrolment(ctx context.Context, id, now string, was *string) error {
	return s.d.cfg.Store.Recall(ctx, enrolment+id, now, func(before string) []audit.Entry {
		if was != nil {
			*was = before
		}
		return nil // the action has entries of its own
	})
}

// before is how an enrolment ended that was begun before.
func (s *Seat) before(id string, r model.Result) model.Outcome {
	o := model.Outcome{Action: model.Action{Kind: model.ActEnroll, IDs: []string{id}}, ID: id, Result: r, At: s.d.cfg.Now().UTC()}
	if r == model.ResultUnknown {
		o.Problem = model.NewProblem(model.KindOutcome, "An enrolment was begun before, and it is not known how it ended; nothing more was sent",
			shortID(id), "look at the session; `docket enroll` creates the identity if there is none")
	}
	return o
}
