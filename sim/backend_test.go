package sim

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// started begins a session as a token backend does and returns its id and token.
func (r *rig) started(body map[string]any) (id, token string) {
	r.t.Helper()
	got := r.do("POST", "/omni/start", body)
	require.Equal(r.t, http.StatusOK, got.status, "%s", got.raw)
	return got.json["interviewId"].(string), got.json["token"].(string)
}

func TestOnboardingURLIsTheSessions(t *testing.T) {
	r := newRig(t, Options{})
	_, one := r.started(map[string]any{"configurationId": flows[0].id})
	_, other := r.started(map[string]any{"configurationId": flows[0].id})
	url := func(token, target string) any {
		got := r.as(token, "GET", target, nil)
		require.Equal(t, http.StatusOK, got.status, "%s", got.raw)
		return got.json["url"]
	}
	require.Equal(t, url(one, "/0/omni/onboarding-url"), url(one, "/omni/onboarding-url?clientId="+DefaultClientID))
	require.NotEqual(t, url(one, "/0/omni/onboarding-url"), url(other, "/0/omni/onboarding-url"))
	require.NotContains(t, url(one, "/0/omni/onboarding-url"), one, "the token itself does not travel in an address")
	for _, wrong := range []string{"?clientId=somebody-else", "?clientId=", "?components=nfc", "?tag=other"} {
		require.Equal(t, http.StatusBadRequest, r.as(one, "GET", "/0/omni/onboarding-url"+wrong, nil).status, wrong)
	}
}

func TestAnSMSCarriesTheLink(t *testing.T) {
	r := newRig(t, Options{})
	id, token := r.started(map[string]any{"configurationId": flows[0].id})
	link := r.as(token, "GET", "/0/omni/onboarding-url", nil).json["url"].(string)
	target := "/omni/external/send-sms?id=" + id
	r.ok(r.do("POST", target, map[string]any{"clientId": DefaultClientID, "smsText": "Go on here: {0}"}))
	r.ok(r.do("POST", target, map[string]any{"clientId": DefaultClientID}))
	require.Equal(t, []string{"Go on here: " + link, "Finish your onboarding: " + link}, r.session(id).SMS)
	for _, wrong := range []map[string]any{
		{"smsText": "{0}"},
		{"clientId": "somebody-else", "smsText": "{0}"},
		{"clientId": DefaultClientID, "smsText": "no link"},
	} {
		require.Equal(t, http.StatusBadRequest, r.do("POST", target, wrong).status, wrong)
	}
	require.Equal(t, http.StatusUnauthorized, r.as(token, "POST", target, map[string]any{"clientId": DefaultClientID}).status, "admins and executives only")
	require.Equal(t, http.StatusNotFound, r.do("POST", "/omni/external/send-sms?id=nobody", map[string]any{"clientId": DefaultClientID}).status)
	require.Len(t, r.session(id).SMS, 2)
}

func TestFinishingEndsASession(t *testing.T) {
	r := newRig(t, Options{})
	id, token := r.started(map[string]any{"configurationId": flows[0].id, "redirectionUrl": "https://example.com/done"})
	require.Equal(t, "UNKNOWN", r.statusOf(id))
	got := r.as(token, "GET", "/0/omni/finish-status", nil)
	require.Equal(t, http.StatusOK, got.status)
	require.Equal(t, "https://example.com/done", got.json["redirectionUrl"])
	require.Equal(t, "ONBOARDING_FINISHED", r.statusOf(id))
	require.NotNil(t, r.scoreOf(id)["overall"])
	after := r.session(id)
	r.clock.move(time.Minute)
	require.Equal(t, got.json, r.as(token, "GET", "/0/omni/finish-status", nil).json, "a second time changes nothing")
	require.Equal(t, after, r.session(id))
	require.Equal(t, 3, r.Writes(), "a GET that acts")

	own := r.SessionToken(r.told("clean").ID)
	require.Equal(t, map[string]any{"redirectionUrl": nil, "action": "none"}, r.as(own, "GET", "/omni/finish-status", nil).json)
	gone := r.told("expired-in-review")
	require.Equal(t, http.StatusBadRequest, r.as(r.SessionToken(gone.ID), "GET", "/omni/finish-status", nil).status)
	require.Equal(t, gone, r.session(gone.ID))
}

func TestFlowsMayDecideByTheScore(t *testing.T) {
	r := newRig(t, Options{})
	want := map[string]map[string]string{ // by verdict: of a flow that decides, of one that does not
		"OK": {flows[1].id: "approved", flows[0].id: "none"}, "WARN": {flows[1].id: "approved", flows[0].id: "none"},
		"FAIL": {flows[1].id: "rejected", flows[0].id: "none"}, "MANUAL": {flows[1].id: "manualReview", flows[0].id: "manualReview"},
		"MANUAL_PENDING": {flows[1].id: "manualReview", flows[0].id: "manualReview"},
		"UNKNOWN":        {flows[1].id: "none", flows[0].id: "none"},
	}
	seen := map[string]int{}
	for n := range 120 {
		flow := flows[n%2].id
		id, token := r.started(map[string]any{"configurationId": flow})
		action := r.as(token, "GET", "/0/omni/finish-status", nil).json["action"]
		s := r.session(id)
		require.Equal(t, want[s.Verdict][flow], action, "%s", s.Verdict)
		require.Equal(t, action == "approved", s.CustomerID != "", "an approved session has an identity")
		seen[action.(string)]++
	}
	for _, action := range []string{"none", "approved", "manualReview", "rejected"} {
		require.Positive(t, seen[action], action)
	}
}

func (r *rig) verify(a Attempt) any {
	r.t.Helper()
	got := r.do("POST", "/omni/authentication/verify", a)
	require.Equal(r.t, http.StatusOK, got.status, "%s", got.raw)
	return got.json["verified"]
}

func TestAuthenticationsAreVerified(t *testing.T) {
	r := newRig(t, Options{})
	id := r.told("clean-enrolled").ID
	with := func(outcome Outcome) Attempt {
		a, ok := r.Authenticate(id, outcome)
		require.True(t, ok)
		return a
	}
	good, other := with(OutcomeMatch), with(OutcomeMatch)
	require.NotEqual(t, good.TransactionID, other.TransactionID)
	require.Equal(t, true, r.verify(good))
	require.Equal(t, true, r.verify(good), "as often as it is asked")
	require.Equal(t, false, r.verify(with(OutcomeMismatch)))
	require.Equal(t, false, r.verify(with(OutcomeSpoof)))
	for name, told := range map[string]Attempt{
		"another transaction":      {other.TransactionID, good.Token, good.InterviewToken},
		"another's token":          {good.TransactionID, other.Token, good.InterviewToken},
		"another's interviewToken": {good.TransactionID, good.Token, other.InterviewToken},
		"swapped tokens":           {good.TransactionID, good.InterviewToken, good.Token},
		"a changed token":          {good.TransactionID, good.Token + "x", good.InterviewToken},
		"no such transaction":      {"0123456789abcdef01234567", good.Token, good.InterviewToken},
	} {
		require.Equal(t, false, r.verify(told), name)
	}
	require.Equal(t, http.StatusUnauthorized, r.as(good.InterviewToken, "POST", "/omni/authentication/verify", good).status, "an executive asks")
	require.Equal(t, http.StatusBadRequest, r.do("POST", "/omni/authentication/verify", map[string]any{"transactionId": good.TransactionID}).status)
	r.clock.move(sessionLife)
	r.token = r.ExecutiveToken()
	require.Equal(t, false, r.verify(good), "tokens end")

	_, ok := r.Authenticate(r.told("clean").ID, OutcomeMatch)
	require.False(t, ok, "nobody is enrolled")
	_, ok = r.Authenticate("nobody", OutcomeMatch)
	require.False(t, ok)
	for _, req := range r.Requests() {
		require.NotContains(t, req.Body, good.Token)
		require.NotContains(t, req.Body, good.InterviewToken)
	}
}

func TestAuthenticationsBySteering(t *testing.T) {
	r := newRig(t, Options{})
	post := func(body string) reply { return r.do("POST", "/_sim/authentications", rawJSON(body)) }
	id := r.told("clean-enrolled").ID
	got := post(`{"interviewId":"` + id + `","outcome":"match"}`)
	require.Equal(t, http.StatusOK, got.status)
	a := Attempt{got.json["transactionId"].(string), got.json["token"].(string), got.json["interviewToken"].(string)}
	require.Equal(t, true, r.verify(a))
	require.Equal(t, http.StatusNotFound, post(`{"interviewId":"nobody","outcome":"match"}`).status)
	for _, wrong := range []string{`{"interviewId":"` + id + `"}`, `{"interviewId":"` + id + `","outcome":"maybe"}`, `{"other":1}`, `[`} {
		require.Equal(t, http.StatusBadRequest, post(wrong).status, wrong)
	}
}
