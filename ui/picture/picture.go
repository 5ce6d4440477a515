// Package picture shows pictures in a terminal: it decodes them within a bound,
// asks the terminal what it can do, and draws by the Kitty protocol with Unicode
// placeholders, by iTerm2's or by Sixel, or as half blocks at any colour depth.
//
// A root owns one [Screen] and one [Decoder]. A page decodes in a command, calls
// [Screen.Draw] in its View, and says in [Screen.Place] which pictures are in the
// frame, so that what a terminal holds is sent once and freed.
package picture

import (
	"image"

	"docket/model"
)

// Image is a decoded picture: upright, opaque, at most workSide pixels a side.
// It does not change and may be used by several goroutines.
type Image struct {
	Ref    model.PictureRef
	SHA256 string
	Width  int // in pixels, upright, before it was made smaller
	Height int

	levels []*image.RGBA // each half as wide and high as the one before
}

// size is the working size.
func (m *Image) size() image.Point { return m.levels[0].Rect.Size() }

// bytes is what the picture needs in memory.
func (m *Image) bytes() int64 {
	var n int64
	for _, l := range m.levels {
		n += int64(len(l.Pix))
	}
	return n
}

// smallest is the side under which a smaller level is of no use.
const smallest = 32

// newImage makes the smaller levels of a picture, so that drawing costs what is
// drawn and not what was sent.
func newImage(p model.Picture, full image.Point, pixels *image.RGBA) *Image {
	m := &Image{Ref: p.Ref, SHA256: p.SHA256, Width: full.X, Height: full.Y, levels: []*image.RGBA{pixels}}
	for l := pixels; l.Rect.Dx() >= 2*smallest && l.Rect.Dy() >= 2*smallest; {
		l = halve(l)
		m.levels = append(m.levels, l)
	}
	return m
}

// halve returns the picture at half its size: each pixel the mean of four.
func halve(src *image.RGBA) *image.RGBA {
	w, h := src.Rect.Dx()/2, src.Rect.Dy()/2
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	inBands(h, func(from, to int) { halveRows(dst, src, from, to) })
	return dst
}

func halveRows(dst, src *image.RGBA, from, to int) {
	w := dst.Rect.Dx()
	for y := from; y < to; y++ {
		top := src.Pix[2*y*src.Stride:]
		low := src.Pix[(2*y+1)*src.Stride:]
		out := dst.Pix[y*dst.Stride : y*dst.Stride+4*w]
		for i := 0; i < len(out); i += 4 {
			t, l, o := top[2*i:2*i+8:2*i+8], low[2*i:2*i+8:2*i+8], out[i:i+4:i+4]
			o[0] = byte((uint(t[0]) + uint(t[4]) + uint(l[0]) + uint(l[4]) + 2) / 4)
			o[1] = byte((uint(t[1]) + uint(t[5]) + uint(l[1]) + uint(l[5]) + 2) / 4)
			o[2] = byte((uint(t[2]) + uint(t[6]) + uint(l[2]) + uint(l[6]) + 2) / 4)
			o[3] = 0xFF
		}
	}
}
