package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/store"
)

// place puts a row in the inbox as a webhook does.
func place(t *testing.T, q store.Inbox, r model.Row) model.Row {
	t.Helper()
	require.NoError(t, q.Accept(t.Context(), hook(1)))
	_, err := q.Place(t.Context(), 1, func([]store.Delivery) store.Placed { return store.Placed{Rows: []model.Row{r}} })
	require.NoError(t, err)
	row, err := q.Get(t.Context(), r.ID)
	require.NoError(t, err)
	return row
}

// hearsay: what a webhook tells may be old news, and never undoes what is known.
func (s suite) hearsay(t *testing.T) {
	q, ctx := s.queue(t), t.Context()
	told := func(st model.Status, at int) model.Row {
		return model.Row{ID: "a", Status: st, ExternalID: "order 7", AddedAt: minute(at), UpdatedAt: minute(at), Told: true}
	}
	row := place(t, q, told(model.StatusFaceFinished, 5))
	require.Equal(t, &model.Ruled{}, row.Ruled, "rules have not seen it yet")
	require.False(t, row.Told)
	require.Equal(t, minute(5), row.WaitsFrom)

	row = place(t, q, told(model.StatusIDFinished, 6))
	require.Equal(t, model.StatusFaceFinished, row.Status, "it came late")
	require.Equal(t, minute(5), row.UpdatedAt, "and told nothing new")
	require.Equal(t, model.StatusFinished, place(t, q, told(model.StatusFinished, 7)).Status)
	for _, odd := range []model.Status{model.StatusUnknown, "SOMETHING_NEW", model.StatusFaceFinished} {
		require.Equal(t, model.StatusFinished, place(t, q, told(odd, 8)).Status)
	}
	require.Equal(t, minute(5), row.WaitsFrom)

	require.NoError(t, q.Upsert(ctx, model.Row{
		ID: "a", Status: model.StatusFaceFinished, Verdict: model.Manual, WaitsFrom: minute(4),
		Problems: []model.Failed{{Part: model.PartOCR, Kind: model.KindServer, HTTP: 500}},
	}))
	row = place(t, q, told(model.StatusManualReviewApproved, 9))
	require.Equal(t, model.StatusManualReviewApproved, row.Status)
	require.Equal(t, minute(4), row.WaitsFrom, "since when it waits is known better")
	require.Len(t, row.Problems, 1, "nothing was read")
	require.Equal(t, model.StatusManualReviewRejected, place(t, q, told(model.StatusManualReviewRejected, 10)).Status, "neither is further")

	require.NoError(t, q.Forget(ctx, "a"))
	row = place(t, q, told(model.StatusManualReviewApproved, 11))
	require.Equal(t, model.Deleted, row.Life)
	require.Empty(t, row.Status)
	require.Empty(t, row.ExternalID)
	require.Nil(t, row.Ruled)
}

// overtaken: a look-up that began first and ended last says nothing new.
func (s suite) overtaken(t *testing.T) {
	q, ctx := s.queue(t), t.Context()
	read := func(at int, st model.Status, v model.Verdict) model.Row {
		return model.Row{ID: "a", Status: st, Verdict: v, DocCountry: "MEX", ReadAt: minute(at)}
	}
	seen := &model.Ruled{Arrived: true, Verdict: model.OK}
	nobody := store.Job{Kind: store.JobLookUp, Key: "a"} // somebody else has ended it
	require.NoError(t, q.Settle(ctx, nobody, read(5, model.StatusFinished, model.OK), func(_, _ model.Row) store.Effects {
		return store.Effects{Ruled: seen}
	}))
	require.NoError(t, q.Settle(ctx, nobody, read(3, model.StatusFaceFinished, ""), nil))
	row, err := q.Get(ctx, "a")
	require.NoError(t, err)
	require.Equal(t, model.StatusFinished, row.Status)
	require.Equal(t, model.OK, row.Verdict)
	require.Equal(t, minute(5), row.ReadAt)
	require.Equal(t, seen, row.Ruled)
	require.NoError(t, q.Settle(ctx, nobody, read(6, model.StatusManualReviewRejected, model.ManualFail), nil))
	row, err = q.Get(ctx, "a")
	require.NoError(t, err)
	require.Equal(t, model.StatusManualReviewRejected, row.Status)
	require.Equal(t, seen, row.Ruled, "a reading without rules changes nothing that they have seen")
	require.Empty(t, lookUps(t, q, 5, time.Now().Add(time.Hour), time.Now().Add(2*time.Hour)), "there is no job")
}
