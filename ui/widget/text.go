// Package widget holds the small parts that screens are built of: text that
// fits, fields to type into, tables, tabs, scroll areas, bars, toasts. It knows
// nothing of identity checks.
package widget

import (
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

const ellipsis = "…"

// Width returns how many cells a text takes, styled or not.
func Width(s string) int {
	if plain(s) {
		return len(s)
	}
	return ansi.StringWidth(s)
}

// plain reports whether every byte takes one cell, which most text does.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// Clip cuts a text to at most w cells and marks that it did.
func Clip(s string, w int) string {
	if w <= 0 {
		return ""
	}
	if plain(s) {
		if len(s) <= w {
			return s
		}
		return s[:w-1] + ellipsis
	}
	return ansi.Truncate(s, w, ellipsis)
}

// ClipMiddle cuts a text to at most w cells in its middle: for names that are
// told apart by their ends.
func ClipMiddle(s string, w int) string {
	n := Width(s)
	if n <= w || w < 3 {
		return Clip(s, w)
	}
	left := w / 2
	return cutTo(s, 0, left) + ellipsis + cutTo(s, n-(w-1-left), n)
}

// Fit cuts or fills a text to exactly w cells.
func Fit(s string, w int) string {
	if w <= 0 {
		return ""
	}
	s = Clip(s, w)
	return s + Spaces(w-Width(s))
}

// FitRight fills on the left: for numbers.
func FitRight(s string, w int) string {
	if w <= 0 {
		return ""
	}
	s = Clip(s, w)
	return Spaces(w-Width(s)) + s
}

const manySpaces = "                                                                                                                                "

// Spaces returns n spaces, none for a negative n.
func Spaces(n int) string {
	switch {
	case n <= 0:
		return ""
	case n <= len(manySpaces):
		return manySpaces[:n]
	default:
		return strings.Repeat(" ", n)
	}
}

// Ends puts one text at the left and one at the right of a line of exactly w
// cells. The left one gives way first.
func Ends(left, right string, w int) string {
	rw := Width(right)
	if rw >= w {
		return Fit(right, w)
	}
	if rw == 0 {
		return Fit(left, w)
	}
	return Fit(left, w-rw-1) + " " + right
}

// Fill returns exactly h lines, each exactly w cells wide.
func Fill(lines []string, w, h int) []string {
	out := make([]string, max(h, 0))
	for i := range out {
		if i < len(lines) {
			out[i] = Fit(lines[i], w)
		} else {
			out[i] = Spaces(w)
		}
	}
	return out
}

// Wrap breaks a text at words into lines of at most w cells.
func Wrap(s string, w int) []string {
	if w <= 0 {
		return nil
	}
	return strings.Split(ansi.Wrap(s, w, ""), "\n")
}

// OneLine makes a text safe and flat: what a terminal would obey or hide is
// dropped, line breaks and tabs become spaces. For titles, clipboards and
// pasted text.
func OneLine(s string) string {
	return strings.Join(strings.Fields(Harmless(s)), " ")
}

// Harmless drops what a terminal would obey or hide and keeps line breaks; tabs
// become spaces.
func Harmless(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ", "\u2028", "\n", "\u2029", "\n").Replace(ansi.Strip(s))
	return strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar) {
			return -1
		}
		return r
	}, s)
}

// cutTo returns the cells from..to of a styled line, as wide as that even when
// a wide letter stood across an edge.
func cutTo(s string, from, to int) string {
	if to <= from {
		return ""
	}
	return Fit(ansi.Cut(s, from, to), to-from)
}
