package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/rogpeppe/go-internal/testscript"

	"docket/internal/pgtest"
	"docket/sim"
)

func apiOf(ts *testscript.TestScript) *sim.Server { return ts.Value(apiKey{}).(*sim.Server) }

func refuse(ts *testscript.TestScript, neg bool, ok bool, usage string) {
	if neg || !ok {
		ts.Fatalf("usage: %s", usage)
	}
}

// cmdCode runs a program and wants its exit code: code 3 docket show ID.
func cmdCode(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg, len(args) >= 2, "code N program args…")
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%s did not run: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// cmdFault makes the API fail: fault 'GET /omni/get/score' status 500.
func cmdFault(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg, len(args) >= 2, "fault PATTERN KIND [status] [applied] [html] [shape=TEXT] [type=T] [link=URL] [latency=1s] [times=N]")
	f := sim.Fault{Kind: sim.FaultKind(args[1])}
	for _, a := range args[2:] {
		name, value, _ := strings.Cut(a, "=")
		switch name {
		case "applied":
			f.Applied = true
		case "html":
			f.HTML = true
		case "unread":
			f.Unread = true
		case "shape":
			f.Shape = value
		case "type":
			f.Type = value
		case "link":
			f.Link = value
		case "latency":
			d, err := time.ParseDuration(value)
			ts.Check(err)
			f.Latency = d
		case "times":
			n, err := strconv.Atoi(value)
			ts.Check(err)
			f.Times = n
		default:
			n, err := strconv.Atoi(name)
			ts.Check(err)
			f.Status = n
		}
	}
	apiOf(ts).Fault(args[0], f)
}

// cmdHeal takes all faults away.
func cmdHeal(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg, len(args) == 0, "heal")
	apiOf(ts).ClearFaults()
	apiOf(ts).Mutate(nil)
}

// evil is what a hostile applicant, or a hostile API, could write anywhere.
var evil = "EVIL\x1b]52;c;cHduZWQ=\x07\x1b[2J\u202e\u0085\u009b31m" + strings.Repeat("\u0301", 50) + "=1+1"

// cmdHostile replaces every text of every answer that is not an id, a time, a
// status or a link.
func cmdHostile(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg, len(args) == 0, "hostile")
	apiOf(ts).Mutate(func(endpoint string, body any) any {
		if strings.Contains(endpoint, "log-in") || strings.Contains(endpoint, "/start") {
			return body
		}
		return poison(body)
	})
}

func poison(v any) any {
	switch v := v.(type) {
	case string:
		if _, err := strconv.ParseFloat(v, 64); err == nil {
			return v // a number in a text
		}
		return evil
	case []any:
		for i := range v {
			v[i] = poison(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = poison(v[k])
		}
	}
	return v
}

// cmdCalls counts requests: calls 1 POST /omni/….
func cmdCalls(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg, len(args) == 3, "calls N METHOD PATH")
	if got := strconv.Itoa(apiOf(ts).Count(args[1], args[2])); got != args[0] {
		ts.Fatalf("%s %s was called %s times, want %s", args[1], args[2], got, args[0])
	}
}

// cmdWrites counts requests that change something: writes 1.
func cmdWrites(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg, len(args) == 1, "writes N")
	if got := strconv.Itoa(apiOf(ts).Writes()); got != args[0] {
		var all []string
		for _, r := range apiOf(ts).Requests() {
			all = append(all, fmt.Sprintf("%s %s?%s %d %s", r.Method, r.Path, r.Query, r.Status, r.Body))
		}
		ts.Fatalf("%s writes, want %s:\n%s", got, args[0], strings.Join(all, "\n"))
	}
}

// cmdSent wants the last request to an address to have a query and a body:
// sent POST /path QUERY BODY; an empty word is no query or no body.
func cmdSent(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg, len(args) == 4, "sent METHOD PATH QUERY BODY")
	for _, r := range slices.Backward(apiOf(ts).Requests()) {
		if r.Method != args[0] || r.Path != args[1] {
			continue
		}
		if r.Query != args[2] || r.Body != args[3] {
			ts.Fatalf("%s %s was sent with query %q and body %q, want %q and %q", r.Method, r.Path, r.Query, r.Body, args[2], args[3])
		}
		return
	}
	ts.Fatalf("%s %s was not sent", args[0], args[1])
}

// cmdJSON wants a value of standard output: json verdict MANUAL, json
// checks.0.key x, json problems.count 0 for a length, ! json score for its absence.
func cmdJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 && (!neg || len(args) != 1) {
		ts.Fatalf("usage: json PATH VALUE, or ! json PATH")
	}
	got, found := stdoutValue(ts, args[0])
	if neg {
		if found {
			ts.Fatalf("%s is there: %s", args[0], got)
		}
		return
	}
	if !found || got != args[1] {
		ts.Fatalf("%s is %q (there: %v), want %q", args[0], got, found, args[1])
	}
}

func stdoutValue(ts *testscript.TestScript, path string) (string, bool) {
	var doc any
	if err := json.Unmarshal([]byte(ts.ReadFile("stdout")), &doc); err != nil {
		ts.Fatalf("standard output is not one JSON document: %v", err)
	}
	for _, word := range strings.Split(path, ".") {
		switch v := doc.(type) {
		case map[string]any:
			next, ok := v[word]
			if !ok {
				return "", false
			}
			doc = next
		case []any:
			if word == "count" {
				doc = float64(len(v))
				continue
			}
			i, err := strconv.Atoi(word)
			if err != nil || i >= len(v) {
				return "", false
			}
			doc = v[i]
		default:
			return "", false
		}
	}
	if s, ok := doc.(string); ok {
		return s, true
	}
	text, err := json.Marshal(doc)
	ts.Check(err)
	return string(text), true
}

// cmdSetJSON keeps a value of standard output in a variable: setjson DIGEST digest.
func cmdSetJSON(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg, len(args) == 2, "setjson VARIABLE PATH")
	value, found := stdoutValue(ts, args[1])
	if !found {
		ts.Fatalf("%s is not there", args[1])
	}
	ts.Setenv(args[0], value)
}

// cmdHarmless wants a file, or stdout or stderr, to hold no text that a
// terminal obeys or that hides.
func cmdHarmless(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg, len(args) >= 1, "harmless FILE…")
	for _, name := range args {
		marks := 0
		for i, r := range ts.ReadFile(name) {
			switch {
			case r < ' ' && r != '\n' && r != '\r', r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200b:
				ts.Fatalf("%s holds %q at byte %d", name, r, i)
			case r == 0x301:
				if marks++; marks > 10 {
					ts.Fatalf("%s stacks marks at byte %d", name, i)
				}
			default:
				marks = 0
			}
		}
	}
}

// cmdAgeKey makes an age identity in a file and keeps its recipient in a variable:
// agekey FILE RECIPIENT.
func cmdAgeKey(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg, len(args) == 2, "agekey FILE VARIABLE")
	key, err := age.GenerateX25519Identity()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(key.String()+"\n"), 0o600))
	ts.Setenv(args[1], key.Recipient().String())
}

// cmdMode wants the permissions of files: mode 600 FILE….
func cmdMode(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg, len(args) >= 2, "mode OCTAL FILE…")
	for _, name := range args[1:] {
		info, err := os.Stat(ts.MkAbs(name))
		ts.Check(err)
		if got := fmt.Sprintf("%o", info.Mode().Perm()); got != args[0] {
			ts.Fatalf("%s has mode %s, want %s", name, got, args[0])
		}
	}
}

// cmdPostgres sets a variable to the URL of an empty database.
func cmdPostgres(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg, len(args) == 1, "postgres VAR")
	url, drop, err := pgtest.Create(pgtest.Empty)
	ts.Check(err)
	ts.Defer(func() { ts.Check(drop()) })
	ts.Setenv(args[0], url)
}
