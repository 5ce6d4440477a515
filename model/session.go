package model

import (
	"slices"
	"time"
)

// Part is one of the pieces of a session that are fetched, shown and refreshed
// each alone.
type Part string

// The parts of a session.
const (
	PartStatus  Part = "status"  // how far the session has come
	PartScore   Part = "score"   // verdict, checks, facts, rules
	PartOCR     Part = "ocr"     // what was read from the document
	PartOCR2    Part = "ocr2"    // what was read from the second document
	PartDevice  Part = "device"  // device and place
	PartEvents  Part = "events"  // the timeline
	PartSummary Part = "summary" // which sides of the document were captured
	PartImages  Part = "images"  // which pictures there are
	PartLinked  Part = "linked"  // passed sessions of the same person
	PartLife    Part = "life"    // session status; needs the session's own token
	PartCustom  Part = "custom"  // custom fields; needs the session's own token

	// What goes into a case file and is shown nowhere: it is kept as it came.
	PartSignature Part = "events-signature" // the provider's signature over all events
	PartReport    Part = "events-report"    // the timeline as the provider prints it, a PDF; needs the session's own token
)

// Applicant is who the session is about, as far as the documents say.
type Applicant struct {
	Name      Personal `json:"name,omitzero"`
	BirthDate Personal `json:"birthDate,omitzero"` // YYYY-MM-DD
	Gender    Personal `json:"gender,omitzero"`
}

// Document is the identity document in short.
type Document struct {
	Type    string // the API's typeOfId: Passport, DriversLicense, …
	Country string // ISO 3166 alpha-3, upper case, if the API said it so
	State   string
	Number  Personal
	Expires Personal // YYYY-MM-DD, or a year if that is all there is
}

// Device is what is known of the device that captured the session. Coordinates
// come from the device; the API does not locate IP addresses.
type Device struct {
	Type      string   `json:"type,omitempty"` // WEBAPP, IOS, ANDROID
	Model     string   `json:"model,omitempty"`
	IP        Personal `json:"ip,omitzero"`
	Hash      Personal `json:"hash,omitzero"`
	Latitude  *float64 `json:"latitude,omitempty"`
	Longitude *float64 `json:"longitude,omitempty"`
	Location  Personal `json:"location,omitzero"`
	Country   string   `json:"country,omitempty"` // ISO alpha-2 as the device gave it
	Data      []Field  `json:"-"`                 // everything else the API returned
}

// Event is one thing that happened in a session.
type Event struct {
	Name   string    `json:"name"`
	At     time.Time `json:"at,omitzero"`
	Detail []Field   `json:"detail,omitempty"`
	Tone   Tone      `json:"-"` // bad for a failed attempt

	Meaning Meaning `json:"-"`
}

// Linked is another session of the same person or device.
type Linked struct {
	ID         string `json:"id"`
	ExternalID string `json:"externalId,omitempty"`
	Why        string `json:"why"` // one of the Link constants
	SameName   *bool  `json:"sameName,omitempty"`
	Row        *Row   `json:"-"` // what the inbox knows of it, if it is there
}

// Why sessions are linked.
const (
	LinkExisting = "existing" // the face is enrolled by this session
	LinkIdentity = "identity" // a passed session of the same identity
	LinkDevice   = "device"   // the same device hash in the inbox
	LinkIP       = "ip"       // the same IP address in the inbox
)

// Antifraud is the result of comparing the session with others, if there is
// one.
type Antifraud struct {
	Status CheckStatus `json:"status,omitempty"`
	Value  string      `json:"value,omitempty"`
}

// Image is a picture that the API has for the session. Its link is not kept
// here: links are secrets that live for an hour.
type Image struct {
	Type    string  `json:"type"`
	Count   int     `json:"count"`
	Meaning Meaning `json:"-"`
}

// Raw is the body of one answer, as the API sent it.
type Raw struct {
	Call       string // the name of the endpoint in the table of the provider
	Body       []byte
	HTTP       int
	At         time.Time
	Took       time.Duration
	ServerTook time.Duration
}

// PartState is how far the fetching of a part has come.
type PartState struct {
	Loading bool
	At      time.Time // when the shown value came; zero: never
	Problem *Problem
	Raw     []Raw
	Target  string // path and query of the call, if a person can repeat it with the executive's token
}

// Done reports whether the part has come or visibly failed.
func (s PartState) Done() bool { return !s.At.IsZero() || s.Problem != nil }

// Session is everything that is known of one session. A Session that was handed
// out is never changed: an update makes a new one.
type Session struct {
	ID       string
	Provider string

	Status       Status
	Life         Life
	Verdict      Verdict
	Score        *float64 // 0 to 100
	ReviewReason ReviewReason
	ExternalID   string
	CustomerID   string // the identity this session belongs to or matches
	FlowID       string
	ClientID     string
	CreatedAt    time.Time
	FinishedAt   time.Time

	Applicant Applicant
	Document  Document
	Checks    []Check // worst first
	Facts     []Fact
	Rules     []Rule
	OCR       []Field
	OCR2      []Field
	Findings  []Finding // what docket noticed by comparing fields
	Device    *Device
	Antifraud *Antifraud
	Events    []Event
	Images    []Image
	Linked    []Linked
	Summary   []Field
	Custom    []Field

	Decided *Decided // the decision that was made from here last, if one was and none took it back
	Acted   bool     // an action from here ended on it: the verdict may be a person's doing

	EventsMore bool // there are events after the ones here: they are paged

	Stuck Stuck // where the customer is stuck, by what has come so far

	VerdictMeaning  Meaning
	StatusMeaning   Meaning
	ReasonMeaning   Meaning
	LifeMeaning     Meaning
	SectionMeanings map[string]Meaning // of every section that a check, fact or rule belongs to

	Altered []string // where cleaning had to change a text
	Digest  string   // of the canonical session, for the drift guard; empty until score has come
	Parts   map[Part]PartState
}

// Finding is something that docket noticed by putting two values beside each
// other. It is never a verdict.
type Finding struct {
	Key   string // what kind of finding, from the provider's table
	Tone  Tone
	Text  string   // for a person; it may count from a value, and so tell it
	Plain string   // Text for who may not see the value; empty: Text tells nothing of it
	Shown Personal // the values compared, if showing them helps
	Field string   // the OCR field it belongs to, if any
	About []string // the keys of the checks that it says more about
}

// Clone returns a copy whose slices and map can be replaced without touching
// the original.
func (s *Session) Clone() *Session {
	c := *s
	c.Parts = make(map[Part]PartState, len(s.Parts)+1)
	for k, v := range s.Parts {
		c.Parts[k] = v
	}
	return &c
}

// Worst returns the worst check that did not pass, and false if every check
// passed or there is none.
func (s *Session) Worst() (Check, bool) {
	for _, c := range s.Checks {
		if c.Status.Tone() != ToneGood {
			return c, true
		}
	}
	return Check{}, false
}

// Failed returns the checks that did not pass: what an approval overrides.
func (s *Session) Failed() []Check {
	return slices.DeleteFunc(slices.Clone(s.Checks), func(c Check) bool { return c.Status.Tone() != ToneBad })
}

// Fact returns the fact with the section and key.
func (s *Session) Fact(section, key string) (Fact, bool) {
	for _, f := range s.Facts {
		if f.Section == section && f.Key == key {
			return f, true
		}
	}
	return Fact{}, false
}

// Field returns the OCR field with the name.
func (s *Session) Field(name string) (Field, bool) {
	for _, f := range s.OCR {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// Problems returns what went wrong while fetching, by part.
func (s *Session) Problems() []Problem {
	var all []Problem
	for _, st := range s.Parts {
		if st.Problem != nil {
			all = append(all, *st.Problem)
		}
	}
	slices.SortFunc(all, func(a, b Problem) int {
		switch {
		case a.Part < b.Part:
			return -1
		case a.Part > b.Part:
			return 1
		}
		return 0
	})
	return all
}

// ReadBefore reports whether a part was read before a moment.
func (s *Session) ReadBefore(t time.Time) bool {
	for _, part := range s.Parts {
		if !part.At.IsZero() && part.At.Before(t) {
			return true
		}
	}
	return false
}

// ReadyToDecide reports whether score and OCR have come or visibly failed.
func (s *Session) ReadyToDecide() bool {
	return s.Parts[PartScore].Done() && s.Parts[PartOCR].Done()
}
