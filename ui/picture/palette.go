package picture

import (
	"image"
	"strconv"
)

// palette is a terminal's fixed colours.
type palette struct {
	// handOn is how many eighths of what a pixel is off go to its neighbours. All
	// of it would keep the tone of areas best, but pixels as large as half a cell
	// are seen one by one, and with many colours the noise is worse than the tone.
	handOn  int32
	name    func(b []byte, background bool, n int) []byte
	nearest func(r, g, b int32) (n int, nr, ng, nb int32)
}

// cubeSteps are the levels of the 6×6×6 cube of the 256 colours.
var cubeSteps = [6]int32{0, 95, 135, 175, 215, 255}

// palette256 is the cube and the greys: the first 16 differ between terminals.
func palette256() palette {
	return palette{
		handOn: 5,
		name: func(b []byte, background bool, n int) []byte {
			layer := "38;5;"
			if background {
				layer = "48;5;"
			}
			return strconv.AppendInt(append(b, layer...), int64(n), 10)
		},
		nearest: func(r, g, b int32) (int, int32, int32, int32) {
			ri, gi, bi := cubeStep(r), cubeStep(g), cubeStep(b)
			cr, cg, cb := cubeSteps[ri], cubeSteps[gi], cubeSteps[bi]
			grey := min(max(((r+g+b)/3-3)/10, 0), 23)
			gv := 8 + 10*grey
			if distance(r-gv, g-gv, b-gv) < distance(r-cr, g-cg, b-cb) {
				return int(232 + grey), gv, gv, gv
			}
			return int(16 + 36*ri + 6*gi + bi), cr, cg, cb
		},
	}
}

func cubeStep(v int32) int32 {
	if v < 48 {
		return 0
	}
	if v < 115 {
		return 1
	}
	return min((v-35)/40, 5)
}

// sixteen are the colours as most terminals have them by default.
var sixteen = [16][3]int32{
	{0, 0, 0},
	{205, 0, 0},
	{0, 205, 0},
	{205, 205, 0},
	{0, 0, 238},
	{205, 0, 205},
	{0, 205, 205},
	{229, 229, 229},
	{127, 127, 127},
	{255, 0, 0},
	{0, 255, 0},
	{255, 255, 0},
	{92, 92, 255},
	{255, 0, 255},
	{0, 255, 255},
	{255, 255, 255},
}

func palette16() palette {
	return palette{
		handOn: 7,
		name: func(b []byte, background bool, n int) []byte {
			code := 30 + n
			if n >= 8 {
				code = 90 + n - 8
			}
			if background {
				code += 10
			}
			return strconv.AppendInt(b, int64(code), 10)
		},
		nearest: func(r, g, b int32) (int, int32, int32, int32) {
			best, least := 0, int32(1<<30)
			for n, c := range sixteen {
				if d := distance(r-c[0], g-c[1], b-c[2]); d < least {
					best, least = n, d
				}
			}
			c := sixteen[best]
			return best, c[0], c[1], c[2]
		},
	}
}

// distance weighs green most and blue least, as the eye does.
func distance(dr, dg, db int32) int32 { return 3*dr*dr + 6*dg*dg + db*db }

// dithered are the pixels of a picture in the colours of a palette.
type dithered struct {
	palette palette
	width   int
	codes   []uint32
}

func (d *dithered) code(_ *image.RGBA, x, y int) uint32 { return d.codes[y*d.width+x] }
func (*dithered) like(code, _ uint32) uint32            { return code }
func (d *dithered) fore(b []byte, code uint32) []byte {
	return d.palette.name(b, false, int(code))
}

func (d *dithered) back(b []byte, code uint32) []byte {
	return d.palette.name(b, true, int(code))
}

// dither hands what a pixel's colour is off on to its neighbours (Floyd and
// Steinberg), so that areas keep their colour where single pixels cannot.
func dither(pix *image.RGBA, p palette) *dithered {
	w, h := pix.Rect.Dx(), pix.Rect.Dy()
	d := &dithered{palette: p, width: w, codes: make([]uint32, w*h)}
	// A margin on either side takes what would go over the edge.
	here, next := make([][3]int32, w+2), make([][3]int32, w+2)
	for y := range h {
		clear(next)
		for x := range w {
			at := pix.Pix[y*pix.Stride+4*x:]
			var want [3]int32
			for c := range want {
				want[c] = min(max(int32(at[c])+here[x+1][c]/16, 0), 255)
			}
			n, r, g, b := p.nearest(want[0], want[1], want[2])
			d.codes[y*w+x] = uint32(n)
			for c, got := range [3]int32{r, g, b} {
				off := (want[c] - got) * p.handOn / 8
				here[x+2][c] += 7 * off
				next[x][c] += 3 * off
				next[x+1][c] += 5 * off
				next[x+2][c] += off
			}
		}
		here, next = next, here
	}
	return d
}
