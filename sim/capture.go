package sim

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
)

// asCaptured is a side of a document as the camera got it: on paper, from a
// screen, with a note on it, blurred or with a reflection, as the checks say.
func (t *capture) asCaptured(img *image.RGBA, sharp, light int) {
	if t.fake {
		each(img, misprinted)
	}
	if t.paper {
		each(img, photocopied)
	}
	if t.screen {
		each(img, screened)
	}
	b := img.Bounds()
	c := &canvas{img: img, m: matrix{1, 0, 0, 0, 1, 0}}
	w, h := float64(b.Dx()), float64(b.Dy())
	if t.postit {
		c.fill(rgb(0xf7e36a), straight(point{w * 0.62, h * 0.5}, point{w * 0.84, h * 0.47}, point{w * 0.86, h * 0.8}, point{w * 0.64, h * 0.83}))
	}
	if light < 50 {
		glareOn(img, w*0.6, h*0.42, w*(0.42-float64(light)/250))
	}
	if sharp < 50 {
		blur(img, 1+(50-sharp)/11)
	}
}

// each rewrites every pixel.
func each(img *image.RGBA, to func(x, y int, c color.RGBA) color.RGBA) {
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		line := img.Pix[img.PixOffset(b.Min.X, y) : img.PixOffset(b.Max.X-1, y)+4]
		for i := 0; i < len(line); i += 4 {
			c := to(b.Min.X+i/4, y, color.RGBA{line[i], line[i+1], line[i+2], 255})
			line[i], line[i+1], line[i+2] = c.R, c.G, c.B
		}
	}
}

// misprinted has the colours of a cheap printer.
func misprinted(_, _ int, c color.RGBA) color.RGBA {
	return color.RGBA{uint8(70 + int(c.R)*7/10), uint8(20 + int(c.G)*8/10), uint8(60 + int(c.B)*6/10), 255}
}

// photocopied is grey and coarse, with a fold.
func photocopied(x, y int, c color.RGBA) color.RGBA {
	v := (299*int(c.R) + 587*int(c.G) + 114*int(c.B)) / 1000
	v = 30 + v*205/255
	if (x+y)%4 == 0 {
		v += 12
	}
	if d := x - 430 - y/30; d > -2 && d < 2 {
		v -= 40
	}
	n := uint8(max(0, min(v, 255)))
	return color.RGBA{n, n, n, 255}
}

// screened has the stripes of a photographed screen.
func screened(x, y int, c color.RGBA) color.RGBA {
	wave := 0.86 + 0.14*math.Sin(float64(x)*0.9+float64(y)*0.24)
	if y%3 == 0 {
		wave *= 0.84
	}
	return color.RGBA{uint8(float64(c.R) * wave * 0.92), uint8(float64(c.G) * wave), uint8(min(float64(c.B)*wave*1.08, 255)), 255}
}

// lit makes a picture darker or brighter; 1 leaves it.
func lit(img *image.RGBA, light float64) {
	var level [256]uint8
	for i := range level {
		level[i] = uint8(min(float64(i)*light, 255))
	}
	each(img, func(_, _ int, c color.RGBA) color.RGBA { return color.RGBA{level[c.R], level[c.G], level[c.B], 255} })
}

// glareOn is a reflection that hides what is under it.
func glareOn(img *image.RGBA, cx, cy, r float64) {
	area := image.Rect(int(cx-r), int(cy-r), int(cx+r), int(cy+r)).Intersect(img.Bounds())
	sub, _ := img.SubImage(area).(*image.RGBA) // that of an RGBA is one
	each(sub, func(x, y int, c color.RGBA) color.RGBA {
		dx, dy := (float64(x)-cx)/r, (float64(y)-cy)/(0.7*r)
		far := dx*dx + dy*dy
		if far >= 1 {
			return c
		}
		return mixed(c, color.RGBA{255, 255, 250, 255}, min(1.5*(1-far), 1))
	})
}

// blur is a box blur, twice: near to that of a lens.
func blur(img *image.RGBA, radius int) {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	buf := make([]uint8, len(img.Pix))
	for range 2 {
		copy(buf, img.Pix)
		for y := range h {
			smear(buf[y*img.Stride:], img.Pix[y*img.Stride:], w, 4, 4, radius)
		}
		copy(buf, img.Pix)
		smear(buf, img.Pix, h, img.Stride, 4*w, radius)
	}
}

// smear writes to every one of n groups of bytes, stride apart, the mean of
// those around it.
func smear(from, to []uint8, n, stride, group, radius int) {
	sums := make([]uint32, group)
	each := uint32(1<<16/(2*radius+1)) + 1 // a division by multiplying
	near := func(i int) []uint8 { return from[max(0, min(i, n-1))*stride:][:group] }
	for i := -radius; i <= radius; i++ {
		for j, v := range near(i) {
			sums[j] += uint32(v)
		}
	}
	for i := range n {
		out, in, gone := to[i*stride:][:group], near(i+radius+1), near(i-radius)
		for j := range out {
			out[j] = uint8(min(sums[j]*each>>16, 255))
			sums[j] += uint32(in[j]) - uint32(gone[j])
		}
	}
}

// onTable is a picture that lies on something, a little turned.
func onTable(img *image.RGBA, w, h int, share, degrees float64, table color.RGBA) *image.RGBA {
	c := newCanvas(w, h, table)
	fw, fh := float64(w), float64(h)
	for i := range 7 { // grain of wood
		y := fh * (float64(i) + 0.5) / 7
		c.curve(3, thin(rgb(0x000000), 0.08), func(t float64) point { return point{fw * t, y + 14*math.Sin(t*5+float64(i))} }, 24)
	}
	b := img.Bounds()
	iw, ih := float64(b.Dx()), float64(b.Dy())
	scale := min(fw*share/iw, fh*share/ih)
	m := turned(iw, ih, degrees, scale, fw/2-iw/2, fh/2-ih/2)
	c.m = m
	c.rect(10, 12, iw, ih, thin(rgb(0x000000), 0.35))
	draw.ApproxBiLinear.Transform(c.img, f64.Aff3{m.a, m.b, m.c, m.d, m.e, m.f}, img, b, draw.Over, nil)
	return c.img
}
