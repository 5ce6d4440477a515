package session

import (
	"slices"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"docket/ui/common"
)

// finder is the search through the panes.
type finder struct {
	typing bool
	query  string
	hits   []hit
	at     int
}

// hit is a line that holds the query.
type hit struct{ pane, line int }

func (f *finder) prompt(st *common.Styles) string {
	text := " /" + f.query + "▏"
	if f.query == "" {
		return text + st.Dim.Render("   searches every pane; enter keeps it, esc drops it")
	}
	return text + "   " + st.Dim.Render(f.tally())
}

func (f *finder) tally() string {
	if len(f.hits) == 0 {
		return "no hit"
	}
	return itoa(f.at+1) + " of " + count(len(f.hits), "hit", "hits")
}

// Typing reports whether keys go into the search line.
func (p *Page) Typing() bool { return p.find.typing }

// Key takes what is typed into the search.
func (p *Page) Key(msg tea.KeyPressMsg) (tea.Cmd, bool) {
	if !p.find.typing {
		return nil, false
	}
	switch key := msg.String(); {
	case key == "esc" || key == "ctrl+c":
		p.find = finder{}
	case key == "enter":
		p.find.typing = false
	case key == "backspace":
		r := []rune(p.find.query)
		p.seek(string(r[:max(len(r)-1, 0)]))
	case key == "ctrl+u":
		p.seek("")
	case key == "down" || key == "ctrl+n":
		p.hop(1)
	case key == "up" || key == "ctrl+p":
		p.hop(-1)
	case msg.Text != "":
		p.seek(p.find.query + printable(msg.Text))
	}
	return nil, true
}

// printable drops what must not come back onto the screen.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, s)
}

// seek searches for a query and goes to the first hit at or after the focus.
func (p *Page) seek(query string) {
	p.find.query, p.find.at = query, 0
	p.collect()
	for i, h := range p.find.hits {
		if h.pane >= p.focus {
			p.find.at = i
			break
		}
	}
	p.show()
}

// collect finds the lines that hold the query, pane by pane. Panes that are
// not on screen are made for it at the size of the page.
func (p *Page) collect() {
	p.find.hits = nil
	if p.find.query == "" {
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
			if _, _, found := where(ansi.Strip(l.text), p.find.query); found {
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
