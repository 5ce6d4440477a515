package omni

import (
	"context"
	"slices"
	"strconv"
)

// DeleteSession deletes a session's personal data for good (Incode Omni API,
// Delete PII data for single onboarding session). keepIdentity keeps the
// customer's identity; the API's own default is not to. notify sends the
// status change to the client's webhook.
func (c *Client) DeleteSession(ctx context.Context, id string, keepIdentity, notify bool) (Answer[Done], error) {
	query := map[string]string{
		"interviewId":      id,
		"keepCustomer":     strconv.FormatBool(keepIdentity),
		"sendNotification": strconv.FormatBool(notify),
	}
	return call(ctx, c, EndpointDeleteSession, args{query: query}, decodeDone)
}

// Entities that a deletion of personal data can keep.
const (
	KeepIdentities    = "identities"
	KeepFaceTemplates = "faceTemplates"
	KeepImages        = "images"
	KeepStats         = "stats"
	KeepChats         = "chats"
	KeepFingerprints  = "deviceFingerPrints"
)

// DeleteFilter names the sessions to delete by exactly one of its members.
type DeleteFilter struct {
	IDs        []string `json:"ids,omitempty"`
	FlowID     string   `json:"flowId,omitempty"`
	ExternalID string   `json:"externalId,omitempty"`
}

// DeleteOptions say what a deletion leaves; the zero value is the API's default.
type DeleteOptions struct {
	PIIOnly          bool     `json:"deletePiiDataOnly,omitempty"`
	SendNotification bool     `json:"sendNotification,omitempty"`
	Keep             []string `json:"relatedEntitiesToKeep,omitempty"` // with PIIOnly only
}

// DeleteSessions deletes the personal data of all sessions that the filter
// names (Incode Omni API, Delete PII data for multiple onboarding sessions with
// multiple options).
func (c *Client) DeleteSessions(ctx context.Context, filter DeleteFilter, options DeleteOptions) (Answer[Done], error) {
	named := 0
	for _, is := range []bool{len(filter.IDs) > 0, filter.FlowID != "", filter.ExternalID != ""} {
		if is {
			named++
		}
	}
	switch {
	case named != 1:
		return Answer[Done]{}, invalid(EndpointDeleteSessions, "exactly one of ids, flowId and externalId must be given")
	case slices.Contains(filter.IDs, ""):
		return Answer[Done]{}, invalid(EndpointDeleteSessions, "an interview id is empty")
	case len(options.Keep) > 0 && !options.PIIOnly:
		return Answer[Done]{}, invalid(EndpointDeleteSessions, "relatedEntitiesToKeep works with deletePiiDataOnly only")
	}
	body := struct {
		Filter DeleteFilter   `json:"filter"`
		Config *DeleteOptions `json:"config,omitempty"`
	}{Filter: filter}
	if options.PIIOnly || options.SendNotification {
		body.Config = &options
	}
	return call(ctx, c, EndpointDeleteSessions, args{body: body}, decodeDone)
}
