package sqlite

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"docket/model"
	"docket/store"
)

// In the order of names the rows whose name begins with the word that is searched
// stand together, and are found at once. Where nearly all rows that match are among
// them, as with a given name that many have, the few others are gathered, and the
// two lists are put together: neither way alone finds the first rows quickly.

// inName is the word of a search in the order of names for which that may do.
func (r *run) inName() (word string, ok bool) {
	if r.key != keyColumn[model.SortName] || len(r.clauses) != 1 || r.effort.apart == 0 {
		return "", false
	}
	first := r.clauses[0][0]
	return first.Token, first.Prefix
}

// nameEnd comes after every letter.
const nameEnd = "\U0010FFFF"

// mostlyInName asks a few of the rows that match whether so many of them may have
// the word elsewhere than at the beginning of their name.
func (r *run) mostlyInName(ctx context.Context, c *conn, word, hits string) (bool, error) {
	var all, apart int
	err := c.one(ctx, `select count(*), coalesce(sum(name < ? or name >= ?), 0) from (select value from json_each(?) where key % 80 = 0) hit
		cross join session on session.rid = hit.value`, []any{word, word + nameEnd, hits}, &all, &apart)
	return apart*r.effort.share <= all, err
}

// apart answers by byName if that promises to do.
func (r *run) apart(ctx context.Context, c *conn, word, some string) ([]store.Entry, bool, error) {
	if ok, err := r.mostlyInName(ctx, c, word, some); err != nil || !ok {
		return nil, false, err
	}
	return r.byName(ctx, c, word)
}

// byName puts the rows whose name begins with the word together with the others
// that match; false when the others are too many.
func (r *run) byName(ctx context.Context, c *conn, word string) ([]store.Entry, bool, error) {
	n, hits, err := r.hits(ctx, c, r.effort.sorted+1)
	if err != nil || n > r.effort.sorted {
		return nil, false, err
	}
	named := *r
	ask := *r.ask
	ask.view, ask.args = r.view+" and name >= ? and name < ?", append(slices.Clone(r.args), word, word+nameEnd)
	ask.clauses = nil
	named.ask = &ask
	var inName string
	if err := c.one(ctx, "select json_group_array(rid) from (select rid from session indexed by session_name where name >= ? and name < ?)",
		[]any{word, word + nameEnd}, &inName); err != nil {
		return nil, false, err
	}
	others, n, err := without(hits, inName)
	if err != nil || n > r.effort.apart {
		return nil, false, err
	}
	found, err := named.walk(ctx, c, 0)
	if err != nil {
		return nil, false, err
	}
	rest, err := r.gather(ctx, c, others)
	if err != nil {
		return nil, false, err
	}
	found = append(found, rest...)
	slices.SortFunc(found, func(a, b store.Entry) int { return r.compare(&a, &b) })
	return found[:min(len(found), r.limit)], true, nil
}

// compare orders entries by name as the database does: byte by byte.
func (r *run) compare(a, b *store.Entry) int {
	x, _ := a.Key.(string)
	y, _ := b.Key.(string)
	order := strings.Compare(x, y)
	if order == 0 {
		order = strings.Compare(a.ID, b.ID)
	}
	if r.back {
		return -order
	}
	return order
}

// without returns a list of rows without those of another, and how many are left.
func without(list, other string) (string, int, error) {
	var all, out []int64
	if err := json.Unmarshal([]byte(list), &all); err != nil {
		return "", 0, err
	}
	if err := json.Unmarshal([]byte(other), &out); err != nil {
		return "", 0, err
	}
	gone := make(map[int64]bool, len(out))
	for _, rid := range out {
		gone[rid] = true
	}
	all = slices.DeleteFunc(all, func(rid int64) bool { return gone[rid] })
	if len(all) == 0 {
		return "[]", 0, nil
	}
	left, err := json.Marshal(all)
	return string(left), len(all), err
}
