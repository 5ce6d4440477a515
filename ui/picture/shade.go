package picture

import "image"

// shades are the glyphs of a picture without colour: how much of the upper and
// of the lower half of the cell each of them lights, of 255.
var shades = []struct {
	glyph    rune
	top, low int32
}{
	{' ', 0, 0},
	{'░', 64, 64},
	{'▒', 128, 128},
	{'▓', 191, 191},
	{'█', 255, 255},
	{'▀', 255, 0},
	{'▄', 0, 255},
}

// shadeRows writes two pixels a cell by how bright they are, as light glyphs on
// a dark ground or the other way round. What a glyph is off goes to the next cells.
func shadeRows(rows []string, pix *image.RGBA, light bool) {
	grey := stretched(pix)
	if light {
		for i, v := range grey {
			grey[i] = 255 - v
		}
	}
	w := pix.Rect.Dx()
	here, next := make([]int32, w+2), make([]int32, w+2)
	line := make([]rune, w)
	for row := range rows {
		clear(next)
		for x := range w {
			top := grey[2*row*w+x] + here[x+1]/16
			low := grey[(2*row+1)*w+x] + here[x+1]/16
			best, least := 0, int32(1<<30)
			for i, s := range shades {
				dt, dl := top-s.top, low-s.low
				// Edges between the halves count, but less than the whole cell.
				if d := 2*(dt+dl)*(dt+dl) + dt*dt + dl*dl; d < least {
					best, least = i, d
				}
			}
			s := shades[best]
			line[x] = s.glyph
			off := min(max((top+low-s.top-s.low)/2, -64), 64)
			here[x+2] += 7 * off
			next[x] += 3 * off
			next[x+1] += 5 * off
			next[x+2] += off
		}
		rows[row] = string(line)
		here, next = next, here
	}
}

// stretched returns how bright the pixels are, from the darkest to the brightest
// made 0 to 255, but for the few at either end: five shades have no room to waste.
func stretched(pix *image.RGBA) []int32 {
	grey := make([]int32, pix.Rect.Dx()*pix.Rect.Dy())
	var counts [256]int
	for i := range grey {
		p := pix.Pix[4*i:]
		grey[i] = (299*int32(p[0]) + 587*int32(p[1]) + 114*int32(p[2])) / 1000
		counts[grey[i]]++
	}
	few := len(grey) / 50
	dark, bright := int32(0), int32(255)
	for n := counts[dark]; n <= few && dark < 255; n += counts[dark] {
		dark++
	}
	for n := counts[bright]; n <= few && bright > 0; n += counts[bright] {
		bright--
	}
	const flat = 32 // a picture of nearly one tone stays so
	if bright-dark < flat {
		return grey
	}
	for i, v := range grey {
		grey[i] = min(max((v-dark)*255/(bright-dark), 0), 255)
	}
	return grey
}
