package store

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"docket/model"
)

// The search rule (see the contract's "Views") is decided here and nowhere else,
// so that every database answers alike. A row becomes a list of tokens, a query
// becomes clauses of terms, and a driver only has to compare the two.
//
// A token is a word, or starts with a mark that says what it is. Marks of filters
// stand before a value that is found whole, never by its beginning. They differ in
// their first letter, so that a change of status moves nothing else in an index.
const (
	markID      = '#' // a word of the interview id: found from MinID letters on
	markStatus  = '!'
	markVerdict = '$'
	markCountry = '%'
	markTag     = '&'
	markFlow    = '~'
)

// Limits that keep hostile or huge texts cheap. What lies beyond is stored and
// shown but not found.
const (
	MinID      = 4    // letters of a query word before it is compared with ids
	maxWord    = 64   // letters of a word that count
	maxRun     = 32   // letters that count in scripts without spaces
	maxField   = 256  // letters of one field that are indexed
	maxFilter  = 128  // bytes of a value that a filter token spells out
	maxTokens  = 2048 // tokens a row
	maxTerms   = 64   // words of a query
	maxQuery   = 4096 // letters of a query that are read
	noSpaceTop = 0x0E // below this code point (>> 8) no script without spaces begins
)

// Term is one way to satisfy a clause: a token, or the beginning of one.
type Term struct {
	Token  string
	Prefix bool
}

// In reports whether the tokens, as Tokens wrote them, satisfy the term.
func (t Term) In(tokens string) bool { return strings.Contains(tokens, t.Needle()) }

// Needle returns what to look for in the text that Tokens wrote.
func (t Term) Needle() string {
	if t.Prefix {
		return " " + t.Token
	}
	return " " + t.Token + " "
}

// Clause is satisfied by any of its terms. A row matches a query when it
// satisfies every clause.
type Clause []Term

// Clauses turns the search text and the filters of a query into clauses. None
// means that every row of the view matches: that is also what a search text
// without a single letter means.
func Clauses(q model.Query) []Clause {
	all := searchClauses(q.Search)
	all = append(all, filterClause(markStatus, q.Statuses)...)
	all = append(all, filterClause(markVerdict, q.Verdicts)...)
	all = append(all, filterClause(markCountry, q.Countries)...)
	for _, tag := range q.Tags {
		all = append(all, filterClause(markTag, []string{tag})...)
	}
	if q.FlowID != "" {
		all = append(all, filterClause(markFlow, []string{q.FlowID})...)
	}
	all = append(all, filterClause(markFlow, q.Flows)...)
	return all
}

// searchClauses reads the words that a person typed.
func searchClauses(text string) []Clause {
	type want struct {
		word string
		id   bool
	}
	var words []want
	for _, part := range strings.Fields(clip(text, maxQuery)) {
		found := runs(Fold(part))
		letters := 0
		for _, r := range found {
			letters += utf8.RuneCountInString(r.text)
		}
		for _, r := range found {
			words = append(words, want{r.clipped(), letters >= MinID})
		}
	}
	slices.SortFunc(words, func(a, b want) int { return strings.Compare(a.word, b.word) })
	var all []Clause
	for i, w := range words {
		if i+1 < len(words) && words[i+1] == w {
			continue
		}
		c := Clause{{w.word, true}}
		if w.id {
			c = append(c, Term{string(markID) + w.word, true})
		}
		if len(all) < maxTerms {
			all = append(all, c)
		}
	}
	return all
}

// filterClause asks for any of the values. No values ask for nothing.
func filterClause[T ~string](mark byte, values []T) []Clause {
	if len(values) == 0 {
		return nil
	}
	c := make(Clause, len(values))
	for i, v := range values {
		c[i] = Term{Token: filterToken(mark, string(v))}
	}
	return []Clause{c}
}

// Tokens returns what a row is found by, as one text: each token has a space
// before and after it.
func Tokens(r *model.Row) string {
	t := tokens{seen: make(map[string]bool, 32)}
	t.b.WriteByte(' ')
	t.words(r.Name.Reveal(), "")
	t.words(r.ID, string(markID))
	t.words(r.ExternalID, "")
	t.words(r.CustomerID, "")
	t.words(r.DocNumber.Reveal(), "")
	for _, tag := range r.Tags {
		t.words(tag, "")
		t.add(filterToken(markTag, tag))
	}
	keys := make([]string, 0, len(r.Custom))
	for k := range r.Custom {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		t.words(r.Custom[k], "")
	}
	t.add(filterToken(markStatus, string(r.Status)))
	t.add(filterToken(markVerdict, string(r.Verdict)))
	t.add(filterToken(markCountry, r.DocCountry))
	if r.FlowID != "" {
		t.add(filterToken(markFlow, r.FlowID))
	}
	return t.b.String()
}

// tokens collects the tokens of one row, each once.
type tokens struct {
	b    strings.Builder
	seen map[string]bool
}

func (t *tokens) add(token string) {
	if t.seen[token] || len(t.seen) >= maxTokens {
		return
	}
	t.seen[token] = true
	t.b.WriteString(token)
	t.b.WriteByte(' ')
}

// words adds the words of a text. In scripts without spaces every letter may
// begin a word, so each end of a run becomes a token: then the beginnings of
// tokens are all the places where a query may stand.
func (t *tokens) words(text, mark string) {
	folded := Fold(clip(text, maxField))
	for _, r := range runs(folded) {
		if !r.noSpace {
			t.add(mark + r.clipped())
			continue
		}
		for i := range r.text {
			t.add(mark + clip(r.text[i:], maxRun))
		}
	}
	if mark == "" && strings.ContainsRune(folded, apostrophe) {
		for _, r := range runs(strings.ReplaceAll(folded, string(apostrophe), "")) {
			if !r.noSpace {
				t.add(r.clipped())
			}
		}
	}
}

// filterToken writes a value so that it is one token whatever it holds: small
// letters, digits and underlines only, no two values alike. Values that the API
// writes in capitals stay short; of a very long one there is a digest.
func filterToken(mark byte, value string) string {
	const hex = "0123456789abcdef"
	if len(value) > maxFilter {
		return fmt.Sprintf("%c__%x", mark, sha256.Sum256([]byte(value)))
	}
	b := append(make([]byte, 0, 1+3*len(value)), mark)
	for i := range len(value) {
		switch c := value[i]; {
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		case c >= '0' && c <= '9':
			b = append(b, c)
		default:
			b = append(b, '_', hex[c>>4], hex[c&15])
		}
	}
	return string(b)
}

// run is a piece of folded text without a break in it.
type run struct {
	text    string
	noSpace bool // in a script that is written without spaces
}

func (r run) clipped() string {
	if r.noSpace {
		return clip(r.text, maxRun)
	}
	return clip(r.text, maxWord)
}

// runs splits folded text into words, and words where the way of writing
// changes. A sign such as an emoji is a word of its own.
func runs(folded string) []run {
	var all []run
	start := -1
	var noSpace bool
	end := func(i int) {
		if start >= 0 {
			all = append(all, run{folded[start:i], noSpace})
			start = -1
		}
	}
	for i, r := range folded {
		switch class := classOf(r); class {
		case classNone:
			end(i)
		case classSign:
			end(i)
			all = append(all, run{folded[i : i+utf8.RuneLen(r)], false})
		case classMark:
			if start < 0 {
				start, noSpace = i, false
			}
		default:
			if n := class == classNoSpace; start < 0 || n != noSpace {
				end(i)
				start, noSpace = i, n
			}
		}
	}
	end(len(folded))
	return all
}

// class is what a letter does to a word.
type class uint8

const (
	classNone    class = iota // ends it
	classWord                 // belongs to it
	classNoSpace              // belongs to it, in a script without spaces
	classMark                 // belongs to whatever stands before
	classSign                 // is one alone
)

// noSpaceScripts are written without spaces between words.
var noSpaceScripts = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// longVowel lengthens a Japanese vowel and belongs to no single script.
const longVowel = 'ー'

func classOf(r rune) class {
	if r < utf8.RuneSelf {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return classWord
		}
		return classNone
	}
	switch {
	case r>>8 >= noSpaceTop && (r == longVowel || unicode.In(r, noSpaceScripts...)):
		return classNoSpace
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return classWord
	case unicode.IsMark(r):
		return classMark
	case r != utf8.RuneError && unicode.Is(unicode.So, r):
		return classSign
	}
	return classNone
}

// apostrophe is how Fold writes every kind of apostrophe. A name with one is
// found with it, without it, and by what follows it.
const apostrophe = '\''

// Fold returns text without case, accents and variants of form: what two
// writings of one name have in common. Folding twice changes nothing.
func Fold(text string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(text, "\uFFFD")) {
		foldRune(&b, r)
	}
	return norm.NFC.String(b.String())
}

// foldRune writes one letter of decomposed text.
func foldRune(b *strings.Builder, r rune) {
	if r < utf8.RuneSelf {
		b.WriteByte(byte(unicode.ToLower(r)))
		return
	}
	if unicode.In(r, accents, unicode.Cf) {
		return
	}
	r = unicode.ToLower(r)
	if s, ok := plain[r]; ok {
		b.WriteString(s)
		return
	}
	b.WriteRune(r)
}

// plain lists letters that no decomposition takes apart, as people without that
// key type them.
var plain = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'æ': "ae", 'œ': "oe",
	'ħ': "h", 'ŧ': "t", 'ŋ': "n", 'ĸ': "k", 'ƶ': "z", 'ɨ': "i", 'ʉ': "u", 'ƀ': "b", 'ɵ': "o", 'ɖ': "d",
	'ς': "σ", '’': "'", '‘': "'", 'ʼ': "'", 'ʻ': "'", 'ـ': "",
}

// accents are the marks that people leave out: those over and under Latin,
// Greek, Cyrillic, Hebrew, Arabic and Syriac letters, and variation selectors.
// The vowel signs of Thai, Khmer, Devanagari and others are letters to those who
// read them, and so are the voicing marks of Kana.
var accents = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x0300, Hi: 0x036F, Stride: 1},
		{Lo: 0x0483, Hi: 0x0489, Stride: 1},
		{Lo: 0x0591, Hi: 0x05BD, Stride: 1},
		{Lo: 0x05BF, Hi: 0x05BF, Stride: 1},
		{Lo: 0x05C1, Hi: 0x05C2, Stride: 1},
		{Lo: 0x05C4, Hi: 0x05C5, Stride: 1},
		{Lo: 0x05C7, Hi: 0x05C7, Stride: 1},
		{Lo: 0x0610, Hi: 0x061A, Stride: 1},
		{Lo: 0x064B, Hi: 0x065F, Stride: 1},
		{Lo: 0x0670, Hi: 0x0670, Stride: 1},
		{Lo: 0x06D6, Hi: 0x06DC, Stride: 1},
		{Lo: 0x06DF, Hi: 0x06E4, Stride: 1},
		{Lo: 0x06E7, Hi: 0x06E8, Stride: 1},
		{Lo: 0x06EA, Hi: 0x06ED, Stride: 1},
		{Lo: 0x0711, Hi: 0x0711, Stride: 1},
		{Lo: 0x0730, Hi: 0x074A, Stride: 1},
		{Lo: 0x1AB0, Hi: 0x1AFF, Stride: 1},
		{Lo: 0x1DC0, Hi: 0x1DFF, Stride: 1},
		{Lo: 0x20D0, Hi: 0x20FF, Stride: 1},
		{Lo: 0xFE00, Hi: 0xFE0F, Stride: 1},
		{Lo: 0xFE20, Hi: 0xFE2F, Stride: 1},
	},
	R32: []unicode.Range32{{Lo: 0xE0100, Hi: 0xE01EF, Stride: 1}},
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// clip returns the first n letters of a text.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
