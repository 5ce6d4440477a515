package model

import (
	"slices"
	"time"
)

// ActionKind is something that changes a session at the API.
type ActionKind string

// The actions.
const (
	ActApprove   ActionKind = "approve"
	ActReject    ActionKind = "reject"
	ActReview    ActionKind = "review"
	ActAntifraud ActionKind = "antifraud"
	ActEnroll    ActionKind = "enroll"
	ActExpire    ActionKind = "expire"
	ActClose     ActionKind = "close"
	ActReopen    ActionKind = "reopen"
	ActDelete    ActionKind = "delete"
	ActSMS       ActionKind = "sms"
	ActFlag      ActionKind = "flag"
)

// Proof says how a read can tell afterwards whether an action took effect.
type Proof uint8

// The ways of proving an outcome.
const (
	ProveNothing Proof = iota // no read can tell: a person decides
	ProveStatus               // the onboarding status changes
	ProveGone                 // the session is not there any more
)

// ActionInfo declares an action: one row a kind, in Actions.
type ActionInfo struct {
	Kind     ActionKind
	Title    string // in dialogs and the palette
	Effect   string // what it does at the API, in one sentence
	Decision bool   // a decision on the session: needs an open verdict or an override
	Reverses bool   // takes back the decision on a decided session, and needs a reason then
	Reasons  bool   // takes a reason code from the catalogue
	Message  string // the name of a text that is sent to the API; empty: none is sent
	Bulk     bool   // may name several sessions in one call
	Careful  bool   // cannot be undone at the API
	Proof    Proof
	Proves   []Status // for ProveStatus: statuses that prove it took effect
}

// Actions returns every action, in the order of the palette.
func Actions() []ActionInfo {
	return []ActionInfo{
		{
			Kind: ActApprove, Title: "Approve", Decision: true, Reasons: true,
			Effect: "Marks the session at Incode as approved by manual review and notifies the client's system.",
			Proof:  ProveStatus, Proves: []Status{StatusManualReviewApproved},
		},
		{
			Kind: ActReject, Title: "Reject", Decision: true, Reasons: true,
			Effect: "Marks the session at Incode as rejected by manual review and notifies the client's system.",
			Proof:  ProveStatus, Proves: []Status{StatusManualReviewRejected},
		},
		{
			Kind: ActReview, Title: "Set needs review", Message: "message", Reverses: true,
			Effect: "Marks the session at Incode as needing manual review; the message goes to Incode as a reason.",
		},
		{
			Kind: ActAntifraud, Title: "Exempt from antifraud", Message: "reason", Careful: true,
			Effect: "Exempts this session from future antifraud checks; it does not change the verdict. The reason goes to Incode in the address of the request: no personal data.",
		},
		{
			Kind: ActEnroll, Title: "Enrol identity", Careful: true,
			Effect: "Creates the identity of this person at Incode; it is not possible to do so twice.",
		},
		{
			Kind: ActExpire, Title: "Expire", Bulk: true, Careful: true,
			Effect: "Expires the session at Incode if it meets the chosen condition.",
			Proof:  ProveStatus, Proves: []Status{StatusExpired},
		},
		{
			Kind: ActClose, Title: "Close session",
			Effect: "Closes the session: the person can add nothing more to it.",
		},
		{
			Kind: ActReopen, Title: "Reopen session",
			Effect: "Makes the session Alive again: the person can add to it.",
		},
		{
			Kind: ActSMS, Title: "Send the link by SMS", Message: "text", Careful: true,
			Effect: "Incode sends the person an SMS with the link to this onboarding. Every time is one more SMS.",
		},
		{
			Kind: ActFlag, Title: "Ask for a check by hand",
			Effect: "Marks the session at Incode: the document or the selfie needs a check by hand, because the captures did not succeed.",
		},
		{
			Kind: ActDelete, Title: "Delete personal data", Careful: true,
			Effect: "Deletes the personal data of this session at Incode and here, for good.",
			Proof:  ProveGone,
		},
	}
}

// Info returns the declaration of the action.
func (k ActionKind) Info() ActionInfo {
	all := Actions()
	if i := slices.IndexFunc(all, func(a ActionInfo) bool { return a.Kind == k }); i >= 0 {
		return all[i]
	}
	return ActionInfo{Kind: k, Title: string(k)}
}

// Reads reports whether what the action needs depends on what the session says.
func (a ActionInfo) Reads() bool { return a.Decision || a.Reverses }

// Expiry conditions that the reference names.
const (
	ExpireIncomplete  = "INCOMPLETE"
	ExpireNeedsReview = "NEEDS_REVIEW"
)

// ApproveComponents returns the features that the reference names for enrolment.
func ApproveComponents() []string {
	return []string{"liveness", "faceRecognition", "id", "governmentValidation"}
}

// Action is one change that a person asks for.
type Action struct {
	Kind         ActionKind
	IDs          []string // one, but for bulk actions
	Reason       string   // a code of the catalogue
	Note         string   // stays here
	Message      string   // goes to the API
	Override     bool     // decide although the verdict is not open to a decision
	Expect       string   // the digest of what was shown; empty: no drift guard
	Conditions   []string // expire
	Components   []string // enroll; empty: all
	Flags        []string // flag
	KeepIdentity bool     // delete
	Notify       bool     // delete
	Evidence     Evidence // what the person had looked at; kept with the reason
	Batch        string   // the bulk run that it is part of; empty: none
}

// ID returns the first session of the action.
func (a Action) ID() string {
	if len(a.IDs) == 0 {
		return ""
	}
	return a.IDs[0]
}

// Result is how an action ended.
type Result string

// The results of an action.
const (
	ResultDone    Result = "done"    // the API confirmed it
	ResultRefused Result = "refused" // nothing changed
	ResultNotSent Result = "notsent" // undone, interrupted, or stopped by a guard
	ResultUnknown Result = "unknown" // sent, and no clear answer
	// ResultProposed is that it waits for a second person; nothing was sent.
	ResultProposed Result = "proposed"
)

// Outcome is the end of an action on one session.
type Outcome struct {
	Action  Action
	ID      string
	Result  Result
	HTTP    int
	Code    int
	Says    string // one sentence for a person
	Status  Status // as read back afterwards; empty if it was not
	Life    Life   // as the API answered; empty if it did not
	Problem *Problem
	At      time.Time
}
