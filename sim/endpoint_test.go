package sim

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// clean is a finished session that nothing is wrong with.
func (r *rig) clean() string { return r.told("clean").ID }

func TestReadsAnswerAsDocumented(t *testing.T) {
	r := newRig(t, Options{})
	id := r.clean()
	own := r.SessionToken(id)
	for _, c := range []struct {
		target string
		own    bool // with the session's token, since there is no id parameter
		keys   string
	}{
		{target: "/omni/get/onboarding/status?id=" + id, keys: "onboardingStatus"},
		{target: "/omni/get/score?id=" + id, keys: "idValidation,liveness,faceRecognition,idOcrConfidence,retryInfo,appliedRule,overall"},
		{target: "/omni/get/ocr-data?id=" + id, keys: "name,typeOfId,birthDate,gender,documentNumber,issuedAt,issueDate,issuingCountry,ocrDataConfidence"},
		{target: "/omni/get/ocr-data/v2?id=" + id, keys: "ocrData"},
		{target: "/omni/get/ocr-data-second-id?id=" + id, keys: "name,ocrDataConfidence"},
		{target: "/omni/get/device-info?id=" + id + "&returnData=true", keys: "ipAddress,hash,deviceType,longitude,latitude,location,data"},
		{target: "/omni/get/events?id=" + id, keys: "events"},
		{target: "/omni/get/events-signature?id=" + id, keys: "signature"},
		{target: "/omni/get/id-summary?id=" + id, keys: "addFrontResult,addBackResult,onlyFront"},
		{target: "/omni/get/custom-fields", own: true, keys: "customFields"},
		{target: "/omni/get/postprocess/isfinished", own: true, keys: "finished"},
		{target: "/omni/session/status/get", own: true, keys: "id,createdAt,updatedAt,closedAt,frontIdAttempts,backIdAttempts,selfieAttempts,sessionStatus"},
	} {
		token := r.token
		if c.own {
			token = own
		}
		got := r.as(token, "GET", c.target, nil)
		require.Equal(t, http.StatusOK, got.status, "%s: %s", c.target, got.raw)
		for _, key := range strings.Split(c.keys, ",") {
			require.Contains(t, got.json, key, c.target)
		}
		require.NotEmpty(t, got.header.Get("Processing-Time"))
		require.Contains(t, got.header.Get("Content-Type"), "application/json")
	}
	require.Zero(t, r.Writes(), "reading changes nothing")
}

func TestNumbersAreWrittenAsTheAPIWritesThem(t *testing.T) {
	r := newRig(t, Options{})
	got := r.scoreOf(r.clean())
	require.IsType(t, "", at(got, "overall", "value"))
	require.Nil(t, at(got, "overall", "key"))
	ocr := r.do("GET", "/omni/get/ocr-data?id="+r.told("expired-passport-seen-before").ID, nil).json
	require.IsType(t, float64(0), ocr["birthDate"])
	require.IsType(t, "", ocr["expireAt"])
	require.IsType(t, float64(0), ocr["expirationDate"])
}

func TestOldestPeopleHaveNegativeBirthDates(t *testing.T) {
	r := newRig(t, Options{})
	negative := 0
	for _, id := range r.IDs() {
		ocr := r.do("GET", "/omni/get/ocr-data?id="+id, nil).json
		if ms, ok := ocr["birthDate"].(float64); ok && ms < 0 {
			negative++
		}
	}
	require.Positive(t, negative)
}

func TestWrappedOCRIsTheSame(t *testing.T) {
	r := newRig(t, Options{})
	id := r.clean()
	require.Equal(t, r.do("GET", "/omni/get/ocr-data?id="+id, nil).json, r.do("GET", "/omni/get/ocr-data/v2?id="+id, nil).json["ocrData"])
}

func TestSecondIDIsAnotherDocument(t *testing.T) {
	r := newRig(t, Options{})
	id := r.told("second-id-differs").ID
	first, second := r.do("GET", "/omni/get/ocr-data?id="+id, nil).json, r.do("GET", "/omni/get/ocr-data-second-id?id="+id, nil).json
	require.NotEqual(t, at(first, "name", "fullName"), at(second, "name", "fullName"))
	require.Equal(t, "FAIL", at(r.scoreOf(id), "secondIdValidation", "overall", "status"))
}

func TestEventsArePaged(t *testing.T) {
	r := newRig(t, Options{})
	var id string
	total := 0
	for _, candidate := range r.IDs() {
		if s := r.session(candidate); s.Events > 100 {
			id, total = candidate, s.Events
			break
		}
	}
	require.NotEmpty(t, id, "some sessions have more than a page")
	list := func(offset, limit int) []any {
		got := r.do("GET", "/omni/get/events?id="+id+"&offset="+strconv.Itoa(offset)+"&limit="+strconv.Itoa(limit), nil)
		require.Equal(t, http.StatusOK, got.status)
		return got.json["events"].([]any)
	}
	var all []any
	for offset := 0; ; offset += 100 {
		page := list(offset, 100)
		all = append(all, page...)
		if len(page) < 100 {
			break
		}
	}
	require.Len(t, all, total)
	require.Equal(t, all[7:12], list(7, 5))
	require.Empty(t, list(total, 100))
	require.Len(t, r.do("GET", "/omni/get/events?id="+id, nil).json["events"], 100, "default limit")
	for _, key := range []string{"eventName", "eventData", "singature", "timestamp"} {
		require.Contains(t, all[0], key)
	}
	body := map[string]any{"id": id, "offset": 7, "limit": 5}
	require.Equal(t, all[7:12], r.do("GET", "/omni/get/events", body).json["events"], "the reference says request body")
}

func TestImageLinksServePicturesForAnHour(t *testing.T) {
	r := newRig(t, Options{})
	id := r.told("expired-passport-seen-before").ID
	got := r.do("POST", "/omni/get/images/v2?id="+id, map[string]any{"images": []string{"croppedFace", "croppedIDFace", "croppedFrontID", "croppedBackID"}})
	require.Equal(t, http.StatusOK, got.status)
	require.Len(t, got.json, 3, "a passport has no back")
	link := got.json["croppedFace"].(string)
	require.True(t, strings.HasPrefix(link, r.http.URL+imagePath))
	fetch := func(url string) reply { return r.do("GET", strings.TrimPrefix(url, r.http.URL), nil) }
	ok := fetch(link)
	require.Equal(t, http.StatusOK, ok.status)
	require.Equal(t, "image/jpeg", ok.header.Get("Content-Type"))
	require.Greater(t, len(ok.raw), 1000)
	require.Equal(t, http.StatusForbidden, fetch(link+"0").status, "a link cannot be made up")
	r.clock.move(time.Hour)
	require.Equal(t, http.StatusForbidden, fetch(link).status)
}

func TestPicturesShowWhoIsThere(t *testing.T) {
	s := fixed(Options{})
	var mismatch, clean *profile
	for _, p := range profiles(s) {
		switch p.story.name {
		case "face-mismatch":
			mismatch = p
		case "clean":
			clean = p
		}
	}
	require.Equal(t, clean.person.face, clean.selfieFace())
	require.NotEqual(t, mismatch.person.face, mismatch.selfieFace())
}

func TestIdentityListsPassedSessions(t *testing.T) {
	r := newRig(t, Options{})
	back := r.told("returning-customer")
	got := r.do("GET", "/omni/identity/"+back.CustomerID+"/sessions", nil)
	require.Equal(t, http.StatusOK, got.status)
	var list []map[string]any
	require.NoError(t, json.Unmarshal(got.raw, &list))
	ids := []any{}
	for _, s := range list {
		ids = append(ids, s["interviewId"])
	}
	require.Contains(t, ids, back.ID)
	require.Contains(t, ids, back.ExistingID)
	require.Equal(t, http.StatusNotFound, r.do("GET", "/omni/identity/000000000000000000000000/sessions", nil).status)
	require.Equal(t, 1, r.Count("GET", "/omni/identity/"+back.CustomerID+"/sessions"))
	require.Equal(t, 2, r.Count("GET", "/omni/identity/{customerId}/sessions"))
}

func TestLogIn(t *testing.T) {
	r := newRig(t, Options{})
	good := map[string]any{"email": DefaultEmail, "password": DefaultPassword}
	req := r.request("POST", "/executive/log-in", good)
	req.Header.Del("X-Incode-Hardware-Id")
	got := r.send(req)
	require.Equal(t, http.StatusOK, got.status)
	token := got.json["token"].(string)
	require.Len(t, strings.Split(token, "."), 3)
	require.Equal(t, http.StatusOK, r.as(token, "GET", "/omni/get/score?id="+r.clean(), nil).status)
	r.clock.move(24 * time.Hour)
	require.Equal(t, http.StatusUnauthorized, r.as(token, "GET", "/omni/get/score?id="+r.clean(), nil).status)
	require.Equal(t, http.StatusUnauthorized, r.do("POST", "/executive/log-in", map[string]any{"email": DefaultEmail, "password": "wrong"}).status)
	require.Equal(t, http.StatusNotFound, r.do("POST", "/0/executive/log-in", good).status)
	for _, req := range r.Requests() {
		require.NotContains(t, req.Body, DefaultPassword)
	}
}

func TestTokensAreShort(t *testing.T) {
	r := newRig(t, Options{})
	require.LessOrEqual(t, len(r.token), 256)
	require.LessOrEqual(t, len(r.SessionToken(r.clean())), 256)
	require.Empty(t, r.SessionToken("nobody"))
}
