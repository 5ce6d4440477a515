package acts

import (
	"errors"
	"iter"
	"strconv"

	"docket/store"
)

// Ways are how pieces are written, by their kind.
type Ways map[store.Kind]func(*store.Piece) error

// TakeIn writes every piece and counts them. It returns the highest number that a
// delivery has or had, which no other may get.
func (w Ways) TakeIn(pieces iter.Seq2[store.Piece, error]) (moved store.Moved, highest int64, err error) {
	moved = make(store.Moved)
	for p, err := range pieces {
		if err == nil {
			err = w[p.Kind](&p)
		}
		if err != nil {
			return nil, 0, err
		}
		moved[p.Kind]++
		highest = max(highest, numberOf(&p))
	}
	return moved, highest, nil
}

// numberOf returns the number of a delivery, also of one that was set aside; 0 for
// any other piece.
func numberOf(p *store.Piece) int64 {
	switch {
	case p.Kind == store.KindDelivery:
		return p.Delivery.Seq
	case p.Kind == store.KindJob && p.Job.Kind == store.JobWebhook:
		n, _ := strconv.ParseInt(p.Job.Key, 10, 64) // 0: the store gave no such key
		return n
	}
	return 0
}

// errEnough says that nobody wants further pieces.
var errEnough = errors.New("enough")

// HandOver yields what read puts.
func HandOver(read func(put func(store.Piece) error) error) iter.Seq2[store.Piece, error] {
	return func(yield func(store.Piece, error) bool) {
		enough := false
		err := read(func(p store.Piece) error {
			if enough = !yield(p, nil); enough {
				return errEnough
			}
			return nil
		})
		if err != nil && !enough {
			yield(store.Piece{}, err)
		}
	}
}
