package cli

import (
	"context"

	"docket/desk"
	"docket/model"
)

// watchful is a provider that tells when the API refuses the executive token, whoever
// asked for what.
type watchful struct {
	desk.Provider
	refused func()
}

// Fetch implements desk.Provider.
func (p watchful) Fetch(ctx context.Context, id string, part model.Part, so *model.Session) (func(*model.Session), *model.Problem) {
	put, problem := p.Provider.Fetch(ctx, id, part, so)
	p.look(problem)
	return put, problem
}

// Act implements desk.Provider.
func (p watchful) Act(ctx context.Context, a model.Action) model.Outcome {
	o := p.Provider.Act(ctx, a)
	p.look(o.Problem)
	return o
}

func (p watchful) look(problem *model.Problem) {
	if problem != nil && problem.Kind == model.KindAuth {
		p.refused()
	}
}
