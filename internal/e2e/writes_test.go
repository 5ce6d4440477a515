package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/internal/vtdriver"
	"docket/model"
	"docket/sim"
)

// write is an action as a person asks for it, and the one request that stands
// for it in the reference. ID is the place of the interview id.
type write struct {
	name    string
	section string   // of the reference
	args    []string // of the command line
	keys    []string // of the console, from the session's page to the dialog
	fill    []string // of the dialog, before it is sent
	dialog  string   // its title
	method  string
	path    string
	query   string
	body    string
}

// manyWrites are all actions. The bodies are the reference's, member by member.
func manyWrites() []write {
	manual := func(name, verdict string, args, keys []string, more string) write {
		return write{
			name: name, section: "Update manual review", args: args, keys: keys, fill: []string{"enter"},
			method: http.MethodPut, path: "/omni/manual-review", query: "interviewId=ID",
			body: `{"manualReviewStatus":"` + verdict + `"` + more + `}`,
		}
	}
	approve := manual("approve", "APPROVED", []string{"approve", "ID", "--reason", "checked-ok", "--note", "Stays here."}, []string{"a"}, "")
	reject := manual("reject", "REJECTED", []string{"reject", "ID", "--reason", "document-expired"}, []string{"x"}, "")
	review := manual("review", "REQUIRED", []string{"review", "ID", "--message", "Look again"}, []string{"m"}, `,"newReason":"Look again"`)
	approve.dialog, reject.dialog, review.dialog = "─ Approve ", "─ Reject ", "─ Set needs review "
	review.fill = []string{"Look again"}
	return []write{
		approve, reject, review,
		{
			name: "antifraud", section: "Resolve Antifraud result",
			args: []string{"antifraud", "resolve", "ID", "--reason", "known customer"}, keys: []string{"!", "f"}, fill: []string{"known customer"},
			dialog: "─ Exempt from antifraud ", method: http.MethodPut, path: "/omni/resolve/antifraud", query: "interviewId=ID&reason=known+customer",
		},
		{
			name: "enroll", section: "Approve customer", args: []string{"enroll", "ID"}, keys: []string{"!", "i"},
			dialog: "─ Enrol identity ", method: http.MethodPost, path: "/omni/process/approve", query: "interviewId=ID",
		},
		{
			name: "expire", section: "Expire onboarding sessions by interviewIds",
			args: []string{"expire", "ID", "--condition", "NEEDS_REVIEW"}, keys: []string{"!", "e"}, fill: []string{"down", "space"},
			dialog: "─ Expire ", method: http.MethodPost, path: "/omni/expire/interviews",
			body: `{"interviewIds":["ID"],"cleanerConfiguration":{"expirationConditions":["NEEDS_REVIEW"]}}`,
		},
		{
			name: "close", section: "Set session status", args: []string{"close", "ID"}, keys: []string{"!", "c"},
			dialog: "─ Close session ", method: http.MethodPost, path: "/omni/session/status/set", query: "action=Closed&id=ID",
		},
		{
			name: "reopen", section: "Set session status", args: []string{"reopen", "ID"}, keys: []string{"!", "o"},
			dialog: "─ Reopen session ", method: http.MethodPost, path: "/omni/session/status/set", query: "action=Alive&id=ID",
		},
		{
			name: "sms", section: "external/send-sms", args: []string{"link", "ID", "--sms"}, keys: []string{"b", "s"},
			dialog: "─ Send the link by SMS ", method: http.MethodPost, path: "/omni/external/send-sms", query: "id=ID",
			body: `{"clientId":"` + sim.DefaultClientID + `","smsText":"` + model.SMSText + `"}`,
		},
		{
			name: "flag", section: "Update — interview", args: []string{"flag", "ID", "--id-check"}, keys: []string{"!", "h"}, fill: []string{"space"},
			dialog: "─ Ask for a check by hand ", method: http.MethodPut, path: "/omni/update", query: "id=ID",
			body: `{"manualIdCheckNeeded":true}`,
		},
		{
			name: "delete", section: "Delete PII data for single onboarding session",
			args: []string{"delete", "ID", "--identity", "keep"}, keys: []string{":", "delete", "enter"}, fill: []string{"enter", "tab", "LAST"},
			dialog: "─ Delete personal data ", method: http.MethodDelete, path: "/omni/interview",
			query: "interviewId=ID&keepCustomer=true&sendNotification=false",
		},
	}
}

// of puts an id in its place.
func of(texts []string, id string) []string {
	out := slices.Clone(texts)
	for i := range out {
		out[i] = strings.ReplaceAll(out[i], "ID", id)
	}
	return out
}

// documented compares a request with the reference, headers included.
func (w write) documented(t testing.TB, id string, got sim.Request) {
	t.Helper()
	want := of([]string{w.method, w.path, w.query, w.body}, id)
	require.Equal(t, want, []string{got.Method, got.Path, got.Query, got.Body}, "%s: as in %q of the reference", w.name, w.section)
	for _, header := range []string{"X-Api-Key", "Api-Version", "X-Incode-Hardware-Id"} {
		require.Contains(t, got.Headers, header, w.name)
	}
	require.Equal(t, slices.Contains(got.Headers, "Content-Type"), true, "%s: the reference's headers are mandatory", w.name)
}

// TestCommandsWriteAsDocumented carries out every action from the command line.
func TestCommandsWriteAsDocumented(t *testing.T) {
	t.Parallel()
	r := newRig(t, 120, nil)
	ids := r.waiting(len(manyWrites()) + 1)
	for i, w := range manyWrites() {
		before := len(r.writes())
		got := r.run(append(of(w.args, ids[i]), "--yes")...)
		require.Zero(t, got.code, "%s: %s", w.name, got.both())
		sent := r.writes()[before:]
		require.Len(t, sent, 1, w.name)
		w.documented(t, ids[i], sent[0])
		require.Equal(t, http.StatusOK, sent[0].Status, w.name)
	}
	require.Equal(t, len(manyWrites()), r.api.Writes())

	// What is optional in the reference goes only when it is asked for.
	for _, more := range []struct {
		args        []string
		query, body string
	}{
		{[]string{"enroll", "ID", "--component", "liveness,id"}, "interviewId=ID", `{"approveComponents":["liveness","id"]}`},
		{[]string{"delete", "ID", "--identity", "delete", "--notify"}, "interviewId=ID&keepCustomer=false&sendNotification=true", ""},
	} {
		id := ids[len(ids)-1]
		before := len(r.writes())
		got := r.run(append(of(more.args, id), "--yes")...)
		require.Contains(t, []int{model.ExitDone, model.ExitRefused}, got.code, got.both())
		sent := r.writes()[before:]
		require.Len(t, sent, 1)
		require.Equal(t, of([]string{more.query, more.body}, id), []string{sent[0].Query, sent[0].Body})
	}
	two := r.find(2, "incomplete", func(so sim.Session) bool { return so.Verdict == "" && so.OnboardingStatus != "EXPIRED" })
	got := r.must("expire", two[0], two[1], "--condition", "INCOMPLETE", "--condition", "NEEDS_REVIEW", "--yes")
	require.Contains(t, got.stdout, two[1])
	all := r.writes()
	require.Equal(t, `{"interviewIds":["`+two[0]+`","`+two[1]+`"],"cleanerConfiguration":{"expirationConditions":["INCOMPLETE","NEEDS_REVIEW"]}}`, all[len(all)-1].Body,
		"many sessions, one call")
}

// TestCommandsThatAreNotConfirmed want a yes, and nothing goes without it.
func TestCommandsThatAreNotConfirmed(t *testing.T) {
	t.Parallel()
	r := newRig(t, 60, nil)
	id := r.waiting(1)[0]
	for _, w := range manyWrites() {
		require.Equal(t, model.ExitUsage, r.run(of(w.args, id)...).code, w.name)
	}
	require.Equal(t, model.ExitRefused, r.run("--read-only", "approve", id, "--reason", "checked-ok", "--yes").code)
	require.Equal(t, model.ExitUsage, r.run("approve", id, "--reason", "no-such-code", "--yes").code)
	require.Equal(t, model.ExitUsage, r.run("approve", id, "--reason", "other", "--yes").code, "other needs a note")
	require.Equal(t, model.ExitRefused, r.run("approve", id, "--reason", "checked-ok", "--expect", "another-digest", "--yes").code)
	passed := r.find(1, "passed", func(so sim.Session) bool { return so.Verdict == "OK" })[0]
	require.Equal(t, model.ExitRefused, r.run("reject", passed, "--reason", "antifraud", "--yes").code, "its verdict is not open")
	r.withoutToken()
	require.Equal(t, model.ExitNotAllowed, r.run("approve", id, "--reason", "checked-ok", "--yes").code)
	require.Empty(t, r.writes())
}

// find opens a session of the inbox by its id.
func (b *bench) find(id string) *bench {
	b.Press("/").Type(id[:12]).Settled().See("1 found").Press("enter")
	return b.opens()
}

// home goes back to the whole inbox, over whatever is open. A key too many does no
// harm there.
func (b *bench) home() {
	b.until("the inbox", "esc", func(screen string) bool {
		return strings.Contains(screen, "[9 All") && !strings.Contains(screen, "╭─") && !strings.Contains(screen, "esc clears")
	})
}

// until presses a key again and again, as long as the screen that it leaves is not
// the one that is wanted. The screen comes to rest in between.
func (b *bench) until(what, key string, is func(screen string) bool) {
	b.t().Helper()
	for range 40 {
		if is(b.Settled().Screen()) {
			return
		}
		b.Press(key)
	}
	b.Until(what, is)
}

// opensDialog opens the dialog of an action on the session that is open.
func (b *bench) opensDialog(w write) *bench {
	b.armed()
	for _, key := range w.keys {
		switch key {
		case "!":
			b.Press(key).See("Rare actions")
		case "b":
			b.Press(key).See("Ask the customer again")
		case ":":
			b.Press(key).See("Every action by name")
		case "delete":
			b.Type(key).See("> delete the")
		default:
			b.Press(key)
		}
	}
	b.See(w.dialog)
	return b
}

// fills fills the dialog in.
func (b *bench) fills(w write, id string) *bench {
	for _, key := range w.fill {
		switch key {
		case "LAST":
			b.Type(id[len(id)-6:])
		case "enter", "tab", "down", "space":
			b.Press(key)
		default:
			b.Type(key)
		}
	}
	b.See("ctrl+s sends it")
	return b
}

// sends waits until so many requests that change something have been answered.
func (b *bench) sends(n int) {
	b.t().Helper()
	require.Eventually(b.t(), func() bool {
		all := b.rig.writes()
		return len(all) >= n && (n == 0 || all[n-1].Status != 0)
	}, vtdriver.DefaultDeadline, 5*time.Millisecond, "requests: %v", b.rig.writes())
	require.Len(b.t(), b.rig.writes(), n)
}

// TestTheConsoleWritesAsDocumented carries out every action with the keys of the
// console.
func TestTheConsoleWritesAsDocumented(t *testing.T) {
	t.Parallel()
	r := newRig(t, 120, nil)
	writes := manyWrites()
	ids := r.waiting(len(writes))
	b := r.bench(benchOptions{add: ids})
	b.See(fmt.Sprintf("[1 Needs review %d]", len(ids))).Press("9").See(fmt.Sprintf("[9 All %d]", len(ids)))
	for i, w := range writes {
		b.find(ids[i]).opensDialog(w).fills(w, ids[i])
		b.sends(i)
		b.Press("ctrl+s").Gone(w.dialog)
		b.sends(i + 1)
		w.documented(t, ids[i], r.writes()[i])
		b.home()
	}
	b.Press("q")
	require.Zero(t, b.Wait())
	require.Equal(t, len(writes), r.api.Writes())
}

// TestManyPressesWriteOnce presses every key of a decision three times, faster
// than anybody reads, with and without a hold.
func TestManyPressesWriteOnce(t *testing.T) {
	for name, hold := range map[string]time.Duration{"at once": 0, "held back": 300 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 120, nil)
			writes := manyWrites()
			ids := r.waiting(len(writes))
			b := r.bench(benchOptions{add: ids, hold: hold, reads: true})
			b.See(fmt.Sprintf("[1 Needs review %d]", len(ids))).Press("9").See(fmt.Sprintf("[9 All %d]", len(ids)))
			for i, w := range writes {
				b.find(ids[i]).armed().thrice(w, ids[i])
				b.sends(i + 1)
				b.home()
			}
			b.Press("q")
			require.Zero(t, b.Wait())
			require.Equal(t, len(writes), r.api.Writes())
		})
	}
}

// insist presses a key until it shows: dialogs take none that chooses before
// they can have been read.
func (b *bench) insist(key, text string) {
	b.Press(key)
	b.until(text, key, func(screen string) bool { return strings.Contains(screen, text) })
}

// thrice does what a person does who presses everything three times.
func (b *bench) thrice(w write, id string) {
	for _, key := range w.keys {
		switch key {
		case "delete":
			b.See("Every action by name").Type(key).See("> delete")
		case "enter", "f", "i", "e", "c", "o", "s", "h":
			b.insist(key, w.dialog)
		case ":":
			b.Press(key)
		default:
			b.Press(key, key, key)
		}
	}
	b.See(w.dialog)
	for _, key := range w.fill {
		switch key {
		case "LAST":
			b.Type(id[len(id)-6:])
		case "enter":
			b.insist(key, "(•)")
			b.Press(key, key)
		case "down":
			b.Press(key, key, key)
		case "space":
			b.insist(key, "[x]")
		case "tab": // enter has come further already
		default:
			b.until("a dialog that can be typed into", "Ä", func(screen string) bool { return strings.Contains(screen, "│ Ä") })
			b.Press("ctrl+u").Type(key)
		}
	}
	b.See("ctrl+s sends it").Press("ctrl+s", "ctrl+s", "ctrl+s", "enter", "enter", "y")
	b.until("the dialog to close", "ctrl+s", func(screen string) bool { return !strings.Contains(screen, w.dialog) })
}
