package incode

import (
	"context"

	"docket/model"
	"docket/omni"
)

// sent is what a write came back with.
type sent struct {
	http int
	err  error
	life model.Life

	enrolled *omni.Approval // what an enrolment brought; nil: nothing, or it was none
}

func done(a omni.Answer[omni.Done], err error) sent { return sent{http: a.Status, err: err} }

// acts says which call carries out each action. Each makes exactly one write.
var acts = map[model.ActionKind]func(context.Context, *Provider, model.Action) sent{
	model.ActApprove: func(ctx context.Context, p *Provider, a model.Action) sent {
		return done(p.client.SetManualReview(ctx, a.ID(), omni.ReviewApproved, ""))
	},
	model.ActReject: func(ctx context.Context, p *Provider, a model.Action) sent {
		return done(p.client.SetManualReview(ctx, a.ID(), omni.ReviewRejected, ""))
	},
	model.ActReview: func(ctx context.Context, p *Provider, a model.Action) sent {
		return done(p.client.SetManualReview(ctx, a.ID(), omni.ReviewRequired, a.Message))
	},
	model.ActAntifraud: func(ctx context.Context, p *Provider, a model.Action) sent {
		return done(p.client.ResolveAntifraud(ctx, a.ID(), a.Message))
	},
	model.ActEnroll: func(ctx context.Context, p *Provider, a model.Action) sent {
		answer, err := p.client.Approve(ctx, a.ID(), a.Components...)
		if err != nil {
			return sent{http: answer.Status, err: err}
		}
		return sent{http: answer.Status, enrolled: &answer.Value}
	},
	model.ActExpire: func(ctx context.Context, p *Provider, a model.Action) sent {
		conditions := make([]omni.ExpireCondition, len(a.Conditions))
		for i, name := range a.Conditions {
			conditions[i] = omni.ExpireCondition(name)
		}
		return done(p.client.Expire(ctx, a.IDs, conditions...))
	},
	model.ActClose: func(ctx context.Context, p *Provider, a model.Action) sent {
		return setLife(ctx, p.client, a.ID(), omni.SessionClosed)
	},
	model.ActReopen: func(ctx context.Context, p *Provider, a model.Action) sent {
		return setLife(ctx, p.client, a.ID(), omni.SessionAlive)
	},
	model.ActSMS: func(ctx context.Context, p *Provider, a model.Action) sent {
		return done(p.client.SendSMS(ctx, a.ID(), p.clientID, a.Message))
	},
	model.ActFlag: func(ctx context.Context, p *Provider, a model.Action) sent {
		return done(p.client.UpdateSession(ctx, a.ID(), flagged(a.Flags)))
	},
	model.ActDelete: func(ctx context.Context, p *Provider, a model.Action) sent {
		return done(p.client.DeleteSession(ctx, a.ID(), a.KeepIdentity, a.Notify))
	},
}

// flagged puts flags into the words of the API; one that is not named is not sent.
func flagged(flags []string) omni.Update {
	var u omni.Update
	yes, no := true, false
	for _, f := range flags {
		switch f {
		case model.FlagIDCheck:
			u.ManualIDCheckNeeded = &yes
		case model.FlagNoIDCheck:
			u.ManualIDCheckNeeded = &no
		case model.FlagSelfieCheck:
			u.ManualSelfieCheckNeeded = &yes
		case model.FlagNoSelfieCheck:
			u.ManualSelfieCheckNeeded = &no
		}
	}
	return u
}

func setLife(ctx context.Context, c *omni.Client, id string, to omni.SessionAction) sent {
	answer, err := c.SetSessionStatus(ctx, id, to)
	s := sent{http: answer.Status, err: err}
	if err == nil {
		b := &border{part: model.PartLife}
		s.life = model.Life(b.line("sessionStatus", answer.Value.Status.Value))
	}
	return s
}

// Act carries out an action with exactly one write, and never repeats it.
func (p *Provider) Act(ctx context.Context, a model.Action) model.Outcome {
	out := model.Outcome{Action: a, ID: a.ID(), At: p.now()}
	act, ok := acts[a.Kind]
	if !ok || a.ID() == "" {
		out.Result = model.ResultNotSent
		out.Problem = model.NewProblem(model.KindUsage, "There is no such action, or no session to act on", string(a.Kind), "see the help")
		return out
	}
	if a.Kind == model.ActDelete {
		defer p.book.drop(a.ID())
	}
	s := act(withPriority(ctx), p, a)
	if s.enrolled != nil && p.enrolled != nil {
		p.enrolled(a.ID(), *s.enrolled)
	}
	out.HTTP, out.Life = s.http, s.life
	if s.err == nil {
		out.Result, out.Says = model.ResultDone, a.Kind.Info().Title+": the API confirmed it."
		return out
	}
	out.Result, out.Problem = concluded(s.err, a)
	out.HTTP, out.Code, out.Says = out.Problem.HTTP, out.Problem.Code, out.Problem.Message+"."
	return out
}

// concluded says how a write ended that brought an error: refused, not sent, or
// nobody knows. Only the last may have changed something.
func concluded(err error, a model.Action) (model.Result, *model.Problem) {
	subject := subjectOf("", a.ID())
	if a.Kind == model.ActSMS {
		err = unquoted(err) // it may name the phone number, or hold the link
	}
	p := Problem(err, "", subject)
	e, ok := omni.AsError(err)
	if !ok {
		return model.ResultNotSent, p
	}
	switch {
	case e.OutcomeUnknown():
		p.Message = a.Kind.Info().Title + " was sent, and it is not known whether it took effect: " + lowerFirst(p.Message)
		p.Kind, p.Do = model.KindOutcome, "read the session before anything else; never send it again unread"
		return model.ResultUnknown, p
	case !e.Sent:
		p.Message = "Nothing was sent: " + lowerFirst(p.Message)
		return model.ResultNotSent, p
	default:
		return model.ResultRefused, p
	}
}

// lowerFirst lets a sentence go on after a colon.
func lowerFirst(s string) string {
	for _, name := range []string{"Incode", "API"} {
		if len(s) >= len(name) && s[:len(name)] == name {
			return s
		}
	}
	if s == "" || s[0] < 'A' || s[0] > 'Z' {
		return s
	}
	return string(s[0]+'a'-'A') + s[1:]
}
