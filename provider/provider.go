// Package provider holds what every adapter of a verification system shares.
// Each adapter has a folder of its own and turns a system's wire types into the
// model; text is cleaned there and nowhere else.
package provider

import "context"

// Priority says who waits for a request, so that a limited API serves people
// first.
type Priority uint8

// The priorities, most urgent first.
const (
	Person   Priority = iota // somebody looks at the screen and waits
	Refresh                  // the console keeps itself up to date
	Prefetch                 // it may be wanted soon
)

type priorityKey struct{}

// WithPriority returns a context whose requests have the priority.
func WithPriority(ctx context.Context, p Priority) context.Context {
	return context.WithValue(ctx, priorityKey{}, p)
}

// PriorityOf returns the priority of a context's requests; Person if none was
// set.
func PriorityOf(ctx context.Context) Priority {
	p, _ := ctx.Value(priorityKey{}).(Priority)
	return p
}
