package intake_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/intake"
	"docket/model"
	"docket/sim"
	"docket/store"
)

// status is what the look-up of a session's status is at the API.
func status(id string) string { return "/omni/get/onboarding/status?id=" + id }

func score(id string) string { return "/omni/get/score?id=" + id }

func TestARowComesFromTheBodyAlone(t *testing.T) {
	r := newRig(t)
	id := r.find(1, waiting1)[0]
	r.api.Fault("/omni/*", sim.Fault{Kind: sim.FaultHang})
	r.start()
	r.accept(r.hook(id))
	row := r.row(id, func(model.Row) bool { return true })
	require.Equal(t, model.Status(r.hook(id).Status), row.Status)
	require.Equal(t, "omni", row.Provider)
	require.Equal(t, r.hook(id).FlowID, row.FlowID)
	require.Equal(t, r.hook(id).ExternalID, row.ExternalID)
	require.Equal(t, r.clock.Now().UTC().Truncate(time.Microsecond), row.AddedAt)
	require.Empty(t, row.Verdict)
	require.Empty(t, row.Problems)

	r.api.ClearFaults() // what hangs is cut off, and tried again
	r.forward(time.Minute)
	row = r.row(id, func(row model.Row) bool { return row.Verdict != "" })
	require.Equal(t, model.Manual, row.Verdict)
	require.NotEmpty(t, row.Name.Reveal())
	require.True(t, row.WaitsFrom.Before(row.AddedAt), "its events tell since when it waits")
}

func TestALookUpThatFailsMarksTheRowAndIsTriedAgain(t *testing.T) {
	r := newRig(t)
	id := r.find(1, waiting1)[0]
	r.api.Fault(score(id), sim.Fault{Kind: sim.FaultStatus, Status: 500, Message: "not for logs", Times: 1})
	r.start()
	r.accept(r.hook(id))
	r.await("look-up put off", 1)
	row := r.get(id)
	require.Equal(t, []model.Failed{{Part: model.PartScore, Kind: model.KindServer, HTTP: 500}}, row.Problems)
	require.NotEmpty(t, row.Name.Reveal(), "what came is there")

	r.forward(9 * time.Second)
	require.Zero(t, r.depth().Due[store.JobLookUp], "ten seconds first")
	r.forward(4 * time.Second)
	r.await("look-up done", 1)
	row = r.get(id)
	require.Equal(t, model.Manual, row.Verdict)
	require.Empty(t, row.Problems)
	require.NotContains(t, r.logged(), "not for logs")
}

func TestWhatFailsTooOftenWaitsForAPerson(t *testing.T) {
	r := newRig(t)
	id := r.find(1, waiting1)[0]
	r.api.Fault(score(id), sim.Fault{Kind: sim.FaultStatus, Status: 500})
	r.start()
	r.accept(r.hook(id))
	for n := 1; n < 8; n++ {
		r.await("look-up put off", n)
		r.forward(90 * time.Minute)
	}
	r.await("look-up aside", 1)
	jobs := r.aside()
	require.Len(t, jobs, 1)
	require.Equal(t, "score: the API failed (500)", jobs[0].Reason)
	require.Equal(t, 8, jobs[0].Tries)

	r.api.ClearFaults()
	n, err := r.inbox.Retry(t.Context(), r.clock.Now(), id)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	r.forward(time.Second)
	r.await("look-up done", 1)
	require.Empty(t, r.aside())
}

func TestTooManyRequestsAreWaitedFor(t *testing.T) {
	r := newRig(t)
	id := r.find(1, waiting1)[0]
	r.api.Fault(score(id), sim.Fault{Kind: sim.FaultRateLimit, RetryAfter: "100", Times: 1})
	r.start()
	r.accept(r.hook(id))
	r.await("look-up put off", 1)
	r.forward(90 * time.Second)
	require.Zero(t, r.depth().Due[store.JobLookUp], "the API asked for more")
	r.forward(40 * time.Second)
	r.await("look-up done", 1)
}

func TestASessionThatTheAPIDoesNotKnowKeepsItsRow(t *testing.T) {
	r := newRig(t)
	r.start()
	r.accept(intake.Hook{Kind: intake.KindOnboarding, ID: "66e0b7a1c9d24f0088a1c0ee", Status: "ONBOARDING_FINISHED"})
	r.await("look-up missing", 1)
	row := r.get("66e0b7a1c9d24f0088a1c0ee")
	require.Equal(t, model.StatusFinished, row.Status)
	require.Contains(t, row.Problems, model.Failed{Part: model.PartStatus, Kind: model.KindNotFound, HTTP: 404})
	d := r.depth()
	require.Zero(t, d.Due[store.JobLookUp]+d.Later[store.JobLookUp]+d.Aside, "asking again does not help")
}

func TestWhoWasForgottenStaysForgotten(t *testing.T) {
	r := newRig(t)
	id := r.find(1, waiting1)[0]
	r.start()
	r.accept(r.hook(id))
	r.await("look-up done", 1)
	require.NoError(t, r.inbox.Forget(t.Context(), id))
	before := r.api.Count("GET", "/omni/get/score")
	r.accept(r.hook(id))
	r.await("look-up dropped", 1)
	row := r.get(id)
	require.Equal(t, model.Deleted, row.Life)
	require.Empty(t, row.Name.Reveal()+string(row.Status)+string(row.Verdict))
	require.Equal(t, before, r.api.Count("GET", "/omni/get/score"), "nothing is read of them")
}

func TestResultsOfThoseWhoAreKnown(t *testing.T) {
	r := newRig(t)
	r.start()
	spoof := intake.Hook{Kind: intake.KindAuthentication, ID: "e59ee5a0", CustomerID: "67dda40e", Outcome: "FAIL", Detail: "spoof\x1b[2J attempt"}
	r.accept(spoof, spoof, intake.Hook{Kind: intake.KindIdentity, ID: "9a1", Event: "verification.completed", CustomerID: "67dd"})
	r.await("placed identity", 1)
	results, err := r.inbox.Results(t.Context(), 9)
	require.NoError(t, err)
	require.Len(t, results, 2)
	kinds := map[string]store.Result{results[0].Kind: results[0], results[1].Kind: results[1]}
	require.Equal(t, "FAIL", kinds["authentication"].Outcome)
	require.NotContains(t, kinds["authentication"].Detail, "\x1b")
	require.Equal(t, "9a1", kinds["verification.completed"].ID)
	counts, err := r.inbox.Counts(t.Context(), "", r.clock.Now())
	require.NoError(t, err)
	require.Zero(t, counts[model.ViewAll], "they are no sessions")
}

func TestPoisonIsSetAsideAndTheRestComesIn(t *testing.T) {
	r := newRig(t)
	ids := r.find(3, waiting1)
	ctx := t.Context()
	for _, body := range []string{"not JSON", `{"kind":"weather","id":"a"}`, `{"kind":"onboarding","id":"a'; drop table session"}`} {
		require.NoError(t, r.inbox.Accept(ctx, store.Delivery{At: r.clock.Now(), Body: []byte(body)}))
	}
	r.accept(r.hook(ids[0]), r.hook(ids[1]))
	r.start()
	r.await("look-up done", 2)
	jobs := r.aside()
	require.Len(t, jobs, 3)
	for _, j := range jobs {
		require.Equal(t, store.JobWebhook, j.Kind)
		require.NotEmpty(t, j.Reason)
	}
	n, err := r.inbox.Retry(ctx, r.clock.Now())
	require.NoError(t, err)
	require.Equal(t, 3, n)
	r.Poke()
	r.await("placed aside", 6)
	require.Len(t, r.aside(), 3, "it is as wrong as before")
}

// failing is an inbox that fails at some webhooks, or at all.
type failing struct {
	store.Inbox
	mu   sync.Mutex
	at   string // at those that say this
	down error
	n    int // how often it failed
}

func (f *failing) Place(ctx context.Context, n int, fn func([]store.Delivery) store.Placed) (int, error) {
	f.mu.Lock()
	at, down := f.at, f.down
	f.mu.Unlock()
	poisoned := errors.New("a damaged row")
	got, err := 0, down
	if err == nil {
		got, err = f.Inbox.Place(ctx, n, func(all []store.Delivery) store.Placed {
			p := fn(all)
			for _, r := range p.Rows {
				if at != "" && strings.Contains(r.ID, at) {
					p.Rows = append(p.Rows, model.Row{}) // which cannot be kept
				}
			}
			return p
		})
	}
	if err != nil {
		f.mu.Lock()
		f.n++
		f.mu.Unlock()
		return 0, errors.Join(poisoned, err)
	}
	return got, nil
}

func (f *failing) failed() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.n
}

func TestAWebhookThatTheStoreFailsAtIsSetAsideAlone(t *testing.T) {
	var f *failing
	r := newRig(t, func(r *rig) {
		f = &failing{Inbox: r.inbox}
		r.inbox = f
	})
	ids := r.find(3, waiting1)
	f.at = ids[1]
	r.accept(r.hook(ids[0]), r.hook(ids[1]), r.hook(ids[2]))
	r.start()
	for r.depth().Aside == 0 {
		r.forward(time.Second)
	}
	r.await("look-up done", 2)
	require.Equal(t, 4, f.failed(), "together, and three times alone")
	jobs := r.aside()
	require.Len(t, jobs, 1)
	require.Contains(t, string(jobs[0].Body), ids[1])
}

func TestNothingIsSetAsideBecauseTheDatabaseIsDown(t *testing.T) {
	var f *failing
	r := newRig(t, func(r *rig) {
		f = &failing{Inbox: r.inbox, down: store.ErrDown}
		r.inbox = f
	})
	id := r.find(1, waiting1)[0]
	r.accept(r.hook(id))
	r.start()
	for f.failed() < 6 {
		r.forward(10 * time.Second)
	}
	require.Empty(t, r.aside())
	f.mu.Lock()
	f.down = nil
	f.mu.Unlock()
	for r.depth().Deliveries > 0 {
		r.forward(time.Second)
	}
	r.await("look-up done", 1)
	require.Empty(t, r.aside())
}

func TestSessionsThatHaveNotBegunAreAskedForAgain(t *testing.T) {
	r := newRig(t)
	id := r.find(1, func(so sim.Session) bool { return so.Story == "started" && so.OnboardingStatus == "UNKNOWN" })[0]
	r.start()
	r.accept(intake.Hook{Kind: intake.KindSession, ID: id, Event: "SESSION_STARTED"})
	r.await("look-up waits", 1)
	require.Equal(t, model.StatusUnknown, r.get(id).Status)
	for n, wait := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 30 * time.Minute, 30 * time.Minute} {
		r.forward(wait - time.Second)
		require.Zero(t, r.depth().Due[store.JobLookUp], "%s after %d", wait, n)
		r.forward(time.Second)
		r.await("look-up waits", n+2)
	}
	require.Empty(t, r.get(id).Problems)

	r.accept(intake.Hook{Kind: intake.KindSession, ID: id, Event: "SESSION_STARTED"})
	r.await("look-up waits", 10)
	r.forward(30 * time.Second) // it counts from the beginning
	r.await("look-up waits", 11)
	r.forward(72 * time.Hour)
	r.await("look-up done", 1)
	d := r.depth()
	require.Zero(t, d.Due[store.JobLookUp]+d.Later[store.JobLookUp], "it will not begin any more")
}

func TestARefusedTokenBurnsNoTries(t *testing.T) {
	r := newRig(t)
	ids := r.find(4, waiting1)
	r.token.Set("has-ended")
	r.start()
	r.accept(r.hook(ids[0]))
	r.await("look-up waits", 1)
	require.Equal(t, model.KindAuth, r.get(ids[0]).Problems[0].Kind, "the row says so")
	before := r.api.Count("GET", "/omni/get/score")
	r.accept(r.hook(ids[1]), r.hook(ids[2]), r.hook(ids[3]))
	r.row(ids[3], func(model.Row) bool { return true })
	for n := 2; n < 12; n++ {
		r.forward(time.Minute)
		r.await("look-up waits", n)
	}
	require.Equal(t, before+10, r.api.Count("GET", "/omni/get/score"), "one is tried a minute")
	require.Equal(t, 1, strings.Count(r.logged(), "look-ups wait"), r.logged())
	require.NotContains(t, r.logged(), "has-ended")

	r.token.Set(r.api.ExecutiveToken())
	r.forward(time.Minute)
	r.await("look-up done", 1)
	r.forward(time.Minute)
	r.await("look-up done", 4)
	require.Equal(t, 1, strings.Count(r.logged(), "the API answers again"))
	require.Empty(t, r.aside())
}

func TestASessionThatIsRefusedAloneHoldsNothingUp(t *testing.T) {
	r := newRig(t)
	ids := r.find(2, waiting1)
	for _, part := range []string{status(ids[0]), score(ids[0]), "/omni/get/ocr-data?id=" + ids[0]} {
		r.api.Fault(part, sim.Fault{Kind: sim.FaultStatus, Status: 403})
	}
	r.start()
	r.accept(r.hook(ids[0]))
	r.await("look-up waits", 1)
	r.accept(r.hook(ids[1]))
	r.row(ids[1], func(model.Row) bool { return true })
	for n := range 20 {
		if got, _ := r.told.count("look-up put off"); got > 0 {
			break
		}
		require.Less(t, n, 19)
		before := r.told.total()
		r.forward(time.Minute)
		r.told.await(before)
	}
	got, _ := r.told.count("look-up done")
	require.Equal(t, 1, got, "the other was read")
	r.accept(r.hook(ids[1]))
	r.await("look-up done", 2)
}

func TestNothingBurnsTriesWhileNothingCanBeReached(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	r := newRig(t)
	url := r.http.URL
	r.make(gone.URL)
	ids := r.find(6, waiting1)
	stop := r.start()
	for _, id := range ids {
		r.accept(r.hook(id))
	}
	r.await("look-up waits", 1)
	for n := range 20 {
		r.forward(10 * time.Second)
		r.await("look-up waits", n+2)
	}
	require.Empty(t, r.aside())
	require.Equal(t, 1, strings.Count(r.logged(), "look-ups wait"), r.logged())
	d := r.depth()
	require.Equal(t, int64(6), d.Due[store.JobLookUp]+d.Later[store.JobLookUp])
	stop()

	r.make(url)
	r.start()
	r.forward(3 * time.Minute)
	r.await("look-up done", 6)
	for _, id := range ids {
		require.Empty(t, r.get(id).Problems)
	}
}

// An outage may end in the middle of a reading: that is no failure of the session, but
// what stays so is one.
func TestTheEndOfAnOutageBurnsNoTry(t *testing.T) {
	r := newRig(t)
	id := r.find(1, waiting1)[0]
	r.token.Set("has-ended")
	r.start()
	r.accept(r.hook(id))
	r.await("look-up waits", 1)
	r.token.Set(r.api.ExecutiveToken())
	r.api.Fault(score(id), sim.Fault{Kind: sim.FaultStatus, Status: 401})
	r.forward(time.Minute)
	r.await("look-up waits", 2)
	n, _ := r.told.count("look-up put off")
	require.Zero(t, n)
	r.forward(time.Minute)
	r.await("look-up put off", 1)
	r.api.ClearFaults()
	r.forward(time.Minute)
	r.await("look-up done", 1)
	require.Empty(t, r.get(id).Problems)
}

func TestTheEndWaitsForWhatIsUnderWay(t *testing.T) {
	r := newRig(t)
	ids := r.find(12, waiting1)
	held := make(chan struct{})
	begun := make(chan struct{}, 100)
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		begun <- struct{}{}
		<-held
		r.api.ServeHTTP(w, q)
	}))
	t.Cleanup(slow.Close)
	r.make(slow.URL)
	for _, id := range ids {
		r.accept(r.hook(id))
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	r.Poke()
	for range 8 * 3 { // eight sessions, three parts each
		<-begun
	}
	cancel()
	close(held)
	require.NoError(t, <-ended)
	got, _ := r.told.count("look-up done")
	require.Equal(t, 8, got, "what was taken is done, nothing more is taken")
	require.Equal(t, int64(4), r.depth().Due[store.JobLookUp])

	r.make(r.http.URL) // the next goes on
	r.start()
	r.await("look-up done", 12)
}

func TestTheEndDoesNotWaitForEver(t *testing.T) {
	r := newRig(t, func(r *rig) { r.cfg.Drain = 5 * time.Second })
	id := r.find(1, waiting1)[0]
	begun := make(chan struct{}, 100)
	stuck := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		begun <- struct{}{}
		<-q.Context().Done()
	}))
	t.Cleanup(stuck.Close)
	r.make(stuck.URL)
	r.accept(r.hook(id))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	<-begun
	cancel()
	for len(ended) == 0 {
		r.forward(time.Second)
	}
	require.ErrorIs(t, <-ended, intake.ErrCut)
	d := r.depth()
	require.Equal(t, int64(1), d.Due[store.JobLookUp]+d.Later[store.JobLookUp], "it is still to be done, when its lease ends")

	r.make(r.http.URL)
	r.start()
	r.forward(2 * time.Minute)
	r.await("look-up done", 1)
}
