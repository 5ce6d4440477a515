package e2e

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"regexp"
	"strconv"
	"testing"

	"github.com/mattn/go-sixel"
	"github.com/stretchr/testify/require"
)

// painting is a picture that was painted over cells of the screen.
type painting struct {
	at    image.Point
	cells image.Point // as far as the terminal was told
	m     image.Image
}

var (
	paintSyntax = regexp.MustCompile(`\x1b7\x1b\[(\d*)(?:;(\d*))?H(\x1b\]1337;File=([^:]*):([^\x07\x1b]*)(?:\x07|\x1b\\)|\x1bP[0-9;]*q[^\x1b]*\x1b\\)\x1b8`)
	imageSyntax = regexp.MustCompile(`\x1b\]1337;File=|\x1bP[0-9;]*q`)
	sizeSyntax  = regexp.MustCompile(`(width|height)=(\d+)`)
)

// paintings are those in the output since it was last forgotten.
func (v *viewer) paintings() []painting {
	v.t.Helper()
	out := v.Output()
	var all []painting
	for _, found := range paintSyntax.FindAllSubmatch(out, -1) {
		p := painting{at: image.Pt(number(found[2])-1, number(found[1])-1)}
		var err error
		if len(found[4]) > 0 {
			for _, size := range sizeSyntax.FindAllSubmatch(found[4], -1) {
				if n := number(size[2]); string(size[1]) == "width" {
					p.cells.X = n
				} else {
					p.cells.Y = n
				}
			}
			var body []byte
			body, err = base64.StdEncoding.DecodeString(string(found[5]))
			require.NoError(v.t, err)
			p.m, _, err = image.Decode(bytes.NewReader(body))
		} else {
			err = sixel.NewDecoder(bytes.NewReader(found[3])).Decode(&p.m)
		}
		require.NoError(v.t, err)
		all = append(all, p)
	}
	require.Len(v.t, imageSyntax.FindAll(out, -1), len(all), "no picture is painted in another way")
	return all
}

// number reads a number of a sequence, where a missing one is 1.
func number(b []byte) int {
	n, err := strconv.Atoi(string(b))
	if err != nil {
		return 1
	}
	return n
}

// paints does something after which so many pictures are painted, and no more
// while the screen rests.
func (v *viewer) paints(n int, what string, does func()) []painting {
	v.t.Helper()
	v.ResetOutput()
	does()
	v.Until(fmt.Sprintf("%s: %d paintings", what, n), func(string) bool { return len(imageSyntax.FindAll(v.Output(), -1)) >= n })
	v.Settled()
	all := v.paintings()
	require.Len(v.t, all, n, what)
	return all
}

// isThere holds a painting against the blank cells that are kept for it, and
// against the picture.
func (v *viewer) isThere(kind string, p painting) {
	v.t.Helper()
	const concealed = "8"
	box, cells := v.inCells(concealed)
	require.Equal(v.t, box.Dx()*box.Dy(), cells)
	require.Equal(v.t, box.Min, p.at)
	v.fits(box, v.album.picture(v.t, kind))
	v.same(kind, p.m)
	if p.cells != (image.Point{}) {
		require.Equal(v.t, box.Size(), p.cells)
		return
	}
	require.LessOrEqual(v.t, p.m.Bounds().Dx(), box.Dx()*cellWidth)
	require.LessOrEqual(v.t, p.m.Bounds().Dy(), box.Dy()*cellHeight)
	require.Greater(v.t, p.m.Bounds().Dx(), (box.Dx()-2)*cellWidth)
	require.Greater(v.t, p.m.Bounds().Dy(), (box.Dy()-2)*cellHeight)
}

// TestPicturesArePaintedAgainOnlyWhenTheyWereDestroyed goes through the console on
// terminals that keep no pictures.
func TestPicturesArePaintedAgainOnlyWhenTheyWereDestroyed(t *testing.T) {
	for name, answers := range map[string]string{"iterm": itermAnswers, "sixel": sixelAnswers} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := views(t, answers, nil).opens()
			v.Until("the four of the session's page", func(string) bool { return len(imageSyntax.FindAll(v.Output(), -1)) >= 4 }).Settled()
			face := v.paints(1, "the first picture", func() { v.images() })
			v.isThere("croppedIDFace", face[0])
			selfie := v.paints(1, "the next one", func() { v.Press("j").See("━ Face, selfie") })
			v.isThere("croppedFace", selfie[0])
			v.paints(1, "a dialog and back", func() {
				v.Press("?").See("Keys of this page").Settled()
				require.Empty(t, v.paintings(), "not over a dialog")
				v.Press("esc").Gone("Keys of this page")
			})
			v.paints(1, "the palette and back", func() {
				v.Press(":").See("Every action by name").Settled()
				require.Empty(t, v.paintings(), "not over a dialog")
				v.Press("esc").Gone("Every action by name")
			})
			v.paints(1, "a new size", func() { v.Resize(100, 30).SeeMatch(`(?m)^.{100}$`) })
			v.isThere("croppedFace", v.paints(1, "the size before", func() { v.Resize(120, 40).SeeMatch(`(?m)^.{120}$`) })[0])
			v.paints(0, "keys that change nothing, and the clock", func() {
				v.Press("0", "-")
				const seconds, aSecond = 3, 7 // so many quiet spells are a second
				for range seconds * aSecond {
					v.Settled()
				}
			})
			pair := v.paints(2, "the compare page", func() { v.Press("v").See("> Compare", "━ B  Face, selfie") })
			if pair[0].at.X > pair[1].at.X {
				pair[0], pair[1] = pair[1], pair[0]
			}
			v.same("croppedIDFace", pair[0].m)
			v.same("croppedFace", pair[1].m)
			v.paints(0, "the other side in focus", func() { v.Press("tab").See("━ A  Face, ID") })
			v.paints(0, "the lock screen", func() { v.Press("Z").See("locked") })
			v.paints(2, "unlocked", func() { v.Press("enter").See("> Compare") })
			v.paints(1, "images in its place", func() { v.Press("i").Gone("> Compare").See("> Images") })
			v.Press("esc").Gone("> Images").Press("esc").See("[1 Needs review 1]").Settled()
			v.paints(0, "the inbox", func() { v.Press("j", "k") })
			v.Press("q")
			require.Zero(t, v.Wait())
		})
	}
}
