package model

import "slices"

// CheckStatus is the result of one check or of the whole session, as the API
// words it. It is never computed here. A value that is not in the table below
// is kept and ranks between UNKNOWN and MANUAL_OK.
type CheckStatus string

// The statuses that the reference names.
const (
	Fail          CheckStatus = "FAIL"
	ManualFail    CheckStatus = "MANUAL_FAIL"
	Warn          CheckStatus = "WARN"
	Manual        CheckStatus = "MANUAL"
	ManualPending CheckStatus = "MANUAL_PENDING"
	Unknown       CheckStatus = "UNKNOWN"
	ManualOK      CheckStatus = "MANUAL_OK"
	OK            CheckStatus = "OK"
)

// Verdict is the status of the whole session: the total overall of its score.
// Empty means that there is no verdict yet.
type Verdict = CheckStatus

// worstFirst orders the statuses for everything that lists checks. Statuses
// that are new to docket come just before the good ones: they may be bad news.
var worstFirst = []CheckStatus{Fail, ManualFail, Warn, Manual, ManualPending, Unknown, "", ManualOK, OK}

// Rank orders statuses worst first, from 0.
func (s CheckStatus) Rank() int {
	if i := slices.Index(worstFirst, s); i >= 0 && s != "" {
		return i
	}
	return slices.Index(worstFirst, "")
}

// Known reports whether the reference names the status.
func (s CheckStatus) Known() bool { return s != "" && slices.Contains(worstFirst, s) }

// Tone is how a status should feel, for colours and signs.
type Tone uint8

// The tones, each with a sign of its own so that colour is never needed.
const (
	ToneNone  Tone = iota // nothing was said
	ToneGood              // passed
	ToneBad               // failed
	ToneWarn              // look at it
	ToneHuman             // waits for a person
	ToneQuery             // no result: neither good nor bad
)

// Tone returns how the status should feel.
func (s CheckStatus) Tone() Tone {
	switch s {
	case "":
		return ToneNone
	case OK, ManualOK:
		return ToneGood
	case Fail, ManualFail:
		return ToneBad
	case Warn:
		return ToneWarn
	case Manual, ManualPending:
		return ToneHuman
	default:
		return ToneQuery
	}
}

// OpenToDecision reports whether a session with this verdict waits for a
// person. Any other verdict needs an override.
func (s CheckStatus) OpenToDecision() bool { return s == Manual || s == ManualPending }

// Verdicts returns the verdicts that the reference names, worst first.
func Verdicts() []Verdict {
	return slices.DeleteFunc(slices.Clone(worstFirst), func(s CheckStatus) bool { return s == "" })
}

// Status is how far a session has come, in the API's words
// ("onboardingStatus"). A status that is not in the table is kept.
type Status string

// The onboarding statuses that are known.
const (
	StatusUnknown              Status = "UNKNOWN"
	StatusIDFinished           Status = "ID_VALIDATION_FINISHED"
	StatusSecondIDFinished     Status = "ID_VALIDATION_FINISHED_SECOND_ID"
	StatusPostProcessed        Status = "POST_PROCESSING_FINISHED"
	StatusFaceFinished         Status = "FACE_VALIDATION_FINISHED"
	StatusGovernmentFinished   Status = "GOVERNMENT_VALIDATION_FINISHED"
	StatusFinished             Status = "ONBOARDING_FINISHED"
	StatusManualReviewApproved Status = "MANUAL_REVIEW_APPROVED"
	StatusManualReviewRejected Status = "MANUAL_REVIEW_REJECTED"
	StatusExpired              Status = "EXPIRED"
)

// Statuses returns the known onboarding statuses in the order of a session's
// life.
func Statuses() []Status {
	return []Status{
		StatusUnknown, StatusIDFinished, StatusSecondIDFinished, StatusPostProcessed, StatusFaceFinished,
		StatusGovernmentFinished, StatusFinished, StatusManualReviewApproved, StatusManualReviewRejected, StatusExpired,
	}
}

// ranks say how far each status is in a session's life. What ends a session, one
// way or the other, is as far as anything else that does.
var ranks = map[Status]int{
	StatusIDFinished: 1, StatusSecondIDFinished: 2, StatusPostProcessed: 3, StatusFaceFinished: 4,
	StatusGovernmentFinished: 5, StatusFinished: 6,
	StatusManualReviewApproved: 7, StatusManualReviewRejected: 7, StatusExpired: 7,
}

// Rank returns how far a session with this status has come, from 1; 0: nobody knows,
// because it is UNKNOWN or new to docket.
func (s Status) Rank() int { return ranks[s] }

// Decided reports whether a person has decided the session at the API.
func (s Status) Decided() bool {
	return s == StatusManualReviewApproved || s == StatusManualReviewRejected
}

// Life is whether a session still takes input ("sessionStatus").
type Life string

// The lives of a session.
const (
	Alive   Life = "Alive"
	Closed  Life = "Closed"
	Deleted Life = "Deleted"
)

// ReviewReason is Incode's reason why a session with the verdict MANUAL needs
// a person.
type ReviewReason string

// The reasons that the reference names.
const (
	ManualCapture ReviewReason = "MANUAL_CAPTURE"
	RuleApplied   ReviewReason = "RULE_APPLIED"
	OldID         ReviewReason = "OLD_ID"
)
