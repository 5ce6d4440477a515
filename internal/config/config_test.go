package config_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/internal/config"
	"docket/model"
)

// world is a person's files and variables, all in a folder of the test's own.
type world struct {
	t    *testing.T
	home string
	env  map[string]string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	home := t.TempDir()
	return &world{t: t, home: home, env: map[string]string{"XDG_CONFIG_HOME": filepath.Join(home, "cfg"), "XDG_DATA_HOME": filepath.Join(home, "data"), "HOME": home}}
}

// file writes a file with a mode and returns its path.
func (w *world) file(name, content string, mode os.FileMode) string {
	w.t.Helper()
	path := filepath.Join(w.home, name)
	require.NoError(w.t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(w.t, os.WriteFile(path, []byte(content), 0o600))
	require.NoError(w.t, os.Chmod(path, mode))
	return path
}

// toml writes the config.toml that is found without being named.
func (w *world) toml(content string) string { return w.file("cfg/docket/config.toml", content, 0o600) }

func (w *world) load(in config.Inputs) (config.Config, error) {
	in.Env = func(name string) string { return w.env[name] }
	return config.Load(in)
}

func (w *world) mustLoad(in config.Inputs) config.Config {
	w.t.Helper()
	c, err := w.load(in)
	require.NoError(w.t, err)
	return c
}

func TestDefaults(t *testing.T) {
	w := newWorld(t)
	c := w.mustLoad(config.Inputs{})
	require.Equal(t, "sqlite:"+filepath.Join(w.home, "data", "docket", "docket.db"), c.Store.Reveal())
	require.Equal(t, 3*time.Second, c.Hold)
	require.Zero(t, c.SLA)
	require.Equal(t, "UTC", c.Timezone)
	require.Equal(t, "info", c.LogLevel)
	require.Empty(t, c.APIURL)
	require.True(t, c.APIKey.Empty())
	require.Empty(t, c.Path)
	require.Empty(t, c.Warnings)
	require.Nil(t, c.Reasons)
	require.Equal(t, "default", c.Sources["hold"])
	require.Equal(t, filepath.Join(w.home, ".local", "state", "docket"), c.Dirs.State)
}

// TestPrecedence puts a value in every layer and takes them away from the top.
func TestPrecedence(t *testing.T) {
	w := newWorld(t)
	path := w.toml("reviewer = 'file'\n[profile.mx]\nreviewer = 'profile'\n")
	envFile := w.file("some.env", "DOCKET_REVIEWER=env-file\n", 0o600)
	w.env["DOCKET_REVIEWER"] = "environment"
	in := config.Inputs{EnvFile: envFile, Profile: "mx", Flags: map[string]string{"reviewer": "flag"}}

	steps := []struct {
		want, source string
		then         func()
	}{
		{"flag", "--reviewer", func() { in.Flags = nil }},
		{"environment", "DOCKET_REVIEWER", func() { w.env["DOCKET_REVIEWER"] = "" }},
		{"env-file", envFile, func() { in.EnvFile = "" }},
		{"profile", path + " [profile.mx]", func() { in.Profile = "" }},
		{"file", path, func() { require.NoError(t, os.Remove(path)) }},
		{"", "default", func() {}},
	}
	for _, step := range steps {
		c := w.mustLoad(in)
		require.Equal(t, step.want, c.Reviewer)
		require.Equal(t, step.source, c.Sources["reviewer"])
		step.then()
	}
}

func TestEveryValueFromTheFile(t *testing.T) {
	w := newWorld(t)
	path := w.toml(`
api_url = "https://API.example.com/0/"
api_key = "fake-key"
admin_token = "fake-token"
flow_id = "flow"
client_id = "client"
store = "sqlite:~/box.db"
reviewer = "M. Ruiz"
theme = "paper"
lang = "en"
reasons_lang = "ES"
timezone = "LOCAL"
read_only = true
no_images = true
mouse = true
hold = 0
sla = "4h"
log_file = "~/docket.log"
log_level = "DEBUG"

[keys]
approve = "ctrl+a"
reject = ["x", "ctrl+x"]
rare = []

[[reasons]]
code = "looks-fine"
text = "It looks fine"
for = ["approve"]

[[reasons]]
code = "else"
text = { en = "Something else", es = "Otra cosa" }
area = "data"
for = ["approve", "reject", "review"]
needs_note = true

[[second_person]]
name = "expired documents"
actions = ["approve"]
verdicts = ["FAIL", "MANUAL"]
reasons = ["looks-fine"]
countries = ["MEX"]
flows = ["5e8f"]

[[notify]]
name = "ops-desk"
url = "https://hooks.example.com/docket"

[[rule]]
name = "quick"
event = "arrived"
verdict = ["MANUAL"]
status = ["ONBOARDING_FINISHED"]
flow = ["5e8f"]
country = ["MEX"]
reason = ["OLD_ID"]
check = ["tamperCheck"]
antifraud = ["FAIL"]
existing = false
tagged = ["vip"]
tag = ["urgent"]
ahead = "1d"
assign = "os:ana"
for = "8h"
notify = ["ops-desk"]

[[rule]]
name = "passed"
verdict = ["OK"]
enroll = true

[[rule]]
name = "abroad"
country = ["USA"]
assign = "token:bo"

[retention]
keep = "1825d"
decided_only = true
reason = "AML law: five years after the decision"
hold_tags = ["legal-hold"]
`)
	c := w.mustLoad(config.Inputs{})
	require.Equal(t, path, c.Path)
	require.Equal(t, "https://api.example.com/0", c.APIURL)
	require.Equal(t, "https://api.example.com:443", c.Origin())
	require.Equal(t, "fake-key", c.APIKey.Reveal())
	require.Equal(t, "fake-token", c.AdminToken.Reveal())
	require.Equal(t, []string{"flow", "client", "M. Ruiz", "paper", "en", "local", "debug"},
		[]string{c.FlowID, c.ClientID, c.Reviewer, c.Theme, c.Lang, c.Timezone, c.LogLevel})
	require.Equal(t, "sqlite:"+filepath.Join(w.home, "box.db"), c.Store.String())
	require.Equal(t, filepath.Join(w.home, "docket.log"), c.LogFile)
	require.True(t, c.ReadOnly && c.NoImages && c.Mouse)
	require.Zero(t, c.Hold)
	require.Equal(t, 4*time.Hour, c.SLA)
	require.Equal(t, map[string][]string{"approve": {"ctrl+a"}, "reject": {"x", "ctrl+x"}, "rare": {}}, c.Keys)
	require.Equal(t, []model.Reason{
		{Code: "looks-fine", Texts: map[string]string{"en": "It looks fine"}, For: []model.ActionKind{model.ActApprove}},
		{
			Code: "else", Texts: map[string]string{"en": "Something else", "es": "Otra cosa"}, Area: model.AreaData,
			For: []model.ActionKind{model.ActApprove, model.ActReject, model.ActReview}, NeedsNote: true,
		},
	}, c.Reasons)
	require.Equal(t, []model.SecondRule{{
		Name: "expired documents", Actions: []model.ActionKind{model.ActApprove}, Verdicts: []model.Verdict{model.Fail, model.Manual},
		Reasons: []string{"looks-fine"}, Countries: []string{"MEX"}, Flows: []string{"5e8f"},
	}}, c.Second)
	require.Equal(t, []model.InboxRule{
		{
			Name: "quick", Event: model.RuleArrived, Verdicts: []model.Verdict{model.Manual}, Statuses: []model.Status{model.StatusFinished},
			Flows: []string{"5e8f"}, Countries: []string{"MEX"}, Reasons: []model.ReviewReason{model.OldID}, Checks: []string{"tamperCheck"},
			Antifraud: []model.CheckStatus{model.Fail}, Existing: new(bool), Tagged: []string{"vip"},
			Tags: []string{"urgent"}, Ahead: 24 * time.Hour, Assign: "os:ana", For: 8 * time.Hour, Notify: []string{"ops-desk"},
		},
		{Name: "passed", Event: model.RuleVerdict, Verdicts: []model.Verdict{model.OK}, Enroll: true},
		{Name: "abroad", Event: model.RuleVerdict, Countries: []string{"USA"}, Assign: "token:bo", For: c.Claim},
	}, c.Rules)
	require.Equal(t, []config.Notify{{Name: "ops-desk", URL: "https://hooks.example.com/docket"}}, c.Notify)
	require.Equal(t, 10*time.Minute, c.Claim)
	require.Equal(t, "es", c.ReasonsLang)
	require.Equal(t, model.Retention{
		Keep: 1825 * 24 * time.Hour, DecidedOnly: true, Reason: "AML law: five years after the decision", HoldTags: []string{"legal-hold"},
	}, c.Retention)
	require.Empty(t, c.Warnings)
}

func TestTheSamplesEnvFileAsItIs(t *testing.T) {
	w := newWorld(t)
	content, err := os.ReadFile(filepath.Join("testdata", "sample.env"))
	require.NoError(t, err)
	path := w.file("copy.env", string(content), 0o600)
	c := w.mustLoad(config.Inputs{EnvFile: path})
	require.Equal(t, "https://demo-api.example.com", c.APIURL)
	require.Equal(t, "you-api-key", c.APIKey.Reveal())
	require.Equal(t, "Flow or Workflow Id from your dashboard.", c.FlowID)
	require.Equal(t, "needed = for $the 'webhooks' # not a comment", c.AdminToken.Reveal())
	require.Equal(t, "single quoted $client", c.ClientID)
	require.Equal(t, path, c.Sources["api_key"])
}

func TestEnvFileDetails(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"own name wins", "DOCKET_API_KEY=own\nAPI_KEY=sample\n", "own"},
		{"byte order mark", "\uFEFFAPI_KEY=marked\n", "marked"},
		{"carriage returns", "API_KEY=one\r\nAPI_URL=https://a.example\r\n", "one"},
		{"no expansion", "HOME=gone\nAPI_KEY=a$HOME$$b${HOME}\n", "a$HOME$$b${HOME}"},
		{"hash inside", "API_KEY=a#b # comment\n", "a#b"},
		{"empty is none", "API_KEY=\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			got := w.mustLoad(config.Inputs{EnvFile: w.file("x.env", c.content, 0o600)})
			require.Equal(t, c.want, got.APIKey.Reveal())
		})
	}
}

func TestOnlyDocketNamesCountInTheEnvironment(t *testing.T) {
	w := newWorld(t)
	w.env["API_URL"], w.env["API_KEY"], w.env["ADMIN_TOKEN"] = "https://a.example", "fake-key", "fake-token"
	c := w.mustLoad(config.Inputs{})
	require.Empty(t, c.APIURL)
	require.True(t, c.APIKey.Empty() && c.AdminToken.Empty())
}

func TestNothingIsReadFromTheWorkingDirectory(t *testing.T) {
	w := newWorld(t)
	w.file(".env", "API_KEY=fake\n", 0o600)
	w.file("config.toml", "reviewer = 'wd'\n", 0o600)
	w.file("docket/config.toml", "reviewer = 'wd'\n", 0o600)
	t.Chdir(w.home)
	w.env["XDG_CONFIG_HOME"] = "." // relative: the specification says to ignore it
	c := w.mustLoad(config.Inputs{})
	require.Empty(t, c.Reviewer)
	require.True(t, c.APIKey.Empty())
}

func TestProfiles(t *testing.T) {
	w := newWorld(t)
	w.toml(`
default_profile = "eu"
theme = "top"
read_only = true
[profile.mx]
theme = "mx"
read_only = false
[profile.eu]
theme = "eu"
`)
	c := w.mustLoad(config.Inputs{})
	require.Equal(t, []any{"eu", "eu", true}, []any{c.Profile, c.Theme, c.ReadOnly})
	c = w.mustLoad(config.Inputs{Profile: "mx"})
	require.Equal(t, []any{"mx", "mx", false}, []any{c.Profile, c.Theme, c.ReadOnly})
	w.env["DOCKET_PROFILE"] = "mx"
	require.Equal(t, "mx", w.mustLoad(config.Inputs{}).Profile)
	_, err := w.load(config.Inputs{Profile: "br"})
	require.EqualError(t, err, `There is no such profile ("br" from --profile): there are eu, mx`)
}

// TestCredentialsStayWithTheirServer: a key given for one server is not sent to
// another because a later layer names that one.
func TestCredentialsStayWithTheirServer(t *testing.T) {
	const both = "api_url = 'https://prod.example'\napi_key = 'fake-prod'\nadmin_token = 'fake-token'\n"
	for _, c := range []struct {
		name, toml string
		env        map[string]string
		profile    string
		key        string
		warnings   int
	}{
		{name: "same layer", toml: both, key: "fake-prod"},
		{name: "other server in the environment", toml: both, env: map[string]string{"DOCKET_API_URL": "https://test.example"}, warnings: 2},
		{name: "other path of the server", toml: both, env: map[string]string{"DOCKET_API_URL": "https://PROD.example:443/0"}, key: "fake-prod"},
		{name: "other port of the server", toml: both, env: map[string]string{"DOCKET_API_URL": "https://prod.example:8443"}, warnings: 2},
		{name: "other server with its key", toml: both, env: map[string]string{"DOCKET_API_URL": "https://test.example", "DOCKET_API_KEY": "fake-test"}, key: "fake-test", warnings: 1},
		{name: "key without server", toml: "api_key = 'fake-prod'\n", env: map[string]string{"DOCKET_API_URL": "https://test.example"}, key: "fake-prod"},
		{name: "profile of another server", toml: both + "[profile.p]\napi_url = 'https://test.example'\n", profile: "p", warnings: 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.toml(c.toml)
			for name, value := range c.env {
				w.env[name] = value
			}
			got := w.mustLoad(config.Inputs{Profile: c.profile})
			require.Equal(t, c.key, got.APIKey.Reveal())
			require.Len(t, got.Warnings, c.warnings)
			for _, warning := range got.Warnings {
				require.Contains(t, warning, "was given for https://prod.example:443")
				require.NotContains(t, warning, "fake-")
			}
		})
	}
}

func TestPermissions(t *testing.T) {
	for _, c := range []struct {
		name, content string
		mode          os.FileMode
		want          string
	}{
		{"key, readable by others", "api_key = 'fake'\n", 0o644, "(mode 0644) and holds api_key: run chmod 600 "},
		{"two, readable by the group", "api_key = 'fake'\n[profile.p]\nadmin_token = 'fake'\n", 0o640, "holds api_key and admin_token"},
		{"password of the store", "store = 'postgres://a:fake@db.example/docket'\n", 0o604, "holds store"},
		{"key, for the owner alone", "api_key = 'fake'\n", 0o600, ""},
		{"no secret", "theme = 'paper'\nstore = 'postgres://a@db.example/docket'\n", 0o644, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			path := w.file("c.toml", c.content, c.mode)
			got := w.mustLoad(config.Inputs{ConfigPath: path})
			if c.want == "" {
				require.Empty(t, got.Warnings)
				return
			}
			require.Len(t, got.Warnings, 1)
			require.Contains(t, got.Warnings[0], path)
			require.Contains(t, got.Warnings[0], c.want)
		})
	}
	t.Run("env file", func(t *testing.T) {
		w := newWorld(t)
		got := w.mustLoad(config.Inputs{EnvFile: w.file("x.env", "ADMIN_TOKEN=fake\n", 0o644)})
		require.Len(t, got.Warnings, 1)
		require.Contains(t, got.Warnings[0], "holds admin_token")
	})
}
