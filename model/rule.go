package model

import (
	"slices"
	"time"
)

// RuleEvent is what a rule waits for.
type RuleEvent string

// The events of rules.
const (
	RuleArrived RuleEvent = "arrived" // a session that came by itself was read for the first time
	RuleVerdict RuleEvent = "verdict" // its verdict is another one
)

// InboxRule says what is done by itself with a session that arrives or changes. An empty
// condition leaves open what it is about; a rule applies when all that it names do. What
// is not known of a session is not what a rule names.
type InboxRule struct {
	Name  string // of its entries in the audit log: rule:NAME
	Event RuleEvent

	Verdicts  []Verdict
	Statuses  []Status
	Flows     []string // flow ids
	Countries []string // of the document, alpha-3
	Reasons   []ReviewReason
	Checks    []string      // the worst check, by its key
	Antifraud []CheckStatus // of the antifraud check
	Existing  *bool         // whether the face is enrolled already; nil: either
	Tagged    []string      // it carries one of these tags

	Tags   []string      // it gets these
	Ahead  time.Duration // it goes before those that have waited so much longer; 0: it does not
	Assign string        // identity that it is claimed for; empty: nobody
	For    time.Duration // how long that claim lasts; 0: as long as any
	Notify []string      // names of targets
	Enroll bool          // the identity is created
}

// Applies reports whether the rule acts on a session as it is now, when the rules have
// seen it last as seen.
func (r InboxRule) Applies(seen Ruled, now *Row) bool {
	return r.happened(seen, now) && r.Holds(now)
}

// happened reports whether the event of the rule did.
func (r InboxRule) happened(seen Ruled, now *Row) bool {
	if r.Event == RuleArrived {
		return !seen.Arrived
	}
	return now.Verdict != "" && now.Verdict != seen.Verdict
}

// Holds reports whether the conditions of the rule hold for a session.
func (r InboxRule) Holds(now *Row) bool {
	return named(r.Verdicts, now.Verdict) && named(r.Statuses, now.Status) && named(r.Flows, now.FlowID) &&
		named(r.Countries, now.DocCountry) && named(r.Reasons, now.ReviewReason) && named(r.Checks, now.WorstKey) &&
		named(r.Antifraud, now.Antifraud) && (r.Existing == nil || *r.Existing == now.Existing) &&
		(len(r.Tagged) == 0 || slices.ContainsFunc(r.Tagged, now.HasTag))
}

// Acts reports whether the rule does anything at all.
func (r InboxRule) Acts() bool {
	return len(r.Tags)+len(r.Notify) > 0 || r.Ahead != 0 || r.Assign != "" || r.Enroll
}
