package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/desk"
	"docket/model"
	"docket/omni"
	"docket/omni/transport"
	"docket/provider/incode"
	"docket/sim"
	"docket/store"
	"docket/store/sqlite"
)

// killRuns is how many decisions are killed at some step.
const killRuns = 216

// moment is a step of a decision at which its process is killed.
type moment struct {
	request int           // the request of the process, from 1; 0: none, it is time that decides
	reached bool          // after the API has carried it out, else before it has come
	after   time.Duration // after the start, or after the answer to the decision
	write   bool          // counted from that answer
}

func (m moment) String() string {
	switch {
	case m.request > 0 && m.reached:
		return fmt.Sprintf("after request %d", m.request)
	case m.request > 0:
		return fmt.Sprintf("before request %d", m.request)
	case m.write:
		return fmt.Sprintf("%v after the answer", m.after)
	default:
		return fmt.Sprintf("%v after the start", m.after)
	}
}

// moments are all steps that can be told from outside, and times in between: the
// process reads three parts, writes, and reads two back.
func moments() []moment {
	const requests = 6
	var all []moment
	for n := range requests {
		all = append(all, moment{request: n + 1}, moment{request: n + 1, reached: true})
	}
	for n := range 12 {
		all = append(all,
			moment{after: time.Duration(10+n*15) * time.Millisecond},
			moment{after: time.Duration(n*n) * 200 * time.Microsecond, write: true})
	}
	return all
}

// killer stands before the API, counts what is written there, and kills the
// process at its moment.
type killer struct {
	mu     sync.Mutex
	api    http.Handler
	cmd    *exec.Cmd
	when   moment
	seen   int
	writes map[string]int // decisions that reached the API, by interview id
}

func (k *killer) wrap(api http.Handler) http.Handler {
	k.api = api
	return k
}

func kill(cmd *exec.Cmd) {
	_ = cmd.Process.Kill() // it may have ended by itself
}

func (k *killer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	k.seen++
	now := k.when.request == k.seen
	if now && !k.when.reached {
		kill(k.cmd)
		k.mu.Unlock()
		return
	}
	decision := r.Method == http.MethodPut && r.URL.Path == "/omni/manual-review"
	if decision {
		k.writes[r.URL.Query().Get("interviewId")]++
	}
	k.mu.Unlock()
	answer := httptest.NewRecorder()
	k.api.ServeHTTP(answer, r)
	k.mu.Lock()
	defer k.mu.Unlock()
	if now {
		kill(k.cmd)
		return
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // the process may be gone
	if decision && k.when.write {
		cmd := k.cmd // by then it may be the next one's turn
		time.AfterFunc(k.when.after, func() { kill(cmd) })
	}
}

// decide runs the built binary to approve a session and kills it at the moment. It
// returns whether the process came to its end.
func (k *killer) decide(t *testing.T, r *rig, id string, m moment) bool {
	path, err := binary()
	require.NoError(t, err)
	cmd := exec.Command(path, "approve", id, "--reason", "checked-ok", "--note", "a private remark", "--yes")
	cmd.Env = r.environ()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	k.mu.Lock()
	k.cmd, k.when, k.seen = cmd, m, 0
	err = cmd.Start()
	k.mu.Unlock()
	require.NoError(t, err)
	if m.request == 0 && !m.write {
		defer time.AfterFunc(m.after, func() { kill(cmd) }).Stop()
	}
	err = cmd.Wait()
	require.True(t, err == nil || cmd.ProcessState.ExitCode() < 0, "%v: it ended by itself, but not well: %s", m, out.String())
	return err == nil
}

// TestKilledAtEveryStep kills the process of a decision at every step, again and
// again on one inbox: no decision is sent twice, none is lost, and the log verifies
// all along.
func TestKilledAtEveryStep(t *testing.T) {
	k := &killer{writes: map[string]int{}}
	r := newRig(t, 4000, k.wrap)
	r.env["DOCKET_STORE"] = "sqlite:" + r.path("inbox.db")
	ids := r.waiting(killRuns)
	r.must(append([]string{"add"}, ids[:killRuns/2]...)...) // the others are there for their decision only
	ended := map[string]bool{}
	for i, id := range ids {
		ended[id] = k.decide(t, r, id, moments()[i%len(moments())])
		if i%20 == 0 {
			r.verifies(t)
		}
	}
	k.mu.Lock()
	k.when = moment{}
	k.mu.Unlock()

	log := r.entries(t)
	intents, ends := map[string]int{}, map[string]int{}
	for _, e := range log {
		switch e.Event {
		case audit.Intent:
			intents[e.Session]++
		case audit.Outcome:
			ends[e.Session]++
		}
	}
	var unknown, done int
	inbox := r.open(t)
	for _, id := range ids {
		require.LessOrEqual(t, k.writes[id], 1, "%s: sent twice", id)
		require.LessOrEqual(t, intents[id], 1)
		require.LessOrEqual(t, k.writes[id], intents[id], "%s: sent without an intent in the log", id)
		row, err := inbox.Get(t.Context(), id)
		pending := err == nil && row.Pending != nil
		require.Equal(t, intents[id] > ends[id], pending, "%s: an intent without an outcome is in the view of unknown outcomes, and nothing else is", id)
		if ended[id] {
			require.Equal(t, 1, ends[id], "%s: it said that it was done", id)
		}
		unknown += intents[id] - ends[id]
		done += ends[id]
	}
	require.NoError(t, inbox.Close())
	t.Logf("%d runs: %d ended, %d of unknown outcome, %d never sent", len(ids), done, unknown, len(ids)-done-unknown)
	require.Positive(t, unknown)
	require.Positive(t, done)

	r.settles(t, ids)
	for _, id := range ids {
		require.LessOrEqual(t, k.writes[id], 1, "%s: reading sends nothing", id)
		require.Equal(t, k.writes[id] == 1, r.session(id).Verdict == "MANUAL_OK")
	}
	r.verifies(t)
}

// open opens the rig's inbox beside whoever else uses it.
func (r *rig) open(t *testing.T) *sqlite.Store {
	t.Helper()
	inbox, err := sqlite.Open(t.Context(), strings.TrimPrefix(r.env["DOCKET_STORE"], "sqlite:"))
	require.NoError(t, err)
	return inbox
}

// entries are those of the log.
func (r *rig) entries(t *testing.T) []audit.Entry {
	t.Helper()
	inbox := r.open(t)
	records, err := inbox.AuditRecords(t.Context(), 0, 1<<20)
	require.NoError(t, err)
	require.NoError(t, inbox.Close())
	all := make([]audit.Entry, len(records))
	for i, record := range records {
		all[i], err = audit.Decode(record.Line)
		require.NoError(t, err)
	}
	return all
}

// verifies holds the log against its hashes and signatures, as `docket audit verify`
// does.
func (r *rig) verifies(t *testing.T) {
	t.Helper()
	require.Contains(t, r.must("audit", "verify").stdout, "The log fits")
}

// settles reads every session again, later than the API could still act: each
// unknown outcome is settled by what the API says.
func (r *rig) settles(t *testing.T, ids []string) {
	t.Helper()
	inbox := r.open(t)
	defer func() { require.NoError(t, inbox.Close()) }()
	d := r.desk(t, inbox, ahead(time.Minute))
	seat := d.As(model.Actor{Identity: "os:later", Role: model.RoleOwner})
	for _, id := range ids {
		before, err := inbox.Get(t.Context(), id)
		if err != nil || before.Pending == nil {
			continue
		}
		seat.Read(t.Context(), id, model.PartStatus, model.PartScore)
		after, err := inbox.Get(t.Context(), id)
		if err == nil { // a guest whose outcome is known has left
			require.Nil(t, after.Pending, "%s stays unknown", id)
		}
	}
	d.Wait()
}

// ahead is a clock that is ahead of the system's.
type ahead time.Duration

func (a ahead) Now() time.Time                            { return time.Now().Add(time.Duration(a)) }
func (a ahead) After(wait time.Duration) <-chan time.Time { return time.After(wait) }

// desk makes a desk in this process on the rig's API.
func (r *rig) desk(t testing.TB, inbox store.Store, clock transport.Clock, change ...func(*desk.Config)) *desk.Desk {
	t.Helper()
	d, client, err := newDesk(r.env["DOCKET_API_URL"], r.env["DOCKET_ADMIN_TOKEN"], inbox, clock, change...)
	require.NoError(t, err)
	t.Cleanup(client.CloseIdle)
	return d
}

func newDesk(api, token string, inbox store.Store, clock transport.Clock, change ...func(*desk.Config)) (*desk.Desk, *omni.Client, error) {
	holder := &incode.Token{}
	holder.Set(token)
	client, err := omni.New(omni.Config{BaseURL: api, APIKey: sim.DefaultAPIKey, Token: holder.Get, Clock: clock})
	if err != nil {
		return nil, nil, err
	}
	cfg := desk.Config{
		Store: inbox, Provider: incode.New(client, incode.Options{Token: holder, Now: clock.Now}), Now: clock.Now, Lease: desk.DefaultLease,
		Token: desk.Token{Present: true, From: "the test"},
	}
	for _, c := range change {
		c(&cfg)
	}
	return desk.New(cfg), client, nil
}
