package desk

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"docket/model"
)

// contained is a provider that fails where it would break: what the API or an applicant
// sent may be such that reading it breaks, and that is done in goroutines of nobody's
// console. Without this everybody's would end.
type contained struct{ Provider }

// Fetch implements Provider.
func (c contained) Fetch(ctx context.Context, id string, part model.Part, so *model.Session) (put func(*model.Session), problem *model.Problem) {
	defer func() {
		if recover() != nil { // what broke it may be anybody's data
			problem = broken(string(part) + " of session " + shortID(id))
			put = unread(part, problem)
		}
	}()
	put, problem = c.Provider.Fetch(ctx, id, part, so)
	return whole(put, part, id), problem
}

// FetchMore implements Provider.
func (c contained) FetchMore(ctx context.Context, id string) (put func(*model.Session), problem *model.Problem) {
	defer func() {
		if recover() != nil {
			problem = broken(string(model.PartEvents) + " of session " + shortID(id))
			put = unread(model.PartEvents, problem)
		}
	}()
	put, problem = c.Provider.FetchMore(ctx, id)
	return whole(put, model.PartEvents, id), problem
}

// Act implements Provider. When it breaks nobody knows whether it was sent.
func (c contained) Act(ctx context.Context, a model.Action) (o model.Outcome) {
	defer func() {
		if recover() != nil {
			problem := broken(shortID(a.ID()))
			problem.Kind, problem.Do = model.KindOutcome, "read the session before anything else, and report the place"
			o = model.Outcome{Result: model.ResultUnknown, Problem: problem}
		}
	}()
	return c.Provider.Act(ctx, a)
}

// Follow implements Provider.
func (c contained) Follow(so *model.Session) (parts []model.Part) {
	defer func() {
		if recover() != nil {
			parts = nil // the score, over which it broke, is shown all the same
		}
	}()
	return c.Provider.Follow(so)
}

// Row implements Provider. A row with no more than an id says that what the session rests
// on could not be read, and changes nothing else in the inbox.
func (c contained) Row(so *model.Session) (row model.Row) {
	defer func() {
		if recover() != nil {
			row = model.Row{ID: so.ID, Provider: c.Name(), Problems: []model.Failed{{Part: model.PartScore, Kind: model.KindFailed}}}
		}
	}()
	return c.Provider.Row(so)
}

// Link implements Provider.
func (c contained) Link(ctx context.Context, so *model.Session) (link model.Link, problem *model.Problem) {
	defer func() {
		if recover() != nil {
			link, problem = model.Link{}, broken("the link of session "+shortID(so.ID))
		}
	}()
	return c.Provider.Link(ctx, so)
}

// Veiled implements Provider: of what cannot be veiled nothing is shown.
func (c contained) Veiled(part model.Part, body []byte, plain, risk bool) (veiled []byte) {
	defer func() {
		if recover() != nil {
			veiled = nil
		}
	}()
	return c.Provider.Veiled(part, body, plain, risk)
}

// whole returns what puts a part on a session, or else its problem.
func whole(put func(*model.Session), part model.Part, id string) func(*model.Session) {
	return func(so *model.Session) {
		defer func() {
			if recover() != nil {
				unread(part, broken(string(part)+" of session "+shortID(id)))(so)
			}
		}()
		put(so)
	}
}

// unread puts a problem on a session in place of a part.
func unread(part model.Part, problem *model.Problem) func(*model.Session) {
	return func(so *model.Session) {
		st := so.Parts[part]
		st.Problem = problem
		so.Parts[part] = st
	}
}

// broken is the problem of what broke docket. It is called while that is recovered, says
// where, and not with what.
func broken(subject string) *model.Problem {
	return model.NewProblem(model.KindFailed, "Docket broke over what the API sent, at "+where(), subject,
		"decide on this session elsewhere, and report the place")
}

// where returns the place that panicked.
func where() string {
	const deepest, own = 64, 3 // runtime.Callers, this function and broken
	callers := make([]uintptr, deepest)
	frames := runtime.CallersFrames(callers[:runtime.Callers(own, callers)])
	panicked := false
	for {
		f, more := frames.Next()
		switch {
		case strings.HasPrefix(f.Function, "runtime."):
			panicked = true
		case panicked:
			return fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}

// unbroken fetches a picture, which may be decoded on the way.
func unbroken(ctx context.Context, key pictureKey, fetch func(context.Context) (model.Picture, *model.Problem)) (picture model.Picture, problem *model.Problem) {
	defer func() {
		if recover() != nil {
			problem = broken(pictureProblem(model.KindFailed, "", key, "").Subject)
			problem.Part = model.PartImages
		}
	}()
	return fetch(ctx)
}
