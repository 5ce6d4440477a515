package sim

import (
	"fmt"
	"net/http"
)

// Outcome is how a simulated 1:1 face authentication ends.
type Outcome string

// Outcomes of [Server.Authenticate].
const (
	OutcomeMatch    Outcome = "match"
	OutcomeMismatch Outcome = "mismatch" // somebody else's face
	OutcomeSpoof    Outcome = "spoof"    // no living face
)

// codeSpoof is the error code of a spoof attempt in an authentication's webhook.
const codeSpoof = 4005

// Attempt is what a customer's device has in its hands after a 1:1 face
// authentication, and sends to its backend.
type Attempt struct {
	TransactionID  string `json:"transactionId"`
	Token          string `json:"token"`
	InterviewToken string `json:"interviewToken"`
}

// attempt is what the simulator knows of one.
type attempt struct {
	Attempt
	customerID string
	outcome    Outcome
}

// Authenticate lets the customer of an enrolled session authenticate by face, as
// the API's own pages do in front of a camera, and returns what the device sends to
// its backend. The webhook of the result goes out when there are hooks. False:
// nobody is enrolled with that session.
func (s *Server) Authenticate(id string, outcome Outcome) (Attempt, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.find(id)
	if found == nil || found.customerID == "" || found.state == "Deleted" {
		return Attempt{}, false
	}
	made := s.authenticate1to1(found, outcome)
	return made.Attempt, true
}

func (s *Server) authenticate1to1(found *session, outcome Outcome) *attempt {
	n := len(s.attempts)
	made := &attempt{
		Attempt: Attempt{
			TransactionID: hexID(s.people.rng(n, "transaction")), Token: s.sessionToken(found.p.id), InterviewToken: s.sessionToken(found.p.id),
		},
		customerID: found.customerID, outcome: outcome,
	}
	s.attempts[made.TransactionID] = made
	s.send(made.webhook())
	return made
}

// webhook is the result as the API sends it.
func (a *attempt) webhook() object {
	o := object{
		{"customerId", a.customerID},
		{"transactionId", a.TransactionID},
		{"faceMatch", a.outcome == OutcomeMatch},
		{"spoofAttempt", a.outcome == OutcomeSpoof},
		{"children", []string{}},
		{"spoofConfidence", map[Outcome]int{OutcomeSpoof: 1}[a.outcome]},
		{"recognitionConfidence", object{}},
		{"overallScore", map[Outcome]int{OutcomeMatch: 100}[a.outcome]},
	}
	switch a.outcome {
	case OutcomeMatch:
		return append(o, field{"overallStatus", resOK})
	case OutcomeSpoof:
		return append(o, object{
			{"overallStatus", resFail},
			{"error", "Spoof attempt detected"},
			{"errorCode", codeSpoof},
			{"errorMessage", "Spoof attempt detected. Spoof confidence 1.0"},
		}...)
	default:
		return append(o, field{"overallStatus", resFail})
	}
}

// verifyAuthentication says whether an attempt took place as the customer's device
// tells it, and succeeded.
func (s *Server) verifyAuthentication(c *call) (any, *apiError) {
	told := Attempt{}
	told.TransactionID, _ = c.body["transactionId"].(string)
	told.Token, _ = c.body["token"].(string)
	told.InterviewToken, _ = c.body["interviewToken"].(string)
	made := s.attempts[told.TransactionID]
	return object{{"verified", made != nil && made.outcome == OutcomeMatch && made.Attempt == told && s.lives(told.Token)}}, nil
}

// lives says whether a token is known and has not ended.
func (s *Server) lives(text string) bool {
	t := s.tokens.known[text]
	return t != nil && t.expires.After(s.now())
}

// authenticationForm steers [Server.Authenticate] over HTTP.
type authenticationForm struct {
	InterviewID string  `json:"interviewId"`
	Outcome     Outcome `json:"outcome"`
}

func (s *Server) addAuthentication(w http.ResponseWriter, r *http.Request) {
	var form authenticationForm
	if err := readForm(w, r, &form); err != nil {
		http.Error(w, "authentication: "+err.Error(), http.StatusBadRequest)
		return
	}
	switch form.Outcome {
	case OutcomeMatch, OutcomeMismatch, OutcomeSpoof:
	default:
		http.Error(w, fmt.Sprintf("authentication: outcome has to be %s, %s or %s", OutcomeMatch, OutcomeMismatch, OutcomeSpoof), http.StatusBadRequest)
		return
	}
	made, ok := s.Authenticate(form.InterviewID, form.Outcome)
	if !ok {
		http.Error(w, "authentication: nobody is enrolled with that session", http.StatusNotFound)
		return
	}
	writeJSON(w, made)
}
