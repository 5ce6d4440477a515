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
	for name, way := range map[string]effort{
		"pick":                     {gather: 1_000_000},
		"pick and sift":            {},
		"skim, then pick":          {skim: 8, gather: 1},
		"skim":                     {skim: 1_000_000, gather: 1_000_000},
		"walk a little, then pick": {look: 2, walk: 3},
		"as it comes":              {look: 5, walk: 5, skim: 50, gather: 2},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.RunLists(t, func(ctx context.Context) (store.Store, error) {
				s, err := Temp(ctx)
				if err == nil {
					s.effort = way
				}
				return s, err
			})
		})
	}
}
