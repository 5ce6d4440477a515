package sqlite

import (
	"context"
	"sync/atomic"
	"testing"

	"docket/store"
	"docket/store/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(ctx context.Context) (store.Store, error) { return Temp(ctx) })
}

// TestConformanceOfEveryWay forces the ways to the rows of a search that only a
// big inbox takes, by turns.
func TestConformanceOfEveryWay(t *testing.T) {
	ways := []effort{
		{look: 2, walk: 3},                         // walk a little, then filter
		{filter: 5, sorted: 1_000_000},             // filter a little, then gather
		{filter: 1},                                // filter
		{gather: 1_000_000, byName: 1_000_000},     // gather
		{apart: 1_000_000, sorted: 1_000_000},      // by name, and apart from it
		{look: 5, walk: 5, gather: 2, filter: 100}, // as it comes
	}
	var opened atomic.Int64
	storetest.Run(t, func(ctx context.Context) (store.Store, error) {
		s, err := Temp(ctx)
		if err == nil {
			s.effort = ways[int(opened.Add(1))%len(ways)]
		}
		return s, err
	})
}
