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

// There are two ways to the rows that a query asks for. Both give the same rows;
// which is quick depends on how many rows match:
//
//   - walk goes along the index of view and order and tests each row. Quick when
//     many rows match, or when the view is small.
//   - gather takes the matching rows from the index of words and sorts them. Quick
//     when few rows match, and the only way that does not depend on where in the
//     order they stand.
//
// A walk over few rows shows which is better: with a million rows, one costs 2 µs to walk
// and 2.5 µs to gather. In the order of names there is a third
// (byName): the rows whose name begins with the word that is searched stand together,
// and only the others are gathered.
type ways struct {
	look int // rows that a first walk tests
	walk int // rows that a walk may test; smaller views are walked to the end
}

var usual = ways{look: 1_000, walk: 8_000}

// The words of a row in its index are the tokens of package store with two changes.
// A token by which the row's name begins has a mark before it, so that byName can leave
// those rows out. And there is a word for each view that the row is in, so that the
// index alone knows which rows match in a view.
const (
	markName = '<'
	markView = '='
)

// lexemes returns the words of a row, with spaces between them.
func lexemes(p *store.Place) string {
	words := strings.Fields(p.Words)
	if len(words) > 0 && strings.HasPrefix(p.Name, words[0]) {
		words[0] = string(markName) + words[0]
	}
	for bit, v := range store.StoredViews() {
		if p.Views>>bit&1 != 0 {
			words = append(words, string(markView)+string(v))
		}
	}
	return strings.Join(words, " ")
}

// match returns clauses as Postgres writes a search, for rows of a view ("": any).
// Tokens hold letters, digits and the marks: nothing in them can end the quotes.
func match(clauses []store.Clause, view model.View, named bool) string {
	var all []string
	if view != "" {
		all = append(all, "'"+string(markView)+string(view)+"'")
	}
	for _, clause := range clauses {
		var terms []string
		for _, term := range clause {
			if !term.Prefix {
				terms = append(terms, "'"+term.Token+"'")
				continue
			}
			terms = append(terms, "'"+term.Token+"':*")
			if named {
				terms = append(terms, "'"+string(markName)+term.Token+"':*")
			}
		}
		all = append(all, "("+strings.Join(terms, " | ")+")")
	}
	return strings.Join(all, " & ")
}

// ask is a query in the words of this database.
type ask struct {
	key     string // the column to sort by
	view    string // a condition, with its arguments
	args    []any
	stored  model.View // the view, if it is one that rows have a word for
	counter string     // says how many rows the view holds; empty for few
	clauses []store.Clause
	ways    ways
}

var keyColumn = map[model.Sort]string{
	model.SortDue: "due", model.SortNewest: "newest", model.SortWorst: "worst", model.SortName: "name",
}

// newAsk translates a query, and false if its view does not exist.
func newAsk(q model.Query, now time.Time, w ways) (*ask, bool) {
	a := &ask{key: keyColumn[store.SortOf(q.Sort)], view: "true", clauses: store.Clauses(q), ways: w}
	switch q.View {
	case "", model.ViewAll:
		a.counter = "all_rows"
		return a, true
	case model.ViewMine:
		a.view, a.args = mine, []any{keyed(q.Who), store.Micros(now)}
		return a, true
	}
	bit := slices.Index(store.StoredViews(), q.View)
	a.stored, a.counter = q.View, string(q.View)
	a.view = fmt.Sprintf("views & %d <> 0", 1<<max(bit, 0))
	return a, bit >= 0
}

// List returns one page, as it is at one moment.
func (s *Store) List(ctx context.Context, q model.Query) (p model.Page, err error) {
	a, ok := newAsk(q, s.now(), s.ways)
	if !ok {
		return model.Page{}, nil // a view that does not exist holds nothing
	}
	err = s.reading(ctx, "list sessions", func(tx pgx.Tx) (err error) {
		p, err = store.PageOf(q, func(from *store.Spot, back bool, limit int) ([]store.Entry, error) {
			return (&run{ask: a, ctx: ctx, tx: tx, from: from, back: back, limit: limit}).find()
		})
		return err
	})
	if err != nil {
		return model.Page{}, err
	}
	return p, nil
}

// run is one search along the order, from a spot on (nil: from the end of the order).
type run struct {
	*ask
	ctx   context.Context // of the call, which a run does not outlive
	tx    pgx.Tx
	from  *store.Spot
	back  bool
	limit int
}

func (r *run) find() ([]store.Entry, error) {
	if len(r.clauses) == 0 || r.counter == "" {
		return r.walk(0)
	}
	var size int
	if err := one(r.ctx, r.tx, "select coalesce(sum("+r.counter+"), 0)::bigint from counter", nil, &size); err != nil {
		return nil, err
	}
	if size <= r.ways.walk {
		return r.walk(0)
	}
	found, err := r.walk(r.ways.look)
	if err != nil || len(found) == r.limit {
		return found, err
	}
	if need := r.ways.look * r.limit / max(len(found), 1) * 3 / 2; need <= r.ways.walk {
		if found, err = r.walk(need); err != nil || len(found) == r.limit {
			return found, err
		}
	}
	if r.key == keyColumn[model.SortName] && len(r.clauses) == 1 && r.clauses[0][0].Prefix {
		return r.byName(r.clauses[0][0].Token)
	}
	return r.gather(match(r.clauses, r.stored, true), r.view, r.args)
}

// params collects the arguments of a statement.
type params []any

// add returns the name of one more.
func (p *params) add(v any) string {
	*p = append(*p, v)
	return fmt.Sprintf("$%d", len(*p))
}

// walk tests rows along the order, at most so many of them; 0 is no bound. Bounds are
// rounded and part of the text, so that the planner knows them.
func (r *run) walk(bound int) ([]store.Entry, error) {
	p := params(slices.Clone(r.args))
	from, key := "session where "+r.view, r.key
	if r.counter == "" { // few rows, which have an index of their own
		from = fmt.Sprintf("(with few as materialized (select %s as k, id, body, words from session where %s) select * from few) few where true", r.key, r.view)
		key = "k"
	}
	inner := fmt.Sprintf("select %s as k, id, body, words from %s%s order by %s", key, from, r.beyond(&p, key), r.order(key))
	if bound > 0 {
		inner += fmt.Sprintf(" limit %d", (bound+499)/500*500)
	}
	if len(r.clauses) == 0 {
		return r.collect(fmt.Sprintf("select k, id, body from (%s) w limit %d", inner, r.limit), p)
	}
	test := p.add(match(r.clauses, "", true))
	return r.collect(fmt.Sprintf("select k, id, body from (%s) w where words @@ %s::text::tsquery order by %s limit %d",
		inner, test, r.order("k"), r.limit), p)
}

// gather sorts the rows that match, of those that a condition holds for. "offset 0" keeps
// the planner from going along the order instead, and costs less than a table of its own.
func (r *run) gather(words, condition string, args []any) ([]store.Entry, error) {
	p := params(slices.Clone(args))
	hit := fmt.Sprintf("select %s as k, id from session where words @@ %s::text::tsquery and %s offset 0", r.key, p.add(words), condition)
	text := fmt.Sprintf("with first as materialized (select k, id from (%s) hit where true%s order by %s limit %d) ", hit, r.beyond(&p, "k"), r.order("k"), r.limit) +
		fmt.Sprintf("select f.k, f.id, s.body from first f join session s on s.id = f.id order by %s", r.orderOf("f.k", "f.id"))
	return r.collect(text, p)
}

// nameEnd comes after every letter.
const nameEnd = "\U0010FFFF"

// byName puts the rows whose name begins with the word together with the others that
// match.
func (r *run) byName(word string) ([]store.Entry, error) {
	named := *r
	ask := *r.ask
	p := params(slices.Clone(r.args))
	ask.view = fmt.Sprintf("%s and name >= %s and name < %s", r.view, p.add(word), p.add(word+nameEnd))
	ask.args, ask.clauses = p, nil
	named.ask = &ask
	found, err := named.walk(0)
	if err != nil {
		return nil, err
	}
	others, err := r.gather(match(r.clauses, r.stored, false), fmt.Sprintf("%s and not (name >= $%d and name < $%d)", r.view, len(p)-1, len(p)), p)
	if err != nil {
		return nil, err
	}
	found = append(found, others...)
	slices.SortFunc(found, r.compare)
	return found[:min(len(found), r.limit)], nil
}

// compare orders entries by name as the database does: byte by byte.
func (r *run) compare(a, b store.Entry) int {
	x, _ := a.Key.(string)
	y, _ := b.Key.(string)
	order := strings.Compare(x, y)
	if order == 0 {
		order = strings.Compare(keyed(a.ID), keyed(b.ID))
	}
	if r.back {
		return -order
	}
	return order
}

// beyond returns the condition that a row stands beyond the spot.
func (r *run) beyond(p *params, key string) string {
	if r.from == nil {
		return ""
	}
	than := ">"
	if r.back {
		than = "<"
	}
	if r.from.Own {
		than += "="
	}
	at := r.from.Key
	if name, ok := at.(string); ok {
		at = safe(name)
	}
	return fmt.Sprintf(" and (%s, id) %s (%s, %s)", key, than, p.add(at), p.add(keyed(r.from.ID)))
}

func (r *run) order(key string) string { return r.orderOf(key, "id") }

func (r *run) orderOf(key, id string) string {
	if r.back {
		return key + " desc, " + id + " desc"
	}
	return key + ", " + id
}

// collect reads entries.
func (r *run) collect(text string, p params) (all []store.Entry, err error) {
	var number int64
	var name, id string
	var body []byte
	key := func() any { return number }
	places := []any{&number, &id, &body}
	if r.key == keyColumn[model.SortName] {
		key, places[0] = func() any { return plain(name) }, &name
	}
	err = each(r.ctx, r.tx, text, p, func() error {
		row, err := store.DecodeRow(body)
		all = append(all, store.Entry{Key: key(), ID: row.ID, Row: row})
		return err
	}, places...)
	return all, err
}
