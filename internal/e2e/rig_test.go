package e2e

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/cli"
	"docket/desk"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/omni"
	"docket/omni/transport"
	"docket/provider/incode"
	"docket/sim"
	"docket/store/sqlite"
	"docket/ui"
	"docket/ui/picture"
)

// TestMain gives the built binary a folder and takes it away afterwards.
func TestMain(m *testing.M) {
	if name := os.Getenv(reviewerName); name != "" {
		os.Exit(review(name))
	}
	dir, err := os.MkdirTemp("", "docket-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := os.Setenv(binaryDir, dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := waitTogether(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir) // a folder of the system's temporary ones; nothing else depends on it
	os.Exit(code)
}

// together is how many tests run at once, unless -parallel says otherwise: they
// wait for screens and pauses most of the time, not for a processor.
const together = "8"

func waitTogether() error {
	flag.Parse()
	told := false
	flag.Visit(func(f *flag.Flag) { told = told || f.Name == "test.parallel" })
	if told {
		return nil
	}
	return flag.Set("test.parallel", together)
}

const binaryDir = "DOCKET_E2E_DIR"

// binary builds docket as the README says, once, when a test first needs it.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(os.Getenv(binaryDir), "docket")
	cmd := exec.Command("go", "build", "-o", path, "docket")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

// blank is an inbox as the first start leaves it. Making one under the race detector
// takes longer than what most tests do with it, so that it is made once.
var blank = sync.OnceValues(func() ([]byte, error) {
	path := filepath.Join(os.Getenv(binaryDir), "blank.db")
	inbox, err := sqlite.Open(context.Background(), path)
	if err == nil {
		err = inbox.Close() // which leaves all of it in the one file
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// putBlank puts an inbox without sessions where there is none.
func putBlank(path string) error {
	body, err := blank()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return os.WriteFile(path, body, 0o600)
}

// seed makes the same population in every test.
const seed = 7

// drawn are the pictures of that population, drawn once for all tests.
var drawn = sim.NewDrawn(sim.DefaultDrawn)

// rig is a simulated API over real HTTP and a home folder of its own.
type rig struct {
	t    testing.TB
	api  *sim.Server
	http *httptest.Server
	home string
	env  map[string]string
	once sync.Once
}

// newRig serves a population. Around stands between the client and the
// simulator; it may be nil.
func newRig(t testing.TB, sessions int, around func(http.Handler) http.Handler) *rig {
	t.Helper()
	api := sim.New(sim.Options{Sessions: sessions, Seed: seed, Drawn: drawn})
	var handler http.Handler = api
	if around != nil {
		handler = around(api)
	}
	srv := httptest.NewServer(handler)
	t.Cleanup(func() {
		api.ClearFaults() // hanging requests keep a server from closing
		srv.Close()
	})
	r := &rig{t: t, api: api, http: srv, home: t.TempDir()}
	r.env = map[string]string{
		"HOME": r.home, "USER": "tester", "LANG": "C.UTF-8", "TMPDIR": r.home,
		"XDG_CONFIG_HOME": r.path("config"), "XDG_DATA_HOME": r.path("data"), "XDG_STATE_HOME": r.path("state"),
		"XDG_CACHE_HOME": r.path("cache"), "XDG_RUNTIME_DIR": r.path("run"), "DBUS_SESSION_BUS_ADDRESS": "",
		"DOCKET_API_URL": srv.URL, "DOCKET_API_KEY": sim.DefaultAPIKey, "DOCKET_ADMIN_TOKEN": api.ExecutiveToken(),
		"DOCKET_CLIENT_ID": sim.DefaultClientID,
		"DOCKET_PICTURE":   "none", // see pictured: decoding takes its time under the race detector
	}
	return r
}

// pictured lets the console show pictures as the terminal can.
func (r *rig) pictured() *rig {
	delete(r.env, "DOCKET_PICTURE")
	return r
}

func (r *rig) path(name string) string { return filepath.Join(r.home, name) }

// environ is the environment of a process; where its inbox will be there is one.
func (r *rig) environ() []string {
	r.once.Do(func() {
		if r.env["DOCKET_STORE"] == "" {
			require.NoError(r.t, putBlank(filepath.Join(r.path("data"), "docket", "docket.db")))
		}
	})
	list := make([]string, 0, len(r.env))
	for name, value := range r.env {
		list = append(list, name+"="+value)
	}
	return list
}

// withoutToken takes the executive token out of the environment.
func (r *rig) withoutToken() { delete(r.env, "DOCKET_ADMIN_TOKEN") }

// result is what one command did.
type result struct {
	code           int
	stdout, stderr string
}

// both is everything that a person would see.
func (r result) both() string { return r.stdout + r.stderr }

// run runs a command in this process, its output into pipes.
func (r *rig) run(args ...string) result { return r.runWith(cli.Env{Args: args}) }

// runOnTerminal runs a command in this process as if its output were a terminal.
func (r *rig) runOnTerminal(args ...string) result {
	return r.runWith(cli.Env{
		Args: args, OutTerminal: true, ErrTerminal: true, Size: func() (int, int) { return 120, 40 },
	})
}

func (r *rig) runWith(env cli.Env) result {
	var out, errs bytes.Buffer
	env.Environ, env.Stdout, env.Stderr, env.User = append(r.environ(), "TERM=xterm-256color"), &out, &errs, "os:tester"
	if env.Stdin == nil {
		env.Stdin = strings.NewReader("")
	}
	code := cli.Run(context.Background(), env)
	return result{code, out.String(), errs.String()}
}

// must runs a command that has to end with 0.
func (r *rig) must(args ...string) result {
	r.t.Helper()
	got := r.run(args...)
	require.Zero(r.t, got.code, "docket %s\n%s", strings.Join(args, " "), got.both())
	return got
}

// document is what show -o json prints, as far as the tests look at it.
type document struct {
	ID       string          `json:"id"`
	Status   string          `json:"status"`
	Verdict  string          `json:"verdict"`
	Digest   string          `json:"digest"`
	Problems []model.Problem `json:"problems"`
}

func (r *rig) show(id string) (document, result) {
	r.t.Helper()
	got := r.run("show", id, "-o", "json")
	var doc document
	require.NoError(r.t, json.Unmarshal([]byte(got.stdout), &doc), "%s", got.both())
	return doc, got
}

// binary starts the built binary on a pseudo-terminal.
func (r *rig) binary(args []string, opts ...vtdriver.Option) *vtdriver.Driver {
	r.t.Helper()
	path, err := binary()
	require.NoError(r.t, err)
	return vtdriver.StartBinary(r.t, path, args, r.environ(), opts...)
}

// bench is a console in this process: everything real but the pseudo-terminal.
type bench struct {
	*vtdriver.Driver
	rig   *rig
	seat  *desk.Seat
	store *sqlite.Store
	focus int           // the pane in focus of a session's page that was opened last
	ahead *atomic.Int64 // how many nanoseconds the desk's clock is ahead
}

// passes lets time pass for the desk.
func (b *bench) passes(d time.Duration) { b.ahead.Add(int64(d)) }

// benchOptions say what a console in this process works under.
type benchOptions struct {
	hold    time.Duration
	timeout time.Duration   // of one call; 0: the API's
	clock   transport.Clock // nil: the system's
	add     []string        // sessions in the inbox at the start
	rows    []model.Row     // sessions in the inbox at the start of which nothing was read
	token   string          // executive token; empty: a good one
	reads   bool            // dialogs wait, as always, until a person can have read them
	who     string          // who sits at it; empty: os:tester
	inbox   string          // a file that several share; empty: one of its own
	lease   time.Duration   // how long a claim lasts; 0: sessions are not claimed
	second  []model.SecondRule
}

// opens opens the inbox, as a process of its own does.
func (o benchOptions) opens(ctx context.Context, t testing.TB) (*sqlite.Store, error) {
	path := cmp.Or(o.inbox, filepath.Join(t.TempDir(), "inbox.db"))
	if err := putBlank(path); err != nil {
		return nil, err
	}
	return sqlite.Open(ctx, path)
}

// bench starts the console in this process. The inbox holds the sessions to add,
// read before anything else.
func (r *rig) bench(o benchOptions, opts ...vtdriver.Option) *bench {
	r.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	inbox, err := o.opens(ctx, r.t)
	require.NoError(r.t, err)
	holder := &incode.Token{}
	holder.Set(cmp.Or(o.token, r.env["DOCKET_ADMIN_TOKEN"]))
	ahead := &atomic.Int64{}
	known := desk.Token{Present: true, From: "the test"}
	client, err := omni.New(omni.Config{
		BaseURL: r.http.URL, APIKey: sim.DefaultAPIKey, Token: holder.Get, Timeout: o.timeout, Clock: o.clock,
	})
	require.NoError(r.t, err)
	d := desk.New(desk.Config{
		Store: inbox, Provider: incode.New(client, incode.Options{Token: holder, ClientID: sim.DefaultClientID}), Profile: "e2e", Hold: o.hold, Lease: o.lease, Second: o.second, Token: known,
		Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) },
	})
	seat := d.As(model.Actor{Identity: cmp.Or(o.who, "os:tester"), Role: model.RoleOwner})
	require.NoError(r.t, inbox.Upsert(ctx, o.rows...))
	for _, added := range seat.Add(ctx, o.add) {
		require.Nil(r.t, added.Problem)
	}
	grace := time.Duration(-1)
	if o.reads {
		grace = ui.DefaultGrace
	}
	root, err := ui.New(ctx, ui.Options{Desk: seat, Zone: time.UTC, Grace: grace, Pictures: picture.Options{Choice: picture.Protocol(r.env["DOCKET_PICTURE"])}})
	require.NoError(r.t, err)
	r.t.Cleanup(func() {
		cancel()
		r.api.ClearFaults()
		d.Wait()
		client.CloseIdle()
		require.NoError(r.t, inbox.Close())
	})
	return &bench{Driver: vtdriver.StartModel(r.t, root, opts...), rig: r, seat: seat, store: inbox, ahead: ahead}
}

// find returns the first sessions for which the condition holds.
func (r *rig) find(n int, what string, is func(sim.Session) bool) []string {
	r.t.Helper()
	var ids []string
	for _, id := range r.api.IDs() { // the simulator builds a session when it is asked for
		if len(ids) == n {
			break
		}
		if so, ok := r.api.Session(id); ok && is(so) {
			ids = append(ids, id)
		}
	}
	require.Len(r.t, ids, n, "sessions: %s", what)
	return ids
}

// waiting are sessions that wait for a person.
func (r *rig) waiting(n int) []string {
	return r.find(n, "wait for a person", func(so sim.Session) bool { return so.Verdict == "MANUAL" && so.CustomerID == "" })
}

func latin(name string) bool {
	return name != "" && strings.IndexFunc(name, func(c rune) bool { return c > '~' }) < 0
}

func (r *rig) session(id string) sim.Session {
	r.t.Helper()
	so, ok := r.api.Session(id)
	require.True(r.t, ok, id)
	return so
}

// writes are the requests that change something, in order.
func (r *rig) writes() []sim.Request {
	var out []sim.Request
	for _, q := range r.api.Requests() {
		switch {
		case q.Method == http.MethodGet, strings.HasPrefix(q.Path, "/omni/get/"), q.Path == "/executive/log-in":
		default:
			out = append(out, q)
		}
	}
	return out
}
