package intake

import (
	"context"
	"errors"
	"sync"
	"time"

	"docket/store"
)

// pump takes jobs of a kind and does them side by side.
type pump struct {
	w     *Worker
	kind  store.JobKind
	width int
	do    func(context.Context, store.Job) ended
	api   bool // it asks the API, and rests while that is of no use
	bell  bell

	mu   sync.Mutex
	busy int

	failing bool // the last taking failed, and was logged
}

// run takes jobs until ctx ends, and returns when those are done that were taken; they
// are cut off with work.
func (p *pump) run(ctx, work context.Context) {
	var jobs sync.WaitGroup
	defer jobs.Wait()
	for ctx.Err() == nil {
		taken := p.take(ctx)
		for _, j := range taken {
			p.hold(1)
			jobs.Go(func() {
				defer func() {
					p.hold(-1)
					p.bell.ring()
				}()
				p.each(work, j)
			})
		}
		if len(taken) == 0 {
			p.w.pause(ctx, p.bell, idle)
		}
	}
}

func (p *pump) hold(n int) (busy int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy += n
	return p.busy
}

// take returns as many jobs as there is room for.
func (p *pump) take(ctx context.Context) []store.Job {
	now := p.w.clock.Now()
	busy := p.hold(0)
	n := p.width - busy
	if p.api {
		n = min(n, p.w.valve.lets(now)-busy)
	}
	if p.api && p.w.rush.Load() {
		n = min(n, 1-busy)
	}
	if n <= 0 {
		return nil
	}
	jobs, err := p.w.cfg.Inbox.TakeJobs(ctx, p.kind, n, now, now.Add(lease))
	if err != nil && ctx.Err() == nil && !p.failing {
		p.w.log.Error("jobs wait: they could not be taken", "kind", string(p.kind), "error", brief(err))
	}
	p.failing = err != nil
	return jobs
}

// each does a job, and what was asked of the same session meanwhile.
func (p *pump) each(ctx context.Context, j store.Job) {
	if !p.w.flight.enter(j) {
		return // it is done after the one that is under way
	}
	for again := true; again; {
		begun := p.w.clock.Now()
		how := p.do(ctx, j)
		if ctx.Err() != nil {
			how = left
		}
		p.w.observe(string(p.kind), string(how), begun)
		j, again = p.w.flight.next(j)
	}
}

// ended is how a try of a job ended.
type ended string

const (
	done    ended = "done"
	missing ended = "missing" // the API does not know the session
	waits   ended = "waits"   // it is done again later, nothing failed
	putOff  ended = "put off" // it failed and is tried again
	aside   ended = "aside"   // it failed too often, and waits for a person
	dropped ended = "dropped" // it is not to be done any more
	left    ended = "left"    // it was cut off, or the store failed: whoever takes it next does it
)

// flight is what is under way here: one at a time of each job. What was taken again
// meanwhile is done after it.
type flight struct {
	mu  sync.Mutex
	now map[flying]*store.Job // nil: nothing was taken again
}

type flying struct {
	kind store.JobKind
	key  string
}

// enter reports whether a job may begin; else it is returned by next.
func (f *flight) enter(j store.Job) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.now == nil {
		f.now = map[flying]*store.Job{}
	}
	key := flying{j.Kind, j.Key}
	_, busy := f.now[key]
	f.now[key] = nil
	if busy {
		f.now[key] = &j
	}
	return !busy
}

// next ends a job and returns the one that waits for that.
func (f *flight) next(j store.Job) (store.Job, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := flying{j.Kind, j.Key}
	again := f.now[key]
	if again == nil {
		delete(f.now, key)
		return j, false
	}
	f.now[key] = nil
	return *again, true
}

// wrote tells how keeping something ended.
func (w *Worker) wrote(j store.Job, how ended, err error) ended {
	if err == nil {
		return how
	}
	if !errors.Is(err, context.Canceled) {
		w.log.Error("what a job came to could not be kept", "kind", string(j.Kind), "key", j.Key, "error", brief(err))
	}
	return left // its lease ends, then somebody takes it again
}

// elapsed is the time since then, for the log.
func (w *Worker) elapsed(since time.Time) time.Duration {
	return w.clock.Now().Sub(since).Round(time.Millisecond)
}
