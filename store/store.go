// Package store keeps the inbox: the sessions that docket has heard of, with
// notes and tags. The API has no list of sessions, so this is the only one.
//
// Two databases stand behind the one interface: store/sqlite for a person, and
// Postgres for a team. What they must agree on is in store/storetest.
package store

import (
	"context"
	"errors"
	"time"

	"docket/model"
)

// ErrNotFound is returned for an interview id that the inbox does not hold.
var ErrNotFound = errors.New("session is not in the inbox")

// Change says that rows changed. IDs is empty when the store cannot tell which:
// another process wrote, or too many changed at once.
type Change struct {
	IDs []string
}

// Store is an inbox. All methods may be called from many goroutines. Errors
// wrap ErrNotFound where a named session is missing.
type Store interface {
	// Upsert adds rows or merges them into what is known of them, in one
	// transaction; Merge has the rules. In short: a row is what one reading of the
	// session brought, and what the reading did not bring stays as it was. AddedAt,
	// tags, claims and a pending outcome of an existing row stay in any case; of a
	// new row they are taken.
	Upsert(ctx context.Context, rows ...model.Row) error
	// Get returns one row.
	Get(ctx context.Context, id string) (model.Row, error)
	// Has says which of the ids the inbox holds.
	Has(ctx context.Context, ids ...string) (map[string]bool, error)
	// List returns one page. It costs the same at any place of the inbox. A search
	// text without a letter or digit in it asks for nothing and finds every row.
	List(ctx context.Context, q model.Query) (model.Page, error)
	// Counts returns how many rows each view holds, at no cost that grows with
	// the inbox. Mine is counted for who.
	Counts(ctx context.Context, who string, now time.Time) (model.Counts, error)
	// Alike returns rows with the same device hash or the same IP address as the
	// row with the id, without it, newest first, at most limit of each.
	Alike(ctx context.Context, id string, limit int) (device, ip []model.Row, err error)
	// Forget erases everything personal of a session: name, document, device,
	// notes, tags, custom fields, its entry in the search index. The id stays,
	// with the life Deleted.
	Forget(ctx context.Context, id string) error

	// SetPending records an action whose outcome is unknown; nil clears it.
	SetPending(ctx context.Context, id string, p *model.Pending) error

	// AddNote and Notes keep remarks, oldest first.
	AddNote(ctx context.Context, id string, n model.Note) error
	Notes(ctx context.Context, id string) ([]model.Note, error)
	// SetTags replaces the tags of a session.
	SetTags(ctx context.Context, id string, tags []string) error
	// Tags returns every tag in use with the number of its sessions.
	Tags(ctx context.Context) (map[string]int64, error)

	// Watch sends a value after rows changed, here or in another process, until
	// ctx ends; then it closes the channel. Changes that come quickly are joined.
	Watch(ctx context.Context) <-chan Change

	Close() error
}
