package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"sync/atomic"
)

// What is written goes to SQLite's log, and from there into the file. SQLite does the
// second, too, in whatever commit made the log long enough, and that commit then waits
// for the disk many times as long as the others.
const (
	settleAfter = 100    // changes after which the log is moved into the file beside what goes on
	longestLog  = 16_000 // pages of log after which a commit does it, because that could not keep up
)

// settler moves the log into the file while others read and write. Whatever fails here
// is done by a later commit, which tells of it.
type settler struct {
	pool    *pool // one connection, opened when it is needed
	changes atomic.Int64
	due     chan struct{}
	stop    context.CancelFunc
	stopped chan struct{}
}

func newSettler(db *sql.DB) *settler {
	ctx, stop := context.WithCancel(context.Background())
	s := &settler{pool: newPool(db, 1), due: make(chan struct{}, 1), stop: stop, stopped: make(chan struct{})}
	go s.run(ctx)
	return s
}

// wrote counts a change.
func (s *settler) wrote() {
	if s.changes.Add(1)%settleAfter != 0 {
		return
	}
	select {
	case s.due <- struct{}{}:
	default: // it is due already
	}
}

func (s *settler) run(ctx context.Context) {
	defer close(s.stopped)
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.due:
			_ = s.pool.do(ctx, func(c *conn) error { return c.set(ctx, "pragma wal_checkpoint(passive)") })
		}
	}
}

func (s *settler) close() error {
	s.stop()
	<-s.stopped
	return s.pool.close()
}

// leaveToSettler makes commits leave the log alone until it has become very long.
var leaveToSettler = pragma("wal_autocheckpoint", fmt.Sprint(longestLog))
