package marker_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/internal/marker"
)

func answered(t *testing.T, m marker.Mark, kind, body string) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Around(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(http.StatusTeapot)
		_, _ = fmt.Fprint(w, body)
	})).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/omni/get/score", nil))
	require.Equal(t, http.StatusTeapot, w.Code)
	return w.Body.String()
}

func TestEveryLeafIsMarked(t *testing.T) {
	const body = `{"a":"x","b":[1,"FAIL",null,true],"c":{"createdAt":1700000000000,"d":"5f9a41c2d3e4b5a697881201"}}`
	m := marker.New(false)
	var got map[string]any
	require.NoError(t, json.Unmarshal([]byte(answered(t, m, "application/json; charset=utf-8", body)), &got))
	number := json.Number(m.Number)
	n, err := number.Float64()
	require.NoError(t, err)
	require.Equal(t, m.Text, got["a"])
	require.Equal(t, []any{n, m.Text, nil, true}, got["b"])
	require.Equal(t, m.Text, got["brandNewMember"])
	require.Contains(t, got, m.Text, "as a name too")
	require.Equal(t, n, got["c"].(map[string]any)["createdAt"])

	deep := marker.New(true)
	text := answered(t, deep, "application/json", body)
	require.Contains(t, text, "5f9a41c2d3e4b5a697881201")
	require.Contains(t, text, `"FAIL"`)
	require.Contains(t, text, `"a":"`+deep.Text)
	require.Equal(t, body, answered(t, m, "image/png", body))
	require.NotEqual(t, m.Text, deep.Text)
}

func TestMarksAreFound(t *testing.T) {
	m := marker.New(false)
	require.Empty(t, m.Found([]byte("nothing of it, but "+m.Text[:4]+"••• and ••••"+m.Text[12:])))
	require.NotEmpty(t, m.Found([]byte("x"+m.Text+"y")))
	require.NotEmpty(t, m.Found([]byte(m.Text[3:11])))
	require.NotEmpty(t, m.Found([]byte(m.Number[2:])))
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("raw/score.json")
	require.NoError(t, err)
	_, err = w.Write([]byte(m.Text))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	require.NotEmpty(t, m.Found(b.Bytes()))
}
