package model

import "slices"

// SecondRule says which actions a second person has to confirm. An empty list
// leaves open what it is about; a rule applies when all that it names do.
type SecondRule struct {
	Name      string // for people: why a second person is asked for
	Actions   []ActionKind
	Verdicts  []Verdict
	Reasons   []string // codes of the catalogue
	Countries []string // of the document, alpha-3
	Flows     []string // flow ids
}

// Applies reports whether the rule asks for a second person for an action on a
// session. What is not known of a session may be what the rule is about: then it
// applies.
func (r SecondRule) Applies(a Action, so *Session) bool {
	if so == nil {
		so = &Session{}
	}
	return named(r.Actions, a.Kind) && named(r.Reasons, a.Reason) && maybe(r.Verdicts, so.ownVerdict()) &&
		maybe(r.Countries, so.Document.Country) && maybe(r.Flows, so.FlowID)
}

// ownVerdict is the verdict as far as no person has put another in its place. What it
// was under a decision, or before somebody asked for a review, is not known any more:
// else one person would do that first, and then approve what a rule keeps from one
// person.
func (s *Session) ownVerdict() Verdict {
	if s.Acted || s.Verdict == ManualOK || s.Verdict == ManualFail {
		return ""
	}
	return s.Verdict
}

func named[T comparable](list []T, value T) bool {
	return len(list) == 0 || slices.Contains(list, value)
}

func maybe[T ~string](list []T, value T) bool { return value == "" || named(list, value) }
