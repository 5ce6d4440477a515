package config

import (
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
)

// redacted stands for a secret wherever a person or a log could see it.
const redacted = "[redacted]"

// Secret is a value that shows itself to nobody: not to fmt with any verb, nor
// to encoding/json, slog or TOML. Only Reveal gives it out.
type Secret struct{ value string }

// NewSecret hides a value.
func NewSecret(value string) Secret { return Secret{value} }

// Reveal returns the value itself, for the one header it is meant for.
func (s Secret) Reveal() string { return s.value }

// Empty reports whether there is no value.
func (s Secret) Empty() bool { return s.value == "" }

// String implements fmt.Stringer: "[redacted]", or "" without a value.
func (s Secret) String() string {
	if s.Empty() {
		return ""
	}
	return redacted
}

// Format implements fmt.Formatter, so that no verb reaches the value.
func (s Secret) Format(f fmt.State, _ rune) { writeText(f, s.String()) }

// MarshalText implements encoding.TextMarshaler.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

const sqliteScheme = "sqlite:"

// StoreURL says where the store is: sqlite:PATH or postgres://…. A PostgreSQL
// URL may hold a password, so it shows only scheme, host and database.
type StoreURL struct{ value string }

// Reveal returns the URL itself, for opening the store.
func (u StoreURL) Reveal() string { return u.value }

// String implements fmt.Stringer, without user, password and parameters.
func (u StoreURL) String() string {
	if strings.HasPrefix(u.value, sqliteScheme) || u.value == "" {
		return u.value
	}
	parsed, err := url.Parse(u.value)
	if err != nil {
		return redacted
	}
	return parsed.Scheme + "://" + parsed.Host + parsed.Path
}

// Format implements fmt.Formatter, so that no verb reaches the password.
func (u StoreURL) Format(f fmt.State, _ rune) { writeText(f, u.String()) }

// MarshalText implements encoding.TextMarshaler.
func (u StoreURL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// LogValue implements slog.LogValuer.
func (u StoreURL) LogValue() slog.Value { return slog.StringValue(u.String()) }

func writeText(f fmt.State, text string) {
	_, _ = io.WriteString(f, text) // fmt offers no way to tell an error
}
