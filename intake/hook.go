// Package intake brings sessions into the inbox by themselves: it takes the webhooks
// that a gateway accepted, looks up what they are about, and does what the rules of
// the configuration say.
package intake

import "encoding/json"

// Kind says what a webhook is about.
type Kind string

// The kinds of webhooks.
const (
	KindOnboarding     Kind = "onboarding"     // a session came to a status
	KindSession        Kind = "session"        // a session started, ended, or waits for a person
	KindAuthentication Kind = "authentication" // somebody who is enrolled was compared with their face
	KindIdentity       Kind = "identity"       // Incode ID verified or authenticated somebody
)

// Hook is a webhook as docket understood it: what the inbox needs, and nothing else
// of what was sent. A token that came along is not in it.
type Hook struct {
	Kind       Kind   `json:"kind"`
	ID         string `json:"id"`               // interview id; of a transaction or an object where there is none
	Status     string `json:"status,omitempty"` // onboarding status
	Event      string `json:"event,omitempty"`  // of a session, or of Incode ID
	FlowID     string `json:"flow,omitempty"`
	ClientID   string `json:"client,omitempty"`
	ExternalID string `json:"external,omitempty"` // the client's own id of the session
	CustomerID string `json:"customer,omitempty"` // identity at the API
	Outcome    string `json:"outcome,omitempty"`  // of an authentication: OK or FAIL
	Detail     string `json:"detail,omitempty"`   // in a few words, nothing personal
}

// Body is the hook as the queue keeps it.
func (h Hook) Body() []byte {
	b, err := json.Marshal(h)
	if err != nil {
		return nil // cannot happen: a struct of texts
	}
	return b
}
