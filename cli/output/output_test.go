package output

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/model"
)

func ptr[T any](v T) *T { return &v }

func seen(class model.Class, text string) model.Personal {
	return model.NewPersonal(class, text).Revealed()
}

var day = time.Date(2025, 11, 20, 0, 53, 20, 0, time.UTC)

// whole is a session in which everything that a document can hold is there.
func whole() *model.Session {
	got := model.PartState{At: day}
	return &model.Session{
		ID: "5f9a41c2", Provider: "omni", Status: model.StatusFinished, Life: model.Alive, Digest: "d1",
		Verdict: model.Manual, Score: ptr(61.2), ReviewReason: model.OldID, ExternalID: "client-1", FlowID: "flow-1",
		Applicant: model.Applicant{
			Name: seen(model.ClassName, "田中 <太郎>"), BirthDate: seen(model.ClassBirth, "1969-04-03"), Gender: seen(model.ClassTrait, "F"),
		},
		Checks: []model.Check{
			{
				Section: "idValidation", Key: "documentExpired", Status: model.Fail, Value: seen(model.ClassNone, "0"),
				Meaning: model.Meaning{Title: "expired", Text: "Named by Incode, not defined; probably past its date.", Source: model.FromName},
			},
			{Section: "liveness", Key: "overall", Status: model.OK},
		},
		Facts: []model.Fact{
			{Section: "faceRecognition", Key: "existingUser", Value: seen(model.ClassNone, "true"), Scalar: model.ScalarBool},
			{Section: "retryInfo", Key: "front", Value: seen(model.ClassNone, "2"), Scalar: model.ScalarNumber},
		},
		Rules:      []model.Rule{{Section: "idValidation", Name: "Expired", Expression: "a == 'FAIL' && b", Type: "x", Status: model.Warn}},
		OCR:        []model.Field{{Name: "documentNumber", Value: seen(model.ClassDocument, "G1"), Confidence: ptr(0.42)}, {Name: "name.fullName", Value: seen(model.ClassName, "A")}},
		Findings:   []model.Finding{{Key: "mrz", Tone: model.ToneWarn, Text: "MRZ differs", Field: "documentNumber"}},
		Device:     &model.Device{Type: "WEBAPP", Model: "phone", IP: seen(model.ClassDevice, "203.0.113.24"), Hash: seen(model.ClassDevice, "9f2c"), Latitude: ptr(51.5), Longitude: ptr(-0.12), Location: seen(model.ClassPlace, "London"), Country: "GB"},
		Antifraud:  &model.Antifraud{Status: model.Fail, Value: "1"},
		Events:     []model.Event{{Name: "start", At: day, Detail: []model.Field{{Name: "n", Value: seen(model.ClassNone, "1")}}}, {Name: "end", At: day.Add(5 * time.Minute)}},
		Linked:     []model.Linked{{ID: "66f1", Why: model.LinkDevice, SameName: ptr(false)}},
		Images:     []model.Image{{Type: "selfie", Count: 2}},
		CustomerID: "66f1c0a2",
		Parts: map[model.Part]model.PartState{
			model.PartStatus: got, model.PartScore: got, model.PartOCR: got, model.PartEvents: got, model.PartDevice: got,
			model.PartSummary: {Problem: &model.Problem{Part: model.PartSummary, Kind: model.KindServer, HTTP: 500, Message: "The API failed", Subject: "x", Do: "y"}},
		},
	}
}

func TestSessionJSONIsTheContract(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, SessionJSON(&b, whole()))
	require.Equal(t, `{
  "id": "5f9a41c2",
  "provider": "omni",
  "status": "ONBOARDING_FINISHED",
  "sessionStatus": "Alive",
  "digest": "d1",
  "verdict": "MANUAL",
  "score": 61.2,
  "reviewReason": "OLD_ID",
  "externalId": "client-1",
  "flowId": "flow-1",
  "applicant": {
    "name": "田中 <太郎>",
    "birthDate": "1969-04-03",
    "gender": "F"
  },
  "checks": [
    {
      "section": "idValidation",
      "key": "documentExpired",
      "status": "FAIL",
      "value": "0"
    },
    {
      "section": "liveness",
      "key": "overall",
      "status": "OK"
    }
  ],
  "facts": [
    {
      "section": "faceRecognition",
      "key": "existingUser",
      "value": true
    },
    {
      "section": "retryInfo",
      "key": "front",
      "value": 2
    }
  ],
  "rules": [
    {
      "section": "idValidation",
      "name": "Expired",
      "expression": "a == 'FAIL' && b",
      "status": "WARN"
    }
  ],
  "ocr": [
    {
      "field": "documentNumber",
      "value": "G1",
      "confidence": 0.42
    },
    {
      "field": "name.fullName",
      "value": "A"
    }
  ],
  "device": {
    "type": "WEBAPP",
    "ip": "203.0.113.24",
    "hash": "9f2c",
    "latitude": 51.5,
    "longitude": -0.12,
    "location": "London"
  },
  "antifraud": {
    "status": "FAIL"
  },
  "events": [
    {
      "name": "start",
      "at": "2025-11-20T00:53:20Z"
    },
    {
      "name": "end",
      "at": "2025-11-20T00:58:20Z"
    }
  ],
  "problems": [
    {
      "part": "summary",
      "kind": "server",
      "http": 500,
      "code": 0,
      "message": "The API failed"
    }
  ]
}
`, b.String())
}

func TestSessionJSONLeavesOutWhatIsAbsent(t *testing.T) {
	so := &model.Session{ID: "a", Provider: "omni", Parts: map[model.Part]model.PartState{
		model.PartScore: {Problem: model.NewProblem(model.KindServer, "The API failed", "", "")},
		model.PartOCR:   {At: day},
	}}
	var b bytes.Buffer
	require.NoError(t, SessionJSON(&b, so))
	var got map[string]any
	require.NoError(t, json.Unmarshal(b.Bytes(), &got))
	require.Equal(t, map[string]any{
		"id": "a", "provider": "omni", "ocr": []any{},
		"problems": []any{map[string]any{"kind": "server", "http": 0.0, "code": 0.0, "message": "The API failed"}},
	}, got, "no checks: the score has not come; ocr is empty: it came without a field")
}

func TestMaskedValuesStayMasked(t *testing.T) {
	so := whole()
	so.Applicant.Name = so.Applicant.Name.Hidden()
	so.OCR[0].Value = so.OCR[0].Value.Hidden()
	for name, write := range map[string]func(*bytes.Buffer) error{
		"json": func(b *bytes.Buffer) error { return SessionJSON(b, so) },
		"text": func(b *bytes.Buffer) error { return SessionPage(b, so, Paint{}) },
	} {
		var b bytes.Buffer
		require.NoError(t, write(&b), name)
		require.NotContains(t, b.String(), "太郎", name)
		require.NotContains(t, b.String(), "G1", name)
	}
}

func TestPageSaysWhoVerdictAndWhy(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, SessionPage(&b, whole(), Paint{}))
	text := b.String()
	for _, want := range []string{
		"WHO      田中 <太郎>", "1969-04-03", "VERDICT  ◆ MANUAL", "score 61.2",
		"Incode's reason: OLD_ID", "worst check: ✗ idValidation.documentExpired FAIL",
		"Named by Incode, not defined; probably past its date.", "1 FAIL, 1 OK", "0.42 ████░░░░░░", "! MRZ differs",
		"… 5m0s without an event", "another name", "selfie ×2", "a == 'FAIL' && b",
		"The API failed (x): y",
	} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, "\x1b")
	require.Less(t, strings.Index(text, "documentExpired   "), strings.Index(text, "liveness.overall"), "worst first")
}

func TestPageKeepsWithinTheTerminal(t *testing.T) {
	for _, width := range []int{40, 80, 120} {
		var b bytes.Buffer
		require.NoError(t, SessionPage(&b, whole(), Paint{Colour: true, Width: width}))
		for line := range strings.Lines(b.String()) {
			require.LessOrEqual(t, ansi.StringWidth(strings.TrimRight(line, "\n")), width, "%q", line)
		}
		require.Contains(t, b.String(), "\x1b[1;31m", "colour was asked for")
	}
}

func rows() []model.Row {
	return []model.Row{
		{ID: "a1", Provider: "omni", Verdict: model.Manual, Name: seen(model.ClassName, "Aiko 田中"), DocCountry: "JPN", DocType: "Passport", Status: model.StatusFinished, ReviewReason: model.OldID, WorstKey: "documentExpired", WorstStatus: model.Warn, AddedAt: day},
		{ID: "b2", Provider: "omni", Verdict: model.Fail, Name: seen(model.ClassName, "João"), Status: model.StatusFinished, Problems: []model.Failed{{Part: model.PartOCR, Kind: model.KindServer, HTTP: 500}}, AddedAt: day},
	}
}

func write(t *testing.T, format string, p Paint, pages ...[]model.Row) string {
	t.Helper()
	var b bytes.Buffer
	w := NewRows(&b, format, p)
	for _, page := range pages {
		require.NoError(t, w.Page(page))
	}
	require.NoError(t, w.End())
	return b.String()
}

func TestTableIsAlignedByWhatIsSeen(t *testing.T) {
	text := write(t, "table", Paint{}, rows())
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	require.Len(t, lines, 3)
	at := func(line, word string) int {
		before, _, found := strings.Cut(line, word)
		require.True(t, found, "%q in %q", word, line)
		return ansi.StringWidth(before)
	}
	require.Equal(t, at(lines[0], "STATUS"), at(lines[1], "ONBOARDING"))
	require.Equal(t, at(lines[0], "STATUS"), at(lines[2], "ONBOARDING"))
	require.Contains(t, lines[1], "OLD_ID · documentExpired WARN")
	require.Contains(t, lines[2], "ocr not read: 500")
}

func TestJSONListIsOneDocumentOverPages(t *testing.T) {
	var got []map[string]any
	require.NoError(t, json.Unmarshal([]byte(write(t, "json", Paint{}, rows()[:1], rows()[1:])), &got))
	require.Len(t, got, 2)
	require.Equal(t, "Aiko 田中", got[0]["name"])
	require.Equal(t, map[string]any{"key": "documentExpired", "status": "WARN"}, got[0]["worstCheck"])
	require.NotContains(t, got[0], "score", "an absent score is left out")
	require.Equal(t, "[]\n", write(t, "json", Paint{}))
	require.Equal(t, "[]\n", write(t, "json", Paint{}, nil))
}

func TestCSVHasAHeaderAlsoWhenEmpty(t *testing.T) {
	require.True(t, strings.HasPrefix(write(t, "csv", Paint{}), "id,verdict,score,"))
	require.True(t, strings.HasSuffix(write(t, "csv", Paint{}), "\r\n"))
}

func TestCSVCellsAreNoFormulas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]string{"", " ", "\t", "\r", "\n", "\u00a0"}).Draw(t, "before") +
			rapid.SampledFrom([]string{"=", "+", "-", "@", "＝", "x", ""}).Draw(t, "sign") + rapid.String().Draw(t, "rest")
		row := model.Row{ID: "a", Name: seen(model.ClassName, text), ExternalID: text, Tags: []string{text}}
		var b bytes.Buffer
		w := NewRows(&b, "csv", Paint{})
		if err := w.Page([]model.Row{row}); err != nil {
			t.Fatal(err)
		}
		all, err := csv.NewReader(&b).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, cell := range all[1] {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r\n") || strings.HasPrefix(strings.TrimSpace(cell), "=") {
				t.Fatalf("cell %q runs", cell)
			}
		}
	})
}

func TestRawIsVerbatimInAPipeAndSafeOnATerminal(t *testing.T) {
	body := []byte("{\"a\":\"EVIL\x1b]52;c;eA==\x07\u202e\x9b\"}")
	bodies := []model.Raw{{Body: body}, {Body: []byte("{}")}}
	var pipe, tty bytes.Buffer
	require.NoError(t, Raw(&pipe, bodies, false))
	require.Equal(t, string(body)+"\n{}", pipe.String())
	require.NoError(t, Raw(&tty, bodies, true))
	for _, r := range tty.String() {
		require.False(t, r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r == '\u202e', "%q", r)
	}
	require.Contains(t, tty.String(), "EVIL")
}

func TestOutcomesInJSON(t *testing.T) {
	o := model.Outcome{
		Action: model.Action{Kind: model.ActApprove, Note: "private remark"}, ID: "a", Result: model.ResultRefused, HTTP: 429, At: day,
		Problem: &model.Problem{Kind: model.KindRate, HTTP: 429, Message: "Too many requests"},
	}
	var one, many bytes.Buffer
	require.NoError(t, OutcomesJSON(&one, []model.Outcome{o}, false))
	require.JSONEq(t, `{"id":"a","action":"approve","result":"refused","http":429,"at":"2025-11-20T00:53:20Z",
		"problem":{"kind":"rate","http":429,"code":0,"message":"Too many requests"}}`, one.String())
	require.NoError(t, OutcomesJSON(&many, []model.Outcome{o, o}, true))
	var list []map[string]any
	require.NoError(t, json.Unmarshal(many.Bytes(), &list))
	require.Len(t, list, 2)
	require.NotContains(t, many.String(), "private remark")
}

// A line is never longer than the terminal, and id and verdict are always whole.
func TestTableFitsEveryTerminal(t *testing.T) {
	for width := 50; width <= 200; width++ {
		for line := range strings.Lines(write(t, "table", Paint{Colour: true, Width: width}, rows(), rows())) {
			require.LessOrEqual(t, ansi.StringWidth(strings.TrimSuffix(line, "\n")), width)
		}
	}
	wide := write(t, "table", Paint{Width: 400}, rows())
	narrow := write(t, "table", Paint{Width: 30}, rows())
	require.Contains(t, wide, "STATUS")
	require.NotContains(t, narrow, "STATUS")
	for _, r := range rows() {
		require.Contains(t, narrow, r.ID)
	}
}
