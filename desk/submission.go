package desk

import (
	"context"
	"sync"
	"time"

	"docket/model"
)

// Submission is an action on its way: held back first, then sent once. Only a
// desk makes one and leads it through its life, and in tests what stands in for
// a desk; everyone else watches it and may take it back with Undo.
type Submission struct {
	Action model.Action
	Until  time.Time // when the hold ends

	mu       sync.Mutex
	state    submissionState
	cancel   context.CancelFunc
	done     chan struct{}
	outcomes []model.Outcome
}

type submissionState uint8

const (
	held submissionState = iota
	sending
	undone
	ended
)

// NewSubmission returns a submission that is held back. For desks: cancel ends
// the hold, and nobody waits for until but the caller, who goes on with Begin.
func NewSubmission(a model.Action, until time.Time, cancel context.CancelFunc) *Submission {
	return &Submission{Action: a, Until: until, cancel: cancel, done: make(chan struct{})}
}

// Undo takes the action back and reports whether that came in time. After true
// nothing is sent, ever.
func (s *Submission) Undo() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == held {
		s.state = undone
		s.cancel()
	}
	return s.state == undone
}

// Held reports whether the action can still be undone.
func (s *Submission) Held() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state == held
}

// Done is closed when the action has ended, sent or not.
func (s *Submission) Done() <-chan struct{} { return s.done }

// Outcomes returns how it ended, one for each session, after Done.
func (s *Submission) Outcomes() []model.Outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.outcomes
}

// Begin moves from held to sending and reports whether it may: the one gate
// between a hold and a write. For desks: after false nothing must be sent.
func (s *Submission) Begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != held {
		return false
	}
	s.state = sending
	return true
}

// End records the outcomes, one for each session, and lets everyone who waits go
// on. For desks: exactly once, sent or not.
func (s *Submission) End(outcomes []model.Outcome) {
	s.mu.Lock()
	s.state = ended
	s.outcomes = outcomes
	s.mu.Unlock()
	close(s.done)
}
