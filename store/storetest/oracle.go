package storetest

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"docket/model"
	"docket/store"
)

// oracle is an inbox in memory that answers in the plainest way: it looks at
// every row, every time. Drivers are compared with it.
type oracle struct {
	rows map[string]model.Row
}

func newOracle() *oracle { return &oracle{rows: make(map[string]model.Row)} }

func (o *oracle) upsert(r model.Row, now time.Time) {
	old, ok := o.rows[r.ID]
	if !ok {
		o.rows[r.ID] = store.Fresh(r, now)
		return
	}
	o.rows[r.ID], _ = store.Merge(old, r, now)
}

// list returns every row of the view that matches, in order.
func (o *oracle) list(q model.Query, now time.Time) []model.Row {
	view := q.View
	if view == "" {
		view = model.ViewAll
	}
	var all []model.Row
	for _, r := range o.rows {
		if r.In(view, q.Who, now) && matches(&r, q) {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b model.Row) int { return cmp.Or(compare(&a, &b, q.Sort), strings.Compare(a.ID, b.ID)) })
	return all
}

func (o *oracle) counts(who string, now time.Time) model.Counts {
	counts := make(model.Counts)
	for _, v := range model.Views() {
		counts[v.View] = 0
		for _, r := range o.rows {
			if r.In(v.View, who, now) {
				counts[v.View]++
			}
		}
	}
	return counts
}

func (o *oracle) tags() map[string]int64 {
	tags := make(map[string]int64)
	for _, r := range o.rows {
		for _, t := range r.Tags {
			tags[t]++
		}
	}
	return tags
}

// alike returns the ids of rows that have the same value, newest first.
func (o *oracle) alike(id string, value func(model.Row) model.Personal) []string {
	want := value(o.rows[id])
	rows := slices.DeleteFunc(slices.Collect(maps.Values(o.rows)), func(r model.Row) bool {
		return want.Empty() || r.ID == id || value(r).Reveal() != want.Reveal()
	})
	slices.SortFunc(rows, func(a, b model.Row) int {
		return cmp.Or(b.UpdatedAt.Compare(a.UpdatedAt), strings.Compare(a.ID, b.ID))
	})
	return ids(rows)
}

// compare puts two rows in order, as model says what the orders are.
func compare(a, b *model.Row, s model.Sort) int {
	switch s {
	case model.SortNewest:
		return b.UpdatedAt.Compare(a.UpdatedAt)
	case model.SortWorst:
		return cmp.Or(cmp.Compare(a.Verdict.Rank(), b.Verdict.Rank()), a.WaitsFrom.Compare(b.WaitsFrom))
	case model.SortName:
		x, y := store.Fold(a.Name.Reveal()), store.Fold(b.Name.Reveal())
		if (x == "") != (y == "") {
			return cmp.Compare(len(y), len(x)) // rows without a name come last
		}
		return strings.Compare(x, y)
	default:
		return a.WaitsFrom.Compare(b.WaitsFrom)
	}
}

// matches applies filters and the search rule to one row.
func matches(r *model.Row, q model.Query) bool {
	in := len(q.Statuses) == 0 || slices.Contains(q.Statuses, r.Status)
	in = in && (len(q.Verdicts) == 0 || slices.Contains(q.Verdicts, r.Verdict))
	in = in && (len(q.Countries) == 0 || slices.Contains(q.Countries, r.DocCountry))
	in = in && (q.FlowID == "" || q.FlowID == r.FlowID)
	in = in && (len(q.Flows) == 0 || slices.Contains(q.Flows, r.FlowID))
	for _, tag := range q.Tags {
		in = in && r.HasTag(tag)
	}
	for _, part := range strings.Fields(q.Search) {
		in = in && found(r, store.Fold(part))
	}
	return in
}

// found says whether each word of a folded text, which has no blanks in it,
// begins a word of the row.
func found(r *model.Row, part string) bool {
	pieces := split(part)
	letters := 0
	for _, p := range pieces {
		letters += len([]rune(p))
	}
	texts := append([]string{r.Name.Reveal(), r.ExternalID, r.CustomerID, r.DocNumber.Reveal()}, r.Tags...)
	texts = slices.AppendSeq(texts, maps.Values(r.Custom))
	if letters >= 4 {
		texts = append(texts, r.ID)
	}
	for _, p := range pieces {
		if !slices.ContainsFunc(texts, func(t string) bool { return begins(p, store.Fold(t)) }) {
			return false
		}
	}
	return true
}

// begins looks at every place of a text where a word may begin.
func begins(piece, text string) bool {
	if strings.Contains(text, "'") && begins(piece, strings.ReplaceAll(text, "'", "")) {
		return true
	}
	before := kindNone
	for i, r := range text {
		now := kind(r, before)
		fresh := now != before || now == kindDense || now == kindSign
		if now != kindNone && fresh && strings.HasPrefix(text[i:], piece) {
			return true
		}
		before = now
	}
	return false
}

// split takes a folded text apart where the kind of letter changes.
func split(text string) []string {
	var all []string
	before := kindNone
	for _, r := range text {
		now := kind(r, before)
		switch {
		case now == kindNone:
		case now != before || now == kindSign:
			all = append(all, string(r))
		default:
			all[len(all)-1] += string(r)
		}
		before = now
	}
	return all
}

const (
	kindNone  = iota // between words
	kindWord         // of a word
	kindDense        // of a script without spaces
	kindSign         // an emoji and the like
)

// kind says what a letter is; a mark is what stands before it.
func kind(r rune, before int) int {
	switch {
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Thai, unicode.Lao,
		unicode.Khmer, unicode.Myanmar), r == 'ー':
		return kindDense
	case unicode.In(r, unicode.L, unicode.N):
		return kindWord
	case unicode.Is(unicode.M, r):
		if before == kindNone || before == kindSign {
			return kindWord
		}
		return before
	case unicode.Is(unicode.So, r) && r != unicode.ReplacementChar:
		return kindSign
	}
	return kindNone
}

func ids(rows []model.Row) []string {
	var all []string
	for i := range rows {
		all = append(all, rows[i].ID)
	}
	return all
}
