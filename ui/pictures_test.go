package ui

import (
	"bytes"
	"image"
	"image/png"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/ui/picture"
	"docket/ui/session"
	"docket/ui/uitest"
)

// shows is a session's page with one picture on all of it.
type shows struct {
	*session.Page
	image *picture.Image
}

func (s shows) Spots() []picture.Spot {
	return []picture.Spot{{Slot: "a", Image: s.image, Rect: image.Rect(0, 0, 40, 20), Of: model.Seen{Session: s.ID(), SHA256: s.image.SHA256}}}
}

// What came under a dialog, or while the screen was locked or too small, is no
// evidence; what is uncovered becomes it.
func TestEvidenceIsWhatWasOnTheScreen(t *testing.T) {
	desk := uitest.New(nil)
	r, err := New(t.Context(), Options{Desk: desk, Now: func() time.Time { return uitest.Noon }, Zone: time.UTC, Grace: -1, Pictures: picture.Options{Choice: picture.Blocks}})
	require.NoError(t, err)
	var body bytes.Buffer
	require.NoError(t, png.Encode(&body, image.NewGray(image.Rect(0, 0, 8, 8))))
	m, err := r.c.Decoder.Decode(t.Context(), model.Picture{Body: body.Bytes(), Media: model.MediaPNG, SHA256: "aa"})
	require.NoError(t, err)
	const id = "66e0b7a1c9d24f0088a1c002"
	seen := func() int { return len(r.c.Looked.Evidence(id).Pictures) }

	r.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	r.help()
	r.push(shows{session.New(r.c, id), m})
	r.Update(nil)
	require.Zero(t, seen(), "under the help")
	r.Update(tea.WindowSizeMsg{Width: 20, Height: 5})
	r.lock()
	r.dialogs.Pop()
	r.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	require.Zero(t, seen(), "locked")
	r.locked = false
	r.Update(nil)
	require.Equal(t, 1, seen())
}
