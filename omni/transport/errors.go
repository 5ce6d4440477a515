package transport

import (
	"crypto/tls"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Kind is the class of a failed call. It decides what a person is told, what
// is retried and which exit code follows.
type Kind int

// Kinds of failure.
const (
	// KindInvalid: the call was not made, a parameter is missing or not allowed.
	KindInvalid Kind = iota + 1
	// KindAuth: no token, or HTTP 401.
	KindAuth
	// KindForbidden: HTTP 403, an invalid or missing API key or right.
	KindForbidden
	// KindNotFound: HTTP 404, or an API code that says so.
	KindNotFound
	// KindRefused: any other 4xx, or "success": false.
	KindRefused
	// KindRateLimited: HTTP 429, or our own limit (then nothing was sent).
	KindRateLimited
	// KindServer: HTTP 5xx.
	KindServer
	// KindTimeout: no answer in time, or HTTP 408.
	KindTimeout
	// KindUnreachable: no connection, or one that broke.
	KindUnreachable
	// KindBreakerOpen: not tried, too many connections failed just before.
	KindBreakerOpen
	// KindWrongShape: an answer that is not what the endpoint answers.
	KindWrongShape
	// KindTooLarge: a body above the limit.
	KindTooLarge
	// KindCanceled: the caller gave up.
	KindCanceled
)

// kindTexts holds one line for a Kind: a short name for tables and a phrase
// for sentences.
var kindTexts = [...]struct{ name, phrase string }{
	0:               {"none", "no error"},
	KindInvalid:     {"invalid", "the request is not valid"},
	KindAuth:        {"auth", "not logged in"},
	KindForbidden:   {"forbidden", "not allowed"},
	KindNotFound:    {"not found", "not found"},
	KindRefused:     {"refused", "refused by the API"},
	KindRateLimited: {"rate limited", "too many requests"},
	KindServer:      {"server", "the API failed"},
	KindTimeout:     {"timeout", "no answer in time"},
	KindUnreachable: {"unreachable", "the API could not be reached"},
	KindBreakerOpen: {"breaker open", "not tried, the API could not be reached just before"},
	KindWrongShape:  {"wrong shape", "the answer has an unexpected shape"},
	KindTooLarge:    {"too large", "the body is too large"},
	KindCanceled:    {"canceled", "canceled"},
}

func (k Kind) text() struct{ name, phrase string } {
	if k < 0 || int(k) >= len(kindTexts) {
		k = 0
	}
	return kindTexts[k]
}

// String gives the kind's short name.
func (k Kind) String() string { return k.text().name }

// The custom codes of the API. What is no such number could be anything: codes go into
// logs.
const (
	firstCode = 1000
	lastCode  = 99_999
)

// Error is a failed call. Its text never holds a URL's query, a token, a key
// or a body; what the API said is trimmed and quoted.
type Error struct {
	Kind     Kind
	Endpoint string // the endpoint's name in the table
	Write    bool   // the endpoint changes something
	Status   int    // HTTP status, 0 when none came
	Code     int    // the API's custom code (from 1000 up), 0 when none
	// Message is what the API said, else a short reason of ours. From the API
	// it is at most 300 bytes but otherwise as sent: clean it before showing it.
	Message string
	// Sent: the request may have left this machine.
	Sent bool
	// RetryAfter is how long the API, or our own limit, asks to wait; 0: not told.
	RetryAfter time.Duration
	Attempts   int // requests made for this call

	reset  bool // the connection broke after it had been made
	noConn bool // no connection could be made
	cause  error
}

// Error gives one line without control characters.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("omni")
	if e.Endpoint != "" {
		b.WriteString(": " + e.Endpoint)
	}
	b.WriteString(": " + e.Kind.text().phrase)
	var details []string
	if e.Status != 0 {
		details = append(details, "HTTP "+strconv.Itoa(e.Status))
	}
	if e.Code != 0 {
		details = append(details, "code "+strconv.Itoa(e.Code))
	}
	if e.RetryAfter > 0 {
		details = append(details, "try again in "+e.RetryAfter.Round(time.Second).String())
	}
	if len(details) > 0 {
		b.WriteString(" (" + strings.Join(details, ", ") + ")")
	}
	if e.Message != "" {
		b.WriteString(": " + strconv.Quote(e.Message))
	}
	return b.String()
}

// Unwrap gives the cause, so that errors.Is finds context.Canceled and the like.
func (e *Error) Unwrap() error { return e.cause }

// OutcomeUnknown tells whether a write may have been applied although it
// failed: it left, and then came no answer, a server error, or an answer that
// cannot be read. Such a write must not be sent again unread.
func (e *Error) OutcomeUnknown() bool {
	if !e.Write || !e.Sent {
		return false
	}
	switch e.Kind {
	case KindServer, KindTimeout, KindUnreachable, KindWrongShape, KindTooLarge, KindCanceled:
		return true
	default:
		return false
	}
}

// Untrusted reports whether a failure was that the other side's TLS certificate is not
// trusted: it has ended, is of another name, or nobody here knows who issued it. Trying
// again does not help. It looks at any error of net/http too.
func Untrusted(err error) bool {
	_, ok := errors.AsType[*tls.CertificateVerificationError](err)
	return ok
}

// KindOf tells the kind of err, 0 when it is not an *Error.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return 0
}

// WrongShape is for decoders: an answer that is not what the endpoint answers.
// The reason names members of the declared shape only, never values.
func WrongShape(format string, args ...any) *Error {
	return &Error{Kind: KindWrongShape, Message: fmt.Sprintf(format, args...)}
}
