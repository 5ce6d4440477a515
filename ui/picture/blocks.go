package picture

import (
	"image"
	"strconv"
	"strings"

	"github.com/charmbracelet/colorprofile"
)

// Colours are what the terminal has of them.
type Colours struct {
	Profile colorprofile.Profile
	Light   bool // its ground
	Remote  bool // bytes to it are dear
}

// HalfBlocks draws what is seen of the picture into the box without any graphics of
// the terminal: in half blocks of the colours it has, or in shades without
// colour. It returns one line a row, each exactly as wide as the box.
func HalfBlocks(m *Image, v View, b Box, c Colours) []string {
	if b.W <= 0 || b.H <= 0 {
		return nil
	}
	p := place(m, v, b)
	pix := m.pixels(p, p.cells.Dx(), 2*p.cells.Dy())
	rows := make([]string, p.cells.Dy())
	switch c.Profile {
	case colorprofile.TrueColor:
		trueRows(rows, pix, c.Remote)
	case colorprofile.ANSI256:
		blockRows(rows, pix, dither(pix, palette256()))
	case colorprofile.ANSI:
		blockRows(rows, pix, dither(pix, palette16()))
	default:
		shadeRows(rows, pix, c.Light)
	}
	return inBox(rows, p)
}

// inBox puts the rows of a picture into the middle of its box.
func inBox(rows []string, p placed) []string {
	blank := strings.Repeat(" ", p.box.W)
	left := blank[:p.cells.Min.X]
	right := blank[:p.box.W-p.cells.Max.X]
	lines := make([]string, p.box.H)
	for y := range lines {
		if y < p.cells.Min.Y || y >= p.cells.Max.Y {
			lines[y] = blank
			continue
		}
		lines[y] = left + rows[y-p.cells.Min.Y] + right
	}
	return lines
}

// ink is how the pixels of a picture are named in SGR. Two pixels of the same
// code look the same.
type ink interface {
	code(pix *image.RGBA, x, y int) uint32
	// like returns a colour of the pen if it will do for this one.
	like(code, pen uint32) uint32
	fore(b []byte, code uint32) []byte
	back(b []byte, code uint32) []byte
}

const (
	reset    = "\x1b[m"
	noColour = 1 << 31 // no pixel has this code
)

// blockRows writes two pixels a cell: the upper half block in the colour of the
// upper pixel on the colour of the lower one.
func blockRows(rows []string, pix *image.RGBA, k ink) {
	var b []byte
	for row := range rows {
		b = b[:0]
		fore, back := uint32(noColour), uint32(noColour)
		for x := range pix.Rect.Dx() {
			top, low := k.like(k.code(pix, x, 2*row), fore), k.like(k.code(pix, x, 2*row+1), back)
			glyph := "▀"
			switch {
			case top == low && top == fore && low != back:
				glyph, low = "█", back
			case top == low:
				glyph, top = " ", fore
			case top != fore && low != back && (top == back || low == fore):
				glyph, top, low = "▄", low, top
			}
			b = sgr(b, k, top, fore, low, back)
			fore, back = top, low
			b = append(b, glyph...)
		}
		b = append(b, reset...)
		rows[row] = string(b)
	}
}

// sgr changes what must change of the two colours.
func sgr(b []byte, k ink, fore, wasFore, back, wasBack uint32) []byte {
	if fore == wasFore && back == wasBack {
		return b
	}
	b = append(b, "\x1b["...)
	if fore != wasFore {
		b = k.fore(b, fore)
	}
	if back != wasBack {
		if fore != wasFore {
			b = append(b, ';')
		}
		b = k.back(b, back)
	}
	return append(b, 'm')
}

// remoteCell is how many bytes a cell may need on average where bytes are dear.
const remoteCell = 12

// trueRows writes half blocks of 24-bit colours; where bytes are dear, with as
// much of a step between neighbours as it takes.
func trueRows(rows []string, pix *image.RGBA, remote bool) {
	const step, most = 6, 24
	for off := int32(0); off <= most; off += step {
		blockRows(rows, pix, trueColour{off: off})
		total := 0
		for _, r := range rows {
			total += len(r)
		}
		if !remote || total <= remoteCell*len(rows)*pix.Rect.Dx() {
			return
		}
	}
}

// trueColour names pixels by their red, green and blue. Colours that differ by
// no more than off in each count as the same.
type trueColour struct{ off int32 }

func (trueColour) code(pix *image.RGBA, x, y int) uint32 {
	p := pix.Pix[y*pix.Stride+4*x:]
	return uint32(p[0])<<16 | uint32(p[1])<<8 | uint32(p[2])
}

func (k trueColour) like(code, pen uint32) uint32 {
	if k.off == 0 || pen == noColour {
		return code
	}
	for shift := 0; shift <= 16; shift += 8 {
		d := int32(code>>shift&0xFF) - int32(pen>>shift&0xFF)
		if d > k.off || d < -k.off {
			return code
		}
	}
	return pen
}

func (trueColour) fore(b []byte, code uint32) []byte { return rgb(append(b, "38;2;"...), code) }
func (trueColour) back(b []byte, code uint32) []byte { return rgb(append(b, "48;2;"...), code) }

func rgb(b []byte, code uint32) []byte {
	b = strconv.AppendUint(b, uint64(code>>16&0xFF), 10)
	b = append(b, ';')
	b = strconv.AppendUint(b, uint64(code>>8&0xFF), 10)
	b = append(b, ';')
	return strconv.AppendUint(b, uint64(code&0xFF), 10)
}
