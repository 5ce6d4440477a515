package gallery

import (
	"cmp"
	"context"
	"image"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/dialog"
	"docket/ui/keymap"
	"docket/ui/picture"
	"docket/ui/widget"
)

// Images shows the pictures of a session one at a time, beside a list of them. It
// implements common.Page.
type Images struct {
	c      *common.Context
	id     string
	cancel context.CancelFunc
	stage  *stage
	w, h   int
}

// NewImages returns the page, with the first picture that a decision needs.
func NewImages(c *common.Context, id string) *Images {
	ctx, cancel := context.WithCancel(c.Ctx)
	return &Images{c: c, id: id, cancel: cancel, stage: newStage(ctx, c, "images", id)}
}

// ID returns the interview id of the session.
func (p *Images) ID() string { return p.id }

// Init implements common.Page.
func (p *Images) Init() tea.Cmd { return p.stage.open() }

// Close implements common.Closer.
func (p *Images) Close() { p.cancel() }

// Scope implements common.Page.
func (p *Images) Scope() keymap.Scope { return keymap.InImages }

// Crumbs implements common.Page.
func (p *Images) Crumbs() []string { return []string{"Images"} }

// SetSize implements common.Page.
func (p *Images) SetSize(w, h int) { p.w, p.h = w, h }

// Key implements common.Page.
func (p *Images) Key(tea.KeyPressMsg) (tea.Cmd, bool) { return nil, false }

// Off implements common.Page.
func (p *Images) Off(id keymap.ID) string {
	if id == keymap.Download {
		return dialog.SaveOff(p.c, p.id)
	}
	return ""
}

// Update implements common.Page.
func (p *Images) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case common.Wheel:
		return p.wheel(msg)
	case common.Click:
		return p.click(image.Pt(msg.X, msg.Y))
	}
	return tea.Batch(p.stage.took(msg), p.stage.ahead())
}

// wheel goes through the list; over the picture it zooms where the pointer is.
func (p *Images) wheel(turn common.Wheel) tea.Cmd {
	at := image.Pt(turn.X, turn.Y)
	if !at.In(p.inside()) {
		return p.stage.step(cmp.Compare(turn.By, 0))
	}
	at = at.Sub(p.inside().Min)
	p.stage.zoom(float64(at.X), float64(at.Y), p.box(), zoomBy(turn.By))
	return nil
}

// click chooses a picture of the list, or zooms where it was clicked.
func (p *Images) click(at image.Point) tea.Cmd {
	if at.X < p.listWidth() {
		if row := at.Y - 1; row >= 0 && row < p.rows() && at.X >= 0 {
			return p.stage.goTo(p.top() + row)
		}
		return nil
	}
	if at.In(p.inside()) {
		at = at.Sub(p.inside().Min)
		p.stage.zoom(float64(at.X), float64(at.Y), p.box(), zoomStep)
	}
	return nil
}

// Do implements common.Page.
func (p *Images) Do(id keymap.ID, _ string) tea.Cmd {
	if cmd, done := p.stage.browse(id); done {
		return cmd
	}
	if by, ok := pans[id]; ok {
		if !p.stage.zoomed() {
			return p.stage.step(by.X + by.Y)
		}
		p.stage.pan(by, p.box())
		return nil
	}
	switch id {
	case keymap.Compare:
		return p.c.Further(NewCompare(p.c, p.id))
	case keymap.Download:
		return saves(p.c, p.id, p.stage)
	case keymap.Refresh:
		return p.stage.again()
	case keymap.Back:
		if p.stage.zoomed() {
			p.stage.look(keymap.Fit, p.box())
			return nil
		}
		return p.c.Back(p)
	}
	p.stage.look(id, p.box())
	return nil
}

// listWidth is how many cells the list of pictures takes.
func (p *Images) listWidth() int { return min(max(p.w/3, 30), 44) }

// rows is how many pictures the list has room for above what is missing, and top
// which is the first of them: the chosen one is always in sight.
func (p *Images) rows() int { return max(p.h-2-len(p.missing()), 1) }

func (p *Images) top() int { return max(p.stage.at-p.rows()+1, 0) }

// inside is where the picture is drawn, from the page's corner.
func (p *Images) inside() image.Rectangle {
	in := image.Rectangle{Min: image.Pt(p.listWidth()+2, 1), Max: image.Pt(p.w-2, p.h-1)}
	if in.Empty() { // before the size is known, or in no room at all
		return image.Rectangle{}
	}
	return in
}

func (p *Images) box() picture.Box {
	in := p.inside()
	return p.c.Pictures.Box(max(in.Dx(), 1), max(in.Dy(), 1))
}

// Spots implements common.Pictured.
func (p *Images) Spots() []picture.Spot {
	if spot, ok := p.stage.spot(p.inside()); ok {
		return []picture.Spot{spot}
	}
	return nil
}

// View implements common.Page.
func (p *Images) View() string {
	st := p.c.Styles
	in := p.inside()
	if in.Empty() {
		return strings.Join(widget.Fill(nil, p.w, p.h), "\n")
	}
	mark, place := -1, ""
	if n := len(p.stage.refs); n > 0 {
		mark, place = p.stage.at-p.top(), strconv.Itoa(p.stage.at+1)+" of "+strconv.Itoa(n)
	}
	left := widget.Frame{W: p.listWidth(), H: p.h, Title: st.Title.Render("Pictures"), Foot: place, Edge: st.Frame, Mark: mark}.
		Draw(p.list(p.listWidth() - 4))
	right := widget.Frame{W: p.w - p.listWidth(), H: p.h, Title: p.stage.title(st.FrameOn, in.Dx()-2), Focused: true, Edge: st.FrameOn, Mark: -1}.
		Draw(p.stage.draw(in.Dx(), in.Dy()))
	for i := range left {
		left[i] += right[i]
	}
	return strings.Join(left, "\n")
}

// list returns the lines of the list that are in sight, and what is missing.
func (p *Images) list(w int) []string {
	st, s := p.c.Styles, p.stage
	var lines []string
	for i := p.top(); i < min(p.top()+p.rows(), len(s.refs)); i++ {
		name, about := s.name(s.refs[i]), s.about(s.refs[i], w)
		if i == s.at {
			lines = append(lines, st.Selected.Render(widget.Ends(name, about, w)))
			continue
		}
		lines = append(lines, widget.Ends(widget.Clip(name, w), st.Dim.Render(about), w))
	}
	return append(lines, p.missing()...)
}

// missing names the pictures of a decision that the API does not have.
func (p *Images) missing() []string {
	if !p.stage.read || p.stage.gone != nil {
		return nil
	}
	var none []string
	for _, kind := range []string{"croppedIDFace", "croppedFace", "croppedFrontID"} {
		if !slices.ContainsFunc(p.stage.refs, func(r model.PictureRef) bool { return r.Type == kind }) {
			none = append(none, kind)
		}
	}
	if len(none) == 0 {
		return nil
	}
	return wrapped("– none at the API: "+strings.Join(none, ", "), p.listWidth()-4, p.c.Styles.Dim)
}

// saves asks what of a session is to be saved: what is in front, or all there is.
func saves(c *common.Context, id string, front ...*stage) tea.Cmd {
	var name []string
	var sets []dialog.SaveSet
	for _, s := range front {
		if ref, ok := s.current(); ok {
			name = append(name, s.name(ref))
			sets = append(sets, dialog.SaveSet{ID: s.id, Refs: []model.PictureRef{ref}})
		}
	}
	all := dialog.SaveAll(c, id)
	if len(sets) == 0 {
		return c.Present(dialog.NewSave(c, id, all))
	}
	picks := []dialog.SavePick{{Name: strings.Join(name, " and "), Says: "what is in front", Sets: sets}, all}
	return c.Present(dialog.NewSave(c, id, picks...))
}
