package sim

import "math/rand/v2"

// What the API tells a customer's server, and when.

// SessionEvent is what the API sends when something happens to a whole session.
type SessionEvent struct {
	InterviewID        string `json:"interviewId"`
	Type               string `json:"event_type"`
	OnboardingStatus   string `json:"onboardingStatus,omitempty"`
	ExternalCustomerID string `json:"externalCustomerId,omitempty"`
	IdentityID         string `json:"identityId,omitempty"`
}

// Types of session events.
const (
	EventStarted       = "SESSION_STARTED"
	EventSucceeded     = "SESSION_SUCCEEDED"
	EventFailed        = "SESSION_FAILED"
	EventPendingReview = "SESSION_PENDING_REVIEW"
)

// eventTypes are the events that a verdict stands for.
var eventTypes = map[string]string{
	resOK: EventSucceeded, resWarn: EventSucceeded, "MANUAL_OK": EventSucceeded,
	resFail: EventFailed, "MANUAL_FAIL": EventFailed,
	resManual: EventPendingReview, "MANUAL_PENDING": EventPendingReview,
}

// event is the session event that the session's state stands for, if there is one.
func (s *session) event() (SessionEvent, bool) {
	e := SessionEvent{InterviewID: s.p.id, ExternalCustomerID: s.p.externalCustomerID}
	switch {
	case s.status() == statuses[stageStarted]:
		e.Type = EventStarted
		return e, true
	case s.stage < stageFinished || s.status() == "EXPIRED":
		return e, false
	}
	e.Type, e.OnboardingStatus, e.IdentityID = eventTypes[s.verdict], s.status(), s.customerID
	return e, e.Type != ""
}

// tell sends what a change of a session's status is told with. The lock must be held.
func (s *Server) tell(found *session) {
	s.tellStatus(found)
	s.tellEvent(found)
}

// tellStatus sends the onboarding status. UNKNOWN is never sent.
func (s *Server) tellStatus(found *session) {
	if found.status() != statuses[stageStarted] {
		s.send(found.webhook())
	}
}

// tellIf sends the status of a session that was deleted, where the deletion asks for
// it.
func (s *Server) tellIf(notify bool, found *session) {
	if notify {
		s.tellStatus(found)
	}
}

func (s *Server) tellEvent(found *session) {
	if e, ok := found.event(); ok {
		s.send(e)
	}
}

// send hands a webhook to the sender, if there is one. The lock must be held.
func (s *Server) send(tree any) {
	if s.sender == nil {
		return
	}
	if body, err := encode(tree); err == nil { // these types always encode
		s.sender.push(body)
	}
}

// authOneIn: one step in so many is beside an authentication.
const authOneIn = 12

// authenticateSomebody lets an enrolled customer authenticate now and then. Without
// a sender nobody would hear of it.
func (s *Server) authenticateSomebody() {
	if s.sender == nil {
		return
	}
	if s.authenticates == nil {
		s.authenticates = s.people.rng(0, "authentications")
	}
	r := s.authenticates
	if r.IntN(authOneIn) > 0 {
		return
	}
	const tries = 32
	for range tries {
		if found := s.find(s.ids[r.IntN(len(s.ids))]); found.customerID != "" && found.state != "Deleted" {
			s.authenticate1to1(found, anyOutcome(r))
			return
		}
	}
}

// anyOutcome is a match six times in eight.
func anyOutcome(r *rand.Rand) Outcome {
	switch r.IntN(8) {
	case 0:
		return OutcomeMismatch
	case 1:
		return OutcomeSpoof
	default:
		return OutcomeMatch
	}
}
