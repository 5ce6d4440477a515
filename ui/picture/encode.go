package picture

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"math"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/iterm2"
	"github.com/charmbracelet/x/ansi/kitty"
	"github.com/mattn/go-sixel"
)

// remoteBytes is what a picture may need on a line where bytes are dear, before
// base64. It takes a second at 2 Mbit/s.
const remoteBytes = 192 << 10

// scaled encodes what is seen of a picture in at most these pixels, or in fewer
// so that it needs no more than limit bytes; 0 is without a limit.
func scaled(m *Image, p placed, px image.Point, limit int, encode func(*image.RGBA) []byte) []byte {
	const tries, margin = 4, 0.9
	var b []byte
	for range tries {
		b = encode(m.pixels(p, max(px.X, 1), max(px.Y, 1)))
		if limit <= 0 || len(b) <= limit {
			break
		}
		by := margin * math.Sqrt(float64(limit)/float64(len(b)))
		px = image.Pt(int(float64(px.X)*by), int(float64(px.Y)*by))
	}
	return b
}

// Encoding into memory cannot fail: the pictures are never empty nor too large.

func encodePNG(m *image.RGBA) []byte {
	var b bytes.Buffer
	_ = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, m)
	return b.Bytes()
}

func encodeJPEG(m *image.RGBA) []byte {
	const quality = 85
	var b bytes.Buffer
	_ = jpeg.Encode(&b, m, &jpeg.Options{Quality: quality})
	return b.Bytes()
}

// encodeSixel encodes in 256 colours, or in fewer to need no more than limit
// bytes. Sixels are as large as their pixels, so fewer pixels are no way out.
func encodeSixel(m *image.RGBA, limit int) []byte {
	var b bytes.Buffer
	for _, colours := range []int{256, 64, 24} {
		b.Reset()
		e := sixel.NewEncoder(&b)
		e.Colors = colours
		e.Transparent = true // do not paint the rest of the last band of six
		_ = e.Encode(m)
		if limit <= 0 || b.Len() <= limit {
			break
		}
	}
	return b.Bytes()
}

// quiet is the key of Kitty's graphics by which the terminal answers nothing:
// answers would be taken for keys.
const quiet = "q=2"

// kittyTransmit stores a PNG in the terminal under a number, with its first
// placement.
func kittyTransmit(body []byte, id, placement int, size image.Point) string {
	payload := base64.StdEncoding.EncodeToString(body)
	keys := []string{
		"a=T", "U=1", "f=100", "t=d", quiet, fmt.Sprintf("i=%d", id), fmt.Sprintf("p=%d", placement),
		fmt.Sprintf("c=%d", size.X), fmt.Sprintf("r=%d", size.Y),
	}
	var b strings.Builder
	for {
		chunk := payload[:min(len(payload), kitty.MaxChunkSize)]
		payload = payload[len(chunk):]
		more := "m=1"
		if payload == "" {
			more = "m=0"
		}
		b.WriteString(ansi.KittyGraphics([]byte(chunk), append(keys, more)...))
		if payload == "" {
			return b.String()
		}
		keys = []string{quiet}
	}
}

// kittyPut adds a placement of another size to a picture that is stored.
func kittyPut(id, placement int, size image.Point) string {
	return ansi.KittyGraphics(nil, "a=p", "U=1", quiet, fmt.Sprintf("i=%d", id), fmt.Sprintf("p=%d", placement),
		fmt.Sprintf("c=%d", size.X), fmt.Sprintf("r=%d", size.Y))
}

// kittyDelete frees a picture with all its placements.
func kittyDelete(id int) string {
	return ansi.KittyGraphics(nil, "a=d", "d=I", quiet, fmt.Sprintf("i=%d", id))
}

// itermFile is a picture in iTerm2's way, over so many cells.
func itermFile(body []byte, size image.Point) string {
	return ansi.ITerm2(iterm2.File{
		Size:            int64(len(body)),
		Width:           iterm2.Cells(size.X),
		Height:          iterm2.Cells(size.Y),
		Inline:          true,
		DoNotMoveCursor: true,
		Content:         []byte(base64.StdEncoding.EncodeToString(body)),
	})
}

// at writes something with the cursor at a cell, and puts the cursor back.
func at(cell image.Point, what string) string {
	return ansi.SaveCursor + ansi.CursorPosition(cell.X+1, cell.Y+1) + what + ansi.RestoreCursor
}
