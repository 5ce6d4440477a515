package gallery

import (
	"context"
	"image"
	"slices"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/picture"
	"docket/ui/widget"
)

// Strip shows the pictures that a decision needs beside each other, small, as a
// part of another page.
type Strip struct {
	c       *common.Context
	places  [4]stripPlace
	version int
	listed  bool // it is known which pictures there are
	anew    bool // pictures are read once more when the list has come
}

// stripPlace is the place of one picture.
type stripPlace struct {
	*stage
	there bool // the API has it
}

// stripPictures are the pictures of the strip, each the first type that there is.
var stripPictures = [4]struct {
	name  string
	types []string
}{
	{"ID face", []string{"croppedIDFace"}},
	{"selfie", []string{"croppedFace", "selfie"}},
	{"front", []string{"croppedFrontID", "fullFrameFrontID"}},
	{"back", []string{"croppedBackID", "fullFrameBackID"}},
}

// NewStrip returns the strip of a session. What it fetches ends with ctx.
func NewStrip(ctx context.Context, c *common.Context, id string) *Strip {
	s := &Strip{c: c}
	for i, p := range stripPictures {
		s.places[i].stage = newStage(ctx, c, "strip "+p.name, id, p.types...)
	}
	return s
}

// Version is another one whenever something else is to be drawn.
func (s *Strip) Version() int { return s.version }

// Shown reports whether there is, or may come, anything to show.
func (s *Strip) Shown() bool {
	if s.c.Masked || s.places[0].hidden() != "" {
		return false
	}
	return !s.listed || slices.ContainsFunc(s.places[:], func(p stripPlace) bool { return p.there })
}

// Take takes the list of pictures of a session that was read, and fetches those of
// the strip side by side. What failed before is fetched again.
func (s *Strip) Take(so *model.Session) tea.Cmd {
	part := so.Parts[model.PartImages]
	if part.At.IsZero() && part.Problem == nil {
		return nil
	}
	s.listed = true
	s.version++
	for i := range s.places {
		p := &s.places[i]
		p.at = -1 // the list may have a better one now
		p.listed(so)
		p.there = slices.ContainsFunc(p.refs, func(r model.PictureRef) bool { return slices.Contains(p.first, r.Type) })
	}
	read := (*stage).retry
	if s.anew {
		s.anew, read = false, (*stage).reread
	}
	return s.load(read)
}

// Rest reads the pictures once more that are still to be, when no newer list came.
func (s *Strip) Rest(so *model.Session) tea.Cmd {
	if !s.anew {
		return nil
	}
	return s.Take(so)
}

// load reads the pictures that there are, in one way or another.
func (s *Strip) load(read func(*stage) tea.Cmd) tea.Cmd {
	if !s.Shown() {
		return nil
	}
	var cmds []tea.Cmd
	for _, p := range s.places {
		if p.there {
			cmds = append(cmds, read(p.stage))
		}
	}
	return tea.Batch(cmds...)
}

// Update takes what became of a picture, a list that another page asked for again,
// and the change of masking.
func (s *Strip) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case shown:
		for i := range s.places {
			if s.places[i].stage == msg.stage {
				s.version++
				return s.places[i].took(msg)
			}
		}
	case listed:
		if msg.of(s.places[0].stage) {
			s.anew = true
			return s.Take(msg.so)
		}
	case common.Masking:
		s.version++
		return s.load((*stage).retry)
	}
	return nil
}

// Again has the pictures read once more, as soon as the list has come again.
func (s *Strip) Again() {
	s.c.Desk.DropPictures(s.places[0].id)
	s.anew = true
}

// Shapes of the strip: how wide a face and a card are for their height, in cells
// twice as high as wide, and the least that a card is drawn in.
const (
	faceWide, cardWide = 1.6, 3.2
	leastFace          = 3
	leastCard          = 9
	stripGap           = 2
)

// arrangeStrip divides a box of w×h cells: the pictures beside each other, or the
// cards above each other beside the faces, or the faces alone. A place without room
// is empty. Each has a line for its name above it.
func arrangeStrip(w, h int, back bool) [4]image.Rectangle {
	var out [4]image.Rectangle
	if h < 3 || w < 2*leastFace+stripGap {
		return out
	}
	face, card := int(faceWide*float64(h-1)), int(cardWide*float64(h-1))
	x := 2 * (face + stripGap)
	out[0], out[1] = image.Rect(0, 0, face, h), image.Rect(face+stripGap, 0, 2*face+stripGap, h)
	switch left := w - x; {
	case !back && left >= leastCard:
		out[2] = image.Rect(x, 0, x+min(left, card), h)
	case left >= 2*card+stripGap:
		out[2], out[3] = image.Rect(x, 0, x+card, h), image.Rect(x+card+stripGap, 0, x+2*card+stripGap, h)
	case left >= leastCard && h >= 6:
		out[2], out[3] = image.Rect(x, 0, w, h/2), image.Rect(x, h/2, w, h)
	default:
		half := (w - stripGap) / 2
		out[0], out[1] = image.Rect(0, 0, half, h), image.Rect(half+stripGap, 0, 2*half+stripGap, h)
	}
	return out
}

// arrange returns where the pictures are in a strip of w×h cells.
func (s *Strip) arrange(w, h int) [4]image.Rectangle {
	return arrangeStrip(w, h, !s.listed || s.places[3].there)
}

// Spots returns where the pictures of a strip of w×h cells are, from its corner.
func (s *Strip) Spots(w, h int) []picture.Spot {
	var spots []picture.Spot
	for i, at := range s.arrange(w, h) {
		at.Min.Y++ // the name
		if !s.places[i].there {
			continue
		}
		if spot, ok := s.places[i].spot(at); ok {
			spots = append(spots, spot)
		}
	}
	return spots
}

// Draw returns the strip in h lines of w cells.
func (s *Strip) Draw(w, h int) []string {
	columns := map[int][]string{} // by where they begin
	var order []int
	wide := map[int]int{}
	for i, at := range s.arrange(w, h) {
		if at.Empty() {
			continue
		}
		x := at.Min.X
		if columns[x] == nil {
			order, wide[x] = append(order, x), at.Dx()
		}
		columns[x] = append(columns[x], s.place(i, at.Dx(), at.Dy())...)
	}
	lines := make([]string, h)
	for n, x := range order {
		for i, l := range widget.Fill(columns[x], wide[x], h) {
			if n > 0 {
				lines[i] += widget.Spaces(stripGap)
			}
			lines[i] += l
		}
	}
	return widget.Fill(lines, w, h)
}

// place returns a picture under its name.
func (s *Strip) place(i, w, h int) []string {
	st, p := s.c.Styles, &s.places[i]
	name := stripPictures[i].name
	if i == 2 && s.listed && !s.places[3].there { // the place of both
		name = "front, back"
		if p.there {
			name = "front only"
		}
	}
	lines := []string{st.Dim.Render(widget.Fit(name, w))}
	at := image.Rect(0, 0, w, h-1)
	if p.there {
		if spot, ok := p.spot(at); ok {
			return append(lines, s.c.Pictures.Draw(spot)...)
		}
	}
	text, style := s.instead(p)
	for _, l := range widget.Wrap(text, w) {
		lines = append(lines, style.Render(l))
	}
	return widget.Fill(lines[:min(len(lines), h)], w, h)
}

// instead is what stands in the place of a picture that cannot be shown.
func (s *Strip) instead(p *stripPlace) (string, lipgloss.Style) {
	st := s.c.Styles
	sh := p.shot()
	switch {
	case s.listed && !p.there:
		return "– none at the API", st.Dim
	case !s.listed || sh == nil || sh.problem == nil:
		return widget.Dots("reading "), st.Dim
	}
	return common.Sign(model.ToneBad) + " " + sh.problem.Message, st.Bad
}

// Sizes says how large the pictures are that were read, by their types.
func (s *Strip) Sizes() map[string]string {
	sizes := map[string]string{}
	for i := range s.places {
		for ref, sh := range s.places[i].all {
			sizes[ref.Type] = pixelsOf(sh.picture)
		}
	}
	return sizes
}
