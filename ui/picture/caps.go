package picture

import (
	"fmt"
	"strings"
)

// Protocol is a way of showing pictures.
type Protocol string

// The ways there are.
const (
	Kitty  Protocol = "kitty"
	ITerm  Protocol = "iterm"
	Sixel  Protocol = "sixel"
	Blocks Protocol = "blocks"
	None   Protocol = "none" // pictures are not shown
	// Auto is only a choice: the best that the terminal is known to do.
	Auto Protocol = "auto"
)

// Protocols are the words of the setting.
func Protocols() []Protocol { return []Protocol{Auto, Kitty, ITerm, Sixel, Blocks, None} }

// ParseProtocol reads the setting; an empty word is auto.
func ParseProtocol(s string) (Protocol, error) {
	if s == "" {
		return Auto, nil
	}
	words := make([]string, 0, len(Protocols()))
	for _, p := range Protocols() {
		if string(p) == s {
			return p, nil
		}
		words = append(words, string(p))
	}
	return "", fmt.Errorf("picture is %q, not one of %s", s, strings.Join(words, ", "))
}

// Caps is what the terminal can do with pictures.
type Caps struct {
	Protocol Protocol // never Auto
	Cell     Cell
	Terminal string // what it calls itself, if it does
}
