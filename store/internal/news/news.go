// Package news tells those who watch an inbox what changed. It is what the
// databases have in common; how each hears of what other processes wrote is its own.
package news

import (
	"context"
	"sync"
	"time"

	"docket/store"
)

// How changes are told.
const (
	joinFor = 25 * time.Millisecond // after a notice, further ones are joined
	Most    = 1000                  // ids in a notice; more than that are not named
)

// Board tells watchers what changed.
type Board struct {
	listen func(context.Context)

	mu       sync.Mutex
	watchers map[*watcher]bool
	away     bool               // nothing is heard of what others write
	end      context.CancelFunc // ends the listening
	done     sync.WaitGroup
	closed   bool
}

// New returns a board. While somebody watches, listen hears of what other processes
// write, until its context ends, and tells it, and whether it can (Away).
func New(listen func(context.Context)) *Board {
	return &Board{listen: listen, watchers: make(map[*watcher]bool)}
}

// watcher is one caller of Watch: what it has not been told yet.
type watcher struct {
	wake chan struct{} // holds one
	mu   sync.Mutex
	ids  map[string]bool
	all  bool // more changed than ids can tell
	away bool
	told bool // that it is away
}

// Watch sends a value after rows changed, until ctx ends or the board is closed.
func (b *Board) Watch(ctx context.Context) <-chan store.Change {
	out := make(chan store.Change)
	w := &watcher{wake: make(chan struct{}, 1), ids: make(map[string]bool)}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		close(out)
		return out
	}
	b.watchers[w] = true
	if b.away {
		w.turn(true)
	}
	if b.end == nil {
		listening, end := context.WithCancel(context.Background())
		b.end = end
		b.done.Go(func() { b.listen(listening) })
	}
	b.done.Go(func() {
		defer close(out)
		w.serve(ctx, out)
		b.leave(w)
	})
	return out
}

// Watched reports whether somebody watches.
func (b *Board) Watched() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.watchers) > 0
}

// leave removes a watcher; without any, nobody listens.
func (b *Board) leave(w *watcher) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.watchers, w)
	if len(b.watchers) == 0 && b.end != nil {
		b.end()
		b.end, b.away = nil, false
	}
}

// Away says whether the database is away; when it is back, anything may have changed.
// The context is that of listen: who listens no more says nothing.
func (b *Board) Away(listening context.Context, away bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if listening.Err() != nil || away == b.away {
		return
	}
	b.away = away
	for w := range b.watchers {
		w.turn(away)
		if !away {
			w.add(nil)
		}
	}
}

// Tell names rows that changed; no id means that nobody knows which.
func (b *Board) Tell(ids ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for w := range b.watchers {
		w.add(ids)
	}
}

// Close ends every watcher and the listening, and waits for them.
func (b *Board) Close() {
	b.mu.Lock()
	b.closed = true
	for w := range b.watchers {
		close(w.wake)
	}
	clear(b.watchers)
	if b.end != nil {
		b.end()
		b.end = nil
	}
	b.mu.Unlock()
	b.done.Wait()
}

// add remembers what to tell.
func (w *watcher) add(ids []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(ids) == 0 || len(w.ids)+len(ids) > Most {
		w.all = true
		clear(w.ids)
	}
	if !w.all {
		for _, id := range ids {
			w.ids[id] = true
		}
	}
	w.rouse()
}

// turn remembers whether the database is away.
func (w *watcher) turn(away bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.away = away
	w.rouse()
}

func (w *watcher) rouse() {
	select {
	case w.wake <- struct{}{}:
	default: // is awake already
	}
}

// take returns what is to be told and forgets it; false: all was told already, with
// what came before.
func (w *watcher) take() (c store.Change, some bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	some = w.all || len(w.ids) > 0 || w.away != w.told
	c.Away, w.told = w.away, w.away
	if !w.all {
		for id := range w.ids {
			c.IDs = append(c.IDs, id)
		}
	}
	w.all = false
	clear(w.ids)
	return c, some
}

// serve hands notices to the caller. What changes while the caller is busy, or
// shortly after a notice, is joined into the next.
func (w *watcher) serve(ctx context.Context, out chan<- store.Change) {
	join := time.NewTimer(0)
	defer join.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case _, open := <-w.wake:
			if !open {
				return
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-join.C:
		}
		if c, some := w.take(); some {
			select {
			case <-ctx.Done():
				return
			case out <- c:
			}
		}
		join.Reset(joinFor)
	}
}
