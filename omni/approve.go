package omni

import (
	"context"

	"docket/omni/transport"
)

// Features that an approval can be limited to.
const (
	ComponentLiveness        = "liveness"
	ComponentFaceRecognition = "faceRecognition"
	ComponentID              = "id"
	ComponentGovernment      = "governmentValidation"
)

// Approval is the answer of "Approve customer".
type Approval struct {
	// Token is the access token for the new customer, "" when the API sent none. It
	// is for callers who asked for it; nothing else keeps it.
	Token            CustomerToken
	Success          Flag `omni:"success"`
	CustomerID       Text `omni:"uuid"` // the identity that was made
	TotalScore       Node `omni:"totalScore"`
	ExistingCustomer Flag `omni:"existingCustomer"`
	Tree             Node // without the token
}

// Approve enrols the customer: it makes an identity out of a session (Incode
// Omni API, Approve customer). It is not the manual review decision, see
// SetManualReview. Without components all of the API's own checks count.
func (c *Client) Approve(ctx context.Context, id string, components ...string) (Answer[Approval], error) {
	a := args{query: map[string]string{"interviewId": id}}
	if len(components) > 0 {
		a.body = struct {
			Components []string `json:"approveComponents"`
		}{components}
	}
	return call(ctx, c, EndpointApprove, a, decodeApproval)
}

func decodeApproval(body []byte) (Approval, error) {
	clean := cutTokens(body)
	if clean == nil {
		return Approval{}, transport.WrongShape("the answer is %s", errNotJSON.Error())
	}
	v, n, err := decode[Approval](clean, shape{must: []string{"success"}})
	if err != nil {
		return Approval{}, err
	}
	v.Tree, v.Token = n, CustomerToken(tokenIn(body))
	return v, succeeded(v.Success, n)
}

// tokenIn is the member "token" of an object, "" where there is none.
func tokenIn(body []byte) string {
	n, err := ParseNode(body)
	if err != nil {
		return ""
	}
	var token Text
	token.take(n.Get("token"))
	return token.Value
}
