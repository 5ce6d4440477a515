package clean

import (
	"unicode"
	"unicode/utf8"
)

// Verdict on one rune.
type verdict uint8

const (
	keep verdict = iota
	drop         // would hide something
	show         // would act, or cannot be shown: replaced by a visible sign
)

// Marks that one base may carry. Hebrew with vowels and cantillation needs four
// non-spacing marks, Burmese seven of both kinds.
const (
	maxMarks   = 4
	maxCluster = 8
)

// scanner judges runes in the order of the text: whether a mark is one too many
// depends on what came before.
type scanner struct {
	prev    rune // the last base that was kept; 0 at the start of a line
	marks   int  // non-spacing marks on it
	cluster int  // marks of any kind on it
	varied  bool // it has a variation selector
}

func (sc *scanner) reset() { *sc = scanner{} }

func (sc *scanner) base(r rune) { *sc = scanner{prev: r} }

// judge decides what becomes of the rune, which took size bytes.
func (sc *scanner) judge(r rune, size int) verdict {
	switch {
	case r == utf8.RuneError && size <= 1, acts(r), odd(r):
		return show
	case joiner(r):
		return keep // looseJoiners has the last word
	case unicode.Is(unicode.Variation_Selector, r):
		return sc.selector(r)
	case invisible(r):
		return drop
	case stacking(r):
		return sc.mark(r)
	case unicode.IsGraphic(r):
		sc.base(r)
		return keep
	default: // private use, unassigned, noncharacters
		return show
	}
}

// mark keeps a combining mark while its base can carry more. A mark without a
// base would climb onto whatever the screen shows before it.
func (sc *scanner) mark(r rune) verdict {
	spacing := unicode.Is(unicode.Mc, r)
	if sc.prev == 0 || sc.cluster >= maxCluster || (!spacing && sc.marks >= maxMarks) {
		return drop
	}
	sc.cluster++
	if !spacing {
		sc.marks++
	}
	return keep
}

// selector keeps the one variation selector that Japanese names and Mongolian
// words are written with; elsewhere it only changes widths.
func (sc *scanner) selector(r rune) verdict {
	mongolian := unicode.Is(unicode.Mongolian, r)
	fits := unicode.Is(unicode.Han, sc.prev) && !mongolian || unicode.Is(unicode.Mongolian, sc.prev) && mongolian
	if !fits || sc.varied || sc.cluster > 0 {
		return drop
	}
	sc.varied = true
	return keep
}

// acts reports whether a terminal obeys the rune, or breaks or reorders a line
// because of it.
func acts(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// odd reports whether the rune is a space of an unusual width. The no-break
// space and the ideographic one are usual.
func odd(r rune) bool {
	return unicode.Is(unicode.Zs, r) && r != ' ' && r != '\u00A0' && r != '\u3000' || r == '\u2800'
}

// invisible reports whether the rune takes part in the text without being seen.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) ||
		unicode.Is(unicode.Me, r) || r == '\u17B4' || r == '\u17B5'
}

// stacking reports whether the rune sits on the one before it: marks, and the
// vowels and finals of Hangul written letter by letter.
func stacking(r rune) bool {
	return unicode.IsMark(r) || r >= 0x1160 && r <= 0x11FF || r >= 0xD7B0 && r <= 0xD7FF
}

// joiner reports whether the rune says how its neighbours join: ZWNJ, ZWJ and
// the Mongolian vowel separator.
func joiner(r rune) bool { return r == '\u200C' || r == '\u200D' || r == '\u180E' }

// joining reports whether the rune belongs to a script in which joiners are part
// of the spelling.
func joining(r rune) bool { return unicode.IsOneOf(joiningScripts, r) }

var joiningScripts = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil,
	unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar,
	unicode.Tibetan,
}
