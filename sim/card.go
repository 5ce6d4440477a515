package sim

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// faces are the typefaces that documents are printed in.
type faces struct{ plain, bold, mono *sfnt.Font }

func loadFaces() *faces {
	parse := func(ttf []byte) *sfnt.Font {
		f, err := sfnt.Parse(ttf)
		if err != nil {
			panic("sim: a typeface that is part of the program cannot be read: " + err.Error())
		}
		return f
	}
	return &faces{parse(goregular.TTF), parse(gobold.TTF), parse(gomono.TTF)}
}

// The size of a card, and of a passport's page.
const (
	cardW, cardH = 860, 542
	pageW, pageH = 880, 620
)

var inkColour = rgb(0x1b1f27)

// front draws the side of a document that has the portrait.
func (d *document) front() *image.RGBA {
	f, lv := loadFaces(), liveries[d.kind.country]
	w, h := cardW, cardH
	if d.kind.mrz == mrzTD3 {
		w, h = pageW, pageH
	}
	c := ground(w, h, lv, d.holder.face)
	c.heading(f, lv, d, float64(w))

	bottom := h - 24 // of what is above the machine-readable zone
	if d.kind.mrz == mrzTD2 || d.kind.mrz == mrzTD3 {
		bottom = h - 40 - 44*len(d.mrz)
		c.zone(f, d.mrz, bottom+8)
	}
	photoW, photoH := 216, 288
	left, fields := 36, 284
	if lv.photoRight {
		left, fields = w-36-photoW, 36
	}
	c.part(left, 96, photoW, photoH, rgb(0xffffff)).portrait(looksOf(d.holder, d.holder.face, d.issued), d.pose())
	c.signature(d.holder.face, 0, float64(left)+16, 406, float64(photoW)-32, float64(min(bottom-410, 60)))
	right := w - 36
	if lv.photoRight {
		right = left - 28
	}
	if d.kind.typeOfID == "VoterIdentification" || d.kind.typeOfID == "ResidenceDocument" { // a second, small portrait
		ghost := d.pose()
		ghost.backdrop = mixed(lv.soft, lv.main, 0.12)
		c.part(w-150, bottom-168, 108, 144, ghost.backdrop).portrait(looksOf(d.holder, d.holder.face, d.issued), ghost)
		right = w - 170
	}
	c.rows(f, d.entries(f), float64(fields), 104, float64(right-fields), float64(bottom-104), mixed(lv.main, inkColour, 0.2))
	if d.capture.altered {
		c.altered(f, float64(fields), 230)
	}
	return c.img
}

// pose is how the holder stood for the document's photograph.
func (d *document) pose() pose {
	return pose{backdrop: rgb(0xe3e9ee), scale: 1, dy: 6, glasses: true}
}

// ground is a card with fine lines under everything.
func ground(w, h int, lv livery, number uint64) *canvas {
	c := newCanvas(w, h, lv.soft)
	line := thin(lv.main, 0.16)
	fw, fh := float64(w), float64(h)
	for i := range 9 {
		base, phase := fh*(0.18+float64(i)/11), float64(number%100)/16+float64(i)*0.5
		c.curve(1.4, line, func(t float64) point { return point{fw * t, base + 16*math.Sin(t*9+phase)} }, 60)
	}
	for i := range 3 {
		c.curve(2, thin(lv.main, 0.2), func(t float64) point {
			sin, cos := math.Sincos(t * 2 * math.Pi)
			r := 92 - 16*float64(i) + 9*math.Sin(t*24*math.Pi)
			return point{fw*0.68 + r*cos, fh*0.55 + r*sin}
		}, 120)
	}
	return c
}

// heading is the band with the country and the name of the document.
func (c *canvas) heading(f *faces, lv livery, d *document, w float64) {
	c.rect(0, 0, w, 76, lv.main)
	white := rgb(0xffffff)
	c.ellipse(58, 38, 24, 24, thin(white, 0.9))
	c.fill(lv.main, star(58, 38, 19, 5+int(d.kind.country[0])%4))
	c.text(f.bold, 98, 36, 27, w-330, white, lv.title)
	title := kindTitles[d.kind.typeOfID]
	c.text(f.plain, 98, 62, 19, w-330, mixed(white, lv.soft, 0.5), title)
	c.text(f.bold, w-208, 46, 25, 180, white, d.genuine)
	c.text(f.plain, w-132, 67, 11, 120, thin(white, 0.8), "SIMULATED DOCUMENT")
}

func star(x, y, r float64, points int) []step {
	var list []point
	for i := range 2 * points {
		sin, cos := math.Sincos(math.Pi * float64(i) / float64(points))
		out := r
		if i%2 == 1 {
			out = r * 0.45
		}
		list = append(list, point{x + out*sin, y - out*cos})
	}
	return straight(list...)
}

// rows sets labelled lines, two in a row where they are short.
func (c *canvas) rows(f *faces, list []entry, x, y, w, h float64, label color.RGBA) {
	var rows [][]entry
	for _, e := range list {
		if n := len(rows) - 1; !e.wide && n >= 0 && len(rows[n]) == 1 && !rows[n][0].wide {
			rows[n] = append(rows[n], e)
			continue
		}
		rows = append(rows, []entry{e})
	}
	high := min(h/float64(len(rows)), 60)
	for i, row := range rows {
		top, width := y+high*float64(i), w/float64(len(row))-14
		for j, e := range row {
			left := x + float64(j)*(width+14)
			c.text(f.plain, left, top+high*0.28, high*0.26, width, label, e.label)
			c.text(f.bold, left, top+high*0.76, high*0.45, width, inkColour, e.value)
		}
	}
}

// zone writes a machine-readable zone over the whole width from y on.
func (c *canvas) zone(f *faces, lines []string, y int) {
	b := c.img.Bounds()
	w := float64(b.Dx())
	c.rect(0, float64(y)-14, w, float64(b.Dy()-y)+14, rgb(0xf6f5f0))
	for i, line := range lines {
		size := min((w-60)/float64(len(line))/0.6, 38) // a letter of this typeface is 0.6 wide
		c.text(f.mono, 30, float64(y)+30+44*float64(i), size, 0, inkColour, line)
	}
}

// altered is what a clumsy change of a document looks like.
func (c *canvas) altered(f *faces, x, y float64) {
	c.rect(x-4, y, 200, 40, rgb(0xfdfdf8))
	c.text(f.plain, x, y+31, 31, 0, rgb(0x2b2b60), "19 11 1990")
}

// back draws the other side: the machine-readable zone, or a barcode.
func (d *document) back() *image.RGBA {
	f, lv := loadFaces(), liveries[d.kind.country]
	c := ground(cardW, cardH, lv, d.holder.face+7)
	r := rand.New(rand.NewPCG(d.holder.face, uint64(len(d.genuine))))
	top := 40.0
	switch {
	case d.mrz == nil && !d.kind.barcode:
		c.rect(0, 40, cardW, 84, rgb(0x22252b))
		top = 160
	case d.kind.barcode:
		c.modules(r, 60, 330, 740, 150, 150, 16)
	}
	if d.kind.qr {
		c.modules(r, 620, top, 200, 200, 33, 33)
		for _, corner := range []point{{620, top}, {620 + 200 - 43, top}, {620, top + 200 - 43}} {
			c.rect(corner.x, corner.y, 43, 43, inkColour)
			c.rect(corner.x+6, corner.y+6, 31, 31, rgb(0xffffff))
			c.rect(corner.x+13, corner.y+13, 17, 17, inkColour)
		}
	}
	var list []entry
	for _, e := range d.entries(f) {
		if e.wide || e.value == d.genuine {
			list = append(list, e)
		}
	}
	c.rows(f, list, 50, top, 540, 270, mixed(lv.main, inkColour, 0.2))
	if d.kind.mrz == mrzTD1 {
		c.zone(f, d.mrz, cardH-40-44*len(d.mrz))
	}
	c.text(f.plain, 690, cardH-10, 11, 0, lv.main, "SIMULATED DOCUMENT")
	return c.img
}

// modules is a field of black and white as of a 2D barcode. It holds nothing.
func (c *canvas) modules(r *rand.Rand, x, y, w, h float64, columns, lines int) {
	c.rect(x-8, y-8, w+16, h+16, rgb(0xffffff))
	dx, dy := w/float64(columns), h/float64(lines)
	for line := range lines {
		var path []step
		for column := range columns {
			if r.IntN(2) == 0 {
				left, top := x+dx*float64(column), y+dy*float64(line)
				path = append(path, straight(point{left, top}, point{left + dx, top}, point{left + dx, top + dy}, point{left, top + dy})...)
			}
		}
		c.fill(inkColour, path)
	}
}

// signature writes a name's flourish into a box; the same hand writes it a
// little otherwise each time.
func (c *canvas) signature(face uint64, turn int, x, y, w, h float64) {
	a, b, e := 2+float64(face%5), 3+float64(face>>8%6), float64(face>>16%7)
	shift := float64(turn) * 0.25
	c.curve(max(h/28, 2.2), rgb(0x1c2366), func(t float64) point {
		loop := math.Sin(t*b*5 + e + shift)
		return point{x + w*(0.04+0.9*t) + w*0.05*math.Sin(t*b*8+shift), y + h/2 + h*0.42*loop*math.Cos(t*a*4+shift)*(1-0.5*t)}
	}, 160)
	c.curve(max(h/36, 1.8), rgb(0x1c2366), func(t float64) point { return point{x + w*(0.1+0.85*t), y + h*(0.86-0.1*t)} }, 4)
}
