package stats

import (
	"strings"
	"time"

	"docket/stats"
	"docket/ui/widget"
)

// axisCells is what the numbers beside the chart take.
const axisCells = 6

// perDay is the chart: a column a day, or a week where days have no room.
func (p *Page) perDay() pane {
	st := p.c.Styles
	first, second := p.bars.Signs()
	says := st.Dim.Render("  ") + st.Good.Render(first) + st.Dim.Render(" approved  ") + st.Bad.Render(second) + st.Dim.Render(" rejected")
	return pane{st.Title.Render("Decisions a "+p.step()) + says, func(w int) []string {
		days := p.r.Days
		if p.step() == "week" {
			days = weeks(days)
		}
		return p.chart(days, w)
	}}
}

// step is what a column of the chart stands for.
func (p *Page) step() string {
	const dayByDay = 31
	if p.days() > dayByDay {
		return "week"
	}
	return "day"
}

// weeks joins seven days each, the latest of them whole; each is called by its
// first day.
func weeks(days []stats.Day) []stats.Day {
	const week = 7
	var all []stats.Day
	for i, d := range days {
		if len(all) == 0 || (len(days)-i)%week == 0 {
			all = append(all, stats.Day{Day: d.Day})
		}
		last := &all[len(all)-1]
		last.Approved += d.Approved
		last.Rejected += d.Rejected
	}
	return all
}

// chart draws the columns with an axis at the left and dates below.
func (p *Page) chart(days []stats.Day, w int) []string {
	st := p.c.Styles
	const least, share = 6, 3
	h := max(p.room()/share, least)
	most := 1
	for _, d := range days {
		most = max(most, d.Decided())
	}
	width, gap := cells(len(days), w-axisCells)
	lines := make([]strings.Builder, h)
	for i := range lines {
		label := ""
		switch i {
		case 0:
			label = number(most)
		case h - 1:
			label = "0"
		}
		lines[i].WriteString(st.Dim.Render(widget.FitRight(label, axisCells-1) + "│"))
	}
	for _, d := range days {
		glyphs, second := p.bars.Column(d.Approved, d.Rejected, most, h)
		for i := range lines {
			style := st.Good
			if second[i] {
				style = st.Bad
			}
			lines[i].WriteString(style.Render(strings.Repeat(glyphs[i], width)) + widget.Spaces(gap))
		}
	}
	out := make([]string, 0, h+2)
	for i := range lines {
		out = append(out, lines[i].String())
	}
	span := len(days) * (width + gap)
	return append(out, st.Dim.Render(widget.Spaces(axisCells-1)+"└"+strings.Repeat("─", span)), st.Dim.Render(widget.Spaces(axisCells)+dates(days, width+gap)))
}

// cells is how wide each of n columns may be, and the gap after it.
func cells(n, room int) (width, gap int) {
	const most = 8
	step := max(room/max(n, 1), 1)
	if step == 1 {
		return 1, 0
	}
	return min(step-1, most), 1
}

// dates writes the day of every column that has room for it.
func dates(days []stats.Day, step int) string {
	var b strings.Builder
	used := 0
	for i, d := range days {
		text := d.Day
		if t, err := time.Parse(time.DateOnly, d.Day); err == nil {
			text = t.Format("2 Jan")
		}
		if at := i * step; at >= used && at+widget.Width(text) <= len(days)*step {
			b.WriteString(widget.Spaces(at-used) + text)
			used = at + widget.Width(text) + 2
			b.WriteString(widget.Spaces(2))
		}
	}
	return strings.TrimRight(b.String(), " ")
}
