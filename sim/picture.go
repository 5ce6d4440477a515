package sim

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
)

// picture draws a simple stand-in for one of a session's pictures and returns
// it encoded, with its media type. A face is made from its number, so that the
// same face looks the same everywhere and another one does not.
func picture(p *profile, kind string) (body []byte, media string) {
	var img image.Image
	switch kind {
	case "selfie", "videoSelfie", "confSelfie":
		img = portrait(p.selfieFace(), 720, 960, p.selfie.brightness/128)
	case "croppedFace":
		img = portrait(p.selfieFace(), 480, 640, p.selfie.brightness/128)
	case "croppedIDFace":
		img = portrait(p.person.face, 412, 530, 1)
	case "signature":
		return pngOf(scribble(p.person.face, 600, 200)), "image/png"
	case "croppedBackID", "fullFrameBackID":
		img = card86(p, p.doc, false)
	case "secondId":
		img = card86(p, p.second, true)
	default:
		img = card86(p, p.doc, true)
	}
	return jpegOf(img), "image/jpeg"
}

// selfieFace is the face in front of the camera: the applicant's, unless the
// story says that it was somebody else's.
func (p *profile) selfieFace() uint64 {
	if p.selfie.otherFace {
		return p.person.face*0x9E3779B97F4A7C15 + 1
	}
	return p.person.face
}

// card86 is a document: a field of colour with a portrait and lines of text.
func card86(p *profile, d *document, front bool) image.Image {
	const w, h = 860, 540
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	hue := float64(d.kind.country[0]-'A')*14 + float64(d.kind.country[2]-'A')*9
	fill4(img, img.Bounds(), hsv(hue, 0.18, 0.95))
	fill4(img, image.Rect(0, 0, w, 64), hsv(hue, 0.6, 0.6))
	ink := color.RGBA{60, 60, 70, 255}
	if front {
		face := portrait(d.holder.face, 206, 265, 1)
		draw.Draw(img, image.Rect(40, 110, 246, 375), face, image.Point{}, draw.Src)
		for i := range 6 {
			width := 160 + int(p.person.face>>(uint(i)*7)%240)
			fill4(img, image.Rect(290, 120+i*44, 290+width, 138+i*44), ink)
		}
	}
	for i := range d.mrz {
		for x := range 60 {
			if (int(d.genuine[0])+x*7+i*3)%5 > 0 {
				fill4(img, image.Rect(40+x*13, 420+i*34, 50+x*13, 442+i*34), ink)
			}
		}
	}
	return img
}

// portrait is a head with hair, eyes and a mouth.
func portrait(face uint64, w, h int, light float64) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	part := func(shift, n uint64) float64 { return float64(face>>shift%n) / float64(n) }
	light = min(max(light, 0.25), 1.2)
	shade := func(hue, sat, val float64) color.RGBA { return hsv(hue, sat, min(val*light, 1)) }
	fw, fh := float64(w), float64(h)
	fill4(img, img.Bounds(), shade(210, 0.08, 0.85))
	skin := shade(18+14*part(0, 16), 0.28+0.3*part(4, 16), 0.45+0.5*part(8, 16))
	hair := shade(20+20*part(12, 8), 0.5, 0.1+0.6*part(16, 32))
	ellipse(img, fw/2, fh*1.08, fw*0.42, fh*0.28, shade(360*part(20, 64), 0.4, 0.5))
	ellipse(img, fw/2, fh*0.76, fw*0.09, fh*0.12, shade(18+14*part(0, 16), 0.3+0.3*part(4, 16), 0.4+0.45*part(8, 16)))
	ellipse(img, fw/2, fh*0.40, fw*(0.27+0.05*part(26, 16)), fh*0.33, hair)
	ellipse(img, fw/2, fh*0.47, fw*(0.21+0.05*part(30, 16)), fh*(0.26+0.03*part(34, 16)), skin)
	dark := shade(0, 0.1, 0.15)
	gap := fw * (0.08 + 0.03*part(38, 16))
	for _, side := range []float64{-1, 1} {
		ellipse(img, fw/2+side*gap, fh*0.45, fw*0.03, fh*0.015, shade(0, 0, 0.97))
		ellipse(img, fw/2+side*gap, fh*0.45, fw*0.014, fh*0.013, dark)
	}
	ellipse(img, fw/2, fh*0.53, fw*(0.012+0.02*part(42, 16)), fh*0.04, shade(16, 0.5, 0.5+0.3*part(8, 16)))
	ellipse(img, fw/2, fh*0.61, fw*(0.05+0.05*part(46, 16)), fh*(0.008+0.012*part(50, 16)), shade(355, 0.5, 0.6))
	return img
}

// scribble is a signature.
func scribble(face uint64, w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	fill4(img, img.Bounds(), color.RGBA{255, 255, 255, 255})
	a, b := 2+float64(face%7), 3+float64(face>>8%9)
	for i := range 2400 {
		t := float64(i) / 2400
		x := 40 + t*float64(w-80) + 18*math.Sin(t*b*9)
		y := float64(h)/2 + 50*math.Sin(t*a*6)*math.Cos(t*b*4)
		ellipse(img, x, y, 2.2, 2.2, color.RGBA{20, 20, 90, 255})
	}
	return img
}

func fill4(img *image.RGBA, r image.Rectangle, c color.RGBA) {
	draw.Draw(img, r, &image.Uniform{c}, image.Point{}, draw.Src)
}

func ellipse(img *image.RGBA, cx, cy, rx, ry float64, c color.RGBA) {
	for y := int(cy - ry); y <= int(cy+ry); y++ {
		half := 1 - (float64(y)-cy)*(float64(y)-cy)/(ry*ry)
		if half < 0 {
			continue
		}
		dx := rx * math.Sqrt(half)
		line := image.Rect(int(cx-dx), y, int(cx+dx)+1, y+1).Intersect(img.Bounds())
		fill4(img, line, c)
	}
}

// hsv makes a colour of hue (degrees), saturation and value (0–1).
func hsv(h, s, v float64) color.RGBA {
	f := func(n float64) uint8 {
		k := math.Mod(n+h/60, 6)
		return uint8(255 * (v - v*s*max(min(k, 4-k, 1), 0)))
	}
	return color.RGBA{f(5), f(3), f(1), 255}
}

func jpegOf(img image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 82}); err != nil {
		return nil // a buffer takes everything and the size is within JPEG's limits
	}
	return b.Bytes()
}

func pngOf(img image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil // as for JPEG
	}
	return b.Bytes()
}
