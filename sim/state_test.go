package sim

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func (r *rig) decide(id, status string) reply {
	return r.do("PUT", "/omni/manual-review?interviewId="+id, map[string]any{"manualReviewStatus": status})
}

func (r *rig) ok(got reply) {
	r.t.Helper()
	require.Equal(r.t, http.StatusOK, got.status, "%s", got.raw)
	require.Equal(r.t, true, got.json["success"])
}

func (r *rig) statusOf(id string) any {
	r.t.Helper()
	return r.do("GET", "/omni/get/onboarding/status?id="+id, nil).json["onboardingStatus"]
}

func TestManualReviewDecides(t *testing.T) {
	r := newRig(t, Options{})
	id := r.told("blurred-manual-capture").ID
	require.Equal(t, "MANUAL", at(r.scoreOf(id), "overall", "status"))
	require.Equal(t, "MANUAL_CAPTURE", r.scoreOf(id)["needsReviewReason"])
	r.clock.move(time.Minute)
	r.ok(r.decide(id, "APPROVED"))
	require.Equal(t, "MANUAL_REVIEW_APPROVED", r.statusOf(id))
	require.Equal(t, "MANUAL_OK", at(r.scoreOf(id), "overall", "status"))
	require.NotContains(t, r.scoreOf(id), "needsReviewReason")
	r.ok(r.decide(id, "REJECTED"))
	require.Equal(t, "MANUAL_REVIEW_REJECTED", r.statusOf(id))
	require.Equal(t, "MANUAL_FAIL", at(r.scoreOf(id), "overall", "status"))
	events := r.do("GET", "/omni/get/events?id="+id, nil).json["events"].([]any)
	require.Equal(t, "manualReviewRejected", at(events[len(events)-1], "eventName"))
	require.Equal(t, r.clock.now(), r.session(id).Updated)
	require.Equal(t, 2, r.Count("PUT", "/omni/manual-review"))
	require.Equal(t, 2, r.Writes())
}

func TestReviewIsRequiredWithAReason(t *testing.T) {
	r := newRig(t, Options{})
	ask := func(id, text string) {
		r.ok(r.do("PUT", "/omni/manual-review?interviewId="+id, map[string]any{"manualReviewStatus": "REQUIRED", "newReason": text}))
	}
	id := r.told("clean").ID
	ask(id, "signature differs")
	require.Equal(t, "MANUAL", at(r.scoreOf(id), "overall", "status"))
	require.Equal(t, "signature differs", r.scoreOf(id)["needsReviewReason"])
	require.Equal(t, "ONBOARDING_FINISHED", r.statusOf(id))
	old := r.told("old-id").ID
	ask(old, "first")
	ask(old, "second")
	require.Equal(t, "OLD_ID", r.scoreOf(old)["needsReviewReason"])
	require.Equal(t, []string{"first", "second"}, r.session(old).ReviewMessages)
}

func TestUnfinishedSessionsAreNotDecided(t *testing.T) {
	r := newRig(t, Options{})
	for _, story := range []string{"started", "selfie-taken", "expired-in-review"} {
		s := r.told(story)
		require.Equal(t, http.StatusBadRequest, r.decide(s.ID, "APPROVED").status)
		require.Equal(t, s, r.session(s.ID))
	}
}

func TestApproveCreatesAnIdentityOnce(t *testing.T) {
	r := newRig(t, Options{})
	id := r.told("clean").ID
	got := r.do("POST", "/omni/process/approve?interviewId="+id, map[string]any{"approveComponents": []string{"id", "liveness", "faceRecognition"}})
	r.ok(got)
	require.Equal(t, false, got.json["existingCustomer"])
	require.Equal(t, "OK", got.json["totalScore"])
	require.NotEmpty(t, got.json["token"])
	require.Equal(t, r.session(id).CustomerID, got.json["uuid"])
	list := r.do("GET", "/omni/identity/"+r.session(id).CustomerID+"/sessions", nil)
	require.Contains(t, string(list.raw), id)
	again := r.do("POST", "/omni/process/approve?interviewId="+id, nil)
	require.Equal(t, http.StatusBadRequest, again.status)
	require.Equal(t, float64(4006), again.json["status"])
}

func TestApproveRefusesWhatFailed(t *testing.T) {
	r := newRig(t, Options{})
	for story, components := range map[string][]string{
		"not-live": {"liveness"}, "face-mismatch": {"faceRecognition"}, "altered": {"id"}, "glare": {"governmentValidation"}, "started": nil, "rejected-paper": nil,
	} {
		s := r.told(story)
		var body any
		if components != nil {
			body = map[string]any{"approveComponents": components}
		}
		got := r.do("POST", "/omni/process/approve?interviewId="+s.ID, body)
		require.Equal(t, http.StatusOK, got.status)
		require.Equal(t, map[string]any{"success": false}, got.json, story)
		require.Equal(t, s, r.session(s.ID))
	}
}

func TestApproveOfAKnownFaceJoinsItsIdentity(t *testing.T) {
	r := newRig(t, Options{})
	s := r.told("known-face-same-name")
	got := r.do("POST", "/omni/process/approve?interviewId="+s.ID, nil)
	require.Equal(t, true, got.json["existingCustomer"])
	require.Equal(t, r.session(s.ExistingID).CustomerID, got.json["uuid"])
}

func TestAntifraudResolvedCountsInTheNextCheck(t *testing.T) {
	r := newRig(t, Options{})
	id := r.told("antifraud-signal").ID
	own := r.SessionToken(id)
	first := r.as(own, "GET", "/omni/process/antifraud", nil).json
	require.Equal(t, "FAILED", first["result"])
	require.Contains(t, []any{"FuzzyFieldAntifraudExecutor", "IdFaceAntifraudExecutor", "SelfieFaceAntifraudExecutor"}, first["stepName"])
	r.ok(r.do("PUT", "/omni/resolve/antifraud?interviewId="+id+"&reason=twins", nil))
	require.True(t, r.session(id).AntifraudExempt)
	require.Equal(t, "MANUAL", at(r.scoreOf(id), "overall", "status"), "resolving changes no verdict")
	require.Equal(t, "FAIL", at(r.scoreOf(id), "antifraud", "overall", "status"))
	require.Equal(t, "PASSED", r.as(own, "GET", "/omni/process/antifraud", nil).json["result"])
	require.Equal(t, "OK", at(r.scoreOf(id), "antifraud", "overall", "status"))
	require.Equal(t, "OK", at(r.scoreOf(id), "overall", "status"))
}

func TestAntifraudNeedsItsModuleAndAFinishedSession(t *testing.T) {
	r := newRig(t, Options{})
	results := map[any]int{}
	for _, id := range r.IDs()[:120] {
		if s := r.session(id); s.Story == "clean" {
			results[r.as(r.SessionToken(id), "GET", "/omni/process/antifraud", nil).json["result"]]++
		}
	}
	require.Positive(t, results["PASSED"])
	require.Positive(t, results["NOT_EXECUTED"])
	require.Equal(t, 400, r.as(r.SessionToken(r.told("started").ID), "GET", "/omni/process/antifraud", nil).status)
}

func TestExpireMeetsConditions(t *testing.T) {
	r := newRig(t, Options{})
	started, review, clean := r.told("started").ID, r.told("old-id").ID, r.told("clean").ID
	expire := func(ids []string, conditions ...string) reply {
		return r.do("POST", "/omni/expire/interviews", map[string]any{"interviewIds": ids, "cleanerConfiguration": map[string]any{"expirationConditions": conditions}})
	}
	r.ok(expire([]string{started, review, clean}, "INCOMPLETE"))
	require.Equal(t, []any{"EXPIRED", "ONBOARDING_FINISHED", "ONBOARDING_FINISHED"}, []any{r.statusOf(started), r.statusOf(review), r.statusOf(clean)})
	r.ok(expire([]string{review, clean}, "NEEDS_REVIEW", "INCOMPLETE"))
	require.Equal(t, []any{"EXPIRED", "ONBOARDING_FINISHED"}, []any{r.statusOf(review), r.statusOf(clean)})
	require.Equal(t, "UNKNOWN", at(r.scoreOf(review), "overall", "status"))
	pending := r.told("review-pending").ID
	require.Equal(t, http.StatusNotFound, expire([]string{pending, "0123456789abcdef01234567"}, "NEEDS_REVIEW").status)
	require.Equal(t, "ONBOARDING_FINISHED", r.statusOf(pending), "all or nothing")
}

func TestSessionStatusIsSet(t *testing.T) {
	r := newRig(t, Options{})
	id := r.told("old-id").ID
	got := r.do("POST", "/omni/session/status/set?action=Closed&id="+id, nil)
	require.Equal(t, http.StatusOK, got.status)
	require.Equal(t, "Closed", got.json["sessionStatus"])
	require.Equal(t, float64(epoch.UnixMilli()), got.json["closedAt"])
	for _, key := range []string{"_id", "_createdAt", "_updatedAt"} {
		require.Contains(t, got.json, key)
	}
	own := r.SessionToken(id)
	require.Equal(t, "Closed", r.as(own, "GET", "/omni/session/status/get", nil).json["sessionStatus"])
	body := map[string]any{"action": "Alive", "id": id}
	require.Equal(t, "Alive", r.do("POST", "/omni/session/status/set", body).json["sessionStatus"])
	require.Equal(t, 400, r.do("POST", "/omni/session/status/set?id="+id, body).status, "not both ways")
	require.Equal(t, "Deleted", r.as(own, "POST", "/omni/session/status/set?action=Deleted", nil).json["sessionStatus"])
	require.Equal(t, 404, r.do("GET", "/omni/get/score?id="+id, nil).status)
	require.Equal(t, 400, r.do("POST", "/omni/session/status/set?action=Alive&id="+id, nil).status)
}

func TestDeletedSessionsAnswerTheirStatusOnly(t *testing.T) {
	r := newRig(t, Options{})
	s := r.told("clean-enrolled")
	own := r.SessionToken(s.ID)
	r.ok(r.do("DELETE", "/omni/interview?interviewId="+s.ID, nil))
	require.Equal(t, "Deleted", r.session(s.ID).SessionStatus)
	require.Equal(t, "ONBOARDING_FINISHED", r.statusOf(s.ID))
	require.Equal(t, "Deleted", r.as(own, "GET", "/omni/session/status/get", nil).json["sessionStatus"])
	for _, what := range []string{"score", "ocr-data", "ocr-data/v2", "device-info", "events", "events-signature", "id-summary"} {
		require.Equal(t, 404, r.do("GET", "/omni/get/"+what+"?id="+s.ID, nil).status, what)
	}
	require.Equal(t, 404, r.decide(s.ID, "APPROVED").status)
	require.Equal(t, 404, r.do("GET", "/omni/identity/"+s.CustomerID+"/sessions", nil).status, "the identity is gone too")
	require.Equal(t, 404, r.do("DELETE", "/omni/interview?interviewId="+s.ID, nil).status)
}

func TestDeletionKeepsTheIdentity(t *testing.T) {
	r := newRig(t, Options{})
	back := r.told("returning-customer")
	r.ok(r.do("DELETE", "/omni/interview?interviewId="+back.ID+"&keepCustomer=true&sendNotification=true", nil))
	require.Equal(t, back.CustomerID, r.session(back.ExistingID).CustomerID)
	require.NotContains(t, string(r.do("GET", "/omni/identity/"+back.CustomerID+"/sessions", nil).raw), back.ID)
}

func TestDeleteManyByFilter(t *testing.T) {
	r := newRig(t, Options{})
	a, b, c := r.told("glare"), r.told("clean"), r.told("paper-copy")
	del := func(filter, config map[string]any) reply {
		return r.do("DELETE", "/omni/interviews", map[string]any{"filter": filter, "config": config})
	}
	r.ok(del(map[string]any{"ids": []string{a.ID, b.ID}}, map[string]any{"deletePiiDataOnly": true, "relatedEntitiesToKeep": []string{"images", "deviceFingerPrints"}}))
	for _, id := range []string{a.ID, b.ID} {
		require.Equal(t, 404, r.do("GET", "/omni/get/score?id="+id, nil).status)
		require.Equal(t, 200, r.do("GET", "/omni/get/device-info?id="+id, nil).status)
		require.Equal(t, 200, r.do("POST", "/omni/get/images/v2?id="+id, map[string]any{"images": []string{"selfie"}}).status)
	}
	r.ok(del(map[string]any{"externalId": c.ExternalID}, nil))
	require.Equal(t, "Deleted", r.session(c.ID).SessionStatus)
	require.Equal(t, 404, del(map[string]any{"ids": []string{"nobody"}}, nil).status)
	r.ok(del(map[string]any{"flowId": flows[2].id}, nil))
	require.Equal(t, "Deleted", r.session(r.told("second-id-clean").ID).SessionStatus)
}

func TestInterviewerIsSet(t *testing.T) {
	r := newRig(t, Options{})
	id := r.told("old-id").ID
	r.ok(r.do("POST", "/omni/interview/set-interviewer", map[string]any{"interviewId": id, "interviewerId": "m.ruiz"}))
	require.Equal(t, "m.ruiz", r.session(id).Interviewer)
	got := r.do("POST", "/omni/interview/set-interviewer", map[string]any{"interviewId": "nobody", "interviewerId": "m.ruiz"})
	require.Equal(t, 400, got.status)
	require.Equal(t, float64(4014), got.json["status"])
}

func TestUpdateSetsFlagsAndFields(t *testing.T) {
	r := newRig(t, Options{})
	id := r.told("clean").ID
	r.ok(r.do("PUT", "/omni/update?id="+id, map[string]any{
		"manualIdCheckNeeded": true, "manualSelfieCheckNeeded": false, "name": "John Smith", "birthDate": "-23587200000", "address": "221B Baker Street", "gender": "M",
	}))
	s := r.session(id)
	require.True(t, s.ManualIDCheck)
	require.False(t, s.ManualSelfieCheck)
	ocr := r.do("GET", "/omni/get/ocr-data?id="+id, nil).json
	require.Equal(t, "John Smith", at(ocr, "name", "fullName"))
	require.Equal(t, float64(-23587200000), ocr["birthDate"])
	require.Equal(t, "221B Baker Street", ocr["address"])
}

func TestStartBeginsAndRejoinsSessions(t *testing.T) {
	r := newRig(t, Options{})
	begin := func(body map[string]any) reply { return r.do("POST", "/omni/start", body) }
	got := begin(map[string]any{"countryCode": "ALL", "configurationId": flows[1].id, "externalId": "client-new", "customFields": map[string]any{"branch": "7"}})
	require.Equal(t, http.StatusOK, got.status)
	id := got.json["interviewId"].(string)
	require.Len(t, id, 24)
	require.Len(t, got.json["interviewCode"], 6)
	require.Equal(t, "flow", got.json["flowType"])
	require.Equal(t, false, got.json["existingSession"])
	require.Equal(t, DefaultClientID, got.json["clientId"])
	require.Equal(t, id, r.IDs()[len(r.IDs())-1])
	require.Equal(t, "UNKNOWN", r.statusOf(id))
	require.Equal(t, map[string]any{"branch": "7"}, r.as(got.json["token"].(string), "GET", "/omni/get/custom-fields", nil).json["customFields"])
	require.Nil(t, r.scoreOf(id)["overall"])
	hook, ok := r.Webhook(id)
	require.True(t, ok)
	require.Equal(t, Webhook{id, "UNKNOWN", DefaultClientID, flows[1].id, "client-new"}, hook)

	again := begin(map[string]any{"interviewId": id})
	require.Equal(t, true, again.json["existingSession"])
	require.Equal(t, id, again.json["interviewId"])
	require.NotContains(t, again.json, "flowType")
	require.Equal(t, id, begin(map[string]any{"externalId": "client-new"}).json["interviewId"])
	n := len(r.IDs())
	for body, code := range map[string]float64{`{"uuid":"x"}`: 4026, `{"configurationId":"x"}`: 4027, `{"configurationId":"` + flows[3].id + `"}`: 4028} {
		refused := r.do("POST", "/omni/start", rawJSON(body))
		require.Equal(t, http.StatusBadRequest, refused.status)
		require.Equal(t, code, refused.json["status"])
	}
	require.Equal(t, http.StatusNotFound, begin(map[string]any{"interviewId": "nobody"}).status)
	require.Len(t, r.IDs(), n)
}

func TestLiveSessionsArriveAndMove(t *testing.T) {
	r := newRig(t, Options{})
	before := len(r.IDs())
	changed := map[string]int{}
	for range 400 {
		r.clock.move(time.Second)
		id := r.Step()
		changed[id]++
		require.True(t, slices.Contains(r.IDs(), id))
		r.scoreOf(id)
		events := r.do("GET", "/omni/get/events?id="+id, nil).json["events"].([]any)
		for _, e := range events {
			require.LessOrEqual(t, at(e, "timestamp"), float64(r.clock.now().UnixMilli()))
		}
	}
	require.Greater(t, len(r.IDs()), before+50)
	finished := map[string]int{}
	for _, id := range r.IDs()[before:] {
		finished[r.session(id).Verdict]++
	}
	require.Positive(t, finished["OK"])
	require.Positive(t, finished["MANUAL"])
	require.Positive(t, finished["FAIL"])
	require.Positive(t, finished[""], "some are still under way")
}

func TestLiveEndsWithItsContext(t *testing.T) {
	s := New(Options{})
	ctx, stop := contextWithStop(t)
	ids := make(chan string)
	ended := make(chan struct{})
	go func() {
		s.Live(ctx, time.Millisecond, func(id string) {
			select {
			case ids <- id:
			case <-ctx.Done():
			}
		})
		close(ended)
	}()
	require.Contains(t, s.IDs(), <-ids)
	stop()
	<-ended
}
