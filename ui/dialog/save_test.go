package dialog_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/desk/folder"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui"
	"docket/ui/picture"
	"docket/ui/uitest"
)

const saveID = "66e0b7a1c9d24f0088a1c002" // the first of the inbox

// disk is the fake desk that really writes, as the real one does, one picture
// after the other.
type disk struct {
	*uitest.Desk
	gate chan struct{} // nil: no waiting; else each picture takes one
}

func (d *disk) SavePictures(ctx context.Context, id string, refs []model.PictureRef, o desk.SaveOptions) <-chan model.SavedPicture {
	out := make(chan model.SavedPicture, len(refs))
	go func() {
		defer close(out)
		for _, ref := range refs {
			out <- d.saveOne(ctx, id, ref, o)
		}
	}()
	return out
}

func (d *disk) saveOne(ctx context.Context, id string, ref model.PictureRef, o desk.SaveOptions) model.SavedPicture {
	if d.gate != nil {
		select {
		case <-d.gate:
		case <-ctx.Done():
			return model.SavedPicture{Ref: ref, Problem: model.NewProblem(model.KindUndone, "The request was given up", ref.String(), "")}
		}
	}
	p, err := d.Picture(ctx, id, ref)
	if err != nil {
		return model.SavedPicture{Ref: ref, Problem: model.AsProblem(err)}
	}
	name := desk.FileName(id, ref, p.Media)
	into, err := folder.Open(o.Dir)
	if err == nil {
		defer func() { _ = into.Close() }()
		err = into.Write(name, p.Body, o.Force)
	}
	if err != nil {
		return model.SavedPicture{Ref: ref, Problem: model.NewProblem(model.KindFailed, "The picture could not be saved", name, "choose another folder").Because(err)}
	}
	return model.SavedPicture{Ref: ref, Path: filepath.Join(o.Dir, name), Bytes: len(p.Body), SHA256: p.SHA256, Media: p.Media}
}

// saves opens the session's images on the desk.
func saves(t *testing.T, d *disk) *vtdriver.Driver {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	root, err := ui.New(ctx, ui.Options{
		Desk: d, Now: func() time.Time { return uitest.Noon }, Zone: time.UTC, Grace: -1, Pictures: picture.Options{Choice: picture.Blocks},
	})
	require.NoError(t, err)
	v := vtdriver.StartModel(t, root, vtdriver.ProgramOptions(tea.WithFPS(120)), vtdriver.Size(160, 40))
	return v.See("1 of 5").Press("enter").See("Before approve").Press("i").See("1 of 3", "━ croppedIDFace")
}

// into puts a folder into the dialog in front.
func into(v *vtdriver.Driver, dir string) *vtdriver.Driver {
	return v.See("▸ Folder").Press("ctrl+u").Type(dir).See(filepath.Base(dir))
}

func files(t *testing.T, dir string) string {
	t.Helper()
	var out []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil && path != dir {
			out = append(out, fmt.Sprintf("%s %04o", strings.TrimPrefix(e.Name(), saveID+"-"), info.Mode().Perm()))
		}
		return err
	}))
	return strings.Join(out, ", ")
}

// Nothing is written unless it was asked for; then files and folder are for the
// person alone, and what is there already stays until that is ticked.
func TestSavingPicturesInAFolder(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "case")
	v := saves(t, &disk{Desk: uitest.New(nil)})
	v.Press("D").See("Save pictures", "croppedIDFace", "all 3 of this session", "personal data", "│ "+saveID)
	v.Press("esc").Gone("personal data").Press("D").See("personal data").Press("enter")
	into(v, dir).Press("ctrl+s").See("1 of 1 done", "SHA-256 ", "✓ 1 picture saved in "+dir)
	require.Equal(t, "case 0700, croppedIDFace.png 0600", files(t, base))
	v.Press("enter").Gone("Save pictures")

	kept := filepath.Join(dir, saveID+"-croppedIDFace.png")
	require.NoError(t, os.WriteFile(kept, []byte("mine"), 0o600))
	v.Press("D").See("personal data").Press("j", "enter")
	into(v, dir).Press("ctrl+s").See("3 of 3 done", "tick that files are replaced", "! 2 pictures saved in "+dir+";", "1 there already,")
	body, err := os.ReadFile(kept)
	require.NoError(t, err)
	require.Equal(t, "mine", string(body))
	v.Press("esc").Gone("Save pictures")

	v.Press("D").See("personal data").Press("j", "enter")
	into(v, dir).Press("tab", "space").See("[x] replace").Press("ctrl+s").See("✓ 3 pictures saved in " + dir)
	require.Equal(t, "croppedFace.png 0600, croppedIDFace.png 0600, fullFrameFrontID.png 0600", files(t, dir))
	body, err = os.ReadFile(kept)
	require.NoError(t, err)
	require.NotEqual(t, "mine", string(body))
}

// Saving can be stopped: what is there is whole, and the rest is told.
func TestSavingIsShownAndCanBeStopped(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "case")
	d := &disk{Desk: uitest.New(nil), gate: make(chan struct{})}
	v := saves(t, d)
	v.Press("D").See("personal data").Press("j", "enter")
	into(v, dir).Press("ctrl+s").See("0 of 3, saving")
	d.gate <- struct{}{}
	v.See("1 of 3, saving", "✓ croppedIDFace").Press("q", "enter").Press("esc")
	v.See("3 of 3 done", "croppedFace: stopped before it was saved", "! 1 picture saved in "+dir+"; 2 not saved")
	require.Equal(t, "croppedIDFace.png 0600", files(t, dir))
	v.Press("enter").Gone("Save pictures").See("1 of 3")
}

// What could not be saved says why and what to do, and the rest is saved.
func TestSavingSaysWhatFailed(t *testing.T) {
	base := t.TempDir()
	d := &disk{Desk: uitest.New(nil)}
	v := saves(t, d).SeeMatch(`fullFrameFrontID +96×60`)
	d.FaultPicture(model.PictureRef{Type: "croppedFace"}, model.NewProblem(model.KindTooLarge, "The picture is larger than 10 MB", "croppedFace", "ask for it at Incode"))
	v.Press("D").See("personal data").Press("j", "enter")
	into(v, filepath.Join(base, "case")).Press("ctrl+s")
	v.See("✗ croppedFace: The picture is larger than 10 MB", "ask for it at Incode", "2 pictures saved in", "; 1 could not be saved").Press("esc").Gone("Save pictures")

	file := filepath.Join(base, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	v.Press("D").See("personal data").Press("enter")
	into(v, file).Press("ctrl+s").See("! nothing saved in "+file+"; 1 could not be saved", "choose another folder").Press("esc").Gone("Save pictures")

	t.Setenv("HOME", base)
	v.Press("D").See("personal data").Press("enter")
	into(v, "~nobody/x").Press("ctrl+s").See("Only your own home folder is known here, as ~/", "./~nobody/x")
	into(v, "~/home").Press("ctrl+s").See("1 picture saved in " + filepath.Join(base, "home")).Press("esc").Gone("Save pictures")

	v.Press("D").See("personal data").Press("enter").Press("ctrl+u").Press("ctrl+s").See("a folder").Press("esc").Gone("Save pictures")
}

// Both sides of compare are saved together, also those of an earlier session.
func TestSavingWhatIsCompared(t *testing.T) {
	const earlier = "5f9a41c2d07e4b12a3c8b7e0"
	dir := filepath.Join(t.TempDir(), "case")
	d := &disk{Desk: uitest.New(nil)}
	d.Edit(saveID, func(s *model.Session) {
		s.Linked = append(s.Linked, model.Linked{ID: earlier, Why: model.LinkExisting})
	})
	v := saves(t, d)
	v.Press("v").See("B  croppedFace").Press("o").See("B  earlier").SeeMatch(`earlier \S+ +croppedFace · 60×76`)
	v.Press("D").See("croppedIDFace and croppedFace").Press("enter")
	into(v, dir).Press("ctrl+s").See("✓ 2 pictures saved", "earlier: croppedFace")
	require.Equal(t, earlier+"-croppedFace.png 0600, croppedIDFace.png 0600", files(t, dir))
}

// From the session's page all pictures are saved; D says why when none can be.
func TestSavingFromTheSession(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "case")
	d := &disk{Desk: uitest.New(nil)}
	v := saves(t, d).Press("esc").See("Before approve")
	v.Press("D").See("all 3 of this session").Gone("Which")
	into(v, dir).Press("ctrl+s").See("✓ 3 pictures saved").Press("esc").Gone("Save pictures")
	v.Press("*").See("MASKED").Press("D").See("a picture cannot be masked: reveal first, with *").Press("*").Gone("MASKED")
	d.SetPolicy(func(p *desk.Policy) { p.NoImages = true })
	v.Press("D").See("the console was told to leave pictures out")
	require.Equal(t, "croppedFace.png 0600, croppedIDFace.png 0600, fullFrameFrontID.png 0600", files(t, dir))
}
