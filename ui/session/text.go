package session

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

const ellipsis = "…"

// clip cuts a styled text to w cells and marks that it did.
func clip(s string, w int) string {
	if w <= 0 {
		return ""
	}
	return ansi.Truncate(s, w, ellipsis)
}

// fit cuts or fills a styled text to exactly w cells.
func fit(s string, w int) string {
	if w <= 0 {
		return ""
	}
	n := ansi.StringWidth(s)
	if n > w {
		s = ansi.Truncate(s, w, ellipsis)
		n = ansi.StringWidth(s)
	}
	return s + spaces(w-n)
}

// fitRight fills on the left: for numbers.
func fitRight(s string, w int) string {
	s = clip(s, w)
	return spaces(w-ansi.StringWidth(s)) + s
}

func spaces(n int) string {
	if n <= 0 {
		return ""
	}
	return strings.Repeat(" ", n)
}

// oneLine joins the lines of a value that has several, as addresses have.
func oneLine(s string) string {
	if !strings.ContainsRune(s, '\n') {
		return s
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '\n' })
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return strings.Join(parts, " / ")
}

// wrap breaks an unstyled text into lines of w cells, at most limit of them
// (0: any number); a cut text ends in an ellipsis.
func wrap(s string, w, limit int) []string {
	if w <= 0 || s == "" {
		return nil
	}
	lines := strings.Split(ansi.Wrap(s, w, ""), "\n")
	if limit > 0 && len(lines) > limit {
		rest := strings.Join(lines[limit-1:], " ")
		lines = append(lines[:limit-1], clip(rest, w))
	}
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return lines
}

// shortID shortens a long id so that two of them can still be told apart.
func shortID(id string) string {
	r := []rune(id)
	if len(r) <= 14 {
		return id
	}
	return string(r[:8]) + ellipsis + string(r[len(r)-4:])
}

// count writes a number with its noun: "1 fail", "2 notes".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return itoa(n) + " " + many
}
