package desk_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/model"
	"docket/provider"
)

const id1, id2, unknown = "5f9a41c2d3e4b5a697881201", "5f9a41c2d3e4b5a697881202", "5f9a41c2d3e4b5a697881299"

func until(t *testing.T, snapshots <-chan *model.Session, what string, ok func(*model.Session) bool) *model.Session {
	t.Helper()
	for so := range snapshots {
		if ok(so) {
			return so
		}
	}
	t.Fatalf("the session ended before: %s", what)
	return nil
}

func TestEachPartArrivesAlone(t *testing.T) {
	b := newBench(t)
	gate := make(chan struct{})
	b.provider.gate[model.PartScore] = gate
	snapshots := b.Open(t.Context(), id1)
	so := until(t, snapshots, "OCR without score", func(so *model.Session) bool {
		return so.Parts[model.PartOCR].Done() && so.Parts[model.PartStatus].Done() && so.Parts[model.PartEvents].Done() && so.Parts[model.PartDevice].Done()
	})
	assert.True(t, so.Parts[model.PartScore].Loading)
	assert.False(t, so.ReadyToDecide())
	close(gate)
	so = until(t, snapshots, "score", func(so *model.Session) bool { return so.Parts[model.PartScore].Done() })
	assert.Equal(t, model.Manual, so.Verdict)
	assert.True(t, so.ReadyToDecide())
	for range snapshots {
	}
}

func TestOnePartFailsTheOthersStay(t *testing.T) {
	b := newBench(t)
	b.provider.fail[model.PartDevice] = model.NewProblem(model.KindServer, "The API failed", "device", "R tries again")
	so := b.Load(t.Context(), id1)
	assert.Equal(t, model.KindServer, so.Parts[model.PartDevice].Problem.Kind)
	assert.Equal(t, model.Manual, so.Verdict)
	assert.Equal(t, "Ana Prueba", so.Applicant.Name.String())
	require.Len(t, so.Problems(), 1)

	b.provider.set(func(p *faultyProvider) { delete(p.fail, model.PartDevice) })
	before := b.provider.times(id1, model.PartScore)
	so = b.Read(t.Context(), id1, model.PartDevice)
	assert.Empty(t, so.Problems())
	assert.Equal(t, before, b.provider.times(id1, model.PartScore), "refreshing one pane must not fetch another")
}

func TestAnOpeningEndsWithNothingOnItsWay(t *testing.T) {
	b := newBench(t)
	gate := make(chan struct{})
	b.provider.gate[model.PartDevice] = gate
	prefetched := make(chan struct{})
	go func() {
		defer close(prefetched)
		b.Prefetch(t.Context(), id1)
	}()
	require.Eventually(t, func() bool { return b.provider.times(id1, model.PartDevice) == 1 }, time.Minute, time.Millisecond)

	// The person's own reading gets an answer first.
	b.provider.set(func(p *faultyProvider) { delete(p.gate, model.PartDevice) })
	snapshots := b.Open(t.Context(), id1)
	so := until(t, snapshots, "device while the prefetch still waits", func(so *model.Session) bool {
		return so.Parts[model.PartDevice].Done()
	})
	assert.True(t, so.Parts[model.PartDevice].Loading)
	close(gate)
	for next := range snapshots {
		so = next
	}
	for part, st := range so.Parts {
		assert.False(t, st.Loading, part)
	}
	<-prefetched
}

func TestWhatFollowsStartsWithTheScoreNotWithTheSlowestPart(t *testing.T) {
	b := newBench(t)
	b.provider.follow = []model.Part{model.PartLinked}
	slow := make(chan struct{})
	b.provider.gate[model.PartEvents] = slow
	snapshots := b.Open(t.Context(), id1)
	until(t, snapshots, "linked while events are still out", func(so *model.Session) bool {
		return so.Parts[model.PartLinked].Done() && !so.Parts[model.PartEvents].Done()
	})
	close(slow)
	for range snapshots {
	}
}

func TestLeavingASessionIsNoProblem(t *testing.T) {
	b := newBench(t)
	b.provider.gate[model.PartScore] = make(chan struct{})
	ctx, leave := context.WithCancel(t.Context())
	snapshots := b.Open(ctx, id1)
	until(t, snapshots, "OCR", func(so *model.Session) bool { return so.Parts[model.PartOCR].Done() })
	leave()
	for range snapshots {
	}
	b.provider.set(func(p *faultyProvider) { delete(p.gate, model.PartScore) })
	so := b.Load(t.Context(), id1)
	assert.Empty(t, so.Problems())
	assert.Equal(t, model.Manual, so.Verdict)
}

func TestWhatFailedIsNotReadAheadAgainButOpened(t *testing.T) {
	b := newBench(t)
	require.NoError(t, b.store.Upsert(t.Context(), model.Row{ID: id1}))
	changes := b.store.Watch(t.Context())
	b.provider.set(func(p *faultyProvider) { p.known = map[string]bool{id2: true} })
	b.Prefetch(t.Context(), id1)
	asked := b.provider.times(id1, model.PartScore)
	require.Equal(t, 1, asked)
	b.Prefetch(t.Context(), id1)
	require.Equal(t, asked, b.provider.times(id1, model.PartScore))
	b.Add(t.Context(), []string{id2}) // the first change since
	require.Equal(t, []string{id2}, (<-changes).IDs)
	b.Load(t.Context(), id1)
	require.Equal(t, asked+1, b.provider.times(id1, model.PartScore))
}

func TestAPrefetchedSessionIsThereAtOnceAndAskedForOnce(t *testing.T) {
	b := newBench(t)
	b.Prefetch(t.Context(), id1)
	assert.Equal(t, provider.Prefetch, b.provider.prio[model.PartScore])
	assert.Nil(t, b.Peek(id1), "what is only fetched ahead is shown by opening it")
	first := <-b.Open(t.Context(), id1)
	assert.Equal(t, model.Manual, first.Verdict, "it need not be waited for")
	so := b.Load(t.Context(), id1)
	assert.Equal(t, model.Manual, so.Verdict)
	assert.Equal(t, model.Manual, b.Peek(id1).Verdict)
	assert.Equal(t, 1, b.provider.times(id1, model.PartScore))

	b.clock.forward(time.Minute)
	b.Load(t.Context(), id1)
	assert.Equal(t, 2, b.provider.times(id1, model.PartScore), "old parts are read again")
}

func TestAddNamesWhatTheAPIDoesNotKnowAndKeepsTheRest(t *testing.T) {
	b := newBench(t)
	b.provider.known = map[string]bool{id1: true, id2: true}
	b.provider.fail[model.PartScore] = model.NewProblem(model.KindServer, "The API failed", "score", "try again")
	added := b.Add(t.Context(), []string{id1, unknown, "../../etc", id2})
	require.Len(t, added, 4)
	assert.Nil(t, added[0].Problem)
	assert.True(t, added[0].New)
	require.Len(t, added[0].Problems, 1)
	assert.Equal(t, model.KindNotFound, added[1].Problem.Kind)
	assert.Equal(t, model.KindUsage, added[2].Problem.Kind)
	page, err := b.List(t.Context(), model.Query{})
	require.NoError(t, err)
	assert.Len(t, page.Rows, 2)
	assert.Equal(t, "Ana Prueba", page.Rows[0].Name.String())
	assert.False(t, b.Add(t.Context(), []string{id1})[0].New)
}

func TestARefusedTokenAddsNothing(t *testing.T) {
	b := newBench(t)
	for _, p := range []model.Part{model.PartStatus, model.PartScore, model.PartOCR} {
		b.provider.fail[p] = model.NewProblem(model.KindAuth, "The API refused the token", "", "log in")
	}
	added := b.Add(t.Context(), []string{id1})
	assert.Equal(t, model.KindAuth, added[0].Problem.Kind)
	page, err := b.List(t.Context(), model.Query{})
	require.NoError(t, err)
	assert.Empty(t, page.Rows)
}

func TestSessionsOfTheSameDeviceAreLinked(t *testing.T) {
	b := newBench(t)
	b.Add(t.Context(), []string{id1, id2})
	b.Load(t.Context(), id2)
	so := b.Load(t.Context(), id1)
	require.NotEmpty(t, so.Linked)
	assert.Equal(t, id2, so.Linked[0].ID)
	assert.Equal(t, model.LinkDevice, so.Linked[0].Why)
	assert.True(t, *so.Linked[0].SameName)
}

func TestAViewerSeesMasksAndAStrangerNothing(t *testing.T) {
	b := newBench(t)
	b.Load(t.Context(), id1)
	viewer := b.desk.As(model.Actor{Identity: "os:bo", Role: model.RoleViewer})
	so := viewer.Load(t.Context(), id1)
	assert.Equal(t, "A••• P•••", so.Applicant.Name.String())
	_, err := viewer.Submit(t.Context(), approve(id1))
	assert.Equal(t, model.KindForbidden, kindOf(t, err))
	assert.Zero(t, b.provider.writes())
	stranger := b.desk.As(model.Actor{Identity: "os:bo"})
	so = stranger.Load(t.Context(), id1)
	assert.Empty(t, so.Applicant.Name.String())
	assert.Nil(t, stranger.Peek(id1))
	_, err = stranger.List(t.Context(), model.Query{})
	assert.Equal(t, model.KindForbidden, kindOf(t, err))
}

func TestALongTimelineIsShownFromItsFirstPage(t *testing.T) {
	b := newBench(t)
	snapshots := b.Open(t.Context(), id1)
	until(t, snapshots, "all events", func(so *model.Session) bool {
		return !so.EventsMore && len(so.Events) == 2 && !so.Parts[model.PartEvents].Loading
	})
	for range snapshots {
	}
}

func TestAnOpenSessionStaysHoweverManyAreRead(t *testing.T) {
	b := newBench(t)
	b.Load(t.Context(), id1)
	var others []string
	for i := range 60 {
		others = append(others, fmt.Sprintf("other-%02d", i))
	}
	b.Add(t.Context(), others)
	b.desk.As(model.Actor{Identity: "os:bo", Role: model.RoleOwner}).Prefetch(t.Context(), others...)
	require.NotNil(t, b.Peek(id1))
	assert.Nil(t, b.Plan(approve(id1)).Refusal)
	b.Load(t.Context(), id1)
	assert.Equal(t, 1, b.provider.times(id1, model.PartScore), "it is the same session as before")
}

func TestPicturesAreNotAskedForWhenTheyAreNotWanted(t *testing.T) {
	b := newBench(t, func(c *desk.Config) { c.NoImages = true })
	b.provider.more = []model.Part{model.PartImages}
	b.Load(t.Context(), id1)
	assert.Zero(t, b.provider.times(id1, model.PartImages))
	assert.True(t, b.Policy().NoImages)
}

func TestAddAsksSinceWhenASessionWaits(t *testing.T) {
	for name, c := range map[string]struct {
		verdict model.Verdict
		fails   bool
		asked   int
	}{
		"one that waits for a person":  {verdict: model.Manual, asked: 1},
		"one that does not":            {verdict: model.OK},
		"one whose events do not come": {verdict: model.ManualPending, fails: true, asked: 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.provider.verdict = c.verdict
			if c.fails {
				b.provider.fail[model.PartEvents] = model.NewProblem(model.KindServer, "The API failed", "events", "try again")
			}
			added := b.Add(t.Context(), []string{id1})
			require.Nil(t, added[0].Problem, "it is added in any case")
			assert.True(t, added[0].New)
			assert.Equal(t, c.fails, len(added[0].Problems) == 1)
			assert.Equal(t, c.asked, b.provider.times(id1, model.PartEvents))
		})
	}
}
