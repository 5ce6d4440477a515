package sqlite

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/store/storetest"
)

// bigPath returns the file of an inbox with many rows. With DOCKET_BENCH_DIR it is kept
// there for the next run.
func bigPath(b *testing.B) string { return pathOf(b, "inbox", func(*model.Row) {}) }

// pathOf returns the file of an inbox with many rows, each changed.
func pathOf(b *testing.B, name string, change func(*model.Row)) string {
	b.Helper()
	dir, n := os.Getenv("DOCKET_BENCH_DIR"), storetest.BenchRows(b)
	if dir == "" {
		dir = b.TempDir()
	}
	path := filepath.Join(dir, fmt.Sprintf("%s-%d.db", name, n))
	if _, err := os.Stat(path); err == nil {
		return path
	}
	s, err := open(b.Context(), path, "off")
	require.NoError(b, err)
	storetest.Fill(b, s, n, change)
	require.NoError(b, s.Close())
	return path
}

func big(b *testing.B) *Store {
	b.Helper()
	s, err := Open(b.Context(), bigPath(b))
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, s.Close()) })
	return s
}

func BenchmarkOpen(b *testing.B) {
	path := bigPath(b)
	storetest.Times(b, func() {
		s, err := Open(context.Background(), path)
		require.NoError(b, err)
		_, err = s.List(context.Background(), model.Query{View: model.ViewReview, Limit: 50})
		require.NoError(b, err)
		require.NoError(b, s.Close())
	})
}

// BenchmarkInbox asks a big inbox what consoles ask.
func BenchmarkInbox(b *testing.B) {
	s := big(b)
	b.Run("page", func(b *testing.B) { storetest.BenchPages(b, s) })
	b.Run("search", func(b *testing.B) { storetest.BenchSearch(b, s) })
	b.Run("counts", func(b *testing.B) { storetest.BenchCounts(b, s) })
}

func BenchmarkAged(b *testing.B) {
	s, err := Open(b.Context(), pathOf(b, "waiting", func(r *model.Row) { r.Verdict = model.Manual }))
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, s.Close()) })
	storetest.BenchAged(b, s)
}

// BenchmarkUpsert adds new rows to a big inbox, and changes rows in it.
func BenchmarkUpsert(b *testing.B) {
	s, err := Temp(b.Context())
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, s.Close()) })
	storetest.BenchUpsert(b, s)
}

// BenchmarkPeer asks the sqlite3 program, a process of its own each time, for a
// plain page: what a shell script would get.
func BenchmarkPeer(b *testing.B) {
	if _, err := exec.LookPath("sqlite3"); err != nil {
		b.Skip("sqlite3 is not installed")
	}
	path := bigPath(b)
	storetest.Times(b, func() {
		out, err := exec.Command("sqlite3", "-readonly", path, "select id, hex(body) from session order by due, id limit 50").Output()
		require.NoError(b, err)
		require.NotEmpty(b, out)
	})
}

func BenchmarkAccept(b *testing.B) {
	storetest.BenchAccept(b, openAt(b, filepath.Join(b.TempDir(), "inbox.db")))
}
