package model

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind is what sort of thing went wrong. It decides the exit code, the sign in
// a pane and the advice.
type Kind string

// The kinds of problems.
const (
	KindFailed      Kind = "failed"      // something here failed: disk, store, terminal
	KindUsage       Kind = "usage"       // the call's words are off
	KindAuth        Kind = "auth"        // no token, or the API refused it (401)
	KindForbidden   Kind = "forbidden"   // the key or the role does not allow it (403)
	KindNotFound    Kind = "notfound"    // the API does not know it
	KindRefused     Kind = "refused"     // the API refused it (another 4xx, success false)
	KindGuard       Kind = "guard"       // docket refused it: nothing was sent
	KindDrift       Kind = "drift"       // the session has changed since it was shown: nothing was sent
	KindRate        Kind = "rate"        // too many requests (429)
	KindServer      Kind = "server"      // the API failed (5xx)
	KindShape       Kind = "shape"       // an answer of the wrong shape
	KindTooLarge    Kind = "toolarge"    // an answer over the cap
	KindTimeout     Kind = "timeout"     // no answer in time
	KindUnreachable Kind = "unreachable" // no connection
	KindUndone      Kind = "undone"      // taken back or interrupted while held back: nothing was sent
	KindOutcome     Kind = "outcome"     // a write went out and got no clear answer
)

// Exit codes of the command line. Each kind of problem has one.
const (
	ExitDone        = 0
	ExitFailed      = 1
	ExitUsage       = 2
	ExitNotAllowed  = 3
	ExitNotFound    = 4
	ExitRefused     = 5
	ExitUnreachable = 6
	ExitOutcome     = 7
)

var exitOf = map[Kind]int{
	KindFailed: ExitFailed, KindUsage: ExitUsage, KindAuth: ExitNotAllowed, KindForbidden: ExitNotAllowed,
	KindNotFound: ExitNotFound, KindRefused: ExitRefused, KindGuard: ExitRefused, KindDrift: ExitRefused,
	KindRate: ExitRefused, KindServer: ExitFailed, KindShape: ExitFailed, KindTooLarge: ExitFailed,
	KindTimeout: ExitUnreachable, KindUnreachable: ExitUnreachable, KindUndone: ExitRefused, KindOutcome: ExitOutcome,
}

// Exit returns the exit code that stands for the kind.
func (k Kind) Exit() int {
	if code, ok := exitOf[k]; ok {
		return code
	}
	return ExitFailed
}

// Problem is an error that a person can act on. Its three texts say what
// happened, to what, and what to do now. It never holds personal data.
type Problem struct {
	Part    Part   `json:"part,omitempty"`
	Kind    Kind   `json:"kind"`
	HTTP    int    `json:"http,omitempty"`
	Code    int    `json:"code,omitempty"` // the API's own code
	Message string `json:"message"`        // what happened
	Subject string `json:"subject,omitempty"`
	Do      string `json:"do,omitempty"`

	Wait time.Duration `json:"-"` // how long the API asked to wait; 0: it did not

	cause error
	quote string // the part of Message that somebody else wrote
}

// NewProblem returns a problem of the kind: what happened, to what, what to do.
func NewProblem(kind Kind, message, subject, do string) *Problem {
	return &Problem{Kind: kind, Message: message, Subject: subject, Do: do}
}

// Quote adds to the message what somebody else said of it. It may hold anything.
func (p *Problem) Quote(text string) *Problem {
	p.quote = ": " + text
	p.Message += p.quote
	return p
}

// Unquoted returns the problem without what others said and without the error behind
// it, and a text of its outcome without it too.
func (p *Problem) Unquoted(text string) (*Problem, string) {
	if p == nil {
		return nil, text
	}
	c := *p
	c.cause, c.quote = nil, ""
	if p.quote != "" {
		c.Message = strings.ReplaceAll(p.Message, p.quote, "")
		text = strings.ReplaceAll(text, p.quote, "")
	}
	return &c, text
}

// Because returns the problem with the error behind it, for errors.Is. The
// text of the cause is not shown.
func (p *Problem) Because(err error) *Problem {
	p.cause = err
	return p
}

// Error joins the three parts.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.Message)
	if p.Subject != "" {
		fmt.Fprintf(&b, " (%s)", p.Subject)
	}
	if p.Do != "" {
		b.WriteString(": " + p.Do)
	}
	return b.String()
}

// Unwrap returns the error behind the problem.
func (p *Problem) Unwrap() error { return p.cause }

// AsProblem returns the problem inside err, or err as a problem of the kind
// failed. It returns nil for nil.
func AsProblem(err error) *Problem {
	if err == nil {
		return nil
	}
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return &Problem{Kind: KindFailed, Message: err.Error(), cause: err}
}
