package intake_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/audit"
	"docket/intake"
	"docket/model"
	"docket/store"
	"docket/store/sqlite"
)

// history is every webhook that the sessions have sent until now, in order.
func history(r *rig, ids []string) (all []intake.Hook) {
	byRank := slices.SortedFunc(slices.Values(model.Statuses()), func(a, b model.Status) int { return a.Rank() - b.Rank() })
	for _, id := range ids {
		last := r.hook(id)
		all = append(all, intake.Hook{Kind: intake.KindSession, ID: id, Event: "SESSION_STARTED"})
		for _, s := range byRank {
			if s.Rank() > 0 && s.Rank() < model.Status(last.Status).Rank() && s.Rank() < model.StatusManualReviewApproved.Rank() {
				h := last
				h.Status = string(s)
				all = append(all, h)
			}
		}
		if model.Status(last.Status).Rank() > 0 {
			all = append(all, last)
		}
	}
	return all
}

// disturbed is what comes of them on a bad day: three of ten come twice, and three of
// ten are not where they belong.
func disturbed(all []intake.Hook, rng *rand.Rand) []intake.Hook {
	out := slices.Clone(all)
	for _, h := range all {
		if rng.IntN(10) < 3 {
			out = slices.Insert(out, rng.IntN(len(out)+1), h)
		}
	}
	for i := range out {
		if rng.IntN(10) < 3 {
			j := rng.IntN(len(out))
			out[i], out[j] = out[j], out[i]
		}
	}
	return out
}

// quiet waits until nothing is to be done but to ask again for sessions that have not
// begun.
func (r *rig) quiet() {
	r.t.Helper()
	late := time.After(2 * time.Minute)
	for {
		_, changed := r.told.count("")
		polling := r.polling() // first: a look-up that ends leaves other jobs behind
		d := r.depth()
		busy := d.Deliveries + d.Due[store.JobLookUp]
		for _, kind := range []store.JobKind{store.JobNotify, store.JobEnroll} {
			busy += d.Due[kind] + d.Later[kind]
		}
		if busy == 0 && polling {
			return
		}
		select {
		case <-changed:
		case <-time.After(2 * time.Second):
			// Time ran while some waited for the inbox or a lane: they have their turn
			// later. What is under way keeps its lease, of a minute.
			r.forward(10 * time.Second)
		case <-late:
			require.FailNow(r.t, "it does not come to rest", "%+v\n%s", d, r.logged())
		}
	}
}

// polling reports whether no webhook and no look-up is left but those of sessions that have not begun,
// which are asked for again and again.
func (r *rig) polling() bool {
	r.t.Helper()
	d, idling := r.depth(), int64(0)
	for _, row := range r.stored() {
		begun := row.Status != "" && row.Status != model.StatusUnknown || row.Verdict != "" || row.Life == model.Deleted
		if !begun && !row.ReadAt.IsZero() {
			idling++
		}
	}
	return d.Deliveries == 0 && d.Due[store.JobLookUp]+d.Later[store.JobLookUp] == idling
}

// rows are all rows, without the times at which things happened to be done here.
func (r *rig) rows() map[string]model.Row {
	r.t.Helper()
	all := map[string]model.Row{}
	for _, row := range r.stored() {
		row.UpdatedAt, row.ReadAt, row.ActedAt = time.Time{}, time.Time{}, time.Time{}
		all[row.ID] = row
	}
	return all
}

func (r *rig) stored() []model.Row {
	r.t.Helper()
	page, err := r.inbox.List(r.t.Context(), model.Query{Limit: 1000})
	require.NoError(r.t, err)
	require.False(r.t, page.More)
	return page.Rows
}

// actions are what rules did, and what was sent, by session.
func (r *rig) actions() map[string]int {
	n := map[string]int{}
	for _, e := range append(r.entries(audit.Rule), r.sent()...) {
		n[e.By+" "+string(e.Event)+" "+e.Session+" "+e.Detail]++
	}
	return n
}

// sent are the intents that went to the API. One that did not, because the inbox was busy
// for too long before it, is tried again with an intent of its own.
func (r *rig) sent() []audit.Entry {
	kept := map[string]bool{}
	for _, e := range r.entries(audit.Refused) {
		kept[e.Ref] = true
	}
	return slices.DeleteFunc(r.entries(audit.Intent), func(e audit.Entry) bool { return kept[e.Ref] })
}

// told of each session how often.
func (r *receiver) perSession() map[string]int {
	n := map[string]int{}
	for _, body := range r.taken() {
		n[body["rule"]+" "+body["id"]]++
	}
	return n
}

func everyRule(to *receiver) []option {
	return []option{target(to), rules(
		enrolling,
		model.InboxRule{Name: "look", Event: model.RuleVerdict, Verdicts: []model.Verdict{model.Manual, model.Fail}, Notify: []string{"ops"}, Tags: []string{"look"}},
		model.InboxRule{Name: "new", Event: model.RuleArrived, Notify: []string{"ops"}},
	)}
}

// senders is how many send webhooks at once.
const senders = 16

func TestDuplicatesAndShuffledOrderChangeNothing(t *testing.T) {
	at := later()
	run := func(t *testing.T, workers int, change func([]intake.Hook) []intake.Hook, sender func(int, intake.Hook) int) (*rig, *receiver, []intake.Hook) {
		to := newReceiver(t)
		r := newRig(t, append(everyRule(to), func(r *rig) { r.clock.at, r.begun = at, at.Add(-time.Hour) })...)
		hooks := change(history(r, r.api.IDs()))
		r.start()
		for range workers - 1 {
			r.another()
		}
		var sending sync.WaitGroup
		for n := range senders {
			sending.Go(func() {
				for i, h := range hooks {
					if sender(i, h)%senders != n {
						continue
					}
					if err := r.inbox.Accept(t.Context(), store.Delivery{At: at, Body: h.Body()}); err != nil {
						t.Error(err)
					}
					r.Poke()
				}
			})
		}
		sending.Wait()
		r.quiet()
		return r, to, hooks
	}
	straight, told, hooks := run(t, 1, func(all []intake.Hook) []intake.Hook { return all },
		func(_ int, h intake.Hook) int { return int(h.ID[0]) + int(h.ID[5]) })
	require.Greater(t, len(hooks), 1500)
	bad, toldBad, hooksBad := run(t, 2, func(all []intake.Hook) []intake.Hook {
		return disturbed(all, rand.New(rand.NewPCG(1, 7)))
	}, func(i int, _ intake.Hook) int { return i })
	require.Greater(t, len(hooksBad), 2000)
	require.Len(t, straight.rows(), 300)
	require.Equal(t, straight.rows(), bad.rows())
	require.Equal(t, straight.actions(), bad.actions())
	require.Equal(t, told.perSession(), toldBad.perSession())
	require.Empty(t, bad.aside())
	for what, n := range bad.actions() {
		require.Equal(t, 1, n, what)
	}
	for what, n := range toldBad.perSession() {
		require.Equal(t, 1, n, what)
	}
	require.Positive(t, bad.api.Writes())
	require.Equal(t, len(bad.sent()), bad.api.Writes())
	require.Equal(t, straight.api.Writes(), bad.api.Writes())
}

// another starts one more worker on the same inbox, as another gateway would be.
func (r *rig) another() {
	r.t.Helper()
	first := r.Worker
	r.make(r.http.URL)
	r.start()
	r.Worker = first
}

// Any order of any webhooks leaves the status that is furthest.
func TestAnyOrderLeavesWhatIsFurthest(t *testing.T) {
	st, err := sqlite.Temp(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	sessions := 0
	rapid.Check(t, func(rt *rapid.T) {
		sessions++
		id := fmt.Sprintf("s%d", sessions)
		statuses := append(model.Statuses()[:7:7], "SOMETHING_NEW", "")
		order := rapid.SliceOfN(rapid.SampledFrom(statuses), 1, 12).Draw(rt, "order")
		furthest := model.Status("")
		var all []store.Delivery
		for i, s := range order {
			if s.Rank() > furthest.Rank() || furthest.Rank() == 0 && s != "" {
				furthest = s
			}
			all = append(all, store.Delivery{Seq: int64(i), At: time.Now(), Body: intake.Hook{Kind: intake.KindOnboarding, ID: id, Status: string(s)}.Body()})
		}
		for _, d := range all {
			require.NoError(rt, st.Accept(t.Context(), d))
		}
		for n := 1; n > 0; {
			var err error
			n, err = st.Place(t.Context(), rapid.IntRange(1, 5).Draw(rt, "batch"), intake.Placed)
			require.NoError(rt, err)
		}
		row, err := st.Get(t.Context(), id)
		require.NoError(rt, err)
		require.Equal(rt, furthest, row.Status)
	})
}

func TestTwoWorkersOnOneInbox(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shared.db")
	var first store.Inbox
	to := newReceiver(t)
	r := newRig(t, append(everyRule(to), func(r *rig) {
		st, err := sqlite.Open(t.Context(), path)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, st.Close()) })
		first, r.inbox = st, st
	})...)
	second, err := sqlite.Open(t.Context(), path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, second.Close()) })
	r.start()
	r.inbox = second
	r.another()
	ids := r.api.IDs()[:120]
	for i, h := range history(r, ids) {
		inbox := []store.Inbox{first, second}[i%2]
		require.NoError(t, inbox.Accept(t.Context(), store.Delivery{At: r.clock.Now(), Body: h.Body()}))
		r.Poke()
	}
	for r.depth().Deliveries > 0 {
		r.forward(250 * time.Millisecond)
	}
	r.quiet()
	require.Len(t, r.rows(), len(ids))
	for what, n := range r.actions() {
		require.Equal(t, 1, n, what)
	}
	for what, n := range to.perSession() {
		require.Equal(t, 1, n, what)
	}
	require.Equal(t, len(r.sent()), r.api.Writes(), r.logged())
}
