package gallery_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui"
	"docket/ui/picture"
)

func TestImagesAreListedAndGoneThrough(t *testing.T) {
	d := open(t, newAlbum(), "i")
	d.See("━ Face, ID · croppedIDFace · 120×160 · 1 kB ━", "1 of 6").SeeMatch(`newKind +120×160 +1 kB`)
	d.Press("<").See("6 of 6", "━ newKind · 120×160").Press(">").See("1 of 6", "━ Face, ID · ")
	d.Press("down").See("2 of 6", "━ Face, selfie · croppedFace").Press("h").See("1 of 6")
	d.Press("left").See("6 of 6").Press("l").See("1 of 6").Press("j", "j", "j", "j").See("━ Signature 2 · signature 2 · ")
	d.Press("esc").See("Before approve")
}

func TestImagesZoomPanTurnAndFit(t *testing.T) {
	// The list says sizes as they come: it is whole once the last has come.
	d := open(t, newAlbum(), "i").See("━ Face, ID · ").SeeMatch(`newKind +120×160`).Settled()
	whole := d.Styled()
	d.Press("+", "=").See("· 2.2× ━").Settled()
	before := d.Styled()
	d.Press("l").Until("the picture moves", func(string) bool { return d.Styled() != before })
	d.See("1 of 6").Press("-").See("· 1.5× ━").Press("0").Gone("1.5×").Until("all of it is seen", func(string) bool { return d.Styled() == whole })
	d.Press("r").See("· turned 90° ━").Press("r", "r").See("· turned 270° ━").Press("r").Gone("turned")
	d.Press("+").See("· 1.5× ━").Press("esc").Gone("1.5×").See("1 of 6").Press("esc").See("Before approve")
}

// A list that comes late, or not at all, says so; R asks again.
func TestImagesWaitForTheirList(t *testing.T) {
	a := newAlbum()
	a.cold = true
	d := start(t, a, nil)
	release := a.Stall()
	d.Press("enter").See("66e0b7a1…c002").Press("i").See("asking which pictures there are")
	release()
	d.See("━ Face, ID · croppedIDFace")

	a = newAlbum()
	a.Fault(model.PartImages, model.NewProblem(model.KindServer, "The API failed with 500", "images", "try again in a minute"))
	d = open(t, a, "i").See("✗ The API failed with 500", "try again in a minute · R reads it again")
	a.Fault(model.PartImages, nil)
	d.Press("R").See("━ Face, ID · croppedIDFace", "1 of 6")

	a = newAlbum()
	a.images(func([]model.Image) []model.Image { return nil })
	open(t, a, "i").See("The API has no picture of this session.", "none at the API: croppedIDFace")
}

// What is wrong with a picture stands in its place; the others are shown.
func TestABrokenPictureSaysSoInItsPlace(t *testing.T) {
	a := newAlbum()
	expired := model.NewProblem(model.KindNotFound, "The link has expired, and so has a new one", "croppedFace", "")
	a.FaultPicture(model.PictureRef{Type: "croppedFace"}, expired)
	a.put("croppedFrontID", model.MediaPDF, []byte("%PDF-1.4"))
	a.put("signature", model.MediaPNG, []byte("<html>"))
	large := model.NewProblem(model.KindTooLarge, "The picture is larger than 10 MB", "newKind", "look at it in Incode's dashboard")
	a.FaultPicture(model.PictureRef{Type: "newKind"}, large)
	d := open(t, a, "i").See("━ Face, ID · ").SeeMatch(`newKind +✗`).SeeMatch(`Face, selfie +– not there`)
	d.Press(">").See("✗ The link has expired, and so has a new one", "R reads it again")
	d.Press(">").See("✗ a PDF is not shown in the terminal", "· PDF · 1 kB ━")
	d.Press(">").See("✗ the picture is broken and cannot be shown")
	d.Press("<", "<", "<", "<").See("✗ The picture is larger than 10 MB", "look at it in Incode's dashboard · R reads it again")
	d.Press(">").See("1 of 6").Gone("✗ The picture is larger")

	a.FaultPicture(model.PictureRef{Type: "newKind"}, nil)
	d.Press("R").SeeMatch(`newKind +120×160`).Press("<").See("━ newKind · 120×160")
}

func TestNoPicturesWhereNoneAreWanted(t *testing.T) {
	a := newAlbum()
	d := start(t, a, func(o *ui.Options) { o.Pictures.Choice = picture.None })
	d.Press("enter").See("Before approve").Press("i").See(`the configuration says picture = "none"`, "1 of 6")
	d.Press("esc").See("Before approve").Press("v").See("B  Face, selfie", `picture = "none"`)
	d.Press("enter").See("a picture on both sides must be seen first")
	require.Empty(t, a.PictureAsks(), "what is not shown is not read")

	d = open(t, newAlbum(), "i").See("━ Face, ID · ").Press("*").See("Pictures are masked.", "* reveals", "1 of 6")
	d.Press("D").See("a picture cannot be masked").Press("*").Gone("Pictures are masked.")

	a = newAlbum()
	d = open(t, a, "i").See("━ Face, ID · ")
	a.SetPolicy(func(p *desk.Policy) { p.NoImages = true })
	d.Press(">").See("The console was told to show no pictures.").Press("D").See("told to leave pictures out")
	d.Press("esc").See("Before approve").Press("i").See("told to show no pictures")
}

// Names come from outside: they stay on their line, and obey nothing.
func TestHostileNamesOfTypes(t *testing.T) {
	a := newAlbum()
	a.images(func([]model.Image) []model.Image {
		return []model.Image{
			{Type: "../../../evil\x1b[2J\x07\nnew\u202eline" + strings.Repeat("W", 300), Count: 1},
			{Type: strings.Repeat("太", 90), Count: 40},
		}
	})
	d := open(t, a, "i", vtdriver.Size(80, 24)).See("1 of 41", "../../../evil new", "none at the API:", "croppedFrontID")
	require.NotContains(t, d.Screen(), "\u202e")
	for _, row := range []int{1, 12, 21} {
		require.Regexp(t, `[┓┃┛]$`, d.Row(row), "the frame is whole")
	}
	d.Press("<").See("41 of 41").Settled()
	require.Contains(t, d.Screen(), "▸太", "the chosen one is in sight")
}

// Leaving gives up what is being read; R reads it again on the next visit.
func TestLeavingGivesUpWhatIsBeingRead(t *testing.T) {
	a := newAlbum()
	left := a.hang("croppedIDFace")
	d := open(t, a, "i").See("reading the picture")
	d.Press("esc").See("Before approve")
	select {
	case <-left:
	case <-time.After(vtdriver.DefaultDeadline):
		require.Fail(t, "the picture is still being read")
	}
	a.mu.Lock()
	delete(a.gates, "croppedIDFace")
	a.mu.Unlock()
	d.Press("i").SeeMatch(`━ Face, ID · croppedIDFace · 120×160`)
	require.Empty(t, a.DroppedPictures(), "the session is still open")
	d.Press("esc").See("Before approve").Press("esc").Gone("Before approve")
	require.Equal(t, []string{theID}, a.DroppedPictures())
}

// The mouse chooses in the list, and zooms where it points.
func TestTheMouseInImages(t *testing.T) {
	d := open(t, newAlbum(), "i", vtdriver.Size(120, 40)).See("━ Face, ID · ")
	d.Press(":").Type("mouse").Press("enter").See("Mouse on")
	d.Click(5, 4).See("3 of 6", "━ Front of the ID").Gone("reading the picture")
	d.Click(5, 39).Click(80, 20).See("· 1.5× ━", "3 of 6")
	d.Send("\x1b[<64;81;21M").See("· 2.2× ━").Send("\x1b[<65;81;21M").See("· 1.5× ━")
	d.Send("\x1b[<65;6;6M").See("4 of 6").Send("\x1b[<64;6;6M").See("3 of 6")
}
