package arrive

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/internal/vtdriver"
)

// TestASessionArrivesAtBoth is the whole way: the simulator sends a webhook, the gateway
// takes it, and the consoles of two people show the session. One claims it, and the
// other sees that.
func TestASessionArrivesAtBoth(t *testing.T) {
	for name, open := range inboxes {
		t.Run(name, func(t *testing.T) {
			tm := newTeam(t, open(t), 60)
			tm.start()
			ana, bo := tm.console("ana@example.test"), tm.console("bo@example.test")
			ana.See("The inbox is empty")
			bo.See("The inbox is empty")

			id, who := tm.waiting()
			sent := time.Now()
			f := &flood{tm: tm, took: map[string]bool{}}
			require.True(t, f.post(t.Context(), id))
			ana.See("All 1", who, "MANUAL")
			bo.See("All 1", who, "MANUAL")
			t.Logf("both consoles showed who it is %d ms after it was sent", time.Since(sent).Milliseconds())

			ana.Press("c").See("is yours until", "@you")
			bo.See("@ana")
			for _, console := range []*vtdriver.Driver{ana, bo} {
				console.Press("q")
				require.Zero(t, console.Wait())
			}
		})
	}
}

// waiting returns a session that waits for a person, and how its name begins.
func (tm *team) waiting() (id, name string) {
	tm.t.Helper()
	for _, id := range tm.api.IDs() {
		if so, ok := tm.api.Session(id); ok && so.Verdict == "MANUAL" && so.Name != "" {
			return id, strings.Fields(so.Name)[0]
		}
	}
	tm.t.Fatal("nobody waits")
	return "", ""
}
