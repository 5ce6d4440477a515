package transport

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"sync"
	"time"
)

// Window is a limit of the API: at most N requests in any stretch of Per.
type Window struct {
	N   int
	Per time.Duration
}

// shares is the part of each window that a priority may fill. What is above a
// lower one's share stays free for a person.
var shares = [priorities]float64{Person: 1, Refresh: 0.8, Prefetch: 0.5}

// Left is what is left of one window.
type Left struct {
	Window
	Left int // requests that a person may still make now
	// FreesIn is when the next request of the window becomes free again; 0
	// when the window is empty.
	FreesIn time.Duration
}

// Budget is what is left of the API's limits, counted over what this client sent.
type Budget struct {
	Second      Left // of 600 a second
	FiveMinutes Left // of 10,000 in five minutes
}

// limitError: the limit would have held the call back for too long.
type limitError struct{ wait time.Duration }

func (e *limitError) Error() string {
	return fmt.Sprintf("held back by the request limit for %s more", e.wait.Round(time.Second))
}

// limiter keeps a log of when requests left and lets the next one go when
// every window has room. Two token buckets would not do: side by side they let
// 19,999 requests through within five minutes.
type limiter struct {
	clock   Clock
	windows []Window
	maxWait time.Duration

	mu      sync.Mutex
	start   time.Time
	sent    []time.Duration // ring: when since start, as long as the largest N
	total   int
	seq     uint64
	waiting []*ticket
}

// ticket is one call's place in the queue. It can be raised while it waits.
type ticket struct {
	priority Priority
	patience time.Duration // the longest wait
	seq      uint64
	wake     chan struct{}
}

func newLimiter(c Clock, maxWait time.Duration, windows ...Window) *limiter {
	size := 0
	for _, w := range windows {
		size = max(size, w.N)
	}
	return &limiter{
		clock: c, windows: windows, maxWait: maxWait,
		start: c.Now(), sent: make([]time.Duration, size),
	}
}

func (l *limiter) ticket(p Priority) *ticket {
	return &ticket{priority: p, patience: l.maxWait, wake: make(chan struct{}, 1)}
}

// soon is a ticket for a call that goes within a time or not at all.
func (l *limiter) soon(p Priority, within time.Duration) *ticket {
	t := l.ticket(p)
	t.patience = min(t.patience, within)
	return t
}

// raise moves t up when p is more urgent: a person now waits for what was
// prefetched.
func (l *limiter) raise(t *ticket, p Priority) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p < t.priority {
		t.priority = p
		t.poke()
	}
}

func (l *limiter) priorityOf(t *ticket) Priority {
	l.mu.Lock()
	defer l.mu.Unlock()
	return t.priority
}

func (t *ticket) poke() {
	select {
	case t.wake <- struct{}{}:
	default: // already told
	}
}

// wait returns when the call may go. It fails with ctx's error, or with a
// *limitError when the wait is longer than the ticket's patience.
func (l *limiter) wait(ctx context.Context, t *ticket) error {
	l.enter(t)
	deadline := l.clock.Now().Add(t.patience)
	for {
		hold, ok := l.try(t)
		if ok {
			return nil
		}
		left := deadline.Sub(l.clock.Now())
		if hold > left || left <= 0 {
			l.leave(t)
			return &limitError{wait: max(hold, 0)}
		}
		if hold <= 0 {
			hold = left // not its turn: somebody before it will wake it
		}
		select {
		case <-ctx.Done():
			l.leave(t)
			return ctx.Err()
		case <-t.wake:
		case <-l.clock.After(hold):
		}
	}
}

func (l *limiter) enter(t *ticket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seq++
	t.seq = l.seq
	l.waiting = append(l.waiting, t)
}

func (l *limiter) leave(t *ticket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remove(t)
}

// remove takes t out and wakes whoever is first now.
func (l *limiter) remove(t *ticket) {
	if i := slices.Index(l.waiting, t); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	}
	if first := l.first(); first != nil {
		first.poke()
	}
}

// first is the most urgent ticket, the oldest of them. When it cannot go
// nobody can: a lower priority never has more room than a higher one.
func (l *limiter) first() *ticket {
	var best *ticket
	for _, t := range l.waiting {
		if best == nil || t.priority < best.priority || (t.priority == best.priority && t.seq < best.seq) {
			best = t
		}
	}
	return best
}

// try lets t go when it is first and there is room. Otherwise it tells how
// long the windows hold t back, 0 when others are before it.
func (l *limiter) try(t *ticket) (time.Duration, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.first() != t {
		return 0, false
	}
	now := l.clock.Now().Sub(l.start)
	if hold := l.hold(t.priority, now); hold > 0 {
		return hold, false
	}
	l.sent[l.total%len(l.sent)] = now
	l.total++
	l.remove(t)
	return 0, true
}

// hold tells how long a call of priority p has to wait for room in every window.
func (l *limiter) hold(p Priority, now time.Duration) time.Duration {
	var hold time.Duration
	for _, w := range l.windows {
		room := max(1, int(float64(w.N)*shares[p]))
		if l.total < room {
			continue
		}
		// The request that is `room` back must have left the window, its edge
		// included: hence the nanosecond.
		back := l.sent[(l.total-room)%len(l.sent)]
		hold = max(hold, back+w.Per+1-now)
	}
	return hold
}

// left counts what is left of each window.
func (l *limiter) left() []Left {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.Now().Sub(l.start)
	out := make([]Left, len(l.windows))
	for i, w := range l.windows {
		kept := min(l.total, w.N)
		at := func(j int) time.Duration { return l.sent[(l.total-kept+j)%len(l.sent)] }
		gone := sort.Search(kept, func(j int) bool { return at(j)+w.Per >= now })
		out[i] = Left{Window: w, Left: w.N - (kept - gone)}
		if gone < kept {
			out[i].FreesIn = at(gone) + w.Per + 1 - now
		}
	}
	return out
}
