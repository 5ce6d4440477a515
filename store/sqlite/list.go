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
	var p model.Page
	err := s.read.within(ctx, toRead, func(c *conn) (err error) {
		p, err = store.PageOf(q, func(from *store.Spot, back bool, limit int) ([]store.Entry, error) {
			return a.find(ctx, c, from, back, limit)
		})
		return err
	})
	if err != nil {
		return model.Page{}, s.told("list sessions", err)
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
	mask    uint64     // the bit of a view that is stored; 0: another
	kind    kind       // of the numbers that rows are picked by
	clauses []store.Clause
	effort  effort

	rids   []int64 // what matches, once it was asked for
	ranked []hit   // the same in the view
}

var keyColumn = map[model.Sort]string{
	model.SortDue: "due", model.SortNewest: "newest", model.SortWorst: "worst", model.SortName: "name",
}

// newAsk translates a query, and false if its view does not exist.
func newAsk(q model.Query, now time.Time, e effort) (*ask, bool) {
	order := store.SortOf(q.Sort)
	a := &ask{key: keyColumn[order], kind: kindOf[order], view: "true", counter: q.View, clauses: store.Clauses(q), effort: e}
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
	a.mask = 1 << max(bit, 0)
	a.view = fmt.Sprintf("views & %d", a.mask)
	return a, bit >= 0
}

// collect reads entries.
func (c *conn) collect(ctx context.Context, text string, args []any) ([]store.Entry, error) {
	var all []store.Entry
	var e store.Entry
	var body sql.RawBytes
	err := c.each(ctx, text, args, func() (err error) {
		e.Row, err = store.DecodeRow(body)
		all = append(all, e)
		return err
	}, &e.Key, &e.ID, &body)
	return all, err
}
