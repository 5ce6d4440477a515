package session_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui/keymap"
	"docket/ui/session"
)

// rawOf returns the page of some answers, parsed and of a size.
func rawOf(t testing.TB, w, h int, bodies ...string) *session.Raw {
	t.Helper()
	return rawMasked(t, false, w, h, bodies...)
}

func rawMasked(t testing.TB, masked bool, w, h int, bodies ...string) *session.Raw {
	t.Helper()
	c := newContext(t, newRig(), "none")
	c.Masked = masked
	s := &model.Session{ID: theID, Parts: map[model.Part]model.PartState{}}
	var all []model.Raw
	for i, b := range bodies {
		all = append(all, model.Raw{Call: fmt.Sprintf("call %d", i+1), Body: []byte(b), HTTP: 200})
	}
	s.Parts[model.PartScore] = model.PartState{Raw: all}
	r := session.NewRaw(c, s, model.PartScore)
	r.SetSize(w, h)
	r.Update(r.Init()())
	return r
}

func text(r *session.Raw) string { return ansi.Strip(r.View()) }

func TestRawKeepsOrderAndEscapes(t *testing.T) {
	r := rawOf(t, 100, 20, `{"z": "caf\u00e9 \n \u001b[2J", "a": [1.50, -0, true, null], "m": {}, "deep": {"x": {"y": []}}}`)
	lines := strings.Split(text(r), "\n")
	for i, want := range []string{
		`▾ call 1   HTTP 200   `, `▾   {`, `      "z": "caf\u00e9 \n \u001b[2J",`, `▸     "a": [1.50, -0, true, null],`,
		`▾     "m": {`, `      },`, `▾     "deep": {`, `▾       "x": {`, `▾         "y": [`, `          ]`, `        }`, `      }`, `    }`,
	} {
		require.True(t, strings.HasPrefix(lines[i], want), "line %d: %q, want %q", i, lines[i], want)
	}
}

func TestRawFolds(t *testing.T) {
	r := rawOf(t, 100, 20, `{"a": {"long": [{"k": 1}, {"k": 2}]}, "b": 2}`)
	r.Do(keymap.Down, "j")
	r.Do(keymap.Down, "j")
	r.Do(keymap.Fold, "enter")
	require.Contains(t, text(r), `▸     "a": { … },  1 key`)
	require.NotContains(t, text(r), "long")
	r.Do(keymap.Down, "j")
	r.Do(keymap.Up, "k")
	r.Do(keymap.Fold, "enter")
	require.Contains(t, text(r), `"long": [`)
	r.Do(keymap.Last, "G")
	require.Contains(t, text(r), "line 14 of 14")
	r.Do(keymap.First, "g")
	r.Do(keymap.Fold, "enter") // the whole answer
	r.Do(keymap.Last, "G")
	require.Contains(t, text(r), "line 1 of 14")
}

func TestRawShowsEveryCall(t *testing.T) {
	r := rawOf(t, 100, 20, `{"page": 1}`, `{"page": 2}`)
	require.Contains(t, text(r), "call 1")
	require.Contains(t, text(r), "call 2")
	require.Contains(t, text(r), "2 calls")
}

func TestRawSearch(t *testing.T) {
	r := rawOf(t, 100, 12, `{"one": {"Needle": "x"}, "two": ["needles", {"deep": [{"deeper": "a NEEDLE"}]}]}`)
	type key = tea.KeyPressMsg
	r.Do(keymap.Search, "/")
	for _, c := range "needle" {
		_, taken := r.Key(key{Code: c, Text: string(c)})
		require.True(t, taken)
	}
	require.Contains(t, text(r), "/needle")
	r.Key(key{Code: tea.KeyEnter})
	var at []string
	for range 4 {
		for _, l := range strings.Split(text(r), "\n") {
			if i := strings.Index(l, "line "); i >= 0 {
				at = append(at, strings.Fields(l[i:])[1])
			}
		}
		r.Do(keymap.NextHit, "n")
	}
	require.Equal(t, at[0], at[3], "three hits, then around the end: %v", at)
	require.Len(t, map[string]bool{at[0]: true, at[1]: true, at[2]: true}, 3)
	r.Do(keymap.PrevHit, "N")
	r.Do(keymap.Back, "esc")
	require.NotEmpty(t, r.Off(keymap.NextHit))
}

func TestRawMaskedHidesValues(t *testing.T) {
	r := rawMasked(t, true, 100, 20, `{"name": "Lucía", "born": 1969, "list": ["ORTEGA", {"k": "G382"}], "flag": true}`)
	for _, secret := range []string{"Lucía", "1969", "ORTEGA", "G382", "true"} {
		require.NotContains(t, text(r), secret)
	}
	require.Contains(t, text(r), `"born": ••••••`)
	r.Do(keymap.Search, "/")
	for _, c := range "G382" {
		r.Key(tea.KeyPressMsg{Code: c, Text: string(c)})
	}
	require.Contains(t, text(r), "no hit", "a search does not tell what is masked")

	broken := rawMasked(t, true, 100, 20, `Lucía is not JSON`)
	require.NotContains(t, text(broken), "Lucía")
}

func TestRawShowsBrokenJSONAsText(t *testing.T) {
	for name, body := range map[string]string{
		"html": "<html>\n<h1>502 Bad Gateway</h1>\n</html>", "cut off": `{"a": {"b": "Bad Gateway`, "two values": `{"a": "Bad Gateway"} {}`,
		"a comma too many": `{"a": "Bad Gateway",}`, "no colon": `{"a" "Bad Gateway"}`, "a word": `{"a": Bad Gateway}`,
		"very deep": strings.Repeat("[", 5000) + `"Bad Gateway"` + strings.Repeat("]", 5000),
	} {
		t.Run(name, func(t *testing.T) {
			r := rawOf(t, 100, 20, body)
			require.Contains(t, text(r), "This is no JSON")
			r.Do(keymap.Search, "/")
			for _, c := range "gateway" {
				r.Key(tea.KeyPressMsg{Code: c, Text: string(c)})
			}
			require.Contains(t, text(r), "Gateway")
		})
	}
	require.Contains(t, text(rawOf(t, 100, 20, "")), "This is no JSON")
}

// attributes are what the page itself may send: bold, reverse and their end.
var attributes = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// obeyed returns the first rune that a terminal could obey or nobody would see.
func obeyed(s string) (rune, bool) {
	for _, r := range s {
		if r == '\n' {
			continue
		}
		if !unicode.IsGraphic(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Bidi_Control, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) {
			return r, true
		}
	}
	return 0, false
}

func TestRawNeverEmitsWhatATerminalObeys(t *testing.T) {
	nasty := rapid.SampledFrom([]string{
		"\x1b]52;c;AAAA\x07", "\x1b[2J", "\x9b2J", "\u009b", "\u202e", "\u2066", "\u200b", "\ufeff", "\u0301", strings.Repeat("\u0301", 50),
		"\U000E0041", "\ufe0f", "\r", "\n", "\t", "\x00", "\xff", "{", "}", "[", "]", `"`, `\`, ":", ",", "é", "田中", "مرحبا", "🧑‍🚀", "\u3164", "\u2028", "\u0488",
	})
	body := rapid.Map(rapid.SliceOfN(rapid.OneOf(nasty, rapid.String()), 0, 30), func(p []string) string { return strings.Join(p, "") })
	rapid.Check(t, func(rt *rapid.T) {
		b := body.Draw(rt, "body")
		if rapid.Bool().Draw(rt, "quoted") {
			b = `{"key ` + strings.NewReplacer(`"`, "", `\`, "").Replace(b) + `": "` + strings.NewReplacer(`"`, "", `\`, "").Replace(b) + `"}`
		}
		r := rawOf(t, 80, 21, b)
		fills(rt, r.View(), 80, 21)
		r.Do(keymap.Last, "G")
		fills(rt, r.View(), 80, 21)
		bad, found := obeyed(attributes.ReplaceAllString(r.View(), ""))
		require.False(rt, found, "%U in %q", bad, r.View())
	})
}

func TestRawShowsWhatWasHidden(t *testing.T) {
	r := rawOf(t, 120, 20, `{"name": "EVIL`+"\x1b]52;c;QQ==\x07\u202e\x9b"+`"}`)
	require.Contains(t, text(r), `EVIL\u001b]52;c;QQ==\u0007\u202e\x9b`)
}

func TestRawHandlesTenMegabytes(t *testing.T) {
	var b bytes.Buffer
	b.WriteString(`{"events": [`)
	n := 0
	for b.Len() < 10_000_000 {
		if n > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"eventName": "step %d", "eventData": {"success": true, "items": [1, 2, 3]}, "timestamp": %d}`, n, 1700000000+n)
		n++
	}
	b.WriteString(`]}`)
	require.True(t, json.Valid(b.Bytes()))
	r := rawOf(t, 120, 40, b.String())
	r.Do(keymap.Last, "G")
	require.Contains(t, text(r), "of "+fmt.Sprint(5+12*n))
	r.Do(keymap.Search, "/")
	for _, c := range fmt.Sprintf("step %d\"", n-1) {
		r.Key(tea.KeyPressMsg{Code: c, Text: string(c)})
	}
	require.Contains(t, text(r), fmt.Sprintf(`"step %d"`, n-1))
	fills(t, r.View(), 120, 40)
}

func TestRawOpensFromAPane(t *testing.T) {
	d := start(t, newRig())
	d.See("3 OCR").Press("3", "J").See(`"part": "ocr"`, `"text": "caf\u00e9 \u001b[31m"`)
	vtdriver.Golden(t, d)
	d.Press("esc").See("WHO")
}
