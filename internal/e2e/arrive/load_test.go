package arrive

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// How hard it is pressed.
const (
	senders = 48               // connections of the sender
	period  = 10 * time.Second // at a steady pace
	pace    = 750              // webhooks a second then: half of what it has to take
	most    = 100_000          // sessions in all
)

// BenchmarkAccepting sends webhooks to the built gateway as fast as it takes them, then
// at a steady pace, each of a session of its own. Every one is on disk before it is
// answered. Beside it stands what the disk itself does: writes of the same size, each
// synced, one after the other.
func BenchmarkAccepting(b *testing.B) {
	for name, open := range inboxes {
		b.Run(name, func(b *testing.B) {
			tm := newTeam(b, open(b), most)
			tm.start()
			f := &flood{tm: tm, took: map[string]bool{}, ids: tm.api.IDs()}
			b.ResetTimer()
			begun := time.Now()
			took := f.measured(b.Context(), b.N, 0)
			perSecond := float64(len(took)) / time.Since(begun).Seconds()
			b.StopTimer()
			b.ReportMetric(perSecond, "webhooks/s")
			tm.placed()
			seasoned(b, tm.env["DOCKET_STORE"])
			steady := f.measured(b.Context(), int(pace*period.Seconds()), 1.0/pace)
			b.ReportMetric(ms(steady, 50), "steady-p50-ms")
			b.ReportMetric(ms(steady, 99), "steady-p99-ms")
			waited := time.Now()
			tm.placed()
			b.ReportMetric(float64(len(f.took))/time.Since(begun).Seconds(), "placed/s")
			b.Logf("%d accepted; the rest of them were in the inbox after %v", len(f.took), time.Since(waited).Round(time.Millisecond))
			disk := synced(b)
			b.ReportMetric(float64(time.Second)/float64(mean(disk)), "disk-syncs/s")
			b.ReportMetric(ms(disk, 99), "disk-p99-ms")
		})
	}
}

// seasoned makes a Postgres what it is after some minutes: it has files for its log that
// it uses again. Until then it makes new ones, and every writer waits for that.
func seasoned(b *testing.B, url string) {
	b.Helper()
	if !strings.HasPrefix(url, "postgres:") && !strings.HasPrefix(url, "postgresql:") {
		return
	}
	c, err := pgx.Connect(b.Context(), url)
	require.NoError(b, err)
	_, err = c.Exec(b.Context(), "checkpoint")
	require.NoError(b, errors.Join(err, c.Close(b.Context())))
}

// measured sends n webhooks and returns how long each took, in order of length. Every is
// the pause in seconds between the beginnings of two; 0: as fast as they are taken.
func (f *flood) measured(ctx context.Context, n int, every float64) []time.Duration {
	due := make(chan time.Time)
	go func() {
		defer close(due)
		for i, start := 0, time.Now(); i < n; i++ {
			at := start.Add(time.Duration(float64(i) * every * float64(time.Second)))
			if every > 0 {
				<-time.After(time.Until(at))
			} else {
				at = time.Now()
			}
			due <- at
		}
	}()
	var mu sync.Mutex
	var took []time.Duration
	var all sync.WaitGroup
	for range senders {
		all.Go(func() {
			for at := range due {
				id, ok := f.take()
				if !ok || !f.post(ctx, id) {
					continue
				}
				mu.Lock()
				took = append(took, time.Since(at)) // a sender that came late counts
				mu.Unlock()
			}
		})
	}
	all.Wait()
	slices.Sort(took)
	return took
}

func ms(sorted []time.Duration, percent int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(sorted[len(sorted)*percent/100].Microseconds()) / 1000
}

func mean(all []time.Duration) (d time.Duration) {
	for _, one := range all {
		d += one
	}
	return d / time.Duration(len(all))
}

// synced is how long the disk takes to make small writes durable, one after the other,
// in order of length.
func synced(b *testing.B) []time.Duration {
	b.Helper()
	file, err := os.Create(filepath.Join(b.TempDir(), "peer"))
	require.NoError(b, err)
	defer func() { require.NoError(b, file.Close()) }()
	took := make([]time.Duration, 2000)
	line := fmt.Appendf(nil, "%0200d", 0)
	for i := range took {
		begun := time.Now()
		_, err := file.Write(line)
		require.NoError(b, err)
		require.NoError(b, file.Sync())
		took[i] = time.Since(begun)
	}
	slices.Sort(took)
	return took
}
