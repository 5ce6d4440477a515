package gateway_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/gateway"
	"docket/intake"
	"docket/sim"
)

func printed(v any) []string {
	return []string{fmt.Sprint(v), fmt.Sprintf("%+v", v), fmt.Sprintf("%#v", v), fmt.Sprintf("%q", v)}
}

func TestAWebhookIsKeptAndEchoed(t *testing.T) {
	r := newRig(t)
	a := r.post("/webhook", finished("65f0c1"))
	require.Equal(t, 200, a.code, a.body)
	v := a.json(t)
	require.Regexp(t, `^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$`, v["timestamp"])
	require.Equal(t, true, v["success"])
	require.Equal(t, map[string]any{"interviewId": "65f0c1", "onboardingStatus": "ONBOARDING_FINISHED", "clientId": "acme", "flowId": "f1"}, v["data"])
	require.Equal(t, []intake.Hook{{Kind: intake.KindOnboarding, ID: "65f0c1", Status: "ONBOARDING_FINISHED", ClientID: "acme", FlowID: "f1"}}, r.hooks())

	for _, body := range []string{
		`{"interviewId":"65f0c1","event_type":"SESSION_STARTED"}`,
		`{"transactionId":"e59ee5","customerId":"67dd","overallStatus":"FAIL","faceMatch":false}`,
		`{"interviewId":"65f0c1","onboardingStatus":"UNKNOWN"}`,
	} {
		require.Equal(t, 200, r.post("/webhook", body).code)
	}
	require.Len(t, r.hooks(), 3)
	require.EqualValues(t, 4, r.kept.Load(), "who works on the queue is told of each")
}

// The line with which the sample shows a webhook is answered as there, and is no news of
// any session.
func TestTheSamplesPlaceholderIsNoSession(t *testing.T) {
	r := newRig(t)
	body := `{"interviewId": "<interviewId>", "onboardingStatus": "ONBOARDING_FINISHED", "clientId": "<clientId>", "flowId": "<flowId>"}`
	v := r.post("/webhook", body).json(t)
	require.Equal(t, true, v["success"])
	require.Equal(t, "<interviewId>", v["data"].(map[string]any)["interviewId"])
	r.refused(r.post("/approve", body), 400, "placeholder", "sample")
	require.Empty(t, r.hooks())
}

func TestAnIdentityWebhookLeavesItsTokenOutside(t *testing.T) {
	r := newRig(t)
	const marker = "MARKERtokenMARKER"
	body := `{"token":"` + marker + `","event":"verification.completed","object":"verification","id":"196c-1","timestamp":1688052828}`
	a := r.post("/webhook/identity", body)
	require.Equal(t, 204, a.code)
	require.Empty(t, a.body)
	b := r.post("/webhook", body)
	require.Equal(t, 200, b.code)
	require.NotContains(t, b.body, marker)
	r.line(b)
	require.NotContains(t, r.log.String(), marker)
	hooks := r.hooks()
	require.Equal(t, []intake.Hook{{Kind: intake.KindIdentity, ID: "196c-1", Event: "verification.completed"}, {Kind: intake.KindIdentity, ID: "196c-1", Event: "verification.completed"}}, hooks)
	r.refused(r.post("/webhook/identity", finished("65f0c1")), 400, "event", "event")
}

func TestApproveEnrolsWhoPassedAndOnlyOnce(t *testing.T) {
	r := newRig(t)
	id := r.sessionWith("OK")
	var wg sync.WaitGroup
	answers := make([]answered, 6)
	for i := range answers {
		wg.Go(func() { answers[i] = r.post("/approve", finished(id)) })
	}
	wg.Wait()
	withUUID := 0
	so, _ := r.api.Session(id)
	require.NotEmpty(t, so.CustomerID)
	for _, a := range answers {
		require.Equal(t, 200, a.code, a.body)
		v := a.json(t)
		require.Equal(t, true, v["success"])
		data := v["data"].(map[string]any)
		require.Equal(t, true, data["success"])
		if data["uuid"] != nil {
			withUUID++
			require.Equal(t, so.CustomerID, data["uuid"])
			require.NotEmpty(t, data["token"], "the sample's answer")
			require.Contains(t, data, "existingCustomer")
			require.Equal(t, "OK", data["totalScore"])
			require.NotContains(t, r.log.String(), data["token"])
		}
	}
	require.Equal(t, 1, withUUID)
	require.Equal(t, 1, r.api.Count("POST", "/omni/process/approve"))
	require.Len(t, r.hooks(), 6, "each is in the inbox all the same")

	var did []audit.Event
	for _, e := range r.entries() {
		require.Equal(t, "gateway", e.By)
		if e.Action == "enroll" {
			did = append(did, e.Event)
			if e.Event == audit.Intent {
				require.Equal(t, "score", e.Evidence[0].What, "on what it rests")
			}
		}
	}
	require.Equal(t, []audit.Event{audit.Intent, audit.Outcome}, did)
}

func TestApproveLeavesTheOthersAlone(t *testing.T) {
	r := newRig(t)
	for _, verdict := range []string{"FAIL", "MANUAL", "WARN"} {
		a := r.post("/approve", finished(r.sessionWith(verdict)))
		require.Equal(t, 200, a.code, "the sender need not send it again")
		v := a.json(t)
		require.Equal(t, false, v["success"])
		require.Contains(t, v["error"], "didn't PASS")
		require.NotContains(t, v, "data")
	}
	early := `{"interviewId":"` + r.sessionWith("OK") + `","onboardingStatus":"FACE_VALIDATION_FINISHED"}`
	a := r.post("/approve", early)
	require.JSONEq(t, early, a.body[strings.Index(a.body, `"data":`)+len(`"data":`):len(a.body)-2])
	require.Zero(t, r.api.Count("POST", "/omni/process/approve"))
	require.Len(t, r.hooks(), 4)
}

func TestApproveWhenTheAPIFails(t *testing.T) {
	r := newRig(t)
	id := r.sessionWith("OK")
	r.api.Fault("GET /omni/get/score", sim.Fault{Kind: sim.FaultStatus, Status: 401})
	r.refused(r.post("/approve", finished(id)), 502, "admin token", "api-token")
	r.api.ClearFaults()
	for _, status := range []int{409, 423, 425} {
		r.api.Fault("POST /omni/process/approve", sim.Fault{Kind: sim.FaultStatus, Status: status, Message: "leaky", Times: 1})
		r.refused(r.post("/approve", finished(id)), 502, "refused the request", "api-refused")
	}
	r.refused(r.post("/approve", finished(strings.Repeat("0", 24))), 400, "does not know", "unknown-session")
	require.Equal(t, true, r.post("/approve", finished(id)).json(t)["success"], "what was refused can be tried again")
	require.NotContains(t, r.log.String(), "leaky")
}

// What the API refuses for good its sender is told for good, in words of docket.
func TestApproveOfWhatTheAPIRefusesForGood(t *testing.T) {
	r := newRig(t)
	id := r.sessionWith("OK")
	for _, c := range []struct {
		route      string
		http, code int
		says       string
	}{
		{"POST /omni/process/approve", 400, 4006, "phone number exists already (code 4006)"},
		{"POST /omni/process/approve", 422, 0, "refuses to enrol this session: sending the webhook again does not help"},
		{"POST /omni/process/approve", 400, 9999, "refuses to enrol this session (code 9999)"},
		{"GET /omni/get/score", 400, 4026, "uuid in the request is not valid (code 4026)"},
	} {
		r.api.Fault(c.route, sim.Fault{Kind: sim.FaultStatus, Status: c.http, Code: c.code, Message: "leaky", Times: 1})
		a := r.post("/approve", finished(id))
		r.refused(a, 400, c.says, "api-refused")
		require.Empty(t, a.header.Get("Retry-After"))
		require.EqualValues(t, c.code, r.line(a)["api_code"])
		require.NotContains(t, a.body, "leaky")
	}
	require.NotContains(t, r.log.String(), "leaky")
	require.Equal(t, true, r.post("/approve", finished(id)).json(t)["success"], "it can be asked for again all the same")
}

func TestApproveOfUnknownOutcomeIsNotSentAgain(t *testing.T) {
	r := newRig(t)
	id := r.sessionWith("OK")
	r.api.Fault("POST /omni/process/approve", sim.Fault{Kind: sim.FaultDrop, Times: 1})
	r.refused(r.post("/approve", finished(id)), 502, "not known whether", "api-outcome")
	r.refused(r.post("/approve", finished(id)), 502, "not known whether", "api-outcome")
	require.Equal(t, 1, r.api.Count("POST", "/omni/process/approve"))
	row, err := r.store.Get(t.Context(), id)
	require.NoError(t, err)
	require.NotNil(t, row.Pending, "a person settles it")
}

// bad are requests that nobody should send, with what each gets.
var bad = map[string]struct {
	body   string
	proof  func(http.Header)
	code   int
	says   string
	reason string
}{
	"no secret":     {body: finished("a1"), proof: func(h http.Header) { h.Del(gateway.DefaultHeader) }, code: 401, says: "missing", reason: "no-secret"},
	"wrong secret":  {body: finished("a1"), proof: func(h http.Header) { h.Set(gateway.DefaultHeader, "MARKER") }, code: 401, says: "another one", reason: "wrong-secret"},
	"two secrets":   {body: finished("a1"), proof: func(h http.Header) { h.Add(gateway.DefaultHeader, "MARKER") }, code: 401, says: "another one", reason: "wrong-secret"},
	"5 MB":          {body: `{"x":"MARKER` + strings.Repeat("y", 5<<20) + `"}`, code: 413, says: "1 MiB", reason: "too-large"},
	"not JSON":      {body: `interviewId=MARKER`, code: 400, says: "no JSON", reason: "not-json"},
	"trailing":      {body: finished("a1") + `MARKER`, code: 400, says: "no JSON", reason: "not-json"},
	"deep":          {body: strings.Repeat("[", 100000), code: 400, says: "no JSON", reason: "not-json"},
	"a list":        {body: `["MARKER"]`, code: 400, says: "array", reason: "shape"},
	"another thing": {body: `{"MARKER":"MARKER"}`, code: 400, says: "members", reason: "shape"},
	"id twice":      {body: `{"interviewId":"MARKER","interviewId":"b","onboardingStatus":"UNKNOWN"}`, code: 400, says: "twice", reason: "repeated"},
	"control bytes": {body: `{"interviewId":"MARKER\u0000\u001b]0;x\u0007","onboardingStatus":"UNKNOWN"}`, code: 400, says: "no id", reason: "id"},
	"SQL":           {body: `{"interviewId":"MARKER'); drop table delivery; --","onboardingStatus":"UNKNOWN"}`, code: 400, says: "no id", reason: "id"},
}

func TestBadInput(t *testing.T) {
	r := newRig(t)
	for name, c := range bad {
		for _, path := range []string{"/webhook", "/approve", "/webhook/identity"} {
			t.Run(name+" at "+path, func(t *testing.T) {
				if path == "/webhook/identity" && c.code == 400 {
					c.says, c.reason = "", ""
				}
				h := r.proof.Clone()
				if c.proof != nil {
					c.proof(h)
				}
				a := r.send("POST", path, c.body, h)
				require.Equal(t, c.code, a.code, a.body)
				require.Equal(t, false, a.json(t)["success"])
				require.Contains(t, a.json(t)["error"], c.says)
				line := r.line(a)
				if c.reason != "" {
					require.Equal(t, c.reason, line["reason"])
				}
				require.NotContains(t, a.body, "MARKER")
			})
		}
	}
	require.Empty(t, r.hooks(), "nothing is stored")
	require.Empty(t, r.api.Requests(), "nobody is asked")
	for _, hidden := range []string{"MARKER", token, hookSecret, "drop table"} {
		require.NotContains(t, r.log.String(), hidden)
	}
}

func TestABodyWithoutALengthIsCutToo(t *testing.T) {
	r := newRig(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.base+"/webhook", endless{})
	require.NoError(t, err)
	req.Header = r.proof.Clone()
	res, err := client.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, 413, res.StatusCode)
	require.Empty(t, r.hooks())
}

type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

func TestWhatCannotBeKeptIsSentAgain(t *testing.T) {
	r := newRig(t)
	r.store.setBroken(true)
	for _, path := range []string{"/webhook", "/approve"} {
		a := r.post(path, finished(r.sessionWith("OK")))
		r.refused(a, 503, "send it again", "store")
		require.NotEmpty(t, a.header.Get("Retry-After"))
	}
	require.Equal(t, 503, r.post("/webhook/identity", `{"event":"verification.completed","id":"a"}`).code)
	r.store.setBroken(false)
	require.Equal(t, 200, r.post("/webhook", finished("a1")).code)
	require.Len(t, r.hooks(), 1)
	require.Zero(t, r.api.Count("POST", "/omni/process/approve"))
}

func TestSignedWebhooks(t *testing.T) {
	r := newRig(t, func(o *options) { o.Secrets.HMAC = key })
	body := finished("a1")
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = mac.Write([]byte(body))
	sum := mac.Sum(nil)
	send := func(signature, body string) answered {
		h := r.proof.Clone()
		if signature != "" {
			h.Set("X-Incode-Signature", signature)
		}
		return r.send("POST", "/webhook", body, h)
	}
	good := []string{
		hex.EncodeToString(sum), strings.ToUpper(hex.EncodeToString(sum)), "sha256=" + hex.EncodeToString(sum),
		base64.StdEncoding.EncodeToString(sum), base64.RawURLEncoding.EncodeToString(sum),
	}
	for _, signature := range good {
		require.Equal(t, 200, send(signature, body).code, signature)
	}
	r.refused(send("", body), 401, "not signed", "no-signature")
	r.refused(send(good[0], body+" "), 401, "does not fit", "wrong-signature")
	r.refused(send("nonsense", body), 401, "does not fit", "wrong-signature")
	require.Len(t, r.hooks(), len(good))
	h := r.proof.Clone()
	h.Set("X-Incode-Signature", good[0])
	h.Del(gateway.DefaultHeader)
	r.refused(r.send("POST", "/webhook", body, h), 401, "missing", "no-secret")
}

func TestWebhooksByAddress(t *testing.T) {
	prefix := func(s string) []netip.Prefix { return []netip.Prefix{netip.MustParsePrefix(s)} }
	via := func(r *rig, hops ...string) answered {
		h := r.proof.Clone()
		for _, hop := range hops {
			h.Add("X-Forwarded-For", hop)
		}
		return r.send("POST", "/webhook", finished("a1"), h)
	}
	t.Run("directly", func(t *testing.T) {
		r := newRig(t, func(o *options) { o.Allow = prefix("192.0.2.0/24") })
		r.refused(via(r), 403, "not taken from this address", "address")
		r.refused(via(r, "192.0.2.7"), 403, "not taken from this address", "address") // anybody can write that
		require.Equal(t, 200, r.get("/start").code, "callers of the backend are not senders")
	})
	t.Run("through proxies", func(t *testing.T) {
		r := newRig(t, func(o *options) {
			o.Allow, o.Proxies = prefix("192.0.2.0/24"), append(prefix("127.0.0.0/8"), prefix("10.0.0.0/8")...)
		})
		require.Equal(t, 200, via(r, "192.0.2.7").code)
		require.Equal(t, 200, via(r, "203.0.113.1, 192.0.2.7, 10.1.2.3").code, "what stands left of our proxies is hearsay")
		require.Equal(t, 200, via(r, "192.0.2.7", "10.1.2.3").code)
		r.refused(via(r, "192.0.2.7, 203.0.113.1"), 403, "address", "address")
		r.refused(via(r, "nonsense"), 403, "address", "address")
		r.refused(via(r), 403, "address", "address")
	})
	t.Run("allowed", func(t *testing.T) {
		r := newRig(t, func(o *options) { o.Allow = prefix("127.0.0.1/32") })
		require.Equal(t, 200, via(r).code)
	})
}

func TestAnotherHeader(t *testing.T) {
	r := newRig(t, func(o *options) { o.Header = "X-Team-Secret" })
	r.refused(r.post("/webhook", finished("a1")), 401, "X-Team-Secret", "no-secret")
	r.proof.Set("X-Team-Secret", hookSecret)
	require.Equal(t, 200, r.post("/webhook", finished("a1")).code)
}

func TestCallersOfTheBackend(t *testing.T) {
	r := newRig(t)
	bearer := func(value string) answered {
		h := r.proof.Clone()
		h.Set("Authorization", value)
		return r.send("GET", "/start", "", h)
	}
	for value, reason := range map[string]string{
		"": "no-token", "Bearer": "no-token", "Bearer ": "no-token", "Basic " + token: "no-token", token: "no-token",
		"Bearer MARKER": "wrong-token", "Bearer " + token + "x": "wrong-token", "Bearer " + hookSecret: "wrong-token",
	} {
		a := bearer(value)
		r.refused(a, 401, "gateway's token", reason)
		require.Equal(t, "Bearer", a.header.Get("WWW-Authenticate"))
	}
	require.Equal(t, 200, bearer("bearer "+token).code)
	require.Equal(t, 1, r.api.Count("POST", "/omni/start"))
	require.NotContains(t, r.log.String(), "MARKER")
}
