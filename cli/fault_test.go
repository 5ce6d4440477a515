package cli

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/sim"
	"docket/store/sqlite"
)

// faults are ways for a request to go wrong, with the exit code of a write that
// they meet. A dropped or broken answer to a write leaves its outcome unknown.
var faults = []struct {
	name  string
	fault sim.Fault
	write int
}{
	{"400", sim.Fault{Kind: sim.FaultStatus, Status: http.StatusBadRequest}, model.ExitRefused},
	{"400 with a code", sim.Fault{Kind: sim.FaultStatus, Status: http.StatusBadRequest, Code: 4006}, model.ExitRefused},
	{"401", sim.Fault{Kind: sim.FaultStatus, Status: http.StatusUnauthorized}, model.ExitNotAllowed},
	{"403", sim.Fault{Kind: sim.FaultStatus, Status: http.StatusForbidden}, model.ExitNotAllowed},
	{"404", sim.Fault{Kind: sim.FaultStatus, Status: http.StatusNotFound}, model.ExitNotFound},
	{"408", sim.Fault{Kind: sim.FaultStatus, Status: http.StatusRequestTimeout}, model.ExitOutcome},
	{"429", sim.Fault{Kind: sim.FaultRateLimit, RetryAfter: "0"}, model.ExitRefused},
	{"500 in HTML", sim.Fault{Kind: sim.FaultStatus, Status: http.StatusInternalServerError, HTML: true}, model.ExitOutcome},
	{"503", sim.Fault{Kind: sim.FaultStatus, Status: http.StatusServiceUnavailable}, model.ExitOutcome},
	{"dropped", sim.Fault{Kind: sim.FaultDrop}, model.ExitOutcome},
	{"an empty list", sim.Fault{Kind: sim.FaultShape, Shape: `[]`}, -1},
	{"a text", sim.Fault{Kind: sim.FaultShape, Shape: `"x"`}, -1},
	{"null", sim.Fault{Kind: sim.FaultShape, Shape: `null`}, -1},
}

// reads are what `docket show` asks, and the part of the answer that each is.
var reads = []struct {
	pattern string
	part    model.Part
}{
	{"GET /omni/get/onboarding/status", model.PartStatus},
	{"GET /omni/get/score", model.PartScore},
	{"GET /omni/get/device-info", model.PartDevice},
	{"GET /omni/get/events", model.PartEvents},
	{"GET /omni/get/id-summary", model.PartSummary},
	{"POST /omni/get/images/v2", model.PartImages},
}

// A part that fails is named; the rest is there, and nothing is written. The
// parts are tried side by side: some faults are waited out before they count.
func TestShowUnderFaults(t *testing.T) {
	var all sync.WaitGroup
	for _, read := range reads {
		r := newRig(t, func(*http.Request) {})
		all.Go(func() {
			for _, f := range faults {
				r.api.ClearFaults()
				r.api.Fault(read.pattern, f.fault)
				r.out.Reset()
				r.err.Reset()
				code := r.run(t.Context(), "show", r.waiting, "-o", "json")
				showed(t, r, code, read.part, f.fault, string(read.part)+" "+f.name, f.write < 0)
			}
		})
	}
	all.Wait()
}

// showed checks what came of a session of which one part failed. An answer of
// another shape may be an empty one, where the reference allows that.
func showed(t *testing.T, r *rig, code int, part model.Part, f sim.Fault, name string, shape bool) {
	want := model.ExitDone
	switch {
	case f.Status == http.StatusUnauthorized:
		want = model.ExitNotAllowed
	case f.Status == http.StatusNotFound && part == model.PartStatus:
		want = model.ExitNotFound
	}
	assert.Equal(t, want, code, "%s: %s", name, r.err.String())
	var doc struct {
		Problems []struct {
			Part    model.Part
			Message string
		}
		OCR []any
	}
	assert.NoError(t, json.Unmarshal(r.out.Bytes(), &doc), name)
	assert.NotEmpty(t, doc.OCR, "%s: the rest is there", name)
	for _, p := range doc.Problems {
		assert.Equal(t, part, p.Part, name)
		assert.NotEmpty(t, p.Message, name)
	}
	if !shape {
		assert.Len(t, doc.Problems, 1, name)
	}
	assert.Zero(t, r.api.Writes(), name)
}

// writes are the commands that change something, and the request of each.
var writes = []struct {
	pattern string
	args    []string
}{
	{"PUT /omni/manual-review", []string{"approve", "ID", "--reason", "checked-ok"}},
	{"PUT /omni/manual-review", []string{"reject", "ID", "--reason", "not-live"}},
	{"PUT /omni/manual-review", []string{"review", "ID", "--message", "look again"}},
	{"PUT /omni/resolve/antifraud", []string{"antifraud", "resolve", "ID", "--reason", "known"}},
	{"POST /omni/process/approve", []string{"enroll", "ID"}},
	{"POST /omni/expire/interviews", []string{"expire", "ID", "--condition", "NEEDS_REVIEW"}},
	{"POST /omni/session/status/set", []string{"close", "ID"}},
	{"POST /omni/session/status/set", []string{"reopen", "ID"}},
	{"DELETE /omni/interview", []string{"delete", "ID", "--identity", "keep"}},
}

// Whatever an answer to a write is, there was one write, and the exit code says
// whether it may have taken effect.
func TestWritesUnderFaults(t *testing.T) {
	for _, w := range writes {
		t.Run(w.args[0], func(t *testing.T) {
			t.Parallel()
			r := newRig(t, func(*http.Request) {})
			args := append(slices.Clone(w.args), "--yes")
			args[slices.Index(args, "ID")] = r.waiting
			for i, f := range faults {
				r.api.ClearFaults()
				r.api.Fault(w.pattern, f.fault)
				r.err.Reset()
				code := r.run(t.Context(), args...)
				require.Equal(t, i+1, r.api.Writes(), "%s: one write, never a second one", f.name)
				if f.write >= 0 {
					require.Equal(t, f.write, code, "%s: %s", f.name, r.err.String())
				} else { // a 200 that says nothing clear is no refusal
					require.Contains(t, []int{model.ExitDone, model.ExitOutcome}, code, "%s: %s", f.name, r.err.String())
				}
				if code != model.ExitDone {
					require.NotEmpty(t, r.err.String(), "%s: it is told what happened", f.name)
				}
				if code == model.ExitOutcome {
					require.Equal(t, model.ExitRefused, r.run(t.Context(), args...), "%s: nothing goes out beside it", f.name)
					require.Equal(t, i+1, r.api.Writes(), "%s: nothing goes out beside it", f.name)
					r.settle(t)
				}
			}
		})
	}
}

// settle clears the unknown outcome, as a person does in the console.
func (r *rig) settle(t *testing.T) {
	t.Helper()
	inbox, err := sqlite.Open(t.Context(), strings.TrimPrefix(r.env.getenv("DOCKET_STORE"), "sqlite:"))
	require.NoError(t, err)
	row, err := inbox.Get(t.Context(), r.waiting)
	require.NoError(t, err)
	require.NotNil(t, row.Pending)
	require.NoError(t, inbox.Conclude(t.Context(), r.waiting, *row.Pending, row.Pending.At))
	require.NoError(t, inbox.Close())
}
