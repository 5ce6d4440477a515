package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation is how a picture must be turned to be upright, as EXIF numbers it.
type orientation uint16

const (
	upright         orientation = 1
	lastOrientation orientation = 8
)

// swaps reports whether width and height change places.
func (o orientation) swaps() bool { return o >= 5 && o <= lastOrientation }

// The markers of a JPEG that are looked at.
const (
	markerSOI  = 0xD8
	markerSOF0 = 0xC0
	markerSOF1 = 0xC1
	markerSOF2 = 0xC2 // the start of a progressive picture
	markerSOS  = 0xDA
	markerAPP1 = 0xE1
)

// jpegHeader is what the segments before the pixels say.
type jpegHeader struct {
	orientation orientation
	perPixel    float64 // bytes that decoding needs
}

// scanJPEG reads the headers of a JPEG. What it cannot read counts as upright and
// as the dearest kind.
func scanJPEG(b []byte) jpegHeader {
	h := jpegHeader{orientation: upright, perPixel: progressiveBytes * 4}
	if len(b) < 2 || b[0] != 0xFF || b[1] != markerSOI {
		return h
	}
	for b = b[2:]; len(b) >= 4; {
		marker := b[1]
		if b[0] != 0xFF || alone(marker) {
			b = b[1:] // the decoder skips such bytes too
			continue
		}
		n := 2 + int(binary.BigEndian.Uint16(b[2:]))
		if marker == markerSOS || n < 4 || n > len(b) {
			return h
		}
		switch segment := b[4:n]; marker {
		case markerSOF0, markerSOF1:
			h.perPixel = samples(segment)
		case markerSOF2:
			h.perPixel = samples(segment) * progressiveBytes
		case markerAPP1:
			if found, ok := exifOrientation(segment); ok {
				h.orientation = found
			}
		}
		b = b[n:]
	}
	return h
}

// progressiveBytes is what a sample of a progressive picture needs: the decoder
// holds all coefficients as well, four bytes each.
const progressiveBytes = 1 + 4

// alone reports whether a marker has no segment behind it.
func alone(marker byte) bool {
	return marker == 0xFF || marker <= 1 || marker >= 0xD0 && marker <= 0xD7
}

// samples returns how many samples a pixel has: fewer than components where
// colours are kept more coarsely than brightness.
func samples(frame []byte) float64 {
	const components, first, each = 5, 6, 3
	if len(frame) < first {
		return 4
	}
	var sum, most int
	for n := range int(frame[components]) {
		at := first + each*n + 1
		if at >= len(frame) {
			return 4
		}
		one := int(frame[at]>>4) * int(frame[at]&0xF)
		sum, most = sum+one, max(most, one)
	}
	return float64(sum) / float64(max(most, 1))
}

// exifOrientation finds the tag in the first directory of an EXIF block.
func exifOrientation(b []byte) (orientation, bool) {
	tiff, ok := bytes.CutPrefix(b, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0, false
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	const entrySize, tagOrientation, typeShort = 12, 0x0112, 3
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0, false
	}
	count := int(order.Uint16(tiff[at:]))
	for entries := tiff[at+2:]; count > 0 && len(entries) >= entrySize; count-- {
		if order.Uint16(entries) == tagOrientation && order.Uint16(entries[2:]) == typeShort {
			o := orientation(order.Uint16(entries[8:]))
			return o, o >= upright && o <= lastOrientation
		}
		entries = entries[entrySize:]
	}
	return 0, false
}

// orient returns the picture upright.
func orient(src *image.RGBA, o orientation) *image.RGBA {
	switch o {
	case 2:
		return mirror(src)
	case 3:
		return turn(src, 2)
	case 4:
		return mirror(turn(src, 2))
	case 5:
		return mirror(turn(src, 1))
	case 6:
		return turn(src, 1)
	case 7:
		return mirror(turn(src, 3))
	case 8:
		return turn(src, 3)
	}
	return src
}

// turn returns the picture turned clockwise by quarters.
func turn(src *image.RGBA, quarters int) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	switch quarters & 3 {
	case 1:
		return remap(src, h, w, func(x, y int) (int, int) { return y, h - 1 - x })
	case 2:
		return remap(src, w, h, func(x, y int) (int, int) { return w - 1 - x, h - 1 - y })
	case 3:
		return remap(src, h, w, func(x, y int) (int, int) { return w - 1 - y, x })
	}
	return src
}

// mirror returns the picture with left and right exchanged.
func mirror(src *image.RGBA) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	return remap(src, w, h, func(x, y int) (int, int) { return w - 1 - x, y })
}

// remap returns a picture of w×h whose pixels come from where from says.
func remap(src *image.RGBA, w, h int, from func(x, y int) (int, int)) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := from(x, y)
			s, d := sy*src.Stride+4*sx, y*dst.Stride+4*x
			copy(dst.Pix[d:d+4], src.Pix[s:s+4])
		}
	}
	return dst
}
