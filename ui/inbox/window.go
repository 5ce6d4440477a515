package inbox

import (
	"context"

	"docket/model"
)

// The inbox may hold a million rows; the page holds a few chunks of them around
// the cursor, each as one answer of the store.
const (
	chunkRows  = 150
	chunksKept = 4
	margin     = 60 // rows between cursor and edge at which the next chunk is read
)

// lister is what the window asks of the desk.
type lister interface {
	List(ctx context.Context, q model.Query) (model.Page, error)
}

// window is the part of a sorted inbox that is in memory.
type window struct {
	chunks []model.Page
	rows   []*model.Row
	less   bool  // there are rows before
	more   bool  // there are rows after
	base   int64 // how many rows are before; -1: not known
}

// set replaces everything by chunks that follow each other.
func (w *window) set(chunks []model.Page, base int64) {
	w.chunks, w.base = chunks, base
	w.less, w.more = false, false
	if n := len(chunks); n > 0 {
		w.less, w.more = chunks[0].Less, chunks[n-1].More
	}
	if !w.less {
		w.base = 0
	}
	w.flatten()
}

func (w *window) flatten() {
	w.rows = w.rows[:0:0]
	for i := range w.chunks {
		for j := range w.chunks[i].Rows {
			w.rows = append(w.rows, &w.chunks[i].Rows[j])
		}
	}
}

// after adds a chunk behind and returns how many rows fell out in front.
func (w *window) after(p model.Page) (dropped int) {
	w.more = p.More
	if len(p.Rows) > 0 {
		w.chunks = append(w.chunks, p)
	}
	for len(w.chunks) > chunksKept {
		n := len(w.chunks[0].Rows)
		w.chunks = w.chunks[1:]
		dropped += n
		w.less = true
	}
	if w.base >= 0 {
		w.base += int64(dropped)
	}
	w.flatten()
	return dropped
}

// before adds a chunk in front and returns how many rows it has; chunks fall
// out behind.
func (w *window) before(p model.Page) (added int) {
	w.less = p.Less
	if len(p.Rows) > 0 {
		w.chunks = append([]model.Page{p}, w.chunks...)
	}
	for len(w.chunks) > chunksKept {
		w.chunks = w.chunks[:len(w.chunks)-1]
		w.more = true
	}
	switch {
	case !w.less:
		w.base = 0
	case w.base >= 0:
		w.base = max(w.base-int64(len(p.Rows)), 0)
	}
	w.flatten()
	return len(p.Rows)
}

// find returns the place of a session among the rows in memory, or -1.
func (w *window) find(id string) int {
	for i, r := range w.rows {
		if r.ID == id {
			return i
		}
	}
	return -1
}

// total returns how many rows there are in all, if that is known.
func (w *window) total() (int64, bool) {
	if w.more || w.base < 0 {
		return 0, false
	}
	return w.base + int64(len(w.rows)), true
}

// first and last are the edges, for reading on.
func (w *window) first() *model.Cursor { return w.chunks[0].First }

func (w *window) last() *model.Cursor { return w.chunks[len(w.chunks)-1].Last }

// reread reads the same stretch of the inbox again: as many rows as were in
// memory, from the same place.
func reread(ctx context.Context, desk lister, q model.Query, first *model.Cursor, rows int) ([]model.Page, error) {
	q.Limit = chunkRows
	if first != nil {
		b := q
		b.Before, b.Limit = first, 1
		p, err := desk.List(ctx, b)
		if err != nil {
			return nil, err
		}
		q.After = p.Last
	}
	var chunks []model.Page
	for have := 0; ; {
		p, err := desk.List(ctx, q)
		if err != nil {
			return nil, err
		}
		if q.After != nil && len(chunks) == 0 {
			p.Less = true
		}
		chunks = append(chunks, p)
		have += len(p.Rows)
		if !p.More || have >= rows || len(chunks) == chunksKept {
			return chunks, nil
		}
		q.After = p.Last
	}
}
