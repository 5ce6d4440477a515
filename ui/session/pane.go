package session

import (
	"slices"

	"github.com/charmbracelet/x/ansi"

	"docket/model"
	"docket/ui/common"
	"docket/ui/picture"
	"docket/ui/widget"
)

// paneState is a pane as it was last made and drawn. Lines are made again only
// when what they depend on has changed.
type paneState struct {
	cursor  int // the line that is selected
	top     int // the first line that is shown
	seen    int // lines that fit
	built   builtKey
	content content
	drawn   drawnKey
	lines   []string
}

// builtKey is everything that the lines of a pane depend on.
type builtKey struct {
	s      *model.Session
	row    *model.Row
	st     *common.Styles
	keep   int
	minute int64
	w, h   int
	masked bool
	unfold bool
	busy   bool
	strip  int
	caps   picture.Caps
}

// drawnKey is everything that the frame around them depends on.
type drawnKey struct {
	built       builtKey
	cursor, top int
	focused     bool
	query       string
	loading     bool
	found       string
}

type headCache struct {
	built   builtKey
	focused bool
	lines   []string
}

func (p *Page) key(w, h int) builtKey {
	return builtKey{
		s: p.s, row: p.row, st: p.c.Styles, keep: p.keep, minute: p.c.Now().Unix() / 60, w: w, h: h,
		masked: p.c.Masked, strip: p.strip.Version(), caps: p.c.Pictures.Caps(), busy: p.busy > 0, unfold: p.unfold || p.find.query() != "",
	}
}

// build makes the lines of a pane whose frame has the size.
func (p *Page) build(pane, w, h int) *paneState {
	ps := &p.panes[pane]
	inner, rows := w-4, h-2
	if key := p.key(inner, rows); key != ps.built {
		ps.content = p.info[pane].build(p.view(inner, rows))
		ps.built = key
		ps.seen = max(rows-len(ps.content.pinned), 0)
		ps.clamp()
	}
	return ps
}

// clamp keeps the selected line where there is one, and on screen.
func (ps *paneState) clamp() {
	n := len(ps.content.lines)
	ps.cursor = min(max(ps.cursor, 0), max(n-1, 0))
	for ps.cursor < n && ps.content.lines[ps.cursor].item == none {
		ps.cursor++
	}
	for ps.cursor >= n && ps.cursor > 0 {
		ps.cursor--
	}
	ps.follow()
}

// follow scrolls so that the selected entry is on screen.
func (ps *paneState) follow() {
	n := len(ps.content.lines)
	last := min(ps.cursor+ps.entryLines(ps.cursor)-1, ps.cursor+ps.seen-1)
	if last >= ps.top+ps.seen {
		ps.top = last - ps.seen + 1
	}
	if ps.cursor < ps.top {
		ps.top = ps.cursor
	}
	if ps.firstEntry(ps.cursor) {
		ps.top = 0
	}
	ps.top = min(max(ps.top, 0), max(n-ps.seen, 0))
}

// firstEntry reports whether only headings stand above the line.
func (ps *paneState) firstEntry(line int) bool {
	if line >= ps.seen {
		return false
	}
	for i := range min(line, len(ps.content.lines)) {
		if ps.content.lines[i].item != none {
			return false
		}
	}
	return true
}

// entryLines counts the lines of the entry that starts at a line.
func (ps *paneState) entryLines(line int) int {
	lines := ps.content.lines
	n := 0
	for i := line; i < len(lines) && lines[i].item == lines[line].item; i++ {
		n++
	}
	return max(n, 1)
}

// move selects the entry that is by entries further on.
func (ps *paneState) move(by int) {
	step := 1
	if by < 0 {
		step, by = -1, -by
	}
	for range by {
		if !ps.step(step) {
			break
		}
	}
	ps.follow()
}

func (ps *paneState) step(by int) bool {
	lines := ps.content.lines
	if ps.cursor >= len(lines) {
		return false
	}
	from := lines[ps.cursor].item
	at := ps.cursor
	for {
		at += by
		if at < 0 || at >= len(lines) {
			return false
		}
		if lines[at].item != none && lines[at].item != from {
			break
		}
	}
	for at > 0 && lines[at-1].item == lines[at].item {
		at--
	}
	ps.cursor = at
	return true
}

// pick selects the entry at a line of what is shown, if there is one.
func (ps *paneState) pick(row int) bool {
	at := ps.top + row
	if row < 0 || at >= len(ps.content.lines) || ps.content.lines[at].item == none {
		return false
	}
	for at > 0 && ps.content.lines[at-1].item == ps.content.lines[at].item {
		at--
	}
	ps.cursor = at
	ps.follow()
	return true
}

// selected returns the entry under the cursor.
func (ps *paneState) selected() (item, bool) {
	if ps.cursor >= len(ps.content.lines) {
		return item{}, false
	}
	i := ps.content.lines[ps.cursor].item
	if i == none {
		return item{}, false
	}
	return ps.content.items[i], true
}

// drawPane returns the lines of a pane with its frame.
func (p *Page) drawPane(c cell) []string {
	ps := p.build(c.pane, c.w, c.h)
	focused := p.focus == c.pane
	found := p.find.inPane(c.pane)
	key := drawnKey{ps.built, ps.cursor, ps.top, focused, p.find.query(), p.loading(c.pane), found}
	if key == ps.drawn && ps.lines != nil {
		return ps.lines
	}
	st := p.c.Styles
	f := widget.Frame{W: c.w, H: c.h, Title: p.paneTitle(c.pane, ps, focused), Foot: joined(found, ps.position()), Focused: focused, Edge: st.Frame, Mark: -1}
	if focused {
		f.Edge = st.FrameOn
	}
	lines := ps.content.lines
	body := slices.Clone(ps.content.pinned)
	for i := ps.top; i < min(ps.top+ps.seen, len(lines)); i++ {
		text := lines[i].text
		if focused && i == ps.cursor && lines[i].item != none {
			f.Mark = len(body)
			text = st.Selected.Render(widget.Fit(ansi.Strip(text), c.w-4))
		} else if p.find.query() != "" {
			text = highlight(text, p.find.query(), st.Hit)
		}
		body = append(body, text)
	}
	ps.lines, ps.drawn = f.Draw(body), key
	return ps.lines
}

// joined puts two notes in the edge of a frame, either of which may be empty.
func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " ── " + b
}

// paneName is the title of a pane with its number.
func (p *Page) paneName(pane int) string {
	if pane == paneHeader {
		return p.info[pane].title
	}
	return itoa(pane) + " " + p.info[pane].title
}

func (p *Page) paneTitle(pane int, ps *paneState, focused bool) string {
	st := p.c.Styles
	style := st.Title
	if focused {
		style = st.FrameOn
	}
	title := style.Render(p.paneName(pane))
	if ps.content.badge != "" {
		title += "  " + ps.content.badge
	}
	if p.loading(pane) {
		title += "  " + st.Dim.Render("reading"+ellipsis)
	}
	return title
}

// loading reports whether a part of the pane that came or failed is being fetched
// again.
func (p *Page) loading(pane int) bool {
	for _, part := range p.info[pane].parts {
		if st := p.s.Parts[part]; st.Loading && st.Done() {
			return true
		}
	}
	return false
}

// position says which lines are shown when there are more.
func (ps *paneState) position() string {
	n := len(ps.content.lines)
	if n <= ps.seen || ps.seen == 0 {
		return ""
	}
	return itoa(ps.top+1) + "–" + itoa(ps.top+ps.seen) + " of " + itoa(n)
}

// drawHeader returns the header in the lines that the plan gives it.
func (p *Page) drawHeader(a plan) []string {
	focused := p.focus == paneHeader
	w := p.width
	if a.framed {
		w -= 4
	}
	key := p.key(w, a.header)
	if p.head.built == key && p.head.focused == focused {
		return p.head.lines
	}
	v := p.view(w, a.header)
	if !a.framed {
		p.head = headCache{key, focused, v.header(p.width, a.header)}
		return p.head.lines
	}
	st := p.c.Styles
	f := widget.Frame{W: p.width, H: a.header, Title: st.Title.Render(shortID(p.id)), Focused: focused, Edge: st.Frame, Mark: -1}
	if focused {
		f.Edge, f.Title = st.FrameOn, st.FrameOn.Render(shortID(p.id))
		f.Foot = "enter shows all, R reads every part again"
	}
	p.head = headCache{key, focused, f.Draw(v.header(w, a.header-2))}
	return p.head.lines
}

// drawTabs is the line that names the panes when one is shown at a time.
func (p *Page) drawTabs() string {
	st := p.c.Styles
	out := " "
	for i, info := range p.info {
		name := info.tab
		if i != paneHeader {
			name = itoa(i) + " " + name
		}
		if i == p.focus {
			out += st.Selected.Render(" "+name+" ") + " "
		} else {
			out += st.Dim.Render(" "+name+" ") + " "
		}
		if i == paneChecks && i != p.focus {
			out += p.tabMarks()
		}
	}
	return widget.Fit(out, p.width)
}

// tabMarks counts what did not pass beside the tab of the checks.
func (p *Page) tabMarks() string {
	n := map[model.Tone]int{}
	for _, c := range p.s.Checks {
		n[c.Status.Tone()]++
	}
	out := ""
	for _, t := range []model.Tone{model.ToneBad, model.ToneWarn} {
		if n[t] > 0 {
			out += p.c.Styles.Tone(t).Render(common.Sign(t)+itoa(n[t])) + " "
		}
	}
	return out
}
