package incode

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/provider/meaning"
)

func TestFindingsOfAPassport(t *testing.T) {
	so := withOCR(t, string(fixture(t, "ocr.passport.json")))
	got := map[string]string{}
	for _, f := range so.Findings {
		got[f.Key] = fmt.Sprintf("%d %s", f.Tone, f.Text)
	}
	require.Equal(t, map[string]string{
		"expired":            "2 Document expired 252 days before this session.",
		"mrz.documentNumber": "3 MRZ and print differ in the document number, at character 8.",
		"mrz.birthDate":      "1 MRZ and print agree on the birth date.",
		"mrz.expireAt":       "1 MRZ and print agree on the expiry date.",
		"mrz.sex":            "1 MRZ and print agree on the sex.",
		"mrz.nationality":    "1 MRZ and print agree on the nationality.",
		"mrz.issuer":         "1 MRZ and print agree on the issuing country.",
		"mrz.name":           "1 MRZ and print agree on the name.",
		"statement.name":     "1 Address statement and document agree on the name.",
	}, got)
	number := finding(t, so, "mrz.documentNumber")
	require.Equal(t, "G38214967", number.Shown.Reveal())
	require.True(t, number.Shown.Masked())
	require.Equal(t, "documentNumber", number.Field)
	require.Equal(t, []string{"documentNumberCrosscheck"}, number.About)
}

// What a finding is about is a check that the explanations know.
func TestFindingsAreAboutChecksThatExist(t *testing.T) {
	for finding, checks := range about {
		for _, key := range checks {
			known := meaning.Check("idValidation", key).Known() || meaning.Check("faceRecognition", key).Known()
			require.True(t, known, "%s is about %s", finding, key)
		}
	}
}

func TestExpiryIsJudgedByTheSession(t *testing.T) {
	const ocr = `{"expireAt":"1773446400000"}` // 2026-03-14
	so := newSession()
	so.OCR = ocrOf(t, []byte(ocr))
	so.FinishedAt = time.Date(2026, 3, 14, 23, 0, 0, 0, time.UTC)
	complete(so, testNow)
	f := finding(t, so, "expired")
	require.Equal(t, model.ToneQuery, f.Tone)
	require.Equal(t, "Document was valid at the session and has expired since.", f.Text)

	so.FinishedAt = so.FinishedAt.Add(2 * time.Hour)
	complete(so, testNow)
	require.Equal(t, "Document expired 1 day before this session.", finding(t, so, "expired").Text)
	require.Equal(t, "Document expired before this session.", finding(t, so, "expired").Plain, "the days tell the date")

	complete(so, so.FinishedAt)
	require.Equal(t, model.ToneBad, finding(t, so, "expired").Tone)

	require.Equal(t, "expirationDate", finding(t, withOCR(t, `{"expirationDate":2025}`), "expired").Field)
	for _, fine := range []string{`{"expirationDate":2026}`, `{"expireAt":"4102444800000"}`, `{"expireAt":"soon"}`, `{}`} {
		require.Empty(t, findingsOf(withOCR(t, fine), "expired"), fine)
	}
}

func TestBirthDates(t *testing.T) {
	for born, want := range map[string]string{
		"2027-01-01": "Birth date as read is later than this session.",
		"1890-01-01": "Birth date as read would make the person older than 120.",
		"2008-11-22": "Younger than 18 at the time of this session, as read.",
		"2008-11-21": "",
	} {
		at, err := time.Parse(dayLayout, born)
		require.NoError(t, err)
		so := withOCR(t, fmt.Sprintf(`{"birthDate":%d}`, at.UnixMilli()))
		if want == "" {
			require.Empty(t, so.Findings, born)
			continue
		}
		require.Len(t, so.Findings, 1, born)
		require.Equal(t, want, so.Findings[0].Text)
	}
}

func TestZoneAgainstPrint(t *testing.T) {
	const zone = `"mrz1":"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<","mrz2":"L898902C36UTO7408122F1204159ZE184226B<<<<<10"`
	cases := map[string]struct{ ocr, key, text string }{
		"number, twice": {`"documentNumber":"L898903C4"`, "mrz.documentNumber", "MRZ and print differ in the document number, in 2 places from character 7 on."},
		"number cut":    {`"documentNumber":"L898902C3X"`, "mrz.documentNumber", "MRZ and print agree on the document number."},
		"other number":  {`"documentNumber":"12345","refNumber":"L-898902-C3"`, "mrz.documentNumber", "MRZ and print agree on the document number."},
		"birth":         {`"birthDate":"145584000000"`, "mrz.birthDate", "MRZ and print differ in the birth date."},
		"sex":           {`"gender":"M"`, "mrz.sex", "MRZ and print differ in the sex."},
		"name":          {`"name":{"fullName":"Anna Svensson"}`, "mrz.name", "MRZ and print differ in the name."},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.text, finding(t, withOCR(t, "{"+zone+","+c.ocr+"}"), c.key).Text)
		})
	}
	require.Empty(t, findingsOf(withOCR(t, "{"+zone+`,"nationality":"Utopian"}`), "mrz.nationality"), "a word is not compared with a code")
	require.Empty(t, findingsOf(withOCR(t, "{"+zone+`,"gender":"X"}`), "mrz.sex"))
	require.Empty(t, findingsOf(withOCR(t, "{"+zone+`,"name":{"fullName":"田中太郎"}}`), "mrz.name"))
	require.Equal(t, model.ToneQuery, finding(t, withOCR(t, `{"mrz1":"P<UTOERIK"}`), "mrz.unreadable").Tone)
	require.Equal(t, "MRZ check digit of the document number does not fit: misread, or altered.",
		finding(t, withOCR(t, `{"mrz1":"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<","mrz2":"L898902C46UTO7408122F1204159ZE184226B<<<<<10"}`),
			"mrz.checkDigit").Text)
}

func TestNationalityOfTheZone(t *testing.T) {
	require.Equal(t, model.ToneWarn, finding(t, withOCR(t, `{"nationality":"MEX","nationalityMrz":"COL"}`), "mrz.nationality").Tone)
	require.Equal(t, model.ToneGood, finding(t, withOCR(t, `{"nationality":"Deutsch","nationalityAlpha3":"DEU","nationalityMrz":"D<<"}`), "mrz.nationality").Tone)
}

func TestStatementAgainstDocument(t *testing.T) {
	so := withOCR(t, `{"name":{"fullName":"Ana Ruiz"},"poaName":"Pedro Gómez","addressFromStatement":"X 1\n06000 CDMX",
		"addressFields":{"postalCode":"06100"},"addressFieldsFromStatement":{"postalCode":"06000"}}`)
	require.Equal(t, "Address statement and document differ in the name.", finding(t, so, "statement.name").Text)
	require.Equal(t, "Address statement and document differ in the postal code.", finding(t, so, "statement.address").Text)

	so = withOCR(t, `{"name":{"fullName":"Ana Ruiz"},"poaName":"RUIZ A","addressFields":{"postalCode":"30088"},"addressFieldsFromStatement":{"postalCode":"30088-2794"}}`)
	require.Equal(t, model.ToneGood, finding(t, so, "statement.name").Tone)
	require.Equal(t, model.ToneGood, finding(t, so, "statement.address").Tone)
}

func TestTwoDocuments(t *testing.T) {
	so := newSession()
	so.OCR = ocrOf(t, []byte(`{"name":{"fullName":"Ana Ruiz"},"birthDate":0}`))
	so.OCR2 = ocrOf(t, []byte(`{"name":{"fullName":"Eva Ruiz"},"birthDate":86400000}`))
	complete(so, testNow)
	require.Equal(t, model.ToneWarn, finding(t, so, "secondId.name").Tone)
	require.Equal(t, model.ToneWarn, finding(t, so, "secondId.birthDate").Tone)

	so.OCR2 = ocrOf(t, []byte(`{"name":{"fullName":"ANA MARIA RUIZ"},"birthDate":0}`))
	complete(so, testNow)
	require.Empty(t, findingsOf(so, "secondId.name"), "one more name is no difference")
	require.Empty(t, findingsOf(so, "secondId.birthDate"))
}

func TestDeviceAgainstDocument(t *testing.T) {
	so := withOCR(t, `{"issuingCountry":"MEX"}`)
	so.Device = &model.Device{Country: "ES"}
	complete(so, testNow)
	require.Equal(t, "Device in Spain, document from Mexico.", finding(t, so, "device.country").Text)
	so.Device = &model.Device{Country: "MX"}
	complete(so, testNow)
	require.Equal(t, model.ToneGood, finding(t, so, "device.country").Tone)
	so.Device = &model.Device{Country: "??"}
	complete(so, testNow)
	require.Empty(t, findingsOf(so, "device.country"))
}

func TestAntifraudWithoutAResultIsNoPass(t *testing.T) {
	for body, want := range map[string]string{
		`{"overall":{}}`:                                                   "5 Antifraud: no result in this answer, which is no pass.",
		`{"antifraud":null,"overall":{}}`:                                  "5 Antifraud: no result in this answer, which is no pass.",
		`{"antifraud":{"overall":{"value":"x"}},"overall":{}}`:             "5 Antifraud: no result in this answer, which is no pass.",
		`{"antifraud":{"result":"NOT_EXECUTED"},"overall":{}}`:             "5 Antifraud was not executed, which is no pass.",
		`{"antifraud":{"overall":{"status":"NOT_EXECUTED"}},"overall":{}}`: "5 Antifraud was not executed, which is no pass.",
		`{"antifraud":{"overall":{"status":"FAIL"}},"overall":{}}`:         "2 Antifraud found signs that could mean fraud; see what they are.",
	} {
		f := finding(t, withScore(t, body), "antifraud")
		require.Equal(t, want, fmt.Sprintf("%d %s", f.Tone, f.Text), body)
	}
	require.Empty(t, findingsOf(withScore(t, `{"antifraud":{"overall":{"status":"OK"}},"overall":{}}`), "antifraud"))
	so := newSession()
	complete(so, testNow)
	require.Empty(t, so.Findings, "a score that has not come says nothing")
}

func TestExistingUser(t *testing.T) {
	for body, want := range map[string]string{
		`{"faceRecognition":{"existingUser":true}}`:                                                           "Face already enrolled; the names were not compared.",
		`{"faceRecognition":{"existingUser":"true","existingInterviewId":"a","nameMatch":{"status":"FAIL"}}}`: "Face already enrolled, under another name.",
		`{"faceRecognition":{"existingInterviewId":"a","nameMatch":{"status":"UNKNOWN"}}}`:                    "Face already enrolled; the names were not compared.",
	} {
		require.Equal(t, want, finding(t, withScore(t, body), "existingUser").Text)
	}
	require.Empty(t, findingsOf(withScore(t, `{"faceRecognition":{"existingUser":false}}`), "existingUser"))
}

func TestAttemptsAndTimeline(t *testing.T) {
	so := withScore(t, string(fixture(t, "score.full.json")))
	require.Equal(t, "Failed attempts: frontId 2.", finding(t, so, "attempts").Text)

	events, problem := mapEvents(nodes(t, "events.json"), &border{part: model.PartEvents})
	require.Nil(t, problem)
	setEvents(so, events, false)
	complete(so, testNow)
	require.Equal(t, "Longest gap between two events: 5m40.", finding(t, so, "timeline.gap").Text)
	require.Equal(t, "1 event after the session was finished.", finding(t, so, "timeline.after").Text)
}

func TestFindingsSayNothingPersonal(t *testing.T) {
	so := withOCR(t, string(fixture(t, "ocr.passport.json")))
	for _, f := range so.Findings {
		for _, personal := range []string{"ORTEGA", "G38214", "1969", "CALLE", "2026-03"} {
			require.NotContains(t, f.Text, personal)
		}
		require.True(t, f.Shown.Empty() || f.Shown.Masked() || f.Shown.Class() == model.ClassNone, f.Key)
	}
}

func TestCountries(t *testing.T) {
	for in, want := range map[string]string{
		"MX": "MEX", "mex": "MEX", "Mexico": "MEX", "D<<": "DEU", "GBD": "GBR", "UK": "GBR", "RKS": "XKX", " usa ": "USA",
		"": "", "Utopia": "Utopia", "Türkiye": "TUR",
	} {
		require.Equal(t, want, alpha3(in), in)
	}
	seen := map[string]bool{}
	for _, c := range countries {
		require.Len(t, c.two, 2)
		require.Len(t, c.three, 3)
		require.NotEmpty(t, c.name)
		require.False(t, seen[c.two] || seen[c.three], c.three)
		seen[c.two], seen[c.three] = true, true
	}
}
