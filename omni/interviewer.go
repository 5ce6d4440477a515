package omni

import "context"

// SetInterviewer assigns an interviewer to a session (Incode Omni API, Assign
// interviewId to interview).
func (c *Client) SetInterviewer(ctx context.Context, id, interviewerID string) (Answer[Done], error) {
	body := struct {
		ID            string `json:"interviewId"`
		InterviewerID string `json:"interviewerId"`
	}{id, interviewerID}
	return call(ctx, c, EndpointSetInterviewer, args{body: body}, decodeDone)
}
