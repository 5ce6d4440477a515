package e2e

import (
	"fmt"
	"net/http"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/sim"
)

// approving is the approval among the actions.
func approving() write { return manyWrites()[0] }

// isHeld is how the status line says that something is held back.
const isHeld = `in \d+s   u undo`

// longer than any test: what is held back so long goes only if something is wrong.
const longHold = time.Hour

// TestUndoSendsNothing takes every action back while it is held, with one key
// and with the key pressed too often.
func TestUndoSendsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, 120, nil)
	writes := manyWrites()
	ids := r.waiting(len(writes))
	b := r.bench(benchOptions{add: ids, hold: longHold})
	b.See(fmt.Sprintf("[1 Needs review %d]", len(ids))).Press("9").See(fmt.Sprintf("[9 All %d]", len(ids)))
	for i, w := range writes {
		b.find(ids[i]).opensDialog(w).fills(w, ids[i])
		b.Press("ctrl+s").SeeMatch(isHeld).Press("u", "u", "u").See("taken back, nothing was sent").Gone("u undo")
		b.home()
	}
	// What was taken back can be done again.
	b.find(ids[0]).opensDialog(approving()).fills(approving(), ids[0])
	b.Press("ctrl+s").SeeMatch(isHeld).Press("u").Gone("u undo")
	b.home()
	b.Press("q")
	require.Zero(t, b.Wait())
	require.Empty(t, r.writes())
	require.Equal(t, "MANUAL", r.session(ids[0]).Verdict)
}

// TestQuitDuringTheHoldSendsNothing asks before it leaves, and sends nothing.
func TestQuitDuringTheHoldSendsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, 60, nil)
	ids := r.waiting(2)
	b := r.bench(benchOptions{add: ids, hold: longHold})
	b.See("[1 Needs review 2]").Press("9").See("[9 All 2]")
	b.find(ids[0]).opensDialog(approving()).fills(approving(), ids[0])
	b.Press("ctrl+s").SeeMatch(isHeld)
	b.Press("q").See("Quit without sending it?").Press("enter", "n").Gone("Quit without sending it?").SeeMatch(isHeld)
	b.Press("q").See("Quit without sending it?").Press("y")
	require.Zero(t, b.Wait())
	require.Empty(t, r.writes())
	row, err := b.store.Get(t.Context(), ids[0])
	require.NoError(t, err)
	require.Nil(t, row.Pending, "nothing was sent, so nothing is unknown")
}

// starts opens the first session of the inbox in the built binary and brings an
// approval to where it is held back.
func (r *rig) starts(id string) *bench {
	b := &bench{Driver: r.binary([]string{"--log-file", r.path("docket.log")}), rig: r, focus: firstFocus}
	b.See("[1 Needs review 1]").Press("enter").See(paneTitles[1:]...)
	b.armed().Press("a").See("checked-ok")
	b.insist("enter", "(•)")
	b.See("ctrl+s sends it").Press("ctrl+s").SeeMatch(isHeld)
	require.Equal(r.t, id, r.waiting(1)[0])
	return b
}

// TestSignalsDuringTheHoldSendNothing ends the built binary from outside while a
// decision is held back.
func TestSignalsDuringTheHoldSendNothing(t *testing.T) {
	for _, c := range []struct {
		signal syscall.Signal
		code   int
	}{{syscall.SIGHUP, 0}, {syscall.SIGTERM, 0}, {syscall.SIGKILL, -1}} {
		t.Run(c.signal.String(), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 60, nil)
			r.env["DOCKET_HOLD"] = longHold.String()
			id := r.waiting(1)[0]
			r.must("add", id)
			b := r.starts(id)
			b.Signal(c.signal)
			require.Equal(t, c.code, b.Wait())
			require.Empty(t, r.writes())
			require.NotContains(t, r.must("list", "--view", "unknown").stdout, id)
			doc, _ := r.show(id)
			require.Equal(t, "MANUAL", doc.Verdict)
			if c.signal == syscall.SIGKILL {
				return
			}
			log, err := os.ReadFile(r.path("docket.log"))
			require.NoError(t, err)
			require.Regexp(t, `action name=approve session=…\w+ result=notsent .*kind=undone`, string(log), "the log says that it was not sent")
			require.False(t, b.AltScreen(), "the terminal is left as it was")
		})
	}
}

// TestQuitWhileItIsSent waits for the answer: the outcome is known afterwards.
func TestQuitWhileItIsSent(t *testing.T) {
	t.Parallel()
	r := newRig(t, 60, nil)
	r.env["DOCKET_HOLD"] = "0"
	id := r.waiting(1)[0]
	r.must("add", id)
	r.api.Fault("PUT /omni/manual-review", sim.Fault{Latency: time.Second})
	b := &bench{Driver: r.binary(nil), rig: r, focus: firstFocus}
	b.See("[1 Needs review 1]").Press("enter").See(paneTitles[1:]...)
	b.armed().Press("a").See("checked-ok")
	b.insist("enter", "(•)")
	b.See("ctrl+s sends it").Press("ctrl+s").See("is being sent")
	b.Press("q").See("A decision is being sent").Settled().Settled().Press("y")
	require.Zero(t, b.Wait())
	require.Len(t, r.writes(), 1)
	require.Contains(t, r.must("list", "--view", "decided").stdout, id)
	require.NotContains(t, r.must("list", "--view", "unknown").stdout, id)
}

// TestUnknownOutcomes lets the write get no clear answer: one request, the alert
// says what to do, nothing more can be sent, and a person settles it.
func TestUnknownOutcomes(t *testing.T) {
	for name, fault := range map[string]sim.Fault{
		"time-out": {Kind: sim.FaultHang},
		"500":      {Kind: sim.FaultStatus, Status: 500, HTML: true},
		"dropped":  {Kind: sim.FaultDrop},
		"null":     {Kind: sim.FaultShape, Shape: "null"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 60, nil)
			ids := r.waiting(2)
			o := benchOptions{add: ids}
			if name == "time-out" {
				o.timeout = 2 * time.Second // the API's is 30 s
			}
			b := r.bench(o)
			b.See("[1 Needs review 2]").Press("9").See("[9 All 2]")
			r.api.Fault("PUT /omni/manual-review", fault)
			b.find(ids[0]).opensDialog(approving()).fills(approving(), ids[0])
			b.Press("ctrl+s").See("outcome unknown. Read the session before anything else;")
			require.Equal(t, 1, r.api.Writes())
			b.home()
			b.Press("8").See("[8 Unknown 1]").Press("enter").See(paneTitles[1:]...)
			b.See("the outcome of approve is unknown")
			for _, key := range []string{"a", "x", "m"} {
				b.insist(key, "look, then : settle")
			}
			require.Equal(t, 1, r.api.Writes())

			// A person looks at Incode and says that it did not take effect. Then it can be done again.
			b.Press(":").See("Every action by name").Type("settle").See("> settle").Press("enter").See("What did you see at Incode?")
			// Within the API's own limit it may still take effect.
			b.Press("down", "enter", "ctrl+s").See("It may still be on its way")
			b.passes(41 * time.Second)
			b.Press("ctrl+s").Gone("What did you see at Incode?").Gone("the outcome of approve is unknown")
			require.Equal(t, 1, r.api.Writes())
			r.api.ClearFaults()
			b.opensDialog(approving()).fills(approving(), ids[0])
			b.Press("ctrl+s")
			b.See("7 Decided 1").Gone("is being sent")
			require.Equal(t, "MANUAL_OK", r.session(ids[0]).Verdict)
			b.Press("q")
			require.Zero(t, b.Wait())
			require.Equal(t, 2, r.api.Writes())
		})
	}
}

// TestASecondDecisionWaitsForTheFirst goes back to a session whose decision is
// on its way, and decides otherwise.
func TestASecondDecisionWaitsForTheFirst(t *testing.T) {
	t.Parallel()
	r := newRig(t, 60, nil)
	ids := r.waiting(2)
	b := r.bench(benchOptions{add: ids})
	b.See("[1 Needs review 2]").Press("9").See("[9 All 2]")
	r.api.Fault("PUT /omni/manual-review", sim.Fault{Kind: sim.FaultHang})
	approve := approving()
	b.find(ids[0]).opensDialog(approve).fills(approve, ids[0])
	b.Press("ctrl+s").See("is being sent")
	b.home()
	b.find(ids[0]).insist("x", "is being sent for this session")
	require.Equal(t, 1, r.api.Count(http.MethodPut, "/omni/manual-review"))
	r.api.ClearFaults()
	b.See("outcome unknown")
	b.home()
	b.Press("q")
	require.Zero(t, b.Wait())
	require.Equal(t, 1, r.api.Writes())
	row, err := b.store.Get(t.Context(), ids[0])
	require.NoError(t, err)
	require.Equal(t, model.ActApprove, row.Pending.Action)
}
