package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/model"
	"docket/ui"
)

func appOn(stdin string) (*app, *bytes.Buffer) {
	said := &bytes.Buffer{}
	return &app{env: Env{Stderr: said}, lines: bufio.NewReader(strings.NewReader(stdin))}, said
}

func TestIDsFromLines(t *testing.T) {
	a, said := appOn("# all of today\na1\r\n\n  b2  # again\na1\nc3")
	list, err := a.idsFrom(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"a1", "b2", "c3"}, list.ids)
	require.Nil(t, list.problem())
	require.Empty(t, said.String())
	a, _ = appOn("")
	none, err := a.idsFrom(t.Context())
	require.NoError(t, err)
	require.Empty(t, none.ids)
}

// A line that holds no id is named by its number, cut and without obeying it.
func TestLinesWithoutAnIDAreNamed(t *testing.T) {
	a, said := appOn("a1\n\x1b]52;c;x\x07\n\x00\n" + strings.Repeat("x", 3*longestLine) + "\nb2\n../c\n" + strings.Repeat("a", longestLine+1))
	list, err := a.idsFrom(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"a1", "b2"}, list.ids)
	require.Equal(t, 5, list.bad)
	require.Equal(t, model.ExitUsage, list.problem().Kind.Exit())
	require.Equal(t, []string{
		`line 2: this is not an interview id ("\x1b]52;c;x\a"); left out`,
		`line 3: this is not an interview id ("\x00"); left out`,
		`line 4: this is not an interview id ("` + strings.Repeat("x", 64) + `\u2026"); left out`,
		`line 6: this is not an interview id ("../c"); left out`,
		`line 7: this is not an interview id ("` + strings.Repeat("a", 64) + `\u2026"); left out`,
	}, strings.Split(strings.TrimSpace(said.String()), "\n"))
}

func TestAFileOfSomethingElseIsNotToldWhole(t *testing.T) {
	a, said := appOn(strings.Repeat("not an id\n", 1000))
	list, err := a.idsFrom(t.Context())
	require.NoError(t, err)
	require.Empty(t, list.ids)
	require.Equal(t, mostToldLines+1, strings.Count(said.String(), "\n"))
	require.Contains(t, said.String(), "980 more lines")
}

func TestReadingStopsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	a := &app{lines: bufio.NewReader(silent{t.Context()})}
	_, err := a.line(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, model.ExitRefused, model.AsProblem(stopped(err, "Approve", "a")).Kind.Exit())
}

// silent is a terminal at which nobody types.
type silent struct{ until context.Context }

func (s silent) Read([]byte) (int, error) {
	<-s.until.Done()
	return 0, s.until.Err()
}

func TestTokenSaysWhoAndHowLong(t *testing.T) {
	jwt := func(claims string) string {
		return "x." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".y"
	}
	end := time.Unix(1900000000, 0).UTC()
	for _, c := range []struct {
		name, token string
		want        desk.Token
	}{
		{"none", "", desk.Token{}},
		{"blank", " \n", desk.Token{}},
		{"opaque", "abc", desk.Token{Present: true, From: "f"}},
		{"not base64", "a.*.c", desk.Token{Present: true, From: "f"}},
		{"not JSON", "x." + base64.RawURLEncoding.EncodeToString([]byte("no")) + ".y", desk.Token{Present: true, From: "f"}},
		{"user", jwt(`{"user":"ana@example.test","exp":1900000000}`), desk.Token{Present: true, From: "f", User: "ana@example.test", Expires: end}},
		{"email before subject", jwt(`{"sub":"9","email":"ana@example.test"}`), desk.Token{Present: true, From: "f", User: "ana@example.test"}},
		{"hostile user", jwt(`{"user":"\u001b[2Jana"}`), desk.Token{Present: true, From: "f", User: "[2Jana"}},
		{"an end that no calendar has", jwt(`{"exp":1e300}`), desk.Token{Present: true, From: "f"}},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, knownOf(c.token, "f")) })
	}
}

func TestColourIsForTerminalsThatWantIt(t *testing.T) {
	for _, c := range []struct {
		environ  []string
		terminal bool
		want     bool
	}{
		{[]string{"TERM=xterm"}, true, true},
		{[]string{"TERM=xterm"}, false, false},
		{[]string{"TERM=dumb"}, true, false},
		{[]string{"TERM=xterm", "NO_COLOR=please"}, true, false},
		{[]string{"TERM=xterm", "NO_COLOR="}, true, true},
		{[]string{"NO_COLOR=1", "NO_COLOR="}, true, true},
	} {
		require.Equal(t, c.want, Env{Environ: c.environ}.colour(c.terminal), "%v", c.environ)
	}
}

func TestNamedTakesAnyCase(t *testing.T) {
	got, err := named("view", "Review", []string{"review", "all"})
	require.NoError(t, err)
	require.Equal(t, "review", got)
	_, err = named("view", "x\x1b[2J", []string{"review", "all"})
	p := model.AsProblem(err)
	require.Equal(t, model.ExitUsage, p.Kind.Exit())
	require.Contains(t, p.Error(), "review, all")
	require.NotContains(t, p.Error(), "\x1b")
}

func TestSimulatorStaysOnThisMachine(t *testing.T) {
	for addr, ok := range map[string]bool{
		"127.0.0.1:1": true, "localhost:1": true, "[::1]:0": true, "127.9.9.9:1": true,
		"0.0.0.0:1": false, ":8099": false, "192.0.2.7:1": false, "example.test:1": false, "nonsense": false, "[::]:1": false,
	} {
		require.Equal(t, ok, loopbackOnly(&simFlags{addr: addr}) == nil, addr)
	}
	require.NoError(t, loopbackOnly(&simFlags{addr: "0.0.0.0:1", anywhere: true}))
}

func TestTypedLineWithoutEcho(t *testing.T) {
	for _, c := range []struct {
		keys, want string
		err        error
	}{
		{"pass word\r", "pass word", nil},
		{"pässs\x7f\x08s\n", "päss", nil},
		{"wrong\x15right\r", "right", nil},
		{"\x7f\x7fa\r", "a", nil},
		{"abc\x03", "", context.Canceled},
		{"abc\x04", "", io.EOF},
		{"abc", "", io.EOF},
	} {
		got, err := typed(bufio.NewReader(strings.NewReader(c.keys)))
		require.Equal(t, c.err, err, "%q", c.keys)
		require.Equal(t, c.want, got, "%q", c.keys)
	}
}

// Every command's help says what it does and how, by an example.
func TestEveryCommandHasAnExample(t *testing.T) {
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		assert.NotEmpty(t, c.Short, c.CommandPath())
		assert.NotEmpty(t, c.Long, c.CommandPath())
		assert.NotContains(t, c.Long+c.Short, "customer", c.CommandPath())
		assert.Contains(t, c.Example, "docket", c.CommandPath())
		for _, below := range c.Commands() {
			walk(below)
		}
	}
	walk((&app{}).root())
}

func TestWhatTmuxAnswers(t *testing.T) {
	for answer, want := range map[string]ui.Tmux{
		"external 0\n": {}, "off off\n": {}, "on 0\n": {Takes: true}, "external 1\n": {Passes: true}, "on all\n": {Takes: true, Passes: true},
		"external on": {Passes: true}, "external \n": {}, "": {},
	} {
		require.Equal(t, want, tmuxSays(answer), answer)
	}
}
