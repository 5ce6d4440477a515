// Package qr writes QR codes in letters of a terminal, two modules one above the other
// in each.
package qr

import (
	"errors"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// Code is a QR code.
type Code struct {
	size int // modules in a row
	dark []bool
}

// New returns the smallest code of a text. The lowest level of correction is enough on
// a screen, which has no scratches; it is an error when the text does not fit in any.
func New(text string) (Code, error) {
	made, err := qr.Encode(text, qr.L, qr.Auto)
	if err != nil {
		return Code{}, errors.New("the text is too long for a QR code") // the cause quotes the text
	}
	c := Code{size: made.Bounds().Dx()}
	for y := range c.size {
		for x := range c.size {
			r, _, _, _ := made.At(x, y).RGBA()
			c.dark = append(c.dark, r == 0)
		}
	}
	return c, nil
}

// Quiet is how many light modules belong around a code, by the standard; Least is what
// a camera makes do with on a screen.
const (
	Quiet = 4
	Least = 2
)

// Size returns how many columns and lines the code takes with a light margin.
func (c Code) Size(quiet int) (columns, lines int) {
	n := c.size + 2*quiet
	return n, (n + 1) / 2
}

// Fits returns the margin with which the code fits into a room, and false if none does.
func (c Code) Fits(columns, lines int) (quiet int, ok bool) {
	for quiet := Quiet; quiet >= Least; quiet-- {
		if w, h := c.Size(quiet); w <= columns && h <= lines {
			return quiet, true
		}
	}
	return 0, false
}

// halves are the letters by which of their halves are drawn: the upper, the lower.
var halves = map[[2]bool]string{{false, false}: " ", {true, false}: "▀", {false, true}: "▄", {true, true}: "█"}

// Lines draws the code with a light margin. The dark modules are drawn, for ink that
// is darker than its paper; inverse draws the light ones, for a terminal whose letters
// are lighter than their background.
func (c Code) Lines(quiet int, inverse bool) []string {
	columns, lines := c.Size(quiet)
	out := make([]string, lines)
	for i := range out {
		var b strings.Builder
		for x := range columns {
			b.WriteString(halves[[2]bool{c.at(x-quiet, 2*i-quiet) != inverse, c.at(x-quiet, 2*i+1-quiet) != inverse}])
		}
		out[i] = b.String()
	}
	return out
}

// at reports whether a module is dark; those around the code are not.
func (c Code) at(x, y int) bool {
	return x >= 0 && y >= 0 && x < c.size && y < c.size && c.dark[y*c.size+x]
}
