package audit_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/audit"
)

func TestProofsOfSomeEntries(t *testing.T) {
	for _, n := range []int{10, 20, 70, 5000} {
		m, _, keys := filled(t, n+3) // the last three are not signed
		wants := func(line []byte) bool { return bytes.Contains(line, []byte("7\"")) }
		proven, err := audit.Prove(t.Context(), m, wants)
		require.NoError(t, err)
		signed, err := audit.OpenCheckpoint(proven.Checkpoint, keys)
		require.NoError(t, err)
		require.Equal(t, int64(n/10*10), signed.Size)
		require.Len(t, proven.Entries, n/10)
		for _, p := range proven.Entries {
			require.NoError(t, p.Check(signed))
			require.Equal(t, int64(7), p.Index%10)
			other := p
			other.Line += " "
			require.Error(t, other.Check(signed), "another entry")
			other = p
			other.Index++
			require.Error(t, other.Check(signed), "another place")
			other.Index = -1
			require.Error(t, other.Check(signed))
			other.Index = signed.Size
			require.Error(t, other.Check(signed))
		}
	}
}

func TestNoProofOfALogThatDoesNotFit(t *testing.T) {
	m, _, _ := filled(t, 50)
	all := func([]byte) bool { return true }
	m.records[33].Line = bytes.Replace(m.records[33].Line, []byte("os:ana"), []byte("os:ben"), 1)
	_, err := audit.Prove(t.Context(), m, all)
	require.ErrorContains(t, err, "entry 33")

	m, _, _ = filled(t, 50)
	m.hashes = m.hashes[:10]
	_, err = audit.Prove(t.Context(), m, all)
	require.ErrorContains(t, err, "not there")

	m, _, _ = filled(t, 5)
	_, err = audit.Prove(t.Context(), m, all)
	require.ErrorContains(t, err, "never signed")
}
