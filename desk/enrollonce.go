package desk

import (
	"context"

	"docket/audit"
	"docket/model"
)

// What the inbox remembers of enrolments that docket made by itself, by interview id.
const (
	enrolment      = "enrolment "
	enrolmentBegun = "begun"
	enrolmentOpen  = "open" // one was begun and changed nothing
)

// EnrollOnce creates the identity of a session, unless it was begun by this function
// before, here or in another process on the same inbox: again is true then, and nothing
// is sent. It is for what docket does by itself on news that may come several times. One
// that was refused or not sent can be tried again, one whose outcome is not known cannot.
func (s *Seat) EnrollOnce(ctx context.Context, id, expect string) (o model.Outcome, again bool, err error) {
	again = true
	err = s.d.cfg.Store.Recall(ctx, enrolment+id, enrolmentBegun, func(string) []audit.Entry {
		again = false
		return nil // the intent is logged when there is one
	})
	if err != nil || again {
		return model.Outcome{}, again, stored(err, "The inbox could not be written, so nothing was sent")
	}
	outcomes, err := s.Do(ctx, model.Action{Kind: model.ActEnroll, IDs: []string{id}, Expect: expect})
	if err == nil {
		o = outcomes[0]
	}
	if err != nil || o.Result == model.ResultRefused || o.Result == model.ResultNotSent {
		// Else the next try is taken for a repeat: too few are better than two.
		_ = s.d.cfg.Store.Recall(context.WithoutCancel(ctx), enrolment+id, enrolmentOpen, func(string) []audit.Entry { return nil })
	}
	return o, false, err
}
