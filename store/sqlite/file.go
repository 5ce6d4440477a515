package sqlite

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// What the first bytes of a file say (https://www.sqlite.org/fileformat.html).
const (
	magic         = "SQLite format 3\x00"
	headerBytes   = 100
	applicationAt = 68
	application   = 0x64636B74 // "dckt": as the migrations set it
)

// errForeign says that a file is there that docket did not make.
var errForeign = errors.New("not an inbox of docket")

// prepare makes the file before SQLite would, with a mode of our own; SQLite gives
// its companions (-wal, -shm) the mode of the file. A file that is there already is
// looked at first: one that is not an inbox stays exactly as it is, mode included.
func prepare(ctx context.Context, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := recognise(ctx, path); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = f.Chmod(0o600)
	}
	return errors.Join(err, f.Close())
}

// Exists reports whether a file holds anything: one that is empty, or not there, is no
// inbox yet. Whether what it holds is one Open says. Nothing is made or changed.
func Exists(path string) (bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, problem("The inbox file cannot be read", path, "check the folder's permissions, or name another file", err)
	}
	return info.Size() > 0, nil
}

// recognise returns errForeign for a file that is not an inbox. It only reads.
func recognise(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	header := make([]byte, headerBytes)
	n, err := io.ReadFull(f, header)
	if err = errors.Join(unlessShort(err), f.Close()); err != nil {
		return err
	}
	switch {
	case n == 0:
		return nil // empty: ours to fill
	case n < headerBytes, !strings.HasPrefix(string(header), magic):
		return errForeign
	}
	switch binary.BigEndian.Uint32(header[applicationAt:]) {
	case application:
		return nil
	case 0:
		return recogniseTables(ctx, path)
	}
	return errForeign
}

func unlessShort(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// settling is how long a file may look torn because another process makes an inbox
// of it.
const settling = 2 * time.Second

// recogniseTables knows an inbox of the first layout, or one that is being made, by
// its tables: there are none that docket would not make. SQLite is told that nobody
// changes the file, so that it leaves no lock or companion of it.
func recogniseTables(ctx context.Context, path string) error {
	db, err := connect(path, "mode=ro", "immutable=1")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // only read
	for end := time.Now().Add(settling); ; {
		foreign := 0
		err := db.QueryRowContext(ctx, `select count(*) from sqlite_master where type = 'table' and name not like 'sqlite\_%' escape '\'
			and name not like 'search\_%' escape '\' and name not in ('session', 'counter', 'tag', 'note', 'search', 'meta', 'goose_db_version')`).Scan(&foreign)
		switch {
		case err == nil && foreign == 0:
			return nil
		case err == nil:
			return errForeign
		case time.Now().After(end), ctx.Err() != nil:
			return err
		}
		db.SetMaxIdleConns(0) // so that the next look is a fresh one
		time.Sleep(10 * time.Millisecond)
	}
}
