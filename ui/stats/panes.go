package stats

import (
	"charm.land/lipgloss/v2"

	"docket/model"
	"docket/stats"
	"docket/ui/layout"
	"docket/ui/widget"
)

func (p *Page) titled(title, says string) string {
	st := p.c.Styles
	if says == "" {
		return st.Title.Render(title)
	}
	return st.Title.Render(title) + st.Dim.Render("  "+says)
}

var reviewerColumns = []layout.Column{
	{Min: 12, Max: 50, Grow: 1}, {Min: 7}, {Min: 8}, {Min: 8}, {Min: 10}, {Min: 6}, {Min: 7}, {Min: 6, From: 76},
}

// reviewers is the table of who decided.
func (p *Page) reviewers() pane {
	return pane{p.titled("By reviewer", ""), func(w int) []string {
		st := p.c.Styles
		columns := table(w, reviewerColumns, "REVIEWER", "DECIDED", "APPROVED", "REJECTED", "OVERTURNED", "MEDIAN", "9 IN 10", "UNDONE")
		lines := []string{widget.Header(columns, st.Dim)}
		for _, who := range p.r.Reviewers {
			median, p90 := "–", "–"
			if who.Claimed() > 0 {
				median, p90 = who.Median.String(), who.P90.String()
			}
			overturned := st.Text
			if who.Overturned > 0 {
				overturned = st.Warn
			}
			lines = append(lines, widget.Row(columns, []widget.Cell{
				one(widget.ClipMiddle(who.By, columns[0].Width), st.Text), one(number(who.Decided()), st.Strong), one(number(who.Approved), st.Good),
				one(number(who.Rejected), st.Bad), one(stats.Percent(who.OverturnRate()), overturned), one(median, st.Text), one(p90, st.Text),
				one(number(who.Undone), st.Dim),
			}))
		}
		return lines
	}}
}

// table makes the columns of a table; all but the first are numbers.
func table(w int, sizes []layout.Column, titles ...string) []widget.Column {
	out := make([]widget.Column, len(sizes))
	for i, width := range layout.Widths(w, 1, sizes) {
		out[i] = widget.Column{Title: titles[i], Width: width, Right: i > 0, Gap: 1}
	}
	return out
}

func one(text string, style lipgloss.Style) widget.Cell {
	return widget.Cell{{Text: text, Style: style}}
}

// reasons shows each reason with its share of the action.
func (p *Page) reasons() pane {
	return pane{p.titled("Reasons", "share of the action"), func(w int) []string {
		st := p.c.Styles
		label := 0
		for _, r := range p.r.Reasons {
			label = max(label, widget.Width(r.Label()))
		}
		var lines []string
		var action model.ActionKind
		for _, r := range p.r.Reasons {
			style := st.Good
			if r.Action == model.ActReject {
				style = st.Bad
			}
			if r.Action != action {
				action = r.Action
				lines = append(lines, style.Render(action.Info().Title))
			}
			const whole = 1000
			text := "  " + widget.Fit(r.Label(), label) + widget.FitRight(number(r.Count), 6) + widget.FitRight(stats.Percent(r.Share), 8) + " "
			lines = append(lines, st.Text.Render(text)+style.Render(p.bars.Right(int(r.Share*whole), whole, w-widget.Width(text))))
		}
		return lines
	}}
}

// took is how long decisions took.
func (p *Page) took() pane {
	return pane{p.titled("Claim to decision", "the hold is in it"), func(w int) []string {
		st, t := p.c.Styles, p.r.Total
		lines := widget.Wrap(st.Text.Render(t.Times()), w)
		if t.Unclaimed > 0 {
			lines = append(lines, st.Dim.Render(number(t.Unclaimed)+" decided without a claim: not in the times"))
		}
		if t.Claimed() == 0 {
			return lines
		}
		return append(lines, p.buckets(p.r.Spread, w, st.Accent, st.Accent)...)
	}}
}

// waiting is how long waits what waits now.
func (p *Page) waiting() pane {
	says := "no SLA is configured"
	if sla := p.r.Waiting.SLA; sla > 0 {
		says = "against the SLA of " + sla.String()
	}
	return pane{p.titled("Waiting now", says), func(w int) []string {
		st, now := p.c.Styles, p.r.Waiting
		line := st.Strong.Render(widget.Count(now.Total)) + " wait for a review"
		last := st.Accent
		if now.SLA > 0 {
			line += ", " + st.Bad.Render(widget.Count(now.Late)+" late")
			last = st.Bad
		}
		return append([]string{line}, p.buckets(now.Ageing, w, st.Accent, last)...)
	}}
}

// buckets draws a bar for each; the last has a look of its own.
func (p *Page) buckets(all []stats.Bucket, w int, look, last lipgloss.Style) []string {
	var most int64
	for _, b := range all {
		most = max(most, b.Count)
	}
	st := p.c.Styles
	var lines []string
	for i, b := range all {
		if i == len(all)-1 {
			look = last
		}
		text := widget.Fit(b.String(), 15) + widget.FitRight(widget.Count(b.Count), 9) + " "
		lines = append(lines, st.Text.Render(text)+look.Render(p.bars.Right(int(b.Count), int(most), w-widget.Width(text))))
	}
	return lines
}

// rest is what did not become a decision, what did not stay one, and what took two.
func (p *Page) rest() pane {
	return pane{p.titled("Beside the decisions", ""), func(w int) []string {
		st, t, back, two := p.c.Styles, p.r.Total, p.r.Reversals, p.r.Proposals
		var lines []string
		for _, l := range []struct {
			n    int
			says string
		}{
			{t.Undone, "taken back in time"},
			{t.Refused, "refused, nothing changed"},
			{t.Unknown, "of unknown outcome"},
			{t.NoEffect, "settled: did not take effect"},
			{back.Reversed, "decisions set back to needs review"},
			{back.Overturned, "decisions decided the other way"},
			{two.Proposed, "proposed to a second person"},
			{two.Confirmed, "proposals confirmed"},
			{two.Declined, "proposals declined"},
			{two.Withdrawn, "proposals withdrawn"},
			{two.Voided, "proposals void: other evidence"},
		} {
			lines = append(lines, st.Text.Render(widget.Fit(widget.FitRight(number(l.n), 6)+"  "+l.says, w)))
		}
		return lines
	}}
}
