package session

import (
	"slices"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"docket/ui/common"
	"docket/ui/widget"
)

// searchLine is the line that a search is typed into.
type searchLine struct {
	typing bool
	field  *widget.Field
}

func newSearchLine(hint string) searchLine { return searchLine{field: widget.NewField(hint, "")} }

// query is what is searched for; empty: nothing.
func (l *searchLine) query() string { return l.field.Text() }

func (l *searchLine) drop() {
	l.typing = false
	l.field.Set("")
}

// key takes a key while the search is typed and reports whether the query
// changed. What ends or suspends the program is not for the search.
func (l *searchLine) key(msg tea.KeyPressMsg) (changed, taken bool) {
	switch msg.String() {
	case "ctrl+c", "ctrl+z":
		return false, false
	case "esc":
		changed = l.query() != ""
		l.drop()
		return changed, true
	case "enter":
		l.typing = false
		return false, true
	}
	return l.field.Key(msg), true
}

// line draws the search in w cells, with what it found at the right.
func (l *searchLine) line(st *common.Styles, w int, found string) string {
	room := w - 2
	if found != "" {
		room -= ansi.StringWidth(found) + 3
	}
	text := " /" + l.field.Line(max(room, 1), true, st.Text, st.Accent, st.Dim)
	if found != "" {
		text += "   " + found
	}
	return widget.Fit(text, w)
}

// finder is the search through the panes.
type finder struct {
	searchLine
	hits []hit
	at   int
}

// hit is a line that holds the query.
type hit struct{ pane, line int }

// begin starts a new search, end drops it with what it found.
func (f *finder) begin() {
	f.end()
	f.typing = true
}

func (f *finder) end() {
	f.drop()
	f.hits, f.at = nil, 0
}

// tally says which hit of how many is gone to.
func (f *finder) tally() string {
	if len(f.hits) == 0 {
		return "no hit"
	}
	return itoa(f.at+1) + " of " + count(len(f.hits), "hit", "hits")
}

// inPane says in the frame of a pane what was found there.
func (f *finder) inPane(pane int) string {
	n := 0
	for _, h := range f.hits {
		if h.pane == pane {
			n++
		}
	}
	switch {
	case f.query() == "" || n == 0:
		return ""
	case f.hits[f.at].pane == pane:
		return f.tally()
	}
	return count(n, "hit", "hits")
}

// prompt is the search while it is typed: what, how many and where.
func (p *Page) prompt() string {
	st := p.c.Styles
	found := ""
	switch {
	case p.find.query() == "":
	case len(p.find.hits) == 0:
		found = st.Warn.Render("no hit ")
	default:
		found = st.Strong.Render(p.find.tally()) + st.Dim.Render(", in "+p.paneName(p.find.hits[p.find.at].pane)+" ")
	}
	return p.find.line(st, p.width, found)
}

// Typing reports whether keys go into the search line.
func (p *Page) Typing() bool { return p.find.typing }

// Key takes what is typed into the search.
func (p *Page) Key(msg tea.KeyPressMsg) (tea.Cmd, bool) {
	if !p.find.typing {
		return nil, false
	}
	switch msg.String() {
	case "down", "ctrl+n":
		p.hop(1)
		return nil, true
	case "up", "ctrl+p":
		p.hop(-1)
		return nil, true
	}
	changed, taken := p.find.key(msg)
	if changed {
		p.seek()
	}
	return nil, taken
}

// paste takes pasted text while the search is typed.
func (p *Page) paste(text string) {
	if p.find.typing && p.find.field.Insert(text) {
		p.seek()
	}
}

// seek goes to the first hit at or after the focus.
func (p *Page) seek() {
	p.find.at = 0
	p.collect()
	for i, h := range p.find.hits {
		if h.pane >= p.focus {
			p.find.at = i
			break
		}
	}
	p.show()
}

// recount finds the hits again after what is shown has changed.
func (p *Page) recount() {
	if p.find.query() != "" {
		p.collect()
		p.find.at = min(p.find.at, max(len(p.find.hits)-1, 0))
	}
}

// collect finds the lines that hold the query, pane by pane. Panes that are
// not on screen are made for it at the size of the page.
func (p *Page) collect() {
	p.find.hits = nil
	if p.find.query() == "" {
		return
	}
	sizes := map[int]cell{}
	for _, b := range p.plan().bands {
		for _, col := range b {
			for _, c := range col {
				sizes[c.pane] = c
			}
		}
	}
	for pane := paneFaces; pane < paneCount; pane++ {
		c, ok := sizes[pane]
		if !ok {
			c = cell{pane, p.width, max(p.height-8, 3)}
		}
		for i, l := range p.build(pane, c.w, c.h).content.lines {
			if _, _, found := where(ansi.Strip(l.text), p.find.query()); found {
				p.find.hits = append(p.find.hits, hit{pane, i})
			}
		}
	}
}

// hop goes to the next or previous hit, around the end.
func (p *Page) hop(by int) {
	p.collect()
	n := len(p.find.hits)
	if n == 0 {
		return
	}
	p.find.at = ((p.find.at+by)%n + n) % n
	p.show()
}

// show focuses the pane of the hit and selects its line.
func (p *Page) show() {
	if p.find.at >= len(p.find.hits) {
		return
	}
	h := p.find.hits[p.find.at]
	p.focus = h.pane
	ps := &p.panes[h.pane]
	ps.cursor = h.line
	for ps.cursor > 0 && ps.cursor < len(ps.content.lines) && ps.content.lines[ps.cursor].item != none &&
		ps.content.lines[ps.cursor-1].item == ps.content.lines[ps.cursor].item {
		ps.cursor--
	}
	ps.follow()
}

// where returns the cells at which the query stands in a plain text, ignoring
// case.
func where(text, query string) (from, to int, ok bool) {
	t, q := lower(text), lower(query)
	for i := 0; i+len(q) <= len(t) && len(q) > 0; i++ {
		if slices.Equal(t[i:i+len(q)], q) {
			r := []rune(text)
			from = ansi.StringWidth(string(r[:i]))
			return from, from + ansi.StringWidth(string(r[i:i+len(q)])), true
		}
	}
	return 0, 0, false
}

// lower folds case rune by rune, so that places in both texts agree.
func lower(s string) []rune {
	r := []rune(s)
	for i := range r {
		r[i] = unicode.ToLower(r[i])
	}
	return r
}

// highlight marks the first place of the query in a styled text.
func highlight(text, query string, style lipgloss.Style) string {
	plain := ansi.Strip(text)
	from, to, ok := where(plain, query)
	if !ok {
		return text
	}
	n := ansi.StringWidth(plain)
	return ansi.Cut(text, 0, from) + style.Render(ansi.Cut(plain, from, to)) + ansi.Cut(text, to, n)
}
