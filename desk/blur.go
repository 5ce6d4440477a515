package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"docket/model"
)

const (
	// blurSide is the longer side of what is left of a picture, in pixels: enough to
	// tell a document from a face, and no letter and nobody's face.
	blurSide = 10
	// blurScale is how much larger it is shown.
	blurScale = 24
	// mostPixels is the largest picture that is decoded for it.
	mostPixels = 16_000_000
	// blurredSize is how many bytes of blurred pictures stay in memory: some hundred.
	blurredSize = 1 << 20
)

// decoders read each kind of picture: its size, then itself.
var decoders = map[model.Media]struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}{
	model.MediaJPEG: {jpeg.DecodeConfig, jpeg.Decode},
	model.MediaPNG:  {png.DecodeConfig, png.Decode},
	model.MediaWebP: {webp.DecodeConfig, webp.Decode},
	model.MediaGIF:  {gif.DecodeConfig, gif.Decode},
}

// blurredPicture returns a picture for who may not see it: a few spots of colour that
// were made of it. Nothing of the original is in it, its digest neither.
func (s *Seat) blurredPicture(ctx context.Context, key pictureKey) (model.Picture, *model.Problem) {
	return s.d.blurred.get(ctx, key, true, func(ctx context.Context) (model.Picture, *model.Problem) {
		p, problem := s.d.pictures.get(ctx, key, true, func(ctx context.Context) (model.Picture, *model.Problem) {
			return s.d.cfg.Provider.Picture(ctx, key.id, key.ref)
		})
		if problem != nil {
			return model.Picture{}, problem
		}
		if err := s.d.blurring.Acquire(ctx, 1); err != nil {
			return model.Picture{}, givenUp(ctx, key)
		}
		defer s.d.blurring.Release(1)
		return blurOf(p, key)
	})
}

func blurOf(p model.Picture, key pictureKey) (model.Picture, *model.Problem) {
	unshown := pictureProblem(model.KindForbidden, "It cannot be blurred, so it is not shown to your role", key, "ask a reviewer")
	d, ok := decoders[p.Media]
	if !ok {
		return model.Picture{}, unshown
	}
	c, err := d.config(bytes.NewReader(p.Body))
	if err != nil || c.Width <= 0 || c.Height <= 0 || float64(c.Width)*float64(c.Height) > mostPixels {
		return model.Picture{}, unshown
	}
	whole, err := d.decode(bytes.NewReader(p.Body))
	if err != nil {
		return model.Picture{}, unshown
	}
	longer := max(c.Width, c.Height)
	w, h := max(1, c.Width*blurSide/longer), max(1, c.Height*blurSide/longer)
	spots := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(spots, spots.Rect, image.White, image.Point{}, draw.Src)
	draw.BiLinear.Scale(spots, spots.Rect, whole, whole.Bounds(), draw.Over, nil)
	shown := image.NewRGBA(image.Rect(0, 0, w*blurScale, h*blurScale))
	draw.BiLinear.Scale(shown, shown.Rect, spots, spots.Rect, draw.Src, nil)
	var body bytes.Buffer
	if err := jpeg.Encode(&body, shown, nil); err != nil {
		return model.Picture{}, unshown
	}
	sum := sha256.Sum256(body.Bytes())
	return model.Picture{
		Ref: p.Ref, Body: body.Bytes(), Media: model.MediaJPEG, SHA256: hex.EncodeToString(sum[:]),
		Width: shown.Rect.Dx(), Height: shown.Rect.Dy(), From: p.From, At: p.At,
	}, nil
}
