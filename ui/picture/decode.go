package picture

import (
	"bytes"
	"container/list"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"runtime"
	"sync"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
	"golang.org/x/sync/semaphore"

	"docket/model"
)

const (
	// workSide is the longest side of a decoded picture: enough to read small
	// print on a document at the greatest zoom.
	workSide = 2000
	// decodeBudget is how many bytes all decoders that run may need together.
	// A picture that needs more alone is not decoded.
	decodeBudget = 128 << 20
	// DefaultKept is how many bytes of decoded pictures a decoder keeps.
	DefaultKept = 64 << 20
)

// Decoder decodes pictures and keeps the last ones, by content. It may be used
// by several goroutines.
type Decoder struct {
	running *semaphore.Weighted

	mu    sync.Mutex
	bound int64
	held  int64
	order *list.List // of *Image, the one used last in front
	byKey map[string]*list.Element
}

// NewDecoder returns a decoder that keeps this many bytes of decoded pictures.
func NewDecoder(kept int64) *Decoder {
	return &Decoder{
		running: semaphore.NewWeighted(decodeBudget),
		bound:   kept,
		order:   list.New(),
		byKey:   map[string]*list.Element{},
	}
}

// Decode returns the picture ready to be drawn. It takes milliseconds: call it in
// a command, not in Update. Its errors are problems that can stand in the
// picture's place.
func (d *Decoder) Decode(ctx context.Context, p model.Picture) (*Image, error) {
	if m := d.kept(p.SHA256); m != nil {
		return m, nil
	}
	header, err := readHeader(p)
	if err != nil {
		return nil, err
	}
	if err := d.running.Acquire(ctx, header.cost); err != nil {
		return nil, fmt.Errorf("decode a picture: %w", err)
	}
	defer d.running.Release(header.cost)
	if m := d.kept(p.SHA256); m != nil { // decoded while this one waited
		return m, nil
	}
	decoded, err := header.codec.decode(interruptible{ctx, bytes.NewReader(p.Body)})
	if ctx.Err() != nil {
		return nil, fmt.Errorf("decode a picture: %w", ctx.Err())
	}
	if err != nil {
		return nil, broken(p, err)
	}
	pixels := orient(working(decoded), header.orientation)
	full := decoded.Bounds().Size()
	if header.orientation.swaps() {
		full.X, full.Y = full.Y, full.X
	}
	m := newImage(p, full, pixels)
	d.keep(m)
	return m, nil
}

// Forget drops all pictures that are kept: on lock, and when a session is left.
func (d *Decoder) Forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.order.Init()
	clear(d.byKey)
	d.held = 0
}

func (d *Decoder) kept(key string) *Image {
	d.mu.Lock()
	defer d.mu.Unlock()
	e, ok := d.byKey[key]
	if !ok {
		return nil
	}
	d.order.MoveToFront(e)
	return e.Value.(*Image)
}

func (d *Decoder) keep(m *Image) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.byKey[m.SHA256]; ok || m.SHA256 == "" {
		return
	}
	d.byKey[m.SHA256] = d.order.PushFront(m)
	d.held += m.bytes()
	for d.held > d.bound && d.order.Len() > 1 {
		last := d.order.Back()
		old := d.order.Remove(last).(*Image)
		delete(d.byKey, old.SHA256)
		d.held -= old.bytes()
	}
}

// interruptible is a reader that ends with its context, which stops a decoder.
type interruptible struct {
	ctx context.Context
	r   io.Reader
}

// Read implements io.Reader.
func (r interruptible) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// codec is how pictures of a kind are read.
type codec struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// codecs hold GIF's first picture only: gif.Decode reads no further.
var codecs = map[model.Media]codec{
	model.MediaJPEG: {jpeg.DecodeConfig, jpeg.Decode},
	model.MediaPNG:  {png.DecodeConfig, png.Decode},
	model.MediaWebP: {webp.DecodeConfig, webp.Decode},
	model.MediaGIF:  {gif.DecodeConfig, gif.Decode},
}

// header is what is known of a picture before it is decoded.
type header struct {
	codec       codec
	orientation orientation
	cost        int64 // bytes that decoding needs
}

func readHeader(p model.Picture) (header, error) {
	c, ok := codecs[p.Media]
	if !ok {
		return header{}, notShown(p)
	}
	config, err := c.config(bytes.NewReader(p.Body))
	if err != nil {
		return header{}, broken(p, err)
	}
	if config.Width <= 0 || config.Height <= 0 {
		return header{}, broken(p, nil)
	}
	h := header{codec: c, orientation: upright}
	perPixel := pixelBytes(config.ColorModel)
	if p.Media == model.MediaJPEG {
		scanned := scanJPEG(p.Body)
		h.orientation, perPixel = scanned.orientation, scanned.perPixel
	}
	// As a float: the product of what a header says may not fit an integer.
	need := float64(config.Width) * float64(config.Height) * perPixel
	if need > decodeBudget {
		return header{}, tooLarge(p, config)
	}
	h.cost = int64(need)
	return h, nil
}

// pixelBytes is what the decoders of the standard library need a pixel.
func pixelBytes(m color.Model) float64 {
	switch m {
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	case color.YCbCrModel:
		return 3
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	}
	if _, ok := m.(color.Palette); ok {
		return 1
	}
	return 4
}

func subject(p model.Picture) string { return p.Ref.String() }

func notShown(p model.Picture) error {
	if p.Media == model.MediaPDF {
		return model.NewProblem(model.KindShape, "a PDF is not shown in the terminal", subject(p),
			"save it with D and open it in a viewer")
	}
	return model.NewProblem(model.KindShape, "not a picture that docket knows", subject(p),
		"save it with D to look at it elsewhere")
}

func broken(p model.Picture, cause error) error {
	return model.NewProblem(model.KindShape, "the picture is broken and cannot be shown", subject(p),
		"fetch it again with R; if it stays broken, ask for a new capture").Because(cause)
}

func tooLarge(p model.Picture, c image.Config) error {
	return model.NewProblem(model.KindTooLarge,
		fmt.Sprintf("the picture is too large to be shown, %d×%d pixels", c.Width, c.Height), subject(p),
		"save it with D and open it in a viewer")
}

// working returns the picture in its working size, on white where it is
// transparent: a signature is often black on nothing.
func working(src image.Image) *image.RGBA {
	b := src.Bounds()
	w, h := within(b.Dx(), b.Dy(), workSide)
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	op := draw.Src
	if o, ok := src.(interface{ Opaque() bool }); !ok || !o.Opaque() {
		draw.Draw(dst, dst.Rect, image.White, image.Point{}, draw.Src)
		op = draw.Over
	}
	if w == b.Dx() && h == b.Dy() {
		inBands(h, func(from, to int) {
			draw.Draw(dst, image.Rect(0, from, w, to), src, b.Min.Add(image.Pt(0, from)), op)
		})
	} else {
		draw.ApproxBiLinear.Scale(dst, dst.Rect, src, b, op, nil)
	}
	return dst
}

// inBands does something to so many rows, on all processors.
func inBands(rows int, do func(from, to int)) {
	bands := min(runtime.GOMAXPROCS(0), max(rows/smallest, 1))
	var wg sync.WaitGroup
	broken := make(chan any, bands)
	for n := range bands {
		wg.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					broken <- v // in a goroutine of its own it would end the process
				}
			}()
			do(rows*n/bands, rows*(n+1)/bands)
		})
	}
	wg.Wait()
	select {
	case v := <-broken:
		panic(v)
	default:
	}
}

// within makes a size smaller, in proportion, so that no side is above limit.
func within(w, h, limit int) (int, int) {
	longest := max(w, h)
	if longest <= limit {
		return w, h
	}
	return max(1, w*limit/longest), max(1, h*limit/longest)
}
