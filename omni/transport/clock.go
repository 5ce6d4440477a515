package transport

import "time"

// Clock is the time as the client sees it. Tests put their own in.
type Clock interface {
	Now() time.Time
	// After sends once on the channel it returns when d has passed.
	After(d time.Duration) <-chan time.Time
}

type systemClock struct{}

func (systemClock) Now() time.Time                         { return time.Now() }
func (systemClock) After(d time.Duration) <-chan time.Time { return time.After(d) }
