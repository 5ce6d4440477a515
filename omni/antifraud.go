package omni

import "context"

// ResolveAntifraud exempts a session from future antifraud checks (Incode Omni
// API, Resolve Antifraud result); it does not change a verdict. The reason
// travels in the URL: no personal data.
func (c *Client) ResolveAntifraud(ctx context.Context, id, reason string) (Answer[Done], error) {
	query := map[string]string{"interviewId": id, "reason": reason}
	return call(ctx, c, EndpointResolveAntifraud, args{query: query}, decodeDone)
}

// AntifraudResult is the answer of "Process Antifraud".
type AntifraudResult struct {
	Result   Text `omni:"result"`   // FAILED, PASSED or NOT_EXECUTED
	StepName Text `omni:"stepName"` // the step that found a sign of fraud
	Tree     Node
}

// ProcessAntifraud runs the antifraud check for the session that the token
// belongs to (Incode Omni API, Process Antifraud). It acts, although it is a
// GET: the result affects the total score.
func (c *Client) ProcessAntifraud(ctx context.Context, token SessionToken) (Answer[AntifraudResult], error) {
	return call(ctx, c, EndpointProcessAntifraud, args{session: token}, decodeAntifraudResult)
}

func decodeAntifraudResult(body []byte) (AntifraudResult, error) {
	v, n, err := decode[AntifraudResult](body, shape{must: []string{"result"}})
	if err == nil {
		err = isText("result", v.Result)
	}
	v.Tree = n
	return v, err
}
