package picture

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/colorprofile"
)

// Forecast says in words which way of showing pictures a terminal will get, and
// why, as far as that is known without asking it.
func Forecast(o Options, colours colorprofile.Profile) string {
	d := newDetection(o)
	d.colours = colours
	if d.choice == None {
		return "none"
	}
	if d.choice != Auto {
		return d.told(d.caps().Protocol)
	}
	if !d.asks() {
		return fmt.Sprintf("%s (%s)", blocksIn(colours), d.silent())
	}
	// As if it answered, and took whatever it is asked for.
	d.answered, d.graphics = true, true
	switch way := d.caps().Protocol; way {
	case Kitty:
		return ways[Kitty] + ", once the terminal has said that it takes them"
	case ITerm:
		return ways[ITerm]
	}
	return blocksIn(colours) + ", unless the terminal says that it can do better"
}

// ways are the protocols in words.
var ways = map[Protocol]string{Kitty: "Kitty's graphics", ITerm: "iTerm2's pictures", Sixel: "sixel"}

// told is what follows from a choice that leaves nothing open.
func (d *detection) told(way Protocol) string {
	switch {
	case way == d.choice && way != Blocks && d.multiplexed():
		return fmt.Sprintf("%s, which %s has to pass on", ways[way], d.multiplexer())
	case way == d.choice && way != Blocks:
		return ways[way]
	case way == d.choice:
		return blocksIn(d.colours)
	}
	return fmt.Sprintf("%s (%s need 256 colours)", blocksIn(d.colours), ways[d.choice])
}

// silent says why a terminal is not asked.
func (d *detection) silent() string {
	if d.multiplexed() {
		return d.multiplexer() + " does not pass pictures on"
	}
	return "TERM is " + plain(d.env["TERM"])
}

func (d *detection) multiplexer() string {
	if d.env["TMUX"] != "" || strings.HasPrefix(d.env["TERM"], "tmux") {
		return "tmux"
	}
	return "screen"
}

// blocksIn are half blocks in the colours there are.
func blocksIn(colours colorprofile.Profile) string {
	switch colours {
	case colorprofile.TrueColor:
		return "half blocks, 16 million colours"
	case colorprofile.ANSI256:
		return "half blocks, 256 colours"
	case colorprofile.ANSI:
		return "half blocks, 16 colours"
	}
	return "shades, without colour"
}
