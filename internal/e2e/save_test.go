package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/internal/vtdriver"
)

// The console saves pictures through the real desk: nothing is on disk before it
// is asked for, then the folder and its files are for the person alone, what is
// there already stays, and is replaced when that is ticked.
func TestPicturesAreSavedFromTheConsole(t *testing.T) {
	t.Parallel()
	r := newRig(t, 12, nil).pictured()
	id := r.waiting(1)[0]
	dir := filepath.Join(r.home, "case")
	b := r.bench(benchOptions{add: []string{id}}, vtdriver.Size(160, 40))
	b.See("1 of 1").Press("enter").See("Before approve").Press("i").SeeMatch(`━ .*croppedIDFace · \d+×\d+`)
	require.NoDirExists(t, dir)

	asks := func() {
		b.Press("D").See("personal data", "│ "+id).Press("enter").See("▸ Folder").Press("ctrl+u").Type(dir).See(dir)
	}
	asks()
	require.NoDirExists(t, dir)
	b.Press("ctrl+s").See("✓ 1 picture saved in " + dir).Press("enter").Gone("Save pictures")
	file := filepath.Join(dir, id+"-croppedIDFace.jpg")
	for path, want := range map[string]os.FileMode{dir: 0o700, file: 0o600} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, want, info.Mode().Perm(), path)
	}

	require.NoError(t, os.WriteFile(file, []byte("mine"), 0o600))
	asks()
	b.Press("ctrl+s").See("The file is there already", "tick that files are replaced", "! nothing saved in").Press("enter").Gone("Save pictures")
	require.Equal(t, "mine", content(t, file))
	asks()
	b.Press("tab", "space").See("[x] replace").Press("ctrl+s").See("✓ 1 picture saved").Press("enter").Gone("Save pictures")
	require.NotEqual(t, "mine", content(t, file))

	all, err := os.ReadDir(r.home)
	require.NoError(t, err)
	require.Len(t, all, 1, "only the folder that was asked for")
}

func content(t *testing.T, path string) string {
	t.Helper()
	body, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(body)
}
