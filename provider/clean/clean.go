// Package clean is the one border for text from outside. Whatever an API, a
// document or an applicant wrote goes through here once, before it becomes part
// of the model, so that no screen, table, log or title has to think of it again.
//
// The rule: what would act (escape sequences, other control characters, bidi
// overrides) is made visible, because a reviewer should see that somebody tried;
// what would hide (zero-width characters, tags, soft hyphens, fillers) is
// dropped; everything that people write their names with stays.
package clean

import (
	"strings"
	"unicode/utf8"
)

// Limit is the longest text that Text and Block return, in runes. A longer one
// ends in an ellipsis.
const Limit = 4096

// Text returns a value of one line made safe for a terminal, and whether that
// changed it. It is idempotent.
func Text(s string) (string, bool) {
	if plain(s) {
		return s, false
	}
	return scrub(s, false)
}

// Block returns a text of several lines made safe for a terminal, and whether
// that changed it. Line breaks stay and tabs become spaces; neither counts as a
// change. It is idempotent.
func Block(s string) (string, bool) {
	if plain(s) {
		return s, false
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return scrub(s, true)
}

// plain reports whether the text is short printable ASCII, as most values are.
func plain(s string) bool {
	if len(s) > Limit {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func scrub(s string, lines bool) (string, bool) {
	var (
		b       strings.Builder
		sc      scanner
		n       int
		altered bool
	)
	b.Grow(min(len(s), 4*Limit))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		var out string
		switch {
		case lines && r == '\n':
			out = "\n"
			sc.reset()
		case lines && r == '\t':
			out = "    "
			sc.reset()
		default:
			var same bool
			out, same = sc.text(r, size)
			altered = altered || !same
		}
		i += size
		n += utf8.RuneCountInString(out)
		if full(n, s[i:]) {
			b.WriteRune('…')
			altered = true
			break
		}
		b.WriteString(out)
	}
	out, dropped := looseJoiners(b.String())
	return out, altered || dropped
}

// full reports whether n runes leave no room for an ellipsis although there is
// more to come.
func full(n int, rest string) bool { return n > Limit || n == Limit && rest != "" }

// text returns what to show for one rune, and whether that is the rune itself.
func (sc *scanner) text(r rune, size int) (string, bool) {
	switch sc.judge(r, size) {
	case keep:
		return string(r), true
	case drop:
		return "", false
	default:
		shown := picture(r)
		sc.base(shown)
		return string(shown), false
	}
}

// picture returns the visible sign for a rune that must not reach a terminal.
func picture(r rune) rune {
	switch {
	case r < 0x20:
		return 0x2400 + r // the control pictures, in the order of ASCII
	case r == 0x7F:
		return '␡'
	case r == '\u2028' || r == '\u2029':
		return '␤'
	case odd(r):
		return ' '
	default:
		return utf8.RuneError
	}
}

// looseJoiners drops zero-width joiners and non-joiners, except between letters
// of a script that needs them to be read.
func looseJoiners(s string) (string, bool) {
	if !strings.ContainsFunc(s, joiner) {
		return s, false
	}
	runes := []rune(s)
	out := make([]rune, 0, len(runes))
	for i, r := range runes {
		if joiner(r) && !joins(runes, i) {
			continue
		}
		out = append(out, r)
	}
	return string(out), len(out) != len(runes)
}

func joins(runes []rune, i int) bool {
	return i > 0 && i+1 < len(runes) && joining(runes[i-1]) && joining(runes[i+1])
}
