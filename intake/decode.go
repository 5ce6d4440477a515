package intake

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"docket/desk"
	"docket/omni"
	"docket/provider/clean"
)

// Fault is what is wrong with the body of a webhook.
type Fault string

// The faults, as logs and metrics name them.
const (
	FaultJSON   Fault = "not-json" // not JSON, or something follows it
	FaultShape  Fault = "shape"    // JSON, and not what a webhook is
	FaultRepeat Fault = "repeated" // a member is there twice: readers would not agree which counts
	FaultID     Fault = "id"       // the id is missing, or is none
	FaultEvent  Fault = "event"    // an event that there is not
	FaultSample Fault = "sample"   // the sample's own command line, its placeholder not filled in
)

// BodyError says why a body is no webhook. It quotes nothing of the body.
type BodyError struct {
	Fault Fault
	Says  string // a sentence for who sends the webhook
}

// Error returns the sentence.
func (e *BodyError) Error() string { return e.Says }

func wrong(f Fault, format string, args ...any) *BodyError {
	return &BodyError{f, fmt.Sprintf(format, args...)}
}

// The members that tell kinds apart.
const (
	memberInterview = "interviewId"
	memberStatus    = "onboardingStatus"
	memberEventType = "event_type"
	memberEvent     = "event"
	memberAttempt   = "transactionId"
)

// decoders says how each kind is read.
var decoders = map[Kind]func(omni.Node) (Hook, error){
	KindOnboarding: onboarding, KindSession: session, KindAuthentication: authentication, KindIdentity: identity,
}

// Decode reads the body of a webhook. Without a kind its members say which it is. It is
// strict about the id, and about JSON that readers could understand differently; of
// the rest it takes what can be used. The error is a *BodyError.
func Decode(kind Kind, body []byte) (Hook, error) {
	n, err := omni.ParseNode(body)
	switch {
	case err != nil:
		return Hook{}, wrong(FaultJSON, "The body is no JSON document that can be read: %s", err.Error())
	case n.Kind != omni.Object:
		return Hook{}, wrong(FaultShape, "The body is a JSON %s and not an object", n.Kind)
	case repeats(n):
		return Hook{}, wrong(FaultRepeat, "The body names a member twice")
	}
	if kind == "" {
		kind = kindOf(n)
	}
	decode, ok := decoders[kind]
	if !ok {
		return Hook{}, wrong(FaultShape, "The body has none of the members of a webhook: %s", strings.Join([]string{memberStatus, memberEventType, memberAttempt, memberEvent}, ", "))
	}
	return decode(n)
}

// kindOf tells kinds apart by their members.
func kindOf(n omni.Node) Kind {
	has := func(name string) bool { return n.Get(name).Kind != omni.Absent }
	switch {
	case has(memberEventType):
		return KindSession
	case has(memberStatus):
		return KindOnboarding
	case has(memberAttempt):
		return KindAuthentication
	case has(memberEvent):
		return KindIdentity
	default:
		return ""
	}
}

// repeats reports whether an object anywhere in the node has a member twice.
func repeats(n omni.Node) bool {
	seen := map[string]bool{}
	for _, m := range n.Members {
		if seen[m.Key] || repeats(m.Value) {
			return true
		}
		seen[m.Key] = true
	}
	for _, item := range n.Items {
		if repeats(item) {
			return true
		}
	}
	return false
}

// onboarding reads {interviewId, onboardingStatus, clientId, flowId, externalId?}.
func onboarding(n omni.Node) (Hook, error) {
	if n.Get(memberStatus).Kind == omni.Absent {
		return Hook{}, wrong(FaultShape, "The body has no %s", memberStatus)
	}
	id, err := idIn(n, memberInterview)
	return Hook{
		Kind: KindOnboarding, ID: id, Status: textIn(n, memberStatus), FlowID: textIn(n, "flowId"), ClientID: textIn(n, "clientId"),
		ExternalID: textIn(n, "externalId", "externalCustomerId"),
	}, err
}

// session reads {interviewId, event_type, onboardingStatus?, externalCustomerId?, identityId?}.
// Which events there are may grow: what the session is now is looked up anyway.
func session(n omni.Node) (Hook, error) {
	id, err := idIn(n, memberInterview)
	h := Hook{
		Kind: KindSession, ID: id, Event: textIn(n, memberEventType), Status: textIn(n, memberStatus),
		FlowID: textIn(n, "flowId"), ClientID: textIn(n, "clientId"),
		ExternalID: textIn(n, "externalId", "externalCustomerId"), CustomerID: textIn(n, "identityId", "customerId"),
	}
	if err == nil && h.Event == "" {
		return Hook{}, wrong(FaultEvent, "The body's %s says nothing", memberEventType)
	}
	return h, err
}

// outcomes are what an authentication can come to.
var outcomes = map[string]bool{"OK": true, "FAIL": true}

// authentication reads the result of a 1:1 authentication: {transactionId, customerId,
// overallStatus, faceMatch, spoofAttempt, errorCode, …}. Its texts are left out: they
// are made for people who know the customer.
func authentication(n omni.Node) (Hook, error) {
	id, err := idIn(n, memberAttempt)
	h := Hook{Kind: KindAuthentication, ID: id, CustomerID: textIn(n, "customerId")}
	if status := strings.ToUpper(textIn(n, "overallStatus")); outcomes[status] {
		h.Outcome = status
	}
	var why []string
	if textIn(n, "spoofAttempt") == "true" {
		why = append(why, "spoof attempt")
	}
	if textIn(n, "faceMatch") == "false" {
		why = append(why, "no face match")
	}
	if code := n.Get("errorCode"); code.Kind == omni.Number && textIn(n, "errorCode") != "" {
		why = append(why, "code "+textIn(n, "errorCode"))
	}
	h.Detail = strings.Join(why, ", ")
	return h, err
}

// identityEvents are the webhooks of Incode ID.
var identityEvents = map[string]bool{"verification.completed": true, "authentication.completed": true}

// identity reads {token, event, object, id, timestamp}. The token opens what Incode
// knows of the person: it is not read at all.
func identity(n omni.Node) (Hook, error) {
	event := textIn(n, memberEvent)
	if !identityEvents[event] {
		return Hook{}, wrong(FaultEvent, "The body's %s is neither verification.completed nor authentication.completed", memberEvent)
	}
	id, err := idIn(n, "id")
	return Hook{Kind: KindIdentity, ID: id, Event: event}, err
}

// placeholder stands for an interview id in the command line with which the token
// backend sample shows what a webhook is.
const placeholder = "<interviewId>"

// idIn returns an id, which has to be a text and an id.
func idIn(n omni.Node, name string) (string, error) {
	member := n.Get(name)
	switch {
	case member.Kind == omni.Absent || member.Kind == omni.Null:
		return "", wrong(FaultID, "The body has no %s", name)
	case member.Kind == omni.String && member.Text == placeholder:
		return "", wrong(FaultSample, "The body's %s is the sample's placeholder: put an interview id in its place", name)
	case member.Kind != omni.String || !desk.ValidID(member.Text):
		return "", wrong(FaultID, "The body's %s is no id: one is at most 64 letters, digits, - and _", name)
	}
	return member.Text, nil
}

// longestText is how long a text may be to be kept, in runes. Statuses and ids stay far
// below.
const longestText = 256

// textIn returns the first of the members that is a text, a number or a truth value,
// made clean. One that is too long is none: cut, it would be another.
func textIn(n omni.Node, names ...string) string {
	for _, name := range names {
		member := n.Get(name)
		if !member.Scalar() {
			continue
		}
		text, _ := clean.Text(strings.TrimSpace(member.Text))
		if text != "" && utf8.RuneCountInString(text) <= longestText {
			return text
		}
	}
	return ""
}
