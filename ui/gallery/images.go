package gallery

import (
	"context"
	"image"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
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
func (p *Images) Off(keymap.ID) string { return "" }

// Update implements common.Page.
func (p *Images) Update(msg tea.Msg) tea.Cmd {
	if wheel, ok := msg.(common.Wheel); ok {
		return p.stage.step(wheel.By / max(wheel.By, -wheel.By))
	}
	return p.stage.took(msg)
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
		return common.Send(common.PushPage{Page: NewCompare(p.c, p.id)})
	case keymap.Refresh:
		return p.stage.again()
	case keymap.Back:
		if p.stage.zoomed() {
			p.stage.look(keymap.Fit, p.box())
			return nil
		}
		return common.Send(common.Leave{Page: p})
	}
	p.stage.look(id, p.box())
	return nil
}

// listWidth is how many cells the list of pictures takes.
func (p *Images) listWidth() int { return min(max(p.w/3, 24), 44) }

// inside is where the picture is drawn, from the page's corner.
func (p *Images) inside() image.Rectangle {
	return image.Rect(p.listWidth()+2, 1, p.w-2, p.h-1)
}

func (p *Images) box() picture.Box { return p.c.Pictures.Box(p.inside().Dx(), p.inside().Dy()) }

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
	list, mark := p.list(p.listWidth() - 4)
	place := ""
	if n := len(p.stage.refs); n > 0 {
		place = strconv.Itoa(p.stage.at+1) + " of " + strconv.Itoa(n)
	}
	left := widget.Frame{W: p.listWidth(), H: p.h, Title: st.Title.Render("Pictures"), Foot: place, Edge: st.Frame, Mark: mark}.Draw(list)
	right := widget.Frame{W: p.w - p.listWidth(), H: p.h, Title: st.FrameOn.Render(p.stage.title()), Focused: true, Edge: st.FrameOn, Mark: -1}.
		Draw(p.stage.draw(in.Dx(), in.Dy()))
	for i := range left {
		left[i] += right[i]
	}
	return strings.Join(left, "\n")
}

// list returns the lines of the list, and which is the chosen one.
func (p *Images) list(w int) ([]string, int) {
	st, s := p.c.Styles, p.stage
	var lines []string
	for i, ref := range s.refs {
		text := widget.Ends(widget.Clip(s.name(ref), w), st.Dim.Render(s.about(ref)), w)
		if i == s.at {
			text = st.Selected.Render(widget.Fit(s.name(ref), w))
		}
		lines = append(lines, text)
	}
	if s.read && s.gone == nil {
		for _, l := range widget.Wrap(p.missing(), w) {
			lines = append(lines, st.Dim.Render(l))
		}
	}
	return lines, s.at
}

// about says what is known of a picture that was read.
func (s *stage) about(ref model.PictureRef) string {
	sh := s.all[ref]
	switch {
	case sh == nil:
		return ""
	case sh.problem != nil:
		return common.Sign(model.ToneBad)
	case sh.picture.Width > 0:
		return sizeOf(sh.picture)
	}
	return ""
}

// missing names the pictures of a decision that the API does not have.
func (p *Images) missing() string {
	var none []string
	for _, kind := range []string{"croppedIDFace", "croppedFace", "croppedFrontID"} {
		found := false
		for _, ref := range p.stage.refs {
			found = found || ref.Type == kind
		}
		if !found {
			none = append(none, kind)
		}
	}
	if len(none) == 0 {
		return ""
	}
	return "– none at the API: " + strings.Join(none, ", ")
}
