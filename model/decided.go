package model

import "time"

// Decided is a decision of a person on a session.
type Decided struct {
	Action ActionKind `json:"action"`           // ActApprove or ActReject
	By     string     `json:"by,omitempty"`     // authenticated identity; empty: it was not made from here
	At     time.Time  `json:"at,omitzero"`      // zero: it was not made from here
	Reason string     `json:"reason,omitempty"` // code of the catalogue
}

// decidedBy says which words of the API mean which decision.
var decidedBy = map[string]ActionKind{
	string(StatusManualReviewApproved): ActApprove, string(StatusManualReviewRejected): ActReject,
	string(ManualOK): ActApprove, string(ManualFail): ActReject,
}

// DecisionOf returns how a session with this status and verdict was decided by a
// person; empty: it was not. Where the two differ it is the status that counts.
func DecisionOf(s Status, v Verdict) ActionKind {
	if kind := decidedBy[string(s)]; kind != "" {
		return kind
	}
	return decidedBy[string(v)]
}

// Overturns returns the decision on the session that an action would take back or
// turn into its opposite; nil: none. Who made it is known only of one from here.
func (s *Session) Overturns(kind ActionKind) *Decided {
	was := DecisionOf(s.Status, s.Verdict)
	info := kind.Info()
	switch {
	case was == "", !info.Reverses && !info.Decision, was == kind:
		return nil
	case s.Decided != nil && s.Decided.Action == was:
		return s.Decided
	}
	return &Decided{Action: was}
}

// Says tells in one sentence what an action does to the decision.
func (d *Decided) Says(kind ActionKind) string {
	verb, what := "Overturns", "approval"
	if kind.Info().Reverses {
		verb = "Takes back"
	}
	if d.Action == ActReject {
		what = "rejection"
	}
	if d.By == "" {
		return verb + " the " + what + " of this session; it was not made from here."
	}
	return verb + " the " + what + " of " + d.By + " of " + d.At.UTC().Format(time.DateOnly) + "."
}
