package e2e

import (
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/internal/vtdriver"
	"docket/model"
)

// unfinishedRun is a line of docket bulk list -o json.
type unfinishedRun struct {
	Batch       string
	Mine        bool
	Total, Left int
}

// wasRead waits until a dialog takes keys: it does when a person can have read it.
func wasRead(d *vtdriver.Driver) *vtdriver.Driver { return d.Settled().Settled() }

func (r *rig) bulkList() []unfinishedRun {
	r.t.Helper()
	var all []unfinishedRun
	require.NoError(r.t, json.Unmarshal([]byte(r.must("bulk", "list", "-o", "json").stdout), &all))
	return all
}

// TestAKilledRunIsGoneOnWith kills the console while the API has one of its writes.
// What was sent stays sent once, and what was not is sent by the command.
func TestAKilledRunIsGoneOnWith(t *testing.T) {
	t.Parallel()
	var puts atomic.Int64
	inside, gone := make(chan struct{}), make(chan struct{})
	const killedAt = 3
	r := newRig(t, 120, func(api http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			api.ServeHTTP(w, q)
			if q.Method == http.MethodPut && puts.Add(1) == killedAt {
				close(inside) // it has taken effect, and the answer is on its way
				<-gone
			}
		})
	})
	ids := r.waiting(8)
	r.must(append([]string{"add"}, ids...)...)
	d := r.binary([]string{"--no-images"}, vtdriver.Size(120, 40))
	d.See("1 of 8").Press("A").See("Mark every session of this list: 8 in Needs review")
	wasRead(d).Press("y").See("8 marked")
	d.Press("x").See("8 marked sessions")
	wasRead(d).Press("enter").See("complete").Type("a batch").Press("ctrl+s")
	d.See("8 of 8 read", "would be sent 8").Press("ctrl+s").See("Type the number of sessions")
	wasRead(d).Type("7").Press("ctrl+s").See("! the number of sessions, 8")
	require.Empty(t, r.writes(), "another number starts nothing")
	d.Press("backspace").Type("8").See("complete").Press("ctrl+s").See("of 8 ended")
	<-inside
	d.Signal(syscall.SIGKILL)
	d.Wait()
	close(gone)

	require.Equal(t, killedAt, r.api.Writes())
	runs := r.bulkList()
	require.Len(t, runs, 1)
	require.True(t, runs[0].Mine)
	require.Equal(t, []int{8, 8 - killedAt}, []int{runs[0].Total, runs[0].Left})
	require.Contains(t, r.must("list", "--view", "unknown").stdout, "outcome of reject unknown")

	got := r.run("bulk", "resume", runs[0].Batch)
	require.Equal(t, model.ExitUsage, got.code, "without a terminal it needs --yes")
	got = r.run("bulk", "resume", runs[0].Batch, "--yes")
	require.Zero(t, got.code, got.both())
	require.Contains(t, got.stderr, "done 5, refused 0, outcome unknown 0, left 0")
	for _, id := range ids {
		require.Equal(t, 1, r.writesOf(id), "no session twice, none lost")
		require.Equal(t, "MANUAL_FAIL", r.session(id).Verdict)
	}
	require.Empty(t, r.bulkList())
	require.Contains(t, r.must("audit", "verify").stdout, "The log fits")
	require.Equal(t, model.ExitNotFound, r.run("bulk", "resume", runs[0].Batch, "--yes").code)
}

// TestTheConsoleOffersARunThatWasNotFinished quits in the middle: it asks, and the
// next console goes on after a dry run.
func TestTheConsoleOffersARunThatWasNotFinished(t *testing.T) {
	t.Parallel()
	inside, goOn := make(chan struct{}), make(chan struct{})
	var puts atomic.Int64
	r := newRig(t, 120, func(api http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			if q.Method == http.MethodPut && puts.Add(1) == 1 {
				close(inside)
				<-goOn
			}
			api.ServeHTTP(w, q)
		})
	})
	release := sync.OnceFunc(func() { close(goOn) })
	t.Cleanup(release) // what hangs keeps the API from closing
	ids := r.waiting(5)
	r.must(append([]string{"add"}, ids...)...)
	d := r.binary([]string{"--no-images"}, vtdriver.Size(80, 24))
	d.See("1 of 5").Press("space", "space", "space").See("3 marked").Press("x").See("3 marked sessions")
	wasRead(d).Press("enter").See("complete").Press("ctrl+s")
	d.See("would be sent 3").Press("ctrl+s").See("Type the number")
	wasRead(d).Type("3").See("complete").Press("ctrl+s").See("0 of 3 ended")
	<-inside
	d.Press("esc").See("bulk reject 0/3").Press("space", "a").See("a bulk run is under way")
	d.Press("q").See("3 of 3 are left")
	wasRead(d).Press("y")
	release()
	require.Zero(t, d.Wait())
	require.Equal(t, 1, r.api.Writes(), "what was on its way is waited for")

	d = r.binary([]string{"--no-images"}, vtdriver.Size(80, 24))
	d.See("Unfinished: Reject, 2 of 3 left")
	wasRead(d).Press("enter").See("would be sent 2", "goes on with what is left").Press("ctrl+s").See("Type the number")
	wasRead(d).Type("2").See("complete").Press("ctrl+s").See("2 of 2 ended", "Finished.")
	d.Press("q")
	require.Zero(t, d.Wait())
	n := 0
	for _, id := range ids {
		require.LessOrEqual(t, r.writesOf(id), 1)
		n += r.writesOf(id)
	}
	require.Equal(t, 3, n)
	require.Contains(t, r.must("audit", "verify").stdout, "The log fits")
}
