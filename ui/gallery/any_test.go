package gallery_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/model"
	"docket/themes"
	"docket/ui/common"
	"docket/ui/gallery"
	"docket/ui/keymap"
	"docket/ui/picture"
	"docket/ui/uitest"
)

// hosted is a page without a console around it. Its commands run at once, or
// late: whenever the test says so.
type hosted struct {
	page common.Page
	late []tea.Cmd
}

func (h *hosted) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	msg := cmd()
	if v := reflect.ValueOf(msg); v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
		for i := range v.Len() {
			c, _ := v.Index(i).Interface().(tea.Cmd)
			h.late = append(h.late, c)
		}
		return
	}
	if msg != nil {
		h.late = append(h.late, h.page.Update(msg))
	}
}

func bare(t testing.TB) *common.Context {
	t.Helper()
	keys, err := keymap.New(nil)
	require.NoError(t, err)
	theme, err := themes.Load(themes.Default)
	require.NoError(t, err)
	a := newAlbum()
	a.put("signature", model.MediaPNG, []byte("<html>"))
	for range a.Open(t.Context(), theID) { // until all of it is known
	}
	return &common.Context{
		Ctx: t.Context(), Desk: a, Keys: keys, Styles: common.NewStyles(theme, true, colorprofile.TrueColor),
		Now: func() time.Time { return uitest.Noon }, Zone: time.UTC,
		Pictures: picture.NewScreen(picture.Options{Choice: picture.Blocks}), Decoder: picture.NewDecoder(picture.DefaultKept),
	}
}

// Whatever is pressed, in whatever room, and whenever answers come: the page has
// exactly its lines and none is wider than it, and pictures lie inside.
func TestThePageFitsWhateverIsPressed(t *testing.T) {
	pages := map[string]func(*common.Context) common.Page{
		"images":  func(c *common.Context) common.Page { return gallery.NewImages(c, theID) },
		"compare": func(c *common.Context) common.Page { return gallery.NewCompare(c, theID) },
	}
	for name, make := range pages {
		t.Run(name, func(t *testing.T) {
			c := bare(t)
			rapid.Check(t, func(t *rapid.T) {
				c.Masked = false
				h := &hosted{page: make(c)}
				actions := c.Keys.In(h.page.Scope())
				h.run(h.page.Init())
				for range rapid.IntRange(1, 25).Draw(t, "steps") {
					step(t, c, h, actions)
				}
				h.page.(common.Closer).Close()
				for _, cmd := range h.late {
					h.run(cmd)
				}
			})
		})
	}
}

// step presses a key, clicks, changes the room or lets an answer come, and looks.
func step(t *rapid.T, c *common.Context, h *hosted, actions []keymap.Action) {
	w, high := rapid.IntRange(0, 130).Draw(t, "w"), rapid.IntRange(0, 50).Draw(t, "h")
	h.page.SetSize(w, high)
	switch rapid.IntRange(0, 6).Draw(t, "what") {
	case 0:
		c.Masked = !c.Masked
		h.run(h.page.Update(common.Masking{}))
	case 1:
		h.run(h.page.Update(common.Click{X: rapid.IntRange(-2, w+2).Draw(t, "x"), Y: rapid.IntRange(-2, high+2).Draw(t, "y")}))
	case 2:
		h.run(h.page.Update(common.Wheel{By: rapid.IntRange(-3, 3).Draw(t, "by"), X: rapid.IntRange(-2, w+2).Draw(t, "x"), Y: rapid.IntRange(-2, high+2).Draw(t, "y")}))
	case 3, 4:
		if len(h.late) > 0 {
			cmd := h.late[0]
			h.late = h.late[1:]
			h.run(cmd)
		}
	default:
		a := rapid.SampledFrom(actions).Draw(t, "action")
		if h.page.Off(a.ID) == "" {
			h.run(h.page.Do(a.ID, ""))
		}
	}
	lines := strings.Split(h.page.View(), "\n")
	if len(lines) != max(high, 1) {
		t.Fatalf("%d lines in %d×%d", len(lines), w, high)
	}
	for _, l := range lines {
		if ansi.StringWidth(l) > w {
			t.Fatalf("%d cells in %d×%d: %q", ansi.StringWidth(l), w, high, ansi.Strip(l))
		}
	}
	for _, spot := range h.page.(common.Pictured).Spots() {
		if r := spot.Rect; r.Min.X < 0 || r.Min.Y < 0 || r.Max.X > w || r.Max.Y > high {
			t.Fatal(fmt.Sprint("a picture at ", r, " in ", w, "×", high))
		}
	}
}
