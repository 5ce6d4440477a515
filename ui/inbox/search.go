package inbox

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"docket/ui/widget"
)

// searcher is the search line: on while it takes keys.
type searcher struct {
	on    bool
	field *widget.Field
	n     int    // counts edits; only the last one searches
	was   string // the search before, for esc
}

// typed is how long typing rests before the list is searched.
const typed = 60 * time.Millisecond

type searchMsg struct{ n int }

func (s *searcher) start(text string) {
	s.on, s.was = true, text
	s.field.Set(text)
}

// Key implements common.Page: while the search is on, text goes there; keys
// that move work on the list.
func (p *Page) Key(msg tea.KeyPressMsg) (tea.Cmd, bool) {
	if !p.search.on {
		return nil, false
	}
	switch msg.String() {
	case "enter":
		p.search.on = false
		return p.apply(), true
	case "esc":
		p.search.on = false
		p.search.field.Set("")
		return p.apply(), true
	case "up", "down", "pgup", "pgdown", "tab", "shift+tab", "ctrl+c", "ctrl+z":
		return nil, false
	default:
		if !p.search.field.Key(msg) {
			return nil, true
		}
		p.search.n++
		n := p.search.n
		return tea.Tick(typed, func(time.Time) tea.Msg { return searchMsg{n} }), true
	}
}

// paste takes pasted text while the search is on.
func (p *Page) paste(text string) tea.Cmd {
	if !p.search.on {
		return nil
	}
	p.search.field.Insert(text)
	return p.apply()
}

func (p *Page) searchNow(msg searchMsg) tea.Cmd {
	if msg.n != p.search.n {
		return nil
	}
	return p.apply()
}

// apply searches for what the line holds, if that is new.
func (p *Page) apply() tea.Cmd {
	p.search.n++
	text := widget.OneLine(p.search.field.Text())
	if text == p.query.Search {
		return nil
	}
	p.query.Search = text
	return p.restart()
}
