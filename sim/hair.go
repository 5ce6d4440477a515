package sim

import "math"

// hairBehind is the hair that the head and the shoulders cover.
func (c *canvas) hairBehind(l looks) {
	half := l.half()
	shade := mixed(l.hair, rgb(0x000000), 0.22)
	switch l.style {
	case hairLong:
		c.fill(shade, round(point{150, 66}, point{150 + half + 24, 110}, point{150 + half + 30, 220}, point{150 + half + 26, 340}, point{150, 350},
			point{150 - half - 26, 340}, point{150 - half - 30, 220}, point{150 - half - 24, 110}))
	case hairBob:
		c.fill(shade, round(point{150, 64}, point{150 + half + 22, 105}, point{150 + half + 30, 200}, point{150 + half + 24, 262}, point{150, 268},
			point{150 - half - 24, 262}, point{150 - half - 30, 200}, point{150 - half - 22, 105}))
	case hairWaves:
		for i := range 9 {
			y, out := 100+float64(i)*24, 20+8*math.Sin(float64(i)*1.9)
			for _, side := range []float64{-1, 1} {
				c.ellipse(150+side*(half+out-14), y, 30, 24, shade)
			}
		}
	case hairBun:
		c.ellipse(150, 58, 34, 32, shade)
		c.ellipse(144, 52, 20, 18, l.hair)
	case hairCurls:
		for i := range 22 {
			sin, cos := math.Sincos(math.Pi * (1.18 - 1.36*float64(i)/21) * -1)
			c.ellipse(150+(half+20)*cos, 150+84*sin, 25, 25, shade)
		}
		c.ellipse(150, 120, half+22, 68, shade)
	case hairScarf:
		cloth := l.cloth(3)
		c.fill(mixed(cloth, rgb(0x000000), 0.25), round(point{150, 58}, point{150 + half + 30, 120}, point{150 + half + 30, 230}, point{236, 350}, point{150, 390}, point{64, 350},
			point{150 - half - 30, 230}, point{150 - half - 30, 120}))
	}
}

// hairInFront is the hair over the forehead.
func (c *canvas) hairInFront(l looks) {
	half := l.half()
	left, right := 150-half, 150+half
	// cap is hair from ear to ear over the top, down to a hair line.
	crown := func(high float64, line ...point) {
		c.fill(l.hair, round(append([]point{{left - 5, 178}, {left - 8, 130}, {left + 18, 90 - high}, {150, 76 - high}, {right - 18, 90 - high}, {right + 8, 130}, {right + 5, 178}}, line...)...))
	}
	switch l.style {
	case hairBald:
		for _, side := range []float64{-1, 1} {
			c.ellipse(150+side*(half+1), 162, 8, 24, l.hair)
		}
		c.ellipse(132, 104, 22, 10, thin(rgb(0xffffff), 0.25))
	case hairCrop:
		crown(2, point{right - 6, 138}, point{right - 26, 118}, point{150, 112}, point{left + 26, 118}, point{left + 6, 138})
	case hairParted:
		crown(10, point{right - 5, 140}, point{right - 14, 124}, point{170, 118}, point{124, 104}, point{left + 14, 132}, point{left + 5, 146})
		c.stroke(point{124, 68}, point{120, 104}, 2.5, mixed(l.hair, l.skin, 0.45))
	case hairQuiff:
		crown(4, point{right - 5, 140}, point{right - 18, 122}, point{150, 116}, point{left + 18, 122}, point{left + 5, 140})
		c.fill(l.hair, round(point{left + 10, 112}, point{left + 12, 66}, point{150, 44}, point{right + 6, 56}, point{right - 12, 112}))
	case hairCurls:
		for i := range 9 {
			t := float64(i)/8*2 - 1
			c.ellipse(150+t*(half+2), 98+t*t*34, 19, 19, l.hair)
		}
		c.ellipse(150, 92, half-6, 20, l.hair)
	case hairLong, hairWaves:
		for _, side := range []float64{-1, 1} { // parted in the middle
			c.fill(l.hair, round(point{150, 74}, point{150 + side*(half-10), 84}, point{150 + side*(half+16), 130}, point{150 + side*(half+14), 220},
				point{150 + side*(half+1), 236}, point{150 + side*(half-3), 170}, point{150 + side*(half-20), 128}, point{150, 98}))
		}
		c.stroke(point{150, 72}, point{150, 98}, 2.5, mixed(l.hair, l.skin, 0.4))
	case hairBob:
		crown(6, point{right - 2, 190}, point{right - 8, 150}, point{right - 10, 138}, point{150, 142}, point{left + 10, 138}, point{left + 8, 150}, point{left + 2, 190})
	case hairBun:
		crown(4, point{right - 4, 150}, point{right - 18, 122}, point{150, 106}, point{left + 18, 122}, point{left + 4, 150})
	case hairScarf:
		cloth := l.cloth(3)
		for _, side := range []float64{-1, 1} {
			c.fill(cloth, round(point{150, 62}, point{150 + side*(half+4), 82}, point{150 + side*(half+26), 160}, point{150 + side*(half+12), 260}, point{150 + side*20, 318},
				point{150, 306}, point{150 + side*24, 278}, point{150 + side*(half-8), 236}, point{150 + side*(half-2), 170}, point{150 + side*(half-22), 122}, point{150, 108}))
		}
	}
}
