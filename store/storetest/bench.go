package storetest

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/store"
	"docket/store/storegen"
)

// BenchRows is how many rows a big inbox holds: 100,000, or DOCKET_BENCH_ROWS.
func BenchRows(b *testing.B) int {
	b.Helper()
	text := os.Getenv("DOCKET_BENCH_ROWS")
	if text == "" {
		return 100_000
	}
	n, err := strconv.Atoi(text)
	require.NoError(b, err, "DOCKET_BENCH_ROWS")
	return n
}

// Fill puts so many rows into an inbox, each changed.
func Fill(b *testing.B, st store.Store, n int, change func(*model.Row)) {
	b.Helper()
	for batch := range storegen.Batches(n, 5000) {
		for i := range batch {
			change(&batch[i])
		}
		require.NoError(b, st.Upsert(b.Context(), batch...))
	}
}

// Times reports the median and the 95th percentile of what fn takes.
func Times(b *testing.B, fn func()) {
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

func benchList(b *testing.B, st store.Store, q model.Query) {
	b.Helper()
	if q.Limit == 0 {
		q.Limit = 50
	}
	Times(b, func() {
		_, err := st.List(context.Background(), q)
		require.NoError(b, err)
	})
}

// BenchPages turns to pages of a big inbox, at every end and in the middle.
func BenchPages(b *testing.B, st store.Store) {
	for _, order := range model.Sorts() {
		for name, q := range map[string]model.Query{"first": {}, "last": {Last: true}, "review": {View: model.ViewReview}} {
			b.Run(fmt.Sprintf("%s/%s", order.Sort, name), func(b *testing.B) {
				q.Sort = order.Sort
				benchList(b, st, q)
			})
		}
	}
	b.Run("due/middle", func(b *testing.B) {
		middle, err := st.Get(b.Context(), storegen.Row(BenchRows(b)/2).ID)
		require.NoError(b, err)
		benchList(b, st, model.Query{After: &model.Cursor{Key: strconv.FormatInt(middle.WaitsFrom.UnixMicro(), 10), ID: middle.ID}})
	})
	b.Run("due/hundred rows", func(b *testing.B) { benchList(b, st, model.Query{Limit: 100}) })
}

// BenchSearch types words letter by letter, Chinese and Japanese ones too.
func BenchSearch(b *testing.B, st store.Store) {
	for _, order := range []model.Sort{model.SortDue, model.SortName} {
		for _, word := range []string{
			"m", "ma", "mar", "mari", "maria", "z", "zo", "zor", "garc", "田", "田中", "太郎", "渋谷", "client", "5f9a", "maria garcia", "nobody",
		} {
			b.Run(fmt.Sprintf("%s/%s", order, strings.ReplaceAll(word, " ", "+")), func(b *testing.B) {
				benchList(b, st, model.Query{Search: word, Sort: order})
			})
		}
	}
	for name, q := range map[string]model.Query{
		"country+tag":      {Countries: []string{"JPN"}, Tags: []string{"vip"}},
		"review/maria":     {View: model.ViewReview, Search: "maria"},
		"review/zo":        {View: model.ViewReview, Search: "zo"},
		"review/passed":    {View: model.ViewReview, Verdicts: []model.Verdict{model.OK}},
		"newest/maria":     {Sort: model.SortNewest, Search: "maria"},
		"worst/zo":         {Sort: model.SortWorst, Search: "zo"},
		"due/expired+zo":   {Statuses: []model.Status{model.StatusExpired}, Search: "zo"},
		"due/last page/zo": {Search: "zo", Last: true},
	} {
		b.Run(name, func(b *testing.B) { benchList(b, st, q) })
	}
}

// BenchCounts counts the views of a big inbox.
func BenchCounts(b *testing.B, st store.Store) {
	Times(b, func() {
		_, err := st.Counts(context.Background(), "os:ana", time.Now())
		require.NoError(b, err)
	})
}

// BenchAged counts an inbox in which every row waits, in quarters of an SLA.
func BenchAged(b *testing.B, st store.Store) {
	last := storegen.Row(BenchRows(b) - 1).WaitsFrom
	Times(b, func() {
		counts, err := st.Aged(context.Background(), model.ViewReview,
			last.Add(-4*time.Hour), last.Add(-3*time.Hour), last.Add(-2*time.Hour), last.Add(-time.Hour))
		require.NoError(b, err)
		require.NotZero(b, counts[0])
	})
}

// BenchUpsert adds new rows to an inbox, and changes rows in it.
func BenchUpsert(b *testing.B, st store.Store) {
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
				require.NoError(b, st.Upsert(context.Background(), batch...))
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
			require.NoError(b, st.Upsert(context.Background(), r))
		}
	})
}

// BenchAccept keeps webhooks, of which many come at the same time, each durably.
func BenchAccept(b *testing.B, st store.Inbox) {
	body := []byte(strings.Repeat("x", 400))
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := st.Accept(context.Background(), store.Delivery{At: time.Now(), Body: body}); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "webhooks/s")
}
