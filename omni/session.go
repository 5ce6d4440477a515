package omni

import (
	"context"

	"docket/omni/transport"
)

// StartRequest is the request of "Start onboarding"; everything is optional.
// With InterviewID it gives a token for that session, if it exists: see
// Started.ExistingSession.
type StartRequest struct {
	CountryCode        string         `json:"countryCode,omitempty"` // ISO alpha-2 or alpha-3, or "ALL"
	Language           string         `json:"language,omitempty"`    // en-US or es-ES
	ExternalID         string         `json:"externalId,omitempty"`  // deprecated in the API
	ExternalCustomerID string         `json:"externalCustomerId,omitempty"`
	InterviewID        string         `json:"interviewId,omitempty"` // deprecated in the API, still the way to a token
	UUID               string         `json:"uuid,omitempty"`
	ConfigurationID    string         `json:"configurationId,omitempty"` // the flow
	RedirectionURL     string         `json:"redirectionUrl,omitempty"`
	CustomFields       map[string]any `json:"customFields,omitempty"`
}

// Started is the answer of "Start onboarding". Counts are captures, time-outs
// seconds, after which the customer is offered another way.
type Started struct {
	Token                 SessionToken
	InterviewID           Text `omni:"interviewId"`
	InterviewCode         Text `omni:"interviewCode"`
	FlowType              Text `omni:"flowType"`
	IDCaptureTimeout      Num  `omni:"idCaptureTimeout"`
	SelfieCaptureTimeout  Num  `omni:"selfieCaptureTimeout"`
	IDCaptureRetries      Num  `omni:"idCaptureRetries"`
	SelfieCaptureRetries  Num  `omni:"selfieCaptureRetries"`
	CURPValidationRetries Num  `omni:"curpValidationRetries"`
	ClientID              Text `omni:"clientId"`
	Env                   Text `omni:"env"`
	// ExistingSession: the id belonged to a session that was there before. When
	// it is not true, the call has made a new one.
	ExistingSession Flag `omni:"existingSession"`
	Tree            Node // without the token
}

// Start starts a session, or gives a token for an existing one (Incode Omni
// API, Start onboarding). It acts: without an existing session it makes one.
func (c *Client) Start(ctx context.Context, r StartRequest) (Answer[Started], error) {
	return call(ctx, c, EndpointStart, args{body: r}, decodeStarted)
}

func decodeStarted(body []byte) (Started, error) {
	v, n, err := decode[Started](body, shape{must: []string{"token", "interviewId"}})
	if err != nil {
		return Started{}, err
	}
	var token Text
	token.take(n.Get("token"))
	v.Token = SessionToken(token.Value)
	// Cutting keeps valid JSON valid.
	if v.Tree, err = ParseNode(cutTokens(body)); err != nil {
		return Started{}, transport.WrongShape("the answer is %s", err.Error())
	}
	return v, checkToken(token)
}

func checkToken(t Text) error {
	if t.Value == "" {
		return transport.WrongShape("token is not a string")
	}
	return nil
}

// Update asks for manual checks of a session. A nil member is not sent.
type Update struct {
	ManualIDCheckNeeded     *bool `json:"manualIdCheckNeeded,omitempty"`
	ManualSelfieCheckNeeded *bool `json:"manualSelfieCheckNeeded,omitempty"`
}

// UpdateSession sets the manual-check flags of a session (Incode Omni API,
// Update — interview). The members that the reference calls deprecated are not
// offered.
func (c *Client) UpdateSession(ctx context.Context, id string, u Update) (Answer[Done], error) {
	if u == (Update{}) {
		return Answer[Done]{}, invalid(EndpointUpdate, "there is no flag to set")
	}
	return call(ctx, c, EndpointUpdate, args{query: map[string]string{"id": id}, body: u}, decodeDone)
}

// invalid is a call that a method refuses before it gets to the table.
func invalid(name, why string) *Error {
	ep, _ := endpoint(name) // the names are constants; the zero row would only lose Write
	return &Error{Kind: KindInvalid, Endpoint: name, Write: ep.Effect == Write, Message: why}
}

// Finished tells whether the processing of a session is done.
type Finished struct {
	Finished Flag `omni:"finished"`
	Tree     Node
}

// Finished asks whether processing is done (Incode Omni API, Fetch processing
// status), for the session that the token belongs to.
func (c *Client) Finished(ctx context.Context, token SessionToken) (Answer[Finished], error) {
	return call(ctx, c, EndpointFinished, args{session: token}, decodeFinished)
}

func decodeFinished(body []byte) (Finished, error) {
	v, n, err := decode[Finished](body, shape{must: []string{"finished"}})
	if err == nil && !v.Finished.Set {
		err = transport.WrongShape("finished is neither true nor false")
	}
	v.Tree = n
	return v, err
}
