package intake_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/intake"
	"docket/model"
	"docket/sim"
	"docket/store"
)

const secret = "a-secret-of-the-test"

// receiver takes outgoing webhooks as a customer's server would.
type receiver struct {
	*httptest.Server
	mu    sync.Mutex
	fails []int // statuses to answer with first
	got   []delivery
}

type delivery struct {
	key  string
	body map[string]string
	ok   bool // the signature is right, and it was taken
}

func newReceiver(t *testing.T, fails ...int) *receiver {
	t.Helper()
	r := &receiver{fails: fails}
	r.Server = httptest.NewServer(http.HandlerFunc(r.take))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) take(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	d := delivery{key: q.Header.Get("X-Docket-Delivery")}
	d.ok = q.Header.Get("X-Docket-Signature") == "sha256="+hex.EncodeToString(mac.Sum(nil)) && json.Unmarshal(body, &d.body) == nil
	r.mu.Lock()
	defer r.mu.Unlock()
	status := http.StatusNoContent
	if len(r.fails) > 0 {
		status, r.fails = r.fails[0], r.fails[1:]
		w.Header().Set("Location", "/elsewhere")
		d.ok = false
	}
	r.got = append(r.got, d)
	w.WriteHeader(status)
}

// taken are the deliveries, each once.
func (r *receiver) taken() map[string]map[string]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := map[string]map[string]string{}
	for _, d := range r.got {
		if d.ok {
			all[d.key] = d.body
		}
	}
	return all
}

func target(r *receiver) option {
	return func(rig *rig) { rig.cfg.Targets = []intake.Target{intake.NewTarget("ops", r.URL, secret)} }
}

func TestATargetIsToldWithASignature(t *testing.T) {
	to := newReceiver(t, 500, 302)
	r := newRig(t, target(to), rules(model.InboxRule{
		Name: "tell", Event: model.RuleVerdict, Verdicts: []model.Verdict{model.Manual}, Notify: []string{"ops"}, Tags: []string{"told"}, Ahead: time.Hour, Assign: "os:ana", For: time.Hour,
	}))
	id := r.find(1, func(so sim.Session) bool { return so.Verdict == "MANUAL" && so.ReviewReason == "RULE_APPLIED" })[0]
	r.start()
	r.accept(r.hook(id))
	for n := range 2 {
		r.await("notify put off", n+1)
		r.forward(time.Minute)
	}
	r.await("notify done", 1)
	require.Len(t, to.got, 3, "it was sent until it was taken; what redirects is not followed")
	require.Equal(t, to.got[0].key, to.got[2].key)
	taken := to.taken()
	require.Len(t, taken, 1)
	for _, body := range taken {
		at, err := time.Parse(time.RFC3339, body["at"])
		require.NoError(t, err)
		require.WithinDuration(t, r.clock.Now(), at, 10*time.Minute)
		delete(body, "at")
		require.Equal(t, map[string]string{
			"event": "verdict", "rule": "tell", "id": id, "verdict": "MANUAL", "status": "ONBOARDING_FINISHED", "reviewReason": "RULE_APPLIED",
		}, body)
	}
	row := r.get(id)
	require.Equal(t, []string{"told"}, row.Tags)
	require.Equal(t, "os:ana", row.ClaimedBy)
	require.Equal(t, time.Hour, row.Ahead)
	require.Equal(t, "rule:tell", r.entries(audit.Rule)[0].By)
	require.Equal(t, "rule:tell", r.entries(audit.Claim)[0].By)

	r.accept(r.hook(id), r.hook(id))
	r.await("look-up done", 2)
	r.Wake()
	require.Len(t, to.taken(), 1, "it did not change")
	require.Len(t, r.entries(audit.Rule), 1)
	require.NotContains(t, fmt.Sprintf("%v %+v", r.cfg.Targets, r.cfg.Targets[0]), secret)
}

// parcels are orders to tell targets of something.
func parcels(r *rig, target string, n int) (all []store.Job) {
	for i := range n {
		all = append(all, store.Job{
			Kind: store.JobNotify, Key: fmt.Sprintf("%s-%03d", target, i), Due: r.clock.Now(), Body: []byte(`{"target":"` + target + `","says":{"id":"a1"}}`),
		})
	}
	return all
}

// A target that takes its time keeps nobody else's news waiting, and gets all of its own
// in the end.
func TestASlowTargetHoldsNoOtherUp(t *testing.T) {
	quick, release, under := newReceiver(t), make(chan struct{}), make(chan struct{}, 100)
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		under <- struct{}{}
		<-release
	}))
	t.Cleanup(slow.Close)
	let := sync.OnceFunc(func() { close(release) })
	t.Cleanup(let)
	r := newRig(t, func(r *rig) {
		r.cfg.Targets = []intake.Target{intake.NewTarget("slow", slow.URL, secret), intake.NewTarget("quick", quick.URL, secret)}
	})
	require.NoError(t, r.inbox.AddJobs(t.Context(), parcels(r, "slow", 40)...))
	r.clock.forward(time.Millisecond) // the others are younger
	require.NoError(t, r.inbox.AddJobs(t.Context(), parcels(r, "quick", 3)...))
	r.start()
	for n, changed := r.told.count("notify done"); n < 3; n, changed = r.told.count("notify done") {
		r.forward(time.Second)
		select {
		case <-changed:
		case <-time.After(time.Millisecond): // something may have begun to wait
		}
	}
	require.Len(t, quick.taken(), 3)
	require.Len(t, under, 4)
	let()
	for n := 4; n <= 43; n++ {
		r.forward(20 * time.Second) // later than any turn that was given
		r.await("notify done", n)
	}
	require.Empty(t, r.aside())
	n, _ := r.told.count("notify put off")
	require.Zero(t, n, "nothing was wrong with what waited")
}

func TestATargetSaysUntilWhenToWait(t *testing.T) {
	var r *rig
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", r.clock.Now().Add(20*time.Minute).UTC().Format(http.TimeFormat))
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(busy.Close)
	r = newRig(t, func(r *rig) { r.cfg.Targets = []intake.Target{intake.NewTarget("ops", busy.URL, secret)} })
	require.NoError(t, r.inbox.AddJobs(t.Context(), parcels(r, "ops", 1)...))
	r.start()
	r.await("notify put off", 1)
	r.clock.forward(19 * time.Minute)
	require.Zero(t, r.depth().Due[store.JobNotify])
	r.clock.forward(6 * time.Minute)
	require.EqualValues(t, 1, r.depth().Due[store.JobNotify])
}

func TestATargetThatDoesNotAnswerIsSetAside(t *testing.T) {
	to := newReceiver(t)
	to.Close()
	r := newRig(t, target(to), rules(model.InboxRule{Name: "tell", Event: model.RuleArrived, Notify: []string{"ops", "gone"}}))
	id := r.find(1, waiting1)[0]
	r.start()
	r.accept(r.hook(id))
	r.await("notify aside", 1)
	for n := 1; n < 8; n++ {
		r.await("notify put off", n)
		r.forward(2 * time.Hour)
	}
	r.await("notify aside", 2)
	reasons := map[string]bool{}
	for _, j := range r.aside() {
		reasons[j.Reason] = true
	}
	require.Equal(t, map[string]bool{"the target could not be reached": true, "the configuration has no target gone": true}, reasons)
}

func TestATargetThatIsNotTrustedIsToldAsThat(t *testing.T) {
	foreign := httptest.NewUnstartedServer(http.NotFoundHandler())
	foreign.Config.ErrorLog = log.New(io.Discard, "", 0)
	foreign.StartTLS()
	t.Cleanup(foreign.Close)
	r := newRig(t, func(r *rig) { r.cfg.Targets = []intake.Target{intake.NewTarget("ops", foreign.URL, secret)} })
	require.NoError(t, r.inbox.AddJobs(t.Context(), parcels(r, "ops", 1)...))
	r.make(foreign.URL) // and an API that is not
	id := r.find(1, waiting1)[0]
	r.start()
	r.accept(r.hook(id))
	r.await("notify put off", 1)
	require.Contains(t, r.logged(), "the target's TLS certificate is not trusted")
	r.await("look-up waits", 1)
	require.Contains(t, r.logged(), "look-ups wait: status: the API's TLS certificate is not trusted")
}

var enrolling = model.InboxRule{Name: "enrol-passed", Event: model.RuleVerdict, Verdicts: []model.Verdict{model.OK}, Enroll: true}

func TestARuleEnrolsOnce(t *testing.T) {
	r := newRig(t, rules(enrolling))
	id := r.find(1, passed)[0]
	r.start()
	r.accept(r.hook(id), r.hook(id))
	r.await("enroll done", 1)
	require.Equal(t, 1, r.api.Writes())
	so, _ := r.api.Session(id)
	require.NotEmpty(t, so.CustomerID)
	intents, outcomes := r.entries(audit.Intent), r.entries(audit.Outcome)
	require.Len(t, intents, 1)
	require.Equal(t, "rule:enrol-passed", intents[0].By)
	require.Equal(t, "enroll", intents[0].Action)
	require.NotEmpty(t, intents[0].Evidence, "what it rests on")
	require.Len(t, outcomes, 1)
	require.Equal(t, "done", outcomes[0].Result)

	// The same order again, as after a crash before the job was ended.
	again := store.Job{Kind: store.JobEnroll, Key: id, Due: r.clock.Now(), Body: []byte(`{"rule":"enrol-passed"}`)}
	require.NoError(t, r.inbox.AddJobs(t.Context(), again))
	r.Wake()
	r.await("enroll dropped", 1)
	require.Equal(t, 1, r.api.Writes())
}

// slow is an inbox that takes longer over the next intents than an action may wait.
type slow struct {
	store.Inbox
	clock *clock
	left  atomic.Int32
}

func (s *slow) Intend(ctx context.Context, p model.Pending, since time.Time, entries []audit.Entry, rows ...model.Row) error {
	if s.left.Add(-1) >= 0 {
		s.clock.forward(6 * time.Second)
	}
	return s.Inbox.Intend(ctx, p, since, entries, rows...)
}

func TestAnEnrolmentThatWaitedTooLongForTheInboxIsTriedAgain(t *testing.T) {
	r := newRig(t, rules(enrolling), func(r *rig) {
		busy := &slow{Inbox: r.inbox, clock: r.clock}
		busy.left.Store(2)
		r.inbox = busy
	})
	id := r.find(1, passed)[0]
	r.start()
	r.accept(r.hook(id))
	for n := range 2 {
		r.await("enroll put off", n+1)
		require.Zero(t, r.api.Writes())
		r.forward(time.Hour)
	}
	r.await("enroll done", 1)
	require.Equal(t, 1, r.api.Writes())
	require.Len(t, r.entries(audit.Intent), 3)
	require.Len(t, r.sent(), 1)
}

func TestARuleDoesNotEnrolWhatIsNotFree(t *testing.T) {
	order := func(r *rig, id string) {
		require.NoError(r.t, r.inbox.AddJobs(r.t.Context(), store.Job{Kind: store.JobEnroll, Key: id, Due: r.clock.Now(), Body: []byte(`{"rule":"enrol-passed"}`)}))
		r.Wake()
	}
	r := newRig(t, rules(enrolling))
	ctx := t.Context()
	ids := r.find(3, passed)
	failed := r.find(1, func(so sim.Session) bool { return so.Verdict == "FAIL" })[0]
	known := func(id string, change func(*model.Row)) {
		row := model.Row{ID: id, Verdict: model.OK, AddedAt: r.clock.Now()}
		change(&row)
		require.NoError(t, r.inbox.Upsert(ctx, row))
	}
	known(ids[0], func(*model.Row) {})
	pending := model.Pending{Action: model.ActEnroll, By: "os:bo", At: r.clock.Now()}
	require.NoError(t, r.inbox.Intend(ctx, pending, r.clock.Now(), nil, model.Row{ID: ids[0]}))
	known(ids[1], func(row *model.Row) { row.ActedAt = r.clock.Now() })
	known(ids[2], func(row *model.Row) { row.ClaimedBy, row.ClaimedUntil = "os:ana", r.clock.Now().Add(time.Hour) })
	known(failed, func(*model.Row) {}) // it was OK, and is not any more
	r.start()
	for n, id := range append(ids, failed, "66e0b7a1c9d24f0088a1c0ee") {
		order(r, id)
		r.await("enroll dropped", n+1)
	}
	require.Zero(t, r.api.Writes())
	require.Contains(t, r.logged(), "an action on it is not settled")
	require.Contains(t, r.logged(), "something was done with it already")
	require.Contains(t, r.logged(), "docket refused it: guard")
	require.Contains(t, r.logged(), "it is not what the rule is about any more")
}

func TestAnEnrolmentWithoutAnAnswerIsNotSentAgain(t *testing.T) {
	r := newRig(t, rules(enrolling))
	id := r.find(1, passed)[0]
	r.api.Fault("POST /omni/process/approve", sim.Fault{Kind: sim.FaultDrop, Applied: true})
	r.start()
	r.accept(r.hook(id))
	r.await("enroll done", 1)
	require.Equal(t, model.ActEnroll, r.get(id).Pending.Action, "a person settles it")
	r.accept(r.hook(id))
	r.await("look-up done", 2)
	r.forward(24 * time.Hour)
	require.Equal(t, 1, r.api.Writes())
	require.Empty(t, r.aside())
}

func TestAnEnrolmentWaitsForTheToken(t *testing.T) {
	r := newRig(t, rules(enrolling))
	id := r.find(1, passed)[0]
	require.NoError(t, r.inbox.Upsert(t.Context(), model.Row{ID: id, Verdict: model.OK, AddedAt: r.clock.Now()}))
	r.token.Set("has-ended")
	r.start()
	require.NoError(t, r.inbox.AddJobs(t.Context(), store.Job{Kind: store.JobEnroll, Key: id, Due: r.clock.Now(), Body: []byte(`{"rule":"enrol-passed"}`)}))
	r.Wake()
	r.await("enroll waits", 1)
	r.token.Set(r.api.ExecutiveToken())
	r.forward(time.Minute)
	r.await("enroll done", 1)
	require.Equal(t, 1, r.api.Writes())
}

// A rule and the route /approve enrol the same way: what a rule began is not begun again
// by a webhook, even when a person took it for one that came to nothing.
func TestWhatARuleBeganIsNotBegunAgainByAnotherWay(t *testing.T) {
	r := newRig(t, rules(enrolling))
	id := r.find(1, passed)[0]
	r.api.Fault("POST /omni/process/approve", sim.Fault{Kind: sim.FaultDrop, Applied: true})
	r.start()
	r.accept(r.hook(id))
	r.await("enroll done", 1)
	r.api.ClearFaults()
	r.forward(2 * time.Minute)
	require.NoError(t, r.desk.As(model.Actor{Identity: "os:ana", Role: model.RoleReviewer}).Settle(t.Context(), id, false))
	o, again, err := r.desk.As(model.Actor{Identity: "gateway", Role: model.RoleReviewer}).EnrollOnce(t.Context(), id, "")
	require.NoError(t, err)
	require.True(t, again)
	require.Equal(t, model.ResultUnknown, o.Result)
	require.Equal(t, 1, r.api.Writes())
}
