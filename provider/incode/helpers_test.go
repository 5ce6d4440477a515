package incode

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/omni"
)

const testID = "5f9a41c2aabbccddeeffb7e0"

// testNow is 252 days after the passport in testdata expired.
var testNow = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return body
}

func node(t testing.TB, body []byte) omni.Node {
	t.Helper()
	n, err := omni.ParseNode(body)
	require.NoError(t, err)
	return n
}

func scoreOf(t testing.TB, body []byte) score {
	t.Helper()
	s, problem := mapScore(node(t, body), &border{part: model.PartScore})
	require.Nil(t, problem)
	return s
}

func ocrOf(t testing.TB, body []byte) []model.Field {
	t.Helper()
	fields, problem := mapOCR(node(t, body), &border{part: model.PartOCR})
	require.Nil(t, problem)
	return fields
}

func newSession() *model.Session {
	return &model.Session{ID: testID, Provider: Name, Parts: map[model.Part]model.PartState{}}
}

// withScore returns a session that has a score and nothing else.
func withScore(t testing.TB, body string) *model.Session {
	t.Helper()
	so := newSession()
	scoreOf(t, []byte(body)).apply(so)
	so.Parts[model.PartScore] = model.PartState{At: testNow}
	complete(so, testNow)
	return so
}

// withOCR returns a session that has OCR data and nothing else.
func withOCR(t testing.TB, body string) *model.Session {
	t.Helper()
	so := newSession()
	so.OCR = ocrOf(t, []byte(body))
	complete(so, testNow)
	return so
}

func findingsOf(so *model.Session, key string) []model.Finding {
	var out []model.Finding
	for _, f := range so.Findings {
		if f.Key == key {
			out = append(out, f)
		}
	}
	return out
}

func finding(t testing.TB, so *model.Session, key string) model.Finding {
	t.Helper()
	all := findingsOf(so, key)
	require.Len(t, all, 1, "findings: %v", so.Findings)
	return all[0]
}
