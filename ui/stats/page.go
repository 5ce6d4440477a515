// Package stats is the page that shows what reviewers did: decisions by day, by
// reviewer and by reason, how long they took, and how long waits what waits now.
package stats

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"docket/desk"
	"docket/model"
	"docket/stats"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// Page implements common.Page.
type Page struct {
	c       *common.Context
	w, h    int
	period  int // of periods
	gen     int // of the reading that counts
	stop    context.CancelFunc
	busy    bool
	problem *model.Problem
	r       *stats.Report // as it was last read; nil: not yet
	scroll  widget.Scroll
	bars    widget.Bars
}

// periods are the days that can be looked at; today is the last of them.
var periods = []int{7, 30, 90, 365}

const usualPeriod = 1

type readMsg struct {
	gen    int
	report stats.Report
	err    error
}

// New returns the page.
func New(c *common.Context) *Page {
	return &Page{c: c, period: usualPeriod, bars: widget.Blocks(), stop: func() {}}
}

// Init starts to read.
func (p *Page) Init() tea.Cmd { return p.read() }

// read asks for the period again, and drops what is being read.
func (p *Page) read() tea.Cmd {
	p.stop()
	ctx, stop := context.WithCancel(p.c.Ctx)
	p.gen++
	p.stop, p.busy = stop, true
	gen, zone, now := p.gen, p.c.Zone, p.c.Now()
	today := now.In(zone)
	since := time.Date(today.Year(), today.Month(), today.Day()-p.days()+1, 0, 0, 0, 0, zone)
	p.build()
	return func() tea.Msg {
		defer stop()
		report, err := p.c.Desk.Stats(ctx, stats.Query{Since: since, Until: now, Zone: zone})
		return readMsg{gen, report, err}
	}
}

// days is how many days the period has.
func (p *Page) days() int { return periods[p.period] }

// Close implements common.Closer.
func (p *Page) Close() { p.stop() }

// Scope implements common.Page.
func (p *Page) Scope() keymap.Scope { return keymap.InStats }

// Crumbs implements common.Page.
func (p *Page) Crumbs() []string { return []string{"Statistics"} }

// SetSize implements common.Page.
func (p *Page) SetSize(w, h int) {
	p.w, p.h = w, h
	p.build()
}

// Update implements common.Page.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case readMsg:
		p.take(msg)
	case common.Changed:
		if desk.StoreDown(p.problem) && !p.busy {
			return p.read() // it tells of changes, so it is back
		}
	case common.Themed:
		p.build()
	case common.Wheel:
		p.scroll.By(msg.By)
	}
	return nil
}

func (p *Page) take(msg readMsg) {
	if msg.gen != p.gen || errors.Is(msg.err, context.Canceled) {
		return
	}
	p.busy, p.problem = false, model.AsProblem(msg.err)
	if msg.err == nil {
		p.r = &msg.report
	}
	p.build()
}

// Key implements common.Page.
func (p *Page) Key(tea.KeyPressMsg) (tea.Cmd, bool) { return nil, false }

// Do implements common.Page.
func (p *Page) Do(id keymap.ID, _ string) tea.Cmd {
	half := max(p.room()/2, 1)
	switch id {
	case keymap.Down:
		p.scroll.By(1)
	case keymap.Up:
		p.scroll.By(-1)
	case keymap.HalfDown:
		p.scroll.By(half)
	case keymap.HalfUp:
		p.scroll.By(-half)
	case keymap.First:
		p.scroll.Top()
	case keymap.Last:
		p.scroll.End()
	case keymap.NextTime:
		return p.turn(1)
	case keymap.PrevTime:
		return p.turn(-1)
	case keymap.Refresh:
		return p.read()
	case keymap.Back:
		return p.c.Back(p)
	}
	return nil
}

// turn goes to another period; after the last comes the first. What is shown goes:
// it is not of that period.
func (p *Page) turn(by int) tea.Cmd {
	p.period = (p.period + by + len(periods)) % len(periods)
	p.r, p.problem = nil, nil
	p.scroll.Top()
	return p.read()
}

// Off implements common.Page.
func (p *Page) Off(keymap.ID) string { return "" }
