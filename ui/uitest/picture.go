package uitest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/png"
	"path/filepath"
	"slices"
	"strings"

	"docket/desk"
	"docket/model"
)

// pictureSize is the size of a picture in pixels: faces stand, documents lie.
func pictureSize(kind string) image.Point {
	if strings.Contains(kind, "Face") || strings.Contains(kind, "elfie") {
		return image.Pt(60, 76)
	}
	return image.Pt(96, 60)
}

// Picture implements common.Desk: every picture of the session's list is there,
// and looks different for each type and session.
func (d *Desk) Picture(ctx context.Context, id string, ref model.PictureRef) (model.Picture, error) {
	if err := d.wait(ctx); err != nil {
		return model.Picture{}, model.NewProblem(model.KindUndone, "the request was given up", ref.String(), "").Because(err)
	}
	d.mu.Lock()
	so, fault, off := d.sessions[id], d.pictureFaults[ref], d.policy.NoImages
	d.pictureAsks = append(d.pictureAsks, ref)
	d.mu.Unlock()
	switch {
	case off:
		return model.Picture{}, model.NewProblem(model.KindGuard, "pictures are switched off", ref.String(), "start docket without --no-images")
	case fault != nil:
		return model.Picture{}, fault
	case so == nil || !slices.Contains(so.Pictures(), ref):
		return model.Picture{}, model.NewProblem(model.KindNotFound, "the API has no such picture", ref.String(), "choose one of the session's list")
	}
	size := pictureSize(ref.Type)
	body := draw(id+ref.String(), size)
	sum := sha256.Sum256(body)
	return model.Picture{
		Ref: ref, Body: body, Media: model.MediaPNG, SHA256: hex.EncodeToString(sum[:]), Width: size.X, Height: size.Y,
		From: "images", At: d.now(),
	}, nil
}

// draw makes a picture whose colours and stripes follow from a text: a gradient,
// so that turning and scaling show.
func draw(from string, size image.Point) []byte {
	sum := sha256.Sum256([]byte(from))
	m := image.NewRGBA(image.Rectangle{Max: size})
	stripe := 6 + int(sum[3]%10)
	for y := range size.Y {
		for x := range size.X {
			c := color.RGBA{R: sum[0]/2 + uint8(x), G: sum[1]/2 + uint8(2*y), B: sum[2], A: 255}
			if x/stripe%2 == 0 {
				c.B = 255 - c.B
			}
			m.SetRGBA(x, y, c)
		}
	}
	var out bytes.Buffer
	_ = png.Encode(&out, m) // into memory, of an image that has a size
	return out.Bytes()
}

// AllPictures stands in DroppedPictures for a call that named no session.
const AllPictures = "all"

// DropPictures implements common.Desk.
func (d *Desk) DropPictures(ids ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(ids) == 0 {
		ids = []string{AllPictures}
	}
	d.dropped = append(d.dropped, ids...)
}

// SavePictures implements common.Desk. It writes nothing.
func (d *Desk) SavePictures(ctx context.Context, id string, refs []model.PictureRef, o desk.SaveOptions) <-chan model.SavedPicture {
	out := make(chan model.SavedPicture, len(refs))
	go func() {
		defer close(out)
		for _, ref := range refs {
			p, err := d.Picture(ctx, id, ref)
			if err != nil {
				out <- model.SavedPicture{Ref: ref, Problem: model.AsProblem(err)}
				continue
			}
			out <- model.SavedPicture{
				Ref: ref, Path: filepath.Join(o.Dir, desk.FileName(id, ref, p.Media)), Bytes: len(p.Body), SHA256: p.SHA256, Media: p.Media,
			}
		}
	}()
	return out
}

// FaultPicture makes a picture fail from now on; nil mends it.
func (d *Desk) FaultPicture(ref model.PictureRef, p *model.Problem) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pictureFaults[ref] = p
}

// PictureAsks returns the pictures that were asked for, in order.
func (d *Desk) PictureAsks() []model.PictureRef {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.pictureAsks)
}

// DroppedPictures returns the sessions whose pictures were dropped, in order.
func (d *Desk) DroppedPictures() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.dropped)
}
