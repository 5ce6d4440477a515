package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/model"
	"docket/store"
)

// bodies reads the rows that a statement selects the bodies of.
func bodies(ctx context.Context, tx pgx.Tx, text string, args ...any) (rows []model.Row, err error) {
	var body []byte
	err = each(ctx, tx, text, args, func() error {
		r, err := store.DecodeRow(body)
		rows = append(rows, r)
		return err
	}, &body)
	return rows, err
}

// get returns one row, or store.ErrNotFound.
func get(ctx context.Context, tx pgx.Tx, id string) (model.Row, error) {
	rows, err := bodies(ctx, tx, "select body from session where id = $1", keyed(id))
	if err != nil {
		return model.Row{}, err
	}
	if len(rows) == 0 {
		return model.Row{}, store.ErrNotFound
	}
	return rows[0], nil
}

// Get returns one row.
func (s *Store) Get(ctx context.Context, id string) (r model.Row, err error) {
	err = s.reading(ctx, fmt.Sprintf("session %q", id), func(tx pgx.Tx) (err error) {
		r, err = get(ctx, tx, id)
		return err
	})
	return r, err
}

// Has says which of the ids the inbox holds.
func (s *Store) Has(ctx context.Context, ids ...string) (map[string]bool, error) {
	has := make(map[string]bool, len(ids))
	keys := keyedAll(ids)
	err := s.reading(ctx, "look for sessions", func(tx pgx.Tx) error {
		found := make(map[string]bool, len(ids))
		var key string
		err := each(ctx, tx, "select id from session where id = any($1)", []any{keys}, func() error {
			found[key] = true
			return nil
		}, &key)
		for i, id := range ids {
			has[id] = found[keys[i]]
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return has, nil
}

// sums asks for the counters and for one more number.
func sums(more string) string {
	var parts []string
	for _, name := range counters {
		parts = append(parts, "coalesce(sum("+name+"), 0)::bigint")
	}
	return "select " + strings.Join(parts, ", ") + ", " + more + " from counter"
}

// mine is the condition of what somebody has claimed ($1) at a time ($2).
const mine = "claimed_by <> '' and claimed_by = $1 and claimed_until > $2"

var countSums = sums("(select count(*) from session where " + mine + ")")

// Counts returns how many rows each view holds.
func (s *Store) Counts(ctx context.Context, who string, now time.Time) (model.Counts, error) {
	n := make([]int64, len(counters)+1)
	to := make([]any, len(n))
	for i := range n {
		to[i] = &n[i]
	}
	err := s.reading(ctx, "count sessions", func(tx pgx.Tx) error {
		return one(ctx, tx, countSums, []any{keyed(who), store.Micros(now)}, to...)
	})
	if err != nil {
		return nil, err
	}
	counts := model.Counts{model.ViewAll: n[0], model.ViewMine: n[len(n)-1]}
	for bit, v := range store.StoredViews() {
		counts[v] = n[bit+1]
	}
	return counts, nil
}

// Alike returns rows with the same device hash or the same IP address.
func (s *Store) Alike(ctx context.Context, id string, limit int) (device, ip []model.Row, err error) {
	err = s.reading(ctx, fmt.Sprintf("sessions like %q", id), func(tx pgx.Tx) error {
		r, err := get(ctx, tx, id)
		if err != nil {
			return err
		}
		if device, err = alike(ctx, tx, "device", r.DeviceHash, id, limit); err != nil {
			return err
		}
		ip, err = alike(ctx, tx, "ip", r.IP, id, limit)
		return err
	})
	return device, ip, err
}

func alike(ctx context.Context, tx pgx.Tx, column string, value model.Personal, id string, limit int) ([]model.Row, error) {
	if value.Empty() {
		return nil, nil
	}
	return bodies(ctx, tx, "select body from session where "+column+" <> '' and "+column+" = $1 and id <> $2 order by newest, id limit $3",
		keyed(value.Reveal()), keyed(id), store.Limit(limit))
}

// Notes returns the remarks about a session, oldest first.
func (s *Store) Notes(ctx context.Context, id string) (notes []model.Note, err error) {
	err = s.reading(ctx, fmt.Sprintf("notes of %q", id), func(tx pgx.Tx) error {
		notes = nil
		if _, err := get(ctx, tx, id); err != nil {
			return err
		}
		var n model.Note
		var at int64
		var seen string
		return each(ctx, tx, "select id, by, at, text, evidence, salt from note where session = $1 order by id", []any{keyed(id)}, func() (err error) {
			n.By, n.At, n.Text, n.Salt = plain(n.By), store.FromMicros(at), plain(n.Text), plain(n.Salt)
			n.Evidence, err = store.DecodeEvidence(plain(seen))
			notes = append(notes, n)
			return err
		}, &n.ID, &n.By, &at, &n.Text, &seen, &n.Salt)
	})
	return notes, err
}

// Tags returns every tag in use with the number of its sessions.
func (s *Store) Tags(ctx context.Context) (map[string]int64, error) {
	tags := make(map[string]int64)
	err := s.reading(ctx, "count tags", func(tx pgx.Tx) error {
		clear(tags)
		var tag string
		var n int64
		return each(ctx, tx, "select tag, count(*) from tag group by tag", nil, func() error {
			tags[plain(tag)] = n
			return nil
		}, &tag, &n)
	})
	if err != nil {
		return nil, err
	}
	return tags, nil
}

// CaseFiles returns where case files of a session were written.
func (s *Store) CaseFiles(ctx context.Context, id string) (all []string, err error) {
	err = s.reading(ctx, "where case files are", func(tx pgx.Tx) error {
		all = nil
		var path string
		return each(ctx, tx, "select distinct path from case_file where session = $1 order by path", []any{keyed(id)}, func() error {
			all = append(all, plain(path))
			return nil
		}, &path)
	})
	return all, err
}

// Aged counts rows of a view by since when they wait, in one statement: as they are
// at one moment.
func (s *Store) Aged(ctx context.Context, v model.View, times ...time.Time) ([]int64, error) {
	bit := slices.Index(store.StoredViews(), v)
	if bit < 0 {
		return nil, s.told("count what waits", fmt.Errorf("the view %q is not one that is stored", v))
	}
	view := fmt.Sprintf("(select count(*) from session where views & %d <> 0", 1<<bit)
	var parts []string
	var args, to []any
	counts := make([]int64, len(times)+1)
	for _, t := range times {
		args = append(args, store.Micros(t))
	}
	for i := range counts {
		part := view
		if i > 0 {
			part += fmt.Sprintf(" and due >= $%d", i)
		}
		if i < len(times) {
			part += fmt.Sprintf(" and due < $%d", i+1)
		}
		parts, to = append(parts, part+")"), append(to, &counts[i])
	}
	err := s.reading(ctx, "count what waits", func(tx pgx.Tx) error {
		return one(ctx, tx, "select "+strings.Join(parts, ", "), args, to...)
	})
	if err != nil {
		return nil, err
	}
	return counts, nil
}
