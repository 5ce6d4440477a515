package gallery_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui"
	"docket/ui/picture"
	"docket/ui/uitest"
)

// The session that the tests look at, the first of the inbox, and an earlier one
// of the same person.
const (
	theID     = "66e0b7a1c9d24f0088a1c002"
	earlierID = "5f9a41c2d07e4b12a3c8b7e0"
)

// album is the fake desk with pictures in flat colours, which are small in golden
// files, and with files of other kinds.
type album struct {
	*uitest.Desk

	cold bool // nothing is read before it is opened

	mu    sync.Mutex
	files map[string][]byte // by type, in place of a drawn one
	media map[string]model.Media
	gates map[string]chan struct{} // by type: the picture hangs until its context ends
}

func newAlbum() *album {
	a := &album{Desk: uitest.New(nil), files: map[string][]byte{}, media: map[string]model.Media{}, gates: map[string]chan struct{}{}}
	titled := []model.Image{
		{Type: "signature", Count: 2, Meaning: model.Meaning{Title: "Signature"}},
		{Type: "croppedFrontID", Count: 1, Meaning: model.Meaning{Title: "Front of the ID"}},
		{Type: "croppedFace", Count: 1, Meaning: model.Meaning{Title: "Face, selfie"}},
		{Type: "croppedIDFace", Count: 1, Meaning: model.Meaning{Title: "Face, ID"}},
		{Type: "newKind", Count: 1},
	}
	for _, id := range []string{theID, earlierID} {
		a.Edit(id, func(s *model.Session) { s.Images = titled })
	}
	a.Edit(theID, func(s *model.Session) {
		s.Linked = append(s.Linked, model.Linked{ID: earlierID, Why: model.LinkExisting})
	})
	return a
}

func (a *album) images(change func([]model.Image) []model.Image) {
	a.Edit(theID, func(s *model.Session) { s.Images = change(s.Images) })
}

// put replaces the drawn picture of a type.
func (a *album) put(kind string, media model.Media, body []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.files[kind], a.media[kind] = body, media
}

// hang lets the picture of a type never come; the channel tells when one who asked
// has given up: the strip of the session's page asks too.
func (a *album) hang(kind string) <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.gates[kind] = make(chan struct{}, 8)
	return a.gates[kind]
}

func (a *album) Picture(ctx context.Context, id string, ref model.PictureRef) (model.Picture, error) {
	p, err := a.Desk.Picture(ctx, id, ref)
	if err != nil {
		return p, err
	}
	a.mu.Lock()
	body, media, gate := a.files[ref.Type], a.media[ref.Type], a.gates[ref.Type]
	a.mu.Unlock()
	if gate != nil {
		<-ctx.Done()
		gate <- struct{}{}
		return model.Picture{}, model.NewProblem(model.KindUndone, "The request was given up", ref.String(), "")
	}
	p.Width, p.Height = 120, 160
	if body != nil {
		p.Body, p.Media, p.Width, p.Height = body, media, 0, 0
	} else {
		p.Body = portrait(id + ref.String())
	}
	sum := sha256.Sum256(p.Body)
	p.SHA256 = hex.EncodeToString(sum[:])
	return p, nil
}

// Prefetch reads ahead, unless the album is cold.
func (a *album) Prefetch(ctx context.Context, ids ...string) {
	if !a.cold {
		a.Desk.Prefetch(ctx, ids...)
	}
}

// portrait draws a head on shoulders in colours that follow from a text.
func portrait(from string) []byte {
	sum := sha256.Sum256([]byte(from))
	shade := func(n int) color.Color { return color.RGBA{R: sum[n] | 64, G: sum[n+1] | 64, B: sum[n+2] | 64, A: 255} }
	m := image.NewRGBA(image.Rect(0, 0, 120, 160))
	draw.Draw(m, m.Rect, image.NewUniform(shade(0)), image.Point{}, draw.Src)
	draw.Draw(m, image.Rect(40, 30, 80, 100), image.NewUniform(shade(3)), image.Point{}, draw.Src)
	draw.Draw(m, image.Rect(20, 100, 100, 160), image.NewUniform(shade(6)), image.Point{}, draw.Src)
	draw.Draw(m, image.Rect(50, 50, 56, 58), image.NewUniform(color.Black), image.Point{}, draw.Src)
	draw.Draw(m, image.Rect(66, 50, 72, 58), image.NewUniform(color.Black), image.Point{}, draw.Src)
	var out bytes.Buffer
	_ = png.Encode(&out, m) // into memory
	return out.Bytes()
}

// start opens the console on the album, with pictures as half blocks.
func start(t *testing.T, a *album, change func(*ui.Options), opts ...vtdriver.Option) *vtdriver.Driver {
	t.Helper()
	o := ui.Options{
		Desk: a, Now: func() time.Time { return uitest.Noon }, Zone: time.UTC, Grace: -1,
		Pictures: picture.Options{Choice: picture.Blocks},
	}
	if change != nil {
		change(&o)
	}
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	root, err := ui.New(ctx, o)
	require.NoError(t, err)
	d := vtdriver.StartModel(t, root, append(opts, vtdriver.ProgramOptions(tea.WithFPS(120)))...)
	return d.See("1 of 5")
}

// open goes to the session's page and on from there.
func open(t *testing.T, a *album, key string, opts ...vtdriver.Option) *vtdriver.Driver {
	t.Helper()
	return start(t, a, nil, opts...).Press("enter").See("Before approve").Press(key)
}
