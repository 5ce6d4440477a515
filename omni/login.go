package omni

import "context"

// Login is the answer of the executive log-in.
type Login struct {
	Token ExecutiveToken
}

// LogIn exchanges an executive's e-mail address and password for a token
// (Incode Omni API, Admin-Login). It is not repeated: attempts may be counted.
func (c *Client) LogIn(ctx context.Context, email, password string) (Answer[Login], error) {
	body := struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}{email, password}
	return call(ctx, c, EndpointLogIn, args{body: body, secrets: []string{email, password}}, decodeLogin)
}

func decodeLogin(body []byte) (Login, error) {
	wire, _, err := decode[struct {
		Token Text `omni:"token"`
	}](body, shape{must: []string{"token"}})
	if err != nil {
		return Login{}, err
	}
	return Login{Token: ExecutiveToken(wire.Token.Value)}, checkToken(wire.Token)
}
