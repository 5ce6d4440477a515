package pin_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/internal/pin"
)

func TestOnlyThePINOpens(t *testing.T) {
	hash, err := pin.Hash("4711")
	require.NoError(t, err)
	require.NotContains(t, hash, "4711")
	again, err := pin.Hash("4711")
	require.NoError(t, err)
	require.NotEqual(t, hash, again, "each has a salt of its own")
	l, err := pin.Parse(hash)
	require.NoError(t, err)
	require.True(t, l.Opens("4711"))
	for _, wrong := range []string{"", "4712", "47110", "471"} {
		require.False(t, l.Opens(wrong), wrong)
	}
}

// A PIN is neither too short to be one nor as long as a file.
func TestThePINHasALength(t *testing.T) {
	for _, text := range []string{"123", strings.Repeat("1", pin.Most+1)} {
		_, err := pin.Hash(text)
		require.ErrorIs(t, err, pin.ErrLength)
	}
}

func TestWhatIsNoHashIsRefused(t *testing.T) {
	hash, err := pin.Hash("4711")
	require.NoError(t, err)
	for name, text := range map[string]string{
		"nothing": "", "the PIN itself": "4711", "another kind": strings.Replace(hash, "argon2id", "argon2i", 1),
		"another version": strings.Replace(hash, "v=19", "v=16", 1), "all memory": strings.Replace(hash, "m=19456", "m=4000000000", 1),
		"no passes": strings.Replace(hash, "t=2", "t=0", 1), "forever": strings.Replace(hash, "t=2", "t=4000000", 1), "no threads": strings.Replace(hash, "p=1", "p=0", 1),
		"no sum": hash[:strings.LastIndex(hash, "$")+1], "more": hash + "$x", "cut": hash[:40], "no base64": hash[:len(hash)-3] + "(((",
	} {
		_, err := pin.Parse(text)
		require.ErrorIs(t, err, pin.ErrHash, name)
	}
}
