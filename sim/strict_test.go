package sim

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sample is a valid request of each endpoint.
func (r *rig) samples() map[string]*http.Request {
	id := r.clean()
	q := "?id=" + id
	i := "?interviewId=" + id
	own := func(req *http.Request) *http.Request {
		req.Header.Set("X-Incode-Hardware-Id", r.SessionToken(id))
		return req
	}
	j := func(kv ...any) map[string]any {
		m := map[string]any{}
		for n := 0; n < len(kv); n += 2 {
			m[kv[n].(string)] = kv[n+1]
		}
		return m
	}
	list := []*http.Request{
		r.request("POST", "/executive/log-in", j("email", DefaultEmail, "password", DefaultPassword)),
		r.request("POST", "/omni/start", j("countryCode", "ALL", "language", "en-US", "configurationId", flows[0].id)),
		r.request("GET", "/omni/get/ocr-data-second-id"+q, nil),
		own(r.request("GET", "/omni/get/custom-fields", nil)),
		r.request("POST", "/omni/external/send-sms"+q, j("clientId", DefaultClientID, "smsText", "Go on here: {0}")),
		r.request("PUT", "/omni/update"+q, j("manualIdCheckNeeded", true, "birthDate", "-23587200000")),
		own(r.request("GET", "/omni/process/antifraud", nil)),
		r.request("PUT", "/omni/resolve/antifraud"+i+"&reason=checked", nil),
		r.request("PUT", "/omni/manual-review"+i, j("manualReviewStatus", "REQUIRED", "newReason", "look again")),
		r.request("POST", "/omni/process/approve"+i, nil),
		r.request("GET", "/omni/get/onboarding/status"+q, nil),
		own(r.request("GET", "/omni/onboarding-url?clientId="+DefaultClientID+"&components=qr&tag=verification", nil)),
		own(r.request("GET", "/omni/get/postprocess/isfinished", nil)),
		own(r.request("GET", "/omni/finish-status", nil)),
		r.request("POST", "/omni/authentication/verify", j("transactionId", "t", "token", "a", "interviewToken", "b")),
		r.request("GET", "/omni/identity/"+r.told("clean-enrolled").CustomerID+"/sessions", nil),
		r.request("GET", "/omni/get/device-info"+q+"&returnData=true", nil),
		r.request("GET", "/omni/get/score"+q, nil),
		r.request("POST", "/omni/get/images"+q, j("images", []string{"croppedFace"})),
		r.request("POST", "/omni/get/images/v2"+q, j("images", []string{"croppedFace"})),
		r.request("POST", "/omni/get/images-second-id"+q, j("images", []string{"croppedFrontID"})),
		r.request("GET", "/omni/get/ocr-data"+q, nil),
		r.request("GET", "/omni/get/ocr-data/v2"+q, nil),
		r.request("GET", "/omni/get/events"+q+"&offset=0&limit=100", nil),
		r.request("GET", "/omni/get/events-signature"+q, nil),
		own(r.request("POST", "/omni/get/report", j("provider", "incode"))),
		r.request("POST", "/omni/expire/interviews", j("interviewIds", []string{id}, "cleanerConfiguration", j("expirationConditions", []string{"INCOMPLETE"}))),
		r.request("POST", "/omni/interview/set-interviewer", j("interviewId", id, "interviewerId", "me")),
		r.request("GET", "/omni/get/id-summary"+q, nil),
		r.request("POST", "/omni/session/status/set?action=Closed&id="+id, nil),
		own(r.request("GET", "/omni/session/status/get", nil)),
		r.request("DELETE", "/omni/interviews", j("filter", j("ids", []string{id}), "config", j("deletePiiDataOnly", true, "relatedEntitiesToKeep", []string{"images"}))),
		r.request("DELETE", "/omni/interview?interviewId="+r.told("glare").ID+"&keepCustomer=true&sendNotification=false", nil),
	}
	out := map[string]*http.Request{}
	for _, req := range list {
		e, _, err := route(req.Method, req.URL.Path)
		require.Nil(r.t, err)
		out[e.name()] = req
	}
	return out
}

// spoiled sends the valid request of every endpoint after spoiling it. Where
// spoil says false, it does not apply.
func (r *rig) spoiled(spoil func(*endpoint, *http.Request) bool, check func(*endpoint, reply)) {
	for i := range endpoints {
		e := &endpoints[i]
		req := r.samples()[e.name()]
		require.NotNil(r.t, req, "no sample of %s", e.name())
		if spoil(e, req) {
			check(e, r.send(req))
		}
	}
}

func (r *rig) refuses(status int, spoil func(*endpoint, *http.Request) bool) {
	r.t.Helper()
	r.spoiled(spoil, func(e *endpoint, got reply) {
		require.Equal(r.t, status, got.status, "%s: %s", e.name(), got.raw)
		require.Equal(r.t, float64(status), got.json["status"], e.name())
		require.Equal(r.t, http.StatusText(status), got.json["error"])
		require.NotEmpty(r.t, got.json["timestamp"])
		require.NotEmpty(r.t, got.json["path"])
		require.NotEmpty(r.t, got.header.Get("Processing-Time"))
	})
}

func every(spoil func(*http.Request)) func(*endpoint, *http.Request) bool {
	return func(_ *endpoint, req *http.Request) bool {
		spoil(req)
		return true
	}
}

func TestEveryEndpointAnswersItsSample(t *testing.T) {
	for i := range endpoints {
		r := newRig(t, Options{})
		e := &endpoints[i]
		got := r.send(r.samples()[e.name()])
		require.Equal(t, http.StatusOK, got.status, "%s: %s", e.name(), got.raw)
	}
}

func TestEveryEndpointIsStrictAboutHeaders(t *testing.T) {
	r := newRig(t, Options{})
	withToken := func(spoil func(*http.Request)) func(*endpoint, *http.Request) bool {
		return func(e *endpoint, req *http.Request) bool {
			spoil(req)
			return e.access != accessKey
		}
	}
	withBody := func(spoil func(*http.Request)) func(*endpoint, *http.Request) bool {
		return func(_ *endpoint, req *http.Request) bool {
			spoil(req)
			return req.Body != nil
		}
	}
	r.refuses(400, every(func(q *http.Request) { q.Header.Del("api-version") }))
	r.refuses(400, every(func(q *http.Request) { q.Header.Set("api-version", "1.1") }))
	r.refuses(403, every(func(q *http.Request) { q.Header.Del("x-api-key") }))
	r.refuses(403, every(func(q *http.Request) { q.Header.Set("x-api-key", "another") }))
	r.refuses(401, withToken(func(q *http.Request) { q.Header.Del("X-Incode-Hardware-Id") }))
	r.refuses(401, withToken(func(q *http.Request) { q.Header.Set("X-Incode-Hardware-Id", "unknown") }))
	r.refuses(406, every(func(q *http.Request) { q.Header.Set("Accept", "text/html") }))
	r.refuses(415, withBody(func(q *http.Request) { q.Header.Set("Content-Type", "text/plain") }))
	r.refuses(415, withBody(func(q *http.Request) { q.Header.Del("Content-Type") }))
}

func TestEveryEndpointIsStrictAboutParameters(t *testing.T) {
	r := newRig(t, Options{})
	r.refuses(400, every(func(q *http.Request) { q.URL.RawQuery += "&surprise=1" }))
	r.refuses(405, every(func(q *http.Request) { q.Method = "PATCH" }))
	r.refuses(404, every(func(q *http.Request) { q.URL.Path += "/nothing" }))
	r.refuses(404, func(e *endpoint, q *http.Request) bool {
		if e.subject == "" {
			return false
		}
		v := q.URL.Query()
		v.Set(e.subject, "0123456789abcdef01234567")
		q.URL.RawQuery = v.Encode()
		return true
	})
	r.refuses(400, func(e *endpoint, q *http.Request) bool { // repeated
		q.URL.RawQuery += "&" + q.URL.RawQuery
		return len(e.query) > 0
	})
	r.refuses(400, func(e *endpoint, q *http.Request) bool { // nobody is named, and the token is an executive's
		v := q.URL.Query()
		v.Del(e.subject)
		q.URL.RawQuery = v.Encode()
		q.Header.Set("X-Incode-Hardware-Id", r.token)
		return !e.anySession
	})
}

func TestBodiesAreChecked(t *testing.T) {
	r := newRig(t, Options{})
	id := r.clean()
	for _, c := range []struct{ method, target, body string }{
		{"PUT", "/omni/manual-review?interviewId=" + id, `{}`},
		{"PUT", "/omni/manual-review?interviewId=" + id, ``},
		{"PUT", "/omni/manual-review?interviewId=" + id, `[]`},
		{"PUT", "/omni/manual-review?interviewId=" + id, `{"manualReviewStatus":"APPROVED"`},
		{"PUT", "/omni/manual-review?interviewId=" + id, `{"manualReviewStatus":"approved"}`},
		{"PUT", "/omni/manual-review?interviewId=" + id, `{"manualReviewStatus":null}`},
		{"PUT", "/omni/manual-review?interviewId=" + id, `{"manualReviewStatus":"APPROVED","reason":"x"}`},
		{"PUT", "/omni/manual-review?interviewId=" + id, `{"manualReviewStatus":"APPROVED","newReason":7}`},
		{"POST", "/omni/process/approve?interviewId=" + id, `{"approveComponents":["face"]}`},
		{"POST", "/omni/process/approve?interviewId=" + id, `{"approveComponents":"id"}`},
		{"POST", "/omni/process/approve", `{}`},
		{"POST", "/omni/expire/interviews", `{"interviewIds":["` + id + `"]}`},
		{"POST", "/omni/expire/interviews", `{"interviewIds":[],"cleanerConfiguration":{"expirationConditions":["INCOMPLETE"]}}`},
		{"POST", "/omni/expire/interviews", `{"interviewIds":["` + id + `"],"cleanerConfiguration":{"expirationConditions":["ALL"]}}`},
		{"POST", "/omni/expire/interviews", `{"interviewIds":["` + id + `"],"cleanerConfiguration":{"expirationConditions":["INCOMPLETE"],"more":1}}`},
		{"DELETE", "/omni/interviews", `{"filter":{}}`},
		{"DELETE", "/omni/interviews", `{"config":{}}`},
		{"DELETE", "/omni/interview?interviewId=" + id + "&keepCustomer=yes", ``},
		{"DELETE", "/omni/interview", ``},
		{"POST", "/omni/get/images/v2?id=" + id, `{"images":[]}`},
		{"POST", "/omni/get/images?id=" + id, `{"images":"selfie"}`},
		{"POST", "/omni/get/images?id=" + id, `{"images":["secondId"]}`},
		{"POST", "/omni/get/images-second-id?id=" + id, `{"images":["medicalDoc"]}`},
		{"POST", "/omni/get/images-second-id?id=" + id, `{}`},
		{"POST", "/omni/get/images/v2?id=" + id, `{"images":["face"]}`},
		{"PUT", "/omni/update?id=" + id, `{"gender":"X"}`},
		{"PUT", "/omni/update?id=" + id, `{"birthDate":"1990-01-01"}`},
		{"PUT", "/omni/resolve/antifraud", ``},
		{"GET", "/omni/get/events?id=" + id + "&limit=0", ``},
		{"GET", "/omni/get/events?id=" + id + "&limit=101", ``},
		{"GET", "/omni/get/events?id=" + id + "&offset=-1", ``},
		{"GET", "/omni/get/events?id=" + id, `{"offset":1}`},
		{"GET", "/omni/get/score?id=" + id, `{}`},
		{"GET", "/omni/get/device-info?id=" + id + "&returnData=1", ``},
		{"POST", "/omni/session/status/set?id=" + id, ``},
		{"POST", "/omni/session/status/set?action=Gone&id=" + id, ``},
		{"POST", "/omni/start", `{"countryCode":"mexico"}`},
		{"POST", "/omni/start", `{"language":"de-DE"}`},
		{"POST", "/omni/start", `{"customFields":[]}`},
	} {
		req := r.request(c.method, c.target, nil)
		if c.body != "" {
			req = r.request(c.method, c.target, rawJSON(c.body))
		}
		got := r.send(req)
		require.Equal(t, http.StatusBadRequest, got.status, "%s %s %s: %s", c.method, c.target, c.body, got.raw)
	}
	require.Equal(t, r.told("clean"), r.session(id), "nothing was changed")
}

// rawJSON is sent as it is, broken or not.
type rawJSON string

func TestRequestsOver10MBAreRefused(t *testing.T) {
	r := newRig(t, Options{})
	body := map[string]any{"manualReviewStatus": "REQUIRED", "newReason": strings.Repeat("x", maxRequest)}
	require.Equal(t, http.StatusRequestEntityTooLarge, r.do("PUT", "/omni/manual-review?interviewId="+r.clean(), body).status)
}

func TestBasePathNeedsNoKey(t *testing.T) {
	r := newRig(t, Options{})
	id := r.clean()
	send := func(token, target, key string) int {
		req := r.request("GET", target, nil)
		req.Header.Set("X-Incode-Hardware-Id", token)
		req.Header.Del("x-api-key")
		if key != "" {
			req.Header.Set("x-api-key", key)
		}
		return r.send(req).status
	}
	own := r.SessionToken(id)
	require.Equal(t, 200, send(own, "/0/omni/get/score", ""))
	require.Equal(t, 200, send(own, "/0/omni/get/score?id="+id, ""))
	require.Equal(t, 200, send(own, "/0/omni/session/status/get", ""))
	require.Equal(t, 403, send(own, "/0/omni/get/score", "wrong"))
	require.Equal(t, 403, send(own, "/omni/get/score", ""))
	require.Equal(t, 1, r.Count("GET", "/omni/session/status/get"), "counted without the base path")
}

func TestSessionTokensReachTheirSessionOnly(t *testing.T) {
	r := newRig(t, Options{})
	id, other := r.clean(), r.told("glare").ID
	own := r.SessionToken(id)
	require.Equal(t, 200, r.as(own, "GET", "/omni/get/score", nil).status)
	require.Equal(t, 401, r.as(own, "GET", "/omni/get/score?id="+other, nil).status)
	require.Equal(t, 401, r.as(own, "PUT", "/omni/manual-review?interviewId="+other, map[string]any{"manualReviewStatus": "APPROVED"}).status)
	for _, e := range endpoints {
		if e.access == accessExecutive {
			req := r.samples()[e.name()]
			req.Header.Set("X-Incode-Hardware-Id", own)
			require.Equal(t, 401, r.send(req).status, e.name())
		}
	}
}

func TestPathsMatchExactly(t *testing.T) {
	for path, want := range map[string]string{
		"/omni/identity/abc/sessions":  "abc",
		"/omni/identity//sessions":     "",
		"/omni/identity/a/b/sessions":  "",
		"/omni/identity/abc/sessions/": "",
		"/omni/identity/sessions":      "",
	} {
		_, value, err := route("GET", path)
		require.Equal(t, want, value, path)
		require.Equal(t, want == "", err != nil, fmt.Sprint(path, err))
	}
}
