package omni

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// SessionToken is a session's own token, the "token" of "Start onboarding". It
// lives 90 days. However it is printed, logged or marshaled, it is redacted.
type SessionToken string

// Reveal gives the token itself.
func (t SessionToken) Reveal() string { return string(t) }

// String gives a placeholder.
func (SessionToken) String() string { return redacted }

// Format writes a placeholder for every verb.
func (SessionToken) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) } // nobody to tell

// MarshalJSON gives a placeholder.
func (SessionToken) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText gives a placeholder.
func (SessionToken) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue gives a placeholder.
func (SessionToken) LogValue() slog.Value { return slog.StringValue(redacted) }

// ExecutiveToken is the token of a person who logged in. It carries that
// person's permissions and lives 24 hours unless configured otherwise. However
// it is printed, logged or marshaled, it is redacted.
type ExecutiveToken string

// Reveal gives the token itself.
func (t ExecutiveToken) Reveal() string { return string(t) }

// String gives a placeholder.
func (ExecutiveToken) String() string { return redacted }

// Format writes a placeholder for every verb.
func (ExecutiveToken) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) } // nobody to tell

// MarshalJSON gives a placeholder.
func (ExecutiveToken) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText gives a placeholder.
func (ExecutiveToken) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue gives a placeholder.
func (ExecutiveToken) LogValue() slog.Value { return slog.StringValue(redacted) }

// CustomerToken is the access token of a customer who was enrolled, the "token"
// of "Approve customer". It is long-lived and acts in the customer's name. However
// it is printed, logged or marshaled, it is redacted.
type CustomerToken string

// Reveal gives the token itself.
func (t CustomerToken) Reveal() string { return string(t) }

// String gives a placeholder.
func (CustomerToken) String() string { return redacted }

// Format writes a placeholder for every verb.
func (CustomerToken) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) } // nobody to tell

// MarshalJSON gives a placeholder.
func (CustomerToken) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText gives a placeholder.
func (CustomerToken) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue gives a placeholder.
func (CustomerToken) LogValue() slog.Value { return slog.StringValue(redacted) }
