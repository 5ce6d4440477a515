package arrive

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestASessionArrivesAtBoth is the whole way: the simulator sends a webhook, the gateway
// takes it, and the consoles of two people show the session. One claims it, and the
// other sees that.
func TestASessionArrivesAtBoth(t *testing.T) {
	tm := newTeam(t, inboxes["postgres"](t), 60)
	tm.start()
	ana, bo := tm.console("ana@example.test"), tm.console("bo@example.test")
	ana.See("docket", "No sessions")
	bo.See("docket", "No sessions")

	sent := time.Now()
	id := tm.api.IDs()[0]
	f := &flood{tm: tm, took: map[string]bool{}}
	require.True(t, f.post(t.Context(), id))
	short := id[:8]
	ana.See(short)
	bo.See(short)
	t.Logf("both consoles showed it %d ms after it was sent", time.Since(sent).Milliseconds())

	ana.Press("c").See("is yours until")
	bo.See("@ana")
	ana.Press("q")
	bo.Press("q")
	require.Zero(t, ana.Wait())
	require.Zero(t, bo.Wait())
}
