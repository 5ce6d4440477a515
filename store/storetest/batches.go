package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/model"
	"docket/store"
)

func planned(batch, id string) audit.Entry {
	return audit.Entry{At: minute(1), By: "os:ana", Event: audit.Plan, Session: id, Action: "reject", Batch: batch, Detail: "digest of " + id}
}

// batches: a run has left what the log does not say to be ended.
func (s suite) batches(t *testing.T) {
	st, ctx := s.fresh(t, model.Row{ID: "a"}, model.Row{ID: "b"}, model.Row{ID: "c"}, model.Row{ID: "d"}), t.Context()
	left := func(batch string) []string {
		t.Helper()
		entries, err := st.BatchLeft(ctx, batch)
		require.NoError(t, err)
		var ids []string
		for _, e := range entries {
			require.Equal(t, planned(batch, e.Session), e)
			ids = append(ids, e.Session)
		}
		return ids
	}
	begin := func(batch string, n int, ids ...string) {
		t.Helper()
		var entries []audit.Entry
		for _, id := range ids {
			entries = append(entries, planned(batch, id))
		}
		a := model.Action{Kind: model.ActReject, IDs: ids, Reason: "not-live", Note: "a mask", Override: true}
		require.NoError(t, st.PlanBatch(ctx, model.Batch{ID: batch, By: "os:ana", At: minute(n), Action: a}, entries))
	}
	entry := func(event audit.Event, batch, id string) audit.Entry {
		return audit.Entry{At: minute(5), By: "os:ana", Event: event, Session: id, Batch: batch}
	}
	intend := func(batch, id string, n int) error {
		return st.Intend(ctx, reject(n), minute(n), []audit.Entry{entry(audit.Intent, batch, id)}, model.Row{ID: id})
	}
	all, err := st.Batches(ctx)
	require.NoError(t, err)
	require.Empty(t, all)

	require.NoError(t, st.Log(ctx, audit.Entry{At: minute(0), By: "os:bo", Event: audit.View}))
	begin("one", 1, "c", "a", "b")
	begin("two", 2, "a", "d")
	require.Equal(t, []string{"c", "a", "b"}, left("one"))
	require.NoError(t, intend("one", "a", 5))
	require.ErrorIs(t, intend("one", "a", 6), store.ErrActed, "it was sent")
	require.ErrorIs(t, intend("one", "d", 6), store.ErrActed, "it was never planned")
	require.Equal(t, []string{"c", "b"}, left("one"))
	require.Equal(t, []string{"a", "d"}, left("two"), "a run of its own")
	require.ErrorIs(t, intend("two", "a", 7), store.ErrPending)
	require.Equal(t, []string{"a", "d"}, left("two"), "what is refused is not logged")

	all, err = st.Batches(ctx)
	require.NoError(t, err)
	want := model.Batch{
		ID: "one", By: "os:ana", At: minute(1), Last: minute(5), Total: 3, Left: 2,
		Action: model.Action{Kind: model.ActReject, Reason: "not-live", Note: "a mask", Override: true},
	}
	require.Len(t, all, 2)
	require.Equal(t, want, all[0])

	require.NoError(t, st.Log(ctx, entry(audit.Refused, "one", "c"), entry(audit.Outcome, "one", "a"), entry(audit.Refused, "one", "gone")))
	require.Equal(t, []string{"b"}, left("one"))
	require.NoError(t, intend("one", "b", 8))
	require.NoError(t, st.Log(ctx, entry(audit.Stop, "two", "")))
	all, err = st.Batches(ctx)
	require.NoError(t, err)
	require.Empty(t, all, "one has come to its end, two was stopped")
	require.Empty(t, left("two"))
	require.Len(t, entries(t, st), 1+5+2+3+1, "the log stays")
}
