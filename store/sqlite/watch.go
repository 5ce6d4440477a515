package sqlite

import (
	"context"
	"sync"
	"time"

	"docket/store"
)

// How often changes are told.
const (
	pollEvery  = time.Second           // looks for what other processes wrote
	joinFor    = 25 * time.Millisecond // after a notice, further ones are joined
	maxChanged = 1000                  // ids in a notice; more than that are not named
)

// notices tells watchers what changed. What this store wrote is told at once and
// by name. That another process wrote is seen by asking SQLite now and then, and
// only while somebody watches.
type notices struct {
	version func(context.Context) (int64, error)
	every   time.Duration

	mu       sync.Mutex
	known    int64 // the version that watchers have been told of
	watchers map[*watcher]bool
	end      context.CancelFunc // stops the polling
	done     sync.WaitGroup
	closed   bool
}

// newNotices begins with a version that is known, so that nothing is lost that
// another process writes before the first question.
func newNotices(known int64, version func(context.Context) (int64, error)) *notices {
	return &notices{known: known, version: version, every: pollEvery, watchers: make(map[*watcher]bool)}
}

// watcher is one caller of Watch: what it has not been told yet.
type watcher struct {
	wake chan struct{} // holds one
	mu   sync.Mutex
	ids  map[string]bool
	all  bool // more changed than ids can tell
}

// Watch sends a value after rows changed, until ctx ends or the store is closed.
func (s *Store) Watch(ctx context.Context) <-chan store.Change {
	return s.news.watch(ctx)
}

func (n *notices) watch(ctx context.Context) <-chan store.Change {
	out := make(chan store.Change)
	w := &watcher{wake: make(chan struct{}, 1), ids: make(map[string]bool)}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		close(out)
		return out
	}
	n.watchers[w] = true
	if n.end == nil {
		polling, end := context.WithCancel(context.Background())
		n.end = end
		n.done.Go(func() { n.poll(polling) })
	}
	n.done.Go(func() {
		defer close(out)
		w.serve(ctx, out)
		n.leave(w)
	})
	return out
}

// leave removes a watcher; without any, polling stops.
func (n *notices) leave(w *watcher) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.watchers, w)
	if len(n.watchers) == 0 && n.end != nil {
		n.end()
		n.end = nil
	}
}

// tell names rows that changed; no id means that nobody knows which.
func (n *notices) tell(ids ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for w := range n.watchers {
		w.add(ids)
	}
}

// close ends every watcher and waits for them.
func (n *notices) close() {
	n.mu.Lock()
	n.closed = true
	for w := range n.watchers {
		close(w.wake)
	}
	clear(n.watchers)
	if n.end != nil {
		n.end()
		n.end = nil
	}
	n.mu.Unlock()
	n.done.Wait()
}

// poll asks for the version of the file until ctx ends. A question that fails is
// asked again: whoever reads or writes meets the error and tells it.
func (n *notices) poll(ctx context.Context) {
	tick := time.NewTicker(n.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if now, err := n.version(ctx); err == nil && n.moved(now) {
			n.tell()
		}
	}
}

// moved remembers a version and reports whether it is a new one.
func (n *notices) moved(now int64) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	was := n.known
	n.known = now
	return was != now
}

// add remembers what to tell.
func (w *watcher) add(ids []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(ids) == 0 || len(w.ids)+len(ids) > maxChanged {
		w.all = true
		clear(w.ids)
	}
	if !w.all {
		for _, id := range ids {
			w.ids[id] = true
		}
	}
	select {
	case w.wake <- struct{}{}:
	default: // is awake already
	}
}

// take returns what is to be told and forgets it.
func (w *watcher) take() store.Change {
	w.mu.Lock()
	defer w.mu.Unlock()
	var c store.Change
	if !w.all {
		for id := range w.ids {
			c.IDs = append(c.IDs, id)
		}
	}
	w.all = false
	clear(w.ids)
	return c
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
		select {
		case <-ctx.Done():
			return
		case out <- w.take():
		}
		join.Reset(joinFor)
	}
}

// version changes when somebody else committed to the file. It must be asked on
// the connection that writes: SQLite leaves a connection's own commits out, and
// those have been told already. The question takes microseconds, so no write
// waits for it.
func (s *Store) version(ctx context.Context) (v int64, err error) {
	err = s.write.do(ctx, func(c *conn) error { return c.one(ctx, "pragma data_version", nil, &v) })
	return v, err
}
