package model

import (
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Link is the address at which a customer goes through an onboarding. Whoever has it
// is that customer to the API, so however it is printed, logged or marshaled, it is
// hidden; only Reveal gives it.
type Link struct{ url string }

// NewLink returns a link. The address must be checked already.
func NewLink(url string) Link { return Link{url} }

// hiddenLink is what a link is printed as.
const hiddenLink = "[link]"

// Reveal returns the address itself.
func (l Link) Reveal() string { return l.url }

// Empty reports whether there is no address.
func (l Link) Empty() bool { return l.url == "" }

// String gives a placeholder.
func (Link) String() string { return hiddenLink }

// Format writes a placeholder for every verb.
func (Link) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hiddenLink) } // nobody to tell

// MarshalText gives a placeholder, in JSON too.
func (Link) MarshalText() ([]byte, error) { return []byte(hiddenLink), nil }

// LogValue gives a placeholder.
func (Link) LogValue() slog.Value { return slog.StringValue(hiddenLink) }

// LinkEvent is one time that the link of a session was sent or shown, or that a check
// by hand was asked for.
type LinkEvent struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`               // identity
	What   string    `json:"what"`             // one of the Link constants below
	How    string    `json:"how,omitempty"`    // of showing: "text", "qr", …; of flags: which
	Result Result    `json:"result,omitempty"` // of what was sent; empty while nobody knows
}

// What became of a link.
const (
	LinkSent    = "sms"   // an SMS with it was sent
	LinkShown   = "shown" // somebody here saw it or took it along
	LinkFlagged = "flag"  // no link: a check by hand was asked for
)

// SMSPlaceholder is where the API puts the link into the text of an SMS.
const SMSPlaceholder = "{0}"

// SMSText is what an SMS says unless the configuration or a person says otherwise.
const SMSText = "Please go on with your identity check here: " + SMSPlaceholder

// SMSLetters is how long the text of an SMS may be, in letters, without the link. The
// reference names no limit; more would be sent in many pieces.
const SMSLetters = 300

// SMSWrong says what is wrong with the text of an SMS and what to do about it; both
// empty: nothing.
func SMSWrong(text string) (message, do string) {
	rest := strings.Replace(text, SMSPlaceholder, "", 1)
	switch {
	case strings.TrimSpace(text) == "":
		return "The text of the SMS is empty", "leave it out, or write one that holds " + SMSPlaceholder
	case rest == text:
		return "The text of the SMS has no place for the link", "write " + SMSPlaceholder + " where the link goes"
	case strings.ContainsAny(rest, "{}"):
		return "The text of the SMS holds braces beside the place for the link", "write " + SMSPlaceholder + " once, and no other { or }"
	case strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "The text of the SMS holds line breaks or characters that cannot be seen", "write it in one line"
	case utf8.RuneCountInString(rest) > SMSLetters:
		return "The text of the SMS is longer than " + strconv.Itoa(SMSLetters) + " letters", "say it in fewer words"
	}
	return "", ""
}

// What a check by hand can be asked for, and taken back.
const (
	FlagIDCheck       = "id-check"
	FlagSelfieCheck   = "selfie-check"
	FlagNoIDCheck     = "no-id-check"
	FlagNoSelfieCheck = "no-selfie-check"
)

// Flags returns every flag, each before the one that takes it back.
func Flags() []string {
	return []string{FlagIDCheck, FlagNoIDCheck, FlagSelfieCheck, FlagNoSelfieCheck}
}

// linkWords say each of a link's events to a person.
var linkWords = map[string]string{LinkSent: "SMS", LinkShown: "link shown", LinkFlagged: "check by hand"}

// linkResults say how what was sent ended.
var linkResults = map[Result]string{
	ResultDone: "sent", ResultRefused: "refused, not sent", ResultNotSent: "not sent", ResultUnknown: "sent, outcome unknown",
}

// Says says in a few words what happened.
func (e LinkEvent) Says() string {
	text := linkWords[e.What]
	if e.How != "" {
		text += " (" + e.How + ")"
	}
	if word, ok := linkResults[e.Result]; ok {
		text += " " + word
	}
	return text
}
