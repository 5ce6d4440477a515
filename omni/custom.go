package omni

import (
	"context"

	"docket/omni/transport"
)

// CustomFields are the key-value pairs that the client's backend attached to a
// session, in the order sent.
type CustomFields struct {
	Fields []Member
	Tree   Node
}

// CustomFields reads the custom fields of the session that the token belongs
// to (Incode Omni API, Get custom fields).
func (c *Client) CustomFields(ctx context.Context, token SessionToken) (Answer[CustomFields], error) {
	return call(ctx, c, EndpointCustomFields, args{session: token}, decodeCustomFields)
}

func decodeCustomFields(body []byte) (CustomFields, error) {
	wire, n, err := decode[struct {
		Fields Node `omni:"customFields"`
	}](body, shape{})
	if err != nil {
		return CustomFields{}, err
	}
	if wire.Fields.Kind != Object && !wire.Fields.empty() {
		return CustomFields{}, transport.WrongShape("expected customFields to be an object, got %s", wire.Fields.Kind)
	}
	return CustomFields{Fields: wire.Fields.Members, Tree: n}, nil
}
