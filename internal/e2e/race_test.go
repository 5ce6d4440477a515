package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/desk"
	"docket/model"
	"docket/store/sqlite"
)

// The race: reviewers, each a process of its own on one inbox, decide what waits.
const (
	raceSessions  = 200
	raceReviewers = 8
	reviewerName  = "DOCKET_E2E_REVIEWER" // makes this binary one of them
)

// reviewed is what a reviewer says in the end.
type reviewed struct {
	Done    []string // interview ids that it decided
	Refused int      // decisions that a guard stopped
	Wrong   []string // what no reviewer may see
}

// review is the life of one reviewer in a process of its own: odd ones take the next
// that nobody has claimed, even ones decide whatever waits, claimed or not. The
// sessions come on standard input.
func review(name string) int {
	ctx := context.Background()
	var ids []string
	if err := json.NewDecoder(os.Stdin).Decode(&ids); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	inbox, err := sqlite.Open(ctx, strings.TrimPrefix(os.Getenv("DOCKET_STORE"), "sqlite:"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = inbox.Close() }() // the process ends with it
	d, _, err := newDesk(os.Getenv("DOCKET_API_URL"), os.Getenv("DOCKET_ADMIN_TOKEN"), inbox, ahead(0))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	seat := d.As(model.Actor{Identity: "os:" + name, Role: model.RoleOwner})
	said := reviewed{}
	if strings.HasSuffix(name, "1") {
		said.takesNext(ctx, seat)
	} else {
		said.takesAny(ctx, seat, ids)
	}
	d.Wait()
	if err := json.NewEncoder(os.Stdout).Encode(said); err != nil {
		return 1
	}
	return 0
}

func (v *reviewed) takesNext(ctx context.Context, seat *desk.Seat) {
	for {
		row, err := seat.Next(ctx, "")
		if err != nil {
			if model.AsProblem(err).Kind != model.KindNotFound {
				v.Wrong = append(v.Wrong, err.Error())
			}
			return
		}
		v.decides(ctx, seat, row.ID)
		if err := seat.Release(ctx, row.ID); err != nil {
			v.Wrong = append(v.Wrong, err.Error())
		}
	}
}

func (v *reviewed) takesAny(ctx context.Context, seat *desk.Seat, ids []string) {
	rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	for _, id := range ids[:len(ids)/2] {
		v.decides(ctx, seat, id)
	}
}

// decides reads a session and decides it as it was read.
func (v *reviewed) decides(ctx context.Context, seat *desk.Seat, id string) {
	so := seat.Read(ctx, id, model.PartStatus, model.PartScore, model.PartOCR)
	a := model.Action{Kind: model.ActApprove, IDs: []string{id}, Reason: "checked-ok", Expect: so.Digest}
	if rand.IntN(2) == 0 {
		a.Kind, a.Reason = model.ActReject, "not-live"
	}
	out, err := seat.Do(ctx, a)
	p := model.AsProblem(err)
	if err == nil {
		p = out[0].Problem
	}
	switch {
	case err == nil && out[0].Result == model.ResultDone:
		v.Done = append(v.Done, id)
	case p != nil && (p.Kind == model.KindGuard || p.Kind == model.KindDrift):
		v.Refused++
	default:
		v.Wrong = append(v.Wrong, fmt.Sprint(id, " ", out, " ", err))
	}
}

// counted counts the decisions that reach the API, by interview id.
func counted(counts map[string]int, mu *sync.Mutex) func(http.Handler) http.Handler {
	return func(api http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut && r.URL.Path == "/omni/manual-review" {
				mu.Lock()
				counts[r.URL.Query().Get("interviewId")]++
				mu.Unlock()
			}
			api.ServeHTTP(w, r)
		})
	}
}

// TestReviewersRace lets eight reviewers decide the same two hundred sessions at the
// same time: each is decided exactly once, and the log says by whom.
func TestReviewersRace(t *testing.T) {
	var mu sync.Mutex
	writes := map[string]int{}
	r := newRig(t, 4000, counted(writes, &mu))
	r.env["DOCKET_STORE"] = "sqlite:" + r.path("inbox.db")
	ids := r.waiting(raceSessions)
	r.must(append([]string{"add"}, ids...)...)

	all := make([]reviewed, raceReviewers)
	var wg sync.WaitGroup
	for n := range all {
		wg.Go(func() { all[n] = r.reviewer(t, fmt.Sprintf("reviewer-%d-%d", n, n%2), ids) })
	}
	wg.Wait()
	by := map[string]string{}
	refused := 0
	for n, v := range all {
		require.Empty(t, v.Wrong)
		refused += v.Refused
		for _, id := range v.Done {
			require.Empty(t, by[id], "%s: two say that they decided it", id)
			by[id] = fmt.Sprintf("os:reviewer-%d-%d", n, n%2)
		}
	}
	t.Logf("%d decided, %d refused", len(by), refused)
	require.Len(t, by, raceSessions, "those who take the next leave nothing")
	require.Positive(t, refused, "they were in each other's way")
	for _, id := range ids {
		require.Equal(t, 1, writes[id], id)
	}
	for _, e := range r.entries(t) {
		if e.Event == audit.Outcome {
			require.Equal(t, by[e.Session], e.By, e.Session)
			delete(by, e.Session)
		}
	}
	require.Empty(t, by, "each has its outcome in the log")
	r.verifies(t)
}

// reviewer runs a reviewer in a process of its own.
func (r *rig) reviewer(t *testing.T, name string, ids []string) (said reviewed) {
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self)
	cmd.Env = append(r.environ(), reviewerName+"="+name)
	in, err := json.Marshal(ids)
	require.NoError(t, err)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &errs
	require.NoError(t, cmd.Run(), errs.String())
	require.NoError(t, json.Unmarshal(out.Bytes(), &said), out.String())
	return said
}
