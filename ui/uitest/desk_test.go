package uitest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/model"
)

func TestPagesJoinUp(t *testing.T) {
	d := New(nil)
	d.Many(95)
	ctx := context.Background()
	whole, err := d.List(ctx, model.Query{Limit: 1000})
	require.NoError(t, err)
	require.Len(t, whole.Rows, 108)

	var ids []string
	q := model.Query{Limit: 10}
	for {
		p, err := d.List(ctx, q)
		require.NoError(t, err)
		for _, r := range p.Rows {
			ids = append(ids, r.ID)
		}
		if !p.More {
			break
		}
		q.After = p.Last
	}
	require.Len(t, ids, 108)
	back, err := d.List(ctx, model.Query{Limit: 5, Before: whole.Last})
	require.NoError(t, err)
	require.Equal(t, ids[102], back.Rows[0].ID)
	require.True(t, back.Less)
	require.True(t, back.More)
}

func TestUndoneActionsAreNotSent(t *testing.T) {
	d := New(nil)
	sub, err := d.Submit(context.Background(), model.Action{Kind: model.ActApprove, IDs: []string{people[0].id}})
	require.NoError(t, err)
	require.True(t, sub.Held())
	require.True(t, sub.Undo())
	<-sub.Done()
	require.Equal(t, model.ResultNotSent, sub.Outcomes()[0].Result)
	require.Empty(t, d.Sent())
}

func TestSentActionsMoveTheRow(t *testing.T) {
	d := New(nil)
	d.SetPolicy(func(p *desk.Policy) { p.Hold = time.Millisecond })
	id := people[0].id
	sub, err := d.Submit(context.Background(), model.Action{Kind: model.ActReject, IDs: []string{id}})
	require.NoError(t, err)
	<-sub.Done()
	require.Len(t, d.Sent(), 1)
	row, err := d.Row(context.Background(), id)
	require.NoError(t, err)
	require.Equal(t, model.StatusManualReviewRejected, row.Status)
}

func TestEveryPartOfASessionArrives(t *testing.T) {
	d := New(nil)
	var last *model.Session
	for s := range d.Open(context.Background(), people[0].id) {
		last = s
	}
	require.True(t, last.ReadyToDecide())
	require.Equal(t, model.Manual, last.Verdict)
	require.NotEmpty(t, last.Linked, "two of the people share a device")
}
