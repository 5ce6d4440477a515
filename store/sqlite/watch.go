package sqlite

import (
	"context"
	"sync/atomic"
	"time"

	"docket/store"
	"docket/store/internal/news"
)

// pollEvery is how often to look for what other processes wrote.
const pollEvery = time.Second

// notices tells watchers what changed. What this store wrote is told at once and
// by name. That another process wrote is seen by asking SQLite now and then, and
// only while somebody watches.
type notices struct {
	*news.Board
	version func(context.Context) (int64, error)
	every   time.Duration
	known   atomic.Int64 // the version that watchers have been told of
}

// newNotices begins with a version that is known, so that nothing is lost that
// another process writes before the first question.
func newNotices(known int64, version func(context.Context) (int64, error)) *notices {
	n := &notices{version: version, every: pollEvery}
	n.known.Store(known)
	n.Board = news.New(n.poll)
	return n
}

// Watch sends a value after rows changed, until ctx ends or the store is closed.
func (s *Store) Watch(ctx context.Context) <-chan store.Change {
	return s.news.Watch(ctx)
}

// poll asks for the version of the file until ctx ends. A question that fails is
// asked again; until one is answered the file counts as away.
func (n *notices) poll(ctx context.Context) {
	tick := time.NewTicker(n.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now, err := n.version(ctx)
		n.Away(ctx, err != nil)
		if err == nil && n.known.Swap(now) != now {
			n.Tell()
		}
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
