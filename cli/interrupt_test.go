package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/sim"
)

// rig is a simulated API, with a hook before each request, and the world of a
// command without a terminal.
type rig struct {
	api     *sim.Server
	env     Env
	out     bytes.Buffer
	err     bytes.Buffer
	waiting string // id of a session that waits for a person
}

func newRig(t *testing.T, before func(*http.Request)) *rig {
	t.Helper()
	r := &rig{api: sim.New(sim.Options{Sessions: 60, Seed: 7})}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		before(req)
		r.api.ServeHTTP(w, req)
	}))
	t.Cleanup(srv.Close)
	home := t.TempDir()
	r.env = Env{
		Environ: []string{
			"HOME=" + home, "XDG_CONFIG_HOME=" + home, "XDG_DATA_HOME=" + home, "XDG_STATE_HOME=" + home,
			"DOCKET_API_URL=" + srv.URL, "DOCKET_API_KEY=" + sim.DefaultAPIKey, "DOCKET_ADMIN_TOKEN=" + r.api.ExecutiveToken(),
			"DOCKET_STORE=sqlite:" + filepath.Join(home, "inbox.db"),
		},
		Stdin: strings.NewReader(""), Stdout: &r.out, Stderr: &r.err, User: "os:tester",
	}
	for _, id := range r.api.IDs() {
		if so, _ := r.api.Session(id); so.Verdict == string(model.Manual) {
			r.waiting = id
			break
		}
	}
	require.NotEmpty(t, r.waiting)
	return r
}

func (r *rig) run(ctx context.Context, args ...string) int {
	r.env.Args = args
	return Run(ctx, r.env)
}

func TestInterruptedBeforeSendingSendsNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := newRig(t, func(req *http.Request) {
		if strings.HasSuffix(req.URL.Path, "/get/score") {
			cancel()
		}
	})
	code := r.run(ctx, "approve", r.waiting, "--reason", "checked-ok", "--yes")
	require.Equal(t, model.ExitRefused, code, r.err.String())
	require.Contains(t, r.err.String(), "nothing was sent")
	require.Zero(t, r.api.Writes())
}

func TestInterruptedWhileSendingWaitsForTheOutcome(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := newRig(t, func(req *http.Request) {
		if req.Method == http.MethodPut {
			cancel()
		}
	})
	code := r.run(ctx, "approve", r.waiting, "--reason", "checked-ok", "--yes")
	require.Equal(t, model.ExitDone, code, r.err.String())
	require.Contains(t, r.out.String(), string(model.StatusManualReviewApproved))
	require.Contains(t, r.err.String(), "is waited for", "nobody sits before a silent terminal")
	require.Equal(t, 1, r.api.Writes())
}

// Two runs in one process do not share anything: a server runs many.
func TestRunsAreApart(t *testing.T) {
	r := newRig(t, func(*http.Request) {})
	other := newRig(t, func(*http.Request) {})
	require.Equal(t, model.ExitDone, r.run(t.Context(), "add", r.waiting))
	require.Equal(t, model.ExitDone, other.run(t.Context(), "list", "-o", "json"))
	require.Equal(t, "[]\n", other.out.String())
	r.out.Reset()
	require.Equal(t, model.ExitDone, r.run(t.Context(), "list", "-o", "json"))
	require.Contains(t, r.out.String(), r.waiting)
}

// A reader that goes away is told as a failure, not hidden.
func TestOutputThatCannotBeWrittenFails(t *testing.T) {
	r := newRig(t, func(*http.Request) {})
	r.env.Stdout = brokenPipe{}
	for _, args := range [][]string{{"version"}, {"list", "-o", "csv"}, {"show", r.waiting}, {"show", r.waiting, "-o", "json"}, {"man"}} {
		require.Equal(t, model.ExitFailed, r.run(t.Context(), args...), "%v", args)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// An interrupt ends a long adding soon, keeps what was added and says how much
// was not.
func TestInterruptedAddingKeepsWhatWasAdded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var asked atomic.Int32
	r := newRig(t, func(req *http.Request) {
		if strings.HasSuffix(req.URL.Path, "/get/score") && asked.Add(1) == 100 {
			cancel()
		}
	})
	var ids strings.Builder
	for _, id := range r.api.IDs() {
		ids.WriteString(id + "\n")
	}
	for i := range 5000 {
		fmt.Fprintf(&ids, "%024x\n", i)
	}
	r.env.Stdin = strings.NewReader(ids.String())
	require.Equal(t, model.ExitFailed, r.run(ctx, "add", "-"))
	require.Contains(t, r.err.String(), "of 5060 ids were not added; what was added stays")
	require.Less(t, strings.Count(r.err.String(), "\n"), 1000, "the others are not told one by one")
	r.out.Reset()
	require.Zero(t, r.run(t.Context(), "list", "-o", "csv"))
	require.Contains(t, r.out.String(), r.api.IDs()[0])
}

// When the API lets nothing be read, the rest is not tried.
func TestAddingEndsWhenNothingCanBeRead(t *testing.T) {
	r := newRig(t, func(*http.Request) {})
	var ids strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&ids, "%024x\n", i)
	}
	r.env.Stdin = strings.NewReader(ids.String())
	r.env.Environ = append(r.env.Environ, "DOCKET_ADMIN_TOKEN=not-a-token-of-anybody")
	require.Equal(t, model.ExitNotAllowed, r.run(t.Context(), "add", "-"))
	require.Contains(t, r.err.String(), "the other 4936 were not tried")
}

// What a command read counts until it sends: who decides meanwhile is not overruled,
// also where nobody is asked.
func TestOfTwoCommandsAtOnceOneDecides(t *testing.T) {
	var first atomic.Bool
	var r *rig
	var code int
	r = newRig(t, func(req *http.Request) {
		if !strings.Contains(req.URL.Path, "/ocr-data") || !first.CompareAndSwap(false, true) {
			return
		}
		other := r.env
		other.Stdout, other.Stderr = io.Discard, io.Discard
		other.Args = []string{"reject", r.waiting, "--reason", "not-live", "--yes"}
		code = Run(t.Context(), other)
	})
	require.Equal(t, model.ExitRefused, r.run(t.Context(), "approve", r.waiting, "--reason", "checked-ok", "--yes"), r.err.String())
	require.True(t, first.Load(), "nobody came in between")
	require.Equal(t, model.ExitDone, code)
	require.Equal(t, 1, r.api.Writes())
}
