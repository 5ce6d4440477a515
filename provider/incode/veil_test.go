package incode

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/model"
)

// marked returns an answer with a mark in place of every text and a number of its own
// in place of every number, and with members that nobody knows.
func marked(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			v[k] = marked(inner)
		}
		v["brandNew"] = "Zq7Mark"
		v["Zq7Mark"] = "Zq7Mark"
		return v
	case []any:
		for i, inner := range v {
			v[i] = marked(inner)
		}
		return v
	case string:
		return "Zq7Mark"
	case json.Number:
		return json.Number("7390418265503")
	default:
		return v
	}
}

func TestVeiledAnswersHoldNothingThatNobodyKnows(t *testing.T) {
	a := newAPI(t)
	for file, part := range partOf {
		var v any
		d := json.NewDecoder(bytes.NewReader(fixture(t, file)))
		d.UseNumber()
		require.NoError(t, d.Decode(&v))
		body, err := json.Marshal(marked(v))
		require.NoError(t, err)
		for _, risk := range []bool{false, true} {
			out := a.p.Veiled(part, body, false, risk)
			require.True(t, json.Valid(out), file)
			require.NotContains(t, string(out), "Zq7Mark", file)
			require.NotContains(t, string(out), "7390418265503", file)
		}
	}
}

func TestVeiledAnswersKeepWhatIsHarmless(t *testing.T) {
	a := newAPI(t)
	of := func(part model.Part, file string, plain, risk bool) string {
		return string(a.p.Veiled(part, fixture(t, file), plain, risk))
	}
	score := of(model.PartScore, "score.full.json", false, false)
	require.Contains(t, score, `"status":"FAIL"`)
	require.Contains(t, score, `"idValidation"`)
	for _, hidden := range []string{"antifraud", "atchlist", "Risk", "appliedRule", "existing", "brandNew"} {
		require.NotContains(t, score, hidden)
	}
	risky := of(model.PartScore, "score.full.json", false, true)
	require.Contains(t, risky, "antifraud")
	require.NotContains(t, risky, "brandNewSection")
	require.Contains(t, of(model.PartStatus, "status.json", false, false), "ONBOARDING_FINISHED")
	events := of(model.PartEvents, "events.json", false, false)
	require.Contains(t, events, `"timestamp":1`)

	passport := of(model.PartOCR, "ocr.passport.json", false, false)
	require.Contains(t, passport, `"documentNumber":"••••••"`)
	require.Contains(t, passport, `"documentNumberConfidence":0.42`)
	revealed := of(model.PartOCR, "ocr.passport.json", true, false)
	require.Contains(t, revealed, "G38214")
	require.NotContains(t, of(model.PartScore, "score.full.json", true, false), "antifraud", "never with a reveal either")
	require.NotContains(t, of(model.PartScore, "score.full.json", true, false), "brandNew")

	require.Nil(t, a.p.Veiled(model.PartReport, []byte("%PDF-1.4"), false, false))
	require.Equal(t, strings.Count(string(fixture(t, "life.json")), ":"), strings.Count(of(model.PartLife, "life.json", false, true), ":"))
}
