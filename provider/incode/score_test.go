package incode

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/omni"
)

func checkNames(checks []model.Check) []string {
	var out []string
	for _, c := range checks {
		out = append(out, string(c.Status)+" "+c.Name())
	}
	return out
}

func TestScoreListsChecksWorstFirst(t *testing.T) {
	s := scoreOf(t, fixture(t, "score.full.json"))
	require.Equal(t, []string{
		"FAIL idValidation.documentExpired",
		"FAIL antifraud.overall",
		"FAIL videoConference.score",
		"FAIL governmentValidation.electorsKey",
		"FAIL brandNewSection.deep.er.0",
		"WARN idValidation.documentNumberCrosscheck",
		"WARN idValidation.overall",
		"WARN deviceRisk.deviceRisk",
		"UNKNOWN idValidation.issuingStateValidity",
		"UNKNOWN governmentValidation.ineConnectionError",
		"UNKNOWN governmentValidation.overall",
		"NEW_STATUS idValidation.brandNewCheck",
		"OK idValidation.tamperCheck",
		"OK idValidation.sharpnessFront",
		"OK idValidation.firstNameMatch",
		"OK secondIdValidation.documentExpired",
		"OK secondIdValidation.overall",
		"OK liveness.overall",
		"OK liveness.livenessScore",
		"OK faceRecognition.maskCheck",
		"OK faceRecognition.lensesCheck",
		"OK faceRecognition.faceBrightness",
		"OK faceRecognition.nameMatch",
		"OK faceRecognition.overall",
		"OK videoConference.speechRecognition",
		"OK governmentValidation.recognitionConfidence",
		"OK governmentValidation.firstName",
		"OK governmentValidation.ocrValidationOverall",
		"OK idOcrConfidence.overallConfidence",
	}, checkNames(s.checks))
	require.Equal(t, model.Manual, s.verdict)
	require.InDelta(t, 61.2, *s.value, 0)
	require.Equal(t, model.RuleApplied, s.reason)
	require.Equal(t, &model.Antifraud{Status: model.Fail, Value: "0.0"}, s.antifraud)
	require.Equal(t, "66a1aa11bb22cc33dd44ee66", s.customer)
}

func TestScoreKeepsAbsentUnknownAndFailApart(t *testing.T) {
	s := scoreOf(t, fixture(t, "score.full.json"))
	values := map[string]model.Personal{}
	for _, c := range s.checks {
		values[c.Name()] = c.Value
	}
	require.False(t, values["faceRecognition.lensesCheck"].Present(), "no value was sent")
	require.False(t, values["idValidation.issuingStateValidity"].Present(), "null is no value")
	require.Equal(t, "0", values["idValidation.documentExpired"].Reveal())
	require.Equal(t, "128.6", values["faceRecognition.faceBrightness"].Reveal(), "values stay as written")
	require.True(t, values["idValidation.brandNewCheck"].Masked(), "a text that nobody knows may be personal")
	require.True(t, values["deviceRisk.deviceRisk"].Masked(), "nobody knows this one")
	require.False(t, values["idValidation.documentExpired"].Masked())
}

func TestScoreFacts(t *testing.T) {
	s := scoreOf(t, fixture(t, "score.full.json"))
	got := map[string]string{}
	for _, f := range s.facts {
		got[dotted(f.Section, f.Key)] = f.Value.Reveal()
	}
	for name, value := range map[string]string{
		"liveness.photoQuality":                         "100.0",
		"faceRecognition.existingUser":                  "true",
		"externalVerification.addressRisk":              "0.12",
		"retryInfo.failedAttemptsCounter.frontId":       "2",
		"retryInfo.stepsToRetry":                        "frontId, selfie",
		"incodeWatchlistScore.watchlistScore":           "35",
		"incodeWatchlistScore.dataMatches":              "face, name",
		"curpVerification.probation_document_data.foja": "00012",
		"ineScrapingValidation.screenshotUrl":           "(a link, not kept)",
		"reasonMsg":                                     "a person must look",
		"deviceRisk.deviceRisk.detail.reason":           "vpn",
		"brandNewSection.deep.er.0.note":                "n",
		"brandNewSection.deep.words":                    "a, b",
		"brandNewSection.flag":                          "false",
	} {
		require.Equal(t, value, got[name], name)
	}
	require.NotContains(t, got, "needsReviewReason")
	require.NotContains(t, got, "behavioralRisk", "null says nothing")
}

func TestScoreFactsKeepTheirKindInJSON(t *testing.T) {
	s := scoreOf(t, []byte(`{"faceRecognition":{"existingUser":true},"externalVerification":{"addressRisk":0.10},"overall":{}}`))
	out, err := json.Marshal(s.facts)
	require.NoError(t, err)
	require.JSONEq(t, `[{"section":"faceRecognition","key":"existingUser","value":true},
		{"section":"externalVerification","key":"addressRisk","value":0.10}]`, string(out))
	require.Contains(t, string(out), "0.10", "as it was written")
}

func TestScorePersonalData(t *testing.T) {
	s := scoreOf(t, fixture(t, "score.full.json"))
	classes := map[string]model.Class{}
	for _, f := range s.facts {
		classes[dotted(f.Section, f.Key)] = f.Value.Class()
	}
	for name, class := range map[string]model.Class{
		"videoConference.speechTranscript":              model.ClassSpeech,
		"curpVerification.curp":                         model.ClassDocument,
		"curpVerification.names":                        model.ClassName,
		"curpVerification.birthdate":                    model.ClassBirth,
		"curpVerification.sex":                          model.ClassTrait,
		"curpVerification.probation_document_data.foja": model.ClassOther,
		"ineScrapingValidation.claveElector":            model.ClassDocument,
		"brandNewSection.deep.words":                    model.ClassOther,
		"faceRecognition.existingInterviewId":           model.ClassOther,
		"retryInfo.failedAttemptsCounter.frontId":       model.ClassNone,
	} {
		require.Equal(t, class, classes[name], name)
	}
}

func TestScoreRules(t *testing.T) {
	s := scoreOf(t, fixture(t, "score.full.json"))
	require.Equal(t, []model.Rule{
		{Section: "idValidation", Name: "Old series", Expression: "documentExpired == 'FAIL'", Type: "idValidation", Status: model.Warn},
		{Name: "Expired document", Expression: "idValidation.documentExpired == 'FAIL'", Type: "total", Status: model.Warn},
	}, s.rules)
}

func TestScoreLinksTheEarlierSession(t *testing.T) {
	so := withScore(t, string(fixture(t, "score.full.json")))
	require.Len(t, so.Linked, 1)
	require.Equal(t, model.LinkExisting, so.Linked[0].Why)
	require.Equal(t, "65f0aa11bb22cc33dd44ee55", so.Linked[0].ID)
	require.Equal(t, "client-20117", so.Linked[0].ExternalID)
	require.True(t, *so.Linked[0].SameName)
	require.Equal(t, "Face already enrolled, same name.", finding(t, so, "existingUser").Text)
}

func TestScoreTrustsTheVerdictOfTheAPI(t *testing.T) {
	s := scoreOf(t, fixture(t, "score.sparse.json"))
	require.Equal(t, model.Fail, s.verdict)
	require.InDelta(t, 100.0, *s.value, 0)
	require.Nil(t, s.antifraud, "absent is not passed")
	require.Empty(t, s.rules)
	require.Equal(t, "Liveness score", s.checks[len(s.checks)-1].Meaning.Title, "a spelling that was seen")
}

func TestScoreMeanings(t *testing.T) {
	for _, c := range scoreOf(t, fixture(t, "score.full.json")).checks {
		unknown := c.Section == "brandNewSection" || c.Key == "brandNewCheck" || c.Section == "deviceRisk"
		require.Equal(t, !unknown, c.Meaning.Known(), c.Name())
	}
}

func TestScoreOfAnotherShape(t *testing.T) {
	for _, body := range []string{`{}`, `[]`, `"OK"`, `null`, `{"success":true}`, `{"timestamp":1,"error":"x"}`} {
		_, problem := mapScore(node(t, []byte(body)), &border{part: model.PartScore})
		require.NotNil(t, problem, body)
		require.Equal(t, model.KindShape, problem.Kind)
		require.NotEmpty(t, problem.Do)
	}
}

func TestScoreToleratesOddShapes(t *testing.T) {
	s := scoreOf(t, []byte(`{"idValidation":[],"liveness":"", "retryInfo":[], "antifraud":{}, "faceRecognition":{"overall":{"status":"OK","status":"FAIL"}},
		"governmentValidation":{"validationStatus":{"value":7,"status":"FAIL","key":"userNotFound"}},
		"overall":{"value":"a lot","status":null}}`))
	require.Equal(t, []string{"FAIL faceRecognition.overall", "FAIL governmentValidation.userNotFound"}, checkNames(s.checks))
	require.Empty(t, s.verdict)
	require.Nil(t, s.value)
	require.Nil(t, s.antifraud)
	require.Equal(t, "Not found", s.checks[1].Meaning.Title)
}

func TestRepeatedMembersCountOnce(t *testing.T) {
	require.Equal(t, []omni.Member{{Key: "b", Value: omni.Node{Kind: omni.Number, Text: "2"}}, {Key: "a", Value: omni.Node{Kind: omni.Number, Text: "3"}}},
		members(node(t, []byte(`{"a":1,"b":2,"a":3}`))))
}
