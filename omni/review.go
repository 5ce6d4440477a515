package omni

import "context"

// ReviewStatus is a manual review's result.
type ReviewStatus string

// Results of a manual review.
const (
	ReviewRequired ReviewStatus = "REQUIRED"
	ReviewApproved ReviewStatus = "APPROVED" // the client's webhook is told
	ReviewRejected ReviewStatus = "REJECTED" // the client's webhook is told
)

// SetManualReview sets a session's manual review (Incode Omni API, Update
// manual review). A newReason goes with ReviewRequired only, where the API adds
// it to the reasons why the session needs review.
func (c *Client) SetManualReview(ctx context.Context, id string, status ReviewStatus, newReason string) (Answer[Done], error) {
	switch status {
	case ReviewRequired:
	case ReviewApproved, ReviewRejected:
		if newReason != "" {
			return Answer[Done]{}, invalid(EndpointManualReview, "newReason goes with REQUIRED only")
		}
	default:
		return Answer[Done]{}, invalid(EndpointManualReview, "manualReviewStatus must be REQUIRED, APPROVED or REJECTED")
	}
	body := struct {
		Status    ReviewStatus `json:"manualReviewStatus"`
		NewReason string       `json:"newReason,omitempty"`
	}{status, newReason}
	a := args{query: map[string]string{"interviewId": id}, body: body}
	return call(ctx, c, EndpointManualReview, a, decodeDone)
}
