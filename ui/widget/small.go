package widget

import (
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Bar draws a share from 0 to 1 as a bar of w cells.
func Bar(share float64, w int) string {
	if w <= 0 {
		return ""
	}
	full := int(min(max(share, 0), 1)*float64(w) + 0.5)
	return strings.Repeat("━", full) + strings.Repeat("╌", w-full)
}

// Dots says that something is under way, without moving: "reading…".
func Dots(what string) string { return what + ellipsis }

// Count writes a number with a thin mark at the thousands: 1,000,000.
func Count(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Over puts a box of lines on top of a screen of lines, its corner at x, y. All
// lines of the screen are w cells wide.
func Over(screen, box []string, x, y, w int) {
	for i, line := range box {
		n := y + i
		if n < 0 || n >= len(screen) {
			continue
		}
		width := Width(line)
		screen[n] = cutTo(screen[n], 0, x) + line + cutTo(screen[n], x+width, w)
	}
}
