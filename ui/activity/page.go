// Package activity is the page that shows what the console has asked of the
// API: requests, latencies beside the server's own time, errors in groups, and
// what is left of the limits.
package activity

import (
	tea "charm.land/bubbletea/v2"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// Page implements common.Page.
type Page struct {
	c       *common.Context
	w, h    int
	now     desk.Activity
	calls   []model.Call // those that the search leaves
	top     int
	find    *widget.Field
	finding bool
}

type activityMsg desk.Activity

// New returns the page.
func New(c *common.Context) *Page {
	return &Page{c: c, find: widget.NewField("endpoint, status, path", "")}
}

// Init reads the journal.
func (p *Page) Init() tea.Cmd { return p.read }

func (p *Page) read() tea.Msg { return activityMsg(p.c.Desk.Activity(0)) }

// Scope implements common.Page.
func (p *Page) Scope() keymap.Scope { return keymap.InActivity }

// Typing implements common.Typist.
func (p *Page) Typing() bool { return p.finding }

// Crumbs implements common.Page.
func (p *Page) Crumbs() []string { return []string{"Activity"} }

// SetSize implements common.Page.
func (p *Page) SetSize(w, h int) {
	p.w, p.h = w, h
	p.scroll(0)
}

// Update implements common.Page.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case activityMsg:
		p.now = desk.Activity(msg)
		p.narrow()
	case common.Tick:
		return p.read
	case common.Wheel:
		p.scroll(msg.By)
	}
	return nil
}

// Key implements common.Page.
func (p *Page) Key(msg tea.KeyPressMsg) (tea.Cmd, bool) {
	if !p.finding {
		return nil, false
	}
	switch msg.String() {
	case "enter":
		p.finding = false
	case "esc":
		p.finding = false
		p.find.Set("")
	case "up", "down", "pgup", "pgdown", "ctrl+c", "ctrl+z":
		return nil, false
	default:
		p.find.Key(msg)
	}
	p.top = 0
	p.narrow()
	return nil, true
}

// Do implements common.Page.
func (p *Page) Do(id keymap.ID, _ string) tea.Cmd {
	half := max(p.room()/2, 1)
	switch id {
	case keymap.Down:
		p.scroll(1)
	case keymap.Up:
		p.scroll(-1)
	case keymap.HalfDown:
		p.scroll(half)
	case keymap.HalfUp:
		p.scroll(-half)
	case keymap.First:
		p.scroll(-p.top)
	case keymap.Last:
		p.scroll(len(p.calls))
	case keymap.Search:
		p.finding = true
	case keymap.Refresh:
		return p.read
	case keymap.Back:
		return p.back()
	}
	return nil
}

func (p *Page) back() tea.Cmd {
	if p.find.Text() != "" {
		p.find.Set("")
		p.narrow()
		return nil
	}
	return p.c.Back(p)
}

// Off implements common.Page.
func (p *Page) Off(keymap.ID) string { return "" }

func (p *Page) scroll(by int) { p.top = max(0, min(p.top+by, len(p.calls)-p.room())) }
