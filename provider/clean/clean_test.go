package clean_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/provider/clean"
)

// obeyed returns the first rune that a terminal could obey or a reader would
// not see. It is written apart from the tables of the package.
func obeyed(s string, allowed string) (rune, bool) {
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case strings.ContainsRune(allowed, r):
		case r == utf8.RuneError && size == 1,
			r < 0x20, r >= 0x7F && r <= 0x9F,
			r == 0x061C, r == 0x200B, r == 0x200E, r == 0x200F,
			r >= 0x2028 && r <= 0x202E, r >= 0x2060 && r <= 0x206F,
			r == 0x00AD, r == 0xFEFF, r >= 0xFFF9 && r <= 0xFFFB,
			r >= 0xE0000 && r <= 0xE007F, r >= 0xFE00 && r <= 0xFE0F,
			r >= 0xE000 && r <= 0xF8FF, r >= 0xF0000,
			r >= 0xFDD0 && r <= 0xFDEF, r&0xFFFE == 0xFFFE,
			r == 0x3164, r == 0x115F, r == 0x1160, r == 0xFFA0:
			return r, true
		}
	}
	return 0, false
}

func longestStack(s string) int {
	most, n := 0, 0
	for _, r := range s {
		if unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Variation_Selector, r) {
			n++
		} else if !unicode.Is(unicode.Mc, r) {
			n = 0
		}
		most = max(most, n)
	}
	return most
}

func TestNamesOfManyScriptsStay(t *testing.T) {
	names := map[string]string{
		"latin":               "Lucía Fernanda ORTEGA RÍOS",
		"vietnamese":          "Nguyễn Thị Phượng",
		"vietnamese, unfused": "Nguye\u0302\u0303n Thi\u0323",
		"cyrillic":            "Фёдор Достоевский",
		"greek":               "Ελευθέριος Βενιζέλος",
		"arabic":              "محمد بن سلمان",
		"arabic with vowels":  "مُحَمَّدٌ",
		"persian with ZWNJ":   "علی\u200cرضا",
		"hebrew with vowels":  "דָּוִד בֶּן־גּוּרִיּוֹן",
		"thai":                "ศรีรัศมิ์ ที่ปรึกษา",
		"devanagari":          "श्रीनिवास रामानुजन्",
		"devanagari with ZWJ": "क्\u200dष",
		"bengali":             "রবীন্দ্রনাথ ঠাকুর",
		"sinhala with ZWJ":    "ශ්\u200dරී ලංකා",
		"burmese":             "အောင်ဆန်းစုကြည်",
		"khmer":               "សុខា ព្រះ",
		"japanese":            "田中　太郎",
		"japanese variant":    "葛\U000E0100城",
		"korean":              "김철수",
		"korean, letters":     "\u1112\u1161\u11ab",
		"chinese":             "欧阳娜娜",
		"georgian":            "ზვიად გამსახურდია",
		"armenian":            "Արամ Խաչատրյան",
		"ethiopic":            "ኃይለ ሥላሴ",
		"tamil":               "அப்துல் கலாம்",
		"apostrophes":         "O’Connor-D'Arcy, Jr.",
		"no-break space":      "Jean\u00a0Paul",
	}
	for script, name := range names {
		t.Run(script, func(t *testing.T) {
			got, altered := clean.Text(name)
			require.Equal(t, name, got)
			require.False(t, altered)
			require.Equal(t, strings.NewReplacer("\u200c", `\u200c`, "\u200d", `\u200d`).Replace(name), clean.Raw([]byte(name)),
				"the raw view shows letters as letters, and joiners as what they are")
		})
	}
}

func TestTextMakesVisibleOrDrops(t *testing.T) {
	cases := map[string]struct{ in, want string }{
		"escape sequence":     {"a\x1b]52;c;AAAA\x07\x1b[2Jb", "a␛]52;c;AAAA␇␛[2Jb"},
		"C1 as UTF-8":         {"a\u009b2Jb", "a�2Jb"},
		"C1 as bytes":         {"a\x9b2Jb", "a�2Jb"},
		"delete":              {"a\x7fb", "a␡b"},
		"line break":          {"a\nb\r\tc", "a␊b␍␉c"},
		"line separator":      {"a\u2028b\u2029c", "a␤b␤c"},
		"bidi override":       {"a\u202eb\u2066c\u200fd\u061ce", "a�b�c�d�e"},
		"zero width":          {"a\u200bb\u2060c\ufeffd\u00ade", "abcde"},
		"joiners in Latin":    {"a\u200cb\u200dc", "abc"},
		"joiner at the end":   {"علی\u200c", "علی"},
		"two joiners":         {"ع\u200c\u200dل", "عل"},
		"tags":                {"a\U000E0041\U000E0042b", "ab"},
		"selector":            {"a\ufe0fb\U000E0100c", "abc"},
		"two selectors":       {"葛\U000E0100\U000E0101", "葛\U000E0100"},
		"annotation":          {"a\ufff9b\ufffac\ufffbd", "abcd"},
		"private use":         {"a\ue000b", "a�b"},
		"noncharacter":        {"a\uffffb\ufdd0c", "a�b�c"},
		"surrogate":           {"a\xed\xa0\x80b", "a���b"},
		"fillers":             {"a\u3164b\uffa0c\u115fd", "abcd"},
		"odd spaces":          {"a\u2003b\u2800c", "a b c"},
		"fifty marks":         {"e" + strings.Repeat("\u0301", 50) + "x", "e" + strings.Repeat("\u0301", 4) + "x"},
		"mark without a base": {"\u0301a", "a"},
		"enclosing mark":      {"a\u20dd", "a"},
		"stacked vowels":      {"\u1100" + strings.Repeat("\u1161", 99), "\u1100" + strings.Repeat("\u1161", 4)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, altered := clean.Text(c.in)
			require.Equal(t, c.want, got)
			require.True(t, altered)
		})
	}
}

func TestBlockKeepsLines(t *testing.T) {
	got, altered := clean.Block("a\r\n\tb\nc")
	require.Equal(t, "a\n    b\nc", got)
	require.False(t, altered)

	got, altered = clean.Block("a\x1b[2J\n\u0301b\rc")
	require.Equal(t, "a␛[2J\nb␍c", got)
	require.True(t, altered)
}

func TestLongTextEndsInAnEllipsis(t *testing.T) {
	got, altered := clean.Text(strings.Repeat("é", clean.Limit))
	require.Equal(t, strings.Repeat("é", clean.Limit), got)
	require.False(t, altered)

	got, altered = clean.Text(strings.Repeat("x", clean.Limit+1))
	require.Equal(t, strings.Repeat("x", clean.Limit-1)+"…", got)
	require.True(t, altered)

	once, _ := clean.Block(strings.Repeat("é", clean.Limit-2) + "\t\tmore")
	twice, altered := clean.Block(once)
	require.Equal(t, once, twice)
	require.False(t, altered)
}

func TestRawKeepsJSONReadable(t *testing.T) {
	require.Equal(t, "{\n    \"name\": \"José \\u001b[2J\\u202e\\u200d\\udb40\\udc41\\x9b\"\n}",
		clean.Raw([]byte("{\n\t\"name\": \"José \x1b[2J\u202e\u200d\U000E0041\x9b\"\n}")))
	require.Equal(t, `{"a":"\u001b \\ \" \/"}`, clean.Raw([]byte(`{"a":"\u001b \\ \" \/"}`)))

	body := []byte(`{"name":"` + "\u202e\u2028\U000E0041é" + `"}`)
	var before, after map[string]string
	require.NoError(t, json.Unmarshal(body, &before))
	require.NoError(t, json.Unmarshal([]byte(clean.Raw(body)), &after))
	require.Equal(t, before, after, "an escaped body says the same")
}

func dirty() *rapid.Generator[string] {
	nasty := rapid.SampledFrom([]string{
		"\x1b[2J", "\x1b]52;c;AAAA\x07", "\u009b", "\x9b", "\xff", "\u202e", "\u2066", "\u200b", "\u200c", "\u200d", "\ufeff",
		"\u0301", "\u0e31", "\u3099", "\U000E0041", "\U000E0100", "\ufe0f", "\u180b", "\u180e", "\u1820", "葛", "ع", "क", "\u094d",
		"\u1100", "\u1161", "\u11a8", "\t", "\n", "\r", "\r\n", "\u2028", "\ue000", "\uffff", "\u2003", "�", "…", " ",
		strings.Repeat("x", clean.Limit-3), strings.Repeat("\u0301", 50),
	})
	piece := rapid.OneOf(nasty, rapid.String(), rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 8), func(b []byte) string { return string(b) }))
	return rapid.Map(rapid.SliceOfN(piece, 0, 24), func(p []string) string { return strings.Join(p, "") })
}

func TestNothingIsObeyed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkAll(t, dirty().Draw(t, "s")) })
}

type failer interface {
	require.TestingT
	Helper()
}

func checkAll(t failer, s string) {
	t.Helper()
	for name, f := range map[string]func(string) (string, bool){"Text": clean.Text, "Block": clean.Block} {
		allowed := ""
		if name == "Block" {
			allowed = "\n"
		}
		once, altered := f(s)
		r, bad := obeyed(once, allowed)
		require.False(t, bad, "%s let %U through", name, r)
		require.LessOrEqual(t, longestStack(once), 4, name)
		require.LessOrEqual(t, utf8.RuneCountInString(once), clean.Limit, name)
		if name == "Text" {
			require.Equal(t, once != s, altered, "%s: altered tells the truth", name)
		}
		twice, again := f(once)
		require.Equal(t, once, twice, "%s is idempotent", name)
		require.False(t, again, name)
	}
	raw := clean.Raw([]byte(s))
	r, bad := obeyed(raw, "\n")
	require.False(t, bad, "Raw let %U through", r)
	require.LessOrEqual(t, longestStack(raw), 4)
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "José", "a\x1b]52;c;AAAA\x07", "\u202e\x9b\u0301", "ع\u200cل", strings.Repeat("é", 5000)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkAll(t, s) })
}
