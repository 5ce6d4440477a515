package gallery

import (
	"context"
	"image"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/dialog"
	"docket/ui/keymap"
	"docket/ui/picture"
	"docket/ui/widget"
)

// Compare shows two pictures side by side. It implements common.Page.
type Compare struct {
	c      *common.Context
	id     string
	ctx    context.Context
	cancel context.CancelFunc
	sides  [2]*stage
	at     int // the side in focus
	w, h   int
}

// faceOf are the pictures that the sides start with, the first that there is.
var faceOf = [2][]string{{"croppedIDFace", "croppedFrontID", "fullFrameFrontID"}, {"croppedFace", "selfie", "videoSelfie"}}

var sideNames = [2]string{"A", "B"}

// NewCompare returns the page: the face on the document at the left, that in
// front of the camera at the right.
func NewCompare(c *common.Context, id string) *Compare {
	ctx, cancel := context.WithCancel(c.Ctx)
	p := &Compare{c: c, id: id, ctx: ctx, cancel: cancel, at: 1}
	for i := range p.sides {
		p.sides[i] = newStage(ctx, c, sideNames[i], id)
	}
	return p
}

// ID returns the interview id of the session.
func (p *Compare) ID() string { return p.id }

// Init implements common.Page.
func (p *Compare) Init() tea.Cmd { return tea.Batch(p.sides[0].open(), p.sides[1].open()) }

// Close implements common.Closer.
func (p *Compare) Close() { p.cancel() }

// Scope implements common.Page.
func (p *Compare) Scope() keymap.Scope { return keymap.InCompare }

// Crumbs implements common.Page.
func (p *Compare) Crumbs() []string { return []string{"Compare"} }

// SetSize implements common.Page.
func (p *Compare) SetSize(w, h int) { p.w, p.h = w, h }

// Key implements common.Page.
func (p *Compare) Key(tea.KeyPressMsg) (tea.Cmd, bool) { return nil, false }

// Off implements common.Page.
func (p *Compare) Off(id keymap.ID) string {
	switch {
	case id == keymap.Earlier && p.earlier() == "":
		return "no earlier session of this person is known"
	case id == keymap.Saw && !p.bothSeen():
		return "wait until both pictures are shown"
	}
	return ""
}

// bothSeen reports whether there is a picture on both sides.
func (p *Compare) bothSeen() bool {
	return !slices.ContainsFunc(p.sides[:], func(s *stage) bool {
		sh := s.shot()
		return sh == nil || sh.image == nil || p.c.Masked
	})
}

// earlier returns the session by which the face is enrolled; empty: none.
func (p *Compare) earlier() string {
	so := p.c.Desk.Peek(p.id)
	if so == nil {
		return ""
	}
	for _, why := range []string{model.LinkExisting, model.LinkIdentity} {
		for _, l := range so.Linked {
			if l.Why == why && l.ID != p.id {
				return l.ID
			}
		}
	}
	return ""
}

// Update implements common.Page.
func (p *Compare) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case listed:
		for i, s := range p.sides {
			if msg.stage != s {
				continue
			}
			cmd := s.took(msg)
			if s.shot() == nil || s.at == 0 {
				s.choose(faceOf[i]...)
				cmd = tea.Batch(cmd, s.load())
			}
			return cmd
		}
	case shown:
		return tea.Batch(p.sides[0].took(msg), p.sides[1].took(msg))
	case sight:
		return p.saw(msg)
	}
	return nil
}

// Do implements common.Page.
func (p *Compare) Do(id keymap.ID, _ string) tea.Cmd {
	s := p.sides[p.at]
	if cmd, done := s.browse(id); done {
		return cmd
	}
	if by, ok := pans[id]; ok {
		s.pan(by, p.box(p.at))
		return nil
	}
	switch id {
	case keymap.OtherSide:
		p.at = 1 - p.at
	case keymap.Earlier:
		return p.swap()
	case keymap.Saw:
		return p.ask()
	case keymap.Refresh:
		return tea.Batch(p.sides[0].again(), p.sides[1].again())
	case keymap.Back:
		return common.Send(common.Leave{Page: p})
	case keymap.ZoomIn, keymap.ZoomOut, keymap.Fit:
		for i, side := range p.sides {
			side.look(id, p.box(i))
		}
	default:
		s.look(id, p.box(p.at))
	}
	return nil
}

// swap puts the earlier session's pictures on the side in focus, or this one's.
func (p *Compare) swap() tea.Cmd {
	id := p.earlier()
	if p.sides[p.at].id == id {
		id = p.id
	}
	p.sides[p.at] = newStage(p.ctx, p.c, sideNames[p.at], id)
	return p.sides[p.at].open()
}

// sight is what the person says they saw.
type sight model.Sight

func (p *Compare) ask() tea.Cmd {
	items := []dialog.MenuItem{
		{Key: "s", Title: string(model.SamePerson), Then: sight(model.SamePerson)},
		{Key: "d", Title: string(model.Different), Then: sight(model.Different)},
		{Key: "c", Title: string(model.CannotTell), Then: sight(model.CannotTell)},
	}
	return common.Send(common.Push{Dialog: dialog.NewMenu(p.c, "What did you see?", items)})
}

// saw records what was seen, and in which pictures.
func (p *Compare) saw(s sight) tea.Cmd {
	if !p.bothSeen() {
		return nil
	}
	c := model.Comparison{A: p.sides[0].seen(), B: p.sides[1].seen(), Saw: model.Sight(s), At: p.c.Now().UTC()}
	p.c.Looked.Recorded(p.id, c)
	ctx, desk, id := p.c.Ctx, p.c.Desk, p.id
	return func() tea.Msg {
		if err := desk.Compared(ctx, id, c); err != nil {
			return common.Toast{Text: model.AsProblem(err).Error(), Tone: model.ToneBad}
		}
		return common.Toast{Text: "Recorded: " + string(s) + "; it goes with your decision", Tone: model.ToneGood}
	}
}

// Sizes of the page: the numbers below the pictures, and what must be left.
const (
	numbers   = 5
	leastRows = 12
)

// pictureRows is how many lines the frames of the pictures have.
func (p *Compare) pictureRows() int {
	if p.h-numbers < leastRows {
		return p.h
	}
	return p.h - numbers
}

// inside is where the picture of a side is drawn, from the page's corner.
func (p *Compare) inside(side int) image.Rectangle {
	half := p.w / 2
	if side == 0 {
		return image.Rect(2, 1, half-2, p.pictureRows()-1)
	}
	return image.Rect(half+2, 1, p.w-2, p.pictureRows()-1)
}

func (p *Compare) box(side int) picture.Box {
	in := p.inside(side)
	return p.c.Pictures.Box(in.Dx(), in.Dy())
}

// Spots implements common.Pictured.
func (p *Compare) Spots() []picture.Spot {
	var spots []picture.Spot
	for i, s := range p.sides {
		if spot, ok := s.spot(p.inside(i)); ok {
			spots = append(spots, spot)
		}
	}
	return spots
}

// View implements common.Page.
func (p *Compare) View() string {
	if p.w < 20 || p.h < 4 {
		return strings.Join(widget.Fill(nil, p.w, p.h), "\n")
	}
	half := p.w / 2
	lines := p.side(0, half)
	for i, l := range p.side(1, p.w-half) {
		lines[i] += l
	}
	if p.pictureRows() < p.h {
		st := p.c.Styles
		title := st.Title.Render("Incode's numbers") + st.Dim.Render(", for the ID face and the selfie of this session only")
		lines = append(lines, widget.Frame{W: p.w, H: numbers, Title: title, Edge: st.Frame, Mark: -1}.Draw(p.numbers())...)
	}
	return strings.Join(lines, "\n")
}

func (p *Compare) side(i, w int) []string {
	st, s := p.c.Styles, p.sides[i]
	on := i == p.at
	edge, style := st.Frame, st.Title
	if on {
		edge, style = st.FrameOn, st.FrameOn
	}
	title := style.Render(sideNames[i]) + "  " + s.title()
	if s.id != p.id {
		title += st.Warn.Render("  earlier session " + short(s.id))
	}
	in := p.inside(i)
	return widget.Frame{W: w, H: p.pictureRows(), Title: title, Focused: on, Edge: edge, Mark: -1}.Draw(s.draw(in.Dx(), in.Dy()))
}

func short(id string) string {
	const ends = 4
	if len(id) <= 3*ends {
		return id
	}
	return id[:2*ends] + "…" + id[len(id)-ends:]
}

// compared are Incode's numbers that stand under the pictures.
var compared = []struct{ section, key, name, says string }{
	{"faceRecognition", "overall", "face match", "ID face against selfie"},
	{"liveness", "livenessScore", "liveness", "confidence that the person is real"},
}

// numbers says what Incode measured of the faces, and what it did not.
func (p *Compare) numbers() []string {
	st := p.c.Styles
	so := p.c.Desk.Peek(p.id)
	if so == nil {
		return nil
	}
	var parts []string
	for _, t := range compared {
		for _, c := range so.Checks {
			if c.Section == t.section && c.Key == t.key {
				tone := c.Status.Tone()
				parts = append(parts, t.name+" "+st.Tone(tone).Render(common.Sign(tone)+" "+p.c.Show(c.Value))+st.Dim.Render("  "+t.says))
			}
		}
	}
	if len(parts) == 0 {
		parts = []string{st.Dim.Render("no face test in the score")}
	}
	second := st.Dim.Render("no earlier session of this person is known")
	if id := p.earlier(); id != "" {
		second = "earlier session " + short(id) + st.Dim.Render(": no score against it, judge by eye; "+p.c.Keys.Get(keymap.Earlier).FirstKey()+" shows its pictures")
	}
	third := st.Dim.Render("not recorded yet: " + p.c.Keys.Get(keymap.Saw).FirstKey() + " records what you saw")
	if s := p.c.Looked.Evidence(p.id).Latest(); s != "" {
		third = "you saw: " + st.Human.Render(string(s))
	}
	return []string{strings.Join(parts, "     "), second, third}
}
