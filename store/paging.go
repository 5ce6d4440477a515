package store

import (
	"slices"

	"docket/model"
)

// Spot is a place in the order: just before or just after a row.
type Spot struct {
	Key any
	ID  string
	Own bool // the row at the spot itself belongs to the run
}

// Entry is a row at its place in the order.
type Entry struct {
	Key any
	ID  string
	Row model.Row
}

func (e *Entry) cursor() *model.Cursor { return &model.Cursor{Key: WriteKey(e.Key), ID: e.ID} }

// startOf returns where a page starts and in which direction it is read.
func startOf(q model.Query) (from *Spot, back bool, err error) {
	cursor := q.After
	switch {
	case q.Last:
		return nil, true, nil
	case q.Before != nil:
		cursor, back = q.Before, true
	case cursor == nil:
		return nil, false, nil
	}
	key, err := ReadKey(SortOf(q.Sort), cursor)
	return &Spot{Key: key, ID: cursor.ID}, back, err
}

// PageOf puts the page of a query together. find returns the first rows from a spot
// on (nil: from the end of the order), at most limit, in the direction asked for. It
// is asked for one row more than the page has, to know whether there are more, and
// once in the other direction.
func PageOf(q model.Query, find func(from *Spot, back bool, limit int) ([]Entry, error)) (model.Page, error) {
	var p model.Page
	from, back, err := startOf(q)
	if err != nil || q.Contradicts() {
		return p, err
	}
	limit := Limit(q.Limit)
	found, err := find(from, back, limit+1)
	if err != nil {
		return p, err
	}
	ahead := len(found) > limit
	found = found[:min(len(found), limit)]
	behind := false
	if from != nil {
		opposite := *from
		opposite.Own = true
		if len(found) > 0 {
			opposite = Spot{Key: found[0].Key, ID: found[0].ID}
		}
		rest, err := find(&opposite, !back, 1)
		if err != nil {
			return p, err
		}
		behind = len(rest) > 0
	}
	p.More, p.Less = ahead, behind
	if back {
		slices.Reverse(found)
		p.More, p.Less = behind, ahead
	}
	for i := range found {
		p.Rows = append(p.Rows, found[i].Row)
	}
	if n := len(found); n > 0 {
		p.First, p.Last = found[0].cursor(), found[n-1].cursor()
	}
	return p, nil
}
