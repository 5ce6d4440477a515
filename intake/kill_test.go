package intake_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
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
	"docket/store"
	"docket/store/sqlite"
)

// What a child of the test is told.
const (
	childInbox  = "DOCKET_TEST_CHILD_INBOX"
	childAPI    = "DOCKET_TEST_CHILD_API"
	childToken  = "DOCKET_TEST_CHILD_TOKEN"
	childTarget = "DOCKET_TEST_CHILD_TARGET"
	childAhead  = "DOCKET_TEST_CHILD_AHEAD" // how much its clock is ahead
)

func TestMain(m *testing.M) {
	if path := os.Getenv(childInbox); path != "" {
		fmt.Fprintln(os.Stderr, child(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// aheadClock is a clock that is ahead: leases of those that were killed have ended.
type aheadClock struct{ by time.Duration }

func (c aheadClock) Now() time.Time                         { return time.Now().Add(c.by) }
func (c aheadClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// child works until it is killed.
func child(path string) error {
	ctx := context.Background()
	st, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	by, err := time.ParseDuration(os.Getenv(childAhead))
	if err != nil {
		return err
	}
	token := &incode.Token{}
	token.Set(os.Getenv(childToken))
	client, err := omni.New(omni.Config{BaseURL: os.Getenv(childAPI), APIKey: "not-a-real-key", Token: token.Get, Clock: fastClock{time.Now()}})
	if err != nil {
		return err
	}
	clock := aheadClock{by}
	d := desk.New(desk.Config{Store: st, Provider: incode.New(client, incode.Options{Token: token}), Token: desk.Token{Present: true}, Now: clock.Now})
	return intake.New(intake.Config{
		Inbox: st, Desk: d, Clock: clock, Targets: []intake.Target{intake.NewTarget("ops", os.Getenv(childTarget), secret)},
		Rules: []model.InboxRule{enrolling, {Name: "new", Event: model.RuleArrived, Notify: []string{"ops"}}},
	}).Run(ctx)
}

// TestKilledAtAnyPoint ends workers in the middle of what they do, again and again, and
// looks at what is there in the end: each session once, told of once, enrolled once.
func TestKilledAtAnyPoint(t *testing.T) {
	const kills = 12
	requests := make(chan struct{}, 1<<16)
	to := newReceiver(t)
	path := filepath.Join(t.TempDir(), "inbox.db")
	r := newRig(t, func(r *rig) {
		st, err := sqlite.Open(t.Context(), path)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, st.Close()) })
		r.inbox = st
	})
	counted := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		requests <- struct{}{}
		r.api.ServeHTTP(w, q)
	}))
	t.Cleanup(counted.Close)
	hooks := history(r, r.api.IDs()[:100])
	var sending sync.WaitGroup
	sending.Go(func() {
		for _, h := range hooks { // while workers come and go
			if err := r.inbox.Accept(t.Context(), store.Delivery{At: time.Now(), Body: h.Body()}); err != nil {
				t.Error(err)
			}
		}
	})
	for round := range kills + 1 {
		exe, err := os.Executable()
		require.NoError(t, err)
		var stderr strings.Builder
		cmd := exec.Command(exe)
		cmd.Stderr = &stderr
		cmd.Env = append(os.Environ(), childInbox+"="+path, childAPI+"="+counted.URL, childToken+"="+r.token.Get(), childTarget+"="+to.URL,
			childAhead+"="+(time.Hour+time.Duration(round)*3*time.Minute).String())
		require.NoError(t, cmd.Start())
		t.Cleanup(func() { _ = cmd.Process.Kill() }) // when the test failed before
		if round == kills {
			sending.Wait()
			r.clock.at = time.Now().Add(time.Hour + kills*3*time.Minute)
			r.settled()
		} else {
			for range 5 + round*3 {
				<-requests
			}
		}
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait() // ends with "signal: killed"
		require.Empty(t, stderr.String())
	}
	require.Len(t, r.rows(), 100)
	require.Empty(t, r.aside())
	for what, n := range to.perSession() {
		require.Equal(t, 1, n, what)
	}
	require.Len(t, to.perSession(), len(r.entries(audit.Rule))-enrolls(r.entries(audit.Rule)))
	writes := map[string]int{}
	for _, q := range r.api.Requests() {
		if strings.HasSuffix(q.Path, "/omni/process/approve") {
			writes[q.Query]++
		}
	}
	for what, n := range writes {
		require.Equal(t, 1, n, what)
	}
	for id, row := range r.rows() {
		so, ok := r.api.Session(id)
		require.True(t, ok)
		if so.Verdict != "" && so.SessionStatus != "Deleted" {
			require.Equal(t, so.Verdict, string(row.Verdict), so.Story)
		}
	}
}

// enrolls counts the entries of the rule that enrols.
func enrolls(entries []audit.Entry) (n int) {
	for _, e := range entries {
		if e.By == "rule:"+enrolling.Name {
			n++
		}
	}
	return n
}

// settled waits until another process has done everything.
func (r *rig) settled() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	changes := r.inbox.Watch(ctx)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		polling := r.polling() // first: a look-up that ends leaves other jobs behind
		d := r.depth()
		if polling && d.Deliveries == 0 && d.Due[store.JobLookUp]+d.Due[store.JobNotify]+d.Later[store.JobNotify]+d.Due[store.JobEnroll]+d.Later[store.JobEnroll] == 0 {
			return
		}
		select {
		case <-changes:
		case <-tick.C: // jobs end without a row that changes
		case <-ctx.Done():
			require.FailNow(r.t, "it does not come to rest", "%+v", d)
		}
	}
}
