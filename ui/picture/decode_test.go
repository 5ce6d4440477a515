package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	plan9 "image/color/palette"
	"image/gif"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/model"
)

func decodeOf(t *testing.T, media model.Media, body []byte) (*Image, error) {
	t.Helper()
	return NewDecoder(DefaultKept).Decode(t.Context(), pictureOf(media, body))
}

func TestDecodeTakesEveryKind(t *testing.T) {
	src := portrait(120, 80)
	var moving bytes.Buffer
	first, second := image.NewPaletted(src.Rect, plan9.Plan9), image.NewPaletted(src.Rect, color.Palette{color.Black})
	for i := range first.Pix {
		x, y := i%120, i/120
		first.Set(x, y, src.At(x, y))
	}
	require.NoError(t, gif.EncodeAll(&moving, &gif.GIF{Image: []*image.Paletted{first, second}, Delay: []int{1, 1}}))
	for media, body := range map[model.Media][]byte{
		model.MediaJPEG: jpegOf(t, src),
		model.MediaPNG:  pngOf(t, src),
		model.MediaGIF:  moving.Bytes(),
	} {
		m, err := decodeOf(t, media, body)
		require.NoError(t, err, media)
		require.Equal(t, [2]int{120, 80}, [2]int{m.Width, m.Height})
		want, got := src.RGBAAt(60, 40), m.levels[0].RGBAAt(60, 40)
		require.InDelta(t, want.R, got.R, 30, media)
		require.InDelta(t, want.G, got.G, 30, media)
		require.InDelta(t, want.B, got.B, 30, media)
	}
	// The smallest lossless WebP: one pixel.
	m, err := decodeOf(t, model.MediaWebP, onePixelWebP)
	require.NoError(t, err)
	require.Equal(t, 1, m.Width)
	require.Len(t, HalfBlocks(m, View{}, Box{W: 4, H: 4}, Colours{}), 4)
}

var onePixelWebP = []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")

func TestDecodePutsTransparencyOnWhite(t *testing.T) {
	src := image.NewNRGBA(image.Rect(0, 0, 40, 10)) // a signature: black on nothing
	src.SetNRGBA(20, 5, color.NRGBA{A: 255})
	m, err := decodeOf(t, model.MediaPNG, pngOf(t, src))
	require.NoError(t, err)
	require.Equal(t, color.RGBA{255, 255, 255, 255}, m.levels[0].RGBAAt(0, 0))
	require.Equal(t, color.RGBA{0, 0, 0, 255}, m.levels[0].RGBAAt(20, 5))
}

// withOrientation puts an EXIF block in front of a JPEG's first segment.
func withOrientation(body []byte, o uint16, order binary.ByteOrder) []byte {
	tiff := []byte("II*\x00")
	if order == binary.BigEndian {
		tiff = []byte("MM\x00*")
	}
	u16 := func(v uint16) { b := make([]byte, 2); order.PutUint16(b, v); tiff = append(tiff, b...) }
	u32 := func(v uint32) { b := make([]byte, 4); order.PutUint32(b, v); tiff = append(tiff, b...) }
	u32(8)
	u16(1)
	u16(0x0112)
	u16(3)
	u32(1)
	u16(o)
	u16(0)
	u32(0)
	block := append([]byte("Exif\x00\x00"), tiff...)
	out := []byte{0xFF, 0xD8, 0xFF, 0xE1, byte((len(block) + 2) >> 8), byte(len(block) + 2)}
	return append(append(out, block...), body[2:]...)
}

func TestDecodeTurnsAsEXIFSays(t *testing.T) {
	red, blue := color.RGBA{230, 20, 20, 255}, color.RGBA{20, 20, 230, 255}
	src := image.NewRGBA(image.Rect(0, 0, 64, 32)) // red corner at the top left
	for y := range 32 {
		for x := range 64 {
			src.SetRGBA(x, y, blue)
			if x < 16 && y < 16 {
				src.SetRGBA(x, y, red)
			}
		}
	}
	body := jpegOf(t, src)
	corners := map[uint16]image.Point{ // where the red corner is when upright
		1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1},
	}
	for o, corner := range corners {
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			m, err := decodeOf(t, model.MediaJPEG, withOrientation(body, o, order))
			require.NoError(t, err)
			if o >= 5 {
				require.Equal(t, [2]int{32, 64}, [2]int{m.Width, m.Height}, o)
			}
			size := m.size()
			at := m.levels[0].RGBAAt(4+corner.X*(size.X-9), 4+corner.Y*(size.Y-9))
			require.Greater(t, at.R, at.B, "orientation %d", o)
		}
	}
	m, err := decodeOf(t, model.MediaJPEG, withOrientation(body, 99, binary.BigEndian))
	require.NoError(t, err)
	require.Equal(t, 64, m.Width)
}

// hugePNG is a header of w×h pixels with nothing behind it.
func hugePNG(w, h uint32) []byte {
	ihdr := binary.BigEndian.AppendUint32([]byte("IHDR"), w)
	ihdr = append(binary.BigEndian.AppendUint32(ihdr, h), 8, 2, 0, 0, 0)
	b := binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n"), 13)
	return binary.BigEndian.AppendUint32(append(b, ihdr...), crc32.ChecksumIEEE(ihdr))
}

func TestDecodeSaysWhatIsWrong(t *testing.T) {
	whole := jpegOf(t, portrait(100, 100))
	for name, c := range map[string]struct {
		media model.Media
		body  []byte
		kind  model.Kind
		says  string
	}{
		"a PDF":            {model.MediaPDF, []byte("%PDF-1.4"), model.KindShape, "a PDF is not shown"},
		"unknown":          {"text/html", []byte("<html>"), model.KindShape, "not a picture"},
		"too many pixels":  {model.MediaPNG, hugePNG(20000, 20000), model.KindTooLarge, "20000×20000"},
		"absurd":           {model.MediaPNG, hugePNG(1<<31-1, 1<<31-1), model.KindShape, "broken"},
		"cut off":          {model.MediaJPEG, whole[:len(whole)/2], model.KindShape, "broken"},
		"another kind":     {model.MediaPNG, whole, model.KindShape, "broken"},
		"empty":            {model.MediaGIF, nil, model.KindShape, "broken"},
		"a header and end": {model.MediaPNG, hugePNG(10, 10), model.KindShape, "broken"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decodeOf(t, c.media, c.body)
			p := model.AsProblem(err)
			require.NotNil(t, p)
			require.Equal(t, c.kind, p.Kind)
			require.Contains(t, p.Message, c.says)
			require.Equal(t, "selfie", p.Subject)
			require.NotEmpty(t, p.Do)
		})
	}
}

func TestDecodeKeepsWithinItsBound(t *testing.T) {
	body := func(w int) model.Picture { return pictureOf(model.MediaPNG, pngOf(t, portrait(w, 100))) }
	one, two, three := body(100), body(101), body(102)
	d := NewDecoder(120_000) // room for two
	decode := func(p model.Picture) *Image {
		m, err := d.Decode(t.Context(), p)
		require.NoError(t, err)
		return m
	}
	first := decode(one)
	decode(two)
	require.Same(t, first, decode(one), "kept, and now the one used last")
	decode(three)
	require.Same(t, first, decode(one))
	require.LessOrEqual(t, d.held, d.bound)
	require.NotContains(t, d.byKey, two.SHA256)
	d.Forget()
	require.Empty(t, d.byKey)
	require.NotSame(t, first, decode(one))
}

func TestDecodeMakesLargePicturesSmallerAtOnce(t *testing.T) {
	m, err := decodeOf(t, model.MediaJPEG, jpegOf(t, portrait(3000, 1200)))
	require.NoError(t, err)
	require.Equal(t, image.Pt(2000, 800), m.size())
	require.Equal(t, [2]int{3000, 1200}, [2]int{m.Width, m.Height})
}

func TestDecodeEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := NewDecoder(DefaultKept).Decode(ctx, pictureOf(model.MediaPNG, pngOf(t, portrait(50, 50))))
	require.ErrorIs(t, err, context.Canceled)
}

func FuzzDecode(f *testing.F) {
	src := portrait(24, 16)
	f.Add(uint8(0), jpegOf(f, src))
	f.Add(uint8(0), withOrientation(jpegOf(f, src), 6, binary.LittleEndian))
	f.Add(uint8(1), pngOf(f, src))
	f.Add(uint8(1), hugePNG(20000, 20000))
	f.Add(uint8(2), onePixelWebP)
	f.Add(uint8(3), []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"))
	kinds := []model.Media{model.MediaJPEG, model.MediaPNG, model.MediaWebP, model.MediaGIF, model.MediaPDF}
	f.Fuzz(func(t *testing.T, kind uint8, body []byte) {
		m, err := NewDecoder(0).Decode(t.Context(), pictureOf(kinds[int(kind)%len(kinds)], body))
		if err != nil {
			require.NotEmpty(t, model.AsProblem(err).Message)
			return
		}
		require.LessOrEqual(t, max(m.size().X, m.size().Y), workSide)
		for q := range 4 {
			require.Len(t, HalfBlocks(m, View{Quarter: q, Zoom: 3, X: 0.4}, Box{W: 5, H: 3}, Colours{}), 3)
		}
	})
}

func TestScanJPEGKnowsWhatDecodingNeeds(t *testing.T) {
	frame := func(marker byte, sampling ...byte) []byte {
		b := []byte{0xFF, 0xD8, 0xFF, marker, 0, byte(8 + 3*len(sampling)), 8, 0, 10, 0, 10, byte(len(sampling))}
		for n, s := range sampling {
			b = append(b, byte(n), s, 0)
		}
		return b
	}
	require.InDelta(t, 1.5, scanJPEG(frame(markerSOF0, 0x22, 0x11, 0x11)).perPixel, 0)
	require.InDelta(t, 3, scanJPEG(frame(markerSOF1, 0x11, 0x11, 0x11)).perPixel, 0)
	require.InDelta(t, 7.5, scanJPEG(frame(markerSOF2, 0x22, 0x11, 0x11)).perPixel, 0)
	require.InDelta(t, 20, scanJPEG([]byte{0xFF, 0xD8, 0xFF, 0xFF}).perPixel, 0, "not told")
}

// TestBandThatBreaksBreaksItsCaller, where the console catches it, and not the process.
func TestBandThatBreaksBreaksItsCaller(t *testing.T) {
	require.PanicsWithValue(t, "broken", func() {
		inBands(10*smallest, func(from, _ int) {
			if from == 0 {
				panic("broken")
			}
		})
	})
}
