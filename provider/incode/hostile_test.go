package incode

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/omni"
)

// evil is what no terminal must ever get, as a JSON string: escape sequences,
// C1 controls as text and as bytes, a bidi override, and fifty marks.
var evil = `EVIL\u001b]52;c;AAAA\u0007\u001b[2J` + "\u202e\u009b2J\x9b2J\x85" + strings.Repeat("\u0301", 50) + `\n\r\t\u0000\u200b`

// mutants returns the body with every text in turn replaced by the evil one,
// and with every member's name in turn replaced. The key says which.
func mutants(t testing.TB, body []byte) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	n := node(t, body)
	var walk func(path string, n omni.Node, render func(string) string)
	walk = func(path string, n omni.Node, render func(string) string) {
		switch n.Kind {
		case omni.String:
			out["value "+path] = []byte(render(`"` + evil + `"`))
		case omni.Array:
			for i, item := range n.Items {
				walk(fmt.Sprintf("%s.%d", path, i), item, func(s string) string { return render(array(n.Items, i, s)) })
			}
		case omni.Object:
			for i, m := range n.Members {
				walk(dotted(path, m.Key), m.Value, func(s string) string { return render(object(n.Members, i, quote(m.Key), s)) })
				out["name "+dotted(path, m.Key)] = []byte(render(object(n.Members, i, `"`+evil+`"`, write(m.Value))))
			}
		}
	}
	walk("", n, func(s string) string { return s })
	return out
}

func array(items []omni.Node, at int, with string) string {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = write(item)
	}
	texts[at] = with
	return "[" + strings.Join(texts, ",") + "]"
}

func object(members []omni.Member, at int, name, with string) string {
	texts := make([]string, len(members))
	for i, m := range members {
		texts[i] = quote(m.Key) + ":" + write(m.Value)
	}
	texts[at] = name + ":" + with
	return "{" + strings.Join(texts, ",") + "}"
}

func quote(s string) string {
	b, _ := json.Marshal(s) // a text always encodes
	return string(b)
}

func write(n omni.Node) string {
	switch n.Kind {
	case omni.String:
		return quote(n.Text)
	case omni.Array:
		texts := make([]string, len(n.Items))
		for i, item := range n.Items {
			texts[i] = write(item)
		}
		return "[" + strings.Join(texts, ",") + "]"
	case omni.Object:
		if len(n.Members) == 0 {
			return "{}"
		}
		return object(n.Members, 0, quote(n.Members[0].Key), write(n.Members[0].Value))
	case omni.Null:
		return "null"
	default:
		return n.Text
	}
}

// texts collects every text of a value, by reflection and unexported fields too.
// Raw bodies are evidence and stay as they are; errors behind problems are never
// shown.
func texts(v any) []string {
	var out []string
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			out = append(out, v.String())
		case reflect.Pointer, reflect.Interface:
			if !v.IsNil() && !v.Type().Implements(reflect.TypeFor[error]()) || v.Type() == reflect.TypeFor[*model.Problem]() && !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.Slice, reflect.Array:
			if v.Type().Elem().Kind() == reflect.Uint8 {
				return
			}
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Map:
			for _, k := range v.MapKeys() {
				walk(k)
				walk(v.MapIndex(k))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				walk(v.Field(i))
			}
		}
	}
	walk(reflect.ValueOf(v))
	return out
}

// tame fails when a text holds anything that a terminal obeys or that hides.
func tame(t testing.TB, all []string, what string) {
	t.Helper()
	for _, s := range all {
		require.True(t, utf8.ValidString(s), "%s: %q", what, s)
		marks := 0
		for _, r := range s {
			if unicode.Is(unicode.Mn, r) {
				marks++
			} else {
				marks = 0
			}
			bad := r < 0x20 || r >= 0x7F && r <= 0x9F || unicode.Is(unicode.Bidi_Control, r) || r == '\u200B' || r == '\uFEFF' || marks > 4
			if bad {
				require.Failf(t, "a terminal would obey", "%s: %U in %q", what, r, s)
			}
		}
	}
}

// unread are texts that nothing shows: signatures, links, and numbers that are
// read as numbers. What cannot be read as one is dropped.
var unread = []string{
	"sing" + "ature", // as the reference spells it
	"screenshotUrl", "selfie", "signature", "document", "overall.value", "latitude",
	"_id", "mothersSurnameConfidence", "linked.json: value 1.interviewId",
}

// partOf says which part a fixture is the answer of.
var partOf = map[string]model.Part{
	"status.json": model.PartStatus, "score.full.json": model.PartScore, "ocr.passport.json": model.PartOCR,
	"ocr.licence.json": model.PartOCR2, "device.json": model.PartDevice, "events.json": model.PartEvents,
	"summary.json": model.PartSummary, "images.json": model.PartImages, "linked.json": model.PartLinked,
	"life.json": model.PartLife, "custom.json": model.PartCustom,
	"events-signature.json": model.PartSignature,
}

func TestNothingFromOutsideIsObeyed(t *testing.T) {
	a := newAPI(t)
	a.started(true)
	base := a.open()
	total := 0
	for line, file := range paths {
		for which, body := range mutants(t, fixture(t, file)) {
			total++
			what := file + ": " + which
			a.on(line, says(http.StatusOK, string(body)))
			apply, _ := a.p.Fetch(context.Background(), testID, partOf[file], base)
			so := base.Clone()
			apply(so)
			all := texts(so)
			tame(t, all, what)
			row := a.p.Row(so)
			tame(t, texts(&row), what)
			if strings.HasPrefix(which, "value ") && !ignored(what) {
				require.Contains(t, strings.Join(all, "\n"), "EVIL", "%s: still to be recognised", what)
				require.NotEmpty(t, so.Altered, what)
			}
		}
	}
	tame(t, texts(a.p.Journal(0)), "journal")
	require.Greater(t, total, 300)
}

func ignored(what string) bool {
	for _, end := range unread {
		if strings.HasSuffix(what, " "+end) || strings.HasSuffix(what, "."+end) || strings.HasSuffix(what, end) && strings.Contains(end, ":") {
			return true
		}
	}
	return strings.HasPrefix(what, "images.json: value")
}

func TestNothingInAnErrorIsObeyed(t *testing.T) {
	a := newAPI(t)
	a.started(true)
	base := a.open()
	for line, file := range paths {
		for _, status := range []int{400, 401, 403, 404, 500} {
			a.on(line, says(status, codeBody(status, `"`+evil+`"`)))
			apply, problem := a.p.Fetch(context.Background(), testID, partOf[file], base)
			so := base.Clone()
			apply(so)
			tame(t, texts(so), line)
			tame(t, append(texts(problem), problem.Error()), line)
		}
	}
	for _, c := range actions {
		a := newAPI(t)
		for _, answer := range []string{codeBody(400, `"`+evil+`"`), `{"success":false,"message":"` + evil + `"}`, `{"sessionStatus":"` + evil + `"}`} {
			a.on(c.line, says(http.StatusOK, answer))
			if c.action.IDs == nil {
				c.action.IDs = []string{testID}
			}
			out := a.p.Act(context.Background(), c.action)
			tame(t, texts(&out), c.line)
		}
	}
}

func TestEvilIsStillRecognisableWhenMasked(t *testing.T) {
	so := withOCR(t, `{"name":{"fullName":"`+evil+`"}}`)
	require.True(t, strings.HasPrefix(so.Applicant.Name.Reveal(), "EVIL␛]52;c;AAAA␇␛[2J"))
	require.True(t, so.Applicant.Name.Altered())
	tame(t, []string{so.Applicant.Name.String(), fmt.Sprintf("%#v", so.Applicant.Name)}, "masked")
	out, err := json.Marshal(so.OCR)
	require.NoError(t, err)
	require.False(t, bytes.ContainsAny(out, "\x1b\x9b"))
}

// whole puts one body through its mapper and checks what comes out.
func whole(t *testing.T, part model.Part, body []byte) {
	n, err := omni.ParseNode(body)
	if err != nil {
		return
	}
	b := &border{part: part}
	so := newSession()
	var problem *model.Problem
	switch part {
	case model.PartScore:
		var s score
		if s, problem = mapScore(n, b); problem == nil {
			s.apply(so)
			so.Parts[part] = model.PartState{At: testNow}
		}
	case model.PartOCR:
		so.OCR, problem = mapOCR(n, b)
	case model.PartEvents:
		var events []model.Event
		if events, problem = mapEvents([]omni.Node{n}, b); problem == nil {
			setEvents(so, events, false)
		}
	case model.PartDevice:
		so.Device, problem = mapDevice(n, b)
	}
	if problem != nil {
		require.Equal(t, model.KindShape, problem.Kind)
		return
	}
	b.into(so)
	complete(so, testNow)
	tame(t, texts(so), string(part))
	require.Equal(t, so.Digest, func() string { again := so.Clone(); complete(again, testNow); return again.Digest }(), "the digest is stable")
}

func fuzzPart(f *testing.F, part model.Part, files ...string) {
	f.Helper()
	for _, file := range files {
		body := fixture(f, file)
		f.Add(body)
		f.Add(bytes.ReplaceAll(body, []byte(`"OK"`), []byte(`"`+evil+`"`)))
		f.Add(body[:len(body)/2])
	}
	for _, odd := range []string{`{}`, `[]`, `null`, `{"overall":[]}`, `{"events":[[]]}`, `{"idValidation":{"a":[[{"status":1}]]}}`, `{"birthDate":1e300}`} {
		f.Add([]byte(odd))
	}
	f.Fuzz(func(t *testing.T, body []byte) { whole(t, part, body) })
}

func FuzzScore(f *testing.F) { fuzzPart(f, model.PartScore, "score.full.json", "score.sparse.json") }

func FuzzOCR(f *testing.F)    { fuzzPart(f, model.PartOCR, "ocr.passport.json", "ocr.licence.json") }
func FuzzEvents(f *testing.F) { fuzzPart(f, model.PartEvents, "events.json") }
func FuzzDevice(f *testing.F) { fuzzPart(f, model.PartDevice, "device.json") }
