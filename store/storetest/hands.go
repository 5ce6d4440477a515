package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/model"
	"docket/store"
)

// claimed is an entry of a claim.
func claimed(who string) audit.Entry {
	return audit.Entry{At: minute(0), By: who, Event: audit.Claim, Session: "a"}
}

func (s suite) size(t *testing.T, st store.Store) int64 {
	t.Helper()
	size, err := st.AuditSize(t.Context())
	require.NoError(t, err)
	return size
}

func (s suite) claims(t *testing.T) {
	st, ctx := s.fresh(t, model.Row{ID: "a", Verdict: model.Manual}, model.Row{ID: "b", Life: model.Deleted}), t.Context()
	lease := func(who, from string, n int) error {
		_, err := st.Claim(ctx, "a", store.Claim{Who: who, From: from, At: minute(n), Until: minute(n + 10)}, claimed(who))
		return err
	}
	require.NoError(t, lease("os:ana", "", 0))
	require.NoError(t, lease("os:ana", "", 5), "who has it gets longer")
	r, err := st.Get(ctx, "a")
	require.NoError(t, err)
	require.Equal(t, "os:ana", r.ClaimedBy)
	require.True(t, r.ClaimedAt.Equal(minute(0)) && r.ClaimedUntil.Equal(minute(15)))
	require.EqualValues(t, 1, s.size(t, st), "a longer lease is no new claim")

	require.ErrorIs(t, lease("os:ben", "", 6), store.ErrClaimed)
	require.ErrorIs(t, lease("os:ben", "os:cid", 6), store.ErrClaimed, "taken from somebody who has it no more")
	by := func(who string) model.Pending { return model.Pending{Action: model.ActReject, By: who, At: minute(7)} }
	require.ErrorIs(t, st.Intend(ctx, by("os:ben"), minute(6), nil, model.Row{ID: "a"}), store.ErrClaimed)
	require.NoError(t, st.Release(ctx, "a", "os:ben", claimed("os:ben")), "it is not theirs")
	require.EqualValues(t, 1, s.size(t, st), "what did not happen is not logged")
	require.NoError(t, lease("os:ben", "os:ana", 8))
	require.EqualValues(t, 2, s.size(t, st))
	require.ErrorIs(t, lease("os:ana", "", 9), store.ErrClaimed)
	require.NoError(t, lease("os:ana", "", 18), "a lease ends by itself")

	counts, err := st.Counts(ctx, "os:ana", minute(19))
	require.NoError(t, err)
	require.EqualValues(t, 1, counts[model.ViewMine])
	require.NoError(t, st.Upsert(ctx, model.Row{ID: "a", Status: model.StatusFinished}))
	require.ErrorIs(t, lease("os:ben", "", 19), store.ErrClaimed, "a reading takes no claim away")
	require.NoError(t, st.Release(ctx, "a", "os:ana", claimed("os:ana")))
	r, err = st.Get(ctx, "a")
	require.NoError(t, err)
	require.True(t, r.ClaimedBy == "" && r.ClaimedAt.IsZero() && r.ClaimedUntil.IsZero())

	_, err = st.Claim(ctx, "b", store.Claim{Who: "os:ana", At: minute(0), Until: minute(1)})
	require.ErrorIs(t, err, store.ErrClaimed, "what was deleted is nobody's")
	_, err = st.Claim(ctx, "c", store.Claim{Who: "os:ana", At: minute(0), Until: minute(1)})
	require.ErrorIs(t, err, store.ErrNotFound)
}

// claimRace lets many claim the same at once: one has it.
func (s suite) claimRace(t *testing.T) {
	st := s.fresh(t, model.Row{ID: "a"})
	var won atomic.Int64
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			who := fmt.Sprint("os:", n)
			_, err := st.Claim(t.Context(), "a", store.Claim{Who: who, At: minute(0), Until: minute(10)}, claimed(who))
			if err == nil {
				won.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, won.Load())
	require.EqualValues(t, 1, s.size(t, st))
}

func (s suite) proposals(t *testing.T) {
	st, ctx := s.fresh(t, model.Row{ID: "a", Verdict: model.Manual, Name: name("Lucía Ortega")}), t.Context()
	p := model.Proposal{
		Action: model.Action{Kind: model.ActApprove, IDs: []string{"a"}, Reason: "checked-ok", Note: "spoke with her", Expect: "d1"},
		By:     "os:ana", At: minute(2), Ref: "r1", Salt: "s", Rule: "expired",
	}
	_, err := st.Claim(ctx, "a", store.Claim{Who: "os:ana", At: minute(1), Until: minute(9)})
	require.NoError(t, err)
	other := p
	other.By = "os:ben"
	require.ErrorIs(t, st.Propose(ctx, other, minute(1), nil, model.Row{ID: "a"}), store.ErrClaimed)
	entry := []audit.Entry{{At: minute(2), By: "os:ana", Event: audit.Propose, Session: "a"}}
	require.NoError(t, st.Propose(ctx, p, minute(1), entry, model.Row{ID: "a"}))
	require.EqualValues(t, 1, s.size(t, st), "what was refused left no entry")
	rows := list(t, st, model.Query{View: model.ViewProposed}).Rows
	require.Equal(t, []string{"a"}, ids(rows))
	require.Equal(t, &p, rows[0].Proposal)
	require.Empty(t, rows[0].ClaimedBy, "who proposes is done with it")

	intent := model.Pending{Action: model.ActApprove, By: "os:ben", At: minute(3)}
	require.ErrorIs(t, st.Intend(ctx, intent, minute(2), nil, model.Row{ID: "a"}), store.ErrProposed)
	require.ErrorIs(t, st.Propose(ctx, other, minute(2), nil, model.Row{ID: "a"}), store.ErrProposed)
	intent.Confirms = "r0"
	require.ErrorIs(t, st.Intend(ctx, intent, minute(2), nil, model.Row{ID: "a"}), store.ErrNoProposal)
	require.ErrorIs(t, st.EndProposal(ctx, "a", "r0", entry...), store.ErrNoProposal)
	intent.Confirms = "r1"
	require.NoError(t, st.Intend(ctx, intent, minute(2), nil, model.Row{ID: "a"}))
	r, err := st.Get(ctx, "a")
	require.NoError(t, err)
	require.Nil(t, r.Proposal, "it is sent")
	require.Equal(t, "r1", r.Pending.Confirms)
	require.ErrorIs(t, st.EndProposal(ctx, "a", "r1"), store.ErrNoProposal)
	require.NoError(t, st.Conclude(ctx, "a", intent, minute(4)))
	require.ErrorIs(t, st.Propose(ctx, p, minute(3), nil, model.Row{ID: "a"}), store.ErrActed, "what was known at 3 is old")

	require.NoError(t, st.Propose(ctx, p, minute(4), nil, model.Row{ID: "a"}))
	require.NoError(t, st.EndProposal(ctx, "a", "r1"))
	require.Empty(t, list(t, st, model.Query{View: model.ViewProposed}).Rows)

	require.NoError(t, st.Propose(ctx, p, minute(9), nil, model.Row{ID: "new"}), "somebody named its id")
	r, err = st.Get(ctx, "new")
	require.NoError(t, err)
	require.NotNil(t, r.Proposal)
	require.NoError(t, st.Forget(ctx, "new"))
	r, err = st.Get(ctx, "new")
	require.NoError(t, err)
	require.Nil(t, r.Proposal, "its note is about a person")
	counts, err := st.Counts(ctx, "", time.Now())
	require.NoError(t, err)
	require.Zero(t, counts[model.ViewProposed])
}
