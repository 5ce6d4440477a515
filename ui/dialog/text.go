package dialog

import (
	"strings"

	"docket/ui/keymap"
)

func repeat(s string, n int) string { return strings.Repeat(s, max(n, 0)) }

func lines(s string) []string { return strings.Split(strings.TrimRight(s, "\n"), "\n") }

// hint is a key in the footer of a dialog. It is not in the registry: it means
// something in that dialog only.
func hint(key, short string) keymap.Action {
	return keymap.Action{Keys: []string{key}, Short: short}
}
