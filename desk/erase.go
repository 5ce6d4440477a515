package desk

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"docket/casefile"
)

// eraseCases removes the case files of a session that were written from this inbox, and
// returns the paths of those that it left: what is at such a path now is no case file of
// the session, or nothing is there, or it may not be removed.
func (d *Desk) eraseCases(ctx context.Context, id string) (left []string, err error) {
	paths, err := d.cfg.Store.CaseFiles(ctx, id)
	for _, path := range paths {
		if !eraseCase(path, id) {
			left = append(left, path)
		}
	}
	return left, err
}

// eraseCase removes a file if it is a case file of the session. Its folder is opened
// first, and no name leads out of that.
func eraseCase(path, id string) bool {
	dir, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return false
	}
	defer func() { _ = dir.Close() }() // nothing is written through it
	name := filepath.Base(path)
	info, err := dir.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	file, err := dir.Open(name)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }() // it is only read
	opened, err := file.Stat()
	if err != nil || !os.SameFile(info, opened) || !casefile.IsOf(file, opened.Size(), id) {
		return false
	}
	return dir.Remove(name) == nil
}

// leftBehind tells of case files that were not erased.
func leftBehind(paths []string) string {
	return "A case file is not where it was written, or is another file now; look for it and delete it by hand: " + strings.Join(paths, ", ") + "."
}
