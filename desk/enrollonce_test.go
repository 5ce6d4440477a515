package desk_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/model"
)

func TestAnEnrolmentThatComesSeveralTimesIsSentOnce(t *testing.T) {
	b := newBench(t)
	other := desk.New(desk.Config{Store: b.store, Provider: b.provider, Token: desk.Token{Present: true}}).
		As(model.Actor{Identity: "gateway", Role: model.RoleOwner})
	var wg sync.WaitGroup
	var first atomic.Int32
	for i := range 8 {
		seat := []*desk.Seat{b.Seat, other}[i%2]
		wg.Go(func() {
			_, again, err := seat.EnrollOnce(t.Context(), id1, "")
			if err == nil && !again {
				first.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, first.Load())
	require.Equal(t, 1, b.provider.writes())
	require.Equal(t, model.ActEnroll, b.provider.acts[0].Kind)
}

func TestAnEnrolmentThatChangedNothingCanBeTriedAgain(t *testing.T) {
	b := newBench(t)
	result := model.ResultRefused
	b.provider.onAct = func(model.Action) model.Outcome { return model.Outcome{Result: result} }
	for _, r := range []model.Result{model.ResultRefused, model.ResultNotSent, model.ResultUnknown} {
		result = r
		o, again, err := b.EnrollOnce(t.Context(), id1, "")
		require.NoError(t, err)
		require.False(t, again, r)
		require.Equal(t, r, o.Result)
	}
	o, again, err := b.EnrollOnce(t.Context(), id1, "")
	require.NoError(t, err)
	require.True(t, again, "what may have taken effect is not sent again")
	require.Equal(t, model.ResultUnknown, o.Result)
	require.Equal(t, 3, b.provider.writes())
}

func TestARepeatIsToldHowItEnded(t *testing.T) {
	b := newBench(t)
	for range 3 {
		o, _, err := b.EnrollOnce(t.Context(), id1, "")
		require.NoError(t, err)
		require.Equal(t, model.ResultDone, o.Result)
	}
	require.Equal(t, 1, b.provider.writes())

	b = newBench(t, func(c *desk.Config) {
		c.Second = []model.SecondRule{{Name: "enrolments", Actions: []model.ActionKind{model.ActEnroll}}}
	})
	for range 3 {
		o, _, err := b.EnrollOnce(t.Context(), id1, "")
		require.NoError(t, err)
		require.Equal(t, model.ResultProposed, o.Result)
	}
	require.Zero(t, b.provider.writes())
}

func TestWhatAPersonEnrolledIsNotEnrolledAgain(t *testing.T) {
	b := newBench(t)
	_, err := b.Do(t.Context(), model.Action{Kind: model.ActEnroll, IDs: []string{id1}})
	require.NoError(t, err)
	o, again, err := b.EnrollOnce(t.Context(), id1, "")
	require.NoError(t, err)
	require.True(t, again)
	require.Equal(t, model.ResultDone, o.Result)
	require.Equal(t, 1, b.provider.writes())
}
