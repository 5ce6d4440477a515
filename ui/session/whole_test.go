package session_test

import (
	"slices"
	"time"

	"docket/model"
)

func p(v float64) *float64 { return &v }

func yes(v bool) *bool { return &v }

func seen(c model.Class, s string) model.Personal { return model.NewPersonal(c, s).Revealed() }

func ref(title, text string) model.Meaning {
	return model.Meaning{Title: title, Text: text, Source: model.FromReference}
}

// wholeSession is a session with something of everything. Nobody in it exists.
func wholeSession(now time.Time) *model.Session {
	finished := now.Add(-192 * time.Minute)
	s := &model.Session{
		ID: theID, Provider: "omni", Status: model.StatusFinished, Verdict: model.Manual, Score: p(61.2),
		ReviewReason: model.RuleApplied, ExternalID: "client-34598", FlowID: "flow-7", ClientID: "acme",
		CreatedAt: finished.Add(-13 * time.Minute), FinishedAt: finished, Digest: "d-1",
		Applicant: model.Applicant{
			Name: seen(model.ClassName, "Lucía Fernanda ORTEGA RÍOS"), BirthDate: seen(model.ClassBirth, "1969-04-03"), Gender: seen(model.ClassTrait, "F"),
		},
		Document: model.Document{Type: "Passport", Country: "MEX", Number: seen(model.ClassDocument, "G38214907"), Expires: seen(model.ClassDocument, "2026-03-14")},
		Checks:   wholeChecks(), Facts: wholeFacts(),
		Rules:     []model.Rule{{Name: "Expired document", Expression: "documentExpired == 'FAIL'", Type: "total", Status: model.Warn}},
		OCR:       wholeOCR(),
		OCR2:      []model.Field{{Name: "name.fullName", Value: seen(model.ClassName, "LUCIA ORTEGA"), Confidence: p(0.88)}},
		Findings:  wholeFindings(),
		Antifraud: nil,
		Device: &model.Device{
			Type: "WEBAPP", Model: "iPhone 14 / Safari", IP: seen(model.ClassDevice, "203.0.113.24"), Hash: seen(model.ClassDevice, "9f2c04d1a9b871aa9f2c04d1a9b871aa"),
			Latitude: p(40.4168), Longitude: p(-3.7038), Location: seen(model.ClassPlace, "Madrid"), Country: "ES",
			Data: []model.Field{{Name: "data.userAgent", Value: seen(model.ClassDevice, "SimBank/4.2")}},
		},
		Events: wholeEvents(finished),
		Images: []model.Image{{Type: "croppedIDFace", Count: 1, Meaning: ref("Face, ID", "")}, {Type: "selfie", Count: 2, Meaning: ref("Selfie", "")}, {Type: "newKind", Count: 1}, {Type: "croppedFrontID", Count: 1, Meaning: ref("Front of the ID", "")}, {Type: "croppedBackID", Count: 1, Meaning: ref("Back of the ID", "")}},
		Linked: []model.Linked{
			{ID: "66f1aa00aa00aa00aa00c0a2", Why: model.LinkExisting, ExternalID: "client-20117", SameName: yes(true)},
			{ID: "66f1bb00bb00bb00bb00c0b3", Why: model.LinkDevice, Row: &model.Row{Name: seen(model.ClassName, "Aiko TANAKA 田中"), Verdict: model.Fail}},
		},
		VerdictMeaning: ref("Waits for a person", "Incode wants a person to decide."),
		StatusMeaning:  ref("Finished", "The customer has done everything."),
		ReasonMeaning:  ref("A rule applied", "A rule of the client asked for a person."),
		Altered:        []string{"address"},
	}
	return s
}

func wholeChecks() []model.Check {
	all := []model.Check{
		{Section: "idValidation", Key: "documentExpired", Status: model.Fail, Value: seen(model.ClassNone, "0"), Meaning: model.Meaning{Title: "Expired", Text: "Named by Incode, not defined; probably whether the document is past its expiry date.", Source: model.FromName}},
		{Section: "idValidation", Key: "documentNumberCrosscheck", Status: model.Warn, Meaning: ref("Number, two readings", "Whether two readings of the document number agree.")},
		{Section: "governmentValidation", Key: "userNotFound", Status: model.Unknown, Value: seen(model.ClassNone, "7"), Meaning: ref("Not found", "The register does not know the person.")},
		{Section: "quantumCheck", Key: "entanglement", Status: "PERHAPS"},
	}
	for _, ok := range [][3]string{
		{"idValidation", "tamperCheck", "PASSED"},
		{"idValidation", "alignment", "PASSED"},
		{"idValidation", "screenIdLiveness", "OK"},
		{"liveness", "livenessScore", "99.1"},
		{"faceRecognition", "overall", "97.4"},
		{"faceRecognition", "maskCheck", "0.0"},
		{"faceRecognition", "lensesCheck", ""},
		{"faceRecognition", "faceBrightness", "128.6"},
		{"idOcrConfidence", "overallConfidence", "88.0"},
	} {
		c := model.Check{Section: ok[0], Key: ok[1], Status: model.OK, Meaning: ref(ok[1], "It passed.")}
		if ok[2] != "" {
			c.Value = seen(model.ClassNone, ok[2])
		}
		all = append(all, c)
	}
	model.WorstFirst(all)
	return all
}

func wholeFacts() []model.Fact {
	return []model.Fact{
		{Section: "faceRecognition", Key: "existingUser", Value: seen(model.ClassNone, "true"), Scalar: model.ScalarBool, Meaning: ref("Enrolled", "The face is enrolled already.")},
		{Section: "retryInfo", Key: "failedAttemptsCounter.frontId", Value: seen(model.ClassNone, "2"), Scalar: model.ScalarNumber},
		{Section: "videoConference", Key: "speechTranscript", Value: seen(model.ClassSpeech, "yes I am Lucía")},
		{Section: "curpVerification", Key: "curp", Value: seen(model.ClassDocument, "OERL690403MDFRSC05")},
	}
}

func wholeOCR() []model.Field {
	return []model.Field{
		{Name: "name.fullName", Value: seen(model.ClassName, "LUCIA FERNANDA ORTEGA RIOS"), Confidence: p(0.99)},
		{Name: "birthDate", Value: seen(model.ClassBirth, "1969-04-03"), Confidence: p(0.98)},
		{Name: "documentNumber", Value: seen(model.ClassDocument, "G38214907"), Confidence: p(0.42)},
		{Name: "expireAt", Value: seen(model.ClassDocument, "2026-03-14"), Confidence: p(0.97)},
		{Name: "nationality", Value: seen(model.ClassTrait, "MEX")},
		{Name: "address", Value: seen(model.ClassAddress, "Calle Uno 5\nCol. Centro").WithAltered(true), Confidence: p(0.71)},
		{Name: "issuingAuthority", Value: seen(model.ClassNone, "外務省"), Confidence: p(1)},
	}
}

func wholeFindings() []model.Finding {
	return []model.Finding{
		{Key: "expired", Tone: model.ToneBad, Text: "Document expired 252 days before this session.", Field: "expireAt", About: []string{"documentExpired"}, Shown: seen(model.ClassDocument, "2026-03-14")},
		{Key: "mrz.documentNumber", Tone: model.ToneWarn, Text: "MRZ and print differ in the document number, at character 8.", Field: "documentNumber", About: []string{"documentNumberCrosscheck"}, Shown: seen(model.ClassDocument, "G38214967")},
		{Key: "mrz.birthDate", Tone: model.ToneGood, Text: "MRZ and print agree on the birth date.", Field: "birthDate"},
		{Key: "device.country", Tone: model.ToneWarn, Text: "Device in Spain, document from Mexico."},
		{Key: "existingUser", Tone: model.ToneWarn, Text: "Face already enrolled, same name."},
		{Key: "antifraud", Tone: model.ToneQuery, Text: "Antifraud: no result in this answer, which is no pass."},
	}
}

func wholeEvents(finished time.Time) []model.Event {
	at := func(d time.Duration) time.Time { return finished.Add(d - 13*time.Minute) }
	return []model.Event{
		{Name: "startOnboarding", At: at(0)},
		{Name: "captureAttemptFinished", At: at(174 * time.Second), Tone: model.ToneBad, Detail: []model.Field{{Name: "failReason", Value: seen(model.ClassNone, "GLARE")}}},
		{Name: "captureAttemptFinished", At: at(269 * time.Second), Tone: model.ToneBad, Detail: []model.Field{{Name: "failReason", Value: seen(model.ClassNone, "BLUR")}}},
		{Name: "captureAttemptFinished", At: at(342 * time.Second), Tone: model.ToneGood},
		{Name: "selfieCaptured", At: at(481 * time.Second)},
		{Name: "onboardingFinished", At: at(13 * time.Minute)},
	}
}

// put copies what one part contributes from the whole session.
func put(s, whole *model.Session, part model.Part) {
	body := []byte(`{"part": "` + string(part) + `", "list": [1, 2, {"a": null}], "text": "caf\u00e9 \u001b[31m"}`)
	target := "/omni/get/" + string(part) + "-data?id=" + theID
	s.Parts[part] = model.PartState{At: whole.FinishedAt, Target: target, Raw: []model.Raw{{Call: string(part), Body: body, HTTP: 200, At: whole.FinishedAt}}}
	switch part {
	case model.PartStatus:
		s.Status, s.StatusMeaning, s.ExternalID, s.FlowID, s.ClientID = whole.Status, whole.StatusMeaning, whole.ExternalID, whole.FlowID, whole.ClientID
		s.CreatedAt, s.FinishedAt, s.Altered, s.Decided = whole.CreatedAt, whole.FinishedAt, whole.Altered, whole.Decided
		s.Stuck = whole.Stuck
	case model.PartScore:
		s.Verdict, s.VerdictMeaning, s.Score, s.ReviewReason, s.ReasonMeaning = whole.Verdict, whole.VerdictMeaning, whole.Score, whole.ReviewReason, whole.ReasonMeaning
		s.Checks, s.Facts, s.Rules, s.Antifraud, s.Digest = whole.Checks, whole.Facts, whole.Rules, whole.Antifraud, whole.Digest
	case model.PartOCR:
		s.Applicant, s.Document, s.OCR, s.Findings = whole.Applicant, whole.Document, whole.OCR, whole.Findings
	case model.PartOCR2:
		s.OCR2 = whole.OCR2
	case model.PartDevice:
		s.Device = whole.Device
	case model.PartEvents:
		s.Events = whole.Events
	case model.PartSummary:
		s.Summary = whole.Summary
	case model.PartImages:
		s.Images = whole.Images
	case model.PartLinked:
		s.Linked = whole.Linked
	case model.PartLife:
		s.Life = model.Alive
		s.Summary = append(slices.Clone(s.Summary), model.Field{Name: "selfieAttempts", Value: seen(model.ClassNone, "3"), Meaning: ref("Selfie, attempts", "")})
	case model.PartCustom:
		s.Custom = []model.Field{{Name: "branch", Value: seen(model.ClassSpeech, "Norte 4")}}
	}
}
