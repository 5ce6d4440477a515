package sqlite

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/store/storegen"
)

// benchRows is how many rows the big inbox holds: 100,000, or DOCKET_BENCH_ROWS.
// With DOCKET_BENCH_DIR the file is kept there for the next run.
func benchRows(b *testing.B) int {
	b.Helper()
	text := os.Getenv("DOCKET_BENCH_ROWS")
	if text == "" {
		return 100_000
	}
	n, err := strconv.Atoi(text)
	require.NoError(b, err, "DOCKET_BENCH_ROWS")
	return n
}

// bigPath returns the file of an inbox with benchRows rows.
func bigPath(b *testing.B) string { return pathOf(b, "inbox", func(*model.Row) {}) }

// pathOf returns the file of an inbox with benchRows rows, each changed.
func pathOf(b *testing.B, name string, change func(*model.Row)) string {
	b.Helper()
	dir, n := os.Getenv("DOCKET_BENCH_DIR"), benchRows(b)
	if dir == "" {
		dir = b.TempDir()
	}
	path := filepath.Join(dir, fmt.Sprintf("%s-%d.db", name, n))
	if _, err := os.Stat(path); err == nil {
		return path
	}
	s, err := open(b.Context(), path, "off")
	require.NoError(b, err)
	for batch := range storegen.Batches(n, 5000) {
		for i := range batch {
			change(&batch[i])
		}
		require.NoError(b, s.Upsert(b.Context(), batch...))
	}
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

// times reports the median and the 95th percentile of what fn takes.
func times(b *testing.B, fn func()) {
	b.Helper()
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		fn()
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds()), "p95-µs")
}

func benchList(b *testing.B, s *Store, q model.Query) {
	b.Helper()
	if q.Limit == 0 {
		q.Limit = 50
	}
	times(b, func() {
		_, err := s.List(context.Background(), q)
		require.NoError(b, err)
	})
}

func BenchmarkOpen(b *testing.B) {
	path := bigPath(b)
	times(b, func() {
		s, err := Open(context.Background(), path)
		require.NoError(b, err)
		_, err = s.List(context.Background(), model.Query{View: model.ViewReview, Limit: 50})
		require.NoError(b, err)
		require.NoError(b, s.Close())
	})
}

func BenchmarkPage(b *testing.B) {
	s := big(b)
	for _, order := range model.Sorts() {
		for name, q := range map[string]model.Query{"first": {}, "last": {Last: true}, "review": {View: model.ViewReview}} {
			b.Run(fmt.Sprintf("%s/%s", order.Sort, name), func(b *testing.B) {
				q.Sort = order.Sort
				benchList(b, s, q)
			})
		}
	}
	b.Run("due/middle", func(b *testing.B) {
		middle, err := s.Get(b.Context(), storegen.Row(benchRows(b)/2).ID)
		require.NoError(b, err)
		q := model.Query{After: &model.Cursor{Key: strconv.FormatInt(middle.WaitsFrom.UnixMicro(), 10), ID: middle.ID}}
		benchList(b, s, q)
	})
	b.Run("due/hundred rows", func(b *testing.B) { benchList(b, s, model.Query{Limit: 100}) })
}

// BenchmarkSearch types words letter by letter, Chinese and Japanese ones too.
func BenchmarkSearch(b *testing.B) {
	s := big(b)
	for _, order := range []model.Sort{model.SortDue, model.SortName} {
		for _, word := range []string{
			"m", "ma", "mar", "mari", "z", "zo", "zor", "garc", "田", "田中", "太郎", "渋谷", "client", "5f9a", "maria garcia", "nobody",
		} {
			b.Run(fmt.Sprintf("%s/%s", order, strings.ReplaceAll(word, " ", "+")), func(b *testing.B) {
				benchList(b, s, model.Query{Search: word, Sort: order})
			})
		}
	}
	b.Run("due/country+tag", func(b *testing.B) {
		benchList(b, s, model.Query{Countries: []string{"JPN"}, Tags: []string{"vip"}})
	})
}

func BenchmarkCounts(b *testing.B) {
	s := big(b)
	times(b, func() {
		_, err := s.Counts(context.Background(), "os:ana", time.Now())
		require.NoError(b, err)
	})
}

// BenchmarkAged counts an inbox in which every row waits, in quarters of an SLA.
func BenchmarkAged(b *testing.B) {
	s, err := Open(b.Context(), pathOf(b, "waiting", func(r *model.Row) { r.Verdict = model.Manual }))
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, s.Close()) })
	last := storegen.Row(benchRows(b) - 1).WaitsFrom
	times(b, func() {
		counts, err := s.Aged(context.Background(), model.ViewReview,
			last.Add(-4*time.Hour), last.Add(-3*time.Hour), last.Add(-2*time.Hour), last.Add(-time.Hour))
		require.NoError(b, err)
		require.NotZero(b, counts[0])
	})
}

// BenchmarkUpsert adds new rows to a big inbox, and changes rows in it.
func BenchmarkUpsert(b *testing.B) {
	s, err := Temp(b.Context())
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, s.Close()) })
	next := 0
	for _, size := range []int{1, 100, 1000} {
		b.Run(fmt.Sprintf("new/%d", size), func(b *testing.B) {
			from := next
			for b.Loop() {
				batch := make([]model.Row, size)
				for i := range batch {
					batch[i] = storegen.Row(next)
					next++
				}
				require.NoError(b, s.Upsert(context.Background(), batch...))
			}
			b.ReportMetric(float64(next-from)/b.Elapsed().Seconds(), "rows/s")
		})
	}
	b.Run("changed/1", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			r := storegen.Row(i % next)
			r.Status, r.UpdatedAt = model.StatusExpired, r.UpdatedAt.Add(time.Duration(i)*time.Millisecond)
			if i/next%2 == 1 {
				r.Status = model.StatusFinished
			}
			require.NoError(b, s.Upsert(context.Background(), r))
		}
	})
}

// BenchmarkPeer asks the sqlite3 program, a process of its own each time, for a
// plain page: what a shell script would get.
func BenchmarkPeer(b *testing.B) {
	if _, err := exec.LookPath("sqlite3"); err != nil {
		b.Skip("sqlite3 is not installed")
	}
	path := bigPath(b)
	times(b, func() {
		out, err := exec.Command("sqlite3", "-readonly", path, "select id, hex(body) from session order by due, id limit 50").Output()
		require.NoError(b, err)
		require.NotEmpty(b, out)
	})
}
