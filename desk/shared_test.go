package desk_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/desk"
	"docket/model"
	"docket/store"
	"docket/store/sqlite"
)

// twoBenches are two processes that share one inbox and talk to one API.
func twoBenches(t *testing.T, change ...func(*desk.Config)) (first, second *bench) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "inbox.db")
	open := func() store.Store {
		st, err := sqlite.Open(t.Context(), path)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, st.Close()) })
		return st
	}
	at := func(st store.Store) func(*desk.Config) { return func(c *desk.Config) { c.Store = st } }
	one, two := open(), open()
	first = newBench(t, append(change, at(one))...)
	second = newBench(t, append(change, at(two), func(c *desk.Config) { c.Provider, c.Now = first.provider, first.clock.now })...)
	first.store, second.store = one, two
	second.provider, second.clock = first.provider, first.clock
	return first, second
}

func pendingOf(t *testing.T, b *bench, id string) *model.Pending {
	t.Helper()
	row, err := b.Row(t.Context(), id)
	require.NoError(t, err)
	return row.Pending
}

func TestTwoProcessesThatDecideAtOnceAreOneWrite(t *testing.T) {
	a, b := twoBenches(t)
	for _, seat := range []*bench{a, b} {
		seat.Load(t.Context(), id1)
	}
	inside, goOn := make(chan struct{}), make(chan struct{})
	a.provider.onAct = func(model.Action) model.Outcome {
		close(inside)
		<-goOn
		return model.Outcome{Result: model.ResultDone, HTTP: 200}
	}
	sub, err := a.Submit(t.Context(), approve(id1))
	require.NoError(t, err)
	<-inside
	_, err = b.Do(t.Context(), approve(id1))
	assert.Equal(t, model.KindGuard, kindOf(t, err), "the other one is sending")
	close(goOn)
	<-sub.Done()
	assert.Equal(t, 1, a.provider.writes())
}

func TestWhatAnotherProcessDidDuringTheHoldStopsTheSend(t *testing.T) {
	for name, c := range map[string]struct {
		ends  func(model.Action) model.Outcome
		added []string
	}{
		"done": {added: []string{id1}}, "unknown": {ends: unknownOutcome, added: []string{id1}}, "done on a session that is not in the inbox": {},
	} {
		t.Run(name, func(t *testing.T) {
			held, quick := twoBenches(t, hold(time.Second))
			held.Add(t.Context(), c.added)
			sub, err := held.Submit(t.Context(), model.Action{Kind: model.ActEnroll, IDs: []string{id1}})
			require.NoError(t, err)
			held.clock.forward(time.Millisecond)
			held.provider.onAct = c.ends
			out, err := quick.Do(t.Context(), model.Action{Kind: model.ActEnroll, IDs: []string{id1}})
			<-sub.Done()
			assert.Equal(t, 1, held.provider.writes())
			late := sub.Outcomes()[0]
			if err != nil || out[0].Result == model.ResultNotSent {
				return // the machine was slow: the hold ended first
			}
			assert.Equal(t, model.ResultNotSent, late.Result)
			require.NotNil(t, late.Problem)
			assert.NotEmpty(t, late.Problem.Do)
		})
	}
}

// TestAKilledSenderIsFoundAndSettled leaves an intent behind, as a kill between it
// and the outcome does.
func TestAKilledSenderIsFoundAndSettled(t *testing.T) {
	for name, c := range map[string]struct {
		action  model.ActionKind
		ago     time.Duration
		given   func(*faultyProvider)
		settled bool
	}{
		"just now, nothing to see":   {action: model.ActApprove, ago: time.Second},
		"long ago, nothing to see":   {action: model.ActApprove, ago: time.Minute, settled: true},
		"just now, it took effect":   {action: model.ActApprove, given: func(p *faultyProvider) { p.status = model.StatusManualReviewApproved }, settled: true},
		"what no reading can tell":   {action: model.ActEnroll, ago: time.Hour},
		"a deletion that took place": {action: model.ActDelete, given: func(p *faultyProvider) { p.known = map[string]bool{} }, settled: true},
		"a deletion that did not":    {action: model.ActDelete, ago: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.Add(t.Context(), []string{id1})
			at := time.Now().Add(-c.ago)
			require.NoError(t, b.store.Intend(t.Context(), model.Pending{Action: c.action, By: "os:bo", At: at}, at, nil, model.Row{ID: id1}))
			if c.given != nil {
				b.provider.set(c.given)
			}
			b.Read(t.Context(), id1, model.PartStatus)
			assert.Equal(t, c.settled, pendingOf(t, b, id1) == nil)
			if !c.settled {
				_, err := b.Do(t.Context(), model.Action{Kind: model.ActEnroll, IDs: []string{id1}})
				assert.Equal(t, model.KindGuard, kindOf(t, err))
			}
			assert.Zero(t, b.provider.writes(), "reading settles, never sending")
		})
	}
}

func TestADeletionThatIsProvenLaterErasesWhatIsKeptHere(t *testing.T) {
	for name, settle := range map[string]func(*testing.T, *bench){
		"by a reading": func(t *testing.T, b *bench) {
			b.provider.set(func(p *faultyProvider) { p.known = map[string]bool{} })
			b.Read(t.Context(), id1, model.PartStatus)
		},
		"by a person": func(t *testing.T, b *bench) { require.NoError(t, b.Settle(t.Context(), id1, true)) },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.Add(t.Context(), []string{id1})
			require.NoError(t, b.AddNote(t.Context(), id1, "called the customer"))
			b.provider.onAct = unknownOutcome
			out, err := b.Do(t.Context(), model.Action{Kind: model.ActDelete, IDs: []string{id1}})
			require.NoError(t, err)
			require.Equal(t, model.ResultUnknown, out[0].Result)
			settle(t, b)
			row, err := b.Row(t.Context(), id1)
			require.NoError(t, err)
			assert.Nil(t, row.Pending)
			assert.Equal(t, model.Deleted, row.Life)
			assert.Empty(t, row.Status)
			assert.True(t, row.Name.Empty())
			notes, err := b.Notes(t.Context(), id1)
			require.NoError(t, err)
			assert.Empty(t, notes)
		})
	}
}

func TestSettlingWaitsForWhatMayStillBeOnItsWay(t *testing.T) {
	b := newBench(t)
	b.Load(t.Context(), id1)
	b.provider.onAct = unknownOutcome
	_, err := b.Do(t.Context(), model.Action{Kind: model.ActEnroll, IDs: []string{id1}})
	require.NoError(t, err)
	assert.Equal(t, model.KindGuard, kindOf(t, b.Settle(t.Context(), id1, false)))
	require.NotNil(t, pendingOf(t, b, id1))
	b.clock.forward(time.Minute)
	require.NoError(t, b.Settle(t.Context(), id1, false))
	require.Nil(t, pendingOf(t, b, id1))
}

func TestAnActionOnASessionThatNobodyAddedLeavesNoRow(t *testing.T) {
	for _, a := range []model.Action{
		{Kind: model.ActDelete},
		{Kind: model.ActClose},
		{Kind: model.ActEnroll},
		{Kind: model.ActExpire, Conditions: []string{model.ExpireIncomplete}},
	} {
		for name, c := range map[string]struct {
			ends  func(model.Action) model.Outcome
			stays bool
		}{
			"done":    {},
			"refused": {ends: func(model.Action) model.Outcome { return model.Outcome{Result: model.ResultRefused} }},
			"unknown": {ends: unknownOutcome, stays: true},
		} {
			t.Run(string(a.Kind)+" "+name, func(t *testing.T) {
				b := newBench(t)
				b.provider.onAct = c.ends
				a := a
				a.IDs = []string{id1}
				_, err := b.Do(t.Context(), a)
				require.NoError(t, err)
				counts, err := b.Counts(t.Context())
				require.NoError(t, err)
				want := map[bool]int64{true: 1}[c.stays]
				assert.Equal(t, want, counts[model.ViewAll])
				assert.Equal(t, want, counts[model.ViewUnknown])
			})
		}
	}
}

func TestADecisionOnASessionThatNobodyAddedKeepsItsReason(t *testing.T) {
	b := newBench(t)
	b.provider.set(func(p *faultyProvider) { p.verdict = model.Manual })
	b.Load(t.Context(), id2)
	_, err := b.Do(t.Context(), approve(id2))
	require.NoError(t, err)
	notes, err := b.Notes(t.Context(), id2)
	require.NoError(t, err)
	require.Len(t, notes, 1, "reason and note stay here, and need the row")
}

// slowStore takes its time for an intent: another process kept the inbox busy.
type slowStore struct {
	store.Store
	clock *clock
}

func (s slowStore) Intend(ctx context.Context, p model.Pending, since time.Time, log []audit.Entry, rows ...model.Row) error {
	s.clock.forward(10 * time.Second)
	return s.Store.Intend(ctx, p, since, log, rows...)
}

func TestAnIntentThatTookLongIsNotSent(t *testing.T) {
	slow := &clock{at: time.Now()}
	b := newBench(t, func(c *desk.Config) { c.Store, c.Now = slowStore{c.Store, slow}, slow.now })
	b.Add(t.Context(), []string{id1})
	out, err := b.Do(t.Context(), model.Action{Kind: model.ActEnroll, IDs: []string{id1}})
	require.NoError(t, err)
	assert.Equal(t, model.ResultNotSent, out[0].Result)
	assert.Zero(t, b.provider.writes())
	assert.Nil(t, pendingOf(t, b, id1))
}

func TestABulkActionNamesASessionTwice(t *testing.T) {
	b := newBench(t)
	b.Add(t.Context(), []string{id1})
	out, err := b.Do(t.Context(), model.Action{Kind: model.ActExpire, IDs: []string{id1, id1}, Conditions: []string{model.ExpireIncomplete}})
	require.NoError(t, err)
	require.Len(t, out, 2)
	assert.Equal(t, model.ResultDone, out[0].Result)
	assert.Equal(t, 1, b.provider.writes())
}

func TestADeletionWithoutAnswerThatTookEffectErasesWhatIsKeptHere(t *testing.T) {
	b := newBench(t)
	b.Add(t.Context(), []string{id1})
	b.provider.onAct = func(a model.Action) model.Outcome {
		b.provider.set(func(p *faultyProvider) { p.known = map[string]bool{} })
		return unknownOutcome(a)
	}
	out, err := b.Do(t.Context(), model.Action{Kind: model.ActDelete, IDs: []string{id1}})
	require.NoError(t, err)
	assert.Equal(t, model.ResultDone, out[0].Result)
	assert.Contains(t, out[0].Says, "does not know the session any more")
	row, err := b.Row(t.Context(), id1)
	require.NoError(t, err)
	assert.Equal(t, model.Deleted, row.Life)
	assert.True(t, row.Name.Empty())
}

// A session that another process deletes is known to be gone, once, and nothing of
// it stays in memory; one that was deleted before it was read is not.
func TestWhatAnotherProcessDeletedIsForgotten(t *testing.T) {
	a, b := twoBenches(t)
	a.Add(t.Context(), []string{id1, id2})
	for _, id := range []string{id1, id2} {
		b.Read(t.Context(), id)
	}
	b.clock.forward(time.Second)
	require.Empty(t, b.Erased(t.Context(), id1, id2, "not-in-the-inbox"))
	_, err := a.Do(t.Context(), model.Action{Kind: model.ActDelete, IDs: []string{id1}})
	require.NoError(t, err)
	require.Equal(t, []string{id1}, b.Erased(t.Context(), id1, id2))
	require.Nil(t, b.Peek(id1))
	require.NotNil(t, b.Peek(id2))
	b.clock.forward(time.Second)
	b.Read(t.Context(), id1)
	require.Empty(t, b.Erased(t.Context(), id1, id2))
}
