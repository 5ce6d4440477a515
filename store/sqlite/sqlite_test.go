package sqlite

import (
	"context"
	"testing"

	"docket/store"
	"docket/store/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(ctx context.Context) (store.Store, error) { return Temp(ctx) })
}

// TestConformanceOfEveryWay forces the ways to the rows of a search that only a
// big inbox takes.
func TestConformanceOfEveryWay(t *testing.T) {
	ways := []struct {
		name string
		effort
		packAt int64
	}{
		{"as it comes", effort{look: 5, walk: 5, skim: 50, gather: 2}, packAt},
		{"pick", effort{gather: 1_000_000}, 0},
		{"pick and sift", effort{}, 0},
		{"pick what is not packed", effort{}, packAt},
		{"skim, then pick", effort{skim: 8, gather: 1}, 0},
		{"skim", effort{skim: 1_000_000, gather: 1_000_000}, 0},
		{"walk a little, then pick", effort{look: 2, walk: 3}, 0},
	}
	for _, way := range ways[:manyWays] {
		t.Run(way.name, func(t *testing.T) {
			storetest.RunLists(t, func(ctx context.Context) (store.Store, error) {
				s, err := Temp(ctx)
				if err == nil {
					s.effort, s.packAt = way.effort, way.packAt
				}
				return s, err
			})
		})
	}
}
