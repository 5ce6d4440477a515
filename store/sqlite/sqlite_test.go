package sqlite

import (
	"context"
	"testing"

	"docket/store"
	"docket/store/storetest"
)

func TestConformance(t *testing.T) {
	for name, e := range map[string]effort{
		"as usual":                     usual,
		"walk a little, then filter":   {look: 2, walk: 3},
		"filter a little, then gather": {filter: 5, sorted: 1_000_000},
		"filter":                       {filter: 1},
		"gather":                       {gather: 1_000_000, byName: 1_000_000},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(ctx context.Context) (store.Store, error) {
				s, err := Temp(ctx)
				if err == nil {
					s.effort = e
				}
				return s, err
			})
		})
	}
}
