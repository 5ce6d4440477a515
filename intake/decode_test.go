package intake_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/intake"
	"docket/provider/clean"
)

func TestDecode(t *testing.T) {
	cases := map[string]struct {
		kind intake.Kind
		body string
		want intake.Hook
	}{
		"onboarding status": {
			body: `{"interviewId":"65f0c1","onboardingStatus":"ONBOARDING_FINISHED","clientId":"acme","flowId":"f1","externalId":"c-7"}`,
			want: intake.Hook{Kind: intake.KindOnboarding, ID: "65f0c1", Status: "ONBOARDING_FINISHED", ClientID: "acme", FlowID: "f1", ExternalID: "c-7"},
		},
		"what does not matter may be anything": {
			body: `{"interviewId":"65f0c1","onboardingStatus":null,"clientId":7,"flowId":{"a":[1]},"externalId":null,"new":{"x":true}}`,
			want: intake.Hook{Kind: intake.KindOnboarding, ID: "65f0c1", ClientID: "7"},
		},
		"session event": {
			body: `{"interviewId":"65f0c1","event_type":"PENDING_REVIEW","onboardingStatus":"ONBOARDING_FINISHED","externalCustomerId":"c-7","identityId":"id-9"}`,
			want: intake.Hook{
				Kind: intake.KindSession, ID: "65f0c1", Event: "PENDING_REVIEW", Status: "ONBOARDING_FINISHED", ExternalID: "c-7", CustomerID: "id-9",
			},
		},
		"a session event of a kind that is new": {
			body: `{"interviewId":"65f0c1","event_type":"SESSION_PAUSED"}`,
			want: intake.Hook{Kind: intake.KindSession, ID: "65f0c1", Event: "SESSION_PAUSED"},
		},
		"an authentication that failed": {
			body: `{"customerId":"67dd","transactionId":"e59ee5","faceMatch":false,"spoofAttempt":true,"children":[],"overallScore":0,` +
				`"overallStatus":"FAIL","error":"Ana Prueba was not live","errorCode":4005,"errorMessage":"Ana Prueba"}`,
			want: intake.Hook{
				Kind: intake.KindAuthentication, ID: "e59ee5", CustomerID: "67dd", Outcome: "FAIL", Detail: "spoof attempt, no face match, code 4005",
			},
		},
		"an authentication that succeeded": {
			body: `{"customerId":"67dd","transactionId":"e59ee5","faceMatch":true,"spoofAttempt":false,"overallStatus":"OK"}`,
			want: intake.Hook{Kind: intake.KindAuthentication, ID: "e59ee5", CustomerID: "67dd", Outcome: "OK"},
		},
		"an identity": {
			body: `{"token":"secret.secret.secret","event":"verification.completed","object":"verification","id":"196c-aAbc3","timestamp":1688052828}`,
			want: intake.Hook{Kind: intake.KindIdentity, ID: "196c-aAbc3", Event: "verification.completed"},
		},
		"texts are made clean": {
			body: `{"interviewId":"65f0c1","onboardingStatus":"A\u001b[2J","externalId":"a\u202eb"}`,
			want: intake.Hook{Kind: intake.KindOnboarding, ID: "65f0c1", Status: "A␛[2J", ExternalID: "a�b"},
		},
		"a text that is too long is none": {
			body: `{"interviewId":"65f0c1","onboardingStatus":"UNKNOWN","externalId":"` + strings.Repeat("x", 300) + `"}`,
			want: intake.Hook{Kind: intake.KindOnboarding, ID: "65f0c1", Status: "UNKNOWN"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := intake.Decode(c.kind, []byte(c.body))
			require.NoError(t, err)
			require.Equal(t, c.want, got)
			require.NotContains(t, string(got.Body()), "secret")
			require.NotContains(t, string(got.Body()), "Ana")
		})
	}
}

// refused are bodies that are no webhook, with the fault of each.
func refused() map[string]struct {
	kind  intake.Kind
	body  string
	fault intake.Fault
} {
	type c = struct {
		kind  intake.Kind
		body  string
		fault intake.Fault
	}
	status := func(id string) string { return `{"interviewId":` + id + `,"onboardingStatus":"UNKNOWN"}` }
	return map[string]c{
		"nothing":                               {body: ``, fault: intake.FaultJSON},
		"words":                                 {body: `interviewId=1`, fault: intake.FaultJSON},
		"half":                                  {body: `{"interviewId":"a"`, fault: intake.FaultJSON},
		"something follows":                     {body: status(`"a"`) + `{}`, fault: intake.FaultJSON},
		"deep":                                  {body: `{"a":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`, fault: intake.FaultJSON},
		"a list":                                {body: `[` + status(`"a"`) + `]`, fault: intake.FaultShape},
		"a word":                                {body: `"a"`, fault: intake.FaultShape},
		"null":                                  {body: `null`, fault: intake.FaultShape},
		"another object":                        {body: `{"hello":"world"}`, fault: intake.FaultShape},
		"an id alone":                           {body: `{"interviewId":"a"}`, fault: intake.FaultShape},
		"an id twice":                           {body: `{"interviewId":"a","interviewId":"b","onboardingStatus":"UNKNOWN"}`, fault: intake.FaultRepeat},
		"twice below":                           {body: `{"interviewId":"a","onboardingStatus":"UNKNOWN","x":[{"y":1,"y":2}]}`, fault: intake.FaultRepeat},
		"twice by escape":                       {body: `{"interviewId":"a","interview\u0049d":"b","onboardingStatus":"UNKNOWN"}`, fault: intake.FaultRepeat},
		"no id":                                 {body: `{"onboardingStatus":"UNKNOWN"}`, fault: intake.FaultID},
		"placeholder":                           {body: status(`"<interviewId>"`), fault: intake.FaultSample},
		"null id":                               {body: status(`null`), fault: intake.FaultID},
		"empty id":                              {body: status(`""`), fault: intake.FaultID},
		"id is a number":                        {body: status(`12`), fault: intake.FaultID},
		"id is an object":                       {body: status(`{"a":"b"}`), fault: intake.FaultID},
		"id with control byte":                  {body: status(`"a\u0000\u001b[2J"`), fault: intake.FaultID},
		"id with SQL":                           {body: status(`"a'; drop table session; --"`), fault: intake.FaultID},
		"id with a path":                        {body: status(`"../../etc/passwd"`), fault: intake.FaultID},
		"id with letters that look like others": {body: status(`"а1"`), fault: intake.FaultID},
		"long id":                               {body: status(`"` + strings.Repeat("a", 65) + `"`), fault: intake.FaultID},
		"event of nothing":                      {body: `{"interviewId":"a","event_type":null}`, fault: intake.FaultEvent},
		"an event of others":                    {body: `{"event":"payment.completed","id":"a"}`, fault: intake.FaultEvent},
		"identity without id":                   {body: `{"event":"verification.completed"}`, fault: intake.FaultID},
		"not an identity":                       {kind: intake.KindIdentity, body: status(`"a"`), fault: intake.FaultEvent},
		"not an onboarding":                     {kind: intake.KindOnboarding, body: `{"event":"verification.completed","id":"a"}`, fault: intake.FaultShape},
	}
}

func TestDecodeRefuses(t *testing.T) {
	for name, c := range refused() {
		t.Run(name, func(t *testing.T) {
			_, err := intake.Decode(c.kind, []byte(c.body))
			var wrong *intake.BodyError
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, c.fault, wrong.Fault)
			require.NotContains(t, wrong.Error(), "drop table", "an error quotes nothing")
		})
	}
}

const marker = "MARKERsecretMARKER"

func FuzzDecode(f *testing.F) {
	for _, c := range refused() {
		f.Add(string(c.kind), []byte(c.body))
	}
	for _, body := range []string{
		`{"interviewId":"a","onboardingStatus":"ONBOARDING_FINISHED","clientId":"b","flowId":"c","externalId":"d"}`,
		`{"interviewId":"a","event_type":"SESSION_FAILED","identityId":12}`,
		`{"transactionId":"a","overallStatus":"FAIL","faceMatch":false,"spoofAttempt":true,"errorCode":4005,"customerId":"\u200b\ufeff"}`,
		`{"token":"` + marker + `","event":"verification.completed","object":"verification","id":"a","timestamp":1}`,
		`{"token":{"a":"` + marker + `"},"event":"authentication.completed","id":"a"}`,
	} {
		f.Add("", []byte(body))
	}
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		h, err := intake.Decode(intake.Kind(kind), body)
		if err != nil {
			var wrong *intake.BodyError
			require.True(t, errors.As(err, &wrong))
			return
		}
		require.True(t, desk.ValidID(h.ID))
		for _, text := range []string{h.Status, h.Event, h.FlowID, h.ClientID, h.ExternalID, h.CustomerID, h.Outcome, h.Detail} {
			again, altered := clean.Text(text)
			require.False(t, altered)
			require.Equal(t, again, text)
		}
		var back intake.Hook
		require.NoError(t, json.Unmarshal(h.Body(), &back))
		require.Equal(t, h, back)
		if h.Kind == intake.KindIdentity && !strings.Contains(h.ID, marker) {
			require.False(t, bytes.Contains(h.Body(), []byte(marker)))
		}
	})
}
