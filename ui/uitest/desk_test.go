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

func TestRefreshMergesIntoWhatIsKnown(t *testing.T) {
	d := New(nil)
	ctx, id := context.Background(), people[0].id
	require.Nil(t, d.Peek(id))
	last := func(from <-chan *model.Session) (s *model.Session) {
		for s = range from {
			require.Equal(t, id, s.ID)
		}
		return s
	}
	was := last(d.Open(ctx, id))
	require.Equal(t, was, d.Peek(id))

	d.Fault(model.PartScore, model.NewProblem(model.KindServer, "the API failed", "score", "R tries again"))
	from := d.Refresh(ctx, id, model.PartScore)
	first := <-from
	require.True(t, first.Parts[model.PartScore].Loading)
	require.Equal(t, was.OCR, first.OCR)
	now := last(from)
	require.NotNil(t, now.Parts[model.PartScore].Problem)
	require.Equal(t, was.Checks, now.Checks, "what was known stays")
	require.Equal(t, was.Parts[model.PartOCR], now.Parts[model.PartOCR])
	require.Nil(t, was.Parts[model.PartScore].Problem, "a snapshot does not change")
}

func TestReadingThatIsLeftLoadsNoMore(t *testing.T) {
	d := New(nil)
	ctx, leave := context.WithCancel(context.Background())
	release := d.Stall()
	defer release()
	from := d.Open(ctx, people[0].id)
	require.True(t, (<-from).Parts[model.PartOCR].Loading)
	leave()
	for range from { // until it ends
	}
	require.False(t, d.Peek(people[0].id).Parts[model.PartOCR].Loading)
	require.Empty(t, d.Fetched())
}
