package e2e

import (
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// This file judges bytes on their way to a terminal. What is not known to be
// docket's own is not allowed: there is no list of what is bad.

// csiAllowed are the control sequences that docket and its renderer send: by
// prefix, intermediate and final byte, the parameters aside.
var csiAllowed = set(strings.Fields(
	"A B C D E F G H J K L M P S T X @ b d f m r s u ?h ?l ?$p ?W >m >u <u =u ?u c >c >q l h SPq !p"))

// sgrAllowed are the attributes that a style may set, colours aside.
var sgrAllowed = styles()

func styles() map[string]bool {
	all := map[string]bool{"": true}
	for _, span := range [][2]int{{0, 9}, {21, 29}, {30, 37}, {39, 47}, {49, 49}, {59, 59}, {90, 97}, {100, 107}} {
		for n := span[0]; n <= span[1]; n++ {
			all[strconv.Itoa(n)] = true
		}
	}
	return all
}

// titleAllowed are the titles that docket sets: its name, and the id of a
// session, shortened; none at the end.
var titleAllowed = regexp.MustCompile(`^(docket( · [0-9A-Za-z_-]{1,16}(…[0-9A-Za-z_-]{1,8})?)?)?$`)

func set(names []string) map[string]bool {
	out := map[string]bool{}
	for _, n := range names {
		out[strings.Replace(n, "SP", " ", 1)] = true
	}
	return out
}

// heard is what a terminal was told beside text.
type heard struct {
	titles []string
	clips  []string // decoded
}

// onTerminal fails when the bytes hold anything that a terminal obeys or that
// hides, and that is not docket's own.
func onTerminal(t testing.TB, what string, out []byte) heard {
	t.Helper()
	var h heard
	marks := 0
	for i := 0; i < len(out); {
		if out[i] == 0x1b {
			i += h.sequence(t, what, out[i:])
			marks = 0
			continue
		}
		r, size := utf8.DecodeRune(out[i:])
		if !harmless(r, size, &marks) {
			require.Failf(t, "a terminal would obey or hide it", "%s: %U (byte %#x) in %q", what, r, out[i], around(out, i))
		}
		i += size
	}
	return h
}

// harmless reports whether a rune outside of a sequence is text, or moves the
// cursor as the renderer does.
func harmless(r rune, size int, marks *int) bool {
	if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) {
		*marks++
		return *marks <= 4
	}
	*marks = 0
	switch {
	case r == '\n', r == '\r', r == '\t', r == '\b':
		return true
	case r == utf8.RuneError && size <= 1, r < 0x20, r >= 0x7f && r < 0xa0:
		return false
	case unicode.Is(unicode.Bidi_Control, r), r == '\u2028', r == '\u2029':
		return false
	}
	return !unicode.Is(unicode.Cf, r)
}

// around is a little of what stands beside a byte, for a message.
func around(out []byte, i int) []byte { return out[max(0, i-60):min(len(out), i+30)] }

// sequence takes one escape sequence and returns its length.
func (h *heard) sequence(t testing.TB, what string, out []byte) int {
	if len(out) < 2 {
		return len(out) // cut off at the end of what was sent so far
	}
	switch out[1] {
	case '[':
		return csi(t, what, out)
	case ']':
		return h.osc(t, what, out)
	case '7', '8', '=', '>', 'M':
		return 2
	case '(', ')':
		return min(3, len(out))
	}
	require.Failf(t, "an escape sequence that is not docket's", "%s: %q", what, around(out, 0))
	return 0
}

func csi(t testing.TB, what string, out []byte) int {
	end := 2
	for end < len(out) && (out[end] < 0x40 || out[end] > 0x7e) {
		end++
	}
	if end == len(out) {
		return end
	}
	body, final := string(out[2:end]), string(out[end])
	prefix := ""
	if body != "" && strings.ContainsAny(body[:1], "<=>?") {
		prefix, body = body[:1], body[1:]
	}
	params := strings.TrimRight(body, " !\"#$%&'()*+,-./")
	kind := prefix + body[len(params):] + final
	ours := csiAllowed[kind] && (kind != "m" || sgr(params))
	for _, p := range strings.FieldsFunc(params, func(r rune) bool { return r == ';' || r == ':' }) {
		ours = ours && len(p) <= 4
	}
	if !ours {
		require.Failf(t, "a sequence that is not docket's", "%s: %q in %q", what, out[:end+1], around(out, 0))
	}
	return end + 1
}

// sgr reports whether all attributes are those of a style.
func sgr(params string) bool {
	list := strings.Split(strings.ReplaceAll(params, ":", ";"), ";")
	for i := 0; i < len(list); i++ {
		if (list[i] == "38" || list[i] == "48" || list[i] == "58") && i+1 < len(list) {
			i += map[string]int{"2": 4, "5": 2}[list[i+1]]
			continue
		}
		if !sgrAllowed[list[i]] {
			return false
		}
	}
	return true
}

func (h *heard) osc(t testing.TB, what string, out []byte) int {
	end, after := 2, 0
	for end < len(out) && after == 0 {
		switch {
		case out[end] == 0x07:
			after = end + 1
		case out[end] == 0x1b && end+1 < len(out) && out[end+1] == '\\':
			after = end + 2
		default:
			end++
		}
	}
	if after == 0 {
		return len(out)
	}
	command, rest, _ := strings.Cut(string(out[2:end]), ";")
	switch {
	case command == "2":
		require.Regexp(t, titleAllowed, rest, "%s: title", what)
		h.titles = append(h.titles, rest)
	case command == "52":
		encoded, ours := strings.CutPrefix(rest, "c;")
		text, err := base64.StdEncoding.DecodeString(encoded)
		require.True(t, ours && err == nil, "%s: clipboard %q", what, rest)
		h.clips = append(h.clips, string(text))
	case (command == "10" || command == "11") && rest == "?":
	default:
		require.Failf(t, "an operating system command that is not docket's", "%s: %q", what, out[:after])
	}
	return after
}

// inPipe fails when a text holds anything but text and line ends.
func inPipe(t testing.TB, what, out string) {
	t.Helper()
	marks := 0
	for i, r := range out {
		_, size := utf8.DecodeRuneInString(out[i:])
		if r == '\b' || !harmless(r, size, &marks) {
			require.Failf(t, "a terminal would obey or hide it", "%s: %U in %q", what, r, around([]byte(out), i))
		}
	}
}

// oneLine fails when a text that was copied is more than one clean line.
func oneLine(t testing.TB, what, text string) {
	t.Helper()
	inPipe(t, what, text)
	require.NotContains(t, text, "\n", what)
	require.NotContains(t, text, "\r", what)
	require.NotContains(t, text, "\t", what)
}

// TestJudgeSeesWhatIsSmuggled holds the judge itself against what it is for.
func TestJudgeSeesWhatIsSmuggled(t *testing.T) {
	for _, bad := range []string{
		"\x1b]1337;EVIL\x07", "\x1b]0;EVILTITLE\x07", "\x1b]2;EVIL\x07", "\x1b[31337m", "\x1b[5n", "\x1bP1;EVIL\x1b\\", "\x1bc", "a\x07b",
		"\u202eabc", "\u009b31m", "a\x9b31m", "a\u200bb", "e" + strings.Repeat("\u0301", 50), "a\x00b", "\u2028", "\x1b]52;p;QUJD\x07",
	} {
		probe := &probe{TB: t}
		func() {
			defer func() { _ = recover() }()
			onTerminal(probe, "probe", []byte(bad))
		}()
		require.True(t, probe.failed, "%q passed", bad)
	}
	h := onTerminal(t, "own", []byte("\x1b[?1049h\x1b]2;docket · 5f9a41c2…b7e0\x07\x1b[38;2;1;2;3;1mLucía\x1b[m\x1b[1;4H\x1b]52;c;QUJD\x07"))
	require.Equal(t, heard{titles: []string{"docket · 5f9a41c2…b7e0"}, clips: []string{"ABC"}}, h)
}

// probe is a test that is expected to fail.
type probe struct {
	testing.TB
	failed bool
}

func (p *probe) Helper()               {}
func (p *probe) Errorf(string, ...any) { p.failed = true }
func (p *probe) FailNow()              { panic("failed") }
