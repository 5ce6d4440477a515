// Package folder writes files into one folder: whole or not at all, for their
// owner only, and never anywhere else.
package folder

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// Modes of what is made here.
const (
	dirMode  = 0o700
	fileMode = 0o600
)

// Folder is an opened folder. A name cannot lead out of it, whatever it is and
// whatever links are in there.
type Folder struct{ root *os.Root }

// Open opens a folder, and makes it when it is not there. One that is there
// keeps its mode: it is its owner's.
func Open(path string) (*Folder, error) {
	if err := os.MkdirAll(path, dirMode); err != nil {
		if errors.Is(err, fs.ErrExist) { // a link that leads nowhere; no file of ours is there
			err = syscall.ENOTDIR
		}
		return nil, fmt.Errorf("make the folder: %w", err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("open the folder: %w", err)
	}
	return &Folder{root: root}, nil
}

// Close ends the use of the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Write puts a file in the folder. One that is there already is replaced with
// force; without, it stays as it is and the error is fs.ErrExist.
func (f *Folder) Write(name string, body []byte, force bool) error {
	return f.Make(name, force, func(w io.Writer) error {
		_, err := w.Write(body)
		return err
	})
}

// Make is Write for a file that is not in memory: fill writes it. When fill fails there
// is no file.
func (f *Folder) Make(name string, force bool, fill func(io.Writer) error) error {
	part := ".docket-" + rand.Text() + ".part"
	if err := f.fill(part, fill); err != nil {
		_ = f.root.Remove(part) // the first error is the one to tell
		return fmt.Errorf("write: %w", err)
	}
	place := f.placeNew
	if force {
		place = f.root.Rename
	}
	if err := place(part, name); err != nil {
		_ = f.root.Remove(part) // as above
		return fmt.Errorf("put in place: %w", err)
	}
	return f.sync()
}

func (f *Folder) fill(name string, fill func(io.Writer) error) error {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	err = fill(file)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// placeNew gives a whole file its name if that is free. A link is refused when
// there is anything of that name, in one step with its making.
func (f *Folder) placeNew(part, name string) error {
	err := f.root.Link(part, name)
	switch {
	case err == nil:
		return f.root.Remove(part)
	case errors.Is(err, fs.ErrExist):
		return err
	}
	return f.reserve(part, name)
}

// reserve is placeNew where the file system has no links: the name is taken with
// an empty file, which the whole one replaces.
func (f *Folder) reserve(part, name string) error {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	if err := errors.Join(file.Close(), f.root.Rename(part, name)); err != nil {
		return errors.Join(err, f.root.Remove(name))
	}
	return nil
}

// sync makes the new name last. Not every system can sync a folder.
func (f *Folder) sync() error {
	dir, err := f.root.Open(".")
	if err != nil {
		return fmt.Errorf("open the folder: %w", err)
	}
	_ = dir.Sync() // see above
	return dir.Close()
}
