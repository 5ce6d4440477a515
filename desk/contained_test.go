package desk_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/model"
)

// breaking is a provider that breaks over what somebody wrote.
type breaking struct {
	desk.Provider
	late bool // only when the part is put on the session
}

func (b breaking) Fetch(ctx context.Context, id string, part model.Part, so *model.Session) (func(*model.Session), *model.Problem) {
	if part != model.PartOCR {
		return b.Provider.Fetch(ctx, id, part, so)
	}
	if !b.late {
		panic("SOFÍA LÓPEZ GARCÍA")
	}
	return func(*model.Session) { panic("SOFÍA LÓPEZ GARCÍA") }, nil
}

func (breaking) FetchMore(context.Context, string) (func(*model.Session), *model.Problem) {
	panic("SOFÍA LÓPEZ GARCÍA")
}

func (breaking) Picture(context.Context, string, model.PictureRef) (model.Picture, *model.Problem) {
	var none []int
	return model.Picture{Width: none[len(none)]}, nil
}

// TestWhatBreaksOverAnAnswerIsOnePartOfOneSession: it is read in goroutines that are
// nobody's, and the process is everybody's.
func TestWhatBreaksOverAnAnswerIsOnePartOfOneSession(t *testing.T) {
	for _, late := range []bool{false, true} {
		b := newBench(t, func(c *desk.Config) { c.Provider = breaking{c.Provider, late} })
		var so *model.Session
		for so = range b.Open(t.Context(), id1) {
		}
		for _, part := range []model.Part{model.PartOCR, model.PartEvents} {
			p := so.Parts[part].Problem
			require.NotNil(t, p, part)
			require.Contains(t, p.Error(), "contained_test.go:", "where")
			require.NotContains(t, p.Error(), "SOF")
		}
		require.Equal(t, model.Manual, so.Verdict, "the rest is there")
		_, err := b.Picture(t.Context(), id1, selfie)
		require.ErrorContains(t, err, "contained_test.go:")
	}
}

// fragile is a provider that breaks over everything else.
type fragile struct{ desk.Provider }

func (fragile) Act(context.Context, model.Action) model.Outcome { panic("SOFÍA LÓPEZ GARCÍA") }
func (fragile) Follow(*model.Session) []model.Part              { panic("SOFÍA LÓPEZ GARCÍA") }
func (fragile) Row(*model.Session) model.Row                    { panic("SOFÍA LÓPEZ GARCÍA") }
func (fragile) Veiled(_ model.Part, _ []byte, _, _ bool) []byte { panic("SOFÍA LÓPEZ GARCÍA") }
func (fragile) Link(context.Context, *model.Session) (l model.Link, _ *model.Problem) {
	panic("SOFÍA LÓPEZ GARCÍA")
}

// TestAWriteThatBreaksHasAnOutcomeThatNobodyKnows: it may have been sent.
func TestAWriteThatBreaksHasAnOutcomeThatNobodyKnows(t *testing.T) {
	b := newBench(t, func(c *desk.Config) { c.Provider = fragile{c.Provider} })
	require.NoError(t, b.store.Upsert(t.Context(), model.Row{ID: id1}))
	so := b.Load(t.Context(), id1)
	require.Equal(t, model.Manual, so.Verdict, "the session is there")
	out, err := b.Do(t.Context(), approve(id1))
	require.NoError(t, err)
	require.Equal(t, model.ResultUnknown, out[0].Result)
	require.Equal(t, model.KindOutcome, out[0].Problem.Kind)
	require.Contains(t, out[0].Problem.Error(), "contained_test.go:")
	require.NotContains(t, out[0].Problem.Error(), "SOF")
	require.NotNil(t, pendingOf(t, b, id1))

	// What arrives and cannot be kept is not taken for a session in which nothing happens.
	var put desk.Arrival
	require.NoError(t, b.Arrive(t.Context(), id2, func(a desk.Arrival) error { put = a; return nil }))
	require.Len(t, put.Problems, 1)
	require.Equal(t, model.KindFailed, put.Problems[0].Kind)
	require.Zero(t, put.Row.ReadAt)
}
