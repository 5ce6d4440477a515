package e2e

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/audit"
)

// ledger is a console on an inbox whose audit log may be made to refuse every entry.
type ledger struct {
	*bench
	raw *sql.DB
}

func opensLedger(t *testing.T) (l *ledger, id, name string) {
	t.Helper()
	r := newRig(t, 60, nil)
	id = r.waiting(1)[0]
	file := filepath.Join(t.TempDir(), "inbox.db")
	b := r.bench(benchOptions{add: []string{id}, inbox: file})
	raw, err := sql.Open("sqlite", file+"?_pragma=busy_timeout(10000)") // the console may be writing
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, raw.Close()) })
	name = strings.Fields(r.session(id).Name)[0]
	b.See("[1 Needs review 1]", name)
	return &ledger{b, raw}, id, name
}

func (l *ledger) refuses() {
	_, err := l.raw.Exec("create trigger refuses before insert on audit begin select raise(abort, 'refused'); end")
	require.NoError(l.rig.t, err)
}

func (l *ledger) accepts() {
	_, err := l.raw.Exec("drop trigger refuses")
	require.NoError(l.rig.t, err)
}

// told are the entries of an event: of which session, and what.
func (l *ledger) told(event audit.Event) []string {
	l.rig.t.Helper()
	records, err := l.store.AuditRecords(l.rig.t.Context(), 0, 1000)
	require.NoError(l.rig.t, err)
	var all []string
	for _, r := range records {
		e, err := audit.Decode(r.Line)
		require.NoError(l.rig.t, err)
		if e.Event == event {
			all = append(all, e.Session+" "+e.Detail)
		}
	}
	return all
}

// TestNothingIsRevealedThatIsNotLogged masks and reveals.
func TestNothingIsRevealedThatIsNotLogged(t *testing.T) {
	t.Parallel()
	l, id, name := opensLedger(t)
	l.Press("*").See("MASKED").Gone(name)
	l.refuses()
	l.Press("*").See("nothing is revealed", "MASKED")
	l.Gone(name)
	require.Empty(t, l.told(audit.Reveal))
	l.accepts()
	l.Press("*").Gone("MASKED").See(name).Gone("nothing is revealed")
	require.Equal(t, []string{" inbox"}, l.told(audit.Reveal))

	// In a session it is the session that is revealed; masking is no entry.
	l.opens()
	l.Press("*").See("MASKED").Gone(name)
	l.refuses()
	l.Press("*").See("nothing is revealed", "MASKED")
	l.Gone(name)
	l.accepts()
	l.Press("*").Gone("MASKED").See(name)
	require.Equal(t, []string{" inbox", id + " session"}, l.told(audit.Reveal))
	l.Press("q")
	require.Zero(t, l.Wait())
}

// TestNothingLeavesThatIsNotLogged copies, and looks at what the API sent.
func TestNothingLeavesThatIsNotLogged(t *testing.T) {
	t.Parallel()
	l, id, _ := opensLedger(t)
	l.opens()
	l.refuses()
	l.Press("y").See("interview id copied")
	l.Until("the id on the clipboard", func(string) bool { return l.Clipboard() == id })
	for _, item := range []string{"p", "c", "f"} {
		l.Press("Y").See("Pane as JSON").Press(item).See("nothing is given out").Gone("Pane as JSON")
		l.Press("y").See("interview id copied")
	}
	l.Press("J").See("nothing is given out")
	require.NotContains(t, l.Settled().Screen(), "> JSON")
	require.Equal(t, id, l.Clipboard())
	require.Empty(t, l.told(audit.Export))

	l.accepts()
	l.Press("Y").See("Pane as JSON").Press("p").See("JSON of Checks copied")
	l.Until("the pane on the clipboard", func(string) bool { return strings.Contains(l.Clipboard(), `"pane": "checks"`) })
	l.Press("Y").See("Pane as JSON").Press("c").See("curl copied")
	l.Press("J").See("> JSON").Press("y").See("interview id copied").Press("esc").Gone("> JSON")
	require.Equal(t, []string{id + " copied JSON of Checks", id + " copied curl of Checks", id + " raw score"}, l.told(audit.Export))
	l.Press("q")
	require.Zero(t, l.Wait())
}

// TestASearchIsLoggedOnce types one, takes letters back, and begins another.
func TestASearchIsLoggedOnce(t *testing.T) {
	t.Parallel()
	l, _, name := opensLedger(t)
	l.Press("/")
	for _, letter := range name[:3] {
		l.Type(string(letter)).See("1 found").Settled()
	}
	l.Press("backspace").Settled().Press("enter").See("1 found").Press("R").Settled()
	require.Equal(t, []string{" inbox"}, l.told(audit.Search))
	l.Press("/", "ctrl+u").Type("zzz").See("0 found").Settled()
	require.Equal(t, []string{" inbox", " inbox"}, l.told(audit.Search))
	l.refuses()
	l.Press("ctrl+u").Type(name[:3]).See("nothing is shown")
	require.NotContains(t, l.Settled().Screen(), "◆ MANUAL")
	l.accepts()
}

// TestNothingIsShownThatIsNotLogged opens a session that was fetched ahead.
func TestNothingIsShownThatIsNotLogged(t *testing.T) {
	t.Parallel()
	l, id, _ := opensLedger(t)
	l.Settled()
	l.refuses()
	l.Press("enter").See("nothing is shown").Settled().Press("R").Settled()
	require.Nil(t, l.seat.Peek(id))
	require.Empty(t, l.told(audit.View)[1:], "only the inbox was seen")
	l.accepts()
	l.Press("esc").See("[1 Needs review 1]")
	l.opens()
	require.Equal(t, []string{" inbox", id + " session"}, l.told(audit.View))
}
