package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"docket/store"
)

// pool hands out connections that remember what was prepared on them: preparing
// costs more than most questions do.
type pool struct {
	db   *sql.DB
	free chan *conn // nil stands for a connection that is not open yet
	size int
	over chan struct{} // closed with the pool
}

var errClosed = errors.New("the inbox is closed")

func newPool(db *sql.DB, size int) *pool {
	p := &pool{db: db, free: make(chan *conn, size), size: size, over: make(chan struct{})}
	db.SetMaxIdleConns(size)
	for range size {
		p.free <- nil
	}
	return p
}

// get waits for a connection; put gives it back.
func (p *pool) get(ctx context.Context) (*conn, error) {
	var c *conn
	select {
	case c = <-p.free:
	case <-p.over:
		return nil, errClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if c != nil {
		return c, nil
	}
	var raw *sql.Conn
	err := patiently(ctx, func() (err error) {
		raw, err = p.db.Conn(ctx)
		return err
	})
	if err != nil {
		p.free <- nil
		return nil, err
	}
	return &conn{raw: raw, texts: make(map[string]*sql.Stmt)}, nil
}

// put gives a connection back. One that failed is not kept: nobody knows in what
// state it is, and a new one is cheap.
func (p *pool) put(c *conn, keep bool) {
	if !keep {
		_ = c.close() // the error that counts is on its way already
		c = nil
	}
	p.free <- c
}

// close waits until every connection came back.
func (p *pool) close() error {
	close(p.over)
	var err error
	for range p.size {
		if c := <-p.free; c != nil {
			err = errors.Join(err, c.close())
		}
	}
	return errors.Join(err, p.db.Close())
}

// do runs fn with a connection.
func (p *pool) do(ctx context.Context, fn func(*conn) error) error {
	c, err := p.get(ctx)
	if err != nil {
		return err
	}
	err = fn(c)
	p.put(c, err == nil || errors.Is(err, store.ErrNotFound))
	return err
}

// manner is how a transaction is begun.
type manner struct {
	begin string
	sync  string // what it is to wait for, if that differs from what the connection does
	back  string // what the connection does
}

var (
	toRead  = manner{begin: "begin"}
	toWrite = manner{begin: "begin immediate"} // waits for its turn at the start, so it cannot fail for that later
)

// light is toWrite on connections that wait for the disk as synchronous says, without
// that: the file stays whole, and what is written reaches the disk with the next change
// that waits for it.
func light(synchronous string) manner {
	how := toWrite
	if synchronous == durable {
		how.sync, how.back = "pragma synchronous = normal", "pragma synchronous = "+durable
	}
	return how
}

// within runs fn in a transaction.
func (p *pool) within(ctx context.Context, how manner, fn func(*conn) error) error {
	c, err := p.get(ctx)
	if err != nil {
		return err
	}
	if err := c.begin(ctx, how); err != nil {
		p.put(c, false)
		return err
	}
	if err = fn(c); err == nil {
		err = c.exec(ctx, "commit")
	}
	ending := context.WithoutCancel(ctx)
	keep := err == nil
	if !keep {
		keep = c.exec(ending, "rollback") == nil
	}
	p.put(c, keep && c.set(ending, how.back) == nil)
	return err
}

func (c *conn) begin(ctx context.Context, how manner) error {
	if err := c.set(ctx, how.sync); err != nil {
		return err
	}
	return patiently(ctx, func() error { return c.exec(ctx, how.begin) })
}

// set runs a pragma; "": none. It is never kept prepared, because it takes effect while
// it is prepared.
func (c *conn) set(ctx context.Context, pragma string) error {
	if pragma == "" {
		return nil
	}
	_, err := c.raw.ExecContext(ctx, pragma)
	return err
}

// conn is one connection with its prepared statements.
type conn struct {
	raw   *sql.Conn
	texts map[string]*sql.Stmt
}

// maxTexts bounds what is kept prepared. Queries with many words differ.
const maxTexts = 200

func (c *conn) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if stmt, ok := c.texts[text]; ok {
		return stmt, nil
	}
	if len(c.texts) >= maxTexts {
		for old, stmt := range c.texts {
			delete(c.texts, old)
			if err := stmt.Close(); err != nil {
				return nil, err
			}
		}
	}
	stmt, err := c.raw.PrepareContext(ctx, text)
	if err == nil {
		c.texts[text] = stmt
	}
	return stmt, err
}

func (c *conn) exec(ctx context.Context, text string, args ...any) error {
	stmt, err := c.prepare(ctx, text)
	if err == nil {
		_, err = stmt.ExecContext(ctx, args...)
	}
	return err
}

// insert runs a statement that makes a row and returns the row's number.
func (c *conn) insert(ctx context.Context, text string, args ...any) (int64, error) {
	stmt, err := c.prepare(ctx, text)
	if err != nil {
		return 0, err
	}
	res, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// one reads a single row into the places, or returns store.ErrNotFound.
func (c *conn) one(ctx context.Context, text string, args []any, places ...any) error {
	found := false
	err := c.each(ctx, text, args, func() error {
		found = true
		return nil
	}, places...)
	if err == nil && !found {
		return store.ErrNotFound
	}
	return err
}

// each reads row after row into the places and calls fn after every one.
func (c *conn) each(ctx context.Context, text string, args []any, fn func() error, places ...any) (err error) {
	rows, err := c.query(ctx, text, args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return err
		}
		if err := fn(); err != nil {
			return err
		}
	}
	return rows.Err()
}

// query asks patiently: a reader meets other processes too, for instance one that
// opens the file first after a crash and puts its log in order.
func (c *conn) query(ctx context.Context, text string, args []any) (rows *sql.Rows, err error) {
	err = patiently(ctx, func() error {
		stmt, err := c.prepare(ctx, text)
		if err == nil {
			rows, err = stmt.QueryContext(ctx, args...)
		}
		return err
	})
	return rows, err
}

func (c *conn) close() error {
	var err error
	for _, stmt := range c.texts {
		err = errors.Join(err, stmt.Close())
	}
	return errors.Join(err, c.raw.Close())
}
