package secret

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func jwt(payload string) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"alg":"none"}`)) + "." + enc([]byte(payload)) + ".fake"
}

func TestParseExpiry(t *testing.T) {
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, token string
		want        Claims
	}{
		{"both", jwt(`{"exp":1795262400,"email":"a@example.com","sub":"7"}`), Claims{User: "a@example.com", Expires: at}},
		{"milliseconds", jwt(`{"exp":1795262400000}`), Claims{Expires: at}},
		{"text", jwt(`{"exp":"1795262400","user":"ana"}`), Claims{User: "ana", Expires: at}},
		{"fraction", jwt(`{"exp":1795262400.9}`), Claims{Expires: at}},
		{"exponent", jwt(`{"exp":1.7952624e9}`), Claims{Expires: at}},
		{"padded", strings.Replace(jwt(`{"sub":"x"}`), ".fake", "=.fake", 1), Claims{User: "x"}},
		{"blanks around", "  " + jwt(`{"sub":"x"}`) + "\n", Claims{User: "x"}},
		{"user of another type", jwt(`{"email":["a"],"user":{},"sub":7}`), Claims{}},
		{"expiry of another type", jwt(`{"exp":{},"sub":"x"}`), Claims{User: "x"}},
		{"absurd expiry", jwt(`{"exp":1e300}`), Claims{}},
		{"negative expiry", jwt(`{"exp":-1}`), Claims{}},
		{"NaN", jwt(`{"exp":"NaN"}`), Claims{}},
		{"no number", jwt(`{"exp":"soon"}`), Claims{}},
		{"hostile user", jwt(`{"sub":"a\u001b]0;x\u0007\u202eb\n"}`), Claims{User: "a]0;xb"}},
		{"long user", jwt(`{"sub":"` + strings.Repeat("é", 500) + `"}`), Claims{User: strings.Repeat("é", 100)}},
		{"null", jwt(`null`), Claims{}},
		{"array", jwt(`[]`), Claims{}},
		{"empty", "", Claims{}},
		{"opaque", "fake-opaque-token", Claims{}},
		{"two parts", "a.b", Claims{}},
		{"no base64", "a.?.c", Claims{}},
		{"no JSON", "a.aaaa.c", Claims{}},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, ParseExpiry(c.token)) })
	}
}

func FuzzParseExpiry(f *testing.F) {
	f.Add(jwt(`{"exp":1795262400,"email":"a@example.com"}`))
	f.Add("a.b.c")
	f.Fuzz(func(t *testing.T, token string) {
		claims := ParseExpiry(token)
		if !claims.Expires.IsZero() {
			_, err := claims.Expires.MarshalText()
			require.NoError(t, err, "an expiry can be written")
		}
		require.LessOrEqual(t, len([]rune(claims.User)), longestUser)
	})
}
