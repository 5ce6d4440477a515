package cli

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/model"
	"docket/store"
	"docket/store/sqlite"
)

// gatewayRun runs a command line on an inbox.
type gatewayRun struct {
	t      *testing.T
	store  string
	answer string // typed on a terminal; empty: there is none
}

func (g gatewayRun) run(args ...string) (code int, out, said string) {
	var stdout, stderr bytes.Buffer
	env := Env{
		Args: append([]string{"--store", "sqlite:" + g.store, "gateway"}, args...), Stdin: strings.NewReader(g.answer), Stdout: &stdout, Stderr: &stderr,
		Environ: []string{"HOME=" + g.t.TempDir(), "NO_COLOR=1"}, InTerminal: g.answer != "", ErrTerminal: g.answer != "",
	}
	code = Run(g.t.Context(), env)
	return code, stdout.String(), stderr.String()
}

func TestWhatWasSetAsideIsListedTriedAgainAndDropped(t *testing.T) {
	g := gatewayRun{t: t, store: filepath.Join(t.TempDir(), "inbox.db")}
	at := time.Date(2026, 11, 21, 1, 0, 0, 0, time.UTC)
	st, err := sqlite.Open(t.Context(), g.store)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	id := "5f9a41c2d3b0e7a1b2c3d4e5"
	require.NoError(t, st.AddJobs(t.Context(),
		store.Job{Kind: store.JobLookUp, Key: id, Due: at, Tries: 8, Reason: "score: the API failed (500)", Aside: true},
		store.Job{Kind: store.JobNotify, Key: "ops-abcd", Due: at, Tries: 8, Reason: "the target could not be reached", Aside: true, Body: []byte(`{"target":"ops","says":{"rule":"tell","id":"` + id + `"}}`)},
		store.Job{Kind: store.JobWebhook, Key: "17", Due: at, Tries: 1, Reason: "it names no session", Aside: true, Body: []byte("{\"id\":\"\\u001b]52;c;AA\"}")},
		store.Job{Kind: store.JobLookUp, Key: "waits", Due: at},
	))
	code, out, said := g.run("dead", "list", "-o", "json")
	require.Equal(t, model.ExitDone, code, said)
	var docs []deadDoc
	require.NoError(t, json.Unmarshal([]byte(out), &docs))
	require.Len(t, docs, 3)
	require.Equal(t, deadDoc{Kind: "look-up", Key: id, About: id, Tries: 8, Since: at, Reason: "score: the API failed (500)"}, docs[0])
	require.Equal(t, "tell", docs[1].Rule)
	require.Equal(t, id, docs[1].About)
	code, out, _ = g.run("dead", "list")
	require.Equal(t, model.ExitDone, code)
	require.Contains(t, out, "rule tell: the target could not be reached")
	require.NotContains(t, out, "\x1b")

	code, _, said = g.run("dead", "retry", "17")
	require.Equal(t, model.ExitUsage, code, said)
	require.Contains(t, said, "--yes")
	g.answer = "n\n"
	code, _, said = g.run("dead", "retry", "17")
	require.Equal(t, model.ExitRefused, code, said)
	g.answer = ""
	code, _, said = g.run("dead", "retry", "17", "99", "--yes")
	require.Equal(t, model.ExitNotFound, code, said)
	require.Contains(t, said, `"99" was not set aside`)
	require.Contains(t, said, "1 due again")
	g.answer = "y\n"
	code, _, said = g.run("dead", "drop", "ops-abcd")
	require.Equal(t, model.ExitDone, code, said)
	require.Contains(t, said, "1 dropped")
	g.answer = ""
	code, _, said = g.run("dead", "retry", "--yes")
	require.Equal(t, model.ExitDone, code, said)
	require.Contains(t, said, "1 due again")
	code, out, _ = g.run("dead", "list", "-o", "json")
	require.Equal(t, model.ExitDone, code)
	require.JSONEq(t, "[]", out)
	var logged []string
	records, err := st.AuditRecords(t.Context(), 0, 100)
	require.NoError(t, err)
	for _, r := range records {
		e, err := audit.Decode(r.Line)
		require.NoError(t, err)
		if e.Event == audit.Retry || e.Event == audit.Drop {
			logged = append(logged, string(e.Event)+" "+e.Detail)
		}
	}
	require.Equal(t, []string{"retry webhook 17", "drop notify ops-abcd", "retry look-up " + id}, logged)
	depth, err := st.Depth(t.Context(), time.Now())
	require.NoError(t, err)
	require.Equal(t, int64(1), depth.Deliveries, "the webhook comes again")
	require.Equal(t, int64(2), depth.Due[store.JobLookUp])
}

func TestResultsAreListed(t *testing.T) {
	g := gatewayRun{t: t, store: filepath.Join(t.TempDir(), "inbox.db")}
	st, err := sqlite.Open(t.Context(), g.store)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	at := time.Date(2026, 11, 21, 1, 0, 0, 0, time.UTC)
	require.NoError(t, st.Accept(t.Context(), store.Delivery{At: at, Body: []byte("{}")}))
	_, err = st.Place(t.Context(), 1, func([]store.Delivery) store.Placed {
		return store.Placed{Results: []store.Result{{Kind: "authentication", ID: "t1", Customer: "67dd", Outcome: "FAIL", Detail: "spoof attempt", At: at}}}
	})
	require.NoError(t, err)
	code, out, said := g.run("results", "-o", "json")
	require.Equal(t, model.ExitDone, code, said)
	require.JSONEq(t, `[{"kind":"authentication","id":"t1","customer":"67dd","outcome":"FAIL","detail":"spoof attempt","at":"2026-11-21T01:00:00Z"}]`, out)
	code, out, _ = g.run("results")
	require.Equal(t, model.ExitDone, code)
	require.Contains(t, out, "spoof attempt")
	code, _, _ = g.run("results", "--limit", "0")
	require.Equal(t, model.ExitUsage, code)
}
