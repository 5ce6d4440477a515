package session_test

import (
	"fmt"
	"image"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui/common"
	"docket/ui/picture"
	"docket/ui/session"
)

// The strip has the four pictures that a decision needs; one that fails says so in
// its place and is read again by R, the others stay.
func TestStripOfPictures(t *testing.T) {
	r := newRig()
	selfie := model.PictureRef{Type: "selfie"}
	r.FaultPicture(selfie, model.NewProblem(model.KindFailed, "the link gave a web page", "selfie", "R asks for a new link"))
	r.held = true
	r.arrive(model.PartScore, model.PartOCR)
	d := start(t, r)
	d.See("ID face", "selfie", "reading …", "face match")
	r.arrive(opening...)
	d.See("✗ the link").Gone("reading …")
	require.Contains(t, d.Screen(), "▀▀▀▀", "the others are there")
	r.FaultPicture(selfie, nil)
	d.Press("1", "R").Until("the list is asked for again", func(string) bool { return len(r.asked()) == 1 })
	r.arrive(model.PartScore, model.PartImages)
	d.Gone("✗ the link")
}

// Who may not see pictures, or does not want to, has the list alone, and nothing is
// asked for.
func TestNoStrip(t *testing.T) {
	for name, change := range map[string]func(*rig, *common.Context){
		"no_images": func(r *rig, _ *common.Context) { r.SetPolicy(func(p *desk.Policy) { p.NoImages = true }) },
		"masked":    func(_ *rig, c *common.Context) { c.Masked = true },
		"none":      func(_ *rig, c *common.Context) { c.Pictures = picture.NewScreen(picture.Options{Choice: picture.None}) },
		"no list": func(r *rig, _ *common.Context) {
			r.fault(model.PartImages, model.NewProblem(model.KindServer, "the API failed with 500", "images", "try again"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig()
			c := newContext(t, r, "none")
			change(r, c)
			r.arrive(opening...)
			d := vtdriver.StartModel(t, newHost(c, session.New(c, theID)))
			d.See("Before approve: overrides", "Pictures at the API").Gone("reading …")
			require.NotContains(t, d.Screen(), "▀▀▀")
			require.Empty(t, r.PictureAsks())
		})
	}
}

// Masking while the page is open takes the pictures away, and revealing brings
// them.
func TestMaskingTakesPicturesAway(t *testing.T) {
	d := console(t, newRigWithAll())
	d.See("▀▀▀▀").Press("*").Gone("▀▀▀▀").Press("*").See("▀▀▀▀")
}

func newRigWithAll() *rig {
	r := newRig()
	r.arrive(opening...)
	return r
}

// The numbers are scrolled below the pictures, which stay where they are.
func TestPicturesStayWhileThePaneIsScrolled(t *testing.T) {
	d := console(t, newRigWithAll())
	d.See("▀▀▀▀")
	strip := func() string { // inside of the frame, which is another one in focus
		var out []string
		for _, l := range strings.Split(d.Screen(), "\n")[10:17] {
			out = append(out, string([]rune(l)[2:38]))
		}
		return strings.Join(out, "\n")
	}
	before := strip()
	d.Press("1").See("▸face match").Press("G").Gone("▸face match").Gone("liveness    ✓")
	require.Equal(t, before, strip())
}

// In every arrangement a picture is inside of the pane of the faces, and there is
// none when another pane is shown instead.
func TestPicturesAreInThePaneOfTheFaces(t *testing.T) {
	for _, size := range []image.Point{{X: 80, Y: 21}, {X: 104, Y: 36}, {X: 120, Y: 37}, {X: 167, Y: 57}, {X: 200, Y: 57}, {X: 300, Y: 100}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			r := newRigWithAll()
			c := newContext(t, r, "dark")
			p := session.New(c, theID)
			p.SetSize(size.X, size.Y)
			d := vtdriver.StartModel(t, newHost(c, p), vtdriver.Size(size.X, size.Y+1))
			d.See("Before approve")
			spotsOf := func() (spots []picture.Spot) {
				done := make(chan struct{})
				d.Tell(func() { spots = p.Spots(); close(done) })
				<-done
				return spots
			}
			if size.X < 104 {
				require.Empty(t, spotsOf(), "the checks are shown")
				d.Press("1").See("▸face match")
			}
			d.See("ID face").Gone("reading …")
			spots := spotsOf()
			require.GreaterOrEqual(t, len(spots), 2)
			lines := strings.Split(d.Screen(), "\n")
			for _, s := range spots {
				require.True(t, s.Rect.In(image.Rect(0, 0, size.X, size.Y)))
				name := []rune(lines[s.Rect.Min.Y-1])[s.Rect.Min.X:]
				require.NotContains(t, string(name[:4]), "│", "its name is above it")
				require.NotEqual(t, ' ', name[0])
			}
		})
	}
}
