package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/audit"
	"docket/model"
	"docket/store"
	"docket/store/internal/acts"
)

// change runs fn in a transaction and tells the watchers, here and elsewhere.
func (s *Store) change(ctx context.Context, what string, how manner, fn func(*edit) error) error {
	return s.changeWithin(ctx, what, how, s.write, fn)
}

func (s *Store) changeWithin(ctx context.Context, what string, how manner, limit time.Duration, fn func(*edit) error) error {
	var e *edit
	err := s.writing(ctx, how, limit, func(tx pgx.Tx) error {
		e = &edit{ctx: ctx, Tx: tx, now: s.now(), rows: make(map[string]*cell), jobs: make(map[string]*jobCell), hashes: make(hashes)}
		if err := fn(e); err != nil {
			return err
		}
		return e.finish(s.news)
	})
	if err != nil {
		return s.told(what, err)
	}
	if len(e.ids) > 0 || e.unnamed {
		s.news.Tell(e.ids...)
	}
	return nil
}

// edit is one transaction that changes rows: an acts.QueueTx. What it changes of
// sessions, jobs and the log is written at its end, in as few steps as there can be.
type edit struct {
	pgx.Tx
	ctx    context.Context // of the call, which an edit does not outlive
	now    time.Time
	rows   map[string]*cell    // sessions that were looked for, by id
	jobs   map[string]*jobCell // jobs that were looked for
	log    []audit.Entry
	hashes hashes
	pending
	ids     []string // what is told
	unnamed bool     // more changed than can be told
}

// cell is a session before and after; nil: it is not there.
type cell struct {
	was, is *model.Row
	changed bool
}

var _ acts.QueueTx = (*edit)(nil)

// Now implements acts.Tx.
func (e *edit) Now() time.Time { return e.now }

// Hold implements acts.Tx.
func (e *edit) Hold(ids ...string) error {
	var asked []string
	for _, id := range ids {
		if e.rows[id] == nil {
			e.rows[id] = &cell{}
			asked = append(asked, id)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	var body []byte
	return each(e.ctx, e, "select body from session where id = any($1) order by id for update", []any{keyedAll(asked)}, func() error {
		r, err := store.DecodeRow(body)
		if err != nil {
			return err
		}
		e.rows[r.ID] = &cell{was: &r, is: &r}
		return nil
	}, &body)
}

// Find implements acts.Tx.
func (e *edit) Find(id string) (model.Row, error) {
	if err := e.Hold(id); err != nil {
		return model.Row{}, err
	}
	if r := e.rows[id].is; r != nil {
		return *r, nil
	}
	return model.Row{}, store.ErrNotFound
}

// Add implements acts.Tx.
func (e *edit) Add(r model.Row) error { return e.put(r.ID, &r) }

// Replace implements acts.Tx.
func (e *edit) Replace(r model.Row) error { return e.put(r.ID, &r) }

// Remove implements acts.Tx.
func (e *edit) Remove(id string) error { return e.put(id, nil) }

func (e *edit) put(id string, r *model.Row) error {
	c := e.rows[id]
	c.is, c.changed = r, true
	return nil
}

// Log implements acts.Tx. The entries are written at the end.
func (e *edit) Log(entries []audit.Entry) error {
	e.log = append(e.log, entries...)
	return acts.Logged(e, e.now, e.log[len(e.log)-len(entries):])
}

// do runs a statement at once.
func (e *edit) do(text string, args ...any) error {
	_, err := e.Exec(e.ctx, text, args...)
	return err
}

// Noted implements acts.Tx.
func (e *edit) Noted(id string) (noted bool, err error) {
	err = one(e.ctx, e, "select exists (select 1 from note where session = $1)", []any{keyed(id)}, &noted)
	return noted, err
}

// Erase implements acts.Tx.
func (e *edit) Erase(r model.Row) (erased store.Erased, err error) {
	for _, what := range []struct {
		text, of string
		n        *int
	}{
		{"delete from note where session = $1", keyed(r.ID), &erased.Notes},
		{"delete from case_file where session = $1", keyed(r.ID), &erased.CaseFiles},
		{"delete from ticket where session = $1", keyed(r.ID), new(int)},
		{"delete from result where customer = $1 and customer <> ''", safe(r.CustomerID), &erased.Results},
	} {
		done, err := e.Exec(e.ctx, what.text, what.of)
		if err != nil {
			return erased, err
		}
		*what.n = int(done.RowsAffected())
	}
	return erased, e.eraseQueued(r)
}

// eraseQueued takes out what waits in the queue for a session, or names it or its
// customer. Deliveries are locked before sessions elsewhere: one that somebody is
// placing right now is passed over, and comes to a row that is erased.
func (e *edit) eraseQueued(r model.Row) error {
	var planned []string
	for _, kind := range []store.JobKind{store.JobLookUp, store.JobNotify, store.JobEnroll, store.JobWebhook} {
		planned = append(planned, jobID(kind, r.ID))
	}
	kinds := []string{string(store.JobNotify), string(store.JobWebhook)}
	names := store.Naming(r)
	err := e.do("delete from job where id in (select id from job where id = any($1) or kind = any($2) "+
		"and exists (select 1 from unnest($3::bytea[]) as n (name) where position(n.name in body) > 0) order by id for update)", planned, kinds, names)
	if err != nil {
		return err
	}
	return e.do("delete from delivery where seq in (select seq from delivery "+
		"where exists (select 1 from unnest($1::bytea[]) as n (name) where position(n.name in body) > 0) order by seq for update skip locked)", names)
}

// What is kept of the whole inbox.
const (
	metaOrigin    = "origin"
	metaGuestLeft = "guest left"
	metaLast      = "last webhook"
)

const writeMeta = "insert into meta (name, value) values ($1, $2) on conflict (name) do update set value = "

// setMeta keeps a value under a name.
func (e *edit) setMeta(name, value string) error {
	return e.do(writeMeta+"excluded.value", safe(name), safe(value))
}

// laterMeta keeps a time under a name, unless a later one is there.
const laterMeta = writeMeta + "greatest(meta.value::bigint, excluded.value::bigint)::text"

func later(at time.Time) string { return strconv.FormatInt(store.Micros(at), 10) }

// meta returns what is kept under a name; "": nothing.
func meta(ctx context.Context, tx pgx.Tx, name string) (value string, err error) {
	err = one(ctx, tx, "select coalesce((select value from meta where name = $1), '')", []any{safe(name)}, &value)
	return plain(value), err
}

// metaTime returns the time that is kept under a name; the zero time: none.
func metaTime(ctx context.Context, tx pgx.Tx, name string) (time.Time, error) {
	text, err := meta(ctx, tx, name)
	if err != nil || text == "" {
		return time.Time{}, err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("%w: a time of the inbox (%s)", store.ErrDamaged, name)
	}
	return store.FromMicros(n), nil
}

// GuestLeft implements acts.Tx.
func (e *edit) GuestLeft() (time.Time, error) { return metaTime(e.ctx, e, metaGuestLeft) }

// GuestLeaves implements acts.Tx.
func (e *edit) GuestLeaves(at time.Time) error { return e.do(laterMeta, metaGuestLeft, later(at)) }

// finish writes what is left to be written.
func (e *edit) finish(n *notices) error {
	b := &pgx.Batch{}
	delta := e.writeRows(b)
	e.writeJobs(b)
	e.write(b)
	if len(e.log) > 0 {
		if err := e.send(b); err != nil {
			return err
		}
		b = &pgx.Batch{}
		if err := e.appendLog(b); err != nil {
			return err
		}
	}
	if !e.last.IsZero() {
		b.Queue(laterMeta, metaLast, later(e.last))
	}
	if slices.ContainsFunc(delta, func(n int64) bool { return n != 0 }) {
		b.Queue(count, anys(delta)...)
	}
	for _, text := range n.notes(e.ids, e.unnamed) {
		b.Queue("select pg_notify($1, $2)", n.channel, text)
	}
	return e.send(b)
}

func (e *edit) send(b *pgx.Batch) error {
	if b.Len() == 0 {
		return nil
	}
	return e.SendBatch(e.ctx, b).Close()
}

// columns of a session, in the order of values.
var columns = [...]string{
	"views", "due", "newest", "worst", "name", "device", "ip", "claimed_by", "claimed_until", "body", "words", "id",
}

func values(r *model.Row) []any {
	p := store.PlaceOf(r)
	return []any{
		p.Views, p.Due, p.Newest, p.Worst, safe(p.Name), keyed(p.Device), keyed(p.IP), keyed(p.Claimer), p.Until, store.EncodeRow(r),
		lexemes(&p), keyed(r.ID),
	}
}

// Statements that write sessions.
var (
	insertSession = "insert into session (" + strings.Join(columns[:], ", ") + ") values " + places
	updateSession = "update session set (" + strings.Join(columns[:len(columns)-1], ", ") + ") = " +
		strings.TrimSuffix(places, ", $12)") + ") where id = $12"
)

const places = "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, array_to_tsvector(string_to_array($11, ' ')), $12)"

// writeRows queues what changed of sessions, in the order of their ids, and returns
// by how much the counters move: all, then the views by bit.
func (e *edit) writeRows(b *pgx.Batch) []int64 {
	delta := make([]int64, 1+len(store.StoredViews()))
	for _, id := range slices.Sorted(maps.Keys(e.rows)) {
		c := e.rows[id]
		if !c.changed || c.was == nil && c.is == nil {
			continue
		}
		switch {
		case c.was == nil:
			b.Queue(insertSession, values(c.is)...)
		case c.is == nil:
			b.Queue("delete from session where id = $1", keyed(id))
		default:
			b.Queue(updateSession, values(c.is)...)
		}
		writeTags(b, id, c)
		counted(delta, c.was, -1)
		counted(delta, c.is, 1)
		e.ids = append(e.ids, id)
	}
	return delta
}

func counted(delta []int64, r *model.Row, by int64) {
	if r == nil {
		return
	}
	delta[0] += by
	for bit, mask := 0, store.Mask(r); bit < len(delta)-1; bit++ {
		delta[bit+1] += by * (mask >> bit & 1)
	}
}

// writeTags queues what changed of the tags of a session; those of one that goes go
// with it.
func writeTags(b *pgx.Batch, id string, c *cell) {
	var was []string
	if c.was != nil {
		was = c.was.Tags
	}
	if c.is == nil || slices.Equal(was, c.is.Tags) {
		return
	}
	b.Queue("delete from tag where session = $1", keyed(id))
	for _, tag := range c.is.Tags {
		b.Queue("insert into tag (session, tag) values ($1, $2)", keyed(id), safe(tag))
	}
}

// counters are the columns of the table of counters: all rows, then the views by bit.
var counters = func() []string {
	all := []string{"all_rows"}
	for _, v := range store.StoredViews() {
		all = append(all, string(v))
	}
	return all
}()

// count adds to a slot of the counters that nobody else is at, or to a new one.
var count = func() string {
	var sums, args []string
	for i, name := range counters {
		sums = append(sums, fmt.Sprintf("%s = counter.%s + $%d", name, name, i+1))
		args = append(args, fmt.Sprintf("$%d::bigint", i+1))
	}
	return "with free as (select slot from counter limit 1 for update skip locked), " +
		"used as (update counter set " + strings.Join(sums, ", ") + " from free where counter.slot = free.slot returning 1) " +
		"insert into counter (" + strings.Join(counters, ", ") + ") select " + strings.Join(args, ", ") + " where not exists (select 1 from used)"
}()

func anys(numbers []int64) []any {
	all := make([]any, len(numbers))
	for i, n := range numbers {
		all[i] = n
	}
	return all
}
