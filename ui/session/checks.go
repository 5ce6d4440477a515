package session

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"docket/model"
	"docket/ui/widget"
)

// checks is the pane with every test of the score: the worst first with what
// each is about, those that passed folded into one line, then rules, what is
// not in this answer, retries and facts.
func checks(v *view) content {
	b := newSheet(v)
	b.out.badge = v.tally()
	if !b.part(model.PartScore, "score") {
		return b.out
	}
	col := b.columns()
	passed := 0
	for _, c := range v.s.Checks {
		if c.Status.Tone() == model.ToneGood {
			passed++
			continue
		}
		b.check(c, col)
	}
	if len(v.s.Checks) == 0 {
		b.say(b.dim("no check in this answer"))
	}
	if passed > 0 {
		b.passed(col, passed)
	}
	b.missing(col)
	b.rules()
	b.retries()
	b.facts()
	return b.out
}

// tally counts by tone for the title: "1 fail  1 warn  1 unknown".
func (v *view) tally() string {
	n := map[model.Tone]int{}
	for _, c := range v.s.Checks {
		n[c.Status.Tone()]++
	}
	var parts []string
	for _, t := range []struct {
		tone      model.Tone
		one, many string
	}{
		{model.ToneBad, "fail", "fail"},
		{model.ToneWarn, "warn", "warn"},
		{model.ToneHuman, "manual", "manual"},
		{model.ToneQuery, "unknown", "unknown"},
		{model.ToneNone, "without status", "without status"},
	} {
		if n[t.tone] > 0 {
			parts = append(parts, v.st().Tone(t.tone).Render(count(n[t.tone], t.one, t.many)))
		}
	}
	if len(parts) == 0 && n[model.ToneGood] > 0 {
		parts = append(parts, v.st().Good.Render(count(n[model.ToneGood], "ok", "ok")))
	}
	return strings.Join(parts, "  ")
}

// columns are the widths of a line of checks.
type columns struct{ status, section, key int }

func (b *sheet) columns() columns {
	col := columns{status: 4, section: 4, key: 8}
	for _, c := range b.s.Checks {
		if c.Status.Tone() == model.ToneGood && !b.unfold {
			continue
		}
		col.section = max(col.section, ansi.StringWidth(sectionOf(c.Section).short))
		col.status = max(col.status, ansi.StringWidth(string(c.Status)))
		col.key = max(col.key, ansi.StringWidth(c.Key))
	}
	col.status = min(col.status, 12)
	col.key = min(col.key, max(16, b.width-col.status-col.section-16))
	return col
}

func (b *sheet) checkLine(c model.Check, col columns) string {
	tone := c.Status.Tone()
	value := ""
	if !c.Value.Empty() {
		value = b.dim("value ") + b.show(c.Value)
	}
	key := c.Key
	if tone != model.ToneGood {
		key = b.st().Strong.Render(key)
	}
	status := string(c.Status)
	if status == "" {
		status = "–"
	}
	return b.sign(tone) + " " + b.st().Tone(tone).Render(widget.Fit(status, col.status)) + "  " +
		b.dim(widget.Fit(sectionOf(c.Section).short, col.section)) + "  " + widget.Fit(key, col.key) + "  " + value
}

// tallPane is from how many lines on explanations are given in full; below, the
// detail dialog has them.
const tallPane = 18

// check adds a check that did not pass, with what it is about.
func (b *sheet) check(c model.Check, col columns) {
	lines := []string{b.checkLine(c, col)}
	indent, rows := widget.Spaces(2+col.status+2), 2
	if b.height < tallPane {
		rows = 1
	}
	found := false
	for _, f := range b.s.Findings {
		if concerns(f, c) {
			found = true
			for _, l := range wrap(b.foundText(f), b.width-len(indent), rows) {
				lines = append(lines, indent+b.st().Tone(f.Tone).Render(l))
			}
		}
	}
	if !found || b.height >= tallPane {
		about := aboutCheck(c.Meaning)
		if rows == 1 {
			about = brief(c.Meaning, b.width-len(indent))
		}
		for _, l := range wrap(about, b.width-len(indent), rows) {
			lines = append(lines, indent+b.dim(l))
		}
	}
	b.entry(b.checkItem(c), lines...)
}

// aboutCheck says what a check is about and how far to trust that.
func aboutCheck(m model.Meaning) string {
	if !m.Known() {
		return "new to docket: no explanation"
	}
	return m.Text + sourceMark(m)
}

// brief says the same in one line of w cells: of a guess the first clause, and
// always that it is one.
func brief(m model.Meaning, w int) string {
	guess, named := m.Guess()
	if !named {
		return aboutCheck(m)
	}
	const mark = " (named, not defined)"
	clause, _, _ := strings.Cut(guess, ": ")
	clause, _, _ = strings.Cut(clause, ". ")
	return widget.Clip(strings.TrimSuffix(clause, "."), w-len(mark)) + mark
}

// foundText is what a finding says, with the value that was compared.
func (v *view) foundText(f model.Finding) string {
	text := strings.TrimSuffix(f.Text, ".")
	if f.Shown.Empty() {
		return text
	}
	return text + ": " + v.show(f.Shown)
}

func (b *sheet) checkItem(c model.Check) item {
	v := b.view
	return item{
		name: c.Name(), value: v.show(c.Value), more: []pair{{"status", string(c.Status)}},
		open: pushed(func() *detail { return checkDetail(v, c) }),
	}
}

// passed folds the checks that passed into one line, or lists them.
func (b *sheet) passed(col columns, n int) {
	by := map[string]int{}
	var order []string
	for _, c := range b.s.Checks {
		if c.Status.Tone() != model.ToneGood {
			continue
		}
		if by[c.Section] == 0 {
			order = append(order, c.Section)
		}
		by[c.Section]++
	}
	parts := make([]string, len(order))
	for i, s := range order {
		parts[i] = sectionOf(s).name + " " + itoa(by[s])
	}
	does := "enter unfolds"
	if b.unfold {
		does = "enter folds"
	}
	b.entry(item{name: "passed", value: itoa(n), open: unfolds},
		b.sign(model.ToneGood)+" "+b.st().Good.Render(widget.Fit("OK", col.status))+"  "+widget.Fit(itoa(n), col.section)+"  "+
			b.st().Key.Render(does)+"  "+strings.Join(parts, " · "))
	if !b.unfold {
		return
	}
	for _, c := range b.s.Checks {
		if c.Status.Tone() == model.ToneGood {
			b.entry(b.checkItem(c), b.checkLine(c, col))
		}
	}
}

// missing names what the reference knows and this answer lacks: not a pass.
func (b *sheet) missing(col columns) {
	names := b.absent()
	if len(names) == 0 {
		return
	}
	indent := 2 + col.status + 2
	var lines []string
	for i, l := range wrap(strings.Join(names, ", ")+": not in this answer", b.width-indent, 3) {
		if i == 0 {
			lines = append(lines, b.sign(model.ToneNone)+" "+b.dim(widget.Fit("none", col.status)+"  "+l))
			continue
		}
		lines = append(lines, b.dim(widget.Spaces(indent)+l))
	}
	b.entry(item{name: "not in this answer", value: strings.Join(names, ", ")}, lines...)
}

// rules lists the rules of the client's own rule engine, with their expressions
// as they were sent.
func (b *sheet) rules() {
	if len(b.s.Rules) == 0 {
		return
	}
	b.head("Rules")
	for _, r := range b.s.Rules {
		v, tone := b.view, r.Status.Tone()
		name := quote(r.Name)
		if r.Name == "" {
			name = "a rule without a name"
		}
		lines := []string{b.sign(tone) + " " + b.st().Strong.Render(name) + "  " + sectionOf(r.Section).name + "  " +
			b.st().Tone(tone).Render(string(r.Status))}
		for _, l := range wrap(oneLine(r.Expression), b.width-4, 3) {
			lines = append(lines, "  "+l)
		}
		if r.Expression != "" {
			lines[len(lines)-1] += b.dim("  (as Incode sent it)")
		}
		b.entry(item{
			name: "rule " + name, value: r.Expression, more: []pair{{"status", string(r.Status)}, {"section", r.Section}},
			open: pushed(func() *detail { return ruleDetail(v, r) }),
		}, lines...)
	}
}

// retries sums up failed captures: only there when the flow limits attempts.
func (b *sheet) retries() {
	var parts []string
	for _, f := range b.s.Facts {
		if f.Section == secRetry {
			parts = append(parts, lastPart(f.Key)+" "+b.show(f.Value))
		}
	}
	if len(parts) == 0 {
		return
	}
	b.head("Retries")
	for _, l := range wrap(strings.Join(parts, " · "), b.width-2, 3) {
		b.say("  " + l)
	}
}

func lastPart(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

// facts lists the values that are no tests, by section.
func (b *sheet) facts() {
	var last string
	width := 10
	for _, f := range b.s.Facts {
		width = max(width, min(ansi.StringWidth(f.Key), 26))
	}
	started := false
	for _, f := range b.s.Facts {
		if f.Section == secRetry {
			continue
		}
		if !started || f.Section != last {
			b.head("Known, no test: " + sectionOf(f.Section).name)
			started, last = true, f.Section
		}
		v := b.view
		text := "  " + b.dim(widget.Fit(f.Key, width)) + "  " + b.show(f.Value)
		b.entry(item{
			name: f.Section + "." + f.Key, value: b.show(f.Value),
			open: pushed(func() *detail { return factDetail(v, f) }),
		}, text)
	}
}
