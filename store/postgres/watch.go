package postgres

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/store"
	"docket/store/internal/news"
)

// Sizes and times of notices.
const (
	maxNotice  = 7000            // bytes of one: Postgres takes less than 8000
	maxNotices = 8               // of one transaction; more than that are not named
	quiet      = 2 * time.Second // without a word, the connection is tried
	soundIn    = 3 * time.Second // how long an answer to that may take
	answerIn   = 5 * time.Second // the same for other questions
)

// channel is where an inbox tells what changed. Which inbox is part of it: schemas of
// one database share its channels.
const channel = "docket "

// notices tells watchers what changed. What this store wrote is told at once. What
// others write comes from Postgres (notify), in the transaction of the change.
type notices struct {
	*news.Board
	config  *pgx.ConnConfig
	channel string
	me      string // begins the notices of this store

	begin sync.Mutex
	ready *pgx.Conn // listens already; for whoever listens next
}

func newNotices(pool *pgxpool.Pool, inbox, me string) *notices {
	n := &notices{config: pool.Config().ConnConfig, channel: channel + inbox, me: me}
	n.Board = news.New(n.listen)
	return n
}

// Watch sends a value after rows changed, until ctx ends or the store is closed. When
// it returns, nothing that others write is missed, if the database can be reached.
func (s *Store) Watch(ctx context.Context) <-chan store.Change {
	s.news.prepare(ctx)
	return s.news.Watch(ctx)
}

// prepare begins to listen before anybody watches. Without success it goes on beside
// them.
func (n *notices) prepare(ctx context.Context) {
	n.begin.Lock()
	defer n.begin.Unlock()
	if n.ready != nil || n.Watched() {
		return
	}
	n.ready, _ = n.connect(ctx)
}

// take returns the connection that listens already, if there is one.
func (n *notices) take() *pgx.Conn {
	n.begin.Lock()
	defer n.begin.Unlock()
	c := n.ready
	n.ready = nil
	return c
}

// Close ends every watcher and the listening.
func (n *notices) Close() {
	n.Board.Close()
	if c := n.take(); c != nil {
		_ = c.Close(context.Background()) // nobody listens any more
	}
}

func (n *notices) connect(ctx context.Context) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, answerIn)
	defer cancel()
	c, err := pgx.ConnectConfig(ctx, n.config.Copy())
	if err != nil {
		return nil, err
	}
	if _, err := c.Exec(ctx, "listen "+pgx.Identifier{n.channel}.Sanitize()); err != nil {
		_ = c.Close(ctx) // what failed is on its way
		return nil, err
	}
	return c, nil
}

// listen hears of what others write until ctx ends, and comes back when the connection
// is lost. What happened meanwhile nobody knows.
func (n *notices) listen(ctx context.Context) {
	c := n.take()
	n.Away(ctx, c == nil)
	for pause := firstPause; ctx.Err() == nil; pause = min(2*pause, lastPause) {
		if c == nil {
			c, _ = n.connect(ctx)
		}
		if c != nil {
			n.Away(ctx, false)
			n.hear(ctx, c)
			n.Away(ctx, true)
			_ = c.Close(context.WithoutCancel(ctx)) // it is lost, or not needed any more
			c, pause = nil, firstPause
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// hear tells what comes until the connection is lost.
func (n *notices) hear(ctx context.Context, c *pgx.Conn) {
	for {
		waiting, cancel := context.WithTimeout(ctx, quiet)
		got, err := c.WaitForNotification(waiting)
		silent := waiting.Err() != nil && ctx.Err() == nil
		cancel()
		switch {
		case err == nil:
			n.heard(got.Payload)
		case !silent || n.deaf(ctx, c):
			return
		}
	}
}

// deaf reports whether a connection on which nothing came is lost.
func (n *notices) deaf(ctx context.Context, c *pgx.Conn) bool {
	ctx, cancel := context.WithTimeout(ctx, soundIn)
	defer cancel()
	return c.Ping(ctx) != nil
}

// heard tells a notice of another store.
func (n *notices) heard(text string) {
	from, list, _ := strings.Cut(text, " ")
	if from == n.me {
		return
	}
	var ids []string
	for in := json.NewDecoder(strings.NewReader(list)); in.More(); {
		var id string
		if in.Decode(&id) != nil {
			ids = nil // of another version: something changed
			break
		}
		ids = append(ids, plain(id))
	}
	n.Tell(ids...)
}

// notes returns the notices that tell of changed sessions: one without ids when there
// are too many.
func (n *notices) notes(ids []string, more bool) []string {
	unnamed := []string{n.me}
	switch {
	case more, len(ids) > news.Most:
		return unnamed
	case len(ids) == 0:
		return nil
	}
	var all []string
	list := n.me
	for _, id := range ids {
		text, _ := json.Marshal(safe(id)) // texts can always be written
		if len(n.me)+1+len(text) > maxNotice {
			return unnamed
		}
		if len(list)+1+len(text) > maxNotice {
			all, list = append(all, list), n.me
		}
		list += " " + string(text)
	}
	if all = append(all, list); len(all) > maxNotices {
		return unnamed
	}
	return all
}
