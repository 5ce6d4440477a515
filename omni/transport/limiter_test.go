package transport

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// handClock stands still until it is moved. After never fires: the properties
// below ask the limiter directly.
type handClock struct{ now time.Time }

func newHandClock() *handClock {
	return &handClock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
}

func (c *handClock) Now() time.Time                       { return c.now }
func (c *handClock) After(time.Duration) <-chan time.Time { return nil }

var apiWindows = []Window{{N: PerSecond, Per: time.Second}, {N: PerFiveMinutes, Per: 5 * time.Minute}}

// most is the largest number of times within any stretch of per, its ends included.
func most(times []time.Duration, per time.Duration) int {
	largest, first := 0, 0
	for i := range times {
		for times[i]-times[first] > per {
			first++
		}
		largest = max(largest, i-first+1)
	}
	return largest
}

// take lets as many calls go as the limiter allows now, up to n.
func take(l *limiter, p Priority, n int) int {
	for i := range n {
		t := l.ticket(p)
		l.enter(t)
		if _, ok := l.try(t); !ok {
			l.leave(t)
			return i
		}
	}
	return n
}

func TestLimitsHoldInEveryWindow(t *testing.T) {
	for _, windows := range [][]Window{apiWindows, {{N: 3, Per: time.Second}, {N: 10, Per: 20 * time.Second}}, {{N: 1, Per: time.Minute}}} {
		t.Run(fmt.Sprint(windows), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				clock := newHandClock()
				start := clock.now
				l := newLimiter(clock, time.Minute, windows...)
				var times []time.Duration
				for range rapid.IntRange(1, 40).Draw(t, "bursts") {
					ask := rapid.IntRange(1, 900).Draw(t, "ask")
					p := Priority(rapid.IntRange(0, 2).Draw(t, "priority"))
					for range take(l, p, ask) {
						times = append(times, clock.now.Sub(start))
					}
					step := rapid.SampledFrom([]time.Duration{1, time.Millisecond, 100 * time.Millisecond, 999 * time.Millisecond, time.Second, 3 * time.Second, time.Minute}).Draw(t, "unit")
					clock.now = clock.now.Add(step * time.Duration(rapid.IntRange(0, 7).Draw(t, "steps")))
				}
				for _, w := range windows {
					require.LessOrEqual(t, most(times, w.Per), w.N)
				}
			})
		})
	}
}

// What two token buckets let through: a full burst, and all of the refill.
func TestFiveMinutesAtFullSpeed(t *testing.T) {
	clock := newHandClock()
	l := newLimiter(clock, time.Minute, apiWindows...)
	sent := 0
	for range 300 * 10 {
		sent += take(l, Person, PerSecond)
		clock.now = clock.now.Add(100 * time.Millisecond)
	}
	require.Equal(t, PerFiveMinutes, sent)
	clock.now = clock.now.Add(time.Second)
	require.Equal(t, PerSecond, take(l, Person, 2*PerSecond), "and it starts again")
}

func TestLowerPrioritiesLeaveAReserve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clock := newHandClock()
		l := newLimiter(clock, time.Minute, apiWindows...)
		for range rapid.IntRange(1, 20).Draw(t, "bursts") {
			take(l, Priority(rapid.IntRange(1, 2).Draw(t, "priority")), 900)
			clock.now = clock.now.Add(time.Duration(rapid.IntRange(0, 2000).Draw(t, "ms")) * time.Millisecond)
		}
		require.GreaterOrEqual(t, take(l, Person, PerSecond), PerSecond/5, "a person can always go at once")
	})
	l := newLimiter(newHandClock(), time.Minute, apiWindows...)
	require.Equal(t, 300, take(l, Prefetch, 900))
	require.Equal(t, 180, take(l, Refresh, 900))
	require.Equal(t, 120, take(l, Person, 900))
}

func TestBudget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clock := newHandClock()
		start := clock.now
		l := newLimiter(clock, time.Minute, apiWindows...)
		var times []time.Duration
		for range rapid.IntRange(0, 20).Draw(t, "bursts") {
			for range take(l, Person, rapid.IntRange(1, 700).Draw(t, "ask")) {
				times = append(times, clock.now.Sub(start))
			}
			clock.now = clock.now.Add(time.Duration(rapid.IntRange(0, 40_000).Draw(t, "ms")) * time.Millisecond)
		}
		now := clock.now.Sub(start)
		for i, left := range l.left() {
			w := apiWindows[i]
			inside := slices.DeleteFunc(slices.Clone(times), func(at time.Duration) bool { return at+w.Per < now })
			require.Equal(t, w, left.Window)
			require.Equal(t, w.N-len(inside), left.Left)
			if len(inside) == 0 {
				require.Zero(t, left.FreesIn)
			} else {
				require.Equal(t, inside[0]+w.Per+1-now, left.FreesIn)
			}
		}
	})
}

// The rest runs in a bubble of testing/synctest, where time passes when
// everybody waits and the system's clock can be used.

// queue starts a call that notes its name when it may go.
type queue struct {
	l   *limiter
	mu  sync.Mutex
	wg  sync.WaitGroup
	ran []string
}

func (q *queue) add(name string, t *ticket) {
	q.wg.Go(func() {
		if err := q.l.wait(context.Background(), t); err != nil {
			name += " failed"
		}
		q.mu.Lock()
		defer q.mu.Unlock()
		q.ran = append(q.ran, name)
	})
	synctest.Wait()
}

func TestPersonGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &queue{l: newLimiter(systemClock{}, time.Minute, Window{N: 2, Per: time.Second})}
		require.Equal(t, 2, take(q.l, Person, 5))
		q.add("prefetch", q.l.ticket(Prefetch))
		q.add("refresh", q.l.ticket(Refresh))
		q.add("person", q.l.ticket(Person))
		q.add("second person", q.l.ticket(Person))
		q.wg.Wait()
		require.Equal(t, []string{"refresh", "prefetch"}, q.ran[2:])
		require.ElementsMatch(t, []string{"person", "second person"}, q.ran[:2])
	})
}

func TestRaisedTicketGoesAsAPerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &queue{l: newLimiter(systemClock{}, time.Minute, Window{N: 1, Per: time.Second})}
		require.Equal(t, 1, take(q.l, Person, 1))
		prefetched := q.l.ticket(Prefetch)
		q.add("raised", prefetched)
		q.add("refresh", q.l.ticket(Refresh))
		q.l.raise(prefetched, Person)
		q.l.raise(prefetched, Refresh) // never down
		q.wg.Wait()
		require.Equal(t, []string{"raised", "refresh"}, q.ran)
	})
}

func TestWaitingEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(systemClock{}, 30*time.Second, Window{N: 1, Per: time.Minute})
		require.NoError(t, l.wait(context.Background(), l.ticket(Person)))

		begin := time.Now()
		err := l.wait(context.Background(), l.ticket(Person))
		var limit *limitError
		require.ErrorAs(t, err, &limit)
		require.Zero(t, time.Since(begin), "a wait that cannot succeed does not begin")
		require.Equal(t, time.Minute+1, limit.wait)
		require.Contains(t, err.Error(), "1m0s")

		time.Sleep(45 * time.Second)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		require.ErrorIs(t, l.wait(ctx, l.ticket(Person)), context.DeadlineExceeded)
		require.NoError(t, l.wait(context.Background(), l.ticket(Person)))
		require.Empty(t, l.waiting)
		require.Equal(t, time.Minute+1, time.Since(begin))
	})
}

func TestAWriteGoesSoonOrNotAtAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(systemClock{}, 30*time.Second, Window{N: 1, Per: 10 * time.Second})
		require.Equal(t, 1, take(l, Person, 1))
		var limit *limitError
		require.ErrorAs(t, l.wait(context.Background(), l.soon(Person, WriteWait)), &limit)
		time.Sleep(5 * time.Second)
		require.ErrorAs(t, l.wait(context.Background(), l.soon(Person, WriteWait)), &limit, "a nanosecond too long")
		time.Sleep(time.Second)
		require.NoError(t, l.wait(context.Background(), l.soon(Person, WriteWait)))
	})
}

func TestOneThatLeavesMakesWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(systemClock{}, 30*time.Second, Window{N: 2, Per: time.Second})
		require.Equal(t, 1, take(l, Prefetch, 2), "half of two")
		ctx, cancel := context.WithCancel(context.Background())
		left := make(chan error, 1)
		go func() { left <- l.wait(ctx, l.ticket(Refresh)) }()
		synctest.Wait()
		cancel()
		require.ErrorIs(t, <-left, context.Canceled)
		require.NoError(t, l.wait(context.Background(), l.ticket(Person)))
	})
}

func TestClientReportsItsOwnLimit(t *testing.T) {
	clock := newHandClock()
	s, n := server(t, ok)
	c := client(t, s.URL, func(cfg *Config) { cfg.Clock = clock })
	for range PerFiveMinutes / PerSecond {
		require.Equal(t, PerSecond, take(c.limiter, Person, PerSecond))
		clock.now = clock.now.Add(2 * time.Second)
	}
	take(c.limiter, Person, PerSecond)
	clock.now = clock.now.Add(2 * time.Second)
	require.Zero(t, c.Budget().FiveMinutes.Left)
	require.Equal(t, PerSecond, c.Budget().Second.Left)
	for _, r := range []Request{read(), write()} {
		_, err := c.Do(context.Background(), r)
		e := failure(t, err)
		require.Equal(t, KindRateLimited, e.Kind)
		require.Positive(t, e.RetryAfter)
		require.False(t, e.Sent)
		require.Zero(t, e.Attempts)
	}
	require.Zero(t, n.Load())
	require.Equal(t, KindRateLimited, c.Journal()[0].Kind)
}

func TestPriorityTravelsInTheContext(t *testing.T) {
	ctx := context.Background()
	require.Equal(t, Person, PriorityOf(ctx))
	require.Equal(t, Prefetch, PriorityOf(WithPriority(ctx, Prefetch)))
	require.Equal(t, Person, PriorityOf(WithPriority(ctx, -3)))
	require.Equal(t, Prefetch, PriorityOf(WithPriority(ctx, 99)))
	require.Equal(t, []string{"person", "refresh", "prefetch"}, []string{Person.String(), Refresh.String(), Prefetch.String()})
}
