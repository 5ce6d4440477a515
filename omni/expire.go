package omni

import (
	"context"
	"slices"
)

// ExpireCondition says which sessions expire.
type ExpireCondition string

// Conditions.
const (
	ExpireIncomplete  ExpireCondition = "INCOMPLETE"
	ExpireNeedsReview ExpireCondition = "NEEDS_REVIEW"
)

// Expire expires those of the sessions that meet one of the conditions (Incode
// Omni API, Expire onboarding sessions by interviewIds). The answer does not
// say which did.
func (c *Client) Expire(ctx context.Context, ids []string, conditions ...ExpireCondition) (Answer[Done], error) {
	type configuration struct {
		Conditions []ExpireCondition `json:"expirationConditions"`
	}
	switch {
	case slices.Contains(ids, ""):
		return Answer[Done]{}, invalid(EndpointExpire, "an interview id is empty")
	case len(conditions) == 0:
		return Answer[Done]{}, invalid(EndpointExpire, "expirationConditions is missing")
	}
	for _, condition := range conditions {
		if condition != ExpireIncomplete && condition != ExpireNeedsReview {
			return Answer[Done]{}, invalid(EndpointExpire, "a condition must be INCOMPLETE or NEEDS_REVIEW")
		}
	}
	body := struct {
		IDs           []string      `json:"interviewIds"`
		Configuration configuration `json:"cleanerConfiguration"`
	}{ids, configuration{conditions}}
	return call(ctx, c, EndpointExpire, args{body: body}, decodeDone)
}
