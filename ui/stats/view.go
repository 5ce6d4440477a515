package stats

import (
	"fmt"
	"strings"

	"docket/stats"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// headLines are the periods and what they come to.
const headLines = 2

// room is how many lines of the panes are in sight.
func (p *Page) room() int { return max(p.h-headLines, 0) }

// View implements common.Page.
func (p *Page) View() string {
	if p.w <= 0 || p.h <= 0 {
		return ""
	}
	lines := append([]string{p.head(), p.sum()}, p.scroll.View(p.c.Styles.Hit)...)
	return strings.Join(widget.Fill(lines, p.w, p.h), "\n")
}

// head is the line of the periods.
func (p *Page) head() string {
	st := p.c.Styles
	right := p.scroll.Place()
	switch {
	case p.busy:
		right = widget.Dots("reading")
	case p.problem != nil && p.r != nil:
		right = st.Bad.Render("✗ not read again: " + p.problem.Message)
	}
	var left strings.Builder
	for i, days := range periods {
		if text := fmt.Sprintf("%d days", days); i == p.period {
			left.WriteString(st.Strong.Render("[" + text + "]"))
		} else {
			left.WriteString(st.Text.Render(" " + text + " "))
		}
	}
	return widget.Ends(left.String(), st.Dim.Render(right)+" ", p.w)
}

// sum is the line that says the most: as much of it as there is room for.
func (p *Page) sum() string {
	st := p.c.Styles
	if p.r == nil || p.r.Empty() {
		return ""
	}
	t := p.r.Total
	parts := []string{
		" " + st.Strong.Render(number(t.Decided())+" decided"),
		st.Good.Render(number(t.Approved) + " approved"),
		st.Bad.Render(number(t.Rejected) + " rejected"),
		st.Text.Render(stats.Percent(t.OverturnRate()) + " overturned"),
	}
	if p.r.Waiting.Late > 0 {
		parts = append(parts, st.Bad.Render(widget.Count(p.r.Waiting.Late)+" late"))
	}
	if t.Claimed() > 0 {
		parts = append(parts, st.Text.Render("median "+t.Median.String()))
	}
	line := parts[0]
	for _, part := range parts[1:] {
		if longer := line + st.Dim.Render(" · ") + part; widget.Width(longer) <= p.w {
			line = longer
		}
	}
	return line
}

// build makes the lines of the panes anew: the report, the size or the colours are
// others.
func (p *Page) build() {
	p.scroll.SetSize(p.w, p.room())
	switch {
	case p.w <= 0:
	case p.r == nil && p.problem != nil:
		p.scroll.SetLines(p.advice("✗ "+p.problem.Error(), "tries again"))
	case p.r == nil:
		p.scroll.SetLines([]string{"", " " + p.c.Styles.Dim.Render(widget.Dots("reading the audit log"))})
	case p.r.Empty():
		none := p.advice(fmt.Sprintf("No decision in these %d days.", p.days()), "reads the log again")
		p.scroll.SetLines(append(none, p.columns([][]pane{{p.waiting()}})...))
	default:
		p.scroll.SetLines(p.columns(p.arranged()))
	}
}

// advice says what is the case, and what the keys do about it.
func (p *Page) advice(says, again string) []string {
	st := p.c.Styles
	lines := []string{""}
	for _, l := range widget.Wrap(says, p.w-2) {
		lines = append(lines, " "+l)
	}
	key := func(id keymap.ID) string { return st.Key.Render(p.c.Keys.Get(id).FirstKey()) + " " }
	return append(lines, "", " "+key(keymap.Refresh)+st.Dim.Render(again)+"   "+key(keymap.NextTime)+st.Dim.Render("shows a longer period"), "")
}

// Widths from which there are two and three columns.
const (
	twoColumns   = 104
	threeColumns = 168
)

// arranged puts the panes into columns.
func (p *Page) arranged() [][]pane {
	days, who, why, took, waits, rest := p.perDay(), p.reviewers(), p.reasons(), p.took(), p.waiting(), p.rest()
	switch {
	case p.w >= threeColumns:
		return [][]pane{{days, who}, {took, waits, rest}, {why}}
	case p.w >= twoColumns:
		return [][]pane{{days, who, rest}, {took, waits, why}}
	}
	return [][]pane{{days, who, took, waits, why, rest}}
}

// pane is a part of the page: lines in a frame.
type pane struct {
	title string
	lines func(w int) []string
}

// columns draws panes below each other in columns beside each other. The first
// column gets the half; the last pane of each reaches down to the longest.
func (p *Page) columns(all [][]pane) []string {
	widths := []int{p.w}
	switch left := p.w / 2; len(all) {
	case 2:
		widths = []int{p.w - p.w*2/5, p.w * 2 / 5}
	case 3:
		widths = []int{left, (p.w - left) / 2, p.w - left - (p.w-left)/2}
	}
	drawn, most := make([][][]string, len(all)), p.room()
	for i, panes := range all {
		h := 0
		for _, one := range panes {
			body := one.lines(widths[i] - frameCells)
			drawn[i] = append(drawn[i], body)
			h += len(body) + frameLines
		}
		most = max(most, h)
	}
	lines := make([]string, most)
	for i, panes := range all {
		left := most
		at := 0
		for n, one := range panes {
			h := len(drawn[i][n]) + frameLines
			if n == len(panes)-1 && len(all) > 1 {
				h = left
			}
			f := widget.Frame{W: widths[i], H: h, Title: one.title, Edge: p.c.Styles.Frame, Mark: -1}
			for _, l := range f.Draw(drawn[i][n]) {
				lines[at] += l
				at++
			}
			left -= h
		}
	}
	for len(all) == 1 && len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// What a frame takes.
const (
	frameCells = 4
	frameLines = 2
)

func number(n int) string { return widget.Count(int64(n)) }
