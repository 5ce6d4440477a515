package omni

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestScoreIsReadWhole(t *testing.T) {
	body := fixture(t, "score.json")
	s, err := decodeScore([]byte(body))
	require.NoError(t, err)
	require.Len(t, s.IDValidation.PhotoSecurityAndQuality, 3)
	require.Equal(t, Text{}, s.IDValidation.PhotoSecurityAndQuality[2].Value, "null is not the empty text")
	require.Equal(t, "WARN", s.IDValidation.AppliedRule.Status.Value)
	require.Nil(t, s.IDValidation.CustomFields)
	require.Nil(t, s.SecondIDValidation)
	require.Nil(t, s.VideoConference)
	require.Nil(t, s.AppliedRule)
	require.Nil(t, s.RetryInfo, "an empty array stands for no object")
	require.Equal(t, "99.1", s.Liveness.Score.Value.Value, "the other spelling of livenessScore")
	require.Equal(t, "100.0", s.Liveness.PhotoQuality.Value.Value, "a number as it was spelled")
	require.False(t, s.Liveness.PhotoQuality.Status.Set)
	require.False(t, s.FaceRecognition.LensesCheck.Value.Set)
	require.Equal(t, Flag{true, true}, s.FaceRecognition.ExistingUser)
	require.Equal(t, "87.5", s.FaceRecognition.Overall.Value.Value)
	require.InDelta(t, 0.5, s.ExternalVerification.NameEmailCorrelation.Value, 1e-9)
	require.False(t, s.ExternalVerification.EmailRisk.Set)
	require.Equal(t, Flag{false, true}, s.CURPVerification.Success)
	require.Equal(t, "1", s.CURPVerification.ProbationDocumentData.Get("foja").Text)
	require.Equal(t, "face", s.Watchlist.DataMatches[0].Value)
	require.Equal(t, "OK", s.DeviceRisk.Get("overall", "status").Text)

	var keys []string
	for _, m := range s.Tree.Members {
		keys = append(keys, m.Key)
	}
	require.Equal(t, "idValidation secondIdValidation antifraud liveness faceRecognition governmentValidation "+
		"externalVerification curpVerification idOcrConfidence retryInfo appliedRule incodeWatchlistScore deviceRisk "+
		"somethingNew needsReviewReason overall", strings.Join(keys, " "), "the API's order, unknown sections included")
}

func TestRetryInfoAsAnObject(t *testing.T) {
	s, err := decodeScore([]byte(`{"overall":{"status":"OK"},"retryInfo":{"failedAttemptsCounter":{"frontId":"2"},"stepsToRetry":["frontId"]}}`))
	require.NoError(t, err)
	require.Equal(t, "2", s.RetryInfo.FailedAttempts.Get("frontId").Text)
	require.Equal(t, "frontId", s.RetryInfo.StepsToRetry[0].Value)
}

func TestOCRIsReadWhole(t *testing.T) {
	o, err := decodeOCR([]byte(fixture(t, "ocr.json")))
	require.NoError(t, err)
	require.False(t, o.Name.MaternalLastName.Set)
	require.Equal(t, "12345", o.AddressFields.PostalCode.Value)
	require.InDelta(t, -1.25, o.CheckedAddressBean.Longitude.Value, 1e-9)
	require.Equal(t, Flag{false, true}, o.FullAddress)
	require.Equal(t, "12345", o.DocumentNumber.Value)
	require.Equal(t, 2023, o.IssuedAt.Value.Year())
	require.False(t, o.ExpireAt.Set)
	require.Equal(t, "not a time", o.Tree.Get("expireAt").Text, "what cannot be read is still there")
	require.EqualValues(t, 2023, o.IssueDate.Int())
	require.Equal(t, 1969, o.BirthDate.Value.Year())
	require.Equal(t, "B", o.DLClassDetails[0].Class.Value)
	require.Equal(t, Flag{true, true}, o.GovernmentComparison.CURP)
	require.Equal(t, []Text{{"curp", true}, {}}, o.NotExtractedDetails)
	require.Equal(t, "0.42", o.Confidence.Get("nameConfidence").Text)
	require.Equal(t, "true", o.Tree.Get("unheardOf", "a").Items[2].Text)
}

// Sessions where nothing was read or measured yet are not errors.
func TestEmptyAnswersThatMeanNothingYet(t *testing.T) {
	for name, f := range map[string]func() error{
		"ocr":           func() error { _, err := decodeOCR([]byte(`{}`)); return err },
		"ocr v2":        func() error { _, err := decodeOCRV2([]byte(`{"ocrData":{}}`)); return err },
		"ocr v2 null":   func() error { _, err := decodeOCRV2([]byte(`{"ocrData":null}`)); return err },
		"device":        func() error { _, err := decodeDevice([]byte(`{}`)); return err },
		"events":        func() error { _, err := decodeEvents([]byte(`{"events":[]}`)); return err },
		"images":        func() error { _, err := decodeImages([]byte(`{}`), nil); return err },
		"custom fields": func() error { _, err := decodeCustomFields([]byte(`{"customFields":null}`)); return err },
		"identity":      func() error { _, err := decodeIdentitySessions([]byte(`[]`)); return err },
	} {
		require.NoError(t, f(), name)
	}
}

// Encoders differ in alphabet, padding and line breaks; some add what a browser
// wants to see before it.
func TestImagesAreReadInEverySpellingOfBase64(t *testing.T) {
	for spelled, want := range map[string]string{
		`"/+8="`: "\xff\xef", `"_-8"`: "\xff\xef", `"aG\r\nk="`: "hi", `"data:image/png;base64,aGk="`: "hi", `["aGk="]`: "hi",
	} {
		v, err := decodeImageData([]byte(`{"selfie":`+spelled+`}`), ImageSelfie)
		require.NoError(t, err, spelled)
		require.Equal(t, [][]byte{[]byte(want)}, v.Bodies, spelled)
	}
	for _, none := range []string{`{}`, `{"selfie":null}`, `{"selfie":""}`, `{"selfie":[]}`} {
		v, err := decodeImageData([]byte(none), ImageSelfie)
		require.NoError(t, err, none)
		require.Empty(t, v.Bodies, none)
	}
	v, err := decodeImageData([]byte(`{"signatures":["aGk="]}`), ImageSignature)
	require.NoError(t, err)
	require.Len(t, v.Bodies, 1, "as the reference's example spells it")
}

// A type that the API has learned since is kept when it holds links.
func TestLinksOfUnknownTypesAreKept(t *testing.T) {
	v, err := decodeImages([]byte(`{"../../evil":"https://pictures.example.com/a","path":"/","count":4}`), []string{ImageSelfie})
	require.NoError(t, err)
	require.Equal(t, []ImageLinks{{"../../evil", []string{"https://pictures.example.com/a"}}}, v.Links)
}

// wrong are answers with status 200 that no endpoint gives.
var wrong = []string{
	"", " ", "null", "true", "17", `"text"`, `[[1]]`, `[{"a":1}]`, `{"a":1}`, `{"status":500,"error":"x","path":"/"}`,
	"<!doctype html><html><body>Sign in</body></html>", "{", `{"success":`, `{"overall":{"status":"OK"}`,
	`{"overall":{"status":"OK"}} trailing`, "\x00\x01", strings.Repeat("[", 200) + strings.Repeat("]", 200),
	`{"a":` + strings.Repeat("[", 20_000),
}

func TestWrongShapesAreErrorsAtEachEndpoint(t *testing.T) {
	for _, body := range wrong {
		c := answering(t, http.StatusOK, body)
		for _, ref := range references(t) {
			out, err := ref.call(context.Background(), c)
			e := failure(t, err)
			require.Equal(t, KindWrongShape, e.Kind, "%s: %.40q", ref.endpoint, body)
			require.Equal(t, http.StatusOK, e.Status)
			require.Equal(t, http.StatusOK, out.status)
			require.NotContains(t, e.Error(), "html")
			ep, _ := endpoint(ref.endpoint)
			require.Equal(t, ep.Effect == Write, e.OutcomeUnknown(), ref.endpoint)
		}
	}
}

func TestWrongShapesOfOneEndpoint(t *testing.T) {
	for name, f := range map[string]func() error{
		"verdict as text":         func() error { _, err := decodeScore([]byte(`{"overall":"FAIL"}`)); return err },
		"score of nothing":        func() error { _, err := decodeScore([]byte(`{}`)); return err },
		"section as list":         func() error { _, err := decodeScore([]byte(`{"liveness":[1],"overall":{}}`)); return err },
		"events as object":        func() error { _, err := decodeEvents([]byte(`{"events":{"a":1}}`)); return err },
		"events null":             func() error { _, err := decodeEvents([]byte(`{"events":null}`)); return err },
		"events of text":          func() error { _, err := decodeEvents([]byte(`{"events":["a"]}`)); return err },
		"ocrData as text":         func() error { _, err := decodeOCRV2([]byte(`{"ocrData":"x"}`)); return err },
		"status as object":        func() error { _, err := decodeOnboardingStatus([]byte(`{"onboardingStatus":{"a":1}}`)); return err },
		"status null":             func() error { _, err := decodeOnboardingStatus([]byte(`{"onboardingStatus":null}`)); return err },
		"success null":            func() error { _, err := decodeDone([]byte(`{"success":null}`)); return err },
		"success as word":         func() error { _, err := decodeDone([]byte(`{"success":"maybe"}`)); return err },
		"finished as word":        func() error { _, err := decodeFinished([]byte(`{"finished":"soon"}`)); return err },
		"token as object":         func() error { _, err := decodeLogin([]byte(`{"token":{"a":1}}`)); return err },
		"start without id":        func() error { _, err := decodeStarted([]byte(`{"token":"a"}`)); return err },
		"image as number":         func() error { _, err := decodeImages([]byte(`{"selfie":4}`), nil); return err },
		"image not base64":        func() error { _, err := decodeImageData([]byte(`{"selfie":"<html>"}`), "selfie"); return err },
		"image as object":         func() error { _, err := decodeImageData([]byte(`{"selfie":{"a":1}}`), "selfie"); return err },
		"another image":           func() error { _, err := decodeImageData([]byte(`{"contract":"aGk="}`), "selfie"); return err },
		"identity without id":     func() error { _, err := decodeIdentitySessions([]byte(`[{"a":1}]`)); return err },
		"custom fields as list":   func() error { _, err := decodeCustomFields([]byte(`{"customFields":[1]}`)); return err },
		"signature as list":       func() error { _, err := decodeEventsSignature([]byte(`{"signature":[1]}`)); return err },
		"too many values":         func() error { _, err := decodeOCR([]byte("[" + strings.Repeat("0,", maxNodes) + "0]")); return err },
		"url as object":           func() error { _, err := decodeOnboardingURL([]byte(`{"url":{"a":1}}`)); return err },
		"finish of nothing":       func() error { _, err := decodeFinish([]byte(`{}`)); return err },
		"verified as word":        func() error { _, err := decodeVerified([]byte(`{"verified":"perhaps"}`)); return err },
		"antifraud without words": func() error { _, err := decodeAntifraudResult([]byte(`{"stepName":"x"}`)); return err },
	} {
		require.Equal(t, KindWrongShape, failure(t, f()).Kind, name)
	}
}

func TestIDSummaryMayBeWrapped(t *testing.T) {
	s, err := decodeIDSummary([]byte(`{"IdSummaryResponse":{"addFrontResult":true}}`))
	require.NoError(t, err)
	require.Equal(t, Flag{true, true}, s.Front)
	require.False(t, s.Back.Set)
}

func TestRefusalsOfWrites(t *testing.T) {
	for body, message := range map[string]string{
		`{"success":false}`: "did not succeed",
		`{"success":"false","message":"already decided"}`:   "already decided",
		`{"success":0,"error":"no"}`:                        "no",
		`{"success":false,"message":null,"error":"closed"}`: "closed",
	} {
		c := answering(t, http.StatusOK, body)
		_, err := c.SetManualReview(context.Background(), testID, ReviewApproved, "")
		e := failure(t, err)
		require.Equal(t, KindRefused, e.Kind)
		require.Contains(t, e.Message, message)
		require.False(t, e.OutcomeUnknown())
		_, err = c.Approve(context.Background(), testID)
		require.Equal(t, KindRefused, failure(t, err).Kind)
	}
}

func TestUnknownSession(t *testing.T) {
	c := answering(t, http.StatusBadRequest, fixture(t, "error.json"))
	for _, ref := range references(t) {
		_, err := ref.call(context.Background(), c)
		ep, _ := endpoint(ref.endpoint)
		want := KindNotFound
		if len(ep.NotFound) == 0 {
			want = KindRefused
		}
		require.Equal(t, want, failure(t, err).Kind, ref.endpoint)
		require.Equal(t, 4004, failure(t, err).Code)
	}
	c = answering(t, http.StatusBadRequest, `{"status":4014,"message":"x"}`)
	_, err := c.SetInterviewer(context.Background(), testID, "someone")
	require.Equal(t, KindNotFound, failure(t, err).Kind)
	_, err = c.Score(context.Background(), testID)
	require.Equal(t, KindRefused, failure(t, err).Kind)
}

func TestScalars(t *testing.T) {
	for _, tt := range []struct {
		json string
		text Text
		num  Num
		flag Flag
	}{
		{`null`, Text{}, Num{}, Flag{}},
		{`"x"`, Text{"x", true}, Num{}, Flag{}},
		{`""`, Text{"", true}, Num{}, Flag{}},
		{`true`, Text{"true", true}, Num{}, Flag{true, true}},
		{`" TRUE "`, Text{" TRUE ", true}, Num{}, Flag{true, true}},
		{`"0"`, Text{"0", true}, Num{0, "0", true}, Flag{false, true}},
		{`1`, Text{"1", true}, Num{1, "1", true}, Flag{true, true}},
		{`"100.0"`, Text{"100.0", true}, Num{100, "100.0", true}, Flag{}},
		{`1.50`, Text{"1.50", true}, Num{1.5, "1.50", true}, Flag{}},
		{`"NaN"`, Text{"NaN", true}, Num{}, Flag{}},
		{`"Infinity"`, Text{"Infinity", true}, Num{}, Flag{}},
		{`1e999`, Text{"1e999", true}, Num{}, Flag{}},
		{`{"a":1}`, Text{}, Num{}, Flag{}},
		{`[]`, Text{}, Num{}, Flag{}},
	} {
		n, err := ParseNode([]byte(tt.json))
		require.NoError(t, err)
		var (
			text Text
			num  Num
			flag Flag
		)
		text.take(n)
		num.take(n)
		flag.take(n)
		require.Equal(t, tt.text, text, tt.json)
		require.Equal(t, tt.num, num, tt.json)
		require.Equal(t, tt.flag, flag, tt.json)
		require.Equal(t, tt.text.Value, text.String())
	}
	require.EqualValues(t, math.MaxInt64, Num{Value: 1e300}.Int())
	require.EqualValues(t, math.MinInt64, Num{Value: -1e300}.Int())
}

func TestMillisTakesNumbersAndStrings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ms := rapid.Int64Range(-millisMax*2, millisMax*2).Draw(t, "ms")
		for _, n := range []Node{{Kind: Number, Text: fmt.Sprint(ms)}, {Kind: String, Text: fmt.Sprintf(" %d ", ms)}} {
			var m Millis
			m.take(n)
			if !m.Set {
				require.True(t, ms > millisMax || ms < -62_135_596_800_000, "%d", ms)
				continue
			}
			require.Equal(t, ms, m.Value.UnixMilli())
			_, err := m.Value.MarshalJSON()
			require.NoError(t, err)
		}
	})
}

func TestNodeKeepsOrderAndTakesTheLastOfRepeatedMembers(t *testing.T) {
	n, err := ParseNode([]byte(`{"b":1,"a":{"c":[null,"\u0041",-1.50e3]},"b":2}`))
	require.NoError(t, err)
	require.Len(t, n.Members, 3)
	require.Equal(t, "2", n.Get("b").Text)
	require.Equal(t, []Node{{Kind: Null}, {Kind: String, Text: "A"}, {Kind: Number, Text: "-1.50e3"}}, n.Get("a", "c").Items)
	require.Equal(t, Absent, n.Get("a", "x", "y").Kind)
	require.Equal(t, "absent null boolean number string array object",
		fmt.Sprintf("%s %s %s %s %s %s %s", Absent, Null, Bool, Number, String, Array, Object))
}
