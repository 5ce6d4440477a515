package audit_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"docket/audit"
)

func TestALogThatFits(t *testing.T) {
	for _, n := range []int{0, 1, 2, 9, 10, 64, 100, 5000} {
		m, _, keys := filled(t, n)
		got, err := audit.Verify(t.Context(), m, keys)
		require.NoError(t, err)
		require.Nil(t, got.Broken, n)
		require.Equal(t, int64(n), got.Size)
		root, err := tlog.TreeHash(int64(n), m)
		require.NoError(t, err)
		require.Equal(t, root, got.Root, "the root is that of the library")
		if n >= 10 {
			require.Equal(t, int64(n/10*10), got.Signed.Size)
			require.Equal(t, noon, got.First)
			require.Equal(t, noon.Add(time.Duration(n-1)*time.Second), got.Last)
		}
	}
}

// Everything that can be done to a log is found, and the first entry that does not
// fit is named.
func TestTamperMatrix(t *testing.T) {
	edit := func(m *memory, i int) {
		m.records[i].Line = bytes.Replace(m.records[i].Line, []byte("os:ana"), []byte("os:ben"), 1)
	}
	cut := func(m *memory, to int64) {
		m.records, m.hashes, m.size = m.records[:to], m.hashes[:tlog.StoredHashCount(to)], to
	}
	for name, c := range map[string]struct {
		do           func(m *memory, signer note.Signer)
		fault        audit.Fault
		index, until int64
	}{
		"an entry edited":   {func(m *memory, _ note.Signer) { edit(m, 33) }, audit.Changed, 33, 33},
		"an entry deleted":  {func(m *memory, _ note.Signer) { m.records = append(m.records[:33:33], m.records[34:]...) }, audit.Missing, 33, 33},
		"the last deleted":  {func(m *memory, _ note.Signer) { m.records = m.records[:99] }, audit.Missing, 99, 99},
		"an entry inserted": {func(m *memory, _ note.Signer) { insert(m, 33) }, audit.Changed, 33, 33},
		"two swapped": {func(m *memory, _ note.Signer) {
			m.records[33].Line, m.records[34].Line = m.records[34].Line, m.records[33].Line
		}, audit.Changed, 33, 33},
		"two swapped with their hashes": {func(m *memory, _ note.Signer) {
			m.records[33].Line, m.records[34].Line = m.records[34].Line, m.records[33].Line
			a, b := tlog.StoredHashIndex(0, 33), tlog.StoredHashIndex(0, 34)
			m.hashes[a], m.hashes[b] = m.hashes[b], m.hashes[a]
		}, audit.Rehashed, 33, 33},
		"a hash edited": {func(m *memory, _ note.Signer) { m.hashes[tlog.StoredHashIndex(2, 5)][0]++ }, audit.Rehashed, 23, 23},
		"the clock back": {func(m *memory, _ note.Signer) {
			m.records[33].Line = bytes.Replace(m.records[33].Line, []byte("2026-"), []byte("2025-"), 1)
			m.rehash(t)
		}, audit.BackInTime, 33, 33},
		"no entry":                              {func(m *memory, _ note.Signer) { m.records[33].Line = []byte("{}x"); m.rehash(t) }, audit.Unreadable, 33, 33},
		"an entry rewritten with all hashes":    {func(m *memory, _ note.Signer) { edit(m, 33); m.rehash(t) }, audit.Rewritten, 30, 39},
		"rewritten before the first checkpoint": {func(m *memory, _ note.Signer) { edit(m, 3); m.rehash(t) }, audit.Rewritten, 0, 9},
		"an entry taken out with all hashes": {func(m *memory, _ note.Signer) {
			m.records = append(m.records[:33:33], m.records[34:]...)
			m.rehash(t)
		}, audit.Rewritten, 30, 39},
		"truncated":            {func(m *memory, _ note.Signer) { cut(m, 85) }, audit.Truncated, 85, 89},
		"truncated to nothing": {func(m *memory, _ note.Signer) { cut(m, 0) }, audit.Truncated, 0, 9},
		"rewritten and signed by another key": {func(m *memory, _ note.Signer) {
			edit(m, 33)
			m.rehash(t)
			secret, _, err := audit.NewKey()
			require.NoError(t, err)
			other, err := note.NewSigner(secret)
			require.NoError(t, err)
			m.checkpoints = nil
			m.sign(t, other)
		}, audit.Unsigned, 99, 99},
		"a checkpoint edited": {func(m *memory, _ note.Signer) {
			m.checkpoints[9] = string(bytes.Replace([]byte(m.checkpoints[9]), []byte("\n100\n"), []byte("\n101\n"), 1))
		}, audit.Unsigned, 100, 100},
		"a checkpoint that is none": {func(m *memory, _ note.Signer) { m.checkpoints[4] = "nonsense" }, audit.Unsigned, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			m, signer, keys := filled(t, 100)
			c.do(m, signer)
			got, err := audit.Verify(t.Context(), m, keys)
			require.NoError(t, err)
			require.NotNil(t, got.Broken)
			require.Equal(t, [3]any{c.fault, c.index, c.until}, [3]any{got.Broken.Fault, got.Broken.Index, got.Broken.Until}, got.Broken.Error())
		})
	}
}

func insert(m *memory, at int) {
	line, _ := entry(5000).Encode()
	m.records = append(m.records[:at:at], append([]audit.Record{{Line: line}}, m.records[at:]...)...)
	for i := range m.records {
		m.records[i].Index = int64(i)
	}
	m.size++
}

// Who also takes the checkpoints away has to reckon with those that were kept
// elsewhere.
func TestCheckpointsKeptElsewhere(t *testing.T) {
	m, _, keys := filled(t, 100)
	kept := m.checkpoints[7] // of 80 entries
	m.checkpoints = nil
	m.records, m.hashes, m.size = m.records[:60], m.hashes[:tlog.StoredHashCount(60)], 60
	got, err := audit.Verify(t.Context(), m, keys)
	require.NoError(t, err)
	require.Nil(t, got.Broken, "nothing here tells")
	require.Nil(t, got.Signed)
	got, err = audit.Verify(t.Context(), m, keys, kept)
	require.NoError(t, err)
	require.Equal(t, audit.Truncated, got.Broken.Fault)
	require.Equal(t, int64(60), got.Broken.Index)
}

// Any change of a byte of any entry is found at that entry.
func TestAnyByteOfAnyEntry(t *testing.T) {
	whole, _, keys := filled(t, 40)
	rapid.Check(t, func(rt *rapid.T) {
		m := &memory{hashes: whole.hashes, checkpoints: whole.checkpoints, size: whole.size}
		m.records = append(m.records, whole.records...)
		i := rapid.IntRange(0, 39).Draw(rt, "entry")
		line := bytes.Clone(m.records[i].Line)
		line[rapid.IntRange(0, len(line)-1).Draw(rt, "byte")] ^= byte(rapid.IntRange(1, 255).Draw(rt, "bits"))
		m.records[i].Line = line
		got, err := audit.Verify(t.Context(), m, keys)
		require.NoError(rt, err)
		require.Equal(rt, int64(i), got.Broken.Index)
	})
}

// Two machines whose clocks differ write one log.
func TestTimesNeverGoBack(t *testing.T) {
	m := &memory{}
	require.NoError(t, audit.Append(m, entry(10), entry(3), entry(11)))
	var at []time.Time
	for _, r := range m.records {
		e, err := audit.Decode(r.Line)
		require.NoError(t, err)
		at = append(at, e.At)
	}
	require.Equal(t, []time.Time{entry(10).At, entry(10).At, entry(11).At}, at)
}

func BenchmarkVerify(b *testing.B) {
	m, signer, keys := filled(b, 0)
	const n = 100_000
	for i := range n {
		require.NoError(b, audit.Append(m, entry(i)))
		if i%64 == 63 {
			m.sign(b, signer)
		}
	}
	b.Run(fmt.Sprint(n), func(b *testing.B) {
		for b.Loop() {
			got, err := audit.Verify(b.Context(), m, keys)
			require.NoError(b, err)
			require.Nil(b, got.Broken)
		}
	})
}
