package incode

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/model"
)

const (
	urlLine = "GET /omni/onboarding-url"
	theLink = "https://onboarding.example.test/docket/flow/1?interviewCode=not-a-real-code"
)

// readOnce is a session of which the API has told something.
func readOnce() *model.Session {
	so := newSession()
	so.Parts[model.PartStatus] = model.PartState{At: testNow}
	return so
}

func TestTheLinkOfASession(t *testing.T) {
	a := newAPI(t)
	a.started(true)
	a.on(urlLine, says(200, `{"url":"`+theLink+`"}`))
	for range 2 {
		link, problem := a.p.Link(t.Context(), readOnce())
		require.Nil(t, problem)
		require.Equal(t, theLink, link.Reveal())
	}
	seen := a.requests()
	require.Len(t, seen, 3, "the token is asked for once")
	require.Equal(t, "clientId=sample", seen[1].Query)
	require.Equal(t, "fake-session-token", seen[1].Token)
}

func TestALinkIsNotPrinted(t *testing.T) {
	link := model.NewLink(theLink)
	line, err := json.Marshal(map[string]any{"link": link, "at": &link})
	require.NoError(t, err)
	texts := []string{string(line), link.String(), slog.AnyValue(link).Resolve().String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		texts = append(texts, fmt.Sprintf(verb, link), fmt.Sprintf(verb, []model.Link{link}), fmt.Sprintf(verb, struct{ L *model.Link }{&link}))
	}
	for _, text := range texts {
		require.NotContains(t, text, "onboarding.example")
		require.NotContains(t, text, "6f6e626f617264", "in hexadecimal digits")
	}
}

func TestNoLinkBeforeTheAPIKnowsTheSession(t *testing.T) {
	a := newAPI(t)
	for _, so := range []*model.Session{nil, newSession()} {
		_, problem := a.p.Link(t.Context(), so)
		require.Equal(t, model.KindGuard, problem.Kind)
	}
	require.Empty(t, a.requests(), "start would make a new session")
}

// An old token is exchanged for a new one, once.
func TestARefusedTokenIsAskedForAnewOnce(t *testing.T) {
	a := newAPI(t)
	a.started(true)
	refused := 1
	a.on(urlLine, func(w http.ResponseWriter, r *http.Request) {
		if refused--; refused >= 0 {
			says(401, codeBody(401, `"x"`))(w, r)
			return
		}
		says(200, `{"url":"`+theLink+`"}`)(w, r)
	})
	link, problem := a.p.Link(t.Context(), readOnce())
	require.Nil(t, problem)
	require.Equal(t, theLink, link.Reveal())
	require.Len(t, a.requests(), 4)

	refused = 5
	_, problem = a.p.Link(t.Context(), readOnce())
	require.Equal(t, model.KindForbidden, problem.Kind, "the executive's token is not to blame: nobody is sent to log in")
	require.Len(t, a.requests(), 7)
}

// What fails says so without the link, however it fails.
func TestALinkThatFails(t *testing.T) {
	for name, c := range map[string]struct {
		h    http.HandlerFunc
		exit int
	}{
		"400": {says(400, `{"timestamp":1,"status":400,"error":"Bad Request","message":"no: `+theLink+`","path":"x"}`), 5},
		"404": {says(404, codeBody(4004, `"`+theLink+`"`)), 4},
		"429": {says(429, ""), 5},
		"500": {says(500, "<html>"+theLink), 1},
		"cut": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "500")
			_, _ = w.Write([]byte(`{"url":"` + theLink)) // cut off on purpose
		}, 6},
		"dropped":       {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 6},
		"another shape": {says(200, `{"link":"`+theLink+`"}`), 1},
		"a list":        {says(200, `["`+theLink+`"]`), 1},
		"no text":       {says(200, `{"url":{"a":"`+theLink+`"}}`), 1},
	} {
		a := newAPI(t)
		a.started(true)
		a.on(urlLine, c.h)
		link, problem := a.p.Link(t.Context(), readOnce())
		require.NotNil(t, problem, name)
		require.True(t, link.Empty(), name)
		require.Equal(t, c.exit, problem.Kind.Exit(), name)
		require.NotContains(t, problem.Error(), "onboarding.example", name)
		require.NotContains(t, fmt.Sprintf("%+v", problem), "not-a-real-code", name)
	}
}

func TestAnAddressThatNobodyShouldFollow(t *testing.T) {
	for _, address := range []string{
		"", "javascript:alert(1)", "http://onboarding.example.test/", "https://", "https://user:x@onboarding.example.test/",
		"https://onboarding.example.test/\x1b[2J", "https://onboarding.example.test/ a", "https://onb\u0430rding.example.test/",
		"ftp://onboarding.example.test/", "https://onboarding.example.test/" + strings.Repeat("a", longestLink), "//onboarding.example.test", "https:\\\\x",
	} {
		require.False(t, followable(address), "%q", address)
	}
	for _, address := range []string{theLink, "http://127.0.0.1:3000/x?y=z", "https://onboarding.example.test:8443/a#b"} {
		require.True(t, followable(address), address)
	}
	a := newAPI(t)
	a.started(true)
	a.on(urlLine, says(200, `{"url":"javascript:alert(1)"}`))
	_, problem := a.p.Link(t.Context(), readOnce())
	require.Equal(t, model.KindShape, problem.Kind)
	require.NotContains(t, problem.Error(), "alert")
}

// What the API says of an SMS may name the phone number, or the link.
func TestWhatTheAPISaysOfAnSMSIsNotRepeated(t *testing.T) {
	a := newAPI(t)
	a.on("POST /omni/external/send-sms", says(400, `{"timestamp":1,"status":400,"error":"Bad Request","message":"+15550100 is no number for `+theLink+`","path":"x"}`))
	out := a.p.Act(t.Context(), model.Action{Kind: model.ActSMS, IDs: []string{testID}, Message: "{0}"})
	require.Equal(t, model.ResultRefused, out.Result)
	require.NotContains(t, out.Problem.Error()+out.Says, "5550100")
	require.NotContains(t, out.Problem.Error()+out.Says, "onboarding.example")
}

// No answer: of an SMS nobody knows, a link was not had.
func TestNoAnswerInTime(t *testing.T) {
	a := newAPI(t)
	a.started(true)
	silent := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	a.on("POST /omni/external/send-sms", silent)
	a.on(urlLine, silent)
	out := a.p.Act(t.Context(), model.Action{Kind: model.ActSMS, IDs: []string{testID}, Message: "{0}"})
	require.Equal(t, model.ResultUnknown, out.Result)
	require.Equal(t, model.ExitOutcome, out.Problem.Kind.Exit())
	require.Len(t, a.requests(), 1, "it is not sent again")
	_, problem := a.p.Link(t.Context(), readOnce())
	require.Equal(t, model.KindTimeout, problem.Kind)
	require.Equal(t, model.ExitUnreachable, problem.Kind.Exit())
}
