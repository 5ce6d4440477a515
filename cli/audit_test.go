package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/model"
)

// Whoever can write to the log may write anything into it. A line stays a line, and a
// terminal obeys nothing of it.
func TestATamperedLogIsShownSafely(t *testing.T) {
	const evil = "a\x1b]52;c;AA\x07\nb\u009b2J\u202ec"
	e := numbered{3, audit.Entry{
		At: time.Unix(1, 0).UTC(), By: evil, Event: audit.Event(evil), Session: evil, Action: evil, Reason: evil, Detail: evil, Saw: evil,
		Result: evil, Problem: model.Kind(evil), Was: evil, First: evil, Batch: evil, Ref: evil,
	}}
	for _, terminal := range []bool{true, false} {
		a := &app{env: Env{OutTerminal: terminal, Environ: []string{"NO_COLOR=1"}}}
		lines := a.auditLines([]numbered{e})
		require.Len(t, lines, 1)
		require.NotContains(t, lines[0], "\n")
		require.False(t, strings.ContainsAny(lines[0], "\x1b\x07\u009b\u202e"), "%q", lines[0])
	}
	a := &app{env: Env{OutTerminal: true}}
	require.False(t, strings.ContainsAny(a.shownRaw([]byte(evil)), "\x1b\x07\u009b\u202e"))
}

func TestColumnsOfTheLog(t *testing.T) {
	entry := func(by string, event audit.Event) numbered {
		return numbered{1, audit.Entry{At: time.Unix(1, 5e8).UTC(), By: by, Event: event, Session: "5f9a41c2d07e4b12a3c8b7e0", Action: "approve", Was: "MANUAL", First: "os:bo", Batch: "B7", Ref: "ABCDEFGH2345ABCD"}}
	}
	all := []numbered{entry("os:ana", audit.Intent), entry("token:ana@example.test", audit.Outcome)}
	a := &app{env: Env{OutTerminal: true, Environ: []string{"NO_COLOR=1"}}}
	require.Equal(t, []string{
		"     1  1970-01-01 00:00:01Z  os:ana                  intent   approve  5f9a41c2…b7e0  was MANUAL  first os:bo  batch B7  ref ABCDEFGH…ABCD",
		"     1  1970-01-01 00:00:01Z  token:ana@example.test  outcome  approve  5f9a41c2…b7e0  was MANUAL  first os:bo  batch B7  ref ABCDEFGH…ABCD",
	}, a.auditLines(all))
	a.env.OutTerminal = false
	require.Equal(t,
		"     1  1970-01-01 00:00:01.500Z  os:ana  intent  approve  5f9a41c2d07e4b12a3c8b7e0  was MANUAL  first os:bo  batch B7  ref ABCDEFGH2345ABCD",
		a.auditLines(all)[0])
}
