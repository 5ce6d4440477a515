package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// version is the newest migration.
//
// What store.Mask, store.KeysOf, store.Tokens and store.EncodeRow return is on disk,
// and so is what lexemes returns: a change to one of them needs a migration that
// writes every row anew.
const version = 3

// layoutLock is the number of the lock that one holds who changes the layout of an
// inbox in a database.
const layoutLock = 0x646F636B6574

// migrate brings the inbox up to date, and makes it if it is not there. Of many who
// begin at once one does it, and the others wait.
func migrate(ctx context.Context, config *pgx.ConnConfig, create bool) error {
	c, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }() // the lock ends with it
	if have, err := versionOf(ctx, c); err != nil || have == version {
		return err
	}
	if _, err := c.Exec(ctx, "select pg_advisory_lock($1)", int64(layoutLock)); err != nil {
		return err
	}
	if have, err := versionOf(ctx, c); err != nil || have == version {
		return err
	}
	if create {
		if _, err := c.Exec(ctx, "create schema if not exists "+schema); err != nil {
			return err
		}
	}
	var there bool
	if err := c.QueryRow(ctx, "select current_schema() is not null").Scan(&there); err != nil {
		return err
	}
	if !there { // goose would look in the others
		return errNoSchema
	}
	return bringUp(ctx, config)
}

// layoutAt returns the newest migration that the inbox at a place has; 0: there is none.
func layoutAt(ctx context.Context, config *pgx.ConnConfig) (int, error) {
	c, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return 0, err
	}
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }() // it was only read
	return versionOf(ctx, c)
}

func bringUp(ctx context.Context, config *pgx.ConnConfig) (err error) {
	db := stdlib.OpenDB(*config)
	defer func() { err = errors.Join(err, db.Close()) }()
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	return up(ctx, db, folder)
}

func up(ctx context.Context, db *sql.DB, folder fs.FS) error {
	provider, err := goose.NewProvider(goose.DialectPostgres, db, folder, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// newerError says that a newer docket wrote the inbox.
type newerError int

func (e newerError) Error() string {
	return fmt.Sprintf("layout %d, this docket knows %d", int(e), version)
}

// Why nothing is made or changed in a schema.
var (
	errNoSchema = errors.New("there is no such schema")
	errForeign  = errors.New("the migrations in the schema are somebody else's")
)

// versionOf returns the newest migration that the inbox has; 0: there is no inbox. It
// looks in the schema where one would be made, and in no other of the path.
func versionOf(ctx context.Context, c *pgx.Conn) (have int, err error) {
	var there, ours bool
	const text = "select count(*) filter (where tablename = 'goose_db_version') > 0, count(*) filter (where tablename = 'audit_checkpoint') > 0 " +
		"from pg_tables where schemaname = current_schema()"
	if err := c.QueryRow(ctx, text).Scan(&there, &ours); err != nil || !there {
		return 0, err
	}
	err = c.QueryRow(ctx, "select coalesce(max(version_id), 0) from goose_db_version").Scan(&have)
	switch {
	case err != nil:
		return have, err
	case have > 0 && !ours: // of another program that uses goose too: nothing is to be counted on in it
		return have, errForeign
	case have > version:
		return have, newerError(have)
	}
	return have, nil
}
