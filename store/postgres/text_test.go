package postgres

import (
	"cmp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestText: whatever a text is, Postgres takes it, it comes back, and texts keep their
// order.
func TestText(t *testing.T) {
	piece := rapid.SampledFrom([]string{"a", "Z", "é", "田", "\x00", "\x01", "\x02", "\xff", "\xc3", "🔥", "\uFFFD", " ", "'"})
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(piece, 0, 400).Draw(t, "pieces"), "")
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		for _, s := range []string{a, b} {
			require.True(t, utf8.ValidString(safe(s)))
			require.NotContains(t, safe(s), "\x00")
			require.Equal(t, s, plain(safe(s)))
			require.True(t, utf8.ValidString(keyed(s)))
			require.LessOrEqual(t, len(keyed(s)), maxKey)
		}
		require.Equal(t, a == b, keyed(a) == keyed(b))
		if utf8.ValidString(a) && utf8.ValidString(b) {
			require.Equal(t, cmp.Compare(a, b), cmp.Compare(safe(a), safe(b)))
		}
	})
}
