package e2e

import (
	"context"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/desk"
	"docket/model"
	"docket/omni"
	"docket/provider/incode"
	"docket/sim"
	"docket/store/sqlite"
)

// bulkDesk is a desk on the simulated API with an inbox in a file, without a
// console.
type bulkDesk struct {
	*desk.Seat
	t     *testing.T
	rig   *rig
	store *sqlite.Store
	token *incode.Token
}

// fastClock makes the API's five minutes pass in less than a second.
type fastClock struct{ begun time.Time }

const fast = 500

func (c fastClock) Now() time.Time { return c.begun.Add(time.Since(c.begun) * fast) }

func (c fastClock) After(d time.Duration) <-chan time.Time { return time.After(d / fast) }

func (r *rig) bulkDesk(t *testing.T, path string, add ...string) *bulkDesk {
	t.Helper()
	st, err := sqlite.Open(t.Context(), path)
	require.NoError(t, err)
	holder := &incode.Token{}
	holder.Set(r.env["DOCKET_ADMIN_TOKEN"])
	client, err := omni.New(omni.Config{BaseURL: r.http.URL, APIKey: sim.DefaultAPIKey, Token: holder.Get, Clock: fastClock{time.Now()}})
	require.NoError(t, err)
	d := desk.New(desk.Config{Store: st, Provider: incode.New(client, incode.Options{Token: holder}), Token: desk.Token{Present: true}})
	t.Cleanup(func() {
		r.api.ClearFaults()
		d.Wait()
		client.CloseIdle()
		require.NoError(t, st.Close())
	})
	b := &bulkDesk{d.As(model.Actor{Identity: "os:tester", Role: model.RoleOwner}), t, r, st, holder}
	for _, added := range b.Add(t.Context(), add) {
		require.Nil(t, added.Problem)
	}
	return b
}

func (r *rig) inbox() string { return filepath.Join(r.home, "inbox.db") }

// dry does a dry run; the items come back in the order of the ids.
func (b *bulkDesk) dry(o desk.BulkOrder) []desk.BulkItem {
	b.t.Helper()
	found, err := b.DryRun(b.t.Context(), o)
	require.NoError(b.t, err)
	items := make([]desk.BulkItem, len(o.IDs))
	for it := range found {
		items[slices.Index(o.IDs, it.ID)] = it
	}
	return items
}

func (b *bulkDesk) start(ctx context.Context, o desk.BulkOrder) *desk.Bulk {
	b.t.Helper()
	run, err := b.StartBulk(ctx, o, b.dry(o))
	require.NoError(b.t, err)
	return run
}

func (b *bulkDesk) run(o desk.BulkOrder) (map[string]desk.BulkItem, desk.BulkProgress) {
	b.t.Helper()
	run := b.start(b.t.Context(), o)
	<-run.Done()
	return byID(run.Items()), run.Progress()
}

func byID(items []desk.BulkItem) map[string]desk.BulkItem {
	all := map[string]desk.BulkItem{}
	for _, it := range items {
		all[it.ID] = it
	}
	return all
}

func rejectAll(ids ...string) desk.BulkOrder {
	return desk.BulkOrder{IDs: ids, Action: model.Action{Kind: model.ActReject, Reason: "document-expired", Note: "the whole batch"}}
}

// entries are what the log has of bulk runs.
func (b *bulkDesk) entries(events ...audit.Event) []audit.Entry {
	b.t.Helper()
	records, err := b.store.AuditRecords(b.t.Context(), 0, 1_000_000)
	require.NoError(b.t, err)
	var all []audit.Entry
	for _, r := range records {
		e, err := audit.Decode(r.Line)
		require.NoError(b.t, err)
		if e.Batch != "" && slices.Contains(events, e.Event) {
			all = append(all, e)
		}
	}
	return all
}

// writesOf counts the writes at the API that name a session.
func (r *rig) writesOf(id string) int {
	n := 0
	for _, q := range r.writes() {
		if strings.Contains(q.Query+q.Body, id) {
			n++
		}
	}
	return n
}

func TestABulkRunIsOneWriteASession(t *testing.T) {
	t.Parallel()
	r := newRig(t, 120, nil)
	ids := r.waiting(8)
	b := r.bulkDesk(t, r.inbox(), ids...)
	passed := r.find(1, "passed", func(so sim.Session) bool { return so.Verdict == "OK" })[0]
	claimed, unknown := ids[6], ids[7]
	b.Add(t.Context(), []string{passed})
	row, err := b.store.Get(t.Context(), claimed)
	require.NoError(t, err)
	other := model.Row{ID: "66e0b7a1c9d24f0088a1c0ff", Provider: row.Provider, ClaimedBy: "os:bo", ClaimedUntil: time.Now().Add(time.Hour)}
	require.NoError(t, b.store.Upsert(t.Context(), other)) // of a new row the claim is taken
	p := model.Pending{Action: model.ActEnroll, By: "os:bo", At: time.Now()}
	require.NoError(t, b.store.Intend(t.Context(), p, time.Now(), nil, model.Row{ID: unknown}))

	o := rejectAll(append(slices.Clone(ids), passed, other.ID, "66e0b7a1c9d24f0088a1c0ee")...)
	items := byID(b.dry(o))
	require.Empty(t, r.writes(), "a dry run sends nothing")
	require.Equal(t, desk.WhyUnknown, items[unknown].Why)
	require.Equal(t, desk.WhyClaimed, items[other.ID].Why)
	require.Equal(t, desk.WhyWaiting, items[passed].Why)
	require.Equal(t, desk.WhyUnread, items["66e0b7a1c9d24f0088a1c0ee"].Why)
	require.Equal(t, desk.BulkReady, items[ids[0]].State)
	require.NotEmpty(t, items[ids[0]].Who.Reveal())

	done, progress := b.run(o)
	require.Equal(t, desk.BulkFinished, progress.End)
	require.Equal(t, 7, progress.Done)
	require.Equal(t, 7, r.api.Writes())
	for _, id := range ids[:7] {
		require.Equal(t, desk.BulkDone, done[id].State, done[id].Says)
		require.Equal(t, 1, r.writesOf(id))
		notes, err := b.Notes(t.Context(), id)
		require.NoError(t, err)
		require.Len(t, notes, 1)
		require.Contains(t, notes[0].Text, "the whole batch")
	}
	require.Len(t, b.entries(audit.Plan), 7)
	require.Len(t, b.entries(audit.Intent), 7)
	require.Len(t, b.entries(audit.Outcome), 7)
	batch := b.entries(audit.Plan)[0].Batch
	for _, e := range b.entries(audit.Plan, audit.Intent, audit.Outcome) {
		require.Equal(t, batch, e.Batch)
		require.NotContains(t, e.Detail+e.Reason, "whole batch", "no text of a note")
	}
	require.NotEmpty(t, b.entries(audit.Intent)[0].Evidence, "what docket held when the person started")
	left, err := b.Unfinished(t.Context())
	require.NoError(t, err)
	require.Empty(t, left)

	o.IDs, o.Action.Override = []string{passed}, true
	items = byID(b.dry(o))
	require.True(t, items[passed].Forced, "an override is said, and asked for")
}

func TestWhatChangedAfterTheDryRunIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t, 120, nil)
	ids := r.waiting(3)
	b := r.bulkDesk(t, r.inbox(), ids...)
	o := rejectAll(ids...)
	items := b.dry(o)
	r.must("approve", ids[1], "--reason", "checked-ok", "--yes") // somebody with another inbox
	before := r.api.Writes()
	run, err := b.StartBulk(t.Context(), o, items)
	require.NoError(t, err)
	<-run.Done()
	found := byID(run.Items())
	require.Equal(t, desk.BulkRefused, found[ids[1]].State)
	require.Equal(t, desk.WhyChanged, found[ids[1]].Why)
	require.Contains(t, found[ids[1]].Problem.Message, "verdict was MANUAL, is MANUAL_OK", "with the difference")
	require.Equal(t, before+2, r.api.Writes())
	require.Equal(t, 1, r.writesOf(ids[1]))
	require.Equal(t, model.KindDrift, b.entries(audit.Refused)[0].Problem)
}

func TestWhatTheAPIDoesNotAnswerIsUnknownAndTheRunGoesOn(t *testing.T) {
	t.Parallel()
	r := newRig(t, 120, nil)
	ids := r.waiting(6)
	b := r.bulkDesk(t, r.inbox(), ids...)
	fault := func(id string, f sim.Fault) { r.api.Fault("PUT /omni/manual-review?interviewId="+id, f) }
	fault(ids[0], sim.Fault{Kind: sim.FaultStatus, Status: 500})
	fault(ids[1], sim.Fault{Kind: sim.FaultDrop, Applied: true})
	fault(ids[2], sim.Fault{Kind: sim.FaultStatus, Status: 422, Message: "No."})
	fault(ids[3], sim.Fault{Kind: sim.FaultRateLimit, RetryAfter: "1"})
	found, progress := b.run(rejectAll(ids...))
	require.Equal(t, desk.BulkFinished, progress.End)
	require.Equal(t, desk.BulkUnknown, found[ids[0]].State)
	require.Equal(t, desk.BulkDone, found[ids[1]].State, "the reading after it proves it")
	require.Equal(t, desk.WhyAPI, found[ids[2]].Why)
	require.Equal(t, desk.WhyAPI, found[ids[3]].Why, "a write is sent once, also when the API has had too many")
	require.Equal(t, desk.BulkDone, found[ids[4]].State)
	require.Equal(t, desk.BulkDone, found[ids[5]].State)
	for _, id := range ids {
		require.Equal(t, 1, r.writesOf(id))
	}
	at := map[string]time.Time{}
	for _, q := range r.writes() {
		at[strings.TrimPrefix(q.Query, "interviewId=")] = q.At
	}
	require.GreaterOrEqual(t, at[ids[4]].Sub(at[ids[3]]), time.Second, "Retry-After is waited for")
}

func TestARunEndsWhereNothingIsAnswered(t *testing.T) {
	t.Parallel()
	r := newRig(t, 120, nil)
	ids := r.waiting(8)
	b := r.bulkDesk(t, r.inbox(), ids...)
	r.api.Fault("PUT /omni/manual-review", sim.Fault{Kind: sim.FaultStatus, Status: 500})
	_, progress := b.run(rejectAll(ids...))
	require.Equal(t, desk.BulkHalted, progress.End)
	require.Equal(t, 5, progress.Unknown)
	require.Equal(t, 3, progress.Left)
	require.Equal(t, 5, r.api.Writes())
}

func TestARunWithoutATokenGoesOnAfterTheLogIn(t *testing.T) {
	t.Parallel()
	r := newRig(t, 120, nil)
	ids := r.waiting(4)
	b := r.bulkDesk(t, r.inbox(), ids...)
	o := rejectAll(ids...)
	items := b.dry(o)
	b.token.Set("has-ended")
	run, err := b.StartBulk(t.Context(), o, items)
	require.NoError(t, err)
	<-run.Done()
	require.Equal(t, desk.BulkHalted, run.Progress().End)
	require.Equal(t, model.KindAuth, run.Progress().Why.Kind)
	require.Equal(t, 4, run.Progress().Left)
	require.Empty(t, r.writes())

	b.token.Set(r.env["DOCKET_ADMIN_TOKEN"])
	rest, err := b.Remaining(t.Context(), run.Order.Batch)
	require.NoError(t, err)
	require.Equal(t, ids, rest.IDs)
	require.Equal(t, o.Action.Note, rest.Action.Note)
	r.must("approve", ids[2], "--reason", "checked-ok", "--yes")
	found, progress := b.run(rest)
	require.Equal(t, desk.BulkFinished, progress.End)
	require.Equal(t, desk.WhyChanged, found[ids[2]].Why)
	require.Equal(t, 3, progress.Done)
	require.Len(t, b.entries(audit.Plan), 4, "it is planned once")
	for _, id := range ids {
		require.Equal(t, 1, r.writesOf(id))
	}
}

func TestStopWaitsForWhatIsOnItsWayAndSendsNothingMore(t *testing.T) {
	t.Parallel()
	var run *desk.Bulk
	started := make(chan struct{})
	r := newRig(t, 120, func(api http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			if q.Method == http.MethodPut {
				<-started
				run.Stop()
			}
			api.ServeHTTP(w, q)
		})
	})
	ids := r.waiting(4)
	b := r.bulkDesk(t, r.inbox(), ids...)
	run = b.start(t.Context(), rejectAll(ids...))
	close(started)
	<-run.Done()
	p := run.Progress()
	require.Equal(t, desk.BulkStopped, p.End)
	require.Equal(t, []int{1, 3}, []int{p.Done, p.Left})
	require.Equal(t, 1, r.api.Writes())
	stop := b.entries(audit.Stop)
	require.Len(t, stop, 1)
	require.Equal(t, "3", stop[0].Detail)
	_, err := b.Remaining(t.Context(), run.Order.Batch)
	require.Equal(t, model.KindNotFound, model.AsProblem(err).Kind)
}

func TestWhatAnotherPersonBeganIsTheirs(t *testing.T) {
	t.Parallel()
	r := newRig(t, 120, nil)
	ids := r.waiting(3)
	b := r.bulkDesk(t, r.inbox(), ids...)
	e := audit.Entry{At: time.Now(), By: "os:bo", Event: audit.Plan, Session: ids[0], Action: "reject", Reason: "document-expired", Batch: "theirs"}
	require.NoError(t, b.store.PlanBatch(t.Context(), model.Batch{ID: "theirs", By: "os:bo", At: time.Now(), Action: rejectAll().Action}, []audit.Entry{e}))
	all, err := b.Unfinished(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.False(t, all[0].Mine)
	_, err = b.Remaining(t.Context(), "theirs")
	require.Equal(t, model.KindForbidden, model.AsProblem(err).Kind)
	require.Equal(t, model.KindForbidden, model.AsProblem(b.StopBatch(t.Context(), "theirs")).Kind, "it may be under way")
}

func TestTwoWhoGoOnWithARunSendEachSessionOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, 120, nil)
	ids := r.waiting(6)
	b := r.bulkDesk(t, r.inbox(), ids...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	o := desk.BulkOrder{IDs: ids, Action: model.Action{Kind: model.ActReview, Message: "look again"}} // no reading tells
	items := b.dry(o)
	run, err := b.StartBulk(context.WithoutCancel(ctx), o, items[:0])
	require.Nil(t, run)
	require.Error(t, err, "nothing to send")
	b.token.Set("has-ended")
	run, err = b.StartBulk(t.Context(), o, items)
	require.NoError(t, err)
	<-run.Done()
	b.token.Set(r.env["DOCKET_ADMIN_TOKEN"])
	second := r.bulkDesk(t, r.inbox())
	var runs []*desk.Bulk
	for _, seat := range []*bulkDesk{b, second} {
		rest, err := seat.Remaining(t.Context(), run.Order.Batch)
		require.NoError(t, err)
		items := seat.dry(rest)
		again, err := seat.StartBulk(t.Context(), rest, items)
		require.NoError(t, err)
		runs = append(runs, again)
	}
	for _, again := range runs {
		<-again.Done()
	}
	for _, id := range ids {
		require.Equal(t, 1, r.writesOf(id))
	}
}

func TestExpiringIsOneCallForMany(t *testing.T) {
	t.Parallel()
	r := newRig(t, 400, nil)
	ids := r.find(12, "under way", func(so sim.Session) bool { return so.Verdict == "" && so.OnboardingStatus != "EXPIRED" })
	b := r.bulkDesk(t, r.inbox(), ids...)
	found, progress := b.run(desk.BulkOrder{IDs: ids, Action: model.Action{Kind: model.ActExpire, Conditions: []string{model.ExpireIncomplete, model.ExpireNeedsReview}}})
	require.Equal(t, 1, r.api.Writes())
	require.Equal(t, desk.BulkFinished, progress.End)
	require.Equal(t, 12, len(found))
	for _, id := range ids {
		if found[id].State == desk.BulkDone && found[id].Status != model.StatusExpired {
			require.Contains(t, found[id].Says, "still reads", "each is read back")
		}
	}
	require.Len(t, b.entries(audit.Intent), progress.Done)
	require.NotZero(t, progress.Done)
}

// TestAThousandSessionsFitInMemory looks at a thousand, and at what is kept of
// them.
func TestAThousandSessionsFitInMemory(t *testing.T) {
	r := newRig(t, 1000, nil)
	ids := r.api.IDs()
	require.Len(t, ids, 1000)
	for _, id := range ids {
		r.session(id) // the simulator makes it when it is asked for
	}
	b := r.bulkDesk(t, r.inbox())
	before := heap()
	items := b.dry(desk.BulkOrder{IDs: ids, Action: model.Action{Kind: model.ActClose}})
	kept := int64(heap()) - int64(before)
	require.Less(t, kept, int64(24<<20), "of two thousand it is twice that")
	runtime.KeepAlive(items)
	t.Logf("%d kB kept", kept>>10)
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
