package omni

import (
	"context"
	"strings"
)

// OnboardingURL is the address at which a customer goes through onboarding.
// Whoever has it is that customer to the API: it is not for logs.
type OnboardingURL struct {
	URL  Text `omni:"url"`
	Tree Node
}

// OnboardingURL reads the address of the session that the token belongs to (Incode
// Omni API, Fetch onboarding url). The client id may be empty.
func (c *Client) OnboardingURL(ctx context.Context, token SessionToken, clientID string) (Answer[OnboardingURL], error) {
	a := args{query: map[string]string{"clientId": clientID}, session: token}
	return call(ctx, c, EndpointOnboardingURL, a, decodeOnboardingURL)
}

func decodeOnboardingURL(body []byte) (OnboardingURL, error) {
	v, n, err := decode[OnboardingURL](body, shape{must: []string{"url"}})
	if err == nil {
		err = isText("url", v.URL)
	}
	v.Tree = n
	return v, err
}

// SMSPlaceholder is what the API puts the link in the place of, in the text of an SMS.
const SMSPlaceholder = "{0}"

// SendSMS sends the customer of a session an SMS with the link to its onboarding
// (Incode Omni API, POST /omni/external/send-sms, "used by admins or executives").
// The client id is mandatory. The text may be empty, then the API has its own; else it
// holds SMSPlaceholder once. Where the phone number comes from, and what is said
// without one, the reference leaves open. A second call sends a second SMS.
func (c *Client) SendSMS(ctx context.Context, id, clientID, text string) (Answer[Done], error) {
	if text != "" && strings.Count(text, SMSPlaceholder) != 1 {
		return Answer[Done]{}, invalid(EndpointSendSMS, "smsText must hold "+SMSPlaceholder+" once")
	}
	body := struct {
		ClientID string `json:"clientId"`
		Text     string `json:"smsText,omitempty"`
	}{clientID, text}
	return call(ctx, c, EndpointSendSMS, args{query: map[string]string{"id": id}, body: body}, decodeDone)
}

// Finish is the answer of "Mark onboarding complete".
type Finish struct {
	RedirectionURL Text `omni:"redirectionUrl"` // where the customer is sent, when the flow says so
	Action         Text `omni:"action"`         // none, approved, manualReview or rejected
	Tree           Node
}

// Finish marks the onboarding of the session that the token belongs to as done
// (Incode Omni API, Mark onboarding complete). It acts, although it is a GET: a
// flow may approve or reject by the score.
func (c *Client) Finish(ctx context.Context, token SessionToken) (Answer[Finish], error) {
	return call(ctx, c, EndpointFinish, args{session: token}, decodeFinish)
}

func decodeFinish(body []byte) (Finish, error) {
	v, n, err := decode[Finish](body, shape{})
	v.Tree = n
	return v, err
}
