package postgres

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/pgtest"
	"docket/store"
	"docket/store/storetest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// template returns the URL of an inbox that was made once, to be copied.
var template = sync.OnceValues(func() (string, error) {
	url, _, err := pgtest.Create(pgtest.Empty) // it goes with the cluster
	if err != nil {
		return "", err
	}
	s, err := Open(context.Background(), url)
	if err != nil {
		return "", err
	}
	return url, s.Close()
})

// unused are databases whose inbox is empty again. A new one takes Postgres much longer
// than emptying an old one.
var unused struct {
	sync.Mutex
	urls []string
}

// inbox is a store in a database of its own.
type inbox struct {
	*Store
	url string
}

// fresh opens an empty inbox.
func fresh(ctx context.Context) (inbox, error) {
	unused.Lock()
	var url string
	if n := len(unused.urls); n > 0 {
		url, unused.urls = unused.urls[n-1], unused.urls[:n-1]
	}
	unused.Unlock()
	if url == "" {
		from, err := template()
		if err != nil {
			return inbox{}, err
		}
		if url, _, err = pgtest.Copy(from); err != nil { // it goes with the cluster
			return inbox{}, err
		}
	}
	s, err := Open(context.WithoutCancel(ctx), url)
	return inbox{s, url}, err
}

// empty takes out all that a test has put in. As a replica, Postgres fires no triggers:
// the audit log lets go of its entries.
const empty = `set session_replication_role = replica; delete from session; delete from counter; delete from tag; delete from note;
	delete from case_file; delete from meta; delete from audit; delete from audit_hash; delete from audit_checkpoint; delete from batch;
	delete from batch_left; delete from delivery; delete from job; delete from result; delete from ticket`

// Close closes the store and empties its database for the next one.
func (i inbox) Close() error {
	ctx := context.Background()
	err := i.Store.Close()
	if err != nil {
		return err
	}
	c, err := pgx.Connect(ctx, i.url+"&search_path="+schema)
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, empty)
	if err := errors.Join(err, c.Close(ctx)); err != nil {
		return err
	}
	unused.Lock()
	defer unused.Unlock()
	unused.urls = append(unused.urls, i.url)
	return nil
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(ctx context.Context) (store.Store, error) { return fresh(ctx) })
}

// TestConformanceOfEveryWay forces the ways to the rows of a search that only a big
// inbox takes, by turns.
func TestConformanceOfEveryWay(t *testing.T) {
	every := []ways{{}, {look: 500}, {look: 500, walk: 1}}
	var opened atomic.Int64
	storetest.Run(t, func(ctx context.Context) (store.Store, error) {
		i, err := fresh(ctx)
		if err == nil {
			i.ways = every[int(opened.Add(1))%len(every)]
		}
		return i, err
	})
}
