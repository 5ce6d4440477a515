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
		"walk a little, then filter":   {walk: 3, gather: 0, hits: 1_000_000, filter: 1_000_000},
		"filter a little, then gather": {walk: 0, gather: 0, hits: 1_000_000, filter: 5},
		"gather":                       {},
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
