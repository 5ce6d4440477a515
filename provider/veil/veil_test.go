package veil_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/provider/veil"
)

var rules = veil.Rules{
	Keep: func(path []string) bool { return !slices.Contains(path, "fraud") },
	Name: func(name string) bool { return !strings.HasPrefix(name, "x") },
	Value: func(path []string, value string) bool {
		in := slices.DeleteFunc(slices.Clone(path), func(p string) bool { return p == veil.Item })
		return slices.Equal(in, []string{"a", "status"}) && value != "secret"
	},
}

func TestAnAnswerIsHiddenLeafByLeaf(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":{"status":"OK","value":1.50}}`:                  `{"a":{"status":"OK","value":"••••••"}}`,
		`{"a":[{"status":"OK"},{"status":"secret"},null,[]]}`: `{"a":[{"status":"OK"},{"status":"••••••"},null,[]]}`,
		`{"fraud":{"a":[1,{"b":2}]},"b":true,"fraud":1}`:      `{"b":"••••••"}`,
		`{"b":1,"fraud":{}}`:                                  `{"b":"••••••"}`,
		`{"x1":1,"x2":{"x3":null}}`:                           `{"•••••• 1":"••••••","•••••• 2":{"•••••• 1":null}}`,
		`"secret"`:                                            `"••••••"`,
		` { } `:                                               `{}`,
		`{"a":{"status":"\u001b]52;<&>\u2028"}}`:              `{"a":{"status":"\u001b]52;\u003c\u0026\u003e\u2028"}}`,
		`{"a":{"status":"OK"},"a":{"status":1e400}}`:          `{"a":{"status":"OK"},"a":{"status":1e400}}`,
	} {
		out, err := veil.JSON([]byte(in), rules)
		require.NoError(t, err, in)
		require.Equal(t, want, string(out), in)
		require.True(t, json.Valid(out), in)
	}
}

func TestWhatIsNoJSONIsNotShown(t *testing.T) {
	for _, in := range []string{"", "<html>", `{"a":1`, `{"a":1}{}`, `{"a":1} x`, `[1,]`, "\x00", strings.Repeat("[", 200) + strings.Repeat("]", 200)} {
		out, err := veil.JSON([]byte(in), rules)
		require.ErrorIs(t, err, veil.ErrNoJSON, in)
		require.Empty(t, out, in)
	}
}

func TestWhateverComesStaysJSONAndHidden(t *testing.T) {
	none := veil.Rules{Name: func(string) bool { return false }, Value: func([]string, string) bool { return false }}
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.MapOf(rapid.String(), rapid.SliceOf(rapid.String())).Draw(t, "value")
		body, err := json.Marshal(value)
		require.NoError(t, err)
		out, err := veil.JSON(body, none)
		require.NoError(t, err)
		require.True(t, json.Valid(out))
		left := strings.NewReplacer("•••••• ", "", `"••••••"`, "", "{", "", "}", "", "[", "", "]", "", ",", "", ":", "", `"`, "").Replace(string(out))
		require.Empty(t, strings.Trim(left, "0123456789"), "%s", out)
	})
}
