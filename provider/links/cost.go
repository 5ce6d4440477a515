package links

import (
	"image"
	"image/color"

	"docket/model"
)

// What a picture may take to decode. A file of a few KB can promise gigabytes.
const (
	MaxPixels  = 50_000_000 // what the cameras of most telephones take
	MaxDecoded = 160 << 20  // bytes of memory, while it is decoded
)

// affordable tells from a picture's header whether it may be decoded.
func affordable(media model.Media, body []byte, c image.Config) bool {
	pixels := float64(c.Width) * float64(c.Height)
	return pixels <= MaxPixels && pixels*depth(media, body, c.ColorModel) <= MaxDecoded
}

// deepest is counted for what is not known better: four values of 16 bits.
const deepest = 8

// depth is how many bytes a pixel takes when it is decoded.
func depth(media model.Media, body []byte, m color.Model) float64 {
	if media == model.MediaJPEG {
		return jpegDepth(body)
	}
	if _, ok := m.(color.Palette); ok {
		return 1
	}
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.YCbCrModel:
		return 3
	case color.RGBAModel, color.NRGBAModel, color.NYCbCrAModel:
		return 4
	}
	return deepest
}

// Markers of JPEG, the second byte of each.
const (
	markBaseline    = 0xc0
	markProgressive = 0xc2
	markEscape      = 0xff // also fills
	markFirstAlone  = 0xd0 // to markLastAlone: without a length
	markLastAlone   = 0xd9
	coefficient     = 4 // bytes: a progressive picture is kept as such until its end
)

// jpegDepth reads in a JPEG's frame header how many values it has for a pixel,
// and whether all of it is kept in memory twice.
func jpegDepth(body []byte) float64 {
	for i := 2; i+4 <= len(body); {
		mark := body[i+1]
		switch {
		case body[i] != markEscape || mark == markEscape:
			i++
			continue
		case mark >= markFirstAlone && mark <= markLastAlone || mark <= 1:
			i += 2
			continue
		case mark >= markBaseline && mark <= markProgressive:
			perPixel := samples(body[i+2:])
			if mark == markProgressive {
				perPixel *= 1 + coefficient
			}
			return perPixel
		}
		i += 2 + int(body[i+2])<<8 + int(body[i+3])
	}
	return deepest
}

// samples counts the values for a pixel, of a frame header after its marker:
// length, precision, height, width, number of components; then of each its
// name, how often it is sampled across and down, and its table.
func samples(frame []byte) float64 {
	const head, each = 8, 3
	if len(frame) < head {
		return deepest
	}
	all, most := 0, 0
	for k := head; k+each <= len(frame) && k < head+each*int(frame[head-1]); k += each {
		n := int(frame[k+1]>>4) * int(frame[k+1]&15)
		all, most = all+n, max(most, n)
	}
	if most == 0 {
		return deepest
	}
	return float64(all) / float64(most)
}
