package widget

import (
	"slices"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// steps returns how often a key must be given to an editor that goes by code
// points, so that it goes by letters: by what a person sees as one, with its
// marks. The cursor is at a place in a line, counted in code points.
func steps(keys textinput.KeyMap, msg tea.KeyPressMsg, line string, at int) int {
	switch {
	case key.Matches(msg, keys.CharacterBackward, keys.DeleteCharacterBackward):
		before, _ := around(line, at)
		return max(at-before, 1)
	case key.Matches(msg, keys.CharacterForward, keys.DeleteCharacterForward):
		_, after := around(line, at)
		return max(after-at, 1)
	default:
		return 1
	}
}

// inside returns how far the end of the letter is whose inside a place is; 0:
// the place is between letters.
func inside(line string, at int) int {
	ends := edges(line)
	i, between := slices.BinarySearch(ends, at)
	if between || i == len(ends) {
		return 0
	}
	return ends[i] - at
}

// around returns the nearest edges of letters before and after a place.
func around(line string, at int) (before, after int) {
	ends := edges(line)
	i, between := slices.BinarySearch(ends, at)
	before = ends[max(i-1, 0)]
	if between {
		i++
	}
	return before, ends[min(i, len(ends)-1)]
}

// edges returns the places in a line at which a letter begins or ends, in code
// points.
func edges(line string) []int {
	at := 0
	out := []int{0}
	for line != "" {
		letter, _ := ansi.FirstGraphemeCluster(line, ansi.GraphemeWidth)
		at += utf8.RuneCountInString(letter)
		out = append(out, at)
		line = line[len(letter):]
	}
	return out
}
