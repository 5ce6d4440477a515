package incode

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/omni"
)

// actions holds for each action what the reference says of its request.
var actions = []struct {
	action model.Action
	line   string
	query  string
	body   string
	answer string
}{
	{
		model.Action{Kind: model.ActApprove, Reason: "checked-ok", Note: "stays here"},
		"PUT /omni/manual-review", "interviewId=" + testID, `{"manualReviewStatus":"APPROVED"}`, `{"success":true}`,
	},
	{
		model.Action{Kind: model.ActReject, Reason: "not-live", Note: "stays here", Message: "stays here too"},
		"PUT /omni/manual-review", "interviewId=" + testID, `{"manualReviewStatus":"REJECTED"}`, `{"success":true}`,
	},
	{
		model.Action{Kind: model.ActReview, Message: "three attempts failed", Note: "stays here"},
		"PUT /omni/manual-review", "interviewId=" + testID, `{"manualReviewStatus":"REQUIRED","newReason":"three attempts failed"}`, `{"success":true}`,
	},
	{
		model.Action{Kind: model.ActAntifraud, Message: "fuzzy picture"},
		"PUT /omni/resolve/antifraud", "interviewId=" + testID + "&reason=fuzzy+picture", "", `{"success":true}`,
	},
	{
		model.Action{Kind: model.ActEnroll},
		"POST /omni/process/approve", "interviewId=" + testID, "", `{"success":true,"uuid":"u","token":"fake"}`,
	},
	{
		model.Action{Kind: model.ActEnroll, Components: []string{"id", "liveness"}},
		"POST /omni/process/approve", "interviewId=" + testID, `{"approveComponents":["id","liveness"]}`, `{"success":true}`,
	},
	{
		model.Action{Kind: model.ActExpire, IDs: []string{testID, "second"}, Conditions: []string{model.ExpireIncomplete, model.ExpireNeedsReview}},
		"POST /omni/expire/interviews", "",
		`{"interviewIds":["` + testID + `","second"],"cleanerConfiguration":{"expirationConditions":["INCOMPLETE","NEEDS_REVIEW"]}}`, `{"success":true}`,
	},
	{
		model.Action{Kind: model.ActClose},
		"POST /omni/session/status/set", "action=Closed&id=" + testID, "", `{"_id":"x","sessionStatus":"Closed"}`,
	},
	{
		model.Action{Kind: model.ActReopen},
		"POST /omni/session/status/set", "action=Alive&id=" + testID, "", `{"id":"x","sessionStatus":"Alive"}`,
	},
	{
		model.Action{Kind: model.ActSMS, Message: "Go on here: {0}"},
		"POST /omni/external/send-sms", "id=" + testID, `{"clientId":"sample","smsText":"Go on here: {0}"}`, `{"success":true}`,
	},
	{
		model.Action{Kind: model.ActFlag, Flags: []string{model.FlagIDCheck}},
		"PUT /omni/update", "id=" + testID, `{"manualIdCheckNeeded":true}`, `{"success":true}`,
	},
	{
		model.Action{Kind: model.ActFlag, Flags: []string{model.FlagNoIDCheck, model.FlagSelfieCheck}},
		"PUT /omni/update", "id=" + testID, `{"manualIdCheckNeeded":false,"manualSelfieCheckNeeded":true}`, `{"success":true}`,
	},
	{
		model.Action{Kind: model.ActDelete, KeepIdentity: true, Notify: true},
		"DELETE /omni/interview", "interviewId=" + testID + "&keepCustomer=true&sendNotification=true", "", `{"success":true}`,
	},
	{
		model.Action{Kind: model.ActDelete},
		"DELETE /omni/interview", "interviewId=" + testID + "&keepCustomer=false&sendNotification=false", "", `{"success":true}`,
	},
}

func TestActionsSendWhatTheReferenceSays(t *testing.T) {
	covered := map[model.ActionKind]bool{}
	for _, c := range actions {
		covered[c.action.Kind] = true
		t.Run(string(c.action.Kind), func(t *testing.T) {
			if c.action.IDs == nil {
				c.action.IDs = []string{testID}
			}
			a := newAPI(t)
			a.on(c.line, says(200, c.answer))
			out := a.p.Act(context.Background(), c.action)
			require.Equal(t, model.ResultDone, out.Result)
			require.Nil(t, out.Problem)
			require.Equal(t, 200, out.HTTP)
			require.Equal(t, testID, out.ID)
			require.Equal(t, testNow, out.At)
			require.NotEmpty(t, out.Says)
			seen := a.requests()
			require.Len(t, seen, 1, "one write")
			require.Equal(t, c.line, seen[0].Line)
			require.Equal(t, c.query, seen[0].Query)
			if c.body == "" {
				require.Empty(t, seen[0].Body)
			} else {
				require.JSONEq(t, c.body, seen[0].Body)
			}
			require.Equal(t, "not-a-real-token", seen[0].Token)
			if c.action.Kind == model.ActClose {
				require.Equal(t, model.Closed, out.Life)
			}
		})
	}
	for _, info := range model.Actions() {
		require.True(t, covered[info.Kind], info.Kind)
	}
}

func TestHowWritesEnd(t *testing.T) {
	cases := map[string]struct {
		h      http.HandlerFunc
		result model.Result
		kind   model.Kind
		exit   int
	}{
		"400":            {says(400, codeBody(400, `"Bad Request"`)), model.ResultRefused, model.KindRefused, 5},
		"409":            {says(409, ""), model.ResultRefused, model.KindRefused, 5},
		"429":            {says(429, ""), model.ResultRefused, model.KindRate, 5},
		"success: false": {says(200, `{"success":false}`), model.ResultRefused, model.KindRefused, 5},
		"401":            {says(401, ""), model.ResultRefused, model.KindAuth, 3},
		"403":            {says(403, ""), model.ResultRefused, model.KindForbidden, 3},
		"404":            {says(404, ""), model.ResultRefused, model.KindNotFound, 4},
		"408":            {says(408, ""), model.ResultUnknown, model.KindOutcome, 7},
		"500":            {says(500, "<html>"), model.ResultUnknown, model.KindOutcome, 7},
		"503":            {says(503, ""), model.ResultUnknown, model.KindOutcome, 7},
		"unreadable":     {says(200, `<html>`), model.ResultUnknown, model.KindOutcome, 7},
		"another shape":  {says(200, `{"token":"x"}`), model.ResultUnknown, model.KindOutcome, 7},
		"empty":          {says(200, ``), model.ResultUnknown, model.KindOutcome, 7},
		"cut off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"succ`)) // cut off on purpose
		}, model.ResultUnknown, model.KindOutcome, 7},
		"dropped": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, model.ResultUnknown, model.KindOutcome, 7},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a := newAPI(t)
			a.on("PUT /omni/manual-review", c.h)
			out := a.p.Act(context.Background(), model.Action{Kind: model.ActApprove, IDs: []string{testID}})
			require.Equal(t, c.result, out.Result)
			require.Equal(t, c.kind, out.Problem.Kind)
			require.Equal(t, c.exit, out.Problem.Kind.Exit())
			require.NotEmpty(t, out.Problem.Message)
			require.NotEmpty(t, out.Problem.Do)
			require.NotEmpty(t, out.Says)
			require.Len(t, a.requests(), 1, "a write is never repeated")
		})
	}
}

func TestNothingSent(t *testing.T) {
	t.Run("no connection", func(t *testing.T) {
		srv := httptest.NewServer(http.NotFoundHandler())
		srv.Close()
		client, err := omni.New(omni.Config{BaseURL: srv.URL, APIKey: "k", Token: func() string { return "t" }, Timeout: time.Second})
		require.NoError(t, err)
		out := New(client, Options{}).Act(context.Background(), model.Action{Kind: model.ActApprove, IDs: []string{testID}})
		require.Equal(t, model.ResultNotSent, out.Result)
		require.Equal(t, model.ExitUnreachable, out.Problem.Kind.Exit())
	})
	t.Run("no token", func(t *testing.T) {
		a := newAPI(t)
		a.p.SetToken("")
		out := a.p.Act(context.Background(), model.Action{Kind: model.ActReject, IDs: []string{testID}})
		require.Equal(t, model.ResultNotSent, out.Result)
		require.Equal(t, model.ExitNotAllowed, out.Problem.Kind.Exit())
		require.Contains(t, out.Problem.Message, "no token")
		require.Empty(t, a.requests())
	})
	t.Run("nothing to do", func(t *testing.T) {
		a := newAPI(t)
		for _, action := range []model.Action{{Kind: "dance", IDs: []string{testID}}, {Kind: model.ActApprove}, {Kind: model.ActExpire, IDs: []string{testID}}} {
			out := a.p.Act(context.Background(), action)
			require.Equal(t, model.ResultNotSent, out.Result)
			require.Equal(t, model.KindUsage, out.Problem.Kind)
		}
		require.Empty(t, a.requests())
	})
}

func TestProblemOfAnyError(t *testing.T) {
	require.Nil(t, Problem(nil, "", ""))
	p := Problem(errors.New("disk \x1b[2Jfull"), model.PartScore, "score of session x")
	require.Equal(t, model.KindFailed, p.Kind)
	require.Equal(t, "The request failed: disk ␛[2Jfull", p.Message)
	require.Equal(t, model.PartScore, p.Part)

	p = Problem(&omni.Error{Kind: omni.KindRefused, Status: 400, Code: 4006, Message: "User with phone +15550100 exists"}, "", "x")
	require.Equal(t, "The API refused it: Enrolled before", p.Message, "our words for a code that is known")
	for kind := range advices {
		require.NotEmpty(t, advices[kind].message)
	}
	for kind := omni.KindInvalid; kind <= omni.KindCanceled; kind++ {
		require.Contains(t, advices, kind, kind.String())
	}
}
