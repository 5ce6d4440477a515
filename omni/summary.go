package omni

import (
	"context"

	"docket/omni/transport"
)

// IDSummary tells whether the sides of a document were taken.
type IDSummary struct {
	Front     Flag `omni:"addFrontResult"`
	Back      Flag `omni:"addBackResult"`
	OnlyFront Flag `omni:"onlyFront"` // the document has one side, a passport for one
	Tree      Node
}

// IDSummary reads whether the captures of a session's document succeeded
// (Incode Omni API, Get ID Summary).
func (c *Client) IDSummary(ctx context.Context, id string) (Answer[IDSummary], error) {
	return call(ctx, c, EndpointIDSummary, args{query: map[string]string{"id": id}}, decodeIDSummary)
}

// The reference can be read as a flat object or as one inside "IdSummaryResponse".
func decodeIDSummary(body []byte) (IDSummary, error) {
	const wrapper = "IdSummaryResponse"
	var v IDSummary
	n, err := ParseNode(body)
	if err != nil {
		return v, transport.WrongShape("the answer is %s", err.Error())
	}
	inner := n
	if wrapped := n.Get(wrapper); wrapped.Kind == Object {
		inner = wrapped
	}
	if err := checkShape[IDSummary](inner, shape{}); err != nil {
		return v, err
	}
	fill(inner, &v)
	v.Tree = inner
	return v, nil
}
