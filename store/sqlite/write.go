package sqlite

import (
	"cmp"
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
)

// change runs fn in a transaction of the writer, brings the counters up to date
// and tells the watchers.
func (s *Store) change(ctx context.Context, what string, fn func(*edit) error) error {
	e := &edit{ctx: ctx, now: s.now()}
	err := s.write.within(ctx, toWrite, func(c *conn) error {
		e.conn = c
		if err := fn(e); err != nil {
			return err
		}
		return e.count()
	})
	if err != nil {
		return s.told(what, err)
	}
	if len(e.ids) > 0 {
		s.news.tell(e.ids...)
	}
	return nil
}

// edit is one transaction that changes rows.
type edit struct {
	*conn
	ctx   context.Context // of the call, which an edit does not outlive
	now   time.Time
	ids   []string
	delta [1 + 9]int64 // by counter: all, then the views by bit
}

// kept is a row with its place in the file.
type kept struct {
	rid   int64
	row   model.Row
	words string
}

// find returns the row with the id, or store.ErrNotFound.
func (e *edit) find(id string) (kept, error) {
	var k kept
	var body sql.RawBytes
	err := e.each(e.ctx, "select rid, words, body from session where id = ?", []any{id}, func() (err error) {
		k.row, err = store.DecodeRow(body)
		return err
	}, &k.rid, &k.words, &body)
	if err == nil && k.rid == 0 {
		err = store.ErrNotFound
	}
	return k, err
}

// place is what a row is searched and sorted by.
type place struct {
	views, due, newest, worst int64
	name, device, ip, claimer string
	until                     int64
	words                     string
}

func placeOf(r *model.Row) place {
	k := store.KeysOf(r)
	return place{
		views: store.Mask(r), due: k.Due, newest: k.Newest, worst: k.Worst, name: k.Name,
		device: r.DeviceHash.Reveal(), ip: r.IP.Reveal(), claimer: r.ClaimedBy, until: store.Micros(r.ClaimedUntil),
		words: store.Tokens(r),
	}
}

// placeColumns in the order of values.
var placeColumns = [...]string{
	"views", "due", "newest", "worst", "name", "device", "ip", "claimed_by", "claimed_until", "words",
}

func (p *place) values() [len(placeColumns)]any {
	return [...]any{p.views, p.due, p.newest, p.worst, p.name, p.device, p.ip, p.claimer, p.until, p.words}
}

var insertSession = "insert into session (" + strings.Join(placeColumns[:], ", ") + ", id, body) values (" +
	strings.Repeat("?, ", len(placeColumns)+1) + "?)"

// add keeps a row that is new.
func (e *edit) add(r model.Row) error {
	p := placeOf(&r)
	values := p.values()
	rid, err := e.insert(e.ctx, insertSession, append(values[:], r.ID, store.EncodeRow(&r))...)
	if err != nil {
		return err
	}
	if err := e.exec(e.ctx, "insert into search (rowid, words) values (?, ?)", rid, p.words); err != nil {
		return err
	}
	if err := e.setTags(rid, nil, r.Tags); err != nil {
		return err
	}
	e.note(r.ID, 0, p.views, 1)
	return nil
}

// replace writes a row over the one that is kept. Only columns that differ are
// touched: each of them costs an index or more.
func (e *edit) replace(old kept, r model.Row) error {
	before, after := placeOf(&old.row), placeOf(&r)
	before.words = old.words // as they are on disk, whatever wrote them
	text := "update session set body = ?"
	args := []any{store.EncodeRow(&r)}
	was, is := before.values(), after.values()
	for i, column := range placeColumns {
		if was[i] != is[i] {
			text += ", " + column + " = ?"
			args = append(args, is[i])
		}
	}
	if err := e.exec(e.ctx, text+" where rid = ?", append(args, old.rid)...); err != nil {
		return err
	}
	if before.words != after.words {
		if err := e.reindex(old.rid, before.words, after.words); err != nil {
			return err
		}
	}
	if err := e.setTags(old.rid, old.row.Tags, r.Tags); err != nil {
		return err
	}
	e.note(r.ID, before.views, after.views, 0)
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
	return s.change(ctx, "keep sessions", func(e *edit) error {
		for _, r := range rows {
			if err := e.upsert(r); err != nil {
				return err
			}
		}
		return nil
	})
}

func (e *edit) upsert(r model.Row) error {
	if r.ID == "" {
		return model.NewProblem(model.KindUsage, "A session without an interview id cannot be kept", "", "give its id")
	}
	old, err := e.find(r.ID)
	if errors.Is(err, store.ErrNotFound) {
		return e.add(store.Fresh(r, e.now))
	}
	if err != nil {
		return err
	}
	if merged, changed := store.Merge(old.row, r, e.now); changed {
		return e.replace(old, merged)
	}
	return nil
}

// edit changes one row that must be there.
func (s *Store) edit(ctx context.Context, what, id string, fn func(*edit, kept) error) error {
	return s.change(ctx, what, func(e *edit) error {
		k, err := e.find(id)
		if err != nil {
			return fmt.Errorf("%q: %w", id, err)
		}
		return fn(e, k)
	})
}

// Intend records that an action is about to be sent.
func (s *Store) Intend(ctx context.Context, p model.Pending, since time.Time, log []audit.Entry, rows ...model.Row) error {
	return s.change(ctx, "keep an intent", func(e *edit) error {
		if err := e.log(log); err != nil {
			return err
		}
		for _, r := range rows {
			if err := e.intend(p, since, r); err != nil {
				return fmt.Errorf("%q: %w", r.ID, err)
			}
		}
		return nil
	})
}

func (e *edit) intend(p model.Pending, since time.Time, r model.Row) error {
	k, err := e.find(r.ID)
	if errors.Is(err, store.ErrNotFound) && p.Confirms != "" {
		return store.ErrNoProposal
	}
	if errors.Is(err, store.ErrNotFound) {
		if left, err := e.guestLeft(); err != nil || left.After(since) {
			return cmp.Or(err, store.ErrActed)
		}
		p.Guest = true
		r.Pending = &p
		return e.add(store.Fresh(r, e.now))
	}
	if err != nil {
		return err
	}
	intended, err := store.Intended(k.row, p, since)
	if err != nil {
		return err
	}
	return e.replace(k, intended)
}

// Conclude ends a pending action.
func (s *Store) Conclude(ctx context.Context, id string, p model.Pending, at time.Time, log ...audit.Entry) error {
	left := false
	err := s.change(ctx, "keep an outcome", func(e *edit) error {
		if err := e.log(log); err != nil {
			return err
		}
		k, err := e.find(id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		r, ok := store.Concluded(k.row, p, at)
		if !ok {
			return nil
		}
		if k.row.Pending.Guest && len(r.Tags) == 0 {
			var notes int
			if err := e.one(e.ctx, "select count(*) from note where rid = ?", []any{k.rid}, &notes); err != nil {
				return err
			}
			if left = notes == 0; left {
				return e.leave(k, at)
			}
		}
		return e.replace(k, r)
	})
	if err == nil && left {
		return s.scrub(ctx)
	}
	return err
}

// leave takes a guest out and remembers when.
func (e *edit) leave(k kept, at time.Time) error {
	was, err := e.guestLeft()
	if err == nil && at.After(was) {
		err = e.setMeta(metaGuestLeft, strconv.FormatInt(store.Micros(at), 10))
	}
	if err != nil {
		return err
	}
	return e.remove(k)
}

// guestLeft returns when the last guest left; the zero time if none did.
func (e *edit) guestLeft() (time.Time, error) {
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

// remove takes a row out, with all that hangs on it.
func (e *edit) remove(k kept) error {
	if err := e.exec(e.ctx, "insert into search (search, rowid, words) values ('delete', ?, ?)", k.rid, k.words); err != nil {
		return err
	}
	if err := e.exec(e.ctx, "delete from session where rid = ?", k.rid); err != nil {
		return err
	}
	e.note(k.row.ID, store.Mask(&k.row), 0, -1)
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
	return s.edit(ctx, "keep tags", id, func(e *edit, k kept) error {
		r := k.row
		r.Tags = store.Tags(tags)
		return e.replace(k, r)
	})
}

// AddNote keeps a remark. Its ID is given here, its time when it has none.
func (s *Store) AddNote(ctx context.Context, id string, n model.Note) error {
	return s.edit(ctx, "keep a note", id, func(e *edit, k kept) error {
		if n.At.IsZero() {
			n.At = e.now
		}
		e.ids = append(e.ids, id)
		seen, err := store.EncodeEvidence(n.Evidence)
		if err != nil {
			return err
		}
		return e.exec(e.ctx, "insert into note (rid, by, at, text, evidence, salt) values (?, ?, ?, ?, ?, ?)", k.rid, n.By, store.Micros(n.At), n.Text, seen, n.Salt)
	})
}

// Forget erases everything personal of a session (store.Forgotten), from the file
// and its log too: SQLite overwrites what it deletes, and the log is emptied.
func (s *Store) Forget(ctx context.Context, id string, log ...audit.Entry) error {
	err := s.edit(ctx, "forget a session", id, func(e *edit, k kept) error {
		erased, err := e.erase(k)
		if err != nil {
			return err
		}
		entries := slices.Clone(log)
		for i := range entries {
			entries[i].Detail = strings.TrimSuffix(erased.String()+", "+entries[i].Detail, ", ")
		}
		if err := e.log(entries); err != nil {
			return err
		}
		return e.replace(k, store.Forgotten(k.row, e.now))
	})
	if err != nil {
		return err
	}
	return s.scrub(ctx)
}

// erase takes out what hangs on a row and is about the person.
func (e *edit) erase(k kept) (erased store.Erased, err error) {
	for _, what := range []struct {
		from string
		of   any
		n    *int
	}{{"note where rid = ?", k.rid, &erased.Notes}, {"case_file where id = ?", k.row.ID, &erased.CaseFiles}} {
		err := e.one(e.ctx, "select count(*) from "+what.from, []any{what.of}, what.n)
		if err == nil {
			err = e.exec(e.ctx, "delete from "+what.from, what.of)
		}
		if err != nil {
			return erased, err
		}
	}
	if err := e.exec(e.ctx, "delete from ticket where id = ?", k.row.ID); err != nil {
		return erased, err
	}
	return erased, e.exec(e.ctx, "delete from job where key = ?", k.row.ID)
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
