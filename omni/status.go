package omni

import "context"

// OnboardingStatus is how far a customer has come.
type OnboardingStatus struct {
	// Status is, by the reference, one of ID_VALIDATION_FINISHED,
	// POST_PROCESSING_FINISHED, FACE_VALIDATION_FINISHED, ONBOARDING_FINISHED,
	// MANUAL_REVIEW_APPROVED, MANUAL_REVIEW_REJECTED, UNKNOWN. Seen beside these:
	// ID_VALIDATION_FINISHED_SECOND_ID, GOVERNMENT_VALIDATION_FINISHED, EXPIRED.
	Status Text `omni:"onboardingStatus"`
	Tree   Node
}

// OnboardingStatus reads the status of a session (Incode Omni API, Fetch
// onboarding status).
func (c *Client) OnboardingStatus(ctx context.Context, id string) (Answer[OnboardingStatus], error) {
	return call(ctx, c, EndpointOnboardingStatus, args{query: map[string]string{"id": id}}, decodeOnboardingStatus)
}

func decodeOnboardingStatus(body []byte) (OnboardingStatus, error) {
	v, n, err := decode[OnboardingStatus](body, shape{must: []string{"onboardingStatus"}})
	if err == nil {
		err = isText("onboardingStatus", v.Status)
	}
	v.Tree = n
	return v, err
}

// SessionAction is a status that a session can be set to.
type SessionAction string

// Session statuses.
const (
	SessionAlive   SessionAction = "Alive"
	SessionClosed  SessionAction = "Closed"  // nothing can be added any more
	SessionDeleted SessionAction = "Deleted" // deletes the important data
)

// SessionStatus is the life of a session, apart from its onboarding status.
type SessionStatus struct {
	ID             Text   `omni:"id,_id"`
	CreatedAt      Millis `omni:"createdAt,_createdAt"`
	UpdatedAt      Millis `omni:"updatedAt,_updatedAt"`
	ClosedAt       Millis `omni:"closedAt,_closedAt"`
	FrontIDTries   Num    `omni:"frontIdAttempts"`
	BackIDTries    Num    `omni:"backIdAttempts"`
	SelfieAttempts Num    `omni:"selfieAttempts"`
	// Status is Alive, Closed or Deleted.
	Status Text `omni:"sessionStatus"`
	Tree   Node
}

// SessionStatus reads the status of the session that the token belongs to
// (Incode Omni API, Get session status).
func (c *Client) SessionStatus(ctx context.Context, token SessionToken) (Answer[SessionStatus], error) {
	return call(ctx, c, EndpointSessionStatus, args{session: token}, decodeSessionStatus)
}

// SetSessionStatus sets a session's status (Incode Omni API, Set session status).
func (c *Client) SetSessionStatus(ctx context.Context, id string, action SessionAction) (Answer[SessionStatus], error) {
	switch action {
	case SessionAlive, SessionClosed, SessionDeleted:
	default:
		return Answer[SessionStatus]{}, invalid(EndpointSetSessionStatus, "action must be Alive, Closed or Deleted")
	}
	query := map[string]string{"action": string(action), "id": id}
	return call(ctx, c, EndpointSetSessionStatus, args{query: query}, decodeSessionStatus)
}

func decodeSessionStatus(body []byte) (SessionStatus, error) {
	// Other endpoints say that they refuse in this way; this one may as well.
	if d, err := decodeDone(body); err != nil && d.Success.Set && !d.Success.Value {
		return SessionStatus{Tree: d.Tree}, err
	}
	v, n, err := decode[SessionStatus](body, shape{must: []string{"sessionStatus"}})
	if err == nil {
		err = isText("sessionStatus", v.Status)
	}
	v.Tree = n
	return v, err
}
