package sqlite

import (
	"context"
	"fmt"
	"strings"

	"docket/model"
	"docket/store"
)

// There are three ways to the rows that a query asks for. All give the same rows;
// which is quick depends on how many rows match:
//
//   - walk goes along the index of view and order and tests each row. Quick when
//     many rows match, or when the view is small.
//   - filter takes the matching rows from the search index, then goes along the
//     index of view and order and keeps those. Quick when some rows match.
//   - gather takes the matching rows from the search index and sorts them. Quick
//     when few rows match, and the only way that does not depend on where in the
//     order they stand.
//
// find tries them so that no attempt that fails costs much. With a million rows a
// row costs about 3 µs to walk, 0.3 µs to filter, 3 µs to gather; a matching row
// costs 0.1 µs to count and 0.25 µs to filter by.
type effort struct {
	look   int // rows that a first walk tests
	walk   int // rows that a walk may test; smaller views are walked to the end
	gather int // matching rows that are gathered without trying anything else
	byName int // the same in the order of names, where rows that match stand together
	filter int // rows that a filter looks at before it gives up; 0: all
	sorted int // matching rows that are gathered after a filter gave up
	apart  int // matching rows outside of the names that begin with the word, see byName; 0: not tried
	share  int // of the rows that are asked first so many times as many must be such names; 0: any
}

var usual = effort{look: 300, walk: 3_500, gather: 3_000, byName: 8_000, filter: 30_000, sorted: 70_000, apart: 3_000, share: 20}

// find returns the first rows from a spot on (nil: from the end of the order), at
// most limit, in the direction asked for.
func (a *ask) find(ctx context.Context, c *conn, from *store.Spot, back bool, limit int) ([]store.Entry, error) {
	r := &run{ask: a, from: from, back: back, limit: limit}
	if len(a.clauses) == 0 {
		return r.walk(ctx, c, 0)
	}
	if size, err := a.size(ctx, c); err != nil {
		return nil, err
	} else if size <= a.effort.walk {
		return r.walk(ctx, c, 0)
	}
	found, err := r.sample(ctx, c)
	if err != nil || len(found) == limit {
		return found, err
	}
	return r.lookUp(ctx, c, len(found))
}

// lookUp uses the search index, after a walk that saw so many matching rows.
func (r *run) lookUp(ctx context.Context, c *conn, seen int) ([]store.Entry, error) {
	few, byName := r.effort.gather, r.key == keyColumn[model.SortName]
	if byName {
		few = r.effort.byName
	}
	if seen == 0 || byName { // else there are more than a few
		if n, hits, err := r.hits(ctx, c, few+1); err != nil {
			return nil, err
		} else if n <= few {
			return r.gather(ctx, c, hits)
		} else if word, ok := r.inName(); ok {
			if found, done, err := r.apart(ctx, c, word, hits); done || err != nil {
				return found, err
			}
		}
	}
	found, err := r.filter(ctx, c, r.effort.filter)
	if err != nil || len(found) == r.limit || r.effort.filter == 0 {
		return found, err
	}
	if n, hits, err := r.hits(ctx, c, r.effort.sorted+1); err != nil {
		return nil, err
	} else if n <= r.effort.sorted {
		return r.gather(ctx, c, hits)
	}
	return r.filter(ctx, c, 0)
}

// sample walks a little, and on when that promises to fill the page. Fewer rows
// than the limit are a sample, not an answer.
func (r *run) sample(ctx context.Context, c *conn) ([]store.Entry, error) {
	if r.effort.look == 0 {
		return nil, nil
	}
	found, err := r.walk(ctx, c, r.effort.look)
	if err != nil || len(found) == r.limit || len(found) == 0 {
		return found, err
	}
	if need := r.effort.look * r.limit / len(found) * 3 / 2; need <= r.effort.walk {
		return r.walk(ctx, c, need)
	}
	return found, nil
}

// size returns how many rows the view holds; 0 when it is known to be few.
func (a *ask) size(ctx context.Context, c *conn) (n int, err error) {
	if a.counter != "" {
		err = c.one(ctx, "select n from counter where view = ?", []any{string(a.counter)}, &n)
	}
	return n, err
}

// hits returns the rows that match, up to a bound: how many, and which, as a list
// in JSON. To ask the search index for them a second time would cost as much again.
func (a *ask) hits(ctx context.Context, c *conn, bound int) (n int, list string, err error) {
	err = c.one(ctx, "select count(*), json_group_array(rowid) from (select rowid from search where search match ? limit ?)",
		[]any{match(a.clauses), bound}, &n, &list)
	return n, list, err
}

// run is one search along the order.
type run struct {
	*ask
	from  *store.Spot
	back  bool
	limit int
}

// walk tests rows along the order, at most so many of them; 0 is no bound.
func (r *run) walk(ctx context.Context, c *conn, bound int) ([]store.Entry, error) {
	where, args := r.where()
	test, needles := tests(r.clauses)
	text := fmt.Sprintf("select k, id, body from (select %s as k, id, words, body from session indexed by %s where %s order by %s limit ?) where %s limit ?",
		r.key, r.index, where, r.order(r.key, "id"), test)
	args = append(append(append(args, unbounded(bound)), needles...), r.limit)
	return c.collect(ctx, text, args)
}

// filter looks for the matching rows along the order, at so many places; 0 is no
// bound.
func (r *run) filter(ctx context.Context, c *conn, bound int) ([]store.Entry, error) {
	where, args := r.where()
	text := fmt.Sprintf(`select w.k, w.id, s.body from (
		select rid, k, id from (
			select rid, %s as k, id from session indexed by %s where %s order by %s limit ?
		) where rid in (select rowid from search where search match ?) limit ?
	) w cross join session s on s.rid = w.rid`, r.key, r.index, where, r.order(r.key, "id"))
	return c.collect(ctx, text, append(args, unbounded(bound), match(r.clauses), r.limit))
}

// unbounded turns 0 into what SQLite takes for no limit.
func unbounded(n int) int {
	if n == 0 {
		return -1
	}
	return n
}

// gather sorts the matching rows, as hits returned them.
func (r *run) gather(ctx context.Context, c *conn, hits string) ([]store.Entry, error) {
	where, args := r.where()
	text := fmt.Sprintf(`select w.k, w.id, s.body from (
		select session.rid as rid, %[1]s as k, id from (select value from json_each(?)) hit cross join session on session.rid = hit.value
		where %[2]s order by %[3]s limit ?
	) w cross join session s on s.rid = w.rid order by %[4]s`, r.key, where, r.order(r.key, "id"), r.order("w.k", "w.id"))
	return c.collect(ctx, text, append(append([]any{hits}, args...), r.limit))
}

// where returns the condition of the view and the spot.
func (r *run) where() (string, []any) {
	args := append([]any{}, r.args...)
	if r.from == nil {
		return r.view, args
	}
	than := ">"
	if r.back {
		than = "<"
	}
	if r.from.Own {
		than += "="
	}
	return fmt.Sprintf("%s and (%s, id) %s (?, ?)", r.view, r.key, than), append(args, r.from.Key, r.from.ID)
}

func (r *run) order(key, id string) string {
	if r.back {
		return key + " desc, " + id + " desc"
	}
	return key + ", " + id
}

// tests returns the condition that a row's words satisfy every clause.
func tests(clauses []store.Clause) (string, []any) {
	text, args := "true", []any{}
	for _, clause := range clauses {
		for i, term := range clause {
			text += []string{" and (", " or "}[min(i, 1)] + "instr(words, ?)"
			args = append(args, term.Needle())
		}
		text += ")"
	}
	return text, args
}

// match returns the same for the search index. Tokens hold letters, digits and
// the marks of package store: nothing in them can end the quotes.
func match(clauses []store.Clause) string {
	var b strings.Builder
	for i, clause := range clauses {
		if i > 0 {
			b.WriteString(" AND ")
		}
		for j, term := range clause {
			b.WriteString([]string{"(", " OR "}[min(j, 1)] + `"` + term.Token + `"`)
			if term.Prefix {
				b.WriteString(" *")
			}
		}
		b.WriteString(")")
	}
	return b.String()
}
