package sim

import (
	"slices"
	"time"
)

// session is a session as it stands: its profile and what was done to it.
type session struct {
	p          *profile
	stage      stage
	reached    [stageCount]time.Time
	onboarding string // set status; empty: the stage's
	state      string // Alive, Closed or Deleted
	verdict    string
	reason     string
	reasons    []string // messages of "needs review" requests
	customerID string   // identity that it belongs to
	created    time.Time
	updated    time.Time
	closed     time.Time
	extra      []event // since the population was built
	flags      map[string]bool
	sms        []string // what the customer was sent, the oldest first
	edits      object   // OCR fields that an update replaced
	interview  string   // who was set as interviewer
	fields     map[string]any
	antifraud  *antifraud
	exempt     bool // resolved: no part in later antifraud checks
	kept       []string
	redirect   string // where the customer is sent in the end
	action     string // what the flow did by the score when it was finished
}

// newSession is a session that nobody acted on yet.
func newSession(p *profile) *session {
	s := &session{
		p: p, stage: p.until, reached: p.reached, onboarding: p.story.status, state: "Alive",
		verdict: p.verdict, reason: p.reason, customerID: p.customerID, created: p.created,
		updated: p.finished, antifraud: p.antifraud, flags: map[string]bool{}, action: actionNone,
		fields: map[string]any{"channel": []string{"web", "branch", "app"}[p.index%3]},
	}
	if p.form != nil {
		s.fields["firstName"], s.fields["lastName"] = p.form.given, p.form.family
	}
	if !p.decided.IsZero() {
		s.updated = p.decided
	}
	if p.story.closed {
		s.state, s.closed = "Closed", s.updated
	}
	if p.deleted {
		s.state = "Deleted"
	}
	return s
}

// status is the onboarding status.
func (s *session) status() string {
	if s.onboarding != "" {
		return s.onboarding
	}
	return statuses[s.stage]
}

// deleted says whether the session's data is gone, apart from an entity that
// the deletion was told to keep.
func (s *session) deleted(entity string) bool {
	return s.state == "Deleted" && (entity == "" || !slices.Contains(s.kept, entity))
}

// note adds an event and moves the time of the last update.
func (s *session) note(at time.Time, name string, data object) {
	s.extra = append(s.extra, event{name, data, at})
	s.updated = at
}

// needsReview says whether a person has to decide.
func (s *session) needsReview() bool {
	return s.status() != "EXPIRED" && (s.verdict == "MANUAL" || s.verdict == "MANUAL_PENDING")
}

// incomplete says whether the applicant has not come to the end.
func (s *session) incomplete() bool { return s.onboarding == "" && s.stage < stageFinished }

// passed says whether it counts as a passed onboarding of its identity.
func (s *session) passed() bool {
	return slices.Contains([]string{"OK", "WARN", "MANUAL_OK"}, s.verdict) && s.state != "Deleted"
}

func (s *session) antifraudSection() any {
	if s.antifraud == nil {
		return nil
	}
	value := map[string]float64{resOK: 100}[s.antifraud.status]
	return object{{"overall", object{{"value", num(value)}, {"status", s.antifraud.status}, {"key", nil}}}}
}

// Session is what a test may know about a simulated session.
type Session struct {
	ID, Story          string
	OnboardingStatus   string
	SessionStatus      string
	Verdict            string // empty while there is none
	ReviewReason       string
	ReviewMessages     []string // newReason of each "needs review"
	ClientID, FlowID   string
	ExternalID         string
	ExternalCustomerID string
	CustomerID         string // identity; empty: not enrolled
	ExistingID         string // earlier session with the same face
	Name               string
	Country            string // alpha-3 of the document's issuer
	DocumentType       string
	DocumentNumber     string
	Created, Updated   time.Time
	Events             int
	Interviewer        string
	ManualIDCheck      bool
	ManualSelfieCheck  bool
	SMS                []string // what the customer was sent, the oldest first
	AntifraudExempt    bool
}

func (s *session) snapshot() Session {
	p := s.p
	snap := Session{
		ID: p.id, Story: p.story.name, OnboardingStatus: s.status(), SessionStatus: s.state,
		ReviewReason: s.reason, ReviewMessages: slices.Clone(s.reasons),
		ClientID: p.clientID, FlowID: p.flow.id, ExternalID: p.externalID, ExternalCustomerID: p.externalCustomerID,
		CustomerID: s.customerID, Name: p.doc.name.full(p.doc.kind.native), Country: p.doc.kind.country,
		DocumentType: p.doc.kind.typeOfID, DocumentNumber: p.doc.number, Created: s.created, Updated: s.updated,
		Events: len(s.events()), Interviewer: s.interview, ManualIDCheck: s.flags["manualIdCheckNeeded"],
		ManualSelfieCheck: s.flags["manualSelfieCheckNeeded"], SMS: slices.Clone(s.sms), AntifraudExempt: s.exempt,
	}
	if s.stage == stageFinished {
		snap.Verdict = s.verdict
	}
	if p.link != nil {
		snap.ExistingID = p.link.interviewID
	}
	return snap
}

// Webhook is what the API sends to a customer's server when the status of a
// session changes.
type Webhook struct {
	InterviewID      string `json:"interviewId"`
	OnboardingStatus string `json:"onboardingStatus"`
	ClientID         string `json:"clientId"`
	FlowID           string `json:"flowId"`
	ExternalID       string `json:"externalId,omitempty"`
}

func (s *session) webhook() Webhook {
	return Webhook{s.p.id, s.status(), s.p.clientID, s.p.flow.id, s.p.externalID}
}
