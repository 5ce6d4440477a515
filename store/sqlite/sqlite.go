// Package sqlite keeps the inbox in one file: a store for one person, shared by
// every docket process of that person.
//
// One connection writes, a few read. The write-ahead log lets them work side by
// side, in this process and others. Every commit reaches the disk before the call
// returns (synchronous FULL): the API has no list of sessions, so an id that was
// acknowledged to a webhook and then lost with the power would be lost for good,
// and so would be an outcome that waits to be cleared up.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	_ "modernc.org/sqlite" // in pure Go

	"docket/store/internal/group"
)

// Sizes and times.
const (
	readers   = 3                     // connections that read
	cacheKiB  = 4096                  // page cache of a connection
	patience  = 30 * time.Second      // how long to wait for other processes
	busyPause = 20 * time.Millisecond // how long SQLite waits by itself; see patiently
)

// Store is an inbox in a SQLite file. It is a store.Store.
type Store struct {
	path    string
	write   *pool         // one connection
	turn    chan struct{} // held by the one change that may ask for it; see changeNow
	light   manner        // of a change that does not wait for the disk
	read    *pool
	settler *settler
	news    *notices
	now     func() time.Time
	effort  effort
	packAt  int64        // see pack
	after   func() error // runs when all is closed

	accepting group.Commit

	closing sync.Once
	closed  error
}

// Open opens the inbox at path, and makes it if it is not there: the file with
// mode 0600, folders that are missing with 0700. It brings an older inbox up to
// date and refuses one that a newer docket wrote.
func Open(ctx context.Context, path string) (*Store, error) {
	return open(ctx, path, durable)
}

// Temp returns an inbox in a folder of its own, which Close removes. It does not
// wait for the disk.
func Temp(ctx context.Context) (*Store, error) {
	dir, err := os.MkdirTemp("", "docket-")
	if err != nil {
		return nil, problem("No room for a temporary inbox", os.TempDir(), "set TMPDIR to a folder that can be written to", err)
	}
	s, err := open(ctx, filepath.Join(dir, "inbox.db"), "off")
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	s.after = func() error { return os.RemoveAll(dir) }
	return s, nil
}

// durable makes a change wait until it is on disk.
const durable = "full"

func open(ctx context.Context, path, synchronous string) (*Store, error) {
	path, err := filepath.Abs(path)
	if err == nil {
		err = prepare(ctx, path)
	}
	switch {
	case errors.Is(err, errForeign):
		return nil, problem("This file is not an inbox of docket; it was left as it is", path, "name another file with --store", err)
	case codeOf(err) != 0:
		return nil, problem("The inbox file cannot be read", path, "check that it is an inbox of docket, or name another file with --store", err)
	case err != nil:
		return nil, problem("The inbox file cannot be made or opened", path, "check the folder's permissions, or name another file with --store", err)
	}
	write, err := connect(path, pragma("synchronous", synchronous), pragma("secure_delete", "on"), pragma("foreign_keys", "on"), leaveToSettler)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, write, path); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	read, err := connect(path, pragma("query_only", "on"))
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	settle, err := connect(path, pragma("synchronous", synchronous))
	if err != nil {
		return nil, errors.Join(err, read.Close(), write.Close())
	}
	s := &Store{path: path, write: newPool(write, 1), read: newPool(read, readers), turn: make(chan struct{}, 1), light: light(synchronous), settler: newSettler(settle), now: time.Now, effort: usual, packAt: packAt}
	s.accepting.Do = s.keepDeliveries
	known, err := s.version(ctx)
	if err != nil {
		return nil, errors.Join(s.told("open the inbox", err), s.settler.close(), s.read.close(), s.write.close())
	}
	s.news = newNotices(known, s.version)
	return s, nil
}

// Close closes the inbox and ends every Watch. It may be called twice.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.news.Close()
		s.closed = errors.Join(s.settler.close(), s.read.close(), s.write.close())
		if s.after != nil {
			s.closed = errors.Join(s.closed, s.after())
		}
	})
	return s.closed
}

// connect opens a pool on the file. Options are parameters of the driver.
func connect(path string, options ...string) (*sql.DB, error) {
	name := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" +
		pragma("busy_timeout", fmt.Sprint(busyPause.Milliseconds())) + "&" +
		pragma("cache_size", fmt.Sprint(-cacheKiB)) + "&" + pragma("temp_store", "memory")
	for _, o := range options {
		name += "&" + o
	}
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, problem("The inbox cannot be opened", path, "check that the file is an inbox of docket", err)
	}
	return db, nil
}

// patiently calls try again while another process is in the way. SQLite would
// wait by itself, but with pauses that grow: a process that writes without pause
// would keep all others out.
func patiently(ctx context.Context, try func() error) error {
	for end := time.Now().Add(patience); ; {
		err := try()
		if !errors.Is(err, errStillRead) && codeOf(err) != codeBusy || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
}

// errStillRead says that the log cannot be emptied yet.
var errStillRead = errors.New("a reader still looks at an old state")

func pragma(name, value string) string { return "_pragma=" + name + "(" + value + ")" }
