package sshd

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestPiecesOfInputAreBounded has terminals that begin and never end. What follows the
// end of a piece arrives, and so does a piece that is no longer than they are.
func TestPiecesOfInputAreBounded(t *testing.T) {
	long, report := strings.Repeat("1", 3<<20), strings.Repeat("1", longestReport-100)
	for name, c := range map[string]struct {
		in   string
		most int
		ends string
	}{
		"paste":           {"\x1b[200~" + long + "\x1b[201~jk", longestPaste + 100, "\x1b[201~jk"},
		"paste, no end":   {"\x1b[200~" + long, longestPaste + 100, "1"},
		"report":          {"\x1b]52;c;" + long + "\ajk", longestReport + 100, "\ajk"},
		"report, ST":      {"\x1bP" + long + "\x1b\\jk", longestReport + 100, "\x1b\\jk"},
		"control":         {"\x1b[1;" + long + "Ajk", longestReport + 100, "Ajk"},
		"usual report":    {"\x1b_G" + report + "\x1b\\jk", longestReport + 10, report + "\x1b\\jk"},
		"keys":            {long, len(long), long},
		"escape in paste": {"\x1b[200~a\x1b[20\x1b[201~jk", 100, "a\x1b[20\x1b[201~jk"},
	} {
		got, err := io.ReadAll(&bounded{in: strings.NewReader(c.in), now: time.Now})
		require.NoError(t, err)
		require.LessOrEqual(t, len(got), c.most, name)
		require.True(t, strings.HasSuffix(string(got), c.ends), name)
		if len(c.in) <= longestReport {
			slowly, err := io.ReadAll(&bounded{in: iotest.OneByteReader(strings.NewReader(c.in)), now: time.Now})
			require.NoError(t, err)
			require.Equal(t, c.in, string(slowly), name)
		}
	}
}

// TestKeysThatBeginAPieceAreKeys has somebody type ESC and ] and go on.
func TestKeysThatBeginAPieceAreKeys(t *testing.T) {
	now := time.Now()
	keys := strings.Repeat("j", 2*longestReport)
	in := &bounded{in: iotest.OneByteReader(strings.NewReader("\x1b]" + keys)), now: func() time.Time {
		now = now.Add(2 * pieceTime)
		return now
	}}
	got, err := io.ReadAll(in)
	require.NoError(t, err)
	require.Equal(t, "\x1b]"+keys, string(got))
}
