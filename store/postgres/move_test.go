package postgres

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/model"
	"docket/store"
	"docket/store/sqlite"
	"docket/store/storetest"
)

// TestThereAndBack moves an inbox from SQLite to Postgres and back: it is the same.
func TestThereAndBack(t *testing.T) {
	there := func(t interface {
		require.TestingT
		Helper()
	}, furnish func(store.Inbox),
	) {
		ctx := context.Background()
		from, err := sqlite.Temp(ctx)
		require.NoError(t, err)
		defer func() { require.NoError(t, from.Close()) }()
		furnish(from)
		between, err := fresh(ctx)
		require.NoError(t, err)
		defer func() { require.NoError(t, between.Close()) }()
		back, err := sqlite.Temp(ctx)
		require.NoError(t, err)
		defer func() { require.NoError(t, back.Close()) }()
		moved, err := between.Import(ctx, from.Export(ctx))
		require.NoError(t, err)
		again, err := back.Import(ctx, between.Export(ctx))
		require.NoError(t, err)
		require.Equal(t, moved, again)
		want := storetest.Pieces(t, from)
		require.Equal(t, want, storetest.Pieces(t, between))
		require.Equal(t, want, storetest.Pieces(t, back))
		page, err := between.List(ctx, model.Query{Limit: 1000})
		require.NoError(t, err)
		same, err := back.List(ctx, model.Query{Limit: 1000})
		require.NoError(t, err)
		require.Equal(t, page, same)
	}
	t.Run("something of everything", func(t *testing.T) {
		there(t, func(st store.Inbox) { storetest.Furnish(t, st) })
	})
	t.Run("generated rows", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			there(t, func(st store.Inbox) {
				require.NoError(t, st.Upsert(context.Background(), storetest.DrawRows(t)...))
			})
		})
	})
}
