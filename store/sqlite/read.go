package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"docket/model"
	"docket/store"
)

// Get returns one row.
func (s *Store) Get(ctx context.Context, id string) (model.Row, error) {
	rows, err := s.rows(ctx, "select body from session where id = ?", id)
	if err == nil && len(rows) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return model.Row{}, s.told(fmt.Sprintf("session %q", id), err)
	}
	return rows[0], nil
}

// rows reads the rows that a statement selects the bodies of.
func (s *Store) rows(ctx context.Context, text string, args ...any) (rows []model.Row, err error) {
	err = s.read.do(ctx, func(c *conn) error {
		rows, err = c.bodies(ctx, text, args...)
		return err
	})
	return rows, err
}

func (c *conn) bodies(ctx context.Context, text string, args ...any) ([]model.Row, error) {
	var rows []model.Row
	var body sql.RawBytes
	err := c.each(ctx, text, args, func() error {
		r, err := store.DecodeRow(body)
		rows = append(rows, r)
		return err
	}, &body)
	return rows, err
}

// Has says which of the ids the inbox holds.
func (s *Store) Has(ctx context.Context, ids ...string) (map[string]bool, error) {
	has := make(map[string]bool, len(ids))
	err := s.read.within(ctx, toRead, func(c *conn) error {
		for _, id := range ids {
			var found bool
			if err := c.one(ctx, "select exists (select 1 from session where id = ?)", []any{id}, &found); err != nil {
				return err
			}
			has[id] = found
		}
		return nil
	})
	if err != nil {
		return nil, s.told("look for sessions", err)
	}
	return has, nil
}

// Counts returns how many rows each view holds.
func (s *Store) Counts(ctx context.Context, who string, now time.Time) (model.Counts, error) {
	counts := make(model.Counts, len(store.StoredViews())+2)
	err := s.read.within(ctx, toRead, func(c *conn) error {
		var view string
		var n int64
		err := c.each(ctx, "select view, n from counter", nil, func() error {
			counts[model.View(view)] = n
			return nil
		}, &view, &n)
		if err != nil {
			return err
		}
		counts[model.ViewMine] = 0
		if who == "" {
			return nil
		}
		err = c.one(ctx, "select count(*) from session where claimed_by <> '' and claimed_by = ? and claimed_until > ?",
			[]any{who, store.Micros(now)}, &n)
		counts[model.ViewMine] = n
		return err
	})
	if err != nil {
		return nil, s.told("count sessions", err)
	}
	return counts, nil
}

// Alike returns rows with the same device hash or the same IP address.
func (s *Store) Alike(ctx context.Context, id string, limit int) (device, ip []model.Row, err error) {
	err = s.read.within(ctx, toRead, func(c *conn) error {
		rows, err := c.bodies(ctx, "select body from session where id = ?", id)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return store.ErrNotFound
		}
		if device, err = c.alike(ctx, "device", rows[0].DeviceHash, id, limit); err != nil {
			return err
		}
		ip, err = c.alike(ctx, "ip", rows[0].IP, id, limit)
		return err
	})
	if err != nil {
		return nil, nil, s.told(fmt.Sprintf("sessions like %q", id), err)
	}
	return device, ip, nil
}

func (c *conn) alike(ctx context.Context, column string, value model.Personal, id string, limit int) ([]model.Row, error) {
	if value.Empty() {
		return nil, nil
	}
	return c.bodies(ctx, "select body from session where "+column+" <> '' and "+column+
		" = ? and id <> ? order by newest, id limit ?", value.Reveal(), id, store.Limit(limit))
}

// Notes returns the remarks about a session, oldest first.
func (s *Store) Notes(ctx context.Context, id string) ([]model.Note, error) {
	var notes []model.Note
	err := s.read.within(ctx, toRead, func(c *conn) error {
		var rid int64
		if err := c.one(ctx, "select rid from session where id = ?", []any{id}, &rid); err != nil {
			return err
		}
		var n model.Note
		var at int64
		var seen string
		return c.each(ctx, "select id, by, at, text, evidence, salt from note where rid = ? order by id", []any{rid}, func() error {
			var err error
			n.At = store.FromMicros(at)
			n.Evidence, err = store.DecodeEvidence(seen)
			notes = append(notes, n)
			return err
		}, &n.ID, &n.By, &at, &n.Text, &seen, &n.Salt)
	})
	if err != nil {
		return nil, s.told(fmt.Sprintf("notes of %q", id), err)
	}
	return notes, nil
}

// Tags returns every tag in use with the number of its sessions.
func (s *Store) Tags(ctx context.Context) (map[string]int64, error) {
	tags := make(map[string]int64)
	err := s.read.do(ctx, func(c *conn) error {
		var tag string
		var n int64
		return c.each(ctx, "select tag, count(*) from tag group by tag", nil, func() error {
			tags[tag] = n
			return nil
		}, &tag, &n)
	})
	if err != nil {
		return nil, s.told("count tags", err)
	}
	return tags, nil
}

// Aged counts rows of a view by since when they wait, in one statement: as they are
// at one moment.
func (s *Store) Aged(ctx context.Context, v model.View, times ...time.Time) ([]int64, error) {
	bit := slices.Index(store.StoredViews(), v)
	if bit < 0 {
		return nil, s.told("count what waits", fmt.Errorf("the view %q is not one that is stored", v))
	}
	view := fmt.Sprintf("(select count(*) from session indexed by session_due_%s where views & %d", v, 1<<bit)
	var parts []string
	var args, to []any
	counts := make([]int64, len(times)+1)
	for i := range counts {
		part := view
		if i > 0 {
			part += " and due >= ?"
			args = append(args, store.Micros(times[i-1]))
		}
		if i < len(times) {
			part += " and due < ?"
			args = append(args, store.Micros(times[i]))
		}
		parts, to = append(parts, part+")"), append(to, &counts[i])
	}
	err := s.read.within(ctx, toRead, func(c *conn) error {
		return c.one(ctx, "select "+strings.Join(parts, ", "), args, to...)
	})
	if err != nil {
		return nil, s.told("count what waits", err)
	}
	return counts, nil
}
