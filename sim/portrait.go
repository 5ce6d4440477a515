package sim

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// The box that a head is drawn in.
const headW, headH = 300.0, 400.0

// pose is how somebody stood in front of a camera once.
type pose struct {
	backdrop color.RGBA
	clothes  int // which of their clothes
	turn     float64
	scale    float64
	dx, dy   float64
	smile    float64 // -1 to 1
	mask     bool
	glasses  bool // wears them, if there are any
}

// portrait draws a head and shoulders over the whole canvas.
func (c *canvas) portrait(l looks, p pose) {
	b := c.img.Bounds()
	w, h := float64(b.Dx()), float64(b.Dy())
	fit := max(w/headW, h/headH)
	m := turned(headW, headH, p.turn, fit*p.scale, p.dx*fit, p.dy*fit)
	m.c += float64(b.Min.X) + w/2 - headW/2
	m.f += float64(b.Min.Y) + h/2 - headH/2
	c.m = m
	draw.Draw(c.img, b, &image.Uniform{p.backdrop}, image.Point{}, draw.Src)
	c.ellipse(150, 160, 130, 150, thin(rgb(0xffffff), 0.2))
	c.hairBehind(l)
	c.shoulders(l, p)
	c.head(l)
	c.features(l)
	c.beardOf(l)
	c.mouthOf(l, p)
	c.hairInFront(l)
	if p.glasses {
		c.spectacles(l)
	}
	if p.mask {
		c.fill(rgb(0x9fc5e8), round(point{92, 200}, point{150, 188}, point{208, 200}, point{196, 255}, point{150, 280}, point{104, 255}))
		for _, y := range []float64{215, 232, 249} {
			c.stroke(point{104, y}, point{196, y}, 2, rgb(0x7ba7cf))
		}
	}
}

// half is half the width of the head.
func (l *looks) half() float64 { return 66 * l.width }

// foot is where the chin ends.
func (l *looks) foot() float64 { return 268 * l.chin }

func (c *canvas) shoulders(l looks, p pose) {
	shade := mixed(l.skin, rgb(0x3a1f14), 0.28)
	c.fill(shade, straight(point{120, 225}, point{180, 225}, point{186, 320}, point{114, 320}))
	cloth := l.cloth(p.clothes)
	c.fill(cloth, round(point{-30, 430}, point{10, 350}, point{80, 312}, point{118, 296}, point{150, 326}, point{182, 296}, point{220, 312}, point{290, 350}, point{330, 430}, point{150, 470}))
	c.fill(shade, round(point{118, 292}, point{150, 330}, point{182, 292}, point{168, 285}, point{132, 285}))
	c.curve(5, mixed(cloth, rgb(0xffffff), 0.35), func(t float64) point {
		return point{114 + 72*t, 298 + 36*math.Sin(t*math.Pi)}
	}, 16)
	if p.clothes%2 == 1 { // a collar
		light := mixed(cloth, rgb(0xffffff), 0.75)
		c.fill(light, straight(point{112, 292}, point{150, 334}, point{122, 352}, point{96, 308}))
		c.fill(light, straight(point{188, 292}, point{150, 334}, point{178, 352}, point{204, 308}))
	}
}

func (c *canvas) head(l looks) {
	half, foot := l.half(), l.foot()
	if l.style != hairScarf {
		for _, side := range []float64{-1, 1} {
			c.ellipse(150+side*(half+3), 190, 11, 20, mixed(l.skin, rgb(0x7a3b22), 0.18))
		}
	}
	jaw := half * 0.82 * l.jaw
	outline := func(cut float64) []step {
		return round(point{150, 84}, point{150 + half*0.72*cut, 100}, point{150 + half*cut, 155}, point{150 + half*0.97*cut, 200},
			point{150 + jaw*cut, 240}, point{150 + 24*l.jaw*cut, foot - 3}, point{150, foot}, point{150 - 24*l.jaw, foot - 3},
			point{150 - jaw, 240}, point{150 - half*0.97, 200}, point{150 - half, 155}, point{150 - half*0.72, 100})
	}
	c.fill(mixed(l.skin, rgb(0x5a2a18), 0.16), outline(1)) // the side away from the light
	c.fill(l.skin, outline(0.62))
	for _, side := range []float64{-1, 1} {
		c.ellipse(150+side*half*0.55, 216, 17, 11, thin(rgb(0xd9534f), 0.13))
	}
	if l.freckles {
		for i := range 14 {
			x, y := math.Mod(float64(i)*37, 80)-40, math.Mod(float64(i)*23, 18)
			c.ellipse(150+x, 202+y, 1.6, 1.6, thin(rgb(0x8a4a22), 0.6))
		}
	}
	if l.age > 48 {
		c.folds(l)
	}
}

// folds are the lines of age.
func (c *canvas) folds(l looks) {
	line := thin(mixed(l.skin, rgb(0x2a120a), 0.55), min(0.25+float64(l.age-48)/50, 0.7))
	for i := range 1 + (l.age-48)/8 {
		y := 122 + float64(i)*9
		c.curve(1.8, line, func(t float64) point { return point{118 + 64*t, y - 4*math.Sin(t*math.Pi)} }, 10)
	}
	for _, side := range []float64{-1, 1} {
		c.curve(2, line, func(t float64) point { return point{150 + side*(18+14*t), 212 + 28*t} }, 6)
		c.curve(1.8, line, func(t float64) point { return point{150 + side*(18+18*t), 193 + 5*math.Sin(t*math.Pi)} }, 8)
	}
}

func (c *canvas) features(l looks) {
	dark := rgb(0x1c1210)
	gap := 27 * l.gap * l.width
	brows := mixed(l.hair, dark, 0.35)
	if l.style == hairScarf || l.style == hairBald {
		brows = mixed(dark, l.skin, 0.15)
	}
	for _, side := range []float64{-1, 1} {
		x := 150 + side*gap
		c.ellipse(x, 178, 15, 9, mixed(l.skin, rgb(0x4a2417), 0.22))
		c.ellipse(x, 178, 13, 7.5, rgb(0xfcfaf7))
		c.ellipse(x, 178, 7.2, 7.2, l.eyes)
		c.ellipse(x, 178, 3.6, 3.6, dark)
		c.ellipse(x+2, 176, 1.6, 1.6, rgb(0xffffff))
		lid := 2.2
		if l.lashes {
			lid = 4
		}
		c.curve(lid, dark, func(t float64) point { return point{x - 14 + 28*t, 176 - 8*math.Sin(t*math.Pi)} }, 10)
		c.curve(5.5*l.brow, brows, func(t float64) point {
			return point{x + side*(-16+33*t), 162 - 7*math.Sin(t*2.4)*l.brow}
		}, 10)
	}
	under := mixed(l.skin, rgb(0x5a2514), 0.42)
	n := 12 * l.nose
	c.fill(thin(under, 0.35), round(point{150, 176}, point{150 + n, 210}, point{150 + n*0.6, 222}, point{150, 218}))
	c.curve(3, under, func(t float64) point { return point{150 - n + 2*n*t, 218 + 6*math.Sin(t*math.Pi)} }, 10)
}

func (c *canvas) mouthOf(l looks, p pose) {
	w := 23 * l.mouth
	lip := mixed(l.skin, rgb(0xa8323e), 0.55)
	if !l.lashes {
		lip = mixed(l.skin, rgb(0x8a3a34), 0.45)
	}
	bend := 5 * p.smile
	c.fill(lip, round(point{150 - w, 242 - bend}, point{150 - w*0.4, 237}, point{150, 239}, point{150 + w*0.4, 237}, point{150 + w, 242 - bend}, point{150, 250 + bend*0.6}))
	c.curve(2, mixed(lip, rgb(0x2a0a0a), 0.6), func(t float64) point {
		return point{150 - w + 2*w*t, 242 - bend + (bend+1)*math.Sin(t*math.Pi)}
	}, 12)
}

func (c *canvas) beardOf(l looks) {
	half, foot := l.half(), l.foot()
	jaw := half * 0.82 * l.jaw
	full := round(point{150 - half, 190}, point{150 - half*0.8, 214}, point{150 - 32, 228}, point{150, 226}, point{150 + 32, 228}, point{150 + half*0.8, 214}, point{150 + half, 190},
		point{150 + jaw*1.1, 246}, point{150 + 26, foot + 10}, point{150, foot + 15}, point{150 - 26, foot + 10}, point{150 - jaw*1.1, 246})
	moustache := round(point{150, 224}, point{150 + 18, 226}, point{150 + 32, 240}, point{150 + 12, 237}, point{150, 234}, point{150 - 12, 237}, point{150 - 32, 240}, point{150 - 18, 226})
	switch l.beard {
	case beardStubble:
		c.fill(thin(l.hair, 0.3), full)
	case beardMoustache:
		c.fill(l.hair, moustache)
	case beardGoatee:
		c.fill(l.hair, moustache)
		c.fill(l.hair, round(point{150 - 26, 240}, point{150 - 17, 254}, point{150, 256}, point{150 + 17, 254}, point{150 + 26, 240}, point{150 + 22, foot + 4}, point{150, foot + 12}, point{150 - 22, foot + 4}))
	case beardFull:
		c.fill(l.hair, full)
		c.fill(l.hair, moustache)
	}
}

func (c *canvas) spectacles(l looks) {
	frame := rgb(0x16181c)
	gap := 30 * l.gap * l.width
	for _, side := range []float64{-1, 1} {
		x := 150 + side*gap
		switch l.glasses {
		case glassesRound:
			c.curve(4, frame, func(t float64) point {
				sin, cos := math.Sincos(2 * math.Pi * t)
				return point{x + 22*cos, 180 + 21*sin}
			}, 28)
		case glassesSquare:
			for _, e := range [][4]float64{{-23, -16, 23, -16}, {23, -16, 20, 17}, {20, 17, -20, 17}, {-20, 17, -23, -16}} {
				c.stroke(point{x + e[0], 180 + e[1]}, point{x + e[2], 180 + e[3]}, 5, frame)
			}
		}
	}
	if l.glasses != glassesNone {
		c.stroke(point{150 - gap + 21, 177}, point{150 + gap - 21, 177}, 4, frame)
		for _, side := range []float64{-1, 1} {
			c.stroke(point{150 + side*(gap+21), 176}, point{150 + side*(l.half()+4), 180}, 4, frame)
		}
	}
}
