package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"docket/model"
	"docket/store"
)

// List returns one page, as it is at one moment.
func (s *Store) List(ctx context.Context, q model.Query) (model.Page, error) {
	a, ok := newAsk(q, s.now(), s.effort)
	if !ok {
		return model.Page{}, nil // a view that does not exist holds nothing
	}
	from, back, err := startOf(q)
	if err != nil {
		return model.Page{}, s.told("list sessions", err)
	}
	var p model.Page
	err = s.read.within(ctx, toRead, func(c *conn) (err error) {
		p, err = a.page(ctx, c, from, back, store.Limit(q.Limit))
		return err
	})
	if err != nil {
		return model.Page{}, s.told("list sessions", err)
	}
	return p, nil
}

// spot is a place in the order: just before or just after a row.
type spot struct {
	key any
	id  string
	own bool // the row at the spot itself belongs to the run
}

// startOf returns where a page starts and in which direction it is read.
func startOf(q model.Query) (from *spot, back bool, err error) {
	cursor := q.After
	switch {
	case q.Last:
		return nil, true, nil
	case q.Before != nil:
		cursor, back = q.Before, true
	case cursor == nil:
		return nil, false, nil
	}
	key, err := store.ReadKey(store.SortOf(q.Sort), cursor)
	return &spot{key: key, id: cursor.ID}, back, err
}

// entry is a row at its place in the order.
type entry struct {
	rid int64
	key any
	id  string
	row model.Row
}

func (e *entry) cursor() *model.Cursor { return &model.Cursor{Key: store.WriteKey(e.key), ID: e.id} }

// page reads one row more than asked, to know whether there are more, and looks
// once in the other direction.
func (a *ask) page(ctx context.Context, c *conn, from *spot, back bool, limit int) (model.Page, error) {
	var p model.Page
	found, err := a.find(ctx, c, from, back, limit+1)
	if err != nil {
		return p, err
	}
	ahead := len(found) > limit
	found = found[:min(len(found), limit)]
	behind := false
	if from != nil {
		opposite := *from
		opposite.own = true
		if len(found) > 0 {
			opposite = spot{key: found[0].key, id: found[0].id}
		}
		rest, err := a.find(ctx, c, &opposite, !back, 1)
		if err != nil {
			return p, err
		}
		behind = len(rest) > 0
	}
	p.More, p.Less = ahead, behind
	if back {
		slices.Reverse(found)
		p.More, p.Less = behind, ahead
	}
	for i := range found {
		p.Rows = append(p.Rows, found[i].row)
	}
	if n := len(found); n > 0 {
		p.First, p.Last = found[0].cursor(), found[n-1].cursor()
	}
	return p, nil
}

// ask is a query in the words of this database.
type ask struct {
	key     string // the column to sort by
	index   string // what to walk along
	view    string // a condition, with its arguments
	args    []any
	counter model.View // which counter says how many rows the view holds; empty for few
	clauses []store.Clause
	effort  effort
}

var keyColumn = map[model.Sort]string{
	model.SortDue: "due", model.SortNewest: "newest", model.SortWorst: "worst", model.SortName: "name",
}

// newAsk translates a query, and false if its view does not exist.
func newAsk(q model.Query, now time.Time, e effort) (*ask, bool) {
	a := &ask{key: keyColumn[store.SortOf(q.Sort)], view: "true", counter: q.View, clauses: store.Clauses(q), effort: e}
	a.index = "session_" + a.key
	switch q.View {
	case "", model.ViewAll:
		a.counter = model.ViewAll
		return a, true
	case model.ViewMine:
		a.index, a.counter = "session_claim", ""
		a.view, a.args = "claimed_by <> '' and claimed_by = ? and claimed_until > ?", []any{q.Who, store.Micros(now)}
		return a, true
	}
	bit := slices.Index(store.StoredViews(), q.View)
	a.index += "_" + string(q.View)
	a.view = fmt.Sprintf("views & %d", 1<<max(bit, 0))
	return a, bit >= 0
}

// collect reads entries.
func (c *conn) collect(ctx context.Context, text string, args []any) ([]entry, error) {
	var all []entry
	var e entry
	var body sql.RawBytes
	err := c.each(ctx, text, args, func() (err error) {
		e.row, err = store.DecodeRow(body)
		all = append(all, e)
		return err
	}, &e.rid, &e.key, &e.id, &body)
	return all, err
}
