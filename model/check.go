package model

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// Source says where an explanation comes from, so that a person knows how far
// to trust it.
type Source string

// The sources of an explanation.
const (
	FromReference Source = "reference" // the API reference says it
	FromPublic    Source = "public"    // the provider's public pages say it
	FromName      Source = "name"      // the reference only names it; the text is our reading
	FromNowhere   Source = ""          // the key is new to docket
)

// Meaning explains a key, a status or a reason in plain words.
type Meaning struct {
	Title  string // a short name, for a narrow column
	Text   string // one or two sentences
	Source Source
}

// NotDefined begins the explanation of a name that the reference only names.
const NotDefined = "Named by Incode, not defined; "

// Known reports whether there is an explanation.
func (m Meaning) Known() bool { return m.Text != "" }

// Guess returns our reading of a name that is not defined ("probably …"), and
// false when the explanation is no guess.
func (m Meaning) Guess() (string, bool) {
	guess, named := strings.CutPrefix(m.Text, NotDefined)
	return guess, named
}

// Check is one test of a session with its result.
type Check struct {
	Section string      `json:"section"`
	Key     string      `json:"key"`
	Status  CheckStatus `json:"status"`
	Value   Personal    `json:"value,omitzero"`
	Meaning Meaning     `json:"-"`
}

// Name returns section and key as one word, the way people write it.
func (c Check) Name() string { return c.Section + "." + c.Key }

// WorstFirst sorts checks by their status, worst first, and keeps the API's
// order among equals.
func WorstFirst(checks []Check) {
	slices.SortStableFunc(checks, func(a, b Check) int { return cmp.Compare(a.Status.Rank(), b.Status.Rank()) })
}

// Scalar says how a fact was written on the wire, so that JSON output keeps it.
type Scalar uint8

// The kinds of scalars.
const (
	ScalarText Scalar = iota
	ScalarNumber
	ScalarBool
)

// Fact is a value of the score that has no status: something to know, not a
// test.
type Fact struct {
	Section string
	Key     string
	Value   Personal
	Scalar  Scalar
	Meaning Meaning
}

// MarshalJSON writes numbers and booleans as such, unless they are masked.
func (f Fact) MarshalJSON() ([]byte, error) {
	var value any = f.Value
	if f.Scalar != ScalarText && !f.Value.Masked() && json.Valid([]byte(f.Value.Reveal())) {
		value = json.RawMessage(f.Value.Reveal())
	}
	return plainJSON(struct {
		Section string `json:"section"`
		Key     string `json:"key"`
		Value   any    `json:"value"`
	}{f.Section, f.Key, value})
}

// True reports whether the fact is the boolean true.
func (f Fact) True() bool { return strings.EqualFold(f.Value.Reveal(), "true") }

// Rule is a rule of the customer's own rule engine that was applied.
type Rule struct {
	Section    string      `json:"section"` // empty for the total
	Name       string      `json:"name,omitempty"`
	Expression string      `json:"expression,omitempty"` // as the provider sent it
	Type       string      `json:"ruleType,omitempty"`
	Status     CheckStatus `json:"status,omitempty"`
}

// Field is one value that was read from a document.
type Field struct {
	Name       string   `json:"field"` // the API's name, nested ones with dots
	Value      Personal `json:"value,omitzero"`
	Confidence *float64 `json:"confidence,omitempty"` // 0 to 1: certainty of reading, not authenticity
	Meaning    Meaning  `json:"-"`
}
