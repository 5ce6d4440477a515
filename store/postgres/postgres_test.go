package postgres

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

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

// inbox is a store in a database that goes with it.
type inbox struct {
	*Store
	drop func() error
}

func (i inbox) Close() error { return errors.Join(i.Store.Close(), i.drop()) }

// fresh opens an inbox in a database of its own.
func fresh(ctx context.Context) (inbox, error) {
	from, err := template()
	if err != nil {
		return inbox{}, err
	}
	url, drop, err := pgtest.Copy(from)
	if err != nil {
		return inbox{}, err
	}
	s, err := Open(context.WithoutCancel(ctx), url)
	if err != nil {
		return inbox{}, errors.Join(err, drop())
	}
	return inbox{s, drop}, nil
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
