package session

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"docket/ui/widget"
)

const ellipsis = "…"

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
		lines = append(lines[:limit-1], widget.Clip(rest, w))
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
