package sqlite

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/audit"
)

// Nothing that is written can be changed or taken out by a statement, an accident
// included.
func TestTheAuditLogIsAppendOnly(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "inbox.db"))
	require.NoError(t, s.Log(t.Context(), audit.Entry{Event: audit.View}))
	for _, text := range []string{"update audit set line = 'x'", "delete from audit"} {
		require.ErrorContains(t, s.write.do(t.Context(), func(c *conn) error { return c.exec(t.Context(), text) }), "append-only")
	}
}

func BenchmarkAudit(b *testing.B) {
	s := openAt(b, filepath.Join(b.TempDir(), "inbox.db"))
	b.Run("append", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, s.Log(b.Context(), audit.Entry{By: "os:ana", Event: audit.View, Session: "5f9a41c2d07e4b12a3c8b7e0"}))
		}
	})
	const n = 100_000
	for range n / 1000 {
		entries := make([]audit.Entry, 1000)
		for i := range entries {
			entries[i] = audit.Entry{By: "os:ana", Event: audit.View, Session: "5f9a41c2d07e4b12a3c8b7e0"}
		}
		require.NoError(b, s.Log(b.Context(), entries...))
	}
	b.Run("verify 100,000", func(b *testing.B) {
		keys, err := audit.Keys()
		require.NoError(b, err)
		for b.Loop() {
			report, err := audit.Verify(b.Context(), s, keys)
			require.NoError(b, err)
			require.Nil(b, report.Broken)
		}
	})
}
