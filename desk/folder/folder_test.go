package folder_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/desk/folder"
)

func open(t *testing.T, path string) *folder.Folder {
	t.Helper()
	f, err := folder.Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.Close()) })
	return f
}

// files lists a folder, which may hold nothing but whole files.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	all := map[string]string{}
	for _, e := range entries {
		body, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		all[e.Name()] = string(body)
	}
	return all
}

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Mode().Perm()
}

func TestFilesAreForTheirOwnerOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "in")
	require.NoError(t, open(t, dir).Write("a.png", []byte("one"), false))
	require.Equal(t, fs.FileMode(0o700), mode(t, dir))
	require.Equal(t, fs.FileMode(0o700), mode(t, filepath.Dir(dir)))
	require.Equal(t, fs.FileMode(0o600), mode(t, filepath.Join(dir, "a.png")))
	require.Equal(t, map[string]string{"a.png": "one"}, files(t, dir))
}

func TestAFileThatIsThereStays(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	require.NoError(t, f.Write("a.png", []byte("one"), false))
	require.ErrorIs(t, f.Write("a.png", []byte("two"), false), fs.ErrExist)
	require.Equal(t, map[string]string{"a.png": "one"}, files(t, dir))
	require.NoError(t, f.Write("a.png", []byte("two"), true))
	require.Equal(t, map[string]string{"a.png": "two"}, files(t, dir))
}

func TestOfTwoWritersAtOnceOneWins(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	var (
		wg  sync.WaitGroup
		won atomic.Int64
	)
	for i := range 16 {
		body := strings.Repeat(string(rune('a'+i)), 5000)
		wg.Go(func() {
			if f.Write("a.png", []byte(body), false) == nil {
				won.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, won.Load())
	all := files(t, dir)
	require.Len(t, all, 1, "no half of a file is left")
	require.Equal(t, strings.Repeat(all["a.png"][:1], 5000), all["a.png"])
}

// Whatever a name or a link says, nothing is written outside.
func TestNothingLeavesTheFolder(t *testing.T) {
	parent := t.TempDir()
	dir, victim := filepath.Join(parent, "in"), filepath.Join(parent, "victim")
	f := open(t, dir)
	require.NoError(t, os.WriteFile(victim, []byte("mine"), 0o600))
	require.NoError(t, os.Symlink(victim, filepath.Join(dir, "link.png")))
	require.NoError(t, os.Symlink(parent, filepath.Join(dir, "up")))
	for _, name := range []string{"../evil", "../../../evil", "/evil", "up/evil", "..", ".", ""} {
		require.Error(t, f.Write(name, []byte("evil"), false), name)
		require.Error(t, f.Write(name, []byte("evil"), true), name)
	}
	require.ErrorIs(t, f.Write("link.png", []byte("evil"), false), fs.ErrExist)
	require.NoError(t, f.Write("link.png", []byte("new"), true), "the link is replaced, not what it points to")
	body, err := os.ReadFile(victim)
	require.NoError(t, err)
	require.Equal(t, "mine", string(body))
	entries, err := os.ReadDir(parent)
	require.NoError(t, err)
	require.Len(t, entries, 2)
	require.NoError(t, os.Remove(filepath.Join(dir, "up")))
	require.Equal(t, map[string]string{"link.png": "new"}, files(t, dir), "and no half of a file is left")
}

func TestAFolderThatCannotBe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	_, err := folder.Open(path)
	require.Error(t, err)
	_, err = folder.Open(filepath.Join(path, "in"))
	require.Error(t, err)
	nowhere := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink("nowhere", nowhere))
	_, err = folder.Open(nowhere)
	require.Error(t, err)
	require.NotErrorIs(t, err, fs.ErrExist, "that is said of a picture that is there")
}
