package activity

import (
	"strconv"
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"docket/model"
	"docket/ui/layout"
	"docket/ui/widget"
)

// Heights of the parts; the requests get what is left.
const (
	limitLines = 3
	sumLines   = 9 // latencies and errors, with their titles
	callTitles = 2
)

// room is how many requests are in sight.
func (p *Page) room() int { return max(p.h-limitLines-sumLines-callTitles, 1) }

// narrow keeps the requests that the search leaves.
func (p *Page) narrow() {
	want := strings.ToLower(strings.TrimSpace(p.find.Text()))
	p.calls = p.now.Calls
	if want != "" {
		p.calls = nil
		for _, c := range p.now.Calls {
			if strings.Contains(strings.ToLower(c.Name+" "+c.Method+" "+c.Path+" "+strconv.Itoa(c.HTTP)+" "+string(c.Kind)), want) {
				p.calls = append(p.calls, c)
			}
		}
	}
	p.scroll(0)
}

// View implements common.Page.
func (p *Page) View() string {
	if p.w <= 0 || p.h <= 0 {
		return ""
	}
	lines := p.limits()
	left := p.w * 3 / 5
	a, b := p.latencies(left-2), p.troubles(p.w-left)
	for i := range sumLines {
		lines = append(lines, a[i]+"  "+b[i])
	}
	lines = append(lines, p.requests()...)
	return strings.Join(widget.Fill(lines, p.w, p.h), "\n")
}

func (p *Page) limits() []string {
	st := p.c.Styles
	b := p.now.Budget
	w := max(min(p.w-50, 50), 10)
	line := func(name string, left, most int) string {
		share := 1.0
		if most > 0 {
			share = float64(left) / float64(most)
		}
		style := st.Good
		if share < 0.2 {
			style = st.Bad
		}
		return " " + widget.Fit(name, 16) + style.Render(widget.Bar(share, w)) + " " +
			widget.Count(int64(left)) + st.Dim.Render(" of "+widget.Count(int64(most))+" left")
	}
	return []string{
		line("this second", b.SecondLeft, b.SecondMax),
		line("five minutes", b.WindowLeft, b.WindowMax),
		"",
	}
}

var latencyColumns = []layout.Column{{Min: 9, Max: 30, Grow: 1}, {Min: 5}, {Min: 5}, {Min: 5}, {Min: 5}, {Min: 6}}

func (p *Page) latencies(w int) []string {
	st := p.c.Styles
	columns := table(w-1, latencyColumns, "LATENCY", "COUNT", "P50", "P95", "MAX", "SERVER")
	out := []string{" " + widget.Header(columns, st.Dim)}
	for _, l := range latencies(p.now.Calls) {
		server := "–"
		if l.server > 0 {
			server = ms(l.server)
		}
		out = append(out, " "+widget.Row(columns, []widget.Cell{
			one(l.name, st.Text), one(strconv.Itoa(l.count), st.Text), one(ms(l.p50), st.Text),
			one(ms(l.p95), st.Text), one(ms(l.max), slow(st.Text, st.Warn, l.max)), one(server, st.Dim),
		}))
	}
	if len(out) == 1 {
		out = append(out, " "+st.Dim.Render("no request has been answered yet"))
	}
	return clipped(out, w, st.Dim)
}

var troubleColumns = []layout.Column{{Min: 7, Max: 24, Grow: 1}, {Min: 8, Max: 16, Grow: 1}, {Min: 5}, {Min: 8}}

func (p *Page) troubles(w int) []string {
	st := p.c.Styles
	columns := table(w, troubleColumns, "ERRORS", "KIND", "COUNT", "LAST")
	out := []string{widget.Header(columns, st.Dim)}
	for _, t := range troubles(p.now.Calls) {
		kind := string(t.kind)
		if t.http > 0 {
			kind = strconv.Itoa(t.http) + " " + kind
		}
		out = append(out, widget.Row(columns, []widget.Cell{
			one(t.name, st.Text), one(kind, st.Bad), one(strconv.Itoa(t.count), st.Text), one(t.last.In(p.c.Zone).Format(time.TimeOnly), st.Dim),
		}))
	}
	if len(out) == 1 {
		out = append(out, st.Good.Render("✓")+st.Dim.Render(" no request has failed"))
	}
	return clipped(out, w, st.Dim)
}

// clipped brings a part to its height and says how much is not shown.
func clipped(lines []string, w int, dim lipgloss.Style) []string {
	if n := len(lines) - (sumLines - 1); n > 0 {
		lines = append(lines[:sumLines-2:sumLines-2], dim.Render(" and "+strconv.Itoa(n+1)+" more"))
	}
	return widget.Fill(lines, w, sumLines)
}

var callColumns = []layout.Column{
	{Min: 8}, {Min: 6}, {Min: 20, Max: 70, Grow: 1}, {Min: 4}, {Min: 6}, {Min: 7}, {Min: 8, From: 90}, {Min: 3},
}

func (p *Page) requests() []string {
	st := p.c.Styles
	title := " " + widget.Count(int64(len(p.calls))) + " requests, newest first"
	if p.finding {
		title = " " + st.Key.Render("/") + " " + p.find.Line(40, true, st.Text, st.Accent, st.Dim) + st.Dim.Render(title)
	} else if p.find.Text() != "" {
		title += "  with " + st.Hit.Render(" "+p.find.Text()+" ") + st.Dim.Render("  esc clears")
	}
	columns := table(p.w-1, callColumns, "TIME", "METHOD", "PATH", "HTTP", "MS", "SERVER", "BYTES", "TRY")
	out := []string{title, " " + widget.Header(columns, st.Dim)}
	for i := p.top; i < min(len(p.calls), p.top+p.room()); i++ {
		out = append(out, " "+widget.Row(columns, p.request(p.calls[i])))
	}
	if len(p.calls) == 0 && p.find.Text() == "" {
		out = append(out, " "+st.Dim.Render("Nothing was asked of the API yet: open a session."))
	}
	return out
}

func (p *Page) request(c model.Call) []widget.Cell {
	st := p.c.Styles
	status, style := strconv.Itoa(c.HTTP), st.Good
	if c.HTTP == 0 {
		status = "none"
	}
	if c.Kind != "" {
		style = st.Bad
	}
	server, try := "–", st.Dim
	if c.ServerTook > 0 {
		server = ms(c.ServerTook)
	}
	if c.Attempt > 1 {
		try = st.Warn
	}
	return []widget.Cell{
		one(c.At.In(p.c.Zone).Format(time.TimeOnly), st.Dim), one(c.Method, st.Text), one(c.Path, st.Text), one(status, style),
		one(ms(c.Took), slow(st.Text, st.Warn, c.Took)), one(server, st.Dim), one(widget.Count(c.Bytes), st.Dim), one(strconv.Itoa(c.Attempt), try),
	}
}

// table makes the columns of a table; all but the first and those with words
// are numbers.
func table(w int, sizes []layout.Column, titles ...string) []widget.Column {
	words := map[string]bool{"LATENCY": true, "ERRORS": true, "KIND": true, "TIME": true, "METHOD": true, "PATH": true}
	out := make([]widget.Column, len(sizes))
	for i, width := range layout.Widths(w, 1, sizes) {
		out[i] = widget.Column{Title: titles[i], Width: width, Right: !words[titles[i]], Gap: 1}
	}
	return out
}

func one(text string, style lipgloss.Style) widget.Cell {
	return widget.Cell{{Text: text, Style: style}}
}

func ms(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// slow marks what took over a second.
func slow(normal, warn lipgloss.Style, d time.Duration) lipgloss.Style {
	if d > time.Second {
		return warn
	}
	return normal
}
