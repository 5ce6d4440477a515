package intake

import (
	"context"
	"sync"
	"time"
)

const (
	// perTarget is how much is sent to a target at once. It is less than what is sent at
	// once in all, so that a target that is slow keeps no other waiting.
	perTarget = 4
	// turnWait is how long one waits for room in a lane; where that was too short others
	// do not wait.
	turnWait = time.Second
	// longestTurn is how long something is turned away at most.
	longestTurn = time.Minute
)

// lane is the way to one target. What finds it full although the target is slow is given
// a turn, one after the other, as far apart as the target takes to answer.
type lane struct {
	room chan struct{} // holds one for each that is sent

	mu   sync.Mutex
	slow bool
	took time.Duration // how long the target took last
	next time.Time     // the last turn that was given
}

func newLane() *lane { return &lane{room: make(chan struct{}, perTarget)} }

// enter takes a place in the lane; when there is none it returns after how long to try
// again.
func (l *lane) enter(ctx context.Context, c Clock) (turn time.Duration, entered bool) {
	select {
	case l.room <- struct{}{}:
		return 0, true
	default:
	}
	if !l.isSlow() {
		select {
		case l.room <- struct{}{}:
			return 0, true
		case <-c.After(turnWait):
		case <-ctx.Done():
		}
	}
	return l.turn(c.Now()), false
}

func (l *lane) isSlow() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.slow
}

// turn gives the next turn.
func (l *lane) turn(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.slow = true
	if l.next.Before(now) {
		l.next = now
	}
	l.next = l.next.Add(max(l.took, turnWait) / perTarget)
	return min(l.next.Sub(now), longestTurn)
}

// leave gives the place back, after so long.
func (l *lane) leave(took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	<-l.room
	l.took, l.slow = took, took >= turnWait
	if !l.slow {
		l.next = time.Time{}
	}
}
