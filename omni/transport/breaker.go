package transport

import (
	"errors"
	"time"

	"github.com/sony/gobreaker/v2"
)

const (
	breakerFailures = 5                // failed connections in a row that open it
	breakerRest     = 10 * time.Second // how long it stays open
)

// breaker stops trying when connections fail. Only a connection that could
// not be made counts: not a status, not a slow or dropped answer (one broken
// endpoint must not take the others with it) and not a caller that gave up.
type breaker = gobreaker.CircuitBreaker[struct{}]

func newBreaker(rest time.Duration) *breaker {
	return gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:      rest,
		ReadyToTrip:  func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= breakerFailures },
		IsSuccessful: func(err error) bool { return err == nil || reached(err) },
		IsExcluded:   func(err error) bool { return err != nil && !reached(err) && !noConnection(err) },
	})
}

func reached(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Sent
}

func noConnection(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.noConn
}
