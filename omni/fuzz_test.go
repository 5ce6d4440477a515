package omni

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// fuzzDecoder holds for any body: no panic; an error is a wrong shape or a
// refusal and quotes nothing; a value comes from JSON only, and twice the same.
func fuzzDecoder[T any](f *testing.F, decode func([]byte) (T, error), seeds ...string) {
	for _, seed := range append(seeds, wrong...) {
		f.Add([]byte(seed))
	}
	for _, name := range []string{"score.json", "ocr.json", "device.json", "events.json", "error.json"} {
		f.Add([]byte(fixture(f, name)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		v, err := decode(bytes.Clone(body))
		if err != nil {
			e := failure(t, err)
			require.Contains(t, []Kind{KindWrongShape, KindRefused}, e.Kind)
			return
		}
		require.True(t, json.Valid(body))
		again, err := decode(bytes.Clone(body))
		require.NoError(t, err)
		require.Equal(t, v, again)
	})
}

func FuzzLogin(f *testing.F) { fuzzDecoder(f, decodeLogin, `{"token":"words"}`) }

func FuzzStarted(f *testing.F) { fuzzDecoder(f, decodeStarted, fixture(f, "started.json")) }

func FuzzFinished(f *testing.F) {
	fuzzDecoder(f, decodeFinished, `{"finished":true}`, `{"finished":"false"}`)
}

func FuzzOnboardingStatus(f *testing.F) {
	fuzzDecoder(f, decodeOnboardingStatus, `{"onboardingStatus":"UNKNOWN"}`)
}

func FuzzSessionStatus(f *testing.F) {
	fuzzDecoder(f, decodeSessionStatus, fixture(f, "session-status.json"))
}

func FuzzScore(f *testing.F) {
	fuzzDecoder(f, decodeScore, `{"overall":{"value":100,"status":"OK"},"retryInfo":{}}`, `{"overall":null}`)
}

func FuzzOCR(f *testing.F) { fuzzDecoder(f, decodeOCR, `{"birthDate":775958}`, `{"name":null}`) }

func FuzzOCRV2(f *testing.F) { fuzzDecoder(f, decodeOCRV2, `{"ocrData":{"gender":"M"}}`) }

func FuzzDevice(f *testing.F) { fuzzDecoder(f, decodeDevice, `{"longitude":"1e5"}`) }

func FuzzEvents(f *testing.F) { fuzzDecoder(f, decodeEvents, `{"events":[{"timestamp":"x"}]}`) }

func FuzzEventsSignature(f *testing.F) {
	fuzzDecoder(f, decodeEventsSignature, `{"signature":"c2ln"}`, `{"singature":"c2ln"}`)
}

// A report is taken by how it begins, whatever follows.
func FuzzEventsReport(f *testing.F) {
	for _, seed := range append([]string{"%PDF-1.7\n", "%PDF", "{}"}, wrong...) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		v, err := decodeEventsReport(body)
		if err != nil {
			require.Equal(t, KindWrongShape, failure(t, err).Kind)
			return
		}
		require.Equal(t, body, v.PDF)
		require.True(t, bytes.HasPrefix(body, []byte("%PDF-")))
	})
}

func FuzzIDSummary(f *testing.F) {
	fuzzDecoder(f, decodeIDSummary, `{"addFrontResult":true}`, `{"IdSummaryResponse":{"onlyFront":1}}`)
}

func FuzzCustomFields(f *testing.F) {
	fuzzDecoder(f, decodeCustomFields, `{"customFields":{"a":1}}`, `{"customFields":[]}`)
}

func FuzzImages(f *testing.F) {
	decode := func(body []byte) (Images, error) { return decodeImages(body, []string{"otherDocument1"}) }
	fuzzDecoder(f, decode, fixture(f, "images.json"), `{"otherDocument1":["a"]}`)
}

func FuzzImageData(f *testing.F) {
	decode := func(body []byte) (ImageData, error) { return decodeImageData(body, ImageSignature) }
	fuzzDecoder(f, decode, fixture(f, "image-data.json"), `{"signature":"data:image/png;base64,aGk="}`, `{"signatures":["a-_b\n",null]}`)
}

func FuzzApproval(f *testing.F) { fuzzDecoder(f, decodeApproval, fixture(f, "approval.json")) }

func FuzzOnboardingURL(f *testing.F) {
	fuzzDecoder(f, decodeOnboardingURL, `{"url":"https://a.example"}`)
}

func FuzzFinish(f *testing.F) {
	fuzzDecoder(f, decodeFinish, `{"redirectionUrl":"https://a.example","action":"approved"}`, `{"action":null}`)
}

func FuzzVerified(f *testing.F) { fuzzDecoder(f, decodeVerified, `{"verified":true,"token":"words"}`) }

func FuzzAntifraudResult(f *testing.F) {
	fuzzDecoder(f, decodeAntifraudResult, `{"result":"NOT_EXECUTED"}`)
}

func FuzzIdentitySessions(f *testing.F) {
	fuzzDecoder(f, decodeIdentitySessions, fixture(f, "identity-sessions.json"))
}

func FuzzDone(f *testing.F) { fuzzDecoder(f, decodeDone, `{"success":true}`, `{"success":"0"}`) }

// Whatever the body, cutting leaves valid JSON or nothing, without any token.
func FuzzCutTokens(f *testing.F) {
	for _, seed := range append([]string{fixture(f, "approval.json"), `{"token":"a","x":[{"TOKEN":{}}]}`, `[1,{"t":"token"}]`}, wrong...) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		out := cutTokens(body)
		if !json.Valid(body) {
			require.Nil(t, out)
			return
		}
		require.True(t, json.Valid(out))
		for _, s := range tokenSpans(out) {
			require.Equal(t, `"`+redacted+`"`, string(out[s.start:s.end]))
		}
		if len(tokenSpans(body)) == 0 {
			require.Equal(t, body, out)
		}
	})
}
