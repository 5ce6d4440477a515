package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/sim"
)

// writeFault is a way for a write to go wrong, and the exit code for it.
type writeFault struct {
	name  string
	fault sim.Fault
	exit  int
}

func writeFaults() []writeFault {
	status := func(code int) sim.Fault { return sim.Fault{Kind: sim.FaultStatus, Status: code, Message: "Said so."} }
	shape := func(body string) sim.Fault { return sim.Fault{Kind: sim.FaultShape, Shape: body} }
	return []writeFault{
		{"400", status(400), model.ExitRefused},
		{"401", status(401), model.ExitNotAllowed},
		{"403", status(403), model.ExitNotAllowed},
		{"404", status(404), model.ExitNotFound},
		{"408", status(408), model.ExitOutcome},
		{"409", status(409), model.ExitRefused},
		{"429", sim.Fault{Kind: sim.FaultRateLimit, RetryAfter: "1"}, model.ExitRefused},
		{"500", sim.Fault{Kind: sim.FaultStatus, Status: 500, HTML: true}, model.ExitOutcome},
		{"502", status(502), model.ExitOutcome},
		{"503", status(503), model.ExitOutcome},
		{"11MB", sim.Fault{Kind: sim.FaultOversize}, model.ExitOutcome},
		{"dropped", sim.Fault{Kind: sim.FaultDrop}, model.ExitOutcome},
		{"dropped unread", sim.Fault{Kind: sim.FaultDrop, Unread: true}, model.ExitOutcome},
		{"[]", shape("[]"), model.ExitOutcome},
		{`"x"`, shape(`"x"`), model.ExitOutcome},
		{"{}", shape("{}"), model.ExitOutcome},
		{"null", shape("null"), model.ExitOutcome},
	}
}

// TestWriteFaults lets each writing endpoint go wrong in each way: the exit code
// tells refused from unknown, one request was made, and what is unknown is in
// the view for it, where a read leaves it while it proves nothing.
func TestWriteFaults(t *testing.T) {
	for _, f := range writeFaults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 120, nil)
			writes := manyWrites()
			ids := r.waiting(len(writes))
			for i, w := range writes {
				r.api.Fault(w.method+" "+w.path, f.fault)
				got := r.run(append(of(w.args, ids[i]), "--yes")...)
				r.api.ClearFaults()
				require.Equal(t, f.exit, got.code, "%s: %s", w.name, got.both())
				require.Contains(t, got.stderr, "docket: ", w.name)
				require.Equal(t, f.exit == model.ExitOutcome, strings.Contains(got.stderr, "not known whether it took effect"), "%s: %s", w.name, got.stderr)
				require.Equal(t, i+1, r.api.Writes(), "%s: one request, whatever became of it", w.name)
			}
			unknown := r.must("list", "--view", "unknown", "-o", "csv").stdout
			for i, w := range writes {
				require.Equal(t, f.exit == model.ExitOutcome, strings.Contains(unknown, ids[i]), "%s: %s", w.name, unknown)
			}
			if f.exit != model.ExitOutcome {
				return
			}
			// Within the API's own limit for a call, a read that shows no change proves nothing.
			r.must("show", ids[0])
			require.Contains(t, r.must("list", "--view", "unknown").stdout, ids[0])
			require.Equal(t, len(writes), r.api.Writes(), "a read does not send it again")
		})
	}
}

// TestAWriteThatTookEffectIsFound applies the change and then fails. The reading
// after it finds out, where a reading can.
func TestAWriteThatTookEffectIsFound(t *testing.T) {
	for name, fault := range map[string]sim.Fault{
		"500":       {Kind: sim.FaultStatus, Status: 500, HTML: true, Applied: true},
		"dropped":   {Kind: sim.FaultDrop, Applied: true},
		"truncated": {Kind: sim.FaultTruncate},
		"null":      {Kind: sim.FaultShape, Shape: "null", Applied: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 120, nil)
			writes := manyWrites()
			ids := r.waiting(len(writes))
			for i, w := range writes {
				r.api.Fault(w.method+" "+w.path, fault)
				got := r.run(append(of(w.args, ids[i]), "--yes")...)
				r.api.ClearFaults()
				code := model.ExitOutcome
				if tells := map[string]bool{"approve": true, "reject": true, "expire": true}; tells[w.name] {
					code = model.ExitDone // the status says so
				}
				require.Equal(t, code, got.code, "%s: %s", w.name, got.both())
				require.Equal(t, i+1, r.api.Writes(), w.name)
				unknown := r.must("list", "--view", "unknown", "-o", "csv").stdout
				require.Equal(t, code == model.ExitOutcome, strings.Contains(unknown, ids[i]), w.name)
			}
		})
	}
}

// TestALaterReadSettlesIt leaves the outcome unknown, because neither the write
// nor the reading after it is answered, until somebody looks again.
func TestALaterReadSettlesIt(t *testing.T) {
	t.Parallel()
	r := newRig(t, 60, nil)
	for i, w := range manyWrites()[:2] {
		id := r.waiting(2)[i]
		r.must("add", id)
		r.api.Fault(w.method+" "+w.path, sim.Fault{Kind: sim.FaultDrop, Applied: true})
		// The first reading is for the guard, the second would tell the outcome.
		r.api.Fault("GET /omni/get/onboarding/status", sim.Fault{Kind: sim.FaultStatus, Status: 500})
		got := r.run(append(of(w.args, id), "--yes")...)
		require.Equal(t, model.ExitOutcome, got.code, "%s: %s", w.name, got.both())
		require.Contains(t, r.must("list", "--view", "unknown").stdout, id, w.name)
		r.api.ClearFaults()
		r.must("show", id)
		require.NotContains(t, r.must("list", "--view", "unknown").stdout, id, w.name)
		require.Contains(t, r.must("list", "--view", "decided").stdout, id, w.name)
		require.Equal(t, i+1, r.api.Writes(), w.name)
	}
}
