package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/internal/vtdriver"
	"docket/model"
	"docket/sim"
)

// read is an endpoint that the opening of a session reads.
type read struct {
	part     model.Part
	endpoint string // as the simulator counts it
	pattern  string // of the faults, for one session
	pane     int    // where it is shown; 0: the summary
	what     string // as the pane calls it
	empty    string // a shape that is an answer here: nothing was found
}

// reads are the endpoints that opening a session reads, and no others.
func reads() []read {
	return []read{
		{model.PartStatus, "GET /omni/get/onboarding/status", "?id=", 0, "status", ""},
		{model.PartScore, "GET /omni/get/score", "?id=", 2, "score", ""},
		{model.PartOCR, "GET /omni/get/ocr-data", "?id=", 3, "OCR", "{}"},
		{model.PartOCR2, "GET /omni/get/ocr-data-second-id", "?id=", 3, "second ID", "{}"},
		{model.PartDevice, "GET /omni/get/device-info", "?id=", 4, "device", "{}"},
		{model.PartEvents, "GET /omni/get/events", "?id=", 5, "timeline", ""},
		{model.PartSummary, "GET /omni/get/id-summary", "?id=", 0, "captured sides", ""},
		{model.PartImages, "POST /omni/get/images/v2", "?id=", 1, "list of images", "{}"},
		{model.PartLinked, "GET /omni/identity/{customerId}/sessions", "", 4, "linked sessions", "[]"},
	}
}

// on is the fault pattern of the endpoint for one session.
func (e read) on(so sim.Session) string {
	if e.pattern != "" {
		return e.endpoint + e.pattern + so.ID
	}
	return strings.Replace(e.endpoint, "{customerId}", so.CustomerID, 1)
}

// subject is a session that the endpoint is read for, not one of those already
// taken.
func (e read) subject(r *rig, taken map[string]bool) sim.Session {
	id := r.find(1, string(e.part), func(so sim.Session) bool {
		switch {
		case taken[so.ID]:
			return false
		case e.part == model.PartOCR2:
			return so.Story == "second-id-differs"
		case e.part == model.PartLinked:
			return so.Story == "returning-customer"
		}
		return so.OnboardingStatus == "ONBOARDING_FINISHED" && so.Verdict != "" && so.ExistingID == "" && so.CustomerID == "" && latin(so.Name)
	})[0]
	taken[id] = true
	return r.session(id)
}

// readFault is a way for a read to go wrong, and what a person is told.
type readFault struct {
	name  string
	fault sim.Fault
	kind  model.Kind // empty: it does not go wrong
	http  int
	tries int    // requests that are made
	says  string // what happened
	do    string // what to do now
}

func readFaults() []readFault {
	status := func(code int, message string) sim.Fault {
		return sim.Fault{Kind: sim.FaultStatus, Status: code, Message: message}
	}
	const network, shape = "check the network and the API address", "something else than expected"
	all := []readFault{
		{"late", sim.Fault{Latency: 30 * time.Millisecond}, "", 200, 1, "", ""},
		{"400", status(400, "Flow is paused."), model.KindRefused, 400, 1, "The API refused it: Flow is paused. (HTTP 400)", "read what the API said"},
		{"401", status(401, ""), model.KindAuth, 401, 1, "The API refused the token (HTTP 401)", "log in again"},
		{"403", status(403, "No right."), model.KindForbidden, 403, 1, "The API does not allow it: No right. (HTTP 403)", "check the API key"},
		{"404", status(404, ""), model.KindNotFound, 404, 1, "The API has none (HTTP 404)", "nothing if the session has not come that far"},
		{"429", sim.Fault{Kind: sim.FaultRateLimit, RetryAfter: "60"}, model.KindRate, 429, 1, "Too many requests (HTTP 429)", "wait a moment"},
		{"500", sim.Fault{Kind: sim.FaultStatus, Status: 500, HTML: true}, model.KindServer, 500, 1, "The API failed (HTTP 500)", "if it stays so, tell Incode's support"},
		{"502", status(502, ""), model.KindServer, 502, 4, "The API failed (HTTP 502)", "if it stays so, tell Incode's support"},
		{"truncated", sim.Fault{Kind: sim.FaultTruncate}, model.KindUnreachable, 200, 4, "the connection broke in the middle of the answer", network},
		{"11MB", sim.Fault{Kind: sim.FaultOversize}, model.KindTooLarge, 200, 1, "The answer is too large to be one (HTTP 200)", "look at it at Incode's dashboard"},
		{"dropped", sim.Fault{Kind: sim.FaultDrop}, model.KindUnreachable, 0, 4, "the connection broke before an answer came", network},
	}
	for _, s := range []string{"[]", `"x"`, "{}", "null"} {
		all = append(all, readFault{s, sim.Fault{Kind: sim.FaultShape, Shape: s}, model.KindShape, 200, 1, shape, "look at the raw answer"})
	}
	return all
}

// wrong reports whether the fault keeps the endpoint's answer away.
func (f readFault) wrong(e read) bool {
	return f.kind != "" && f.fault.Shape != e.empty || f.fault.Shape == "" && f.kind != ""
}

// TestReadFaultsOnTheCommandLine lets each endpoint go wrong in each way: show
// names the part, the others are there, and the exit code is the contract's.
func TestReadFaultsOnTheCommandLine(t *testing.T) {
	for _, f := range readFaults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			type shown struct {
				doc document
				got result
			}
			results := make([]shown, len(reads()))
			var wg sync.WaitGroup
			for i, e := range reads() {
				r := newRig(t, 60, nil)
				so := e.subject(r, map[string]bool{})
				r.api.Fault(e.on(so), f.fault)
				wg.Go(func() { // several: most of the time is the pause before a retry
					results[i].doc, results[i].got = r.show(so.ID)
				})
				t.Cleanup(func() {
					method, path, _ := strings.Cut(e.endpoint, " ")
					require.Equal(t, f.tries, r.api.Count(method, path), "%s: requests", e.part)
					require.Zero(t, r.api.Writes(), "%s: reading writes nothing", e.part)
				})
			}
			wg.Wait()
			for i, e := range reads() {
				f.holds(t, e, results[i].doc, results[i].got)
			}
		})
	}
}

// holds compares what show printed with what the contract says.
func (f readFault) holds(t *testing.T, e read, doc document, got result) {
	t.Helper()
	what := fmt.Sprintf("%s %s: %s", e.part, f.name, got.both())
	require.Equal(t, e.part == model.PartStatus && f.wrong(e), doc.Status == "", what)
	require.Equal(t, e.part == model.PartScore && f.wrong(e), doc.Verdict == "", what)
	if !f.wrong(e) {
		require.Empty(t, doc.Problems, what)
		require.Zero(t, got.code, what)
		require.Empty(t, got.stderr, what)
		return
	}
	require.Len(t, doc.Problems, 1, what)
	p := doc.Problems[0]
	require.Equal(t, []any{e.part, f.kind, f.http}, []any{p.Part, p.Kind, p.HTTP}, what)
	require.NotEmpty(t, p.Message, what)
	code := model.ExitDone
	switch {
	case f.kind == model.KindAuth:
		code = model.ExitNotAllowed
	case f.kind == model.KindNotFound && e.part == model.PartStatus:
		code = model.ExitNotFound
	}
	require.Equal(t, code, got.code, what)
}

// TestNothingCanBeRead lets every endpoint go wrong at once.
func TestNothingCanBeRead(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]int{
		"400": model.ExitFailed, "401": model.ExitNotAllowed, "403": model.ExitNotAllowed, "404": model.ExitNotFound, "429": model.ExitFailed,
		"500": model.ExitFailed, "dropped": model.ExitUnreachable, "null": model.ExitFailed, "11MB": model.ExitFailed,
	} {
		for _, f := range readFaults() {
			if f.name != name {
				continue
			}
			r := newRig(t, 60, nil)
			id := r.waiting(1)[0]
			r.api.Fault("*", f.fault)
			doc, got := r.show(id)
			require.Equal(t, code, got.code, "%s: %s", name, got.both())
			require.GreaterOrEqual(t, len(doc.Problems), 7, name)
			text := r.run("show", id)
			require.Equal(t, code, text.code, name)
			require.Empty(t, text.stdout, "%s: nothing came, so nothing is shown", name)
			require.Contains(t, text.stderr, "docket: ", name)
			require.Zero(t, r.api.Writes(), name)
		}
	}
}

// TestNobodyListens reads and writes at an address where nothing is.
func TestNobodyListens(t *testing.T) {
	t.Parallel()
	r := newRig(t, 60, nil)
	id := r.waiting(1)[0]
	r.must("add", id)
	r.http.Close()
	doc, got := r.show(id)
	require.Equal(t, model.ExitUnreachable, got.code)
	require.Equal(t, model.KindUnreachable, doc.Problems[0].Kind)
	require.Equal(t, model.ExitUnreachable, r.run("approve", id, "--reason", "checked-ok", "--yes").code)
	require.Equal(t, model.ExitUnreachable, r.run("close", id, "--yes").code)
	require.NotContains(t, r.must("list", "--view", "unknown").stdout, id, "nothing was sent")
	require.Contains(t, r.must("list").stdout, id, "the inbox needs no API")
}

// TestReadFaultsInTheConsole opens sessions of which one part goes wrong: its
// pane says what happened and what to do, the others are there.
func TestReadFaultsInTheConsole(t *testing.T) {
	for _, f := range readFaults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 120, nil)
			taken := map[string]bool{}
			subjects := make([]sim.Session, len(reads()))
			rows := make([]model.Row, len(reads()))
			for i, e := range reads() {
				so := e.subject(r, taken)
				subjects[i] = so
				// As a webhook would have announced it: nothing has been read yet.
				rows[i] = model.Row{ID: so.ID, Provider: "omni", CustomerID: so.CustomerID, AddedAt: time.Now()}
				r.api.Fault(e.on(so), f.fault)
			}
			b := r.bench(benchOptions{rows: rows}, vtdriver.Size(140, 45))
			b.See("Needs review 0", "[9 All 9]")
			for i, e := range reads() {
				b.faulty(f, e, subjects[i])
			}
			b.Press("q")
			require.Zero(t, b.Wait())
			require.Zero(t, r.api.Writes())
		})
	}
}

// faulty opens a session and looks at what its panes say.
func (b *bench) faulty(f readFault, e read, so sim.Session) {
	b.Press("/").Type(so.ID[:12]).Settled().See("1 found").Press("enter", "enter")
	b.See(paneTitles[1:]...)
	b.focus = firstFocus
	if f.kind == model.KindAuth {
		b.See("E-mail", "The API refused the token").Press("esc").Gone("E-mail")
	}
	b.allRead(so.ID)
	what := fmt.Sprintf("%s %s", e.part, f.name)
	problems := b.seat.Peek(so.ID).Problems()
	if f.wrong(e) {
		require.Len(b.t(), problems, 1, what)
		require.Equal(b.t(), []any{e.part, f.kind, f.http}, []any{problems[0].Part, problems[0].Kind, problems[0].HTTP}, what)
		b.tells(f, e)
	} else {
		require.Empty(b.t(), problems, what)
		require.NotContains(b.t(), b.Screen(), "not read", what)
	}
	b.elsewhere(f, e)
	b.Press("esc").See("1 found").Press("esc").See("[9 All 9]").Gone("1 found")
}

// tells looks for the three parts of the message where the part is shown.
func (b *bench) tells(f readFault, e read) {
	if e.pane == 0 {
		b.Press("shift+tab", "shift+tab", "enter").Gone(paneTitles[1])
	} else {
		b.zoom(e.pane)
	}
	if e.part == model.PartOCR2 || e.part == model.PartLinked {
		b.Press("G") // it is the last thing in its pane
	}
	if e.part == model.PartStatus && f.kind == model.KindNotFound {
		f.says, f.do = "The API does not know it (HTTP 404)", "check the id and the profile"
	}
	b.See(e.what+" not read", f.says, f.do, "R reads it again")
	b.Press("g")
	b.together()
}

// elsewhere looks at what the other panes show: a line of each that comes from
// the answer.
func (b *bench) elsewhere(f readFault, e read) {
	for part, line := range map[model.Part]string{
		model.PartScore: "face match", model.PartOCR: "number ", model.PartDevice: "IP  ", model.PartEvents: "longest gap",
	} {
		if part != e.part || f.kind == "" {
			b.See(line)
		}
	}
}

func (b *bench) t() testing.TB { return b.rig.t }

// allRead waits until every part of a session has come or failed.
func (b *bench) allRead(id string) {
	b.t().Helper()
	require.Eventually(b.t(), func() bool {
		so := b.seat.Peek(id)
		if so == nil || !so.Parts[model.PartScore].Done() || !so.Parts[model.PartStatus].Done() {
			return false
		}
		for _, st := range so.Parts {
			if st.Loading || !st.Done() {
				return false
			}
		}
		return true
	}, vtdriver.DefaultDeadline, 5*time.Millisecond, "session %s was not read", id)
	b.Until("every part", everyPart)
}

// TestALateRefusalIsMendedByALogIn refuses the token while a session is opened:
// the form comes up, and after it everything is read.
func TestALateRefusalIsMendedByALogIn(t *testing.T) {
	t.Parallel()
	r := newRig(t, 60, nil)
	id := r.waiting(1)[0]
	b := r.bench(benchOptions{rows: []model.Row{{ID: id, Provider: "omni"}}, token: "not-a-token"})
	b.See("[9 All 1]").Press("enter").See("E-mail", "The API refused the token")
	b.Type(sim.DefaultEmail).Press("tab").Type("wrong").Press("enter").See("did not accept")
	b.Type(sim.DefaultPassword).Press("enter").Gone("E-mail").See(paneTitles[1:]...).Until("every part", everyPart)
	b.See(r.session(id).Name, "face match", "longest gap")
	b.Gone("not read").Until("every part", everyPart) // what was refused is read again part by part
	require.NotContains(t, b.Screen(), "not read")
	b.Press("q")
	require.Zero(t, b.Wait())
	require.Equal(t, 2, r.api.Count(http.MethodPost, "/executive/log-in"))
}
