// Package postgres keeps the inbox in a Postgres database: a store for a team, whose
// consoles and gateways share it from many machines.
//
// Transactions run side by side (read committed). What a change rests on is locked
// first, always in the same order: bulk runs, deliveries, sessions by id, jobs, the
// turn at the audit log, a slot of the counters. What two of them add at once collides
// at a unique index, and the one that was later begins anew and finds it.
//
// Rows that are changed or erased stay in the files of the database until Postgres
// sweeps up (vacuum), and in backups and write-ahead logs for as long as those are
// kept: see docs/operations.md.
package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/store"
	"docket/store/internal/group"
)

// Sizes and times.
const (
	connections = 10               // of a process, beside the one that listens
	patience    = 10 * time.Second // how long to wait for a database that is away
	openFor     = 3 * time.Second  // the same for one that was never there
	connectFor  = 5 * time.Second  // how long one attempt to connect may take
)

// schema is where the inbox is, unless the URL names a search_path.
const schema = "docket"

// settings of every connection. Each question goes along an index, so the planner is
// not to try anything else; compiling or sharing them out among processes costs more
// than they do. What a process that hangs has locked is free again soon.
var settings = map[string]string{
	"application_name": "docket", "enable_seqscan": "off", "jit": "off", "max_parallel_workers_per_gather": "0",
	"random_page_cost": "1.1", "work_mem": "32MB", "idle_in_transaction_session_timeout": "60s",
}

// Store is an inbox in a Postgres database. It is a store.Inbox.
type Store struct {
	where string // host, port and database, for errors
	pool  *pgxpool.Pool
	news  *notices
	now   func() time.Time
	ways  ways
	wait  time.Duration // how long to wait for a database that is away
	limits

	accepting group.Commit

	closing sync.Once
}

var _ store.Inbox = (*Store)(nil)

// Open opens the inbox at a URL (postgres://USER@HOST/DATABASE). It is made if it is
// not there, in a schema of its own, and brought up to date if it is an older one; one
// that a newer docket wrote is refused.
func Open(ctx context.Context, url string) (*Store, error) {
	s, config, create, err := closed(url)
	if err != nil {
		return nil, err
	}
	s.accepting.Do = s.keepDeliveries
	if err := s.patiently(ctx, func() error { return migrate(ctx, config.ConnConfig, create) }); err != nil {
		return nil, s.refused(err)
	}
	if s.pool, err = pgxpool.NewWithConfig(context.WithoutCancel(ctx), config); err != nil {
		return nil, s.told("open the inbox", err)
	}
	var inbox string
	err = s.reading(ctx, "open the inbox", func(tx pgx.Tx) error { return one(ctx, tx, "select current_schema()", nil, &inbox) })
	if err != nil {
		s.pool.Close()
		return nil, err
	}
	s.news, s.wait = newNotices(s.pool, inbox, rand.Text()), patience
	return s, nil
}

// Exists reports whether there is an inbox at a URL. Nothing is made or changed.
func Exists(ctx context.Context, url string) (bool, error) {
	s, config, _, err := closed(url)
	if err != nil {
		return false, err
	}
	var have int
	err = s.patiently(ctx, func() (err error) {
		have, err = layoutAt(ctx, config.ConnConfig)
		return err
	})
	if err != nil {
		return false, s.refused(err)
	}
	return have > 0, nil
}

// closed returns a store that is not open yet, and how to reach its database.
func closed(url string) (s *Store, config *pgxpool.Config, create bool, err error) {
	if config, create, err = configOf(url); err != nil {
		return nil, nil, false, problem("This is not the address of a Postgres database", "", "write postgres://USER@HOST/DATABASE", nil)
	}
	return &Store{where: placeOf(config), now: time.Now, ways: usual, wait: openFor, limits: usualLimits}, config, create, nil
}

// configOf reads a URL, and reports whether the schema is ours to make.
func configOf(url string) (*pgxpool.Config, bool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, false, err
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = connections
	}
	if config.PingTimeout == 0 {
		config.PingTimeout = answerIn // a connection that was cut meanwhile is not waited for
	}
	params := config.ConnConfig.RuntimeParams
	for name, value := range settings {
		if _, set := params[name]; !set {
			params[name] = value
		}
	}
	create := params["search_path"] == "" && !strings.Contains(params["options"], "search_path")
	if create {
		params["search_path"] = schema
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectFor
	}
	return config, create, nil
}

// placeOf says where a database is, without who uses it.
func placeOf(config *pgxpool.Config) string {
	c := config.ConnConfig
	return "postgres://" + net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))) + "/" + c.Database
}

// refused turns an error of opening into one for a person.
func (s *Store) refused(err error) error {
	var newer newerError
	switch {
	case errors.Is(err, errNoSchema):
		return s.meant(classSchema, err)
	case errors.Is(err, errForeign):
		return s.meant(codeNoTable, err)
	case errors.As(err, &newer):
		return problem("This inbox was written by a newer docket ("+newer.Error()+")", s.where, "update docket, or name another inbox with --store", err)
	}
	return s.told("open the inbox", err)
}

// Close closes the inbox and ends every Watch. It may be called twice.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.news.Close()
		s.pool.Close()
	})
	return nil
}
