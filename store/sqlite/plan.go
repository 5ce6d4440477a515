package sqlite

import (
	"context"
	"fmt"
	"strings"

	"docket/store"
)

// There are three ways to the rows that a query asks for. All give the same rows;
// which is quick depends on how many rows match, and where in the order they stand:
//
//   - walk goes along the index of view and order and tests each row. Quick when
//     many rows match, or when the view is small.
//   - skim takes the rows that match from the search index, goes along the index of view
//     and order, and keeps those. Quick when many match, and not all of them late.
//   - pick takes all the rows that match from the search index, and the first of them
//     by their numbers (keys.go). It costs the same wherever they stand.
//
// find walks a little, which shows whether a longer walk would do, and skims as far as
// it would have to if what matches stood anywhere. With a million rows a row costs 2 µs
// to walk, and 20 µs when it is far from the one before in the file; it costs 0.2 µs to
// skim; a matching row costs 0.2 µs to find and to pick, and the numbers of all rows
// 10 ms to read.
type effort struct {
	look   int // rows that a first walk tests
	walk   int // rows that a walk may test; smaller views are walked to the end
	skim   int // rows that are skimmed at most
	gather int // rows of equal numbers that are put in order by themselves, not by the index
}

var usual = effort{look: 300, walk: 2_000, skim: 20_000, gather: 200}

// find returns the first rows from a spot on (nil: from the end of the order), at
// most limit, in the direction asked for.
func (a *ask) find(ctx context.Context, c *conn, from *store.Spot, back bool, limit int) ([]store.Entry, error) {
	r := &run{ask: a, from: from, back: back, limit: limit}
	if len(a.clauses) == 0 {
		return r.walk(ctx, c, 0)
	}
	size, err := a.size(ctx, c)
	if err != nil {
		return nil, err
	}
	if size <= a.effort.walk {
		return r.walk(ctx, c, 0)
	}
	found, err := r.sample(ctx, c)
	if err != nil || len(found) == limit {
		return found, err
	}
	return r.lookUp(ctx, c, size)
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

// unbounded turns 0 into what SQLite takes for no limit.
func unbounded(n int) int {
	if n == 0 {
		return -1
	}
	return n
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
