package postgres

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/store"
)

// Pauses between attempts.
const (
	firstPause = 5 * time.Millisecond
	lastPause  = 500 * time.Millisecond
)

// limits are how long something may take until the network is taken for cut: one that
// swallows everything tells nobody. What is done in a transaction takes milliseconds,
// or waits for others that do.
type limits struct {
	read, write time.Duration // a transaction; 0: as long as it does
	commit      time.Duration
}

var usualLimits = limits{read: 30 * time.Second, write: time.Minute, commit: 30 * time.Second}

// patiently calls try again while the database is away, or another transaction in the
// way, and nothing of the attempt has happened.
func (s *Store) patiently(ctx context.Context, try func() error) error {
	pause := firstPause
	for end := time.Now().Add(s.wait); ; pause = min(2*pause, lastPause) {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := try()
		if err == nil || ctx.Err() != nil || time.Now().After(end) || !gone(err) && !collided(err) {
			return err
		}
		if collided(err) {
			pause = min(pause, 4*firstPause) // somebody has gone on
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rand.N(pause) + pause/2): // two that met are not to meet again
		}
	}
}

// reading runs fn in a transaction that sees the inbox as it is at one moment.
func (s *Store) reading(ctx context.Context, what string, fn func(pgx.Tx) error) error {
	err := s.patiently(ctx, func() error {
		return s.within(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, s.read, fn)
	})
	return s.told(what, err)
}

// manner is how a change is written.
type manner struct {
	// repeat says how one is met that may have happened: its commit got no answer.
	// Postgres cannot be asked, because after a crash it gives the same number to
	// another transaction.
	repeat bool
	// light is a change that does not wait for the disk; see store.Queue. It reaches
	// the disk before whatever is written after it.
	light bool
}

var (
	once  = manner{}             // nobody knows whether it happened, and that is told
	again = manner{repeat: true} // it is done again: done twice it is the same
)

// lightly is the same manner without waiting for the disk.
func (m manner) lightly() manner {
	m.light = true
	return m
}

func (m manner) options() (o pgx.TxOptions) {
	if m.light {
		o.BeginQuery = "begin; set local synchronous_commit = off"
	}
	return o
}

// writing runs fn in a transaction.
func (s *Store) writing(ctx context.Context, how manner, limit time.Duration, fn func(pgx.Tx) error) error {
	return s.patiently(ctx, func() error {
		err := s.within(ctx, how.options(), limit, fn)
		if how.repeat && errors.Is(err, errUnknown) {
			return lostError{err}
		}
		return err
	})
}

// within runs fn in a transaction on a connection of the pool, which is cut when that
// takes longer than the limit; 0: it may take as long as it does.
func (s *Store) within(ctx context.Context, o pgx.TxOptions, limit time.Duration, fn func(pgx.Tx) error) error {
	c, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	if limit > 0 {
		wire := c.Conn().PgConn().Conn()
		cut := time.AfterFunc(limit, func() { _ = wire.Close() }) // whoever waits for an answer is told
		defer cut.Stop()
	}
	tx, err := c.BeginTx(ctx, o)
	if err != nil {
		return lost(ctx, c, err)
	}
	if err := fn(tx); err != nil {
		err = lost(ctx, c, err)
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerIn)
		defer cancel()
		_ = tx.Rollback(ending) // else the connection goes, and the transaction with it
		return err
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.commit) // whoever gives up now would not know
	defer cancel()
	err = tx.Commit(ending)
	if err == nil || !c.Conn().IsClosed() {
		return err
	}
	if o.AccessMode == pgx.ReadOnly {
		return lostError{err}
	}
	return unknownError{err}
}

// lost marks an error after which the connection is gone.
func lost(ctx context.Context, c *pgxpool.Conn, err error) error {
	if ctx.Err() == nil && c.Conn().IsClosed() {
		return lostError{err}
	}
	return err
}

// one reads a single row into the places, or returns store.ErrNotFound.
func one(ctx context.Context, tx pgx.Tx, text string, args []any, places ...any) error {
	err := tx.QueryRow(ctx, text, args...).Scan(places...)
	if errors.Is(err, pgx.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}

// each reads row after row into the places and calls fn after every one.
func each(ctx context.Context, tx pgx.Tx, text string, args []any, fn func() error, places ...any) error {
	rows, err := tx.Query(ctx, text, args...)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, places, fn)
	return err
}
