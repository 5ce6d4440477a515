package session

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Marks that may sit on one letter before the rest is written as escapes.
const maxMarks = 4

// rawText writes bytes for a terminal: what can be printed is verbatim, escapes
// of the source included; whatever a terminal would obey or a reader would not
// see is written as the escape that JSON has for it, and bytes that are no text
// as \xNN. No more than about limit cells are written; cut says that there was
// more.
func rawText(b []byte, limit int) (out string, cut bool) {
	var w strings.Builder
	marks := maxMarks // a mark without a letter would climb onto what stands before
	n := 0
	for i := 0; i < len(b); {
		if n >= limit {
			return w.String(), true
		}
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && size <= 1:
			fmt.Fprintf(&w, `\x%02x`, b[i])
			n, marks = n+4, maxMarks
		case unicode.IsMark(r) && marks < maxMarks && unicode.IsPrint(r) && !unseen(r):
			w.WriteRune(r)
			marks++
		case unicode.IsMark(r) || !unicode.IsPrint(r) || unseen(r):
			n, marks = n+escape(&w, r), maxMarks
		default:
			w.WriteRune(r)
			n, marks = n+1, 0
		}
		i += size
	}
	return w.String(), false
}

// escape writes a rune the way JSON escapes it and returns its width.
func escape(w *strings.Builder, r rune) int {
	if hi, lo := utf16.EncodeRune(r); hi != utf8.RuneError {
		fmt.Fprintf(w, `\u%04x\u%04x`, hi, lo)
		return 12
	}
	fmt.Fprintf(w, `\u%04x`, r)
	return 6
}

// unseen reports whether a rune counts as printable but shows nothing of its
// own: fillers, selectors, vowels that join into what stands before.
func unseen(r rune) bool {
	return unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r) ||
		unicode.Is(unicode.Me, r) || r == '\u2800' || r >= 0x1160 && r <= 0x11FF || r >= 0xD7B0 && r <= 0xD7FF
}
