package postgres

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/internal/pgtest"
	"docket/store"
	"docket/store/storetest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// template is an inbox that was made once, to be copied.
var template = struct {
	once sync.Once
	url  string
}{}

// inbox is a store in a database that goes with it.
type inbox struct {
	*Store
	drop func()
}

func (i inbox) Close() error {
	err := i.Store.Close()
	i.drop()
	return err
}

// fresh opens an inbox in a database of its own.
func fresh(t testing.TB) inbox {
	t.Helper()
	template.once.Do(func() {
		template.url, _ = pgtest.Make(t, pgtest.Empty)
		s, err := Open(context.Background(), template.url)
		require.NoError(t, err)
		require.NoError(t, s.Close())
	})
	url, drop := pgtest.Copy(t, template.url)
	s, err := Open(context.Background(), url)
	require.NoError(t, err)
	return inbox{s, drop}
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(context.Context) (store.Store, error) { return fresh(t), nil })
}

// TestConformanceOfEveryWay forces the ways to the rows of a search that only a big
// inbox takes, by turns.
func TestConformanceOfEveryWay(t *testing.T) {
	every := []ways{{}, {look: 500}, {look: 500, walk: 1}}
	var opened atomic.Int64
	storetest.Run(t, func(context.Context) (store.Store, error) {
		i := fresh(t)
		i.ways = every[int(opened.Add(1))%len(every)]
		return i, nil
	})
}
