package transport

import (
	"context"
	"crypto/sha256"
	"sync"
)

type flightKey [sha256.Size]byte

// flights lets equal reads share one request. The request runs under a context
// of its own: a caller that gives up leaves it to the others, and only when
// the last one has left is it stopped.
type flights struct {
	limiter *limiter

	mu sync.Mutex
	m  map[flightKey]*flight
}

type flight struct {
	done    chan struct{}
	stop    context.CancelFunc
	ticket  *ticket
	callers int
	res     Response
	err     error
}

type flightFunc func(context.Context, *ticket) (Response, error)

func newFlights(l *limiter) *flights {
	return &flights{limiter: l, m: make(map[flightKey]*flight)}
}

// do runs fn, or waits for the one that is under way. The answer is marked as
// shared for all but the first caller.
func (g *flights) do(ctx context.Context, key flightKey, fn flightFunc) (Response, error) {
	if err := ctx.Err(); err != nil {
		return Response{}, err
	}
	f, joined := g.join(ctx, key, fn)
	select {
	case <-f.done:
	case <-ctx.Done():
		g.leave(key, f)
		return Response{}, ctx.Err()
	}
	res := f.res
	res.Shared = joined
	return res, f.err
}

func (g *flights) join(ctx context.Context, key flightKey, fn flightFunc) (*flight, bool) {
	p := PriorityOf(ctx)
	g.mu.Lock()
	defer g.mu.Unlock()
	if f, ok := g.m[key]; ok {
		f.callers++
		g.limiter.raise(f.ticket, p)
		return f, true
	}
	own, stop := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{done: make(chan struct{}), stop: stop, ticket: g.limiter.ticket(p), callers: 1}
	if d, hurried := patienceOf(ctx); hurried {
		f.ticket = g.limiter.soon(p, d)
	}
	g.m[key] = f
	go g.run(own, key, f, fn)
	return f, false
}

func (g *flights) run(ctx context.Context, key flightKey, f *flight, fn flightFunc) {
	defer f.stop()
	f.res, f.err = fn(ctx, f.ticket)
	g.mu.Lock()
	g.forget(key, f)
	g.mu.Unlock()
	close(f.done)
}

func (g *flights) leave(key flightKey, f *flight) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f.callers--
	if f.callers == 0 {
		// Forgotten at once: whoever asks next must not get a stopped request.
		g.forget(key, f)
		f.stop()
	}
}

func (g *flights) forget(key flightKey, f *flight) {
	if g.m[key] == f {
		delete(g.m, key)
	}
}
