package sim

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/vector"
)

// point is a place on a canvas.
type point struct{ x, y float64 }

// matrix maps the units that a shape is drawn in to pixels.
type matrix struct{ a, b, c, d, e, f float64 }

func (m matrix) at(p point) point { return point{m.a*p.x + m.b*p.y + m.c, m.d*p.x + m.e*p.y + m.f} }

// turned is the matrix that turns (degrees) around the middle, enlarges and
// moves what is w by h.
func turned(w, h, degrees, scale, dx, dy float64) matrix {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	a, b, d, e := scale*cos, -scale*sin, scale*sin, scale*cos
	return matrix{a, b, w/2 + dx - a*w/2 - b*h/2, d, e, h/2 + dy - d*w/2 - e*h/2}
}

// canvas draws filled shapes with smooth edges.
type canvas struct {
	img *image.RGBA
	m   matrix
	r   vector.Rasterizer
	buf sfnt.Buffer

	shape []uint8 // of the last outline, for the next one
}

func newCanvas(w, h int, fill color.RGBA) *canvas {
	return on(image.NewRGBA(image.Rect(0, 0, w, h)), fill)
}

// on is a canvas over a picture, filled; units are its pixels.
func on(img *image.RGBA, fill color.RGBA) *canvas {
	b := img.Bounds()
	draw.Draw(img, b, &image.Uniform{fill}, image.Point{}, draw.Src)
	return &canvas{img: img, m: matrix{1, 0, float64(b.Min.X), 0, 1, float64(b.Min.Y)}}
}

// part is a rectangle of the canvas as a canvas of its own: nothing that is
// drawn there leaves it.
func (c *canvas) part(x, y, w, h int, fill color.RGBA) *canvas {
	sub, _ := c.img.SubImage(image.Rect(x, y, x+w, y+h)).(*image.RGBA) // that of an RGBA is one
	return on(sub, fill)
}

// step is one piece of an outline: a line to its only point, or a curve of two
// or three points; move starts anew.
type step struct {
	move bool
	to   []point
}

// fill draws an outline in one colour. Only the part of the canvas that the
// outline touches is worked on.
func (c *canvas) fill(col color.Color, path []step) {
	var box [4]float64 // left, top, right, bottom
	box[0], box[1], box[2], box[3] = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	placed := make([]step, len(path))
	for i, s := range path {
		to := make([]point, len(s.to))
		for j, p := range s.to {
			p = c.m.at(p)
			to[j] = p
			box[0], box[1] = min(box[0], p.x), min(box[1], p.y)
			box[2], box[3] = max(box[2], p.x), max(box[3], p.y)
		}
		placed[i] = step{s.move, to}
	}
	if len(path) == 0 {
		return
	}
	area := image.Rect(int(math.Floor(box[0])), int(math.Floor(box[1])), int(math.Ceil(box[2])), int(math.Ceil(box[3]))).Intersect(c.img.Bounds())
	if area.Empty() {
		return
	}
	c.r.Reset(area.Dx(), area.Dy())
	for _, s := range placed {
		c.trace(s, area.Min)
	}
	c.r.ClosePath()
	c.r.DrawOp = draw.Src
	mask := c.mask(area.Dx(), area.Dy())
	c.r.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	draw.DrawMask(c.img, area, &image.Uniform{col}, image.Point{}, mask, image.Point{}, draw.Over)
}

// mask is room for the shape of an outline: filling through it is quicker than
// filling at once.
func (c *canvas) mask(w, h int) *image.Alpha {
	if len(c.shape) < w*h {
		c.shape = make([]uint8, w*h)
	}
	return &image.Alpha{Pix: c.shape[:w*h], Stride: w, Rect: image.Rect(0, 0, w, h)}
}

func (c *canvas) trace(s step, origin image.Point) {
	at := func(i int) (float32, float32) {
		return float32(s.to[i].x - float64(origin.X)), float32(s.to[i].y - float64(origin.Y))
	}
	ax, ay := at(0)
	switch {
	case s.move:
		c.r.ClosePath()
		c.r.MoveTo(ax, ay)
	case len(s.to) == 1:
		c.r.LineTo(ax, ay)
	case len(s.to) == 2:
		bx, by := at(1)
		c.r.QuadTo(ax, ay, bx, by)
	default:
		bx, by := at(1)
		ex, ey := at(2)
		c.r.CubeTo(ax, ay, bx, by, ex, ey)
	}
}

// round is a closed smooth line through points (Catmull-Rom).
func round(points ...point) []step {
	n := len(points)
	path := []step{{true, points[:1]}}
	for i := range n {
		before, from, to, after := points[(i+n-1)%n], points[i], points[(i+1)%n], points[(i+2)%n]
		one := point{from.x + (to.x-before.x)/6, from.y + (to.y-before.y)/6}
		two := point{to.x - (after.x-from.x)/6, to.y - (after.y-from.y)/6}
		path = append(path, step{to: []point{one, two, to}})
	}
	return path
}

// straight is a closed line with corners.
func straight(points ...point) []step {
	path := []step{{true, points[:1]}}
	for i := range points[1:] {
		path = append(path, step{to: points[i+1 : i+2]})
	}
	return path
}

func (c *canvas) ellipse(x, y, rx, ry float64, col color.Color) {
	const k = 0.5523
	c.fill(col, []step{
		{true, []point{{x + rx, y}}},
		{to: []point{{x + rx, y + k*ry}, {x + k*rx, y + ry}, {x, y + ry}}},
		{to: []point{{x - k*rx, y + ry}, {x - rx, y + k*ry}, {x - rx, y}}},
		{to: []point{{x - rx, y - k*ry}, {x - k*rx, y - ry}, {x, y - ry}}},
		{to: []point{{x + k*rx, y - ry}, {x + rx, y - k*ry}, {x + rx, y}}},
	})
}

func (c *canvas) rect(x, y, w, h float64, col color.Color) {
	if _, solid := col.(color.RGBA); solid && c.m.b == 0 && c.m.d == 0 { // without slanted edges there is a quicker way
		from, to := c.m.at(point{x, y}), c.m.at(point{x + w, y + h})
		area := image.Rect(int(math.Round(from.x)), int(math.Round(from.y)), int(math.Round(to.x)), int(math.Round(to.y)))
		draw.Draw(c.img, area, &image.Uniform{col}, image.Point{}, draw.Src)
		return
	}
	c.fill(col, straight(point{x, y}, point{x + w, y}, point{x + w, y + h}, point{x, y + h}))
}

// stroke is a line of a width between two points.
func (c *canvas) stroke(from, to point, width float64, col color.Color) {
	dx, dy := to.x-from.x, to.y-from.y
	n := math.Hypot(dx, dy)
	if n == 0 {
		return
	}
	ox, oy := -dy/n*width/2, dx/n*width/2
	c.fill(col, straight(point{from.x + ox, from.y + oy}, point{to.x + ox, to.y + oy}, point{to.x - ox, to.y - oy}, point{from.x - ox, from.y - oy}))
}

// curve is a line of a width through points.
func (c *canvas) curve(width float64, col color.Color, at func(t float64) point, pieces int) {
	var one, two []point
	for i := range pieces + 1 {
		t := float64(i) / float64(pieces)
		p, q := at(t), at(t+0.001)
		n := max(math.Hypot(q.x-p.x, q.y-p.y), 1e-9)
		ox, oy := -(q.y-p.y)/n*width/2, (q.x-p.x)/n*width/2
		one = append(one, point{p.x + ox, p.y + oy})
		two = append([]point{{p.x - ox, p.y - oy}}, two...)
	}
	c.fill(col, straight(append(one, two...)...))
}

// text writes a line with its foot at y and returns where it ended. Wider than
// the limit (0: none), it is written smaller.
func (c *canvas) text(f *sfnt.Font, x, y, size, limit float64, col color.Color, s string) float64 {
	path, width := c.outline(f, s)
	if limit > 0 && width/unit*size > limit {
		size = limit / width * unit
	}
	scale := size / unit
	for i := range path {
		for j, p := range path[i].to {
			path[i].to[j] = point{x + p.x*scale, y + p.y*scale}
		}
	}
	c.fill(col, path)
	return x + width*scale
}

// unit is the size that outlines are asked for: large, so that their steps are
// fine.
const unit = 64

// outline is a line of text of that size as shapes, and its width. Letters that
// the typeface does not have are left out.
func (c *canvas) outline(f *sfnt.Font, s string) (path []step, width float64) {
	const ppem = unit << 6 // sfnt counts in 64ths
	for _, r := range s {
		glyph, err := f.GlyphIndex(&c.buf, r)
		if err != nil || glyph == 0 {
			continue
		}
		shapes, err := f.LoadGlyph(&c.buf, glyph, ppem, nil)
		if err != nil {
			continue
		}
		for _, seg := range shapes {
			path = append(path, glyphStep(seg, width))
		}
		if advance, err := f.GlyphAdvance(&c.buf, glyph, ppem, font.HintingNone); err == nil {
			width += float64(advance) / 64
		}
	}
	return path, width
}

func glyphStep(seg sfnt.Segment, x float64) step {
	points := [...]int{sfnt.SegmentOpMoveTo: 1, sfnt.SegmentOpLineTo: 1, sfnt.SegmentOpQuadTo: 2, sfnt.SegmentOpCubeTo: 3}
	s := step{move: seg.Op == sfnt.SegmentOpMoveTo}
	for _, p := range seg.Args[:points[seg.Op]] {
		s.to = append(s.to, point{x + float64(p.X)/64, float64(p.Y) / 64})
	}
	return s
}

// writable says whether a typeface has all letters of a text.
func writable(f *sfnt.Font, s string) bool {
	var buf sfnt.Buffer
	for _, r := range s {
		if glyph, err := f.GlyphIndex(&buf, r); err != nil || glyph == 0 {
			return false
		}
	}
	return true
}

// rgb makes a colour of its usual six digits.
func rgb(n uint32) color.RGBA { return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255} }

// mixed is a colour on its way to another one: 0 the first, 1 the second.
func mixed(a, b color.RGBA, t float64) color.RGBA {
	mix := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*t) }
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// thin is a colour that lets what is under it through: 0 all, 1 nothing.
func thin(c color.RGBA, alpha float64) color.NRGBA {
	return color.NRGBA{c.R, c.G, c.B, uint8(255 * alpha)}
}
