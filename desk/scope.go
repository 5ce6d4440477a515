package desk

import (
	"context"
	"slices"

	"docket/model"
	"docket/store"
)

// A seat has to do with the sessions in its scope. Any other is to it like one that does
// not exist: it gets the same answer, after the same readings, so that nobody learns
// from the answer that there is such a session.

// get returns the row of a session of this seat.
func (s *Seat) get(ctx context.Context, id string) (model.Row, error) {
	row, err := s.d.cfg.Store.Get(ctx, id)
	if err == nil && !s.Me().Scope.Holds(row.FlowID, row.DocCountry) {
		return model.Row{}, store.ErrNotFound
	}
	return row, err
}

// outside returns the problem of an id that the API does not know if a session is none
// of this seat's; nil: it is. The flow of a session is known to the inbox alone, so one
// that is not there is in no scope that names flows.
func (s *Seat) outside(ctx context.Context, id string) *model.Problem {
	scope := s.Me().Scope
	if scope.Whole() || !validID(id) {
		return nil // and no id of a session will be refused as such
	}
	row, err := s.d.cfg.Store.Get(ctx, id)
	if err == nil && scope.Holds(row.FlowID, row.DocCountry) {
		return nil
	}
	e := newEntry(id, s.d.cfg.Provider.Name())
	s.d.fetchParts(ctx, e, addParts) // whatever the inbox knows: else the time it takes would tell
	so, _ := e.now()
	if err != nil && unfound(so) == nil && scope.Holds(so.FlowID, so.Document.Country) {
		return nil
	}
	return notThere(id)
}

// outsideAny returns the problem of the first session that is none of this seat's.
func (s *Seat) outsideAny(ctx context.Context, ids []string) *model.Problem {
	for _, id := range ids {
		if p := s.outside(ctx, id); p != nil {
			return p
		}
	}
	return nil
}

// notThere is the problem of an id that the API does not know.
func notThere(id string) *model.Problem {
	p := model.NewProblem(model.KindNotFound, "The API does not know it", "session "+shortID(id), "check the id and the profile in use")
	p.Part, p.HTTP = model.PartStatus, 404
	return p
}

// known returns what is in memory of a session of this seat, or nil. With a scope it is
// what it was shown.
func (s *Seat) known(id string) *model.Session {
	if !s.Me().Scope.Whole() && !s.seen.ever(sessionView(id)) {
		return nil
	}
	return s.d.cache.peek(id)
}

// within narrows a query to this seat's sessions, and reports whether there can be any.
func (s *Seat) within(q model.Query) (model.Query, bool) {
	scope := s.Me().Scope
	q.Flows = scope.Flows
	if len(scope.Countries) == 0 {
		return q, true
	}
	if len(q.Countries) == 0 {
		q.Countries = scope.Countries
		return q, true
	}
	q.Countries = slices.DeleteFunc(slices.Clone(q.Countries), func(c string) bool { return !slices.Contains(scope.Countries, c) })
	return q, len(q.Countries) > 0
}

// mostCounted is how far the sessions of a seat with a scope are counted: there are no
// counters for scopes, and to count costs what to list does.
const mostCounted = 1000

// countWithin counts the sessions of this seat in each view, up to mostCounted.
func (s *Seat) countWithin(ctx context.Context) (model.Counts, error) {
	counts := model.Counts{}
	for _, v := range model.Views() {
		page, err := s.listed(ctx, model.Query{View: v.View, Limit: mostCounted})
		if err != nil {
			return nil, err
		}
		counts[v.View] = int64(len(page.Rows))
	}
	return counts, nil
}

// listed returns a page of this seat's sessions as the store has them.
func (s *Seat) listed(ctx context.Context, q model.Query) (model.Page, error) {
	q, some := s.within(q)
	if !some {
		return model.Page{}, nil
	}
	q.Who = s.Me().Identity
	return s.d.cfg.Store.List(ctx, q)
}

// scoped returns why a seat with a scope is not shown what is of all sessions.
func (s *Seat) scoped(what string) *model.Problem {
	me := s.Me()
	if me.Scope.Whole() {
		return nil
	}
	return model.NewProblem(model.KindForbidden, what+" of all sessions, and you have to do with some", me.Label(), "ask somebody without a scope")
}
