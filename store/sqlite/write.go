package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"docket/audit"
	"docket/model"
	"docket/store"
	"docket/store/internal/acts"
)

// change runs fn in a transaction of the writer, brings the counters up to date
// and tells the watchers.
func (s *Store) change(ctx context.Context, what string, fn func(*edit) error) error {
	return s.changeInTurn(ctx, what, toWrite, fn)
}

// changeLightly is change that does not wait for the disk; see store.Queue.
func (s *Store) changeLightly(ctx context.Context, what string, fn func(*edit) error) error {
	return s.changeInTurn(ctx, what, s.light, fn)
}

func (s *Store) changeInTurn(ctx context.Context, what string, how manner, fn func(*edit) error) error {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return s.told(what, ctx.Err())
	}
	return s.changeAtOnce(ctx, what, how, fn)
}

// changeNow is change for what somebody outside waits for: it goes before all that have
// not begun.
func (s *Store) changeNow(ctx context.Context, what string, fn func(*edit) error) error {
	return s.changeAtOnce(ctx, what, toWrite, fn)
}

func (s *Store) changeAtOnce(ctx context.Context, what string, how manner, fn func(*edit) error) error {
	e := &edit{ctx: ctx, now: s.now(), found: make(map[string]kept), blocks: make(map[int64]*packed), packAt: s.packAt}
	err := s.write.within(ctx, how, func(c *conn) error {
		e.conn = c
		if err := fn(e); err != nil {
			return err
		}
		if err := e.flush(); err != nil {
			return err
		}
		return e.count()
	})
	if err != nil {
		return s.told(what, err)
	}
	s.settler.wrote()
	if len(e.ids) > 0 || e.unnamed {
		s.news.Tell(e.ids...)
	}
	return nil
}

// edit is one transaction that changes rows: an acts.Tx.
type edit struct {
	*conn
	ctx     context.Context // of the call, which an edit does not outlive
	now     time.Time
	found   map[string]kept   // by id: what Find returned
	ids     []string          // what is told
	unnamed bool              // more changed than can be told
	delta   [1 + 9]int64      // by counter: all, then the views by bit
	blocks  map[int64]*packed // by at: what setNumbers looked at
	packAt  int64
}

// kept is a row with its place in the file.
type kept struct {
	rid   int64
	row   model.Row
	words string
}

// Now implements acts.Tx.
func (e *edit) Now() time.Time { return e.now }

// Hold implements acts.Tx: there is one writer, and this is it.
func (*edit) Hold(...string) error { return nil }

// Find implements acts.Tx.
func (e *edit) Find(id string) (model.Row, error) {
	var k kept
	var body sql.RawBytes
	err := e.each(e.ctx, "select rid, words, body from session where id = ?", []any{id}, func() (err error) {
		k.row, err = store.DecodeRow(body)
		return err
	}, &k.rid, &k.words, &body)
	if err == nil && k.rid == 0 {
		err = store.ErrNotFound
	}
	if err == nil {
		e.found[id] = k
	}
	return k.row, err
}

// placeColumns in the order of values.
var placeColumns = [...]string{
	"views", "due", "newest", "worst", "name", "device", "ip", "claimed_by", "claimed_until", "words",
}

func values(p *store.Place) [len(placeColumns)]any {
	return [...]any{p.Views, p.Due, p.Newest, p.Worst, p.Name, p.Device, p.IP, p.Claimer, p.Until, p.Words}
}

var insertSession = "insert into session (" + strings.Join(placeColumns[:], ", ") + ", id, body) values (" +
	strings.Repeat("?, ", len(placeColumns)+1) + "?)"

// Add implements acts.Tx.
func (e *edit) Add(r model.Row) error {
	p := store.PlaceOf(&r)
	values := values(&p)
	rid, err := e.insert(e.ctx, insertSession, append(values[:], r.ID, store.EncodeRow(&r))...)
	if err != nil {
		return err
	}
	if err := e.exec(e.ctx, "insert into search (rowid, words) values (?, ?)", rid, p.Words); err != nil {
		return err
	}
	if err := e.setNumbers(rid, numbers(&p)); err != nil { // the number of a row that left is given out again
		return err
	}
	if err := e.pack(rid); err != nil {
		return err
	}
	if err := e.setTags(rid, nil, r.Tags); err != nil {
		return err
	}
	e.note(r.ID, 0, p.Views, 1)
	return nil
}

// Replace implements acts.Tx. Only columns that differ are touched: each of them
// costs an index or more.
func (e *edit) Replace(r model.Row) error {
	old := e.found[r.ID]
	before, after := store.PlaceOf(&old.row), store.PlaceOf(&r)
	before.Words = old.words // as they are on disk, whatever wrote them
	text := "update session set body = ?"
	args := []any{store.EncodeRow(&r)}
	was, is := values(&before), values(&after)
	for i, column := range placeColumns {
		if was[i] != is[i] {
			text += ", " + column + " = ?"
			args = append(args, is[i])
		}
	}
	if err := e.exec(e.ctx, text+" where rid = ?", append(args, old.rid)...); err != nil {
		return err
	}
	if before.Words != after.Words {
		if err := e.reindex(old.rid, before.Words, after.Words); err != nil {
			return err
		}
	}
	if err := e.setNumbers(old.rid, numbers(&after)); err != nil {
		return err
	}
	if err := e.setTags(old.rid, old.row.Tags, r.Tags); err != nil {
		return err
	}
	e.note(r.ID, before.Views, after.Views, 0)
	return nil
}

// reindex gives a row other words in the search index. Of the words only those
// are written anew that begin like one that came or went: the index also holds the
// first letters of words, and a word that goes takes its letters along, though
// another word of the row may begin with them.
func (e *edit) reindex(rid int64, before, after string) error {
	was, is := strings.Fields(before), strings.Fields(after)
	moved := make(map[rune]bool)
	for _, pair := range [][2][]string{{was, is}, {is, was}} {
		kept := make(map[string]bool, len(pair[1]))
		for _, w := range pair[1] {
			kept[w] = true
		}
		for _, w := range pair[0] {
			if !kept[w] {
				moved[first(w)] = true
			}
		}
	}
	same := func(w string) bool { return !moved[first(w)] }
	was, is = slices.DeleteFunc(was, same), slices.DeleteFunc(is, same)
	err := e.exec(e.ctx, "insert into search (search, rowid, words) values ('delete', ?, ?)", rid, strings.Join(was, " "))
	if err == nil {
		err = e.exec(e.ctx, "insert into search (rowid, words) values (?, ?)", rid, strings.Join(is, " "))
	}
	return err
}

func first(word string) rune {
	r, _ := utf8.DecodeRuneInString(word)
	return r
}

// setTags brings the table of tags up to date.
func (e *edit) setTags(rid int64, before, after []string) error {
	for _, tag := range before {
		if err := e.exec(e.ctx, "delete from tag where tag = ? and rid = ?", tag, rid); err != nil {
			return err
		}
	}
	for _, tag := range after {
		if err := e.exec(e.ctx, "insert into tag (tag, rid) values (?, ?)", tag, rid); err != nil {
			return err
		}
	}
	return nil
}

// note remembers that a row changed, for the counters and the watchers.
func (e *edit) note(id string, before, after, rows int64) {
	e.ids = append(e.ids, id)
	e.delta[0] += rows
	for bit := range store.StoredViews() {
		e.delta[bit+1] += after>>bit&1 - before>>bit&1
	}
}

// count writes what note collected.
func (e *edit) count() error {
	views := append([]model.View{model.ViewAll}, store.StoredViews()...)
	for i, v := range views {
		if e.delta[i] == 0 {
			continue
		}
		if err := e.exec(e.ctx, "update counter set n = n + ? where view = ?", e.delta[i], string(v)); err != nil {
			return err
		}
	}
	return nil
}

// Upsert adds rows or merges them into what is known (store.Merge).
func (s *Store) Upsert(ctx context.Context, rows ...model.Row) error {
	if len(rows) == 0 {
		return nil
	}
	return s.change(ctx, "keep sessions", func(e *edit) error { return acts.Upsert(e, rows) })
}

// Intend records that an action is about to be sent.
func (s *Store) Intend(ctx context.Context, p model.Pending, since time.Time, log []audit.Entry, rows ...model.Row) error {
	return s.change(ctx, "keep an intent", func(e *edit) error { return acts.Intend(e, p, since, log, rows) })
}

// Conclude ends a pending action.
func (s *Store) Conclude(ctx context.Context, id string, p model.Pending, at time.Time, log ...audit.Entry) error {
	left := false
	err := s.change(ctx, "keep an outcome", func(e *edit) (err error) {
		left, err = acts.Conclude(e, id, p, at, log)
		return err
	})
	if err == nil && left {
		return s.scrub(ctx)
	}
	return err
}

// Noted implements acts.Tx.
func (e *edit) Noted(id string) (noted bool, err error) {
	err = e.one(e.ctx, "select exists (select 1 from note where rid = ?)", []any{e.found[id].rid}, &noted)
	return noted, err
}

// GuestLeaves implements acts.Tx.
func (e *edit) GuestLeaves(at time.Time) error {
	was, err := e.GuestLeft()
	if err != nil || !at.After(was) {
		return err
	}
	return e.setMeta(metaGuestLeft, strconv.FormatInt(store.Micros(at), 10))
}

// GuestLeft implements acts.Tx.
func (e *edit) GuestLeft() (time.Time, error) {
	var at int64
	err := e.one(e.ctx, "select cast(value as integer) from meta where name = ?", []any{metaGuestLeft}, &at)
	if errors.Is(err, store.ErrNotFound) {
		return time.Time{}, nil
	}
	return store.FromMicros(at), err
}

// What is kept of the whole inbox.
const (
	metaOrigin    = "origin"
	metaGuestLeft = "guest left"
)

func (e *edit) setMeta(name, value string) error {
	return e.exec(e.ctx, "insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value", name, value)
}

// meta returns what is kept under a name; empty: nothing.
func (c *conn) meta(ctx context.Context, name string) (value string, err error) {
	err = c.one(ctx, "select value from meta where name = ?", []any{name}, &value)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return value, err
}

// Remove implements acts.Tx: it takes out all that hangs on the row too.
func (e *edit) Remove(id string) error {
	k := e.found[id]
	if err := e.exec(e.ctx, "insert into search (search, rowid, words) values ('delete', ?, ?)", k.rid, k.words); err != nil {
		return err
	}
	if err := e.exec(e.ctx, "delete from session where rid = ?", k.rid); err != nil {
		return err
	}
	if err := e.setNumbers(k.rid, [kinds]uint64{}); err != nil {
		return err
	}
	e.note(id, store.Mask(&k.row), 0, -1)
	return nil
}

// Bind says for which API the inbox is to be used.
func (s *Store) Bind(ctx context.Context, origin string) error {
	origin = store.BoundTo(origin)
	bound, err := s.boundTo(ctx)
	if err != nil || bound == origin {
		return err
	}
	return s.change(ctx, "bind the inbox to its API", func(e *edit) error {
		var rows int64
		if err := e.one(e.ctx, "select n from counter where view = ?", []any{string(model.ViewAll)}, &rows); err != nil {
			return err
		}
		if rows > 0 && bound != "" {
			return model.NewProblem(model.KindUsage, "This inbox holds sessions of another API ("+bound+"), not of "+origin, s.path,
				"give each API an inbox of its own: --store sqlite:PATH, or store in its profile")
		}
		return e.setMeta(metaOrigin, origin)
	})
}

// boundTo returns the origin that the inbox is bound to; empty: none.
func (s *Store) boundTo(ctx context.Context) (origin string, err error) {
	err = s.read.do(ctx, func(c *conn) (err error) {
		origin, err = c.meta(ctx, metaOrigin)
		return err
	})
	return origin, s.told("read the inbox", err)
}

// SetTags replaces the tags of a session.
func (s *Store) SetTags(ctx context.Context, id string, tags []string) error {
	return s.change(ctx, "keep tags", func(e *edit) error { return acts.SetTags(e, id, tags) })
}

// AddNote keeps a remark. Its ID is given here, its time when it has none.
func (s *Store) AddNote(ctx context.Context, id string, n model.Note) error {
	return s.change(ctx, "keep a note", func(e *edit) error {
		if _, err := e.Find(id); err != nil {
			return fmt.Errorf("%q: %w", id, err)
		}
		if n.At.IsZero() {
			n.At = e.now
		}
		e.ids = append(e.ids, id)
		return e.addNote(id, n)
	})
}

// addNote adds a note to a row that was found.
func (e *edit) addNote(id string, n model.Note) error {
	seen, err := store.EncodeEvidence(n.Evidence)
	if err != nil {
		return err
	}
	return e.exec(e.ctx, "insert into note (rid, by, at, text, evidence, salt) values (?, ?, ?, ?, ?, ?)", e.found[id].rid, n.By, store.Micros(n.At), n.Text, seen, n.Salt)
}

// Forget erases everything personal of a session (store.Forgotten), from the file
// and its log too: SQLite overwrites what it deletes, and the log is emptied.
func (s *Store) Forget(ctx context.Context, id string, log ...audit.Entry) error {
	err := s.change(ctx, "forget a session", func(e *edit) error { return acts.Forget(e, id, log) })
	if err != nil {
		return err
	}
	return s.scrub(ctx)
}

// Erase implements acts.Tx.
func (e *edit) Erase(r model.Row) (erased store.Erased, err error) {
	for _, what := range []struct {
		from string
		of   any
		n    *int
	}{
		{"note where rid = ?", e.found[r.ID].rid, &erased.Notes},
		{"case_file where id = ?", r.ID, &erased.CaseFiles},
		{"result where customer = ? and customer <> ''", r.CustomerID, &erased.Results},
		{"ticket where id = ?", r.ID, new(int)},
		{"job where key = ?", r.ID, new(int)},
	} {
		err := e.one(e.ctx, "select count(*) from "+what.from, []any{what.of}, what.n)
		if err == nil && *what.n > 0 {
			err = e.exec(e.ctx, "delete from "+what.from, what.of)
		}
		if err != nil {
			return erased, err
		}
	}
	return erased, e.eraseQueued(r)
}

// eraseQueued takes out what waits in the queue and names a session or its customer.
func (e *edit) eraseQueued(r model.Row) error {
	for _, named := range store.Naming(r) {
		if err := e.exec(e.ctx, "delete from delivery where instr(body, ?) > 0", named); err != nil {
			return err
		}
		err := e.exec(e.ctx, "delete from job where kind in (?, ?) and instr(body, ?) > 0", store.JobNotify, store.JobWebhook, named)
		if err != nil {
			return err
		}
	}
	return nil
}

// scrub moves the log into the file and empties it, as soon as nobody looks at the
// old state any more.
func (s *Store) scrub(ctx context.Context) error {
	err := s.write.do(ctx, func(c *conn) error {
		return patiently(ctx, func() error {
			var busy, frames, moved int64
			err := c.one(ctx, "pragma wal_checkpoint(truncate)", nil, &busy, &frames, &moved)
			if err == nil && busy != 0 {
				err = errStillRead
			}
			return err
		})
	})
	if err != nil {
		return problem("The session was erased, but what it was is still in the inbox's log", s.path+"-wal",
			"close other docket processes that use this inbox, then open the session again", err)
	}
	return nil
}
