package svg

import (
	"fmt"
	"image/color"

	"github.com/charmbracelet/x/ansi"
)

// cell is one place on the screen: a character, nothing behind a wide one, or
// a blank.
type cell struct {
	text  string
	style style
}

// style is how a cell looks. Colours are #rrggbb; empty is the terminal's own.
type style struct {
	fore, back               string
	bold, underline, reverse bool
}

// switches are the SGR parameters that only turn something on or off.
var switches = map[int]func(*style){
	0:  func(s *style) { *s = style{} },
	1:  func(s *style) { s.bold = true },
	4:  func(s *style) { s.underline = true },
	7:  func(s *style) { s.reverse = true },
	22: func(s *style) { s.bold = false },
	24: func(s *style) { s.underline = false },
	27: func(s *style) { s.reverse = false },
	39: func(s *style) { s.fore = "" },
	49: func(s *style) { s.back = "" },
}

// after returns the style behind an SGR sequence. What pictures have no use
// for, such as blinking, is passed over.
func (s style) after(params ansi.Params) style {
	if len(params) == 0 {
		return style{}
	}
	for i := 0; i < len(params); i++ {
		n := params[i].Param(0)
		if turn, ok := switches[n]; ok {
			turn(&s)
			continue
		}
		i += s.colour(params[i:], n)
	}
	return s
}

// colour takes a colour and returns how many further parameters it had.
func (s *style) colour(params ansi.Params, n int) (more int) {
	at := &s.fore
	if n >= 40 && n <= 48 || n >= 100 {
		at = &s.back
	}
	switch {
	case n == 38 || n == 48:
		var c color.Color
		if used := ansi.ReadStyleColor(params, &c); used > 0 {
			*at = hex(c)
			return used - 1
		}
	case n >= 30 && n <= 47:
		*at = hex(ansi.BasicColor(n % 10))
	case n >= 90 && n <= 107:
		*at = hex(ansi.BasicColor(n%10 + 8))
	}
	return 0
}

// colours returns what the cell is drawn with.
func (s style) colours(l Look) (fore, back string) {
	fore, back = s.fore, s.back
	if fore == "" {
		fore = l.Text
	}
	if back == "" {
		back = l.Background
	}
	if s.reverse {
		return back, fore
	}
	return fore, back
}

func (s style) weight() string {
	if s.bold {
		return " b"
	}
	return ""
}

func hex(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

// arms are the lines of a frame's character from its middle, by thickness in
// pixels.
type arms struct{ left, right, up, down float64 }

// The thickness of lines.
const (
	thin  = 1.2
	heavy = 2.4
)

var frames = map[rune]arms{
	'─': {thin, thin, 0, 0}, '│': {0, 0, thin, thin},
	'┌': {0, thin, 0, thin}, '┐': {thin, 0, 0, thin}, '└': {0, thin, thin, 0}, '┘': {thin, 0, thin, 0},
	'╭': {0, thin, 0, thin}, '╮': {thin, 0, 0, thin}, '╰': {0, thin, thin, 0}, '╯': {thin, 0, thin, 0},
	'├': {0, thin, thin, thin}, '┤': {thin, 0, thin, thin}, '┬': {thin, thin, 0, thin}, '┴': {thin, thin, thin, 0},
	'┼': {thin, thin, thin, thin},
	'━': {heavy, heavy, 0, 0}, '┃': {0, 0, heavy, heavy},
	'┏': {0, heavy, 0, heavy}, '┓': {heavy, 0, 0, heavy}, '┗': {0, heavy, heavy, 0}, '┛': {heavy, 0, heavy, 0},
}

// block is how much of a cell a character of a bar fills, and how densely.
type block struct{ width, ink float64 }

var blocks = map[rune]block{
	'█': {1, 1}, '▓': {1, .75}, '▒': {1, .5}, '░': {1, .25}, '▌': {.5, 1},
}
