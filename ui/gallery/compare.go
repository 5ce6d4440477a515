package gallery

import (
	"cmp"
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
	other  [2]*stage // the earlier session on a side, or this one while that is shown
	at     int       // the side in focus
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
		p.sides[i] = newStage(ctx, c, sideNames[i], id, faceOf[i]...)
	}
	return p
}

// ID returns the interview id of the session.
func (p *Compare) ID() string { return p.id }

// Sessions returns the sessions of which the page has pictures.
func (p *Compare) Sessions() []string {
	ids := []string{p.id}
	for _, s := range slices.Concat(p.sides[:], p.other[:]) {
		if s != nil && !slices.Contains(ids, s.id) {
			ids = append(ids, s.id)
		}
	}
	return ids
}

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
		return "a picture on both sides must be seen first"
	case id == keymap.Download:
		return dialog.SaveOff(p.c, p.id)
	}
	if _, pan := pans[id]; pan && !p.sides[p.at].zoomed() {
		return "all of the picture is seen: " + p.c.Keys.Get(keymap.ZoomIn).FirstKey() + " zooms in, then this pans"
	}
	return ""
}

// bothSeen reports whether the person sees a picture on both sides.
func (p *Compare) bothSeen() bool { return p.sides[0].seen() && p.sides[1].seen() }

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
	case sight:
		if msg.of == p {
			return p.saw(msg.saw)
		}
		return nil
	case common.Click:
		p.click(image.Pt(msg.X, msg.Y))
		return nil
	case common.Wheel:
		p.wheel(msg)
		return nil
	}
	var cmds []tea.Cmd
	for _, s := range slices.Concat(p.sides[:], p.other[:]) {
		if s != nil {
			cmds = append(cmds, s.took(msg))
		}
	}
	return tea.Batch(cmds...)
}

// click goes to the other side; on the side in focus it zooms there.
func (p *Compare) click(at image.Point) {
	for i := range p.sides {
		switch in := p.inside(i); {
		case !at.In(in):
		case i != p.at:
			p.at = i
		default:
			p.zoomAt(at.Sub(in.Min), zoomStep)
		}
	}
}

// wheel zooms where the pointer is.
func (p *Compare) wheel(turn common.Wheel) {
	for i := range p.sides {
		if at, in := image.Pt(turn.X, turn.Y), p.inside(i); at.In(in) {
			p.zoomAt(at.Sub(in.Min), zoomBy(turn.By))
		}
	}
}

// zoomAt zooms both sides at the same place of their boxes: the faces are cut
// out alike.
func (p *Compare) zoomAt(at image.Point, factor float64) {
	for i, s := range p.sides {
		s.zoom(float64(at.X), float64(at.Y), p.box(i), factor)
	}
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
	case keymap.Images:
		return p.c.Further(NewImages(p.c, p.id))
	case keymap.Earlier:
		return p.swap()
	case keymap.Saw:
		return p.ask()
	case keymap.Download:
		return saves(p.c, p.id, p.sides[:]...)
	case keymap.Refresh:
		return p.again()
	case keymap.Back:
		return p.c.Back(p)
	case keymap.ZoomIn, keymap.ZoomOut, keymap.Fit:
		for i, side := range p.sides {
			side.look(id, p.box(i))
		}
	default:
		s.look(id, p.box(p.at))
	}
	return nil
}

// again reads the pictures of what is shown once more.
func (p *Compare) again() tea.Cmd {
	if p.sides[0].id == p.sides[1].id {
		return p.sides[0].again() // that is for both
	}
	return tea.Batch(p.sides[0].again(), p.sides[1].again())
}

// swap puts the earlier session's pictures on the side in focus, or this one's
// again, as it was left.
func (p *Compare) swap() tea.Cmd {
	if p.other[p.at] == nil {
		p.other[p.at] = newStage(p.ctx, p.c, sideNames[p.at], p.earlier(), faceOf[p.at]...)
	}
	p.sides[p.at], p.other[p.at] = p.other[p.at], p.sides[p.at]
	if s := p.sides[p.at]; !s.read {
		return s.open()
	}
	return p.sides[p.at].load()
}

// sight is what the person says they saw on one page: there may be another one
// below it.
type sight struct {
	of  *Compare
	saw model.Sight
}

func (p *Compare) ask() tea.Cmd {
	items := []dialog.MenuItem{
		{Key: "s", Title: string(model.SamePerson), Then: sight{p, model.SamePerson}},
		{Key: "d", Title: string(model.Different), Then: sight{p, model.Different}},
		{Key: "c", Title: string(model.CannotTell), Then: sight{p, model.CannotTell}},
	}
	return p.c.Present(dialog.NewMenu(p.c, "What did you see?", items))
}

// saw records what was seen, and in which pictures.
func (p *Compare) saw(s model.Sight) tea.Cmd {
	if !p.bothSeen() {
		return nil
	}
	c := model.Comparison{A: p.sides[0].evidence(), B: p.sides[1].evidence(), Saw: s, At: p.c.Now().UTC()}
	p.c.Looked.Recorded(p.id, c)
	ctx, desk, id := p.c.Ctx, p.c.Desk, p.id
	return func() tea.Msg {
		if err := desk.Compared(ctx, id, c); err != nil {
			return common.Failed(err, model.ToneBad)
		}
		return common.Toast{Text: "Recorded: " + string(s) + "; it goes with your decision", Tone: model.ToneGood}
	}
}

// Sizes of the page: the numbers below the pictures in a frame, where there is
// room for that, else as two lines; and what must be left for the pictures.
const (
	framed    = 5
	bare      = 2
	roomy     = 30
	leastRows = 8
)

// numbersRows is how many lines the numbers have.
func (p *Compare) numbersRows() int {
	switch {
	case p.h >= roomy:
		return framed
	case p.h-bare >= leastRows:
		return bare
	}
	return 0
}

// pictureRows is how many lines the frames of the pictures have.
func (p *Compare) pictureRows() int { return p.h - p.numbersRows() }

// inside is where the picture of a side is drawn, from the page's corner.
func (p *Compare) inside(side int) image.Rectangle {
	left, right := 0, p.w/2
	if side == 1 {
		left, right = right, p.w
	}
	in := image.Rectangle{Min: image.Pt(left+2, 1), Max: image.Pt(right-2, p.pictureRows()-1)}
	if in.Empty() {
		return image.Rectangle{}
	}
	return in
}

func (p *Compare) box(side int) picture.Box {
	in := p.inside(side)
	return p.c.Pictures.Box(max(in.Dx(), 1), max(in.Dy(), 1))
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
	if p.inside(0).Empty() || p.inside(1).Empty() {
		return strings.Join(widget.Fill(nil, p.w, p.h), "\n")
	}
	half := p.w / 2
	lines := p.side(0, half)
	for i, l := range p.side(1, p.w-half) {
		lines[i] += l
	}
	st := p.c.Styles
	switch p.numbersRows() {
	case framed:
		title := st.Title.Render("Incode's numbers") + st.Dim.Render(", for the ID face and the selfie of this session only")
		lines = append(lines, widget.Frame{W: p.w, H: framed, Title: title, Edge: st.Frame, Mark: -1}.Draw(p.numbers(p.w-4))...)
	case bare:
		lines = append(lines, widget.Fill(p.inTwo(p.w), p.w, bare)...)
	}
	return strings.Join(lines, "\n")
}

func (p *Compare) side(i, w int) []string {
	st, s := p.c.Styles, p.sides[i]
	in, on := p.inside(i), i == p.at
	edge, style := st.Frame, st.Title
	if on {
		edge, style = st.FrameOn, st.FrameOn
	}
	title := style.Render(sideNames[i]) + "  "
	if s.id != p.id {
		id := short(s.id)
		if in.Dx() < narrow {
			id = "…" + id[max(len(id)-ends, 0):]
		}
		title += st.Warn.Render("earlier "+id) + "  "
	}
	title += s.title(style, in.Dx()-2-widget.Width(title))
	return widget.Frame{W: w, H: p.pictureRows(), Title: title, Focused: on, Edge: edge, Mark: -1}.Draw(s.draw(in.Dx(), in.Dy()))
}

// From narrow on a title has both ends of an id; else the last characters.
const (
	narrow = 50
	ends   = 4
)

func short(id string) string {
	id = widget.OneLine(id)
	if len(id) <= 3*ends {
		return id
	}
	return id[:2*ends] + "…" + id[len(id)-ends:]
}

// scores are the numbers that Incode gave, with what they stand for where there
// is room for that.
func (p *Compare) scores(w int) string {
	so := p.c.Desk.Peek(p.id)
	if so == nil {
		return ""
	}
	st := p.c.Styles
	var long, brief []string
	for _, t := range common.FaceTests() {
		for _, c := range so.Checks {
			if t.Pair != "" && c.Section == t.Section && c.Key == t.Key {
				tone := c.Status.Tone()
				number := t.Name + " " + st.Tone(tone).Render(common.Sign(tone)+" "+cmp.Or(p.c.Show(c.Value), string(c.Status)))
				brief = append(brief, number)
				long = append(long, number+st.Dim.Render("  "+t.Pair))
			}
		}
	}
	if len(brief) == 0 {
		return st.Dim.Render("no face test in the score")
	}
	if text := strings.Join(long, "     "); widget.Width(text) <= w {
		return text
	}
	return strings.Join(brief, "   ")
}

// numbers says what Incode measured of the faces, and what it did not.
func (p *Compare) numbers(w int) []string {
	st := p.c.Styles
	second := st.Dim.Render("no earlier session of this person is known")
	if id := p.earlier(); id != "" {
		second = "earlier session " + short(id) + st.Dim.Render(": no score against it, judge by eye; "+p.c.Keys.Get(keymap.Earlier).FirstKey()+" shows its pictures")
	}
	return []string{p.scores(w), second, widget.Ends(p.recorded(), p.verdict(), w)}
}

// verdict is what Incode says of the session, with the worst of its checks.
func (p *Compare) verdict() string {
	st, so := p.c.Styles, p.c.Desk.Peek(p.id)
	if so == nil || so.Verdict == "" {
		return ""
	}
	signed := func(t model.Tone, s string) string { return st.Tone(t).Render(common.Sign(t) + " " + s) }
	text := signed(so.Verdict.Tone(), string(so.Verdict))
	if len(so.Checks) > 0 && so.Checks[0].Status.Tone() != model.ToneGood {
		text += "  " + signed(so.Checks[0].Status.Tone(), widget.OneLine(so.Checks[0].Key))
	}
	return text
}

// inTwo says the same in two lines.
func (p *Compare) inTwo(w int) []string {
	st := p.c.Styles
	first := " Incode, this session's ID face and selfie:  " + p.scores(0)
	second := st.Dim.Render("no earlier session")
	if p.earlier() != "" {
		second = p.c.Keys.Get(keymap.Earlier).FirstKey() + " earlier session" + st.Dim.Render(", no score against it")
	}
	return []string{first, widget.Ends(" "+p.recorded(), second+" ", w)}
}

// recorded is what the person said they saw.
func (p *Compare) recorded() string {
	if s := p.c.Looked.Evidence(p.id).Latest(); s != "" {
		return "you saw: " + p.c.Styles.Human.Render(string(s))
	}
	return p.c.Keys.Get(keymap.Saw).FirstKey() + p.c.Styles.Dim.Render(" records what you saw: nothing yet")
}
