package postgres

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/internal/pgtest"
	"docket/model"
	"docket/store/storetest"
)

// keptVar names the variable with the URL of a database, in which the big inbox is
// kept for the next run.
const keptVar = "DOCKET_BENCH_POSTGRES"

// big opens an inbox with many rows, each changed.
func big(b *testing.B, schema string, change func(*model.Row)) *Store {
	b.Helper()
	url := os.Getenv(keptVar)
	if url == "" {
		url = pgtest.URL(b)
		b.Logf("settings of the server: %v", pgtest.Settings)
	}
	pgtest.Exec(b, url, "create schema if not exists "+schema)
	s, err := Open(b.Context(), url+"&search_path="+schema)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, s.Close()) })
	counts, err := s.Counts(b.Context(), "", s.now())
	require.NoError(b, err)
	if n := storetest.BenchRows(b); counts[model.ViewAll] != int64(n) {
		storetest.Fill(b, s, n, change)
		pgtest.Exec(b, url, "vacuum analyze")
	}
	return s
}

func asMade(*model.Row) {}

// BenchmarkInbox asks a big inbox what consoles ask.
func BenchmarkInbox(b *testing.B) {
	s := big(b, "bench_inbox", asMade)
	b.Run("page", func(b *testing.B) { storetest.BenchPages(b, s) })
	b.Run("search", func(b *testing.B) { storetest.BenchSearch(b, s) })
	b.Run("counts", func(b *testing.B) { storetest.BenchCounts(b, s) })
}

func BenchmarkAged(b *testing.B) {
	storetest.BenchAged(b, big(b, "bench_waiting", func(r *model.Row) { r.Verdict = model.Manual }))
}

func BenchmarkUpsert(b *testing.B) {
	s := openAt(b, pgtest.URL(b))
	storetest.BenchUpsert(b, s)
}

func BenchmarkAccept(b *testing.B) { storetest.BenchAccept(b, openAt(b, pgtest.URL(b))) }
