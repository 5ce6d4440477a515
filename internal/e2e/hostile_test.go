package e2e

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/cli"
	"docket/internal/vtdriver"
	"docket/sim"
)

// rawMark stands for bytes that no JSON encoder writes; see rawBytes.
const rawMark = "@@BYTES@@"

// evil is what an applicant, a document or whoever answers for the API could
// write anywhere. It begins with what has to stay recognisable.
var evil = "EVIL" + "\x1b]52;c;QUJD\x07\x1b[2J\x1b]1337;EVIL\x07\x1b]0;EVILTITLE\x07\x1b[31337m\x1bPEVIL\x1b\\\x1bc" +
	"\u202e" + c1() + "\u009b31337m\u009d0;EVILTITLE\u009c" + rawMark + "e" + strings.Repeat("\u0301", 50) +
	"\u200b\u200d\u2066\ufeff\u00ad\u2028\U000e0041" + "\a\b\r\n\t\x00\x7f"

// rawEvil is what rawMark becomes on the wire: C1 controls as bytes, and what is
// no UTF-8 at all.
const rawEvil = "\x9b31337m\x9d0;EVILTITLE\x9c\x85\xff\xc0"

func c1() string {
	var b strings.Builder
	for r := rune(0x80); r <= 0x9f; r++ {
		b.WriteRune(r)
	}
	return b.String()
}

// rawBytes puts rawEvil in the place of rawMark in every answer.
func rawBytes(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		for name, values := range rec.Header() {
			w.Header()[name] = values
		}
		body := bytes.ReplaceAll(rec.Body.Bytes(), []byte(rawMark), []byte(rawEvil))
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(rec.Code)
		_, _ = w.Write(body) // a client that went away is the client's matter
	})
}

// poisoned replaces every text, and gives objects members with an evil name,
// among them one that looks like a check: all objects near the root, and the
// first of each list.
func poisoned(v any, text string, depth int) any {
	switch v := v.(type) {
	case string:
		return text
	case []any:
		for i := range v {
			v[i] = poisoned(v[i], text, depth+min(i, 1)*namesBelow)
		}
	case map[string]any:
		for name := range v {
			v[name] = poisoned(v[name], text, depth+1)
		}
		if depth < namesBelow {
			v[text] = text
			v[text+"check"] = map[string]any{"key": text, "status": text, "value": text}
		}
	}
	return v
}

// namesBelow is the depth up to which objects get evil names.
const namesBelow = 3

// poison makes the endpoints' answers hostile; without names, all of them are.
func poison(api *sim.Server, text string, endpoints ...string) {
	api.Mutate(func(endpoint string, body any) any {
		for _, e := range endpoints {
			if e == endpoint {
				return poisoned(body, text, 0)
			}
		}
		if len(endpoints) == 0 {
			return poisoned(body, text, 0)
		}
		return body
	})
}

// hostileEndpoints are the endpoints that are read for a session, each with the
// part that show --raw calls it.
var hostileEndpoints = []struct{ part, endpoint string }{
	{"status", "GET /omni/get/onboarding/status"},
	{"score", "GET /omni/get/score"},
	{"ocr", "GET /omni/get/ocr-data"},
	{"ocr2", "GET /omni/get/ocr-data-second-id"},
	{"device", "GET /omni/get/device-info"},
	{"events", "GET /omni/get/events"},
	{"summary", "GET /omni/get/id-summary"},
	{"images", "POST /omni/get/images/v2"},
	{"linked", "GET /omni/identity/{customerId}/sessions"},
	{"life", "GET /omni/session/status/get"},
	{"custom", "GET /omni/get/custom-fields"},
	{"token", "POST /omni/start"},
}

// hostileCase is a set of endpoints that lie at once.
type hostileCase struct {
	name      string
	endpoints []string // none: all
	part      string
}

func hostileCases() []hostileCase {
	cases := []hostileCase{{name: "all", part: "score"}}
	for _, e := range hostileEndpoints {
		cases = append(cases, hostileCase{name: e.part, endpoints: []string{e.endpoint}, part: e.part})
	}
	return cases
}

// rich is a session of which everything can be read: a second document and an
// identity with other sessions.
func (r *rig) rich() string {
	return r.find(1, "with a second document", func(so sim.Session) bool { return so.Story == "second-id-differs" })[0]
}

// enrolled is a session whose identity has other sessions.
func (r *rig) enrolled() string {
	return r.find(1, "with an identity", func(so sim.Session) bool { return so.Story == "returning-customer" })[0]
}

// TestHostileAnswersOnTheCommandLine lets each endpoint in turn, then all at
// once, answer with instructions to the terminal, and reads everything that the
// commands print.
func TestHostileAnswersOnTheCommandLine(t *testing.T) {
	for _, c := range hostileCases() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 60, rawBytes)
			log := r.path("docket.log")
			id := r.rich()
			if c.part == "linked" {
				id = r.enrolled()
			}
			r.must("add", id)
			poison(r.api, evil, c.endpoints...)
			seen := ""
			for _, args := range c.commands(id) {
				what := strings.Join(args, " ")
				got := r.run(append(args, "--log-file", log, "--log-level", "debug")...)
				inPipe(t, what, got.both())
				seen += got.both()
				if args[len(args)-1] == "json" && got.stdout != "" {
					require.True(t, json.Valid([]byte(got.stdout)), "%s: %s", what, got.stdout)
				}
			}
			for _, args := range [][]string{{"show", id}, {"list"}} {
				what := strings.Join(args, " ") + " on a terminal"
				require.Empty(t, onTerminal(t, what, []byte(r.runOnTerminal(args...).both())).clips)
			}
			if c.shown() {
				require.Contains(t, seen, "EVIL", "what was sent stays recognisable")
			}
			logged, err := os.ReadFile(log)
			require.NoError(t, err)
			inPipe(t, "log", string(logged))
			require.NotContains(t, string(logged), "EVIL", "a log holds nothing of a session")
			c.raw(t, r, id)
		})
	}
}

// commands are those that print something of the answer.
func (c hostileCase) commands(id string) [][]string {
	all := [][]string{{"add", id}, {"show", id}, {"show", id, "-o", "json"}, {"list", "-o", "csv"}, {"link", id}, {"link", id, "-o", "json"}}
	if len(c.endpoints) > 0 {
		return all
	}
	return append(all, []string{"link", id, "--qr"}, []string{"link", id, "--sms", "--yes", "-o", "json"}, []string{"flag", id, "--id-check", "--yes"}, []string{"list"}, []string{"list", "-o", "json"}, []string{"doctor"},
		[]string{"approve", id, "--reason", "checked-ok", "--override", "--yes", "-o", "json"},
		[]string{"enroll", id, "--yes"}, []string{"close", id, "--yes", "-o", "json"})
}

// shown reports whether show prints texts of the answer: links are secret, and
// what needs the session's own token is not fetched.
func (c hostileCase) shown() bool {
	return c.part != "token" && c.part != "life" && c.part != "custom"
}

// raw prints the body of the part into a pipe and on a terminal.
func (c hostileCase) raw(t *testing.T, r *rig, id string) {
	t.Helper()
	if c.part == "token" {
		return
	}
	piped := r.run("show", id, "--raw", c.part)
	onScreen := r.runOnTerminal("show", id, "--raw", c.part)
	require.Empty(t, onTerminal(t, "--raw "+c.part, []byte(onScreen.both())).clips)
	inPipe(t, "messages of --raw "+c.part, piped.stderr)
	if c.part == "images" {
		require.NotContains(t, piped.stdout, "http", "links are secret")
		return
	}
	require.Contains(t, piped.stdout, "EVIL")
	require.Contains(t, piped.stdout, rawEvil, "a pipe gets the bytes as they came")
	require.Contains(t, onScreen.stdout, "EVIL")
	require.Contains(t, onScreen.stdout, `\x9b31337m`, "bytes that are no text are written out")
}

// TestHostileRawOnAPseudoTerminal is the same with the built binary, whose
// output is a real terminal.
func TestHostileRawOnAPseudoTerminal(t *testing.T) {
	t.Parallel()
	r := newRig(t, 60, rawBytes)
	id := r.rich()
	poison(r.api, evil)
	for _, args := range [][]string{{"show", id}, {"show", id, "--raw", "score"}, {"show", id, "--raw", "ocr"}, {"add", id}, {"list"}} {
		d := r.binary(args, vtdriver.Size(120, 40))
		d.Wait()
		what := strings.Join(args, " ")
		require.Empty(t, onTerminal(t, what, d.Output()).clips)
		require.Contains(t, string(d.Output()), "EVIL", what)
		require.Empty(t, d.Title(), what)
		require.Empty(t, d.Clipboard(), what)
	}
}

// TestHostileErrorsOnTheCommandLine lets the API refuse with a hostile message.
func TestHostileErrorsOnTheCommandLine(t *testing.T) {
	t.Parallel()
	r := newRig(t, 60, rawBytes)
	id := r.waiting(1)[0]
	r.must("add", id)
	for _, status := range []int{400, 403, 404, 422, 500} {
		r.api.ClearFaults()
		r.api.Fault("*", sim.Fault{Kind: sim.FaultStatus, Status: status, Message: evil})
		for _, args := range [][]string{
			{"add", id},
			{"show", id},
			{"show", id, "-o", "json"},
			{"show", id, "--raw", "score"},
			{"close", id, "--yes"},
			{"expire", id, "--condition", "NEEDS_REVIEW", "--yes"},
			{"login"},
			{"whoami"},
			{"doctor"},
			{"list", "-o", "csv"},
		} {
			what := fmt.Sprintf("%d %s", status, strings.Join(args, " "))
			env := cli.Env{Args: args}
			if args[0] == "login" {
				env.Stdin = strings.NewReader(sim.DefaultEmail + "\n" + sim.DefaultPassword + "\n")
			}
			got := r.runWith(env)
			inPipe(t, what, got.stderr)
			if !strings.Contains(what, "--raw") {
				inPipe(t, what, got.stdout)
			}
			onTerminal(t, what, []byte(r.runOnTerminal(args...).both()))
			if status == 400 && args[0] == "close" {
				require.Contains(t, got.stderr, "EVIL", "what the API said helps")
			}
		}
	}
}

// TestHostileArguments gives the commands ids that are none.
func TestHostileArguments(t *testing.T) {
	t.Parallel()
	r := newRig(t, 60, nil)
	bad := strings.ReplaceAll(strings.ReplaceAll(evil, "\x00", ""), rawMark, rawEvil)
	for _, args := range [][]string{
		{"add", bad},
		{"show", bad},
		{bad},
		{"list", "--query", bad},
		{"list", "--view", bad},
		{"show", "x", "--raw", bad},
		{"--" + bad},
		{"approve", r.waiting(1)[0], "--reason", bad, "--yes"},
		{"close", bad, "--yes"},
		{"--config", bad, "list"},
		{"--profile", bad, "list"},
	} {
		got := r.run(args...)
		inPipe(t, args[0], got.both())
		onTerminal(t, args[0], []byte(r.runOnTerminal(args...).both()))
	}
	got := r.runWith(cli.Env{Args: []string{"add", "-"}, Stdin: strings.NewReader(bad + "\n" + r.waiting(1)[0] + "\n")})
	inPipe(t, "add -", got.both())
	require.Contains(t, got.stderr, "EVIL")
	require.Contains(t, got.stdout, r.waiting(1)[0], "the others are added")
}

// formulas are names that a spreadsheet would run. Some only begin so once what
// hides in front of them is gone.
var formulas = []string{
	`=HYPERLINK("http://evil.example","open")`, "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u200b=1", "\ufeff+1", "\u00ad-1", "\u200e@x",
	"\u3000=1", "\u00a0=1", "＝1", "＋1", "－1", "＠x", "'=1", `"=1`, "=1\n=2", "\x00=1", ",=1", "\u2060=cmd|' /C calc'!A0",
}

// TestFormulasInCSV lists people whose every text is a formula.
func TestFormulasInCSV(t *testing.T) {
	t.Parallel()
	r := newRig(t, 60, nil)
	id := r.waiting(1)[0]
	for _, formula := range formulas {
		r.api.Mutate(nil)
		r.must("add", id)
		poison(r.api, formula)
		r.run("add", id)
		got := r.must("list", "-o", "csv")
		rows, err := csv.NewReader(strings.NewReader(got.stdout)).ReadAll()
		require.NoError(t, err, "%q", formula)
		require.Len(t, rows, 2, "%q: %s", formula, got.stdout)
		for i, cell := range rows[1] {
			start := strings.TrimLeft(cell, " \u00a0\u3000")
			require.False(t, start != "" && strings.ContainsAny(start[:1], "=+-@\t\r\n"), "%q: column %s is %q", formula, rows[0][i], cell)
			for _, wide := range []string{"＝", "＋", "－", "＠"} {
				require.False(t, strings.HasPrefix(start, wide), "%q: column %s is %q", formula, rows[0][i], cell)
			}
		}
		inPipe(t, "csv", got.stdout)
	}
}

// TestHostileAnswersInTheConsole walks through the whole console while each
// endpoint in turn, then all at once, sends instructions to the terminal.
func TestHostileAnswersInTheConsole(t *testing.T) {
	for _, c := range hostileCases() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 60, rawBytes)
			id := r.rich()
			if c.part == "linked" {
				id = r.enrolled()
			}
			poison(r.api, evil, c.endpoints...)
			b := r.bench(benchOptions{add: []string{id}})
			b.walk(c)
			b.Press("q")
			require.Zero(t, b.Wait())
			b.judge(t, c.name)
		})
	}
}

// judge looks at every byte that the console has sent.
func (b *bench) judge(t *testing.T, what string) heard {
	t.Helper()
	h := onTerminal(t, what, b.Output())
	for _, clip := range h.clips {
		oneLine(t, what+": clipboard", clip)
	}
	return h
}

// paneTitles are the panes of a session with their numbers, as their frames have
// them, and a pane that is not on the screen while one is zoomed.
var paneTitles = []string{"", "1 Faces", "2 Checks", "3 OCR", "4 Device", "5 Timeline", "6 Notes"}

// firstFocus is the pane in focus when a session opens.
const firstFocus = 2

// onItsWay is what a pane says while a part of it has not come.
var onItsWay = regexp.MustCompile(`\breading\b[a-zA-Z ]*…`)

func everyPart(screen string) bool { return !onItsWay.MatchString(screen) }

// opens opens the session under the cursor and waits until all of it has come.
func (b *bench) opens() *bench {
	b.Press("enter").See(paneTitles[1:]...).Until("every part", everyPart)
	b.focus = firstFocus
	return b
}

// zoom gives a pane all the room.
func (b *bench) zoom(n int) {
	if b.focus != n {
		b.Press(strconv.Itoa(n))
		b.focus = n
	}
	b.Press(strconv.Itoa(n)).See(paneTitles[n]).Gone(paneTitles[n%6+1])
}

// together shows all panes again.
func (b *bench) together() { b.Press("esc").See(paneTitles[1:]...) }

// walk opens what shows the answer, and everything else too when all answers
// are hostile, and copies what can be copied.
func (b *bench) walk(c hostileCase) {
	// What hides may be all of a verdict, so the session is looked for where all are.
	b.See("Needs review").Press("9").See("[9 All 1]")
	b.opens()
	if needsOwnToken(c.part) {
		b.Press(":").See("Every action by name").Type("own token").See("> fetch what needs").Press("enter").Gone("Every action by name")
	}
	for n := 1; n < len(paneTitles); n++ {
		if slices.Contains(shownIn[c.part], n) || len(c.endpoints) == 0 {
			b.pane(n, n != 1 && n != 6 || c.part == "custom")
		}
	}
	if len(c.endpoints) == 0 {
		b.dialogs()
	}
	b.Press("esc").See("[9 All 1]")
}

// dialogs opens those that are about a session, and the pages beside it.
func (b *bench) dialogs() {
	b.copies("y").See("interview id copied")
	b.armed().Press("a").See("Reason", "checked-ok").Press("tab").Type("note").See("note").Press("esc").Gone("checked-ok")
	b.Press("!").See("Exempt from antifraud").Press("f").See("Text").Press("esc").Gone("Text")
	b.Press(":").See("Every action by name").Type("delete").See("> delete the").Press("enter").See("Last 6 characters").Press("esc").Gone("Last 6")
	b.Press("t").See("Note on").Press("esc").Gone("Note on").Press("T").See("Tags of").Press("esc").Gone("Tags of")
	b.Press("?").See("every action by name").Press("esc").Gone("every action by name")
	b.Press("L").See("> Activity").Press("G", "esc").See(paneTitles[1:]...)
}

// shownIn says in which panes an answer is seen.
var shownIn = map[string][]int{
	"score": {1, 2}, "ocr": {3}, "ocr2": {3}, "device": {4}, "linked": {4}, "events": {5}, "images": {1}, "life": {6}, "custom": {6}, "token": {6},
}

func needsOwnToken(part string) bool {
	return part == "life" || part == "custom" || part == "token" || part == "all"
}

// recognises goes through a zoomed pane until what was sent is seen in it.
func (b *bench) recognises(n int) {
	within := func(screen string) bool {
		_, pane, found := strings.Cut(screen, paneTitles[n])
		return found && strings.Contains(strings.ToUpper(pane), "EVIL")
	}
	for range 40 {
		if within(b.Screen()) {
			return
		}
		b.Press("ctrl+d").Settled()
	}
	b.Until("EVIL in the pane", within)
}

// pane zooms a pane, goes through it, opens what its entries open, copies, and
// looks at the raw answer.
func (b *bench) pane(n int, evil bool) {
	b.zoom(n)
	if evil {
		b.recognises(n)
	}
	for _, move := range []string{"g", "ctrl+d", "G"} {
		b.Press(move)
		b.copyEntry()
		if n == firstFocus && move != "ctrl+d" { // the worst check, then the last fact
			b.Press("enter").See("╭─").Press("G", "esc").Gone("╭─")
		}
	}
	b.Press("g", "J")
	b.Until("raw JSON, or why there is none", func(screen string) bool {
		return strings.Contains(screen, "line 1 of") || strings.Contains(screen, "no answer of the API yet")
	})
	if strings.Contains(b.Screen(), "line 1 of") {
		b.Press("j", "enter", "G", "/").Type("EVIL").See("/EVIL").Press("enter", "esc").Gone("/EVIL")
		b.Press("esc").See(paneTitles[n])
	}
	b.together()
}

// copyEntry copies the entry under the cursor, then the whole pane.
func (b *bench) copyEntry() {
	b.Press("Y").See("Pane as JSON")
	if strings.Contains(b.Screen(), "Selected value") {
		b.copies("f").Press("Y").See("Pane as JSON")
	}
	b.copies("p")
}

// copies presses a key and waits until the terminal was told to copy something.
func (b *bench) copies(key string) *bench {
	count := func() int { return bytes.Count(b.Output(), []byte("\x1b]52;c;")) }
	before := count()
	b.Press(key).Gone("Pane as JSON").Until("a copy", func(string) bool { return count() > before })
	return b
}

// armed waits until the decision keys work: their letters are drawn as keys.
func (b *bench) armed() *bench {
	b.Until("the decision keys to work", func(screen string) bool {
		return strings.Contains(screen, "a approve") && !strings.Contains(b.Styled(), "ma approve")
	})
	return b
}

// TestHostileAnswersInASmallConsole shows everything at once at 80×24, where
// every pane is a tab, in the console's inbox too.
func TestHostileAnswersInASmallConsole(t *testing.T) {
	t.Parallel()
	r := newRig(t, 60, rawBytes)
	poison(r.api, evil)
	b := r.bench(benchOptions{add: []string{r.rich()}}, vtdriver.Size(80, 24), vtdriver.Profile(vtdriver.ANSI16))
	b.Press("9").See("9 All 1]", "EVIL").Press("f").See("╭─").Press("esc").Gone("╭─").Press("s").See("╭─").Press("esc").Gone("╭─")
	b.Press("/").Type("EVIL").See("EVIL").Press("enter")
	b.Press("enter").See("WHO  ").Until("every part", everyPart)
	for n := range len(paneTitles) {
		b.Press("tab", "ctrl+d").Settled()
		b.See("EVIL")
		if n == firstFocus {
			b.Resize(60, 10).See("docket needs").Resize(80, 24).See("VERDICT")
		}
	}
	b.armed().Press("!").See("Exempt from antifraud").Press("esc").Gone("Exempt from antifraud")
	b.Press("esc", "esc").See("9 All 1]").Press("q")
	require.Zero(t, b.Wait())
	require.Empty(t, b.judge(t, "80×24").clips)
}

// TestHostileErrorsInTheConsole lets the API refuse everything with a message
// full of instructions: panes, dialogs, the line of alerts, the log-in form.
func TestHostileErrorsInTheConsole(t *testing.T) {
	t.Parallel()
	r := newRig(t, 60, rawBytes)
	ids := r.waiting(3)
	b := r.bench(benchOptions{add: ids[:2]})
	b.See("Needs review 2")
	b.opens()

	// A decision that is refused: what the API said stands in the line of alerts.
	r.api.Fault("PUT /omni/manual-review", sim.Fault{Kind: sim.FaultStatus, Status: 422, Message: evil})
	b.armed().Press("a").See("checked-ok").Press("enter").See("complete: ctrl+s").Press("ctrl+s")
	b.See("refused", "EVIL").Press("esc").Gone("refused")

	// Every part that fails says so in its pane.
	r.api.Fault("*", sim.Fault{Kind: sim.FaultStatus, Status: 403, Message: evil})
	for n := 1; n < len(paneTitles)-1; n++ {
		b.Press(strconv.Itoa(n), "R").Sync()
	}
	b.See("not read", "EVIL")
	b.Press("L").See("> Activity", "403").Press("esc").See(paneTitles[1:]...)
	b.Press("esc").See("[1 Needs review 2]")

	// An id that is refused, and a log-in.
	b.Press("ctrl+n").See("Add sessions").Type(ids[2]).Press("ctrl+s").See("EVIL").Press("esc").Gone("Add sessions")
	b.Press(":").See("Every action by name").Type("log in").See("> log in").Press("enter").See("E-mail")
	b.Type("someone@example.test").Press("tab").Type("wrong-word").See("••••").Press("enter").See("EVIL").Press("esc").Gone("E-mail")
	b.Press("q")
	require.Zero(t, b.Wait())
	require.Empty(t, b.judge(t, "errors").clips)
}
