package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/store"
)

func reject(n int) model.Pending {
	return model.Pending{Action: model.ActReject, By: "os:ana", At: minute(n), Reason: "not-live"}
}

func (s suite) pending(t *testing.T) {
	st, ctx := s.fresh(t, model.Row{ID: "a", Verdict: model.Manual}, model.Row{ID: "b"}), t.Context()
	p := reject(3)
	require.NoError(t, st.Intend(ctx, p, minute(0), nil, model.Row{ID: "a"}))
	require.NoError(t, st.Upsert(ctx, model.Row{ID: "a", Status: model.StatusFinished}))
	rows := list(t, st, model.Query{View: model.ViewUnknown}).Rows
	require.Equal(t, []string{"a"}, ids(rows))
	require.Equal(t, &p, rows[0].Pending)

	require.ErrorIs(t, st.Intend(ctx, reject(4), minute(9), nil, model.Row{ID: "b"}, model.Row{ID: "a"}), store.ErrPending)
	r, err := st.Get(ctx, "b")
	require.NoError(t, err)
	require.Nil(t, r.Pending, "for all rows or for none")

	require.NoError(t, st.Conclude(ctx, "a", reject(4), minute(5)), "it is another action that has ended")
	require.Len(t, list(t, st, model.Query{View: model.ViewUnknown}).Rows, 1)
	require.NoError(t, st.Conclude(ctx, "a", p, minute(5)))
	require.Empty(t, list(t, st, model.Query{View: model.ViewUnknown}).Rows)
	counts, err := st.Counts(ctx, "", minute(0))
	require.NoError(t, err)
	require.Zero(t, counts[model.ViewUnknown])
	require.EqualValues(t, 1, counts[model.ViewReview])

	r, err = st.Get(ctx, "a")
	require.NoError(t, err)
	require.Nil(t, r.Decided, "that it ended does not say that it took effect")

	require.ErrorIs(t, st.Intend(ctx, reject(6), minute(4), nil, model.Row{ID: "a"}), store.ErrActed, "what was known at 4 is old")
	p = reject(6)
	require.NoError(t, st.Intend(ctx, p, minute(5), nil, model.Row{ID: "a"}))
	p.Took = true
	require.NoError(t, st.Conclude(ctx, "a", p, minute(7)))
	require.NoError(t, st.Upsert(ctx, model.Row{ID: "a", Status: model.StatusManualReviewRejected}))
	r, err = st.Get(ctx, "a")
	require.NoError(t, err)
	require.Equal(t, &model.Decided{Action: model.ActReject, By: "os:ana", At: minute(7), Reason: "not-live"}, r.Decided)
	p = model.Pending{Action: model.ActReview, By: "os:bo", At: minute(8), Took: true}
	require.NoError(t, st.Intend(ctx, p, minute(8), nil, model.Row{ID: "a"}))
	require.NoError(t, st.Conclude(ctx, "a", p, minute(9)))
	r, err = st.Get(ctx, "a")
	require.NoError(t, err)
	require.Nil(t, r.Decided, "it was taken back")

	p = reject(10)
	require.NoError(t, st.Intend(ctx, p, minute(10), nil, model.Row{ID: "a"}))
	p.Unsent = true
	require.NoError(t, st.Conclude(ctx, "a", p, minute(12)))
	r, err = st.Get(ctx, "a")
	require.NoError(t, err)
	require.Nil(t, r.Pending)
	require.Equal(t, minute(9), r.ActedAt, "nothing was done at 12")
	require.NoError(t, st.Intend(ctx, reject(11), minute(11), nil, model.Row{ID: "a"}), "what was known at 11 holds")
}

// guests are rows that an action has put in the inbox, and nobody else.
func (s suite) guests(t *testing.T) {
	st, ctx := s.fresh(t, model.Row{ID: "a"}), t.Context()
	guest := model.Row{ID: "5f9a41c2", Name: name("Lucía Ortega"), Verdict: model.Manual}
	intend := func(n int) model.Pending {
		t.Helper()
		require.NoError(t, st.Intend(ctx, reject(n), minute(n), nil, guest))
		require.Equal(t, []string{guest.ID}, ids(list(t, st, model.Query{View: model.ViewUnknown, Search: "ortega"}).Rows))
		return reject(n)
	}
	there := func() bool {
		t.Helper()
		has, err := st.Has(ctx, guest.ID)
		require.NoError(t, err)
		return has[guest.ID]
	}
	require.NoError(t, st.Conclude(ctx, guest.ID, intend(1), minute(1)))
	require.False(t, there(), "its outcome is known, and nobody has added it")
	require.Empty(t, list(t, st, model.Query{Search: "ortega"}).Rows)
	counts, err := st.Counts(ctx, "", minute(0))
	require.NoError(t, err)
	require.EqualValues(t, 1, counts[model.ViewAll])
	require.Zero(t, counts[model.ViewReview]+counts[model.ViewUnknown])

	p := reject(4)
	require.NoError(t, st.Intend(ctx, p, minute(4), nil, model.Row{ID: "unsent"}))
	p.Unsent = true
	require.NoError(t, st.Conclude(ctx, "unsent", p, minute(4)))
	p = model.Pending{Action: model.ActReject, By: "os:bo", At: minute(4)}
	require.NoError(t, st.Intend(ctx, p, minute(3), nil, model.Row{ID: "unsent"}), "nothing was done since 3")
	require.NoError(t, st.Conclude(ctx, "unsent", p, minute(2)))

	p = intend(2)
	require.NoError(t, st.Upsert(ctx, model.Row{ID: guest.ID, AddedAt: minute(2)}))
	require.NoError(t, st.Conclude(ctx, guest.ID, p, minute(2)))
	require.True(t, there(), "somebody has added it meanwhile")

	guest.ID = "noted"
	p = intend(3)
	require.NoError(t, st.AddNote(ctx, guest.ID, model.Note{Text: "Reject, not-live"}))
	require.NoError(t, st.Conclude(ctx, guest.ID, p, minute(3)))
	require.True(t, there(), "the note needs its row")
}

// race lets many intend the same at once: one may go on.
func (s suite) race(t *testing.T) {
	st := s.fresh(t, model.Row{ID: "a"})
	var won atomic.Int64
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for range 5 {
				p := model.Pending{Action: model.ActApprove, By: fmt.Sprint("os:", n), At: minute(n)}
				if err := st.Intend(t.Context(), p, minute(0), nil, model.Row{ID: "a"}, model.Row{ID: "guest"}); err == nil {
					won.Add(1)
				}
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, won.Load())
}

func (s suite) bind(t *testing.T) {
	st, ctx := s.fresh(t), t.Context()
	require.NoError(t, st.Bind(ctx, "https://demo.example.test"))
	require.NoError(t, st.Bind(ctx, "https://api.example.test"), "an empty inbox belongs to nobody")
	require.NoError(t, st.Upsert(ctx, model.Row{ID: "a"}))
	require.NoError(t, st.Bind(ctx, "https://api.example.test"))
	p := model.AsProblem(st.Bind(ctx, "https://demo.example.test"))
	require.NotNil(t, p)
	require.Equal(t, model.KindUsage, p.Kind)
	require.Contains(t, p.Message, "https://api.example.test")
	require.Contains(t, p.Message, "https://demo.example.test")
	require.NotEmpty(t, p.Do)
	require.Error(t, st.Bind(ctx, "http://127.0.0.1:8081"), "nor is a simulator the same")
	require.NoError(t, st.Bind(ctx, "https://api.example.test"), "a refusal changes nothing")

	local := s.fresh(t, model.Row{ID: "a"})
	for _, origin := range []string{"http://127.0.0.1:8081", "http://localhost:1", "http://[::1]:9"} {
		require.NoError(t, local.Bind(ctx, origin), "simulators come and go on any port")
	}
	require.Error(t, local.Bind(ctx, "https://api.example.test"))
}
