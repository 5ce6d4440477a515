package intake

import (
	"context"
	"errors"

	"docket/model"
	"docket/store"
)

// brief says in a few words what is wrong, without what was in the hands of who failed:
// an error may quote a row.
func brief(err error) string {
	var p *model.Problem
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "given up"
	case errors.As(err, &p):
		return p.Message
	case errors.Is(err, store.ErrDown):
		return store.ErrDown.Error()
	case errors.Is(err, store.ErrDamaged):
		return store.ErrDamaged.Error()
	}
	return "the inbox could not keep it"
}
