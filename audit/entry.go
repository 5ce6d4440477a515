package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"docket/model"
)

// Event is what an entry tells of.
type Event string

// The events.
const (
	View       Event = "view"       // personal data of a session was shown
	Reveal     Event = "reveal"     // masked values were shown in clear
	Export     Event = "export"     // data of a session left the console: a file, a raw body, the clipboard
	Link       Event = "link"       // the link to a customer's onboarding was shown, or taken along: how
	Search     Event = "search"     // the inbox was searched; what for is not kept
	Compare    Event = "compare"    // what was seen of two pictures was recorded
	Claim      Event = "claim"      // a session was taken for a time
	Release    Event = "release"    // it was given back
	TakeOver   Event = "takeover"   // it was taken from somebody else
	Propose    Event = "propose"    // a decision waits for a second person
	Withdraw   Event = "withdraw"   // a proposal was taken back by who made it
	Decline    Event = "decline"    // a second person did not confirm a proposal
	Void       Event = "void"       // a proposal ended because its evidence had changed
	Plan       Event = "plan"       // a session is part of a bulk run that begins
	Stop       Event = "stop"       // a bulk run was stopped; what was not sent will not be
	Delete     Event = "delete"     // what was kept here of a session was erased
	Intent     Event = "intent"     // an action is about to be sent
	Outcome    Event = "outcome"    // how it ended
	Undo       Event = "undo"       // it was taken back in time, nothing was sent
	Refused    Event = "refused"    // a guard stopped it, nothing was sent
	Settle     Event = "settle"     // an unknown outcome was settled
	Rule       Event = "rule"       // a rule of the configuration acted on a session
	Retry      Event = "retry"      // what webhooks left undone is tried again
	Drop       Event = "drop"       // what webhooks left undone is given up for good
	Login      Event = "login"      // somebody logged in
	Logout     Event = "logout"     // somebody logged out
	Revoke     Event = "revoke"     // somebody, or a key, was locked out of docket ssh, or let in again
	Config     Event = "config"     // the configuration is another one than at the entry before
	Checkpoint Event = "checkpoint" // the log so far was signed
)

// Digest says what was on the screen by its SHA-256.
type Digest struct {
	What   string `json:"what"`         // "score", "ocr", "picture croppedIDFace"
	SHA256 string `json:"sha256"`       // 64 hexadecimal digits
	Of     string `json:"of,omitempty"` // interview id, if of another session than the entry
}

// Entry is one line of the log. There is no value of a person's data in it, no
// picture and no text of a note.
type Entry struct {
	At       time.Time  `json:"at"`              // UTC, never before that of the entry before
	By       string     `json:"by"`              // authenticated identity
	Label    string     `json:"label,omitempty"` // a name to show; it proves nothing
	Event    Event      `json:"event"`
	Session  string     `json:"session,omitempty"` // interview id
	Action   string     `json:"action,omitempty"`
	Was      string     `json:"was,omitempty"`      // status of the session as it was shown: of a decided one, the action reverses a decision
	Batch    string     `json:"batch,omitempty"`    // ties the entries of one bulk run together
	First    string     `json:"first,omitempty"`    // identity of who proposed what is being sent, of two
	Ref      string     `json:"ref,omitempty"`      // ties intent, undo, refusal and outcome of one action together
	Reason   string     `json:"reason,omitempty"`   // code of the catalogue
	Note     string     `json:"note,omitempty"`     // salted SHA-256 of the note, which is deleted with the person's data
	Evidence []Digest   `json:"evidence,omitempty"` // what was on the screen
	Saw      string     `json:"saw,omitempty"`      // what was recorded in comparing pictures
	Result   string     `json:"result,omitempty"`   // model.Result
	HTTP     int        `json:"http,omitempty"`     // status of the API's answer
	Code     int        `json:"code,omitempty"`     // the API's own code
	Problem  model.Kind `json:"problem,omitempty"`  // why it ended so
	Detail   string     `json:"detail,omitempty"`   // one word or number about the event: a part, a count, a key's name
}

// Encode returns the entry as the bytes that are hashed: one line of JSON.
func (e Entry) Encode() ([]byte, error) {
	e.At = e.At.UTC().Truncate(time.Microsecond)
	line, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("audit entry: %w", err)
	}
	return line, nil
}

// Reverses says which decision the action of the entry takes back or overturns; empty:
// none.
func (e Entry) Reverses() string {
	so := model.Session{Status: model.Status(e.Was)}
	if so.Overturns(model.ActionKind(e.Action)) == nil {
		return ""
	}
	return "reverses " + e.Was
}

// Decode returns the entry that Encode wrote. Members that this version does not
// know are an error: what is not understood is not vouched for.
func Decode(line []byte) (Entry, error) {
	var e Entry
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return e, fmt.Errorf("audit entry: %w", err)
	}
	if d.InputOffset() != int64(len(line)) {
		return e, errors.New("audit entry: something follows it")
	}
	return e, nil
}

// Events returns every event, for help and filters.
func Events() []Event {
	return []Event{
		View, Reveal, Export, Link, Search, Compare, Claim, Release, TakeOver, Propose, Withdraw, Decline, Void, Plan, Stop,
		Intent, Outcome, Undo, Refused, Settle, Delete, Rule, Login, Logout, Revoke, Config, Checkpoint,
	}
}

// Known reports whether there is such an event.
func (e Event) Known() bool { return slices.Contains(Events(), e) }
