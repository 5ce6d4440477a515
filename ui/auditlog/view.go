package auditlog

import (
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"

	"docket/audit"
	"docket/model"
	"docket/ui/layout"
	"docket/ui/widget"
)

// titles are the lines above the list.
const titles = 2

func (p *Page) room() int { return max(p.h-titles, 1) }

// words are what an entry says beside who and when.
func (r row) words() []string {
	out := []string{r.Action, r.Reason, r.Detail, r.Result, string(r.Problem)}
	if r.HTTP != 0 {
		out = append(out, "HTTP "+strconv.Itoa(r.HTTP))
	}
	if r.First != "" {
		out = append(out, "first "+r.First)
	}
	return out
}

// says is that as one line. Who has changed the log may have written anything into it.
func (r row) says() string {
	var out []string
	for _, word := range r.words() {
		if word = widget.OneLine(word); word != "" {
			out = append(out, word)
		}
	}
	return strings.Join(out, "  ")
}

// searched is what a search looks through.
func (r row) searched() string {
	return strings.ToLower(strings.Join(append(r.words(), r.By, r.Label, string(r.Event), r.Session, r.Ref, r.Batch, strconv.FormatInt(r.index, 10)), " "))
}

// tone is how an entry feels: what a person did, what was looked at, what went wrong.
func (r row) tone() model.Tone {
	switch r.Event {
	case audit.Intent, audit.Propose, audit.Settle, audit.Delete:
		return model.ToneHuman
	case audit.Reveal, audit.Export:
		return model.ToneQuery
	case audit.Refused, audit.Undo, audit.Void, audit.Config, audit.TakeOver:
		return model.ToneWarn
	}
	if r.Problem != "" {
		return model.ToneBad
	}
	return model.ToneNone
}

var columns = []layout.Column{{Min: 8}, {Min: 19}, {Min: 12, Max: 28, Grow: 1}, {Min: 9, Max: 12}, {Min: 13}, {Min: 10, Grow: 3}}

// View implements common.Page.
func (p *Page) View() string {
	if p.w <= 0 || p.h <= 0 {
		return ""
	}
	st := p.c.Styles
	heads := []string{"ENTRY", "TIME", "WHO", "EVENT", "SESSION", "WHAT"}
	table := make([]widget.Column, len(columns))
	for i, width := range layout.Widths(p.w-2, 1, columns) {
		table[i] = widget.Column{Title: heads[i], Width: width, Right: i == 0, Gap: 1}
	}
	lines := []string{p.title(), " " + widget.Header(table, st.Dim)}
	for _, r := range p.rows[min(p.top, len(p.rows)):min(len(p.rows), p.top+p.room())] {
		lines = append(lines, " "+widget.Row(table, p.cells(r)))
	}
	if len(p.rows) == 0 {
		lines = append(lines, p.none()...)
	}
	return strings.Join(widget.Fill(lines, p.w, p.h), "\n")
}

func (p *Page) cells(r row) []widget.Cell {
	st := p.c.Styles
	one := func(text string, style lipgloss.Style) widget.Cell {
		return widget.Cell{{Text: widget.OneLine(text), Style: style}}
	}
	who := r.By
	if r.Label != "" {
		who += " (" + r.Label + ")"
	}
	return []widget.Cell{
		one(strconv.FormatInt(r.index, 10), st.Dim), one(r.At.In(p.c.Zone).Format("2006-01-02 15:04:05"), st.Dim), one(who, st.Text),
		one(string(r.Event), st.Tone(r.tone())), one(short(r.Session), st.Text), one(r.says(), st.Text),
	}
}

// short keeps of an id what tells it apart.
func short(id string) string {
	const begin, end = 8, 4
	r := []rune(id)
	if len(r) <= begin+end+1 {
		return id
	}
	return string(r[:begin]) + "…" + string(r[len(r)-end:])
}

// title says how much of the log is listed, or takes the search.
func (p *Page) title() string {
	st := p.c.Styles
	text := " " + widget.Count(p.size) + " entries, the latest first"
	if p.want() != "" {
		text = " " + widget.Count(int64(len(p.rows))) + " found in the latest " + widget.Count(p.size-max(p.low, 0)) + " of " + widget.Count(p.size)
	}
	switch {
	case p.finding:
		return " " + st.Key.Render("/") + " " + p.find.Line(min(40, max(p.w/2, 1)), true, st.Text, st.Accent, st.Dim) + st.Dim.Render(text)
	case p.want() != "":
		return text + "  with " + st.Hit.Render(" "+p.find.Text()+" ") + st.Dim.Render("  esc clears")
	}
	return text
}

// none says why there is nothing to see.
func (p *Page) none() []string {
	st := p.c.Styles
	text, style := "No entry of the log matches. esc clears the search.", st.Text
	switch {
	case p.problem != nil:
		text, style = "✗ "+p.problem.Error(), st.Bad
	case p.busy || p.low > 0:
		text, style = widget.Dots("reading"), st.Dim
	case p.want() == "":
		text = "Nothing is in the log yet."
	}
	var out []string
	for _, l := range widget.Wrap(text, p.w-3) {
		out = append(out, "  "+style.Render(l))
	}
	return append([]string{""}, out...)
}
