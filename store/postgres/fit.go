package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/store"
)

var errNoRight = errors.New("a right is missing")

// Fit says by how much the clock of this machine is ahead of the server's, and of an
// inbox that can be read why it cannot be written to. It changes nothing.
func (s *Store) Fit(ctx context.Context) (ahead time.Duration, err error) {
	const text = "select pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean, " +
		"has_table_privilege('session', 'update') and has_table_privilege('turn', 'update') and (select bool_and(has_table_privilege(oid, 'insert')) " +
		"from pg_class where relnamespace = quote_ident(current_schema())::regnamespace and relkind = 'r' and relname not in ('turn', 'goose_db_version')), " +
		"(extract(epoch from clock_timestamp()) * 1000000)::bigint"
	var fixed, may bool
	var there int64
	var here time.Time
	err = s.reading(ctx, "examine the inbox", func(tx pgx.Tx) error {
		here = s.now()
		return one(ctx, tx, text, nil, &fixed, &may, &there)
	})
	switch {
	case err != nil:
		return 0, err
	case fixed:
		return 0, s.meant(codeReadOnly, errNoRight)
	case !may:
		return 0, s.meant(codeNoRight, errNoRight)
	}
	return here.Sub(store.FromMicros(there)), nil
}
