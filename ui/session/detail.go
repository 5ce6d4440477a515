package session

import (
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// detail is the dialog that says everything about one entry of a pane.
type detail struct {
	c     *common.Context
	of    string // interview id
	title string
	rows  []detailRow
	top   int
	seen  int // lines that fit when it was last drawn
	total int
}

// detailRow is a labelled text; without a label it is an explanation.
type detailRow struct {
	label string
	text  string
	tone  model.Tone
}

// pushed opens a detail dialog.
func pushed(open func() *detail) func(*Page) tea.Cmd {
	return func(p *Page) tea.Cmd { return p.c.Present(open()) }
}

// opens goes to another session.
func opens(id string) func(*Page) tea.Cmd {
	return func(p *Page) tea.Cmd { return p.c.Open(common.OpenSession{ID: id}) }
}

func checkDetail(v *view, c model.Check) *detail {
	d := &detail{c: v.c, of: v.s.ID, title: "Check " + c.Key}
	d.add("section", sectionOf(c.Section).name+"  ("+c.Section+")")
	d.add("key", c.Key)
	d.toned("status", orNone(string(c.Status)), c.Status.Tone())
	if c.Value.Present() {
		d.add("value", orNone(v.c.Show(c.Value)))
		d.add("", "Trust the status, not the value: the API has values that look good beside FAIL, and the other way round.")
	}
	d.meaning(c.Meaning)
	for _, f := range v.s.Findings {
		if concerns(f, c) {
			d.toned("noticed", v.foundText(f), f.Tone)
		}
	}
	return d
}

func factDetail(v *view, f model.Fact) *detail {
	d := &detail{c: v.c, of: v.s.ID, title: "Fact " + f.Key}
	d.add("section", sectionOf(f.Section).name+"  ("+f.Section+")")
	d.add("key", f.Key)
	d.add("value", orNone(v.c.Show(f.Value)))
	d.add("", "A value of the score that has no status: something to know, not a test.")
	d.meaning(f.Meaning)
	return d
}

func ruleDetail(v *view, r model.Rule) *detail {
	d := &detail{c: v.c, of: v.s.ID, title: "Rule " + quote(r.Name)}
	d.add("section", sectionOf(r.Section).name)
	d.add("type", orNone(r.Type))
	d.toned("status", orNone(string(r.Status)), r.Status.Tone())
	d.add("expression", orNone(r.Expression))
	d.add("", "A rule of the client's own rule engine at Incode; the expression is as Incode sent it.")
	return d
}

func fieldDetail(v *view, f model.Field) *detail {
	d := &detail{c: v.c, of: v.s.ID, title: "Field " + f.Name}
	d.add("field", f.Name)
	d.add("value", orNone(v.c.Show(f.Value)))
	if f.Value.Altered() {
		d.toned("altered", "control or hidden characters were removed or made visible; raw JSON (J) shows what was sent", model.ToneWarn)
	}
	if f.Confidence != nil {
		d.add("confidence", strconv.FormatFloat(*f.Confidence, 'f', -1, 64))
		d.add("", "How sure the reading is, from 0 to 1. It does not say that the document is genuine.")
	}
	d.meaning(f.Meaning)
	for _, n := range v.s.Findings {
		if n.Field == f.Name {
			d.toned("noticed", v.foundText(n), n.Tone)
		}
	}
	return d
}

func eventDetail(v *view, e model.Event) *detail {
	d := &detail{c: v.c, of: v.s.ID, title: "Event " + eventName(e.Name)}
	d.add("name", e.Name)
	if !e.At.IsZero() {
		d.add("at", v.local(e.At).Format("2006-01-02 15:04:05 MST")+"   "+e.At.UTC().Format(time.RFC3339))
	}
	for _, f := range e.Detail {
		d.add(f.Name, orNone(v.c.Show(f.Value)))
		if f.Meaning.Known() {
			d.add("", f.Meaning.Text)
		}
	}
	d.meaning(e.Meaning)
	return d
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func (d *detail) add(label, text string) {
	d.rows = append(d.rows, detailRow{label: label, text: text})
}

func (d *detail) toned(label, text string, t model.Tone) {
	d.rows = append(d.rows, detailRow{label, text, t})
}

// sourceText says where an explanation comes from.
var sourceText = map[model.Source]string{
	model.FromReference: "the API reference says so",
	model.FromPublic:    "Incode's public pages say so; the reference does not",
	model.FromName:      "named by Incode, not defined: this is our reading of the name",
}

func (d *detail) meaning(m model.Meaning) {
	if !m.Known() {
		d.toned("meaning", "new to docket: no explanation", model.ToneQuery)
		return
	}
	d.add("meaning", m.Text)
	d.add("source", sourceText[m.Source])
}

// Init starts nothing.
func (d *detail) Init() tea.Cmd { return nil }

// Title names the entry.
func (d *detail) Title() string { return d.title }

// Width is how wide the dialog wants to be.
func (d *detail) Width(room int) int { return min(room, 84) }

// Foot is the dialog's line of keys.
func (d *detail) Foot() []keymap.Action {
	return []keymap.Action{foot("j/k", "scroll"), foot("y", "copy"), foot("esc", "back")}
}

// foot makes a line of keys for a dialog.
func foot(key, short string) keymap.Action {
	return keymap.Action{Keys: []string{key}, Short: short, Help: short}
}

// Update scrolls, copies and closes.
func (d *detail) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	switch key.String() {
	case "esc", "enter", "q":
		return d.c.Dismiss(nil)
	case "j", "down":
		d.top = min(d.top+1, max(d.total-d.seen, 0))
	case "k", "up":
		d.top = max(d.top-1, 0)
	case "y":
		return common.Send(common.Copy{Text: d.plain(), What: d.title, Of: d.of, Log: "what an entry says"})
	}
	return nil
}

func (d *detail) plain() string {
	var b strings.Builder
	for _, r := range d.rows {
		if r.label != "" {
			b.WriteString(r.label + ": " + r.text + "\n")
		}
	}
	return b.String()
}

// View draws the rows, as many as fit.
func (d *detail) View(width, height int) string {
	w := width
	var lines []string
	for _, r := range d.rows {
		lines = append(lines, d.row(r, w)...)
	}
	d.total, d.seen = len(lines), height
	if len(lines) > height {
		d.top = min(d.top, len(lines)-height)
		lines = lines[d.top : d.top+height]
	}
	for i := range lines {
		lines[i] = widget.Fit(lines[i], w)
	}
	return strings.Join(lines, "\n")
}

func (d *detail) row(r detailRow, w int) []string {
	st := d.c.Styles
	var out []string
	room := w - labelWidth
	if r.tone != model.ToneNone {
		room -= 2 // for the sign
	}
	for i, l := range wrap(oneLine(r.text), room, 0) {
		label := ""
		if i == 0 {
			label = r.label
		}
		switch {
		case r.label == "":
			l = st.Dim.Render(l)
		case r.tone != model.ToneNone:
			sign := "  "
			if i == 0 {
				sign = common.Sign(r.tone) + " "
			}
			l = st.Tone(r.tone).Render(sign + l)
		}
		out = append(out, st.Dim.Render(widget.Fit(label, labelWidth))+l)
	}
	return out
}
