package secret

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Claims is what a token says about itself. Nothing of it is proven: it is for
// display, and for asking to log in again in time.
type Claims struct {
	User    string    // user or e-mail address, at most 100 characters; "" when the token names none
	Expires time.Time // zero when the token does not say
}

// lastSecond is the end of the year 9999; later times cannot be written in
// RFC 3339, and a number above it that makes sense is milliseconds.
const lastSecond = 253402300799

// longestUser is how much of a user's name is kept, in characters.
const longestUser = 100

// ParseExpiry reads expiry and user from a JSON Web Token without verifying it.
// What is not such a token, or says nothing, gives the zero Claims: only the
// API knows what a token is worth.
func ParseExpiry(token string) Claims {
	parts := strings.Split(strings.TrimSpace(token), ".")
	if len(parts) != 3 {
		return Claims{}
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return Claims{}
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		return Claims{}
	}
	text := func(name string) string {
		s, _ := claims[name].(string) // another type is no name
		return label(s)
	}
	return Claims{
		User:    cmp.Or(text("email"), text("user"), text("username"), text("preferred_username"), text("sub")),
		Expires: instant(claims["exp"]),
	}
}

// instant reads a time in seconds, or milliseconds, as a number or a string.
func instant(value any) time.Time {
	var seconds float64
	switch v := value.(type) {
	case float64:
		seconds = v
	case string:
		var err error
		if seconds, err = strconv.ParseFloat(v, 64); err != nil {
			return time.Time{}
		}
	}
	if seconds > lastSecond {
		seconds /= 1000
	}
	if !(seconds > 0 && seconds <= lastSecond) { // also not for NaN
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0).UTC()
}

// label makes a name fit to be shown: the token came from outside.
func label(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) > longestUser {
		s = string([]rune(s)[:longestUser])
	}
	return strings.TrimSpace(s)
}
