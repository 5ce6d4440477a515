package cli

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/model"
)

// BenchmarkTree measures what every start pays for the tree of commands.
func BenchmarkTree(b *testing.B) {
	for b.Loop() {
		var out bytes.Buffer
		code := Run(b.Context(), Env{Args: []string{"version"}, Stdin: &out, Stdout: &out, Stderr: &out})
		require.Equal(b, model.ExitDone, code)
	}
}
