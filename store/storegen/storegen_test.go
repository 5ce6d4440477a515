package storegen_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"docket/store/storegen"
)

func TestRows(t *testing.T) {
	ids, n := make(map[string]bool), 0
	for batch := range storegen.Batches(2500, 1000) {
		for _, r := range batch {
			require.Equal(t, storegen.Row(n), r, "the same every time")
			ids[r.ID] = true
			n++
		}
	}
	require.Equal(t, 2500, n)
	require.Len(t, ids, n)
}
