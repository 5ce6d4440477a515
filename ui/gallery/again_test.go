package gallery_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui/uitest"
)

// digest is the SHA-256 of the picture of a type as the session has it now.
func (a *album) digest(t *testing.T, kind string) string {
	t.Helper()
	p, err := a.Picture(t.Context(), theID, model.PictureRef{Type: kind})
	require.NoError(t, err)
	return p.SHA256
}

// R reads a picture again that was replaced at the API while its pages were open,
// on all of them; nothing else does.
func TestRefreshReadsAPictureThatWasReplaced(t *testing.T) {
	a := newAlbum()
	d := open(t, a, "i").See("━ Face, ID · ").Settled()
	old := d.Styled()
	a.put("croppedIDFace", model.MediaPNG, portrait("somebody else"))
	d.Press("j").See("━ Face, selfie · croppedFace · 120×160").Press("R").Settled().Press("k")
	d.Until("the other picture is shown", func(string) bool { return d.Styled() != old }).SeeMatch(`━ Face, ID · .* kB`)

	d.Press("v").SeeMatch(`A  Face, ID · .* kB.*B  Face, selfie · .* kB`).Press("enter").See("What did you see?").Press("s").See("Recorded")
	notes, err := a.Notes(t.Context(), theID)
	require.NoError(t, err)
	require.Equal(t, a.digest(t, "croppedIDFace"), notes[0].Evidence.Compared[0].A.SHA256)
}

// The page of the session shows the new one too: when R is pressed there, and when
// it was pressed on the page above.
func TestTheStripReadsAPictureThatWasReplaced(t *testing.T) {
	for name, again := range map[string]func(*vtdriver.Driver){
		"there": func(d *vtdriver.Driver) { d.Press("1", "R") },
		"above": func(d *vtdriver.Driver) {
			d.Press("i").See("━ Face, ID · ").Press("R").Settled().Press("esc").See("Before approve")
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAlbum()
			d := start(t, a, nil, vtdriver.Size(200, 60)).Press("enter").See("Before approve", "ID face").Gone("reading").Press("1").Settled()
			old := d.Styled()
			a.put("croppedIDFace", model.MediaPNG, portrait("somebody else"))
			again(d)
			d.Until("the other picture is shown", func(string) bool { return d.Styled() != old }).Settled()
			require.NotEqual(t, old, d.Styled())
		})
	}
}

// What failed when it was read again says so in its place.
func TestRefreshSaysWhatFailed(t *testing.T) {
	a := newAlbum()
	d := open(t, a, "i").See("━ Face, ID · ")
	a.FaultPicture(model.PictureRef{Type: "croppedIDFace"}, model.NewProblem(model.KindServer, "The link failed with 500", "croppedIDFace", "try again in a minute"))
	d.Press("R").See("✗ The link failed with 500")
	a.FaultPicture(model.PictureRef{Type: "croppedIDFace"}, nil)
	d.Press("R").See("━ Face, ID · ").Gone("✗")
}

// Images and compare take each other's place, however quickly keys are pressed:
// esc goes back to the session.
func TestImagesAndCompareTakeEachOthersPlace(t *testing.T) {
	d := open(t, newAlbum(), "v").See("B  Face, selfie").Press("i").See("> Images", "━ Face, ID · ").Gone("> Compare")
	d.Press("v").See("B  Face, selfie").Gone("> Images").Press("esc").See("Before approve")
	d.Send("vivv").See("B  Face, selfie").Sync().Gone("> Images").Press("esc").See("Before approve").Press("esc").Gone("Before approve")
}

// A session that is deleted from elsewhere does not stay on the screen, nor do its
// pictures beside another session's.
func TestWhatIsDeletedElsewhereIsClosed(t *testing.T) {
	gone := func(r *model.Row) { r.Life, r.UpdatedAt = model.Deleted, uitest.Noon.Add(time.Second) }
	for name, c := range map[string]struct {
		to    func(*vtdriver.Driver)
		id    string
		after string
	}{
		"images":  {func(d *vtdriver.Driver) { d.Press("i").See("━ Face, ID · ") }, theID, "1 of 5"},
		"compare": {func(d *vtdriver.Driver) { d.Press("v").See("B  Face, selfie · ") }, theID, "1 of 5"},
		"a form":  {func(d *vtdriver.Driver) { d.Press("D").See("Save pictures") }, theID, "1 of 5"},
		"the earlier session beside it": {
			func(d *vtdriver.Driver) {
				d.Press("v").See("B  Face, selfie · ").Press("o").See("b7e0  Face, selfie")
			}, earlierID, "Before approve",
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAlbum()
			d := start(t, a, nil).Press("enter").See("Before approve").Settled()
			c.to(d)
			a.Change(c.id, gone)
			d.See("was deleted meanwhile: its pages are closed", c.after).Gone("Face, selfie · ").Gone("╭")
			require.Contains(t, a.DroppedPictures(), c.id)
			d.Press("esc").Gone("was deleted")
		})
	}
}

// One that was deleted before it was opened may be looked at.
func TestWhatWasDeletedBeforeStaysOpen(t *testing.T) {
	a := newAlbum()
	a.Change(theID, func(r *model.Row) { r.Life, r.UpdatedAt = model.Deleted, uitest.Noon.Add(-time.Hour) })
	d := start(t, a, nil)
	d.Press("enter").See("1 Faces", "1994-11-30")
	a.Arrive("66e0b7a1c9d24f0088a1c0ff", "Newly Added", model.Manual)
	d.See("Needs review 6").Settled().See("1 Faces", "1994-11-30").Gone("was deleted")
}
