package picture

import (
	"image"
	"math"

	"golang.org/x/image/draw"
)

// Cell is the size of a terminal's cell in pixels; zero where it is not known.
type Cell struct{ W, H int }

// assumed is the cell of a terminal that does not tell: twice as high as wide.
var assumed = Cell{W: 10, H: 20}

func (c Cell) known() bool { return c.W > 0 && c.H > 0 }

func (c Cell) orAssumed() Cell {
	if c.known() {
		return c
	}
	return assumed
}

// Box is where a picture goes: so many cells of such a size.
type Box struct {
	W, H int
	Cell Cell
}

// maxZoom is the greatest zoom: beyond it there are only single pixels.
const maxZoom = 16

// View is what is seen of a picture. The zero View is the whole picture, upright.
type View struct {
	Zoom    float64 // how many times larger than the whole in its box; below 1 counts as 1
	X, Y    float64 // the middle of what is seen, from the picture's middle, in parts of the turned picture
	Quarter int     // clockwise quarter turns
}

func (v View) zoom() float64 { return min(max(v.Zoom, 1), maxZoom) }

// Turned returns the view with the picture turned clockwise by a number of
// quarters, the whole in sight.
func (v View) Turned(quarters int) View { return View{Quarter: (v.Quarter + quarters) & 3} }

// Fitted returns the view of the whole picture, turned as before.
func (v View) Fitted() View { return View{Quarter: v.Quarter} }

// Zoomed returns the view with the zoom multiplied, so that the point of the
// picture at cell (x, y) of the box stays where it is.
func (v View) Zoomed(m *Image, b Box, x, y, factor float64) View {
	before := place(m, v, b)
	px, py := before.at(x, y)
	v.Zoom = min(max(v.zoom()*factor, 1), maxZoom)
	after := place(m, v, b)
	qx, qy := after.at(x, y)
	v.X, v.Y = after.midX()+px-qx, after.midY()+py-qy
	return place(m, v, b).clamped(v)
}

// Panned returns the view moved by parts of what is seen: 0.1 to the right shows
// the tenth of it that is beyond its right edge.
func (v View) Panned(m *Image, b Box, dx, dy float64) View {
	p := place(m, v, b)
	v.X, v.Y = p.midX()+dx*p.w, p.midY()+dy*p.h
	return place(m, v, b).clamped(v)
}

// placed is a picture in its box.
type placed struct {
	x, y, w, h float64         // what is seen, in parts of the turned picture
	cells      image.Rectangle // where it is drawn in the box
	box        Box
	quarter    int
}

// place computes what is seen, and where in the box: in the middle, in the
// picture's own proportions, clamped to the picture.
func place(m *Image, v View, b Box) placed {
	size := m.size()
	quarter := v.Quarter & 3
	pw, ph := float64(size.X), float64(size.Y)
	if quarter&1 == 1 {
		pw, ph = ph, pw
	}
	cell := b.Cell.orAssumed()
	bw, bh := float64(b.W*cell.W), float64(b.H*cell.H)
	scale := min(bw/pw, bh/ph) * v.zoom()
	p := placed{w: min(1, bw/(pw*scale)), h: min(1, bh/(ph*scale)), box: b, quarter: quarter}
	p.x = min(max(0.5+v.X-p.w/2, 0), 1-p.w)
	p.y = min(max(0.5+v.Y-p.h/2, 0), 1-p.h)
	cols := cells(pw*p.w*scale/float64(cell.W), b.W)
	rows := cells(ph*p.h*scale/float64(cell.H), b.H)
	at := image.Pt((b.W-cols)/2, (b.H-rows)/2)
	p.cells = image.Rectangle{Min: at, Max: at.Add(image.Pt(cols, rows))}
	return p
}

func cells(n float64, limit int) int { return min(max(int(math.Round(n)), 1), limit) }

// at returns the point of the picture under a cell of the box.
func (p placed) at(x, y float64) (float64, float64) {
	x = (x + 0.5 - float64(p.cells.Min.X)) / float64(p.cells.Dx())
	y = (y + 0.5 - float64(p.cells.Min.Y)) / float64(p.cells.Dy())
	return p.x + p.w*min(max(x, 0), 1), p.y + p.h*min(max(y, 0), 1)
}

// midX and midY are the middle of what is seen, from the picture's middle.
func (p placed) midX() float64 { return p.x + p.w/2 - 0.5 }
func (p placed) midY() float64 { return p.y + p.h/2 - 0.5 }

// clamped returns the view with the middle that is really seen.
func (p placed) clamped(v View) View {
	v.X, v.Y = p.midX(), p.midY()
	return v
}

// whole reports whether all of the picture is seen.
func (p placed) whole() bool {
	const all = 1 - 1e-9 // what a division may leave of 1
	return p.w >= all && p.h >= all
}

// fit returns how many pixels what is seen needs in its cells, in the picture's
// own proportions, with no side above limit. Where the terminal scales, there is
// no use in more pixels than the picture has.
func (m *Image) fit(p placed, cell Cell, limit int, scales bool) image.Point {
	size := m.size()
	if p.quarter&1 == 1 {
		size.X, size.Y = size.Y, size.X
	}
	w, h := p.w*float64(size.X), p.h*float64(size.Y)
	by := min(float64(p.cells.Dx()*cell.W)/w, float64(p.cells.Dy()*cell.H)/h, float64(limit)/max(w, h))
	if scales {
		by = min(by, 1)
	}
	return image.Pt(max(int(math.Round(w*by)), 1), max(int(math.Round(h*by)), 1))
}

// pixels returns what is seen, turned, as w×h pixels.
func (m *Image) pixels(p placed, w, h int) *image.RGBA {
	x0, y0, x1, y1 := p.x, p.y, p.x+p.w, p.y+p.h
	// Back from the turned picture to the picture as it is kept.
	switch p.quarter {
	case 1:
		x0, y0, x1, y1 = y0, 1-x1, y1, 1-x0
		w, h = h, w
	case 2:
		x0, y0, x1, y1 = 1-x1, 1-y1, 1-x0, 1-y0
	case 3:
		x0, y0, x1, y1 = 1-y1, x0, 1-y0, x1
		w, h = h, w
	}
	level := m.levels[0]
	for _, l := range m.levels[1:] {
		if (x1-x0)*float64(l.Rect.Dx()) < float64(w) || (y1-y0)*float64(l.Rect.Dy()) < float64(h) {
			break
		}
		level = l
	}
	lw, lh := float64(level.Rect.Dx()), float64(level.Rect.Dy())
	src := image.Rect(int(math.Round(x0*lw)), int(math.Round(y0*lh)), int(math.Round(x1*lw)), int(math.Round(y1*lh)))
	src = roomy(src, level.Rect)
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.ApproxBiLinear.Scale(dst, dst.Rect, level, src, draw.Src, nil)
	return turn(dst, p.quarter)
}

// roomy makes a rectangle at least one pixel wide and high, inside of bounds.
func roomy(r, bounds image.Rectangle) image.Rectangle {
	if r.Dx() < 1 {
		r.Min.X = min(r.Min.X, bounds.Max.X-1)
		r.Max.X = r.Min.X + 1
	}
	if r.Dy() < 1 {
		r.Min.Y = min(r.Min.Y, bounds.Max.Y-1)
		r.Max.Y = r.Min.Y + 1
	}
	return r.Intersect(bounds)
}
