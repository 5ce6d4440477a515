package folder

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// On a file system without links a name is taken with an empty file.
func TestReserve(t *testing.T) {
	dir := t.TempDir()
	f, err := Open(dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.Close()) })
	require.NoError(t, f.fill("part", writes("one")))
	require.NoError(t, f.reserve("part", "a.png"))
	require.NoError(t, f.fill("part", writes("two")))
	require.ErrorIs(t, f.reserve("part", "a.png"), fs.ErrExist)
	require.NoError(t, os.Remove(filepath.Join(dir, "part")))
	require.Error(t, f.reserve("part", "b.png"), "there is nothing to put in place")
	_, err = os.Stat(filepath.Join(dir, "b.png"))
	require.ErrorIs(t, err, fs.ErrNotExist, "and no empty file stays")
	body, err := os.ReadFile(filepath.Join(dir, "a.png"))
	require.NoError(t, err)
	require.Equal(t, "one", string(body))
}

func writes(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}
