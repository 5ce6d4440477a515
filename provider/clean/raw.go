package clean

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Raw returns a JSON body for a terminal: line breaks stay, a tab becomes
// spaces, and whatever a terminal would obey or a reader would not see is
// written as the escape that JSON has for it, bytes that are no text as \xNN.
// Everything else is verbatim. There is no limit to its length.
func Raw(b []byte) string {
	var (
		out strings.Builder
		sc  scanner
	)
	out.Grow(len(b))
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		out.WriteString(sc.raw(r, size, b[i]))
		i += size
	}
	return out.String()
}

func (sc *scanner) raw(r rune, size int, first byte) string {
	switch {
	case r == '\n':
		sc.reset()
		return "\n"
	case r == '\t':
		sc.reset()
		return "    "
	case r == utf8.RuneError && size <= 1:
		sc.reset()
		return fmt.Sprintf(`\x%02x`, first)
	case !joiner(r) && sc.judge(r, size) == keep:
		return string(r)
	}
	sc.reset()
	if hi, lo := utf16.EncodeRune(r); hi != utf8.RuneError {
		return fmt.Sprintf(`\u%04x\u%04x`, hi, lo)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
