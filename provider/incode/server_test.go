package incode

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/omni"
)

// paths says which fixture answers which address.
var paths = map[string]string{
	"GET /omni/get/onboarding/status":                      "status.json",
	"GET /omni/get/score":                                  "score.full.json",
	"GET /omni/get/ocr-data":                               "ocr.passport.json",
	"GET /omni/get/ocr-data-second-id":                     "ocr.licence.json",
	"GET /omni/get/device-info":                            "device.json",
	"GET /omni/get/events":                                 "events.json",
	"GET /omni/get/id-summary":                             "summary.json",
	"POST /omni/get/images/v2":                             "images.json",
	"GET /omni/identity/66a1aa11bb22cc33dd44ee66/sessions": "linked.json",
	"GET /omni/session/status/get":                         "life.json",
	"GET /omni/get/custom-fields":                          "custom.json",
	"GET /omni/get/events-signature":                       "events-signature.json",
}

// report is the one address whose answer is no JSON.
const report = "POST /omni/get/report"

// request is what the server saw.
type request struct {
	Line  string
	Query string
	Body  string
	Token string
}

// api is a small Omni over real HTTP. Handlers can be put over its fixtures.
type api struct {
	t      testing.TB
	mu     sync.Mutex
	seen   []request
	answer map[string]http.HandlerFunc // by method and path
	url    string
	token  Token
	p      *Provider
}

func newAPI(t testing.TB) *api {
	t.Helper()
	a := &api{t: t, answer: map[string]http.HandlerFunc{}}
	srv := httptest.NewServer(a)
	t.Cleanup(srv.Close)
	a.url = srv.URL
	a.on(report, says(http.StatusOK, "%PDF-1.4\n"))
	a.token.Set("not-a-real-token")
	client, err := omni.New(omni.Config{BaseURL: srv.URL, APIKey: "not-a-real-key", Token: a.token.Get, Timeout: 2 * time.Second})
	require.NoError(t, err)
	a.p = New(client, Options{Token: &a.token, ClientID: "sample", Now: func() time.Time { return testNow }})
	return a
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // a broken body shows in the assertion on it
	line := r.Method + " " + r.URL.Path
	a.mu.Lock()
	a.seen = append(a.seen, request{line, r.URL.RawQuery, string(body), r.Header.Get("X-Incode-Hardware-Id")})
	h := a.answer[line]
	a.mu.Unlock()
	if h != nil {
		h(w, r)
		return
	}
	file, ok := paths[line]
	if !ok {
		http.Error(w, `{"timestamp":1,"status":404,"error":"Not Found","path":"x"}`, http.StatusNotFound)
		return
	}
	_, _ = w.Write(fixture(a.t, file)) // the client will notice
}

func (a *api) on(line string, h http.HandlerFunc) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer[line] = h
}

func (a *api) requests() []request {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]request(nil), a.seen...)
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // the client will notice
	}
}

// open fetches every part of a session, those that follow too.
func (a *api) open() *model.Session {
	so := newSession()
	get := func(parts []model.Part) {
		for _, part := range parts {
			apply, _ := a.p.Fetch(context.Background(), testID, part, so)
			next := so.Clone()
			apply(next)
			so = next
		}
	}
	get(a.p.Parts())
	get(a.p.Follow(so))
	get([]model.Part{model.PartLife, model.PartCustom, model.PartSignature, model.PartReport})
	return so
}

// started lets the server give tokens for the session.
func (a *api) started(existing bool) {
	body, err := json.Marshal(map[string]any{"token": "fake-session-token", "interviewId": testID, "existingSession": existing})
	require.NoError(a.t, err)
	a.on("POST /omni/start", says(http.StatusOK, string(body)))
}

func codeBody(status int, text string) string {
	return `{"timestamp":1584639032757,"status":` + strconv.Itoa(status) + `,"error":` + text + `,"message":` + text + `,"path":"/x"}`
}
