package inbox

import (
	"reflect"
	"strconv"
	"strings"
	"time"

	"docket/model"
	"docket/ui/keymap"
	"docket/ui/layout"
	"docket/ui/widget"
)

// headLines are the lines above the rows: tabs, what narrows the list, titles.
const headLines = 3

// room is how many rows are in sight.
func (p *Page) room() int { return max(p.h-headLines, 1) }

// rowCache keeps the drawn rows that are neither selected nor marked.
type rowCache struct {
	lines   map[*model.Row]string
	columns []column
	drawn   []widget.Column
	width   int
	minute  int64
}

func (c *rowCache) forget() {
	c.lines = nil
	c.drawn = nil
}

func (c *rowCache) forgetRow(id string) {
	for r := range c.lines {
		if r.ID == id {
			delete(c.lines, r)
		}
	}
}

// renew drops the lines of rows that are not in memory any more. Rows that were read
// again and are as they were keep theirs.
func (c *rowCache) renew(rows []*model.Row) {
	before := make(map[string]*model.Row, len(c.lines))
	for r := range c.lines {
		before[r.ID] = r
	}
	kept := make(map[*model.Row]string, len(c.lines))
	for _, r := range rows {
		if old, ok := before[r.ID]; ok && (old == r || reflect.DeepEqual(old, r)) {
			kept[r] = c.lines[old]
		}
	}
	c.lines = kept
}

// age drops the lines when the minute turns: times are shown to the minute.
func (c *rowCache) age(now time.Time) {
	if m := now.Unix() / 60; m != c.minute {
		c.minute, c.lines = m, nil
	}
}

// roomy is the width from which columns stand further apart.
const roomy = 110

// layout chooses the columns for the width.
func (p *Page) layout() {
	c := &p.lines
	if c.drawn != nil && c.width == p.w {
		return
	}
	c.width, c.columns = p.w, columns(p.policy.SLA)
	sizes := make([]layout.Column, len(c.columns))
	for i, col := range c.columns {
		sizes[i] = col.size
	}
	c.drawn = make([]widget.Column, len(c.columns))
	gap := 1
	if p.w >= roomy {
		gap = 2
	}
	for i, w := range layout.Widths(p.w-2, gap, sizes) {
		c.drawn[i] = widget.Column{Title: c.columns[i].title, Width: w, Right: c.columns[i].right, Gap: gap}
	}
}

// View implements common.Page.
func (p *Page) View() string {
	if p.w <= 0 || p.h <= 0 {
		return ""
	}
	p.layout()
	st := p.c.Styles
	lines := make([]string, 0, p.h)
	lines = append(lines, p.tabs(), p.info(), widget.Fit("  "+widget.Header(p.lines.drawn, st.Dim), p.w))
	if len(p.win.rows) == 0 {
		lines = append(lines, p.empty()...)
	}
	for i := p.top; i < min(len(p.win.rows), p.top+p.room()); i++ {
		lines = append(lines, p.line(i))
	}
	for len(lines) < p.h {
		lines = append(lines, widget.Spaces(p.w))
	}
	return strings.Join(lines[:p.h], "\n")
}

// line draws one row, from memory if nothing about it is special.
func (p *Page) line(i int) string {
	r := p.win.rows[i]
	if i != p.at && !p.marks[r.ID] {
		if l, ok := p.lines.lines[r]; ok {
			return l
		}
	}
	l := p.draw(r, i == p.at, p.marks[r.ID])
	if i != p.at && !p.marks[r.ID] {
		if p.lines.lines == nil {
			p.lines.lines = map[*model.Row]string{}
		}
		p.lines.lines[r] = l
	}
	return l
}

// draw draws a row. The selected one has a sign in front and its name stands
// out: two short changes on the screen when the cursor moves, not two whole
// lines.
func (p *Page) draw(r *model.Row, selected, marked bool) string {
	st := p.c.Styles
	cells := make([]widget.Cell, len(p.lines.columns))
	for i, c := range p.lines.columns {
		if p.lines.drawn[i].Width > 0 {
			cells[i] = c.cell(p, r)
		}
	}
	if selected {
		w := p.lines.drawn[nameColumn].Width
		text := ""
		for _, s := range cells[nameColumn] {
			text += s.Text
		}
		cells[nameColumn] = widget.Cell{{Text: widget.Fit(text, w), Style: st.Selected}}
	}
	sign := "  "
	switch {
	case selected && marked:
		sign = st.Accent.Render(">") + st.Marked.Render("*")
	case selected:
		sign = st.Accent.Render("> ")
	case marked:
		sign = st.Marked.Render("* ")
	}
	return widget.Fit(sign+widget.Row(p.lines.drawn, cells), p.w)
}

// shortViews are the titles of the views where room is scarce.
var shortViews = map[model.View]string{
	model.ViewReview: "Review", model.ViewFailed: "Fail", model.ViewProgress: "Open", model.ViewPassed: "Pass",
	model.ViewDecided: "Done", model.ViewProposed: "Conf", model.ViewUnknown: "Unkn",
}

func (p *Page) tabs() string {
	st := p.c.Styles
	var tabs []widget.Tab
	on := 0
	for i, v := range model.Views() {
		if v.View == p.query.View {
			on = i
		}
		count := ""
		if p.counts != nil {
			count = widget.Count(p.counts[v.View])
		}
		tabs = append(tabs, widget.Tab{Key: p.viewKey(v.View), Title: v.Title, Short: shortViews[v.View], Count: count})
	}
	return p.tabLine.Draw(tabs, on, p.w, widget.TabStyles{On: st.Selected, Off: st.Text, Key: st.Dim, Count: st.Dim})
}

// info is the line that says how the list is narrowed and ordered.
func (p *Page) info() string {
	st := p.c.Styles
	right := ""
	if n := len(p.marks); n > 0 {
		right = st.Marked.Render("* " + strconv.Itoa(n) + " marked   ")
	}
	for _, s := range model.Sorts() {
		if s.Sort == p.query.Sort {
			right += st.Dim.Render(s.Title) + " "
		}
	}
	if p.search.on {
		found := p.found()
		w := p.w - widget.Width(found) - 6
		return " " + st.Key.Render("/") + " " + widget.Fit(p.search.field.Line(min(w, 60), true, st.Text, st.Accent, st.Dim)+"  "+st.Dim.Render(found), p.w-3)
	}
	var left []string
	if p.problem != nil && len(p.win.rows) > 0 {
		left = append(left, st.Bad.Render("✗ "+p.problem.Error()))
	}
	if p.query.Search != "" {
		left = append(left, st.Dim.Render("search ")+st.Hit.Render(" "+p.query.Search+" ")+" "+st.Dim.Render(p.found()))
	}
	if d := describe(p.query); d != "" {
		left = append(left, st.Dim.Render("only ")+st.Strong.Render(d))
	}
	if len(left) == 0 {
		left = append(left, p.deadline())
	} else {
		left = append(left, st.Dim.Render(p.key(keymap.Back)+" clears"))
	}
	return widget.Ends(" "+strings.Join(left, "   "), right, p.w)
}

// found says how many rows the search has left.
func (p *Page) found() string {
	switch total, known := p.win.total(); {
	case p.busy && len(p.win.rows) == 0:
		return "searching…"
	case known:
		return widget.Count(total) + " found"
	default:
		return widget.Count(int64(len(p.win.rows))) + "+ found"
	}
}

// deadline says how many sessions are late or nearly so. In the order of
// waiting they come first, so those in memory are enough to count.
func (p *Page) deadline() string {
	st, sla := p.c.Styles, p.policy.SLA
	if sla == 0 || p.query.View != model.ViewReview || p.query.Sort != model.SortDue || p.win.less || len(p.win.rows) == 0 {
		return st.Dim.Render(p.says())
	}
	late, soon := 0, 0
	now := p.c.Now()
	for _, r := range p.win.rows {
		left := r.WaitsFrom.Add(sla).Sub(now)
		if left >= time.Hour {
			break
		}
		if left < 0 {
			late++
			continue
		}
		soon++
	}
	more := ""
	if late+soon == len(p.win.rows) && p.win.more {
		more = "+"
	}
	out := st.Dim.Render("SLA " + hours(sla) + ": ")
	if late == 0 && soon == 0 {
		return out + st.Good.Render("all in time")
	}
	if late > 0 {
		out += st.Bad.Render(strconv.Itoa(late)+more+" late") + st.Dim.Render(", ")
	}
	return out + st.Warn.Render(strconv.Itoa(soon)+more+" within 1h")
}

// says is what the view holds, in words.
func (p *Page) says() string {
	for _, v := range model.Views() {
		if v.View == p.query.View {
			return v.Says
		}
	}
	return ""
}

func hours(d time.Duration) string {
	if d%time.Hour == 0 {
		return strconv.Itoa(int(d/time.Hour)) + "h"
	}
	return d.String()
}
