// Package inbox is the page that lists sessions: views with live counts, search
// as you type, filters, orders, marks. It holds a few hundred rows of an inbox
// of any size.
package inbox

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
	"docket/ui/dialog"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// Page is the inbox. It implements common.Page.
type Page struct {
	tabLine widget.TabLine
	c       *common.Context
	w, h    int
	policy  desk.Policy

	query  model.Query
	opened bool // the start view was chosen
	counts model.Counts

	win    window
	at     int // the selected row of the window
	top    int // the first row in sight
	owed   int // how far the cursor still has to go once rows have come
	marks  map[string]bool
	passed map[string]bool // submitted here: not offered as the next one
	gone   string          // left the list from under the cursor, which is on the one behind it

	gen     int              // of the query; answers to an older one are dropped
	shown   int              // the generation that the rows in memory belong to
	ahead   []func() tea.Cmd // keys about rows that were typed before the rows came
	busy    bool             // a page is being read
	stale   bool             // rows changed since they were read
	problem *model.Problem
	stop    context.CancelFunc // of the read under way

	search searcher
	rest   int    // counts sessions that the cursor has come to, to see it rest
	on     string // the last of them
	lines  rowCache
	watch  <-chan struct{}
}

// New returns the inbox. It opens in the view; empty means what waits for a
// person, or everything when nothing does.
func New(c *common.Context, view model.View) *Page {
	p := &Page{
		c: c, policy: c.Desk.Policy(), marks: map[string]bool{}, passed: map[string]bool{},
		query: model.Query{View: view, Sort: model.SortDue, Who: c.Desk.Me().Identity}, opened: view != "",
	}
	if view == "" {
		p.query.View = model.ViewReview
	}
	p.search.field = widget.NewField("name, id, document number, tag", "")
	return p
}

// Init reads the first rows and the counts, and listens for changes.
func (p *Page) Init() tea.Cmd {
	p.watch = p.c.Desk.Watch(p.c.Ctx)
	return tea.Batch(p.reload(), p.readCounts(), p.listen())
}

// Scope implements common.Page.
func (p *Page) Scope() keymap.Scope { return keymap.InInbox }

// SetSize implements common.Page.
func (p *Page) SetSize(w, h int) {
	p.w, p.h = w, h
	p.lines.forget()
	p.keepInSight()
}

// Crumbs implements common.Page.
func (p *Page) Crumbs() []string {
	for _, v := range model.Views() {
		if v.View != p.query.View {
			continue
		}
		name := v.Title
		if p.counts != nil {
			name += " " + widget.Count(p.counts[v.View])
		}
		return []string{name, p.place()}
	}
	return nil
}

// place is where the cursor is: "3 of 47", as far as that can be counted.
func (p *Page) place() string {
	if len(p.win.rows) == 0 {
		return "none"
	}
	total, known := p.win.total()
	if !known && !p.query.Filtered() && p.counts != nil {
		total, known = p.counts[p.query.View], true
	}
	base := p.win.base
	at := "…"
	if base >= 0 {
		at = widget.Count(base + int64(p.at) + 1)
	}
	if known {
		return at + " of " + widget.Count(total)
	}
	return at + " of " + widget.Count(max(base, 0)+int64(len(p.win.rows))) + "+"
}

// Selected returns the row under the cursor, or nil.
func (p *Page) Selected() *model.Row {
	if p.at < 0 || p.at >= len(p.win.rows) {
		return nil
	}
	return p.win.rows[p.at]
}

// Update implements common.Page.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case loadedMsg:
		return p.loaded(msg)
	case lateMsg:
		return p.late(msg)
	case countsMsg:
		return p.counted(msg)
	case common.Changed:
		return p.changed(msg)
	case common.Unmasked, dialog.Kept:
		return p.refresh()
	case common.Away:
		return p.listen() // nothing can be read until it is back
	case restMsg:
		return p.rested(msg)
	case searchMsg:
		return p.searchNow(msg)
	case common.Tick:
		p.lines.age(msg.At)
	case common.Masking, common.Themed:
		p.tabLine.Forget()
		p.lines.forget()
	case common.LoggedIn:
		return p.loggedIn()
	default:
		return p.asked(msg)
	}
	return nil
}

// loggedIn reads the list again: who logged in may be somebody else, whose the
// claims that were "yours" until now are not.
func (p *Page) loggedIn() tea.Cmd {
	p.query.Who = p.c.Desk.Me().Identity
	p.lines.forget()
	return p.refresh()
}

// asked carries out what the root, a dialog or the mouse asks for.
func (p *Page) asked(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case common.Step:
		return p.step(msg)
	case common.OpenSession:
		return p.follow(msg.ID)
	case common.Decided:
		return p.next(msg.ID)
	case common.Ended:
		return p.ended(msg)
	case tea.PasteMsg:
		return p.paste(msg.Content)
	case common.Click:
		return p.click(msg)
	case common.Wheel:
		return p.move(msg.By)
	case filtered:
		return p.choose(msg)
	case sorted:
		p.query.Sort = model.Sort(msg)
		return p.restart()
	}
	return p.updateMany(msg)
}

// keepInSight scrolls so that the cursor is on the screen.
func (p *Page) keepInSight() {
	p.at = max(0, min(p.at, len(p.win.rows)-1))
	room := p.room()
	p.top = max(0, min(p.top, p.at, len(p.win.rows)-room))
	if p.at >= p.top+room {
		p.top = p.at - room + 1
	}
}

// move moves the cursor and reads on when it comes near an edge. Where the rows
// are not in memory yet, the rest of the way is owed until they are.
func (p *Page) move(by int) tea.Cmd {
	want, last := p.at+p.owed+by, len(p.win.rows)-1
	p.owed = 0
	switch {
	case want < 0 && p.win.less:
		p.owed = want
	case want > last && p.win.more:
		p.owed = want - last
	}
	at := max(0, min(want, last))
	if at == p.at {
		return p.readOn()
	}
	p.at = at
	p.keepInSight()
	return tea.Batch(p.readOn(), p.resting())
}

// restTime is how long the cursor rests before its neighbours are fetched.
const restTime = 150 * time.Millisecond

type restMsg struct{ rest int }

// Pace implements common.Paced.
func (restMsg) Pace() common.Pace { return common.Unseen }

// resting waits for the cursor to rest on the session that it has come to.
func (p *Page) resting() tea.Cmd {
	row := p.Selected()
	if row == nil || row.ID == p.on {
		return nil
	}
	p.rest++
	p.on = row.ID
	n := p.rest
	return tea.Tick(restTime, func(time.Time) tea.Msg { return restMsg{n} })
}

// rested fetches the session under the cursor and its neighbours, so that they
// open at once.
func (p *Page) rested(msg restMsg) tea.Cmd {
	if msg.rest != p.rest {
		return nil
	}
	var ids []string
	for _, i := range []int{p.at, p.at + 1, p.at - 1} {
		if i >= 0 && i < len(p.win.rows) {
			ids = append(ids, p.win.rows[i].ID)
		}
	}
	return func() tea.Msg {
		p.c.Desk.Prefetch(p.c.Ctx, ids...)
		return nil
	}
}
