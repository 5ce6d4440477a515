package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strconv"

	"docket/store"
)

// hit is a row that matches, with its rank in the order that is asked for.
type hit struct {
	rank uint64
	rid  int64
}

// lookUp uses the search index.
func (r *run) lookUp(ctx context.Context, c *conn, size int) ([]store.Entry, error) {
	rids, err := r.matching(ctx, c)
	if err != nil || len(rids) == 0 {
		return nil, err
	}
	if found, err := r.skim(ctx, c, rids, size); err != nil || len(found) == r.limit {
		return found, err
	}
	return r.pick(ctx, c)
}

// matching returns the rows that match, of all views, in the order of the file. They
// are read as one list, which is much cheaper than row by row, and once: a page is asked
// for in both directions.
func (a *ask) matching(ctx context.Context, c *conn) ([]int64, error) {
	if a.rids != nil {
		return a.rids, nil
	}
	var list sql.RawBytes
	err := c.each(ctx, "select json_group_array(rowid) from search where search match ?", []any{match(a.clauses)}, func() error {
		a.rids = fromList(list)
		slices.Sort(a.rids)
		return nil
	}, &list)
	return a.rids, err
}

// skim goes along the order, without the rows themselves, as far as is needed for the
// page if what matches stood anywhere, and as far as it may when some of it stands
// there. Fewer rows than the limit are no answer.
func (r *run) skim(ctx context.Context, c *conn, rids []int64, size int) ([]store.Entry, error) {
	bound := min(4*r.limit*size/len(rids), r.effort.skim/4)
	found, err := r.along(ctx, c, rids, bound)
	if n := len(found); err == nil && n < r.limit && 2*n*r.effort.skim > r.limit*bound {
		found, err = r.along(ctx, c, rids, r.effort.skim)
	}
	if err != nil || len(found) < r.limit {
		return nil, err
	}
	return r.gather(ctx, c, found)
}

// along returns the first of the rows that match among so many along the order.
func (r *run) along(ctx context.Context, c *conn, rids []int64, bound int) ([]int64, error) {
	where, args := r.where()
	text := fmt.Sprintf("select json_group_array(rid) from (select rid from session indexed by %s where %s order by %s limit ?)",
		r.index, where, r.order(r.key, "id"))
	var found []int64
	var list sql.RawBytes
	err := c.each(ctx, text, append(args, bound), func() error {
		for _, rid := range fromList(list) {
			if _, ok := slices.BinarySearch(rids, rid); ok && len(found) < r.limit {
				found = append(found, rid)
			}
		}
		return nil
	}, &list)
	return found, err
}

// hits returns the rows of the view that match, with their ranks.
func (a *ask) hits(ctx context.Context, c *conn) ([]hit, error) {
	if a.ranked != nil {
		return a.ranked, nil
	}
	rids, err := a.matching(ctx, c)
	if err == nil && a.mask != 0 {
		rids, err = c.inView(ctx, rids, a.mask)
	}
	if err != nil {
		return nil, err
	}
	numbers, err := c.numbers(ctx, a.kind, rids)
	if err != nil {
		return nil, err
	}
	a.ranked = make([]hit, len(rids))
	for i, rid := range rids {
		a.ranked[i] = hit{a.kind.rank(numbers[i]), rid}
	}
	return a.ranked, nil
}

// inView returns those of the rows that are in one of the views of a mask.
func (c *conn) inView(ctx context.Context, rids []int64, mask uint64) ([]int64, error) {
	views, err := c.numbers(ctx, kindViews, rids)
	if err != nil {
		return nil, err
	}
	var in []int64
	for i, rid := range rids {
		if views[i]&mask != 0 {
			in = append(in, rid)
		}
	}
	return in, nil
}

// pick finds the first rows by their ranks: those of the rank of the spot, of which some
// may stand before it, those of the ranks behind, and those of the last rank that is
// needed, which may be many.
func (r *run) pick(ctx context.Context, c *conn) ([]store.Entry, error) {
	all, err := r.hits(ctx, c)
	if err != nil {
		return nil, err
	}
	var start uint64
	if r.from != nil {
		start = r.turn(r.kind.rankOf(r.from.Key))
	}
	var level []int64
	var behind []hit
	for _, h := range all {
		switch h.rank = r.turn(h.rank); {
		case h.rank == start:
			level = append(level, h.rid)
		case h.rank > start:
			behind = append(behind, h)
		}
	}
	found, err := r.level(ctx, c, start, level)
	if err != nil || len(found) == r.limit || len(behind) == 0 {
		return found, err
	}
	last := nth(behind, r.limit-len(found))
	var before []int64
	level = level[:0]
	for _, h := range behind {
		switch {
		case h.rank < last:
			before = append(before, h.rid)
		case h.rank == last:
			level = append(level, h.rid)
		}
	}
	for _, part := range []func() ([]store.Entry, error){
		func() ([]store.Entry, error) { return r.gather(ctx, c, before) },
		func() ([]store.Entry, error) { return r.level(ctx, c, last, level) },
	} {
		more, err := part()
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	return found[:min(len(found), r.limit)], nil
}

// turn returns a rank so that it ascends in the direction of the run.
func (r *run) turn(rank uint64) uint64 {
	if r.back {
		return ^rank
	}
	return rank
}

// nth returns the rank that so many rows do not exceed, or the highest.
func nth(all []hit, n int) uint64 {
	highest := uint64(math.MaxUint64)
	first := make([]uint64, 0, 2*n)
	for _, h := range all {
		if h.rank > highest {
			continue
		}
		if first = append(first, h.rank); len(first) == 2*n {
			slices.Sort(first)
			first = first[:n]
			highest = first[n-1]
		}
	}
	slices.Sort(first)
	return first[min(n, len(first))-1]
}

// level returns the first of rows that have one rank.
func (r *run) level(ctx context.Context, c *conn, rank uint64, rids []int64) ([]store.Entry, error) {
	if len(rids) <= r.effort.gather {
		return r.gather(ctx, c, rids)
	}
	return r.sift(ctx, c, r.turn(rank), rids)
}

// gather puts rows in order.
func (r *run) gather(ctx context.Context, c *conn, rids []int64) ([]store.Entry, error) {
	if len(rids) == 0 {
		return nil, nil
	}
	where, args := r.where()
	text := fmt.Sprintf(`select w.k, w.id, s.body from (
		select session.rid as rid, %[1]s as k, id from (select value from json_each(?)) hit cross join session on session.rid = hit.value
		where %[2]s order by %[3]s limit ?
	) w cross join session s on s.rid = w.rid order by %[4]s`, r.key, where, r.order(r.key, "id"), r.order("w.k", "w.id"))
	return c.collect(ctx, text, append(append([]any{listOf(rids)}, args...), r.limit))
}

// sift goes along the order where the rows of a rank stand, and keeps those that are
// named.
func (r *run) sift(ctx context.Context, c *conn, rank uint64, rids []int64) ([]store.Entry, error) {
	where, args := r.where()
	span, bounds := r.kind.span(r.key, rank)
	text := fmt.Sprintf(`select w.k, w.id, s.body from (
		select rid, %[1]s as k, id from session indexed by %[2]s where %[3]s and %[4]s and rid in (select value from json_each(?)) order by %[5]s limit ?
	) w cross join session s on s.rid = w.rid order by %[6]s`, r.key, r.index, where, span, r.order(r.key, "id"), r.order("w.k", "w.id"))
	return c.collect(ctx, text, append(append(args, bounds...), listOf(rids), r.limit))
}

// listOf writes rows as a list in JSON; fromList reads one.
func listOf(rids []int64) string {
	b := []byte{'['}
	for i, rid := range rids {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, rid, 10)
	}
	return string(append(b, ']'))
}

func fromList(list []byte) []int64 {
	rids := make([]int64, 0, bytes.Count(list, []byte{','})+1)
	var rid int64
	digits := false
	for _, b := range list {
		if digit := b >= '0' && b <= '9'; digit {
			rid, digits = rid*10+int64(b-'0'), true
		} else if digits {
			rids = append(rids, rid)
			rid, digits = 0, false
		}
	}
	return rids
}
