package intake

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"docket/desk"
	"docket/model"
	"docket/provider"
	"docket/store"
)

// enroll creates the identity of a session that passed, as a rule says: once, whether a
// rule or /approve began it, with an intent and an outcome in the audit log, and not at
// all when anything has happened to it since.
func (w *Worker) enroll(ctx context.Context, j store.Job) ended {
	rule, ok := w.rule(j)
	if !ok {
		return w.drop(ctx, j, "the rule is not there any more")
	}
	seat := w.cfg.Desk.As(model.Actor{Identity: rulePrefix + rule.Name, Role: model.RoleOwner})
	if how, over := w.barred(ctx, j, rule); over {
		return how
	}
	patient, cancel := context.WithTimeout(provider.WithPriority(ctx, provider.Refresh), time.Minute)
	defer cancel()
	digest, problems := seat.Reread(patient, j.Key)
	f, why := fateOf(problems, asked)
	switch {
	case ctx.Err() != nil:
		return left
	case patient.Err() != nil:
		return w.failed(ctx, j, late(j.Key), model.Row{})
	case f == fateMissing:
		return w.drop(ctx, j, "the API does not know the session")
	case f != fateRead:
		return w.troubled(ctx, j, f, why, model.Row{})
	}
	w.opened(j.Key)
	if how, over := w.barred(ctx, j, rule); over {
		return how
	}
	o, again, err := seat.EnrollOnce(provider.WithPriority(ctx, provider.Refresh), j.Key, digest)
	if again {
		return w.drop(ctx, j, "an enrolment of it was begun before: "+string(o.Result))
	}
	return w.enrolled(ctx, j, o, err)
}

// rule returns the rule that a job of enrolling is of, and false if it does not say so
// any more.
func (w *Worker) rule(j store.Job) (model.InboxRule, bool) {
	var o order
	if err := json.Unmarshal(j.Body, &o); err != nil {
		return model.InboxRule{}, false
	}
	i := slices.IndexFunc(w.cfg.Rules, func(r model.InboxRule) bool { return r.Name == o.Rule && r.Enroll })
	if i < 0 {
		return model.InboxRule{}, false
	}
	return w.cfg.Rules[i], true
}

// barred ends a job of enrolling that must not be done as the session is known.
func (w *Worker) barred(ctx context.Context, j store.Job, rule model.InboxRule) (how ended, over bool) {
	row, err := w.cfg.Inbox.Get(ctx, j.Key)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return w.drop(ctx, j, "the session is not in the inbox any more"), true
	case err != nil:
		return w.unkept(ctx, j, err), true
	}
	for _, bar := range []struct {
		is  bool
		why string
	}{
		{row.Life == model.Deleted, "the session was deleted"},
		{row.Pending != nil, "an action on it is not settled"},
		{!row.ActedAt.IsZero(), "something was done with it already"},
		{row.Proposal != nil, "a decision on it waits for a second person"},
		{row.Existing, "the face is enrolled already"},
		{row.Verdict != model.OK || !rule.Holds(&row), "it is not what the rule is about any more"},
	} {
		if bar.is {
			return w.drop(ctx, j, bar.why), true
		}
	}
	return "", false
}

// drop ends a job that is not to be done.
func (w *Worker) drop(ctx context.Context, j store.Job, why string) ended {
	w.log.Warn("a job was dropped", "kind", string(j.Kind), "key", j.Key, "reason", why)
	return w.wrote(j, dropped, w.cfg.Inbox.Settle(ctx, j, model.Row{}, nil))
}

// passing are the kinds of problems with which nothing was sent and that pass. What has
// changed meanwhile is looked at once more: it may not be what the rule is about any more.
var passing = map[model.Kind]bool{
	model.KindUnreachable: true, model.KindTimeout: true, model.KindServer: true, model.KindRate: true, model.KindFailed: true,
	model.KindShape: true, model.KindTooLarge: true, model.KindDrift: true,
}

// enrolled ends a job of enrolling by how the action ended. What was sent is never sent
// again.
func (w *Worker) enrolled(ctx context.Context, j store.Job, o model.Outcome, err error) ended {
	result, p := model.ResultNotSent, model.AsProblem(err)
	if err == nil {
		result, p = o.Result, o.Problem
	}
	switch {
	case result != model.ResultNotSent:
		w.log.Info("a rule enrolled", "session", j.Key, "result", string(result))
		return w.wrote(j, done, w.cfg.Inbox.Settle(ctx, j, model.Row{}, nil))
	case ctx.Err() != nil || p.Kind == model.KindUndone:
		return left
	case p.Kind == model.KindAuth:
		return w.troubled(ctx, j, fateRefused, p, model.Row{})
	case passing[p.Kind] || errors.Is(p, desk.ErrLate):
		return w.failed(ctx, j, p, model.Row{})
	}
	return w.drop(ctx, j, "docket refused it: "+string(p.Kind))
}
