package omni

import (
	"context"

	"docket/omni/transport"
)

// Attempt is a customer's 1:1 face authentication as the customer's device tells
// it: none of it is proven until it is verified.
type Attempt struct {
	TransactionID  string
	Token          CustomerToken
	InterviewToken SessionToken
}

// Verified says whether an attempt took place as it was told.
type Verified struct {
	// Verified is true for an attempt that succeeded and was not tampered with.
	Verified Flag `omni:"verified"`
	Tree     Node // without tokens
}

// VerifyAuthentication asks whether a 1:1 face authentication succeeded and was not
// tampered with (token backend sample, /auth; the Incode Omni API's reference does
// not have it). An attempt that did not is an answer, not an error. Answer.Body is
// verbatim, as that backend hands it on: it is for its caller and not for logs.
func (c *Client) VerifyAuthentication(ctx context.Context, a Attempt) (Answer[Verified], error) {
	body := struct {
		TransactionID  string `json:"transactionId"`
		Token          string `json:"token"`
		InterviewToken string `json:"interviewToken"`
	}{a.TransactionID, a.Token.Reveal(), a.InterviewToken.Reveal()}
	secrets := []string{body.Token, body.InterviewToken}
	return call(ctx, c, EndpointVerifyAuth, args{body: body, secrets: secrets}, decodeVerified)
}

func decodeVerified(body []byte) (Verified, error) {
	clean := cutTokens(body)
	if clean == nil {
		return Verified{}, transport.WrongShape("the answer is %s", errNotJSON.Error())
	}
	v, n, err := decode[Verified](clean, shape{must: []string{"verified"}})
	if err == nil && !v.Verified.Set {
		err = transport.WrongShape("verified is neither true nor false")
	}
	v.Tree = n
	return v, err
}
