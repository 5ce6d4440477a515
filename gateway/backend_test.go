package gateway_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/gateway"
	"docket/intake"
	"docket/model"
	"docket/sim"
	"docket/store"
)

func TestStartBeginsASessionAndRemembersIt(t *testing.T) {
	r := newRig(t)
	a := r.get("/start")
	require.Equal(t, 200, a.code, a.body)
	first := a.json(t)
	require.Len(t, first, 2, "token and uniqueId, and nothing else")
	require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, first["uniqueId"])
	unique := first["uniqueId"].(string)

	id := r.api.IDs()[len(r.api.IDs())-1]
	require.NotContains(t, a.body, id, "the interview id never leaves")
	require.Equal(t, first, r.get("/start?uniqueId="+unique).json(t))
	require.Equal(t, 1, r.api.Count("POST", "/omni/start"))
	require.Equal(t, []intake.Hook{{Kind: intake.KindOnboarding, ID: id, ClientID: sim.DefaultClientID}}, r.hooks(), "it is in the inbox at once")

	kept, err := r.store.Ticket(t.Context(), unique)
	require.NoError(t, err)
	require.Equal(t, id, kept.ID)
	require.NotContains(t, string(kept.Sealed), first["token"])
	require.NotContains(t, r.log.String(), first["token"])
	require.NotContains(t, r.log.String(), unique)
}

func TestStartOfNobodyKnown(t *testing.T) {
	r := newRig(t)
	for _, unique := range []string{"0e810732-6e7e-4512-aaa5-1ae2e1f8df46", "nope", "../../etc/passwd", "%00%1b[2J", "'%20or%201=1"} {
		r.refused(r.get("/start?uniqueId="+unique), 400, "Invalid uniqueId", "unknown-unique")
	}
	r.refused(r.get("/start?uniqueId=a&uniqueId=b"), 400, "Invalid uniqueId", "unknown-unique")
	require.Zero(t, r.api.Count("POST", "/omni/start"))
}

// A token that somebody puts under another name, or that another key sealed, is not
// given out.
func TestATicketOpensUnderItsOwnNameOnly(t *testing.T) {
	r := newRig(t)
	unique := r.get("/start").json(t)["uniqueId"].(string)
	kept, err := r.store.Ticket(t.Context(), unique)
	require.NoError(t, err)
	kept.Unique = "0e810732-6e7e-4512-aaa5-1ae2e1f8df46"
	require.NoError(t, r.store.KeepTicket(t.Context(), kept, time.Time{}))
	r.refused(r.get("/start?uniqueId="+kept.Unique), 400, "Invalid uniqueId", "unknown-unique")
}

func TestATicketEndsWithItsToken(t *testing.T) {
	now := time.Now()
	r := newRig(t, func(o *options) { o.Now = func() time.Time { return now } })
	unique := r.get("/start").json(t)["uniqueId"].(string)
	now = now.Add(91 * 24 * time.Hour)
	r.refused(r.get("/start?uniqueId="+unique), 400, "90 days", "unknown-unique")
	require.Equal(t, 200, r.get("/start").code)
	_, err := r.store.Ticket(t.Context(), unique)
	require.ErrorIs(t, err, store.ErrNoTicket, "the next one lets go of it")
}

func TestOnboardingURL(t *testing.T) {
	r := newRig(t)
	a := r.get("/onboarding-url?redirectionUrl=https%3A%2F%2Fexample.com%2F")
	v := a.json(t)
	id := r.api.IDs()[len(r.api.IDs())-1]
	require.Equal(t, true, v["success"])
	require.Equal(t, id, v["interviewId"])
	require.NotEmpty(t, v["token"])
	require.True(t, strings.HasPrefix(v["url"].(string), "https://"), v["url"])
	require.Equal(t, id, r.hooks()[0].ID)
	require.Contains(t, r.api.Requests()[0].Body, "https://example.com/")
	require.NotContains(t, r.log.String(), v["token"])
	require.NotContains(t, r.log.String(), v["url"])
	require.Equal(t, 200, r.get("/onboarding-url?redirectionUrl=myapp%3A%2F%2Fdone").code)

	for _, bad := range []string{"javascript:alert(1)", "data:text/html,x", "/relative", "words", "https://a/&redirectionUrl=b", strings.Repeat("https://a/", 300)} {
		r.refused(r.get("/onboarding-url?redirectionUrl="+bad), 400, "redirectionUrl", "bad-request")
	}
}

func TestOnboardingStatus(t *testing.T) {
	r := newRig(t)
	id := r.sessionWith("OK")
	require.Equal(t, map[string]any{"success": true, "onboardingStatus": "ONBOARDING_FINISHED"}, r.get("/onboarding-status?interviewId="+id).json(t))
	r.refused(r.get("/onboarding-status"), 400, "Missing required parameter interviewId", "no-id")
	r.refused(r.get("/onboarding-status?interviewId=a%00b"), 400, "interviewId is no id", "bad-id")
	r.refused(r.get("/onboarding-status?interviewId=a&interviewId=b"), 400, "interviewId is no id", "bad-id")
	r.refused(r.get("/onboarding-status?interviewId="+strings.Repeat("0", 24)), 400, "does not know this session", "unknown-session")
}

func TestFetchScore(t *testing.T) {
	r := newRig(t)
	ask := func(id, own string) answered {
		h := r.proof.Clone()
		if own != "" {
			h.Set("X-Token", own)
		}
		return r.send("GET", "/fetch-score?interviewId="+id, "", h)
	}
	for _, c := range []struct{ verdict, score string }{{"OK", "OK"}, {"FAIL", "FAIL"}, {"MANUAL", "FAIL"}, {"WARN", "FAIL"}} {
		id := r.sessionWith(c.verdict)
		require.Equal(t, map[string]any{"success": true, "score": c.score}, ask(id, r.api.SessionToken(id)).json(t), c.verdict)
	}
	id, other := r.sessionWith("OK"), r.sessionWith("FAIL")
	r.refused(ask(id, ""), 400, "X-Token", "no-session-token")
	r.refused(ask(id, r.api.SessionToken(other)), 400, "belongs to another session", "session-token")
	r.refused(ask(id, "nonsense"), 400, "refused the token", "session-token")
	r.refused(ask("", r.api.SessionToken(id)), 400, "interviewId", "no-id")
	require.NotContains(t, r.log.String(), "nonsense")
}

func TestAuth(t *testing.T) {
	r := newRig(t)
	id := r.sessionWith("OK")
	require.Equal(t, true, r.post("/approve", finished(id)).json(t)["success"])
	for outcome, verified := range map[sim.Outcome]bool{sim.OutcomeMatch: true, sim.OutcomeSpoof: false} {
		made, ok := r.api.Authenticate(id, outcome)
		require.True(t, ok)
		a := r.post("/auth", `{"transactionId":"`+made.TransactionID+`","token":"`+made.Token+`","interviewToken":"`+made.InterviewToken+`"}`)
		require.Equal(t, map[string]any{"verified": verified}, a.json(t))
		require.NotContains(t, r.log.String(), made.Token)
	}
	r.refused(r.post("/auth", `{"transactionId":"a","token":"b"}`), 400, "interviewToken", "bad-request")
	r.refused(r.post("/auth", `{"transactionId":"a","token":"b","interviewToken":7}`), 400, "interviewToken", "bad-request")
	r.refused(r.post("/auth", `[]`), 400, "no JSON object", "not-json")
}

func TestFinish(t *testing.T) {
	r := newRig(t)
	own := r.get("/start").json(t)["token"].(string)
	v := r.post("/finish", `{"token":"`+own+`"}`).json(t)
	require.Equal(t, true, v["success"])
	require.Contains(t, v, "redirectionUrl")
	require.Contains(t, v, "action")
	r.refused(r.post("/finish", `{"token":"nonsense"}`), 400, "refused the token", "session-token")
	r.refused(r.post("/finish", `{}`), 400, "token", "bad-request")
	r.refused(r.post("/finish", ``), 400, "no JSON object", "not-json")
	require.NotContains(t, r.log.String(), own)
}

// failures are what may go wrong at the API, and what a caller is told of it.
var failures = map[string]struct {
	fault  sim.Fault
	says   string
	reason string
}{
	"refused key":    {sim.Fault{Kind: sim.FaultStatus, Status: 403}, "DOCKET_API_KEY", "api-key"},
	"refused token":  {sim.Fault{Kind: sim.FaultStatus, Status: 401}, "DOCKET_API_KEY", "api-key"},
	"refused":        {sim.Fault{Kind: sim.FaultStatus, Status: 400, Code: 4027, Message: "leaky words"}, "DOCKET_FLOW_ID", "api-refused"},
	"too many":       {sim.Fault{Kind: sim.FaultRateLimit, RetryAfter: "7"}, "no more requests", "api-rate"},
	"an HTML page":   {sim.Fault{Kind: sim.FaultShape, Shape: `"leaky words"`}, "not known whether", "api-outcome"},
	"a failure":      {sim.Fault{Kind: sim.FaultStatus, Status: 500, HTML: true, Message: "leaky words"}, "not known whether", "api-outcome"},
	"a dropped line": {sim.Fault{Kind: sim.FaultDrop}, "not known whether", "api-outcome"},
}

func TestWhatGoesWrongAtTheAPIIsToldInOurWords(t *testing.T) {
	for name, c := range failures {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.api.Fault("POST /omni/start", c.fault)
			a := r.get("/start")
			code := 502
			if c.reason == "api-rate" {
				code = 503
			}
			r.refused(a, code, c.says, c.reason)
			require.NotContains(t, a.body, "leaky")
			require.NotContains(t, r.log.String(), "leaky")
			require.Equal(t, 1, r.api.Count("POST", "/omni/start"), "a session is begun once")
			require.Empty(t, r.hooks())
			if c.fault.RetryAfter != "" {
				require.Equal(t, c.fault.RetryAfter, a.header.Get("Retry-After"))
			}
		})
	}
}

// A browser is not held for as long as the API wants to be left alone: it is told when to
// come again.
func TestWhoWaitsIsToldWhenToComeAgain(t *testing.T) {
	r := newRig(t)
	id := r.sessionWith("OK")
	own := r.proof.Clone()
	own.Set("X-Token", r.api.SessionToken(id))
	for route, ask := range map[string]func() answered{
		"GET /omni/get/onboarding/status": func() answered { return r.get("/onboarding-status?interviewId=" + id) },
		"GET /omni/get/score":             func() answered { return r.send("GET", "/fetch-score?interviewId="+id, "", own) },
		"GET /omni/onboarding-url":        func() answered { return r.get("/onboarding-url") },
	} {
		before := len(r.api.Requests())
		r.api.Fault(route, sim.Fault{Kind: sim.FaultRateLimit, RetryAfter: "7"})
		a := ask()
		r.refused(a, 503, "no more requests", "api-rate")
		require.Equal(t, "7", a.header.Get("Retry-After"))
		r.api.ClearFaults()
		require.LessOrEqual(t, len(r.api.Requests())-before, 2, "it is not tried again meanwhile")
	}
	r.api.Fault("GET /omni/get/score", sim.Fault{Kind: sim.FaultRateLimit, RetryAfter: "7"})
	a := r.post("/approve", finished(id))
	r.refused(a, 503, "no more requests", "api-rate")
	require.Equal(t, "7", a.header.Get("Retry-After"))
}

func TestReadingsThatFail(t *testing.T) {
	r := newRig(t)
	id := r.sessionWith("OK")
	r.api.Fault("GET /omni/get/onboarding/status", sim.Fault{Kind: sim.FaultShape, Shape: `{"leaky":"words"}`})
	r.refused(r.get("/onboarding-status?interviewId="+id), 502, "something else than expected", "api-shape")
	r.api.Fault("GET /omni/get/score", sim.Fault{Kind: sim.FaultShape, Shape: `[]`})
	h := r.proof.Clone()
	h.Set("X-Token", r.api.SessionToken(id))
	r.refused(r.send("GET", "/fetch-score?interviewId="+id, "", h), 502, "something else than expected", "api-shape")
	require.NotContains(t, r.log.String(), "leaky")
}

func TestARefusedAdminTokenIsTold(t *testing.T) {
	told := 0
	r := newRig(t, func(o *options) { o.Refused = func() { told++ } })
	r.api.Fault("GET /omni/get/onboarding/status", sim.Fault{Kind: sim.FaultStatus, Status: 401})
	r.refused(r.get("/onboarding-status?interviewId="+r.sessionWith("OK")), 502, "admin token", "api-token")
	require.Equal(t, 1, told)
}

// A session's own token, or the key, is not the admin token: whoever runs the gateway is
// not sent to renew that.
func TestARefusedTokenOfASessionIsNotTheAdminToken(t *testing.T) {
	told := 0
	r := newRig(t, func(o *options) { o.Refused = func() { told++ } })
	const route = "GET /omni/onboarding-url"
	r.api.Fault(route, sim.Fault{Kind: sim.FaultStatus, Status: 401, Times: 1})
	a := r.get("/onboarding-url")
	r.refused(a, 502, "token of the session", "api-session")
	require.NotContains(t, a.body, "admin")
	r.api.Fault(route, sim.Fault{Kind: sim.FaultStatus, Status: 403, Times: 1})
	r.refused(r.get("/onboarding-url"), 502, "token of the session", "api-session")
	r.api.Fault("POST /omni/start", sim.Fault{Kind: sim.FaultStatus, Status: 401, Times: 1})
	r.refused(r.get("/start"), 502, "DOCKET_API_KEY", "api-key")
	require.Zero(t, told, "nobody logs in again for that")
	require.NotContains(t, r.get("/metrics").body, "api-token")
}

// A certificate that is not trusted is not told as a network that fails, also while calls
// are held back because of it.
func TestACertificateThatIsNotTrustedIsToldAsThat(t *testing.T) {
	r := newRig(t, func(o *options) { o.foreign = true })
	id := strings.Repeat("0", 24)
	for range 7 {
		a := r.get("/onboarding-status?interviewId=" + id)
		r.refused(a, 502, "TLS certificate is not trusted", "api-certificate")
	}
	r.refused(r.get("/start"), 502, "TLS certificate is not trusted", "api-certificate")
	r.refused(r.post("/approve", finished(id)), 502, "TLS certificate is not trusted", "api-certificate")
	require.Empty(t, r.api.Requests())
}

func TestNothingIsBegunWithoutRoomForIt(t *testing.T) {
	r := newRig(t)
	r.store.setBroken(true)
	a := r.get("/start")
	r.refused(a, 503, "send it again", "store")
	require.NotEmpty(t, a.header.Get("Retry-After"))
	require.NotContains(t, a.body, "token\":")
}

func TestReadOnlyChangesNothingAtTheAPI(t *testing.T) {
	r := newRig(t, func(o *options) { o.ReadOnly = true })
	for _, path := range []string{"/start", "/onboarding-url"} {
		r.refused(r.get(path), 502, "read-only", "guard")
	}
	r.refused(r.post("/finish", `{"token":"a"}`), 502, "read-only", "guard")
	require.Zero(t, r.api.Writes())
	require.Empty(t, r.hooks())
	require.Equal(t, 200, r.get("/onboarding-status?interviewId="+r.sessionWith("OK")).code)
}

func TestCrossOriginCallsByConfiguration(t *testing.T) {
	const shop = "https://shop.example.com"
	r := newRig(t, func(o *options) { o.Origins = []string{shop} })
	from := func(origin string) http.Header {
		h := r.proof.Clone()
		h.Set("Origin", origin)
		return h
	}
	id := r.sessionWith("OK")
	a := r.send("GET", "/onboarding-status?interviewId="+id, "", from(shop))
	require.Equal(t, shop, a.header.Get("Access-Control-Allow-Origin"))
	require.Contains(t, a.header.Values("Vary"), "Origin")
	pre := r.send("OPTIONS", "/auth", "", http.Header{"Origin": {shop}, "Access-Control-Request-Method": {"POST"}})
	require.Equal(t, 204, pre.code)
	require.Equal(t, "POST", pre.header.Get("Access-Control-Allow-Methods"))
	require.Contains(t, pre.header.Get("Access-Control-Allow-Headers"), "X-Token")

	other := r.send("GET", "/onboarding-status?interviewId="+id, "", from("https://evil.example.com"))
	require.Empty(t, other.header.Get("Access-Control-Allow-Origin"))
	r.refused(r.send("OPTIONS", "/auth", "", from("https://evil.example.com")), 405, "POST only", "method")
	require.Empty(t, r.send("POST", "/webhook", finished(id), from(shop)).header.Get("Access-Control-Allow-Origin"), "webhooks come from no browser")
}

func TestOpenIsForPagesOfThisMachine(t *testing.T) {
	r := newRig(t, open)
	a := r.send("GET", "/start", "", http.Header{"Origin": {"https://localhost:5731"}})
	require.Equal(t, 200, a.code)
	require.Equal(t, "https://localhost:5731", a.header.Get("Access-Control-Allow-Origin"))
	evil := r.send("GET", "/start", "", http.Header{"Origin": {"https://evil.example.com"}})
	r.refused(evil, 403, "another origin", "cross-origin")
	require.Empty(t, evil.header.Get("Access-Control-Allow-Origin"))
	r.refused(r.send("GET", "/onboarding-url", "", http.Header{"Sec-Fetch-Site": {"cross-site"}}), 403, "another origin", "cross-origin")
	r.refused(r.send("POST", "/approve", finished(r.sessionWith("OK")), http.Header{"Origin": {"https://evil.example.com"}}), 403, "another origin", "cross-origin")
	require.Len(t, r.hooks(), 1, "that of /start alone")
}

// A page whose own name has been pointed to this machine is of the same origin for its
// browser.
func TestOpenIsForThisMachinesName(t *testing.T) {
	r := newRig(t, open)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(r.base, "http://"))
	require.NoError(t, err)
	as := func(host string) answered {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.base+"/start", nil)
		require.NoError(t, err)
		req.Host = host
		res, err := client.Do(req)
		require.NoError(t, err)
		defer func() { _ = res.Body.Close() }()
		got, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return answered{res.StatusCode, res.Header, string(got)}
	}
	r.refused(as("evil.example.com:"+port), 403, "127.0.0.1", "other-name")
	for _, host := range []string{"localhost:" + port, "127.0.0.1:" + port, "tunnel.example.com", "192.0.2.7:1"} {
		require.Equal(t, 200, as(host).code, host)
	}
}

func TestASecondPersonHasToConfirmAnEnrolment(t *testing.T) {
	r := newRig(t, func(o *options) {
		o.second = []model.SecondRule{{Name: "enrolments", Actions: []model.ActionKind{model.ActEnroll}}}
	})
	id := r.sessionWith("OK")
	for range 2 {
		a := r.post("/approve", finished(id))
		require.Equal(t, 200, a.code)
		require.Equal(t, false, a.json(t)["success"])
		require.Contains(t, a.json(t)["error"], "second person")
	}
	require.Zero(t, r.api.Count("POST", "/omni/process/approve"))
}

func TestWhoHasClaimedASessionIsNotOverruled(t *testing.T) {
	r := newRig(t)
	id := r.sessionWith("OK")
	now := time.Now()
	require.NoError(t, r.store.Upsert(t.Context(), model.Row{ID: id, Provider: "omni", UpdatedAt: now, WaitsFrom: now}))
	_, err := r.store.Claim(t.Context(), id, store.Claim{Who: "os:ana", At: now, Until: now.Add(time.Hour)})
	require.NoError(t, err)
	r.refused(r.post("/approve", finished(id)), 502, "rule of docket", "guard")
	require.Zero(t, r.api.Count("POST", "/omni/process/approve"))
	require.NoError(t, r.store.Release(t.Context(), id, "os:ana"))
	require.Equal(t, true, r.post("/approve", finished(id)).json(t)["success"])
}

func TestSecretsDoNotPrint(t *testing.T) {
	s := gateway.Secrets{Token: token, Webhook: hookSecret, HMAC: key}
	for _, text := range printed(s) {
		require.NotContains(t, text, token)
		require.NotContains(t, text, hookSecret)
		require.NotContains(t, text, key)
	}
}
