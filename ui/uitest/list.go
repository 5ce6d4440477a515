package uitest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"docket/model"
)

// List implements common.Desk: views, search by the beginnings of words,
// filters, orders and keyset pages.
func (d *Desk) List(ctx context.Context, q model.Query) (model.Page, error) {
	if err := d.wait(ctx); err != nil {
		return model.Page{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lists++
	if d.listErr != nil {
		return model.Page{}, d.listErr
	}
	var all []model.Row
	for i := range d.rows {
		if d.matches(&d.rows[i], q) {
			all = append(all, d.seenRow(d.rows[i]))
		}
	}
	key := sortKey(q.Sort)
	slices.SortFunc(all, func(a, b model.Row) int { return cmp.Or(cmp.Compare(key(&a), key(&b)), cmp.Compare(a.ID, b.ID)) })
	return cut(all, q, key), nil
}

func (d *Desk) matches(r *model.Row, q model.Query) bool {
	view := cmp.Or(q.View, model.ViewAll)
	who := cmp.Or(q.Who, d.me)
	return r.In(view, who, d.now()) &&
		(len(q.Statuses) == 0 || slices.Contains(q.Statuses, r.Status)) &&
		(len(q.Verdicts) == 0 || slices.Contains(q.Verdicts, r.Verdict)) &&
		(len(q.Countries) == 0 || slices.Contains(q.Countries, r.DocCountry)) &&
		(len(q.Tags) == 0 || slices.ContainsFunc(q.Tags, r.HasTag)) && found(r, q.Search)
}

// found reports whether every word of the search begins a word of the row.
func found(r *model.Row, search string) bool {
	text := strings.ToLower(strings.Join([]string{r.Name.Reveal(), r.ID, r.ExternalID, r.CustomerID, r.DocNumber.Reveal(), strings.Join(r.Tags, " ")}, " "))
	words := strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == '-' })
	for _, want := range strings.Fields(strings.ToLower(search)) {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, want) }) {
			return false
		}
	}
	return true
}

func sortKey(s model.Sort) func(*model.Row) string {
	switch s {
	case model.SortNewest:
		return func(r *model.Row) string { return fmt.Sprintf("%020d", 1<<60-r.UpdatedAt.UnixMilli()) }
	case model.SortName:
		return func(r *model.Row) string { return strings.ToLower(r.Name.Reveal()) }
	case model.SortWorst:
		return func(r *model.Row) string {
			return fmt.Sprintf("%02d%020d", r.Verdict.Rank(), r.WaitsFrom.UnixMilli())
		}
	default:
		return func(r *model.Row) string { return fmt.Sprintf("%020d", r.WaitsFrom.UnixMilli()) }
	}
}

// cut takes one page out of the sorted rows.
func cut(all []model.Row, q model.Query, key func(*model.Row) string) model.Page {
	limit := q.Limit
	if limit <= 0 {
		limit = 100
	}
	place := func(c *model.Cursor) (int, bool) {
		return slices.BinarySearchFunc(all, *c, func(r model.Row, c model.Cursor) int {
			return cmp.Or(cmp.Compare(key(&r), c.Key), cmp.Compare(r.ID, c.ID))
		})
	}
	from, to := 0, len(all)
	switch {
	case q.After != nil:
		i, exact := place(q.After)
		if exact {
			i++
		}
		from, to = i, min(len(all), i+limit)
	case q.Before != nil:
		i, _ := place(q.Before)
		from, to = max(0, i-limit), i
	case q.Last:
		from = max(0, len(all)-limit)
	default:
		to = min(len(all), limit)
	}
	p := model.Page{Rows: slices.Clone(all[from:to]), Less: from > 0, More: to < len(all)}
	if len(p.Rows) > 0 {
		first, last := &p.Rows[0], &p.Rows[len(p.Rows)-1]
		p.First, p.Last = &model.Cursor{Key: key(first), ID: first.ID}, &model.Cursor{Key: key(last), ID: last.ID}
	}
	return p
}
