package gallery_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"docket/internal/vtdriver"
	"docket/model"
)

func TestCompareBeginsWithTheFaces(t *testing.T) {
	a := newAlbum()
	d := open(t, a, "v").See("A  Face, ID · croppedIDFace", "B  Face, selfie · croppedFace", "Incode's numbers", "face match ✓ 97.4")
	d.Press(">").See("B  Front of the ID").Press("tab", "<").See("A  newKind", "B  Front of the ID").Press(">").See("A  Face, ID")
	require.NotContains(t, a.PictureAsks(), model.PictureRef{Type: "signature"}, "only what is shown")
}

// Zoom is for both sides, panning and turning for the one in focus.
func TestCompareLooksCloser(t *testing.T) {
	d := open(t, newAlbum(), "v").See("B  Face, selfie · ")
	d.Press("l").See("all of the picture is seen: + zooms in, then this pans")
	d.Press("+").SeeMatch(`A  Face, ID.* · 1.5×.*B  Face, selfie.* · 1.5×`).Settled()
	before := d.Styled()
	d.Press("l").Until("the picture moves", func(string) bool { return d.Styled() != before })
	d.Press("0").Gone("1.5×").Press("r").SeeMatch(`A  Face, ID · croppedIDFace · \d+×\d+ · \d+ kB ─.*B  Face, selfie.* · turned 90° ━`)
	d.Press("tab", "r").SeeMatch(`A  Face, ID.* · turned 90° ━`)
}

// The earlier session comes to a side and goes again, each as it was left; its
// pictures are dropped with the page.
func TestCompareWithTheEarlierSession(t *testing.T) {
	a := newAlbum()
	d := open(t, a, "v").See("B  Face, selfie · ", "o shows its pictures")
	d.Press(">").See("B  Front of the ID").Press("o").See("B  earlier 5f9a41c2…b7e0  Face, selfie")
	d.Press(">").See("b7e0  Front of the ID").Press(">").See("b7e0  Signature 1").Press("o").See("B  Front of the ID")
	d.Press("o").See("b7e0  Signature 1").Press("tab", "o").See("A  earlier 5f9a41c2…b7e0  Face, ID")
	require.Empty(t, a.DroppedPictures())
	d.Press("esc").See("Before approve")
	require.Equal(t, []string{earlierID}, a.DroppedPictures())
	d.Press("esc").Gone("Before approve")
	require.Equal(t, []string{earlierID, theID}, a.DroppedPictures())
}

func TestCompareWithoutAnEarlierSession(t *testing.T) {
	a := newAlbum()
	a.Edit(theID, func(s *model.Session) { s.Linked = nil })
	open(t, a, "v").See("no earlier session of this person is known").Press("o").SeeMatch(`(?s)is known.*is known`)
}

// A side whose picture is broken says so; the other is shown, and nothing can be
// recorded of a picture that nobody saw.
func TestCompareWithABrokenSide(t *testing.T) {
	a := newAlbum()
	a.put("croppedFace", model.MediaPNG, []byte("<html>"))
	d := open(t, a, "v").See("the picture is broken and cannot be").SeeMatch(`A  Face, ID.* 120×160`)
	d.Press("enter").See("a picture on both sides must be seen first").Gone("What did you see?")
	a.put("croppedFace", "", nil)
	d.Press("R").SeeMatch(`B  Face, selfie.* 120×160`).Press("*").See("Pictures are masked.")
	d.Press("enter").Gone("What did you see?").Press("*").Gone("masked.").Press("enter").See("What did you see?")
}

func TestCompareWhenTheListFails(t *testing.T) {
	a := newAlbum()
	a.Fault(model.PartImages, model.NewProblem(model.KindServer, "The API failed with 500", "images", ""))
	d := open(t, a, "v").SeeMatch(`✗ The API failed with 500 .*✗ The API failed with 500`)
	a.Fault(model.PartImages, nil)
	d.Press("R").See("A  Face, ID", "B  Face, selfie")
}

// The pictures are never without the numbers, and these are whole in any room.
func TestNumbersOfCompareInALowWindow(t *testing.T) {
	d := open(t, newAlbum(), "v", vtdriver.Size(80, 24))
	d.See("this session's ID face and selfie:  face match ✓ 97.4   liveness ✓ 99.1", "enter records what you saw", "o earlier session, no score against it")
}

func TestTheMouseInCompare(t *testing.T) {
	d := open(t, newAlbum(), "v", vtdriver.Size(120, 40)).See("┏━ B  Face, selfie")
	d.Press(":").Type("mouse").Press("enter").See("Mouse on")
	d.Click(20, 10).See("┏━ A  Face, ID").Gone("1.5×").Click(20, 10).SeeMatch(`A .* · 1.5×.*B .* · 1.5×`)
	d.Send("\x1b[<65;80;11M").Gone("1.5×").Send("\x1b[<64;80;11M").See("1.5×")
}

// A key that is pressed twice opens one page: what is recorded is of the pictures
// in front, once.
func TestCompareOpensOnce(t *testing.T) {
	a := newAlbum()
	d := start(t, a, nil).Press("enter").See("Before approve").Send("vv").See("B  Face, selfie · ").Press(">").See("B  Front of the ID").SeeMatch(`B  Front of the ID.* 120×160`)
	d.Press("enter").See("What did you see?").Press("d").See("Recorded: different")
	notes, err := a.Notes(t.Context(), theID)
	require.NoError(t, err)
	require.Len(t, notes, 1)
	require.Equal(t, "croppedFrontID", notes[0].Evidence.Compared[0].B.Ref.Type)
	d.Press("esc").See("Before approve")
}
