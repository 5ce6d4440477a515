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

// Approval is the answer of "Approve customer". The access token for the new
// customer, which the API puts beside it, is dropped.
type Approval struct {
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
	v.Tree = n
	return v, succeeded(v.Success, n)
}
