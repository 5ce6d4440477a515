package transport

import (
	"context"
	"time"
)

// Priority says who waits for a call. The zero value is a person.
type Priority int

// Priorities, the first served first.
const (
	// Person: somebody looks at the screen and waits.
	Person Priority = iota
	// Refresh: something on screen is brought up to date unasked.
	Refresh
	// Prefetch: it may be wanted soon.
	Prefetch

	priorities
)

// String gives the priority's name as it is written in the journal.
func (p Priority) String() string {
	switch p {
	case Person:
		return "person"
	case Refresh:
		return "refresh"
	default:
		return "prefetch"
	}
}

type priorityKey struct{}

// WithPriority marks every call made under the context it returns.
func WithPriority(ctx context.Context, p Priority) context.Context {
	return context.WithValue(ctx, priorityKey{}, min(max(p, Person), Prefetch))
}

// PriorityOf tells the priority that ctx carries; Person when it carries none.
func PriorityOf(ctx context.Context) Priority {
	p, _ := ctx.Value(priorityKey{}).(Priority) // absent: the zero value, a person
	return p
}

type patienceKey struct{}

// WithPatience marks every read made under the context it returns: when it would have to
// wait for longer than d in all, for room in the limits or because the API asks for a
// pause before the next try, it fails instead, with the wait that was asked for.
func WithPatience(ctx context.Context, d time.Duration) context.Context {
	return context.WithValue(ctx, patienceKey{}, d)
}

// patienceOf tells how long a read under ctx may wait in all; false: as long as it takes.
func patienceOf(ctx context.Context) (time.Duration, bool) {
	d, ok := ctx.Value(patienceKey{}).(time.Duration)
	return d, ok
}
