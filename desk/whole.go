package desk

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"docket/audit"
	"docket/model"
	"docket/store"
)

// Who sees names and numbers masked must not find out by searching what they are: no
// beginnings of words, no order by name, no tags. They find whom they know already, by
// the whole id of a session or of a customer, the whole number of a document, or the
// whole name.

// mostFound is how many sessions such a search finds: of more than so many namesakes the
// number would tell them apart, and the name does not.
const mostFound = 100

// asked returns a query as this seat may ask it.
func (s *Seat) asked(q model.Query) (model.Query, *model.Problem) {
	if len(q.Tags) > 0 {
		if p := s.denied(MayRisk); p != nil {
			p.Message, p.Do = "The role "+string(s.Me().Role)+" may not see tags", "take the filter away"
			return q, p
		}
	}
	if q.Sort == model.SortName && !s.May(MaySee) {
		q.Sort = model.SortDue
	}
	return q, nil
}

// find returns a page of the inbox as the store has it, logged as a search or a view.
func (s *Seat) find(ctx context.Context, q model.Query) (model.Page, error) {
	if strings.TrimSpace(q.Search) == "" || s.May(MaySee) {
		return s.listed(ctx, q)
	}
	return s.findWhole(ctx, q)
}

// findWhole finds sessions of whom somebody knows already. It is one page.
func (s *Seat) findWhole(ctx context.Context, q model.Query) (model.Page, error) {
	text := strings.TrimSpace(q.Search)
	var page model.Page
	for _, way := range []func(context.Context, model.Query, string) ([]model.Row, error){s.byNumber, s.byName} {
		rows, err := way(ctx, q, text)
		if err != nil {
			return model.Page{}, err
		}
		for _, row := range rows {
			if len(page.Rows) < mostFound && !slices.ContainsFunc(page.Rows, func(r model.Row) bool { return r.ID == row.ID }) {
				page.Rows = append(page.Rows, row)
			}
		}
	}
	return page, nil
}

// mostPages is how many pages of sessions are looked at whose words begin like an id or
// a number. A short one may begin many.
const mostPages = 10

// byNumber returns the sessions that have a text as their id, or as the number of their
// document: those among whose words begin so.
func (s *Seat) byNumber(ctx context.Context, q model.Query, text string) (found []model.Row, err error) {
	if squeezed(text) == "" {
		return nil, nil
	}
	q.After, q.Before, q.Last, q.Limit, q.Sort = nil, nil, false, store.MaxLimit, model.SortNewest
	for range mostPages {
		page, err := s.listed(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Rows {
			if r.ID == text || r.ExternalID == text || squeezed(r.DocNumber.Reveal()) == squeezed(text) {
				found = append(found, r)
			}
		}
		if !page.More || len(found) >= mostFound {
			break
		}
		q.After = page.Last
	}
	return found, nil
}

// byName returns the sessions of a name. In the order of names they stand together,
// right behind the place of the name.
func (s *Seat) byName(ctx context.Context, q model.Query, text string) ([]model.Row, error) {
	folded := store.Fold(text)
	key := store.KeysOf(&model.Row{Name: model.NewPersonal(model.ClassName, text)}).Name
	q.Search, q.Sort, q.Limit, q.Before, q.Last = "", model.SortName, mostFound, nil, false
	q.After = &model.Cursor{Key: key}
	page, err := s.listed(ctx, q)
	return slices.DeleteFunc(page.Rows, func(r model.Row) bool { return store.Fold(r.Name.Reveal()) != folded }), err
}

// squeezed is a number without what people put between its letters.
func squeezed(number string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, number)
}

// looksForWhole logs a search of somebody who finds by whole words only: each text is a
// search of its own, and the same one read again, because rows changed, is not.
func (s *Seat) looksForWhole(ctx context.Context, text string) error {
	now := s.d.cfg.Now()
	s.seen.turn.Lock()
	defer s.seen.turn.Unlock()
	if s.seen.sameSearch(text, now) {
		return nil
	}
	if err := s.d.log(ctx, s.detailed(audit.Search, "", "inbox")); err != nil {
		return stored(err, notShown)
	}
	s.seen.searched(text, now)
	return nil
}
