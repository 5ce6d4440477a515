package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/model"
)

// portrait draws a face of plain shapes on a ground that grows lighter: smooth
// areas, edges, and colours of skin.
func portrait(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, portraitAt((float64(x)+0.5)/float64(w), (float64(y)+0.5)/float64(h)))
		}
	}
	return m
}

func portraitAt(x, y float64) color.RGBA {
	in := func(cx, cy, rx, ry float64) float64 { return math.Hypot((x-cx)/rx, (y-cy)/ry) }
	switch {
	case in(0.38, 0.42, 0.05, 0.03) < 1 || in(0.62, 0.42, 0.05, 0.03) < 1:
		return color.RGBA{40, 60, 90, 255}
	case in(0.5, 0.72, 0.12, 0.04) < 1:
		return color.RGBA{170, 60, 70, 255}
	case in(0.5, 0.52, 0.28, 0.36) < 1:
		shade := 1 - 0.35*in(0.42, 0.45, 0.5, 0.6)
		return color.RGBA{uint8(235 * shade), uint8(190 * shade), uint8(160 * shade), 255}
	case in(0.5, 0.4, 0.36, 0.36) < 1:
		return color.RGBA{60, 40, 25, 255}
	case y > 0.85 && in(0.5, 1.1, 0.45, 0.3) < 1:
		return color.RGBA{30, 90, 160, 255}
	}
	return color.RGBA{uint8(120 + 100*y), uint8(150 + 60*y), uint8(180 - 60*x), 255}
}

// picture returns the bytes as a provider hands them on.
func pictureOf(media model.Media, body []byte) model.Picture {
	sum := sha256.Sum256(body)
	return model.Picture{
		Ref:    model.PictureRef{Type: "selfie"},
		Body:   body,
		Media:  media,
		SHA256: hex.EncodeToString(sum[:]),
	}
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, m))
	return b.Bytes()
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, m, &jpeg.Options{Quality: 90}))
	return b.Bytes()
}

// decoded returns the portrait as it is after decoding.
func decoded(t testing.TB, w, h int) *Image {
	t.Helper()
	m, err := NewDecoder(DefaultKept).Decode(t.Context(), pictureOf(model.MediaPNG, pngOf(t, portrait(w, h))))
	require.NoError(t, err)
	return m
}

// noisy returns a picture that does not compress: what a camera sees in the dark.
func noisy(t testing.TB) *Image {
	t.Helper()
	m := portrait(1200, 900)
	noise(m, 30)
	d, err := NewDecoder(DefaultKept).Decode(t.Context(), pictureOf(model.MediaPNG, pngOf(t, m)))
	require.NoError(t, err)
	return d
}

// noise adds what a camera sees in the dark; always the same.
func noise(m *image.RGBA, most int) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range m.Pix {
		if i%4 != 3 {
			m.Pix[i] = uint8(min(max(int(m.Pix[i])+r.IntN(2*most)-most, 0), 255))
		}
	}
}
