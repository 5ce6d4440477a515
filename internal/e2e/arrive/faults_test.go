package arrive

import (
	"context"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/internal/pgtest"
)

// How badly it goes.
const (
	kills    = 50
	restarts = 5
	crowd    = 1500 // sessions that come in meanwhile: the API answers for no more in five minutes
)

// TestKilledUnderLoad kills the gateway again and again while webhooks come in: what it
// answered for is in the inbox, once.
func TestKilledUnderLoad(t *testing.T) {
	t.Parallel()
	for name, open := range inboxes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tm := newTeam(t, open(t), crowd)
			f := newFlood(tm)
			tm.start()
			done := make(chan struct{})
			go func() {
				defer close(done)
				f.send(t.Context(), 8, 60*time.Millisecond)
			}()
			rng := rand.New(rand.NewPCG(3, 4))
			for range kills {
				<-time.After(time.Duration(rng.IntN(150)) * time.Millisecond)
				tm.kill()
				tm.start()
			}
			<-done
			tm.drained()
			f.holds()
		})
	}
}

// TestTheDatabaseGoesAway stops Postgres again and again while webhooks come in, by
// turns as an operator does and as a crash does.
func TestTheDatabaseGoesAway(t *testing.T) {
	t.Parallel()
	cluster, err := pgtest.New()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Remove()) })
	tm := newTeam(t, cluster.URL(), crowd)
	f := newFlood(tm)
	tm.start()
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.send(ctx, 8, 30*time.Millisecond)
	}()
	for i := range restarts {
		<-time.After(500 * time.Millisecond)
		require.NoError(t, cluster.Stop([]syscall.Signal{syscall.SIGINT, syscall.SIGQUIT}[i%2]))
		<-time.After(300 * time.Millisecond)
		require.NoError(t, cluster.Start())
	}
	<-done
	tm.drained()
	f.holds()
}
