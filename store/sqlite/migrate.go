package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// version is the newest migration. Each migration writes its number to
// user_version, so that an inbox that is up to date opens without goose.
//
// What store.Mask, store.KeysOf, store.Tokens and store.EncodeRow return is on
// disk: a change to one of them needs a migration that writes every row anew.
const version = 8

// migrate brings the file up to date. db is a pool that nothing uses yet.
func migrate(ctx context.Context, db *sql.DB, path string) error {
	err := patiently(ctx, func() error {
		have, err := versionOf(ctx, db)
		switch {
		case err != nil:
			return problem("The inbox cannot be read", path, "check that the file is an inbox of docket, or name another with --store", err)
		case have > version:
			return tooNew(path, have)
		case have == version:
			return nil
		}
		db.SetMaxIdleConns(0) // let go of the file
		defer db.SetMaxIdleConns(1)
		return bringUp(ctx, path)
	})
	if busy := meanings[codeBusy]; codeOf(err) == codeBusy {
		return problem(busy[0], path, busy[1], err)
	}
	return err
}

// bringUp runs the migrations while no other process can open the file. It fails
// as long as another one has it open, perhaps for the same purpose.
func bringUp(ctx context.Context, path string) (err error) {
	db, err := connect(path, pragma("locking_mode", "exclusive"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if err := execAll(ctx, db, "begin exclusive", "commit"); err != nil {
		return err
	}
	if have, err := versionOf(ctx, db); err != nil || have == version {
		return err // another process was first
	}
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	up, err := goose.NewProvider(goose.DialectSQLite3, db, folder, goose.WithDisableGlobalRegistry(true))
	if err == nil {
		_, err = up.Up(ctx)
	}
	if err == nil {
		err = execAll(ctx, db, "pragma journal_mode = wal")
	}
	if err != nil {
		return problem("The inbox could not be brought up to date", path, "nothing was changed; keep a copy of the file and report this", err)
	}
	return nil
}

func versionOf(ctx context.Context, db *sql.DB) (have int, err error) {
	err = db.QueryRowContext(ctx, "pragma user_version").Scan(&have)
	return have, err
}

func tooNew(path string, have int) error {
	return problem(fmt.Sprintf("This inbox was written by a newer docket (layout %d, this one knows %d)", have, version),
		path, "update docket, or name another inbox with --store", nil)
}

func execAll(ctx context.Context, db *sql.DB, texts ...string) error {
	for _, t := range texts {
		if _, err := db.ExecContext(ctx, t); err != nil {
			return err
		}
	}
	return nil
}
