package incode

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/omni"
)

func nodes(t testing.TB, files ...string) []omni.Node {
	t.Helper()
	var out []omni.Node
	for _, f := range files {
		out = append(out, node(t, fixture(t, f)))
	}
	return out
}

func TestDevice(t *testing.T) {
	d, problem := mapDevice(nodes(t, "device.json")[0], &border{part: model.PartDevice})
	require.Nil(t, problem)
	require.Equal(t, "WEBAPP", d.Type)
	require.Equal(t, "ES", d.Country)
	require.Equal(t, "203.0.113.24", d.IP.Reveal())
	require.True(t, d.IP.Masked())
	require.True(t, d.Hash.Masked())
	require.Equal(t, model.ClassPlace, d.Location.Class())
	require.InDelta(t, 40.41678, *d.Latitude, 1e-9)
	require.InDelta(t, -3.70379, *d.Longitude, 1e-9)
	require.Equal(t, []string{"mAdminArea", "mLocality", "mCountryName", "osVersion", "data.userAgent", "data.timezone", "data.plugins"}, names(d.Data))
	require.Equal(t, "a, b", textOf(d.Data, "data.plugins"))
	require.Equal(t, model.ClassPlace, valueOf(d.Data, "mLocality").Class())
	require.Equal(t, model.ClassOther, valueOf(d.Data, "data.userAgent").Class())
	require.Equal(t, model.ClassNone, valueOf(d.Data, "mCountryName").Class())
}

func TestDeviceThatSaysLittle(t *testing.T) {
	d, problem := mapDevice(node(t, []byte(`{"latitude":200,"longitude":"east","data":"{not json","ipAddress":null}`)), &border{part: model.PartDevice})
	require.Nil(t, problem)
	require.Nil(t, d.Latitude)
	require.Nil(t, d.Longitude)
	require.False(t, d.IP.Present())
	require.Equal(t, "{not json", textOf(d.Data, "data"))
	_, problem = mapDevice(node(t, []byte(`[]`)), &border{part: model.PartDevice})
	require.Equal(t, model.KindShape, problem.Kind)
}

func TestEvents(t *testing.T) {
	events, problem := mapEvents(nodes(t, "events.json"), &border{part: model.PartEvents})
	require.Nil(t, problem)
	require.Len(t, events, 6)
	require.Equal(t, "startOnboarding", events[0].Name)
	require.Equal(t, time.Date(2026, 11, 20, 0, 41, 10, 0, time.UTC), events[0].At)
	var tones []model.Tone
	for _, e := range events {
		tones = append(tones, e.Tone)
	}
	require.Equal(t, []model.Tone{0, model.ToneBad, 0, model.ToneBad, 0, 0}, tones)
	require.Equal(t, "Not readable", events[1].Detail[2].Meaning.Title)
	require.False(t, events[1].Detail[2].Value.Masked())
	require.True(t, events[5].Detail[0].Value.Masked(), "who reviewed is nobody's business but a reviewer's")
	require.Equal(t, events[4].At, finishedAt(events))
}

func TestEventsOfPagesComeInOrder(t *testing.T) {
	late := node(t, []byte(`{"events":[{"eventName":"b","timestamp":"2000"}]}`))
	early := node(t, []byte(`[{"eventName":"a","timestamp":1000,"eventData":"{\"success\":false}"},7]`))
	events, problem := mapEvents([]omni.Node{late, early}, &border{part: model.PartEvents})
	require.Nil(t, problem)
	require.Len(t, events, 2)
	require.Equal(t, "a", events[0].Name)
	require.Equal(t, model.ToneBad, events[0].Tone)

	_, problem = mapEvents([]omni.Node{node(t, []byte(`{"events":{}}`))}, &border{part: model.PartEvents})
	require.Equal(t, model.KindShape, problem.Kind)
}

func TestSmallParts(t *testing.T) {
	b := &border{}
	status, problem := mapStatus(nodes(t, "status.json")[0], b)
	require.Nil(t, problem)
	require.Equal(t, model.StatusFinished, status)

	fields, problem := mapSummary(nodes(t, "summary.json")[0], b)
	require.Nil(t, problem)
	require.Equal(t, []string{"addFrontResult", "addBackResult", "onlyFront"}, names(fields))
	require.Equal(t, "false", fields[1].Value.String())

	images, problem := mapImages(nodes(t, "images.json")[0], b)
	require.Nil(t, problem)
	require.Len(t, images, 2)
	require.Equal(t, "selfie", images[0].Type)
	require.Equal(t, 2, images[1].Count)

	linked, problem := mapLinked(nodes(t, "linked.json")[0], testID, b)
	require.Nil(t, problem)
	require.Equal(t, []model.Linked{{ID: "65f0aa11bb22cc33dd44ee55", ExternalID: "client-20117", Why: model.LinkIdentity}}, linked)

	custom, problem := mapCustom(nodes(t, "custom.json")[0], b)
	require.Nil(t, problem)
	require.Equal(t, []string{"branch", "amount", "nested.a"}, names(custom))
	require.True(t, custom[0].Value.Masked())

	life, problem := mapLife(nodes(t, "life.json")[0], b)
	require.Nil(t, problem)
	so := newSession()
	so.Summary = fields
	life.apply(so)
	life.apply(so)
	require.Equal(t, model.Alive, so.Life)
	require.Equal(t, time.Date(2026, 11, 20, 0, 41, 0, 0, time.UTC), so.CreatedAt)
	require.Equal(t, []string{"addFrontResult", "addBackResult", "onlyFront", "frontIdAttempts", "backIdAttempts", "selfieAttempts"}, names(so.Summary))
	require.Equal(t, names(so.Summary), names(mergeSummary(so.Summary, fields)))
}

func TestSmallPartsOfAnotherShape(t *testing.T) {
	for _, body := range []string{`[]`, `null`, `"x"`, `{"error":"x"}`} {
		n, b := node(t, []byte(body)), &border{}
		_, problem := mapStatus(n, b)
		require.NotNil(t, problem, body)
		_, problem = mapLife(n, b)
		require.NotNil(t, problem, body)
		_, problem = mapCustom(n, b)
		require.NotNil(t, problem, body)
		if n.Kind != omni.Array {
			_, problem = mapLinked(n, testID, b)
			require.NotNil(t, problem, body)
		}
		if n.Kind != omni.Object {
			_, problem = mapSummary(n, b)
			require.NotNil(t, problem, body)
			_, problem = mapImages(n, b)
			require.NotNil(t, problem, body)
		}
	}
	_, problem := mapLinked(node(t, []byte(`[{}]`)), testID, &border{})
	require.NotNil(t, problem)
}

func TestRow(t *testing.T) {
	so := withScore(t, string(fixture(t, "score.full.json")))
	so.OCR = ocrOf(t, fixture(t, "ocr.passport.json"))
	so.Device, _ = mapDevice(nodes(t, "device.json")[0], &border{})
	so.Status = model.StatusFinished
	so.FinishedAt = testNow
	so.Parts[model.PartEvents] = model.PartState{Problem: &model.Problem{Part: model.PartEvents, Kind: model.KindServer, HTTP: 502}}
	complete(so, testNow)
	r := RowOf(so)
	require.Equal(t, testID, r.ID)
	require.Equal(t, model.Manual, r.Verdict)
	require.Equal(t, "Expired document", r.RuleName)
	require.Equal(t, "documentExpired", r.WorstKey)
	require.Equal(t, model.Fail, r.WorstStatus)
	require.Equal(t, "documentExpired", r.OpenKey)
	require.Equal(t, "Lucía Fernanda ORTEGA RÍOS", r.Name.Reveal())
	require.Equal(t, "Passport", r.DocType)
	require.Equal(t, "MEX", r.DocCountry)
	require.Equal(t, "G38214907", r.DocNumber.Reveal())
	require.Equal(t, "ES", r.DeviceCountry)
	require.True(t, r.Existing)
	require.Equal(t, model.Fail, r.Antifraud)
	require.Equal(t, testNow, r.WaitsFrom)
	require.Equal(t, []model.Failed{{Part: model.PartEvents, Kind: model.KindServer, HTTP: 502}}, r.Problems)
}

func TestDigestFollowsWhatADecisionRestsOn(t *testing.T) {
	base := func() *model.Session {
		so := withScore(t, string(fixture(t, "score.full.json")))
		so.OCR = ocrOf(t, fixture(t, "ocr.passport.json"))
		so.Status = model.StatusFinished
		return so
	}
	want := Digest(base())
	for name, change := range map[string]func(*model.Session){
		"status":  func(so *model.Session) { so.Status = model.StatusManualReviewApproved },
		"verdict": func(so *model.Session) { so.Verdict = model.Fail },
		"score":   func(so *model.Session) { so.Score = nil },
		"reason":  func(so *model.Session) { so.ReviewReason = model.OldID },
		"check":   func(so *model.Session) { so.Checks[3].Status = model.OK },
		"value":   func(so *model.Session) { so.Checks[3].Value = model.Personal{} },
		"gone":    func(so *model.Session) { so.Checks = so.Checks[1:] },
		"rule":    func(so *model.Session) { so.Rules[0].Expression = "true" },
		"ocr":     func(so *model.Session) { so.OCR[0].Value = model.NewPersonal(model.ClassName, "Other") },
	} {
		so := base()
		change(so)
		require.NotEqual(t, want, Digest(so), name)
	}
	for name, change := range map[string]func(*model.Session){
		"order":  func(so *model.Session) { so.Checks[0], so.Checks[5] = so.Checks[5], so.Checks[0] },
		"time":   func(so *model.Session) { so.CreatedAt, so.FinishedAt = testNow, testNow },
		"device": func(so *model.Session) { so.Device = &model.Device{Type: "IOS"} },
		"events": func(so *model.Session) { so.Events = []model.Event{{Name: "x"}} },
		"raw": func(so *model.Session) {
			so.Parts[model.PartScore] = model.PartState{Raw: []model.Raw{{Body: []byte("x")}}}
		},
		"reading": func(so *model.Session) { so.OCR[0].Confidence = nil },
	} {
		so := base()
		change(so)
		require.Equal(t, want, Digest(so), name)
	}
	so := newSession()
	complete(so, testNow)
	require.Empty(t, so.Digest, "nothing to guard before the score has come")
}

// A row has the worst check of those that tell nothing of antifraud and watch lists
// beside the worst of all: with nothing in its place a hidden one would be told.
func TestARowHasTheWorstOpenCheck(t *testing.T) {
	r := RowOf(&model.Session{Checks: []model.Check{
		{Section: "antifraud", Key: "overall", Status: model.Fail},
		{Section: "brandNew", Key: "overall", Status: model.Fail},
		{Section: "idValidation", Key: "sharpnessFront", Status: model.Warn},
	}})
	require.Equal(t, "antifraud.overall", r.WorstKey)
	require.Equal(t, "sharpnessFront", r.OpenKey)
	require.Equal(t, model.Warn, r.OpenStatus)
}
