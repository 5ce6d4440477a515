package omni

import (
	"context"

	"docket/omni/transport"
)

// IdentitySession is one passed session of a person. The reference names no
// member but interviewId; the rest is in Tree.
type IdentitySession struct {
	InterviewID Text `omni:"interviewId"`
	Tree        Node
}

// IdentitySessions reads all passed sessions of the same person (Incode Omni
// API, Fetch all passed onboardings for the same person). Sessions that did not
// pass are not in it.
func (c *Client) IdentitySessions(ctx context.Context, customerID string) (Answer[[]IdentitySession], error) {
	a := args{path: map[string]string{"customerId": customerID}}
	return call(ctx, c, EndpointIdentitySessions, a, decodeIdentitySessions)
}

func decodeIdentitySessions(body []byte) ([]IdentitySession, error) {
	_, n, err := decode[[]IdentitySession](body, shape{array: true})
	if err != nil {
		return nil, err
	}
	sessions := make([]IdentitySession, 0, len(n.Items))
	for _, item := range n.Items {
		s := IdentitySession{Tree: item}
		fill(item, &s)
		if s.InterviewID.Value == "" {
			return nil, transport.WrongShape("a session of the list has no interviewId")
		}
		sessions = append(sessions, s)
	}
	return sessions, nil
}
