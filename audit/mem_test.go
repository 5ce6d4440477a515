package audit_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"docket/audit"
)

// memory is a log that anybody may write to.
type memory struct {
	records     []audit.Record
	hashes      []tlog.Hash
	checkpoints []string
	size        int64
}

func (m *memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, i := range indexes {
		if i >= int64(len(m.hashes)) {
			return nil, errors.New("no such hash")
		}
		out = append(out, m.hashes[i])
	}
	return out, nil
}

func (m *memory) Tail() (int64, []byte, error) {
	if m.size == 0 {
		return 0, nil, nil
	}
	return m.size, m.records[len(m.records)-1].Line, nil
}

func (m *memory) Put(r audit.Record, hashes []tlog.Hash) error {
	m.records, m.hashes, m.size = append(m.records, r), append(m.hashes, hashes...), m.size+1
	return nil
}

func (m *memory) AuditSize(context.Context) (int64, error) { return m.size, nil }

func (m *memory) AuditRecords(_ context.Context, from int64, limit int) ([]audit.Record, error) {
	i, _ := slices.BinarySearchFunc(m.records, from, func(r audit.Record, from int64) int { return int(r.Index - from) })
	return m.records[i:min(i+limit, len(m.records))], nil
}

func (m *memory) AuditHashes(_ context.Context, from int64, limit int) ([]tlog.Hash, error) {
	from = min(from, int64(len(m.hashes)))
	return m.hashes[from:min(from+int64(limit), int64(len(m.hashes)))], nil
}

func (m *memory) Checkpoints(context.Context) ([]string, error) { return m.checkpoints, nil }

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func entry(i int) audit.Entry {
	return audit.Entry{At: noon.Add(time.Duration(i) * time.Second), By: "os:ana", Event: audit.View, Session: fmt.Sprintf("s%d", i)}
}

// filled returns a log of n entries, signed every 10, and its keys.
func filled(t testing.TB, n int) (*memory, note.Signer, note.Verifiers) {
	t.Helper()
	secret, public, err := audit.NewKey()
	require.NoError(t, err)
	signer, err := note.NewSigner(secret)
	require.NoError(t, err)
	keys, err := audit.Keys(public)
	require.NoError(t, err)
	m := &memory{}
	for i := range n {
		require.NoError(t, audit.Append(m, entry(i)))
		if (i+1)%10 == 0 {
			m.sign(t, signer)
		}
	}
	return m, signer, keys
}

// sign signs the log as it is.
func (m *memory) sign(t testing.TB, signer note.Signer) {
	t.Helper()
	root, err := tlog.TreeHash(m.size, m)
	require.NoError(t, err)
	text, err := audit.Sign(signer, m.size, root, noon)
	require.NoError(t, err)
	m.checkpoints = append(m.checkpoints, text)
}

// rehash makes the hashes follow from the entries again, as somebody would who
// rewrites the log.
func (m *memory) rehash(t testing.TB) {
	t.Helper()
	records := m.records
	m.records, m.hashes, m.size = nil, nil, 0
	for i, r := range records {
		hashes, err := tlog.StoredHashes(int64(i), r.Line, m)
		require.NoError(t, err)
		require.NoError(t, m.Put(audit.Record{Index: int64(i), Line: r.Line}, hashes))
	}
}
