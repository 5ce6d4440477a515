package arrive

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
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

	"docket/internal/pgtest"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/sim"
	"docket/store"
	"docket/store/postgres"
	"docket/store/sqlite"
)

// built is the folder of the built program.
var built string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "docket-arrive-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	built = dir
	code := pgtest.Around(m).Run()
	_ = os.RemoveAll(dir) // a folder of the system's temporary ones; nothing else depends on it
	os.Exit(code)
}

// binary builds docket as the README says, once.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(built, "docket")
	cmd := exec.Command("go", "build", "-o", path, "docket")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

// Secrets of the tests.
const (
	secret = "fake-secret-of-webhooks"
	bearer = "fake-token-of-callers"
)

// team is a simulated API, an inbox, and a gateway that can be killed.
type team struct {
	t     testing.TB
	api   *sim.Server
	inbox store.Inbox
	addr  string // of the gateway; it stays the same when it starts again
	env   map[string]string

	gateway *exec.Cmd
	said    *os.File // what the gateway logged
	ended   chan error
}

// inboxes are the databases that everything is tried on. Each opens a new one.
var inboxes = map[string]func(testing.TB) (url string){
	"sqlite":   func(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "inbox.db") },
	"postgres": func(t testing.TB) string { return pgtest.URL(t) },
}

func openInbox(t testing.TB, url string) store.Inbox {
	t.Helper()
	var inbox store.Inbox
	var err error
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		inbox, err = sqlite.Open(t.Context(), path)
	} else {
		inbox, err = postgres.Open(t.Context(), url)
	}
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, inbox.Close()) })
	return inbox
}

func newTeam(t testing.TB, url string, sessions int) *team {
	t.Helper()
	api := sim.New(sim.Options{Sessions: sessions, Seed: 7})
	srv := httptest.NewServer(api)
	t.Cleanup(srv.Close)
	home := t.TempDir()
	said, err := os.Create(filepath.Join(home, "gateway.log"))
	require.NoError(t, err)
	tm := &team{t: t, api: api, inbox: openInbox(t, url), addr: freeAddr(t), said: said, env: map[string]string{
		"HOME": home, "USER": "tester", "LANG": "C.UTF-8", "TMPDIR": home, "PATH": os.Getenv("PATH"),
		"XDG_CONFIG_HOME": filepath.Join(home, "config"), "XDG_DATA_HOME": filepath.Join(home, "data"),
		"XDG_STATE_HOME": filepath.Join(home, "state"), "XDG_CACHE_HOME": filepath.Join(home, "cache"),
		"DBUS_SESSION_BUS_ADDRESS": "", "DOCKET_PICTURE": "none", "DOCKET_STORE": url,
		"DOCKET_API_URL": srv.URL, "DOCKET_API_KEY": sim.DefaultAPIKey, "DOCKET_ADMIN_TOKEN": api.ExecutiveToken(),
	}}
	t.Cleanup(func() {
		if tm.gateway != nil {
			tm.kill()
		}
		if text, err := os.ReadFile(said.Name()); err == nil && t.Failed() {
			t.Logf("the gateway said, at the end:\n%s", text[max(0, len(text)-4000):])
		}
		require.NoError(t, said.Close())
	})
	return tm
}

func freeAddr(t testing.TB) string {
	t.Helper()
	var lc net.ListenConfig
	ln, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, ln.Close()) }()
	return ln.Addr().String()
}

func (tm *team) environ(more ...string) []string {
	var all []string
	for k, v := range tm.env {
		all = append(all, k+"="+v)
	}
	return append(all, more...)
}

// start starts the gateway and waits until it answers.
func (tm *team) start() {
	tm.t.Helper()
	path, err := binary()
	require.NoError(tm.t, err)
	cmd := exec.Command(path, "gateway", "--addr", tm.addr)
	cmd.Env = tm.environ("DOCKET_GATEWAY_TOKEN="+bearer, "DOCKET_WEBHOOK_SECRET="+secret)
	cmd.Stderr = tm.said
	require.NoError(tm.t, cmd.Start())
	tm.gateway, tm.ended = cmd, make(chan error, 1)
	go func() { tm.ended <- cmd.Wait() }()
	require.Eventually(tm.t, func() bool {
		select {
		case err := <-tm.ended:
			tm.ended <- err
			tm.t.Errorf("the gateway ended: %v", err)
			return true
		default:
		}
		answer, err := http.Get("http://" + tm.addr + "/healthz")
		return err == nil && answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
	}, time.Minute, 5*time.Millisecond)
}

// kill ends the gateway without a word.
func (tm *team) kill() {
	tm.t.Helper()
	require.NoError(tm.t, tm.gateway.Process.Kill())
	require.Error(tm.t, <-tm.ended, "signal: killed")
	tm.gateway = nil
}

// console opens a console of a person on the team's inbox.
func (tm *team) console(who string, opts ...vtdriver.Option) *vtdriver.Driver {
	tm.t.Helper()
	path, err := binary()
	require.NoError(tm.t, err)
	return vtdriver.StartBinary(tm.t, path, nil, tm.environ("DOCKET_ADMIN_TOKEN="+tm.api.ExecutiveTokenOf(who)), opts...)
}

// flood sends webhooks as an API does to which nobody listens well: some twice, in any
// order, each until it is accepted.
type flood struct {
	tm   *team
	mu   sync.Mutex
	ids  []string // in the order of sending; some stand there twice
	next int
	took map[string]bool // accepted at least once
}

// sender keeps its connections, as who sends much does: else it and the gateway are busy
// with making them.
var sender = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}

// twice is the share of webhooks that come twice.
const twice = 0.3

func newFlood(tm *team) *flood {
	rng := rand.New(rand.NewPCG(1, 2))
	f := &flood{tm: tm, took: map[string]bool{}}
	for _, id := range tm.api.IDs() {
		if hook, ok := tm.api.Webhook(id); !ok || hook.OnboardingStatus == "" || hook.OnboardingStatus == "UNKNOWN" {
			continue // never sends
		}
		f.ids = append(f.ids, id)
		if rng.Float64() < twice {
			f.ids = append(f.ids, id)
		}
	}
	rng.Shuffle(len(f.ids), func(i, j int) { f.ids[i], f.ids[j] = f.ids[j], f.ids[i] })
	return f
}

// send sends n more webhooks, or all that are left, from several senders at once.
// Every is the pause of each sender between two.
func (f *flood) send(ctx context.Context, senders int, every time.Duration) {
	var all sync.WaitGroup
	for range senders {
		all.Go(func() {
			for id, ok := f.take(); ok && ctx.Err() == nil; id, ok = f.take() {
				for !f.post(ctx, id) && ctx.Err() == nil {
					<-time.After(5 * time.Millisecond)
				}
				<-time.After(every)
			}
		})
	}
	all.Wait()
}

func (f *flood) take() (string, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.next == len(f.ids) {
		return "", false
	}
	f.next++
	return f.ids[f.next-1], true
}

// post sends a webhook once and reports whether it was accepted.
func (f *flood) post(ctx context.Context, id string) bool {
	hook, _ := f.tm.api.Webhook(id)
	body, err := json.Marshal(hook)
	if err != nil {
		return false
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+f.tm.addr+"/webhook", bytes.NewReader(body))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Docket-Secret", secret)
	answer, err := sender.Do(req)
	if err != nil {
		return false
	}
	_, readErr := io.Copy(io.Discard, answer.Body)
	if closed := answer.Body.Close(); readErr != nil || closed != nil || answer.StatusCode != http.StatusOK {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.took[id] = true
	return true
}

// drained waits until every webhook is in the inbox and every session looked up.
func (tm *team) drained() {
	tm.t.Helper()
	tm.awaits(func(d store.Depth) bool {
		return d.Deliveries == 0 && d.Due[store.JobLookUp]+d.Later[store.JobLookUp] == 0
	})
}

// placed waits until every webhook is in the inbox. How fast sessions are looked up is
// up to the limits of the API.
func (tm *team) placed() {
	tm.t.Helper()
	tm.awaits(func(d store.Depth) bool { return d.Deliveries == 0 })
}

func (tm *team) awaits(is func(store.Depth) bool) {
	tm.t.Helper()
	var d store.Depth
	require.Eventually(tm.t, func() bool {
		var err error
		d, err = tm.inbox.Depth(tm.t.Context(), time.Now())
		return err == nil && is(d)
	}, 4*time.Minute, 50*time.Millisecond, "what waits: %+v", &d)
}

// holds checks that the inbox holds exactly what was accepted, as the API has it.
func (f *flood) holds() {
	t, tm := f.tm.t, f.tm
	t.Helper()
	seen := map[string]int{}
	for q := (model.Query{Limit: store.MaxLimit}); ; {
		page, err := tm.inbox.List(t.Context(), q)
		require.NoError(t, err)
		for _, row := range page.Rows {
			seen[row.ID]++
			so, ok := tm.api.Session(row.ID)
			require.True(t, ok, "%s was never sent", row.ID)
			require.Equal(t, so.OnboardingStatus, string(row.Status), row.ID)
			if so.SessionStatus != "Deleted" { // of those the API tells nothing more
				require.Empty(t, row.Problems, "%s was looked up", row.ID)
				require.Equal(t, so.Verdict, string(row.Verdict), row.ID)
			}
		}
		if !page.More {
			break
		}
		q.After = page.Last
	}
	for id := range f.took {
		require.Equal(t, 1, seen[id], "%s was accepted", id)
	}
	require.Len(t, seen, len(f.took))
	counts, err := tm.inbox.Counts(t.Context(), "", time.Now())
	require.NoError(t, err)
	require.Equal(t, int64(len(seen)), counts[model.ViewAll])
	d, err := tm.inbox.Depth(t.Context(), time.Now())
	require.NoError(t, err)
	require.Zero(t, d.Aside, "nothing was set aside")
}
