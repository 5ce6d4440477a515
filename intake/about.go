package intake

import (
	"encoding/json"

	"docket/store"
)

// About says what a job is about: the id of a session, a transaction or an object, and
// the rule that asked for it. Either may be empty.
func About(j store.Job) (id, rule string) {
	var body struct {
		ID   string `json:"id"`   // of a webhook
		Rule string `json:"rule"` // of an enrolment
		Says notice `json:"says"` // of an outgoing webhook
	}
	if json.Unmarshal(j.Body, &body) != nil {
		body.ID, body.Rule, body.Says = "", "", notice{}
	}
	switch j.Kind {
	case store.JobLookUp, store.JobEnroll:
		return j.Key, body.Rule
	case store.JobNotify:
		return body.Says.ID, body.Says.Rule
	}
	return line(body.ID), ""
}
