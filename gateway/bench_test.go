package gateway_test

import (
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// senders are how many webhooks are under way at the same time.
const senders = 64

// BenchmarkWebhooks is how many webhooks a second are accepted durably, over HTTP, on an
// inbox on disk, with their proof checked; and how long the slowest of a hundred takes.
func BenchmarkWebhooks(b *testing.B) {
	r := newRig(b, func(o *options) { o.path, o.quiet = filepath.Join(b.TempDir(), "inbox.db"), true })
	keeping := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}
	defer keeping.CloseIdleConnections()
	var next atomic.Int64
	var mu sync.Mutex
	var took []time.Duration
	b.SetParallelism(senders / 2)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		var mine []time.Duration
		for pb.Next() {
			began := time.Now()
			body := finished("bench-" + strconv.FormatInt(next.Add(1), 10))
			req, err := http.NewRequest(http.MethodPost, r.base+"/webhook", strings.NewReader(body))
			if err != nil {
				b.Error(err)
				return
			}
			req.Header = r.proof.Clone()
			res, err := keeping.Do(req)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			if res.StatusCode != http.StatusOK {
				b.Errorf("answered %d", res.StatusCode)
			}
			mine = append(mine, time.Since(began))
		}
		mu.Lock()
		took = append(took, mine...)
		mu.Unlock()
	})
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "webhooks/s")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	d, err := r.store.Depth(b.Context(), time.Now())
	require.NoError(b, err)
	require.EqualValues(b, b.N, d.Deliveries, "each is there")
}
