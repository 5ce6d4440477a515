package desk_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/model"
	"docket/provider"
)

func TestWhatArrivesIsReadKeptAndSettles(t *testing.T) {
	b := newBench(t)
	ctx := provider.WithPriority(t.Context(), provider.Refresh)
	intent := model.Pending{Action: model.ActApprove, By: "os:ana", At: b.clock.now().Add(-time.Minute), Ref: "R1"}
	require.NoError(t, b.store.Upsert(ctx, model.Row{ID: "s1"}))
	require.NoError(t, b.store.Intend(ctx, intent, intent.At, nil, model.Row{ID: "s1"}))
	b.provider.set(func(p *faultyProvider) { p.status, p.verdict = model.StatusManualReviewApproved, model.ManualOK })

	var put desk.Arrival
	keep := func(a desk.Arrival) error {
		put = a
		return b.store.Upsert(ctx, a.Row)
	}
	require.NoError(t, b.Arrive(ctx, "s1", keep))
	require.Equal(t, model.ManualOK, put.Row.Verdict)
	require.Equal(t, "Ana Prueba", put.Row.Name.Reveal())
	require.Equal(t, b.clock.now().UTC(), put.Row.ReadAt)
	require.Equal(t, provider.Refresh, b.provider.prio[model.PartScore], "people go first")
	require.Zero(t, b.provider.times("s1", model.PartEvents), "it does not wait for a person")
	row, err := b.store.Get(ctx, "s1")
	require.NoError(t, err)
	require.Nil(t, row.Pending, "the reading proves that it took effect")
	require.Equal(t, model.ActApprove, row.Decided.Action)
	require.Nil(t, b.Peek("s1"), "it pushes nothing out of memory")

	b.provider.set(func(p *faultyProvider) {
		p.verdict = model.Manual
		p.fail[model.PartScore] = model.NewProblem(model.KindServer, "The API failed", "score", "try again")
	})
	require.NoError(t, b.Arrive(ctx, "s2", keep))
	require.Len(t, put.Problems, 1)
	require.Zero(t, put.Row.ReadAt)

	b.provider.set(func(p *faultyProvider) { delete(p.fail, model.PartScore) })
	require.NoError(t, b.Arrive(ctx, "s3", keep))
	require.Equal(t, 1, b.provider.times("s3", model.PartEvents), "since when it waits")

	broken := errors.New("no room")
	require.ErrorIs(t, b.Arrive(ctx, "s4", func(desk.Arrival) error { return broken }), broken)
	ended, end := context.WithCancel(ctx)
	end()
	require.ErrorIs(t, b.Arrive(ended, "s5", func(desk.Arrival) error { panic("nothing to keep") }), context.Canceled)
}
