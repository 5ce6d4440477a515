// Package marker puts a mark into every leaf of every answer of an API, so that a test
// can look for it in whatever docket shows, writes and sends: what a masked role must not
// see it must not find there either.
package marker

import (
	"archive/zip"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
)

// Mark is what stands in the leaves: a text, and a number where the API has one. Both
// are drawn, and are like nothing that docket or an API writes by itself.
type Mark struct {
	Text   string
	Number string
	// Deep leaves words, ids, links and times that a session is read by as they are, so
	// that more of it is read. Without it every text and number is a mark.
	Deep bool
}

const (
	letters    = "ghjkmnpqrstvwxyz" // no digit of a hexadecimal number, no vowel of a word
	markLength = 16
	// inPart is how long a piece of a mark is that counts as it: more than a mask shows.
	inPart = 7
)

// New draws a mark.
func New(deep bool) Mark {
	draw := func(from string, n int) string {
		b := make([]byte, n)
		_, _ = rand.Read(b) // it never fails
		for i := range b {
			b[i] = from[int(b[i])%len(from)]
		}
		return string(b)
	}
	return Mark{Text: draw(letters, markLength), Number: "7" + draw("123456789", 12), Deep: deep}
}

// Found returns the pieces of the mark that are in what somebody was given, in clear, in
// the files of a zip, or with other letters between.
func (m Mark) Found(given []byte) []string {
	var all []string
	for _, body := range append(unzipped(given), given) {
		low := strings.ToLower(string(body))
		for _, mark := range []string{m.Text, m.Number} {
			for i := range len(mark) - inPart + 1 {
				if piece := mark[i : i+inPart]; strings.Contains(low, piece) {
					all = append(all, piece)
				}
			}
		}
	}
	return all
}

func unzipped(body []byte) (all [][]byte) {
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return nil
	}
	for _, f := range z.File {
		all = append(all, []byte(f.Name))
		if r, err := f.Open(); err == nil {
			text, _ := io.ReadAll(r) // what cannot be read shows nobody anything
			all = append(all, text)
			_ = r.Close()
		}
	}
	return all
}

// Around returns an API that answers as another one does, with marks.
func (m Mark) Around(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		api.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		if kind, _, _ := mime.ParseMediaType(answer.Header().Get("Content-Type")); kind == "application/json" {
			body = m.marked(body, strings.HasSuffix(r.URL.Path, "/get/images/v2") || strings.HasSuffix(r.URL.Path, "/start"))
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body) // who has gone gets nothing
	})
}

func (m Mark) marked(body []byte, kept bool) []byte {
	if kept { // tokens and links: docket could go on to nothing with others
		return body
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return body
	}
	out, err := json.Marshal(m.mark(v, ""))
	if err != nil {
		return body
	}
	return out
}

// read are the words, ids, links and times that a session is read by.
var read = regexp.MustCompile(`^([A-Z][A-Z_]+|[0-9a-f]{24}|[0-9a-f-]{36}|https?://.*|Alive|Closed|Deleted)$`)

// readNames are members whose values are kept in a deep mark.
var readNames = map[string]bool{"timestamp": true, "createdAt": true, "eventName": true, "key": true, "typeOfId": true, "issuingCountry": true}

func (m Mark) mark(v any, name string) any {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			v[k] = m.mark(inner, k)
		}
		if len(v) > 0 {
			v["brandNewMember"] = m.Text
			v[m.Text] = map[string]any{"status": "FAIL", "value": m.Text, "key": m.Text}
		}
		return v
	case []any:
		for i, inner := range v {
			v[i] = m.mark(inner, name)
		}
		return v
	case string:
		if m.Deep && (read.MatchString(v) || readNames[name]) {
			return v
		}
		return m.Text
	case json.Number:
		if m.Deep && (readNames[name] || len(v.String()) < 4) {
			return v
		}
		return json.Number(m.Number)
	default:
		return v
	}
}
