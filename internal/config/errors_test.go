package config_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/internal/config"
	"docket/model"
)

// TestBadFiles: what a wrong configuration says names the file, the place and
// what to do, and never shows a secret.
func TestBadFiles(t *testing.T) {
	const secret = "fake-secret-value"
	for _, c := range []struct {
		name, toml string
		want       []string
	}{
		{"unknown key", "apikey = '" + secret + "'", []string{"a key that does not exist", `"apikey"`, "config.toml", "there are api_url, api_key"}},
		{"unknown key of a profile", "[profile.mx]\nholds = '3s'", []string{`"profile.mx.holds"`}},
		{"tables of the top in a profile", "[profile.mx.keys]\na = 'b'", []string{`"profile.mx.keys"`}},
		{"unknown table", "[colours]\nred = 1", []string{`"colours"`}},
		{"a profile chosen by the wrong key", "profile = 'mx'", []string{`write default_profile = "NAME"`}},
		{"default profile missing", "default_profile = 'mx'", []string{"no such profile", `"mx"`, "[profile.mx]"}},
		{"default profile no text", "default_profile = 3", []string{`"default_profile"`}},
		{"profile no table", "[profile]\nmx = 3", []string{`"profile.mx"`}},
		{"not TOML", "theme = 'paper'\napi_key = " + secret, []string{"is not TOML", "line 2"}},
		{"list for a value", "api_key = ['" + secret + "']", []string{`"api_key"`, "single value"}},
		{"line break in a secret", "api_key = \"" + secret + "\\n\"", []string{"api_key from", "line break"}},
		{"duration", "hold = '3'", []string{"hold from", `instead of "3"`}},
		{"negative duration", "sla = '-1h'", []string{"sla from"}},
		{"bool", "read_only = 'maybe'", []string{"read_only from", "true or false"}},
		{"choice", "timezone = 'Europe/Berlin'", []string{"one of UTC, local"}},
		{"log level", "log_level = 'loud'", []string{"debug, info, warn, error"}},
		{"store", "store = 'mysql://root:" + secret + "@db'", []string{"store from", "sqlite:PATH"}},
		{"store without a path", "store = 'sqlite:'", []string{"store from"}},
		{"keys no table", "keys = 3", []string{`"keys"`}},
		{"keys no text", "[keys]\napprove = [1]", []string{`"keys.approve"`}},
		{"reasons no rows", "reasons = 3", []string{`"reasons"`, "[[reasons]]"}},
		{"reason with an unknown key", "[[reasons]]\ncode = 'a'\nwhy = 'b'", []string{`"reasons.`, "[[reasons]]"}},
		{"reasons one table", "[reasons]\ncode = 'a'", []string{`"reasons"`, "[[reasons]]"}},
		{"reason without a code", "[[reasons]]\ntext = 'x'\nfor = ['approve']", []string{`"reasons.1"`, "lower case"}},
		{"reason code too long", "[[reasons]]\ncode = '" + strings.Repeat("a", 41) + "'\ntext = 'x'\nfor = ['approve']", []string{"at most 40"}},
		{"reason without English", "[[reasons]]\ncode = 'a'\ntext = { es = 'x' }\nfor = ['approve']", []string{`"reasons.a"`, "English"}},
		{"reason in an unknown language", "[[reasons]]\ncode = 'a'\ntext = { en = 'x', esp = 'y' }\nfor = ['approve']", []string{"en, es", `"esp"`}},
		{"reason with an empty text", "[[reasons]]\ncode = 'a'\ntext = { en = 'x', es = ' ' }\nfor = ['approve']", []string{`a text in "es"`}},
		{"reason of no area", "[[reasons]]\ncode = 'a'\ntext = 'x'\nfor = ['approve']\narea = 'mood'", []string{`"reasons.a"`, "document, face, liveness"}},
		{"second person no table", "second_person = 3", []string{`"second_person"`, "[[second_person]]"}},
		{"second person with an unknown key", "[[second_person]]\nname = 'x'\nwho = 'ana'", []string{`"second_person.x"`, "[[second_person]]"}},
		{"second person without a name", "[[second_person]]\nactions = ['approve']", []string{`"second_person.1"`, "give it a name"}},
		{"second person for no action", "[[second_person]]\nname = 'x'\nactions = ['aprove']", []string{`"second_person.x"`, `"aprove"`, "approve, reject"}},
		{"second person for no verdict", "[[second_person]]\nname = 'x'\nverdicts = ['BAD']", []string{`"second_person.x"`, `"BAD"`, "MANUAL"}},
		{"second person for no reason", "[[second_person]]\nname = 'x'\nreasons = ['It is late']", []string{`"second_person.x"`, "codes"}},
		{"second person for no country", "[[second_person]]\nname = 'x'\ncountries = ['Mexico']", []string{`"second_person.x"`, `"MEX"`}},
		{"rule no table", "rule = 3", []string{`"rule"`, "[[rule]]"}},
		{"rule with an unknown key", "[[rule]]\nname = 'x'\nverdicts = ['OK']", []string{`"rule.x"`, "[[rule]]"}},
		{"rule without a name", "[[rule]]\ntag = ['a']", []string{`"rule.1"`, "give it a name"}},
		{"rule twice", "[[rule]]\nname = 'x'\ntag = ['a']\n[[rule]]\nname = 'x'\ntag = ['a']", []string{`"rule.x"`, "twice"}},
		{"rule that does nothing", "[[rule]]\nname = 'x'\nverdict = ['OK']", []string{`"rule.x"`, "say what it does"}},
		{"rule for no event", "[[rule]]\nname = 'x'\nevent = 'gone'\ntag = ['a']", []string{`"gone"`, "arrived, verdict"}},
		{"rule for no verdict", "[[rule]]\nname = 'x'\nverdict = ['BAD']\ntag = ['a']", []string{`"BAD"`, "MANUAL"}},
		{"rule for no result", "[[rule]]\nname = 'x'\nantifraud = ['BAD']\ntag = ['a']", []string{`"BAD"`, "MANUAL"}},
		{"rule for no status", "[[rule]]\nname = 'x'\nstatus = ['DONE']\ntag = ['a']", []string{`"DONE"`, "ONBOARDING_FINISHED"}},
		{"rule for no country", "[[rule]]\nname = 'x'\ncountry = ['Mexico']\ntag = ['a']", []string{`"MEX"`}},
		{"rule with an empty tag", "[[rule]]\nname = 'x'\ntag = ['']", []string{`"rule.x"`, "tags"}},
		{"rule ahead of nothing", "[[rule]]\nname = 'x'\nahead = 'soon'", []string{`"2h"`, `"soon"`}},
		{"rule for nobody", "[[rule]]\nname = 'x'\nassign = 'ana'", []string{`"os:ana"`, `"ana"`}},
		{"rule for a time of nobody", "[[rule]]\nname = 'x'\ntag = ['a']\nfor = '8h'", []string{"add assign"}},
		{"rule for an odd time", "[[rule]]\nname = 'x'\nassign = 'os:ana'\nfor = 'long'", []string{`"8h"`, `"long"`}},
		{"rule that assigns without claims", "claim = '0'\n[[rule]]\nname = 'x'\nassign = 'os:ana'", []string{"claim = 0", "rule.x"}},
		{"rule that enrols what failed", "[[rule]]\nname = 'x'\nverdict = ['FAIL', 'OK']\nenroll = true", []string{`verdict = ["OK"]`}},
		{"rule that enrols anything", "[[rule]]\nname = 'x'\nenroll = true", []string{`verdict = ["OK"]`}},
		{"rule that enrols for somebody", "[[rule]]\nname = 'x'\nverdict = ['OK']\nassign = 'os:ana'\nenroll = true", []string{"leave out enroll or assign"}},
		{"rule for no target", "[[rule]]\nname = 'x'\nnotify = ['ops']", []string{`"ops"`, "[[notify]]"}},
		{"notify no table", "notify = 3", []string{`"notify"`, "[[notify]]"}},
		{"notify with its secret", "[[notify]]\nname = 'x'\nurl = 'https://a.example'\nsecret = '" + secret + "'", []string{`"notify.x"`, "environment"}},
		{"notify without a name", "[[notify]]\nurl = 'https://a.example'", []string{`"notify.1"`, "name"}},
		{"notify twice", "[[notify]]\nname = 'x'\nurl = 'https://a.example'\n[[notify]]\nname = 'x'\nurl = 'https://b.example'", []string{"twice"}},
		{"notify nowhere", "[[notify]]\nname = 'x'\nurl = '/hooks'", []string{"whole address"}},
		{"notify in the open", "[[notify]]\nname = 'x'\nurl = 'http://a.example/" + secret + "'", []string{"https instead of http"}},
		{"notify with a password", "[[notify]]\nname = 'x'\nurl = 'https://ana:" + secret + "@a.example'", []string{"user and password"}},
		{"retention no table", "retention = 3", []string{`"retention"`, "[retention]"}},
		{"retention with an unknown key", "[retention]\nyears = 5", []string{`"retention"`, "[retention]"}},
		{"retention in a profile", "[profile.mx.retention]\nkeep = '5d'", []string{`"profile.mx.retention"`}},
		{"retention that keeps nothing", "[retention]\nreason = 'x'", []string{`"retention"`, "keeps nothing"}},
		{"retention in years", "[retention]\nkeep = '5y'\nreason = 'x'", []string{`"retention.keep"`, `"1825d"`}},
		{"retention of no days", "[retention]\nkeep = '0d'\nreason = 'x'", []string{`"retention.keep"`}},
		{"retention for ever", "[retention]\nkeep = '99999999999d'\nreason = 'x'", []string{`"retention.keep"`}},
		{"retention without a reason", "[retention]\nkeep = '5d'", []string{`"retention.reason"`, "which rule"}},
		{"retention with an empty tag", "[retention]\nhold_tags = ['']", []string{`"retention.hold_tags"`}},
		{"language of reasons", "reasons_lang = 'fr'", []string{"one of en, es"}},
		{"reason code", "[[reasons]]\ncode = 'A b'\ntext = 'x'\nfor = ['approve']", []string{`"reasons.A b"`, "lower case"}},
		{"reason twice", "[[reasons]]\ncode = 'a'\ntext = 'x'\nfor = ['approve']\n[[reasons]]\ncode = 'a'\ntext = 'x'\nfor = ['approve']", []string{"twice"}},
		{"reason without text", "[[reasons]]\ncode = 'a'\nfor = ['approve']", []string{"text"}},
		{"reason for nothing", "[[reasons]]\ncode = 'a'\ntext = 'x'", []string{`for = ["approve"]`}},
		{"reason for another action", "[[reasons]]\ncode = 'a'\ntext = 'x'\nfor = ['delete']", []string{`for = ["approve"]`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.toml(c.toml)
			_, err := w.load(config.Inputs{})
			requireProblem(t, err, model.KindUsage, c.want...)
			require.NotContains(t, err.Error(), secret)
		})
	}
}

// requireProblem requires an error of three parts.
func requireProblem(t *testing.T, err error, kind model.Kind, want ...string) {
	t.Helper()
	var p *model.Problem
	require.ErrorAs(t, err, &p)
	require.Equal(t, kind, p.Kind)
	require.NotEmpty(t, p.Message)
	require.NotEmpty(t, p.Subject)
	require.NotEmpty(t, p.Do)
	for _, text := range want {
		require.Contains(t, err.Error(), text)
	}
}

func TestMissingAndUnreadableFiles(t *testing.T) {
	w := newWorld(t)
	missing := filepath.Join(w.home, "none")
	_, err := w.load(config.Inputs{ConfigPath: missing})
	requireProblem(t, err, model.KindUsage, "configuration file does not exist", missing)
	_, err = w.load(config.Inputs{EnvFile: missing})
	requireProblem(t, err, model.KindUsage, "--env-file does not exist", missing)
	_, err = w.load(config.Inputs{ConfigPath: w.home})
	requireProblem(t, err, model.KindFailed, "configuration file cannot be read", w.home)
}

func TestBadEnvFile(t *testing.T) {
	w := newWorld(t)
	path := w.file("x.env", "API_URL=https://a.example\n# fine\nAPI_KEY=\"fake-secret-value\nFLOW_ID=x\n", 0o600)
	_, err := w.load(config.Inputs{EnvFile: path})
	requireProblem(t, err, model.KindUsage, "cannot be understood", path+", line 3")
	require.NotContains(t, err.Error(), "fake-secret-value")
}

func TestFlagsTakeNoSecret(t *testing.T) {
	w := newWorld(t)
	for key, value := range map[string]string{
		"store":   "postgres://docket:fake-secret-value@db.example/docket",
		"api_key": "fake-secret-value",
	} {
		_, err := w.load(config.Inputs{Flags: map[string]string{key: value}})
		requireProblem(t, err, model.KindUsage, "--"+strings.ReplaceAll(key, "_", "-"), "every user of this machine")
		require.NotContains(t, err.Error(), "fake-secret-value")
	}
	c := w.mustLoad(config.Inputs{Flags: map[string]string{"store": "postgres://docket@db.example/docket", "read_only": "true"}})
	require.Equal(t, "postgres://docket@db.example/docket", c.Store.Reveal())
	require.Equal(t, "--read-only", c.Sources["read_only"])
	_, err := w.load(config.Inputs{Flags: map[string]string{"read-only": "true"}})
	requireProblem(t, err, model.KindUsage, "stands for no value", "read-only")
}

func TestAPIURL(t *testing.T) {
	good := map[string]string{
		"https://demo-api.example.com":   "https://demo-api.example.com",
		"HTTPS://Demo.Example.com/0/":    "https://demo.example.com/0",
		"https://a.example:8443/x/y":     "https://a.example:8443/x/y",
		"http://127.0.0.1:8080/0":        "http://127.0.0.1:8080/0",
		"http://127.9.9.9":               "http://127.9.9.9",
		"http://[::1]:9":                 "http://[::1]:9",
		"http://[::ffff:127.0.0.1]:9":    "http://[::ffff:127.0.0.1]:9",
		"http://localhost:3000":          "http://localhost:3000",
		" https://padded.example ":       "https://padded.example",
		"https://xn--bcher-kva.example/": "https://xn--bcher-kva.example",
	}
	for raw, want := range good {
		t.Run(raw, func(t *testing.T) {
			w := newWorld(t)
			w.env["DOCKET_API_URL"] = raw
			require.Equal(t, want, w.mustLoad(config.Inputs{}).APIURL)
		})
	}
	bad := map[string]string{
		"http://api.example.com":            "write https instead",
		"http://127.0.0.1.evil.example":     "write https instead",
		"http://localhost.evil.example":     "write https instead",
		"http://0.0.0.0":                    "write https instead",
		"ftp://a.example":                   "whole address",
		"api.example.com":                   "whole address",
		"https://":                          "whole address",
		"https://:443":                      "whole address",
		"https://%zz":                       "whole address",
		"https://me:fake-secret@a.example":  "take user and password out",
		"https://a.example/?key=fake":       "from the ? or #",
		"https://a.example/#frag":           "from the ? or #",
		"https://fake-secret\x00@a.example": "whole address",
	}
	for raw, want := range bad {
		t.Run(raw, func(t *testing.T) {
			w := newWorld(t)
			w.env["DOCKET_API_URL"] = raw
			_, err := w.load(config.Inputs{})
			requireProblem(t, err, model.KindUsage, "api_url from DOCKET_API_URL", want)
			require.NotContains(t, err.Error(), "fake-secret")
		})
	}
}

func TestOrigin(t *testing.T) {
	for raw, want := range map[string]string{
		"https://a.example":            "https://a.example:443",
		"https://A.example.:443/0?x=y": "https://a.example:443",
		"http://[::1]":                 "http://[::1]:80",
		"https://a.example:8443":       "https://a.example:8443",
		"":                             "",
		"a.example":                    "",
		"http://%":                     "",
	} {
		require.Equal(t, want, config.Origin(raw), raw)
	}
}
