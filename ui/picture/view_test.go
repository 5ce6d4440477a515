package picture

import (
	"image"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/model"
)

// blank is a picture of that size without anything on it.
func blank(w, h int) *Image {
	return newImage(model.Picture{}, image.Pt(w, h), image.NewRGBA(image.Rect(0, 0, w, h)))
}

func TestPlaceKeepsProportions(t *testing.T) {
	for name, c := range map[string]struct {
		w, h int
		box  Box
		v    View
		want image.Rectangle
	}{
		"square, cell not known":  {100, 100, Box{W: 40, H: 40}, View{}, image.Rect(0, 10, 40, 30)},
		"square, square cells":    {100, 100, Box{W: 40, H: 20, Cell: Cell{10, 10}}, View{}, image.Rect(10, 0, 30, 20)},
		"wide":                    {200, 100, Box{W: 40, H: 40}, View{}, image.Rect(0, 15, 40, 25)},
		"high":                    {100, 200, Box{W: 40, H: 20}, View{}, image.Rect(10, 0, 30, 20)},
		"high, on its side":       {100, 200, Box{W: 40, H: 20}, View{Quarter: 1}, image.Rect(0, 5, 40, 15)},
		"zoom fills the box":      {100, 200, Box{W: 40, H: 20}, View{Zoom: 2}, image.Rect(0, 0, 40, 20)},
		"a line keeps one row":    {2000, 1, Box{W: 40, H: 20}, View{}, image.Rect(0, 9, 40, 10)},
		"a column keeps one cell": {1, 2000, Box{W: 40, H: 20}, View{}, image.Rect(19, 0, 20, 20)},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, place(blank(c.w, c.h), c.v, c.box).cells)
		})
	}
}

func TestZoomKeepsThePointUnderIt(t *testing.T) {
	m, b := blank(400, 400), Box{W: 40, H: 20}
	before, _ := place(m, View{}, b).at(10, 5)
	v := View{}.Zoomed(m, b, 10, 5, 2)
	after, _ := place(m, v, b).at(10, 5)
	require.InDelta(t, before, after, 0.001)
	require.Equal(t, 2.0, v.Zoom)
	require.Equal(t, View{Zoom: 1}, v.Zoomed(m, b, 10, 5, 0.1), "the whole again")
}

func TestPanStopsAtTheEdge(t *testing.T) {
	m, b := blank(400, 400), Box{W: 40, H: 20}
	v := View{Zoom: 4}.Panned(m, b, 100, 0)
	require.InDelta(t, 0.375, v.X, 1e-9)
	back := v.Panned(m, b, -0.5, 0)
	require.InDelta(t, 0.25, back.X, 1e-9, "no way has to be gone back that was not gone")
	require.Equal(t, View{Zoom: 1}, View{Zoom: 1}.Panned(m, b, 1, 1))
}

func TestTurnShowsTheWhole(t *testing.T) {
	v := View{Zoom: 3, X: 0.1, Quarter: 3}
	require.Equal(t, View{Quarter: 0}, v.Turned(1))
	require.Equal(t, View{Quarter: 2}, v.Turned(-1))
	require.Equal(t, View{Quarter: 3}, v.Fitted())
}

func TestWhatIsSeenIsInsideOfPictureAndBox(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side, part := rapid.IntRange(1, 300), rapid.Float64Range(-3, 3)
		m := blank(side.Draw(t, "w"), side.Draw(t, "h"))
		b := Box{rapid.IntRange(1, 80).Draw(t, "cols"), rapid.IntRange(1, 40).Draw(t, "rows"), Cell{W: rapid.IntRange(0, 20).Draw(t, "cw"), H: rapid.IntRange(0, 40).Draw(t, "ch")}}
		v := View{rapid.Float64Range(-1, 30).Draw(t, "zoom"), part.Draw(t, "x"), part.Draw(t, "y"), rapid.IntRange(-5, 5).Draw(t, "turns")}
		for range 3 {
			p := place(m, v, b)
			if !p.cells.In(image.Rect(0, 0, b.W, b.H)) || p.cells.Empty() {
				t.Fatalf("drawn at %v in %v", p.cells, b)
			}
			const off = 1e-9
			if p.x < -off || p.y < -off || p.x+p.w > 1+off || p.y+p.h > 1+off || p.w <= 0 || p.h <= 0 {
				t.Fatalf("seen %+v", p)
			}
			if got := m.pixels(p, 7, 5).Rect.Size(); got != image.Pt(7, 5) {
				t.Fatalf("pixels %v", got)
			}
			v = v.Zoomed(m, b, part.Draw(t, "cx")*20, part.Draw(t, "cy")*20, rapid.Float64Range(0.2, 5).Draw(t, "by")).
				Panned(m, b, part.Draw(t, "dx"), part.Draw(t, "dy"))
		}
	})
}
