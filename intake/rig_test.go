package intake_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/desk"
	"docket/intake"
	"docket/model"
	"docket/omni"
	"docket/provider/incode"
	"docket/sim"
	"docket/store"
	"docket/store/sqlite"
)

// clock is a time that stands still until it is moved.
type clock struct {
	mu    sync.Mutex
	at    time.Time
	waits []waiting
}

type waiting struct {
	until time.Time
	ch    chan time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := waiting{c.at.Add(d), make(chan time.Time, 1)}
	if d <= 0 {
		w.ch <- c.at
	} else {
		c.waits = append(c.waits, w)
	}
	return w.ch
}

// forward moves the time and wakes who has waited long enough.
func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	var left []waiting
	for _, w := range c.waits {
		if w.until.After(c.at) {
			left = append(left, w)
			continue
		}
		w.ch <- c.at
	}
	c.waits = left
}

// fastClock makes the API's five minutes pass in less than a second.
type fastClock struct{ begun time.Time }

const fast = 500

func (c fastClock) Now() time.Time { return c.begun.Add(time.Since(c.begun) * fast) }

func (c fastClock) After(d time.Duration) <-chan time.Time { return time.After(d / fast) }

// told is everything that a worker observed, and tells who waits for some of it.
type told struct {
	mu      sync.Mutex
	counts  map[string]int
	changed chan struct{}
}

func newTold() *told { return &told{counts: map[string]int{}, changed: make(chan struct{})} }

func (o *told) observe(event, kind string, _ float64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.counts[event+" "+kind]++
	close(o.changed)
	o.changed = make(chan struct{})
}

func (o *told) count(what string) (int, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.counts[what], o.changed
}

// rig is a worker on a simulated API and a real store.
type rig struct {
	t     *testing.T
	api   *sim.Server
	http  *httptest.Server
	inbox store.Inbox
	clock *clock
	told  *told
	token *incode.Token
	log   *strings.Builder
	mu    sync.Mutex // of log
	cfg   intake.Config
	desk  *desk.Desk
	begun time.Time // of the population; zero: now
	*intake.Worker
}

// Write keeps what the worker logs.
func (r *rig) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.Write(b)
}

func (r *rig) logged() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.String()
}

// later is ahead of the store's own clock: what it makes due at once is due.
func later() time.Time { return time.Now().Add(time.Hour) }

type option func(*rig)

func rules(rules ...model.InboxRule) option { return func(r *rig) { r.cfg.Rules = rules } }

// newRig makes a worker that does not run yet.
func newRig(t *testing.T, options ...option) *rig {
	t.Helper()
	r := &rig{t: t, clock: &clock{at: later()}, told: newTold(), token: &incode.Token{}, log: &strings.Builder{}}
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "inbox.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	r.inbox = st
	for _, o := range options {
		o(r)
	}
	simulated := sim.Options{Sessions: 300, APIKey: "not-a-real-key"}
	if !r.begun.IsZero() {
		simulated.Now = func() time.Time { return r.begun }
	}
	r.api = sim.New(simulated)
	r.http = httptest.NewServer(r.api)
	t.Cleanup(r.http.Close)
	t.Cleanup(r.api.ClearFaults)
	r.token.Set(r.api.ExecutiveToken())
	r.make(r.http.URL)
	return r
}

// make makes desk and worker.
func (r *rig) make(url string) {
	r.t.Helper()
	client, err := omni.New(omni.Config{BaseURL: url, APIKey: "not-a-real-key", Token: r.token.Get, Clock: fastClock{time.Now()}})
	require.NoError(r.t, err)
	r.t.Cleanup(client.CloseIdle)
	d := desk.New(desk.Config{
		Store: r.inbox, Provider: incode.New(client, incode.Options{Token: r.token, Now: r.clock.Now}), Token: desk.Token{Present: true}, Now: r.clock.Now,
	})
	r.desk = d
	r.cfg.Inbox, r.cfg.Desk, r.cfg.Clock, r.cfg.Observe = r.inbox, d, r.clock, r.told.observe
	r.cfg.Log = slog.New(slog.NewTextHandler(r, nil))
	r.Worker = intake.New(r.cfg)
}

// forward moves the time of the worker.
func (r *rig) forward(d time.Duration) {
	r.clock.forward(d)
	r.Wake()
}

// start lets the worker run until the test ends, or the function is called.
func (r *rig) start() (stop func()) {
	ctx, cancel := context.WithCancel(r.t.Context())
	ended := make(chan error, 1)
	run := r.Run // of the worker that there is now
	go func() { ended <- run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			require.NoError(r.t, <-ended)
		})
	}
	r.t.Cleanup(stop)
	return stop
}

// accept keeps webhooks as a gateway does.
func (r *rig) accept(hooks ...intake.Hook) {
	r.t.Helper()
	for _, h := range hooks {
		require.NoError(r.t, r.inbox.Accept(r.t.Context(), store.Delivery{At: r.clock.Now(), Body: h.Body()}))
	}
	r.Poke()
}

// hook is the webhook that a session sends now.
func (r *rig) hook(id string) intake.Hook {
	w, ok := r.api.Webhook(id)
	require.True(r.t, ok)
	return intake.Hook{
		Kind: intake.KindOnboarding, ID: id, Status: w.OnboardingStatus, FlowID: w.FlowID, ClientID: w.ClientID, ExternalID: w.ExternalID,
	}
}

// await waits until the worker has observed something so often.
func (r *rig) await(what string, n int) {
	r.t.Helper()
	late := time.After(30 * time.Second)
	for {
		got, changed := r.told.count(what)
		if got >= n {
			return
		}
		select {
		case <-changed:
		case <-late:
			require.FailNow(r.t, "it did not happen", "%s: %d of %d\n%v\n%s", what, got, n, r.told.counts, r.logged())
		}
	}
}

// row waits until the inbox holds a row that is right.
func (r *rig) row(id string, right func(model.Row) bool) model.Row {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 30*time.Second)
	defer cancel()
	changes := r.inbox.Watch(ctx)
	for {
		row, err := r.inbox.Get(ctx, id)
		if err == nil && right(row) {
			return row
		}
		if _, ok := <-changes; !ok {
			require.FailNow(r.t, "the row did not come", "%+v\n%s", row, r.logged())
		}
	}
}

func (r *rig) get(id string) model.Row {
	r.t.Helper()
	row, err := r.inbox.Get(r.t.Context(), id)
	require.NoError(r.t, err)
	return row
}

// find returns sessions of the simulator that are as wanted.
func (r *rig) find(n int, want func(sim.Session) bool) []string {
	r.t.Helper()
	var ids []string
	for _, id := range r.api.IDs() {
		so, _ := r.api.Session(id)
		if want(so) {
			ids = append(ids, id)
		}
		if len(ids) == n {
			return ids
		}
	}
	require.Len(r.t, ids, n)
	return nil
}

func waiting1(so sim.Session) bool { return so.Verdict == "MANUAL" }
func passed(so sim.Session) bool {
	return so.Verdict == "OK" && so.CustomerID == "" && so.ExistingID == "" && so.SessionStatus == "Alive"
}

func (r *rig) depth() store.Depth {
	r.t.Helper()
	d, err := r.inbox.Depth(r.t.Context(), r.clock.Now())
	require.NoError(r.t, err)
	return d
}

func (r *rig) aside() []store.Job {
	r.t.Helper()
	jobs, err := r.inbox.Aside(r.t.Context(), 100)
	require.NoError(r.t, err)
	return jobs
}

// entries are what the audit log has of an event.
func (r *rig) entries(event audit.Event) (all []audit.Entry) {
	r.t.Helper()
	records, err := r.inbox.AuditRecords(r.t.Context(), 0, 1_000_000)
	require.NoError(r.t, err)
	for _, rec := range records {
		e, err := audit.Decode(rec.Line)
		require.NoError(r.t, err)
		if e.Event == event {
			all = append(all, e)
		}
	}
	return all
}

// total is how much was observed.
func (o *told) total() (n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range o.counts {
		n += c
	}
	return n
}

// await waits until more was observed.
func (o *told) await(than int) {
	for o.total() <= than {
		_, changed := o.count("")
		if o.total() > than {
			return
		}
		<-changed
	}
}
