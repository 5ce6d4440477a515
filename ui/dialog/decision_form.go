package dialog

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// form asks for a few things one after the other and then sends them once. Only
// ctrl+s sends: enter goes on, so that pressing it twice does nothing bad.
type form struct {
	c      *common.Context
	title  string
	head   func(w, rows int) []string // what the form is about, in about so many lines
	fields []field
	at     int
	quick  bool // enter on the last field sends too: for what can be changed again
	verb   string

	busy    bool // what was sent is on its way; nothing more goes out
	refused *model.Problem
	problem *model.Problem
	told    string // what to do next, and how it should feel
	feels   model.Tone
	send    func() tea.Cmd
}

// Init starts nothing.
func (f *form) Init() tea.Cmd { return nil }

// Title names the form.
func (f *form) Title() string { return f.title }

// Foot is the form's line of keys.
func (f *form) Foot() []keymap.Action {
	keys := []keymap.Action{}
	if len(f.fields) > 0 {
		switch f.fields[f.at].(type) {
		case *choice:
			keys = append(keys, hint("j/k", "move"), hint("enter", "choose"))
		case *ticks:
			keys = append(keys, hint("j/k", "move"), hint("space", "tick"))
		}
	}
	if len(f.fields) > 1 {
		keys = append(keys, hint("tab", "next field"))
	}
	return append(keys, hint("ctrl+s", f.verb), hint("esc", "cancel"))
}

// keyed takes a key.
func (f *form) keyed(msg tea.KeyPressMsg) tea.Cmd {
	if f.busy {
		return nil
	}
	switch key := msg.String(); key {
	case "esc", "ctrl+c":
		f.busy = true
		return f.c.Dismiss(nil)
	case "ctrl+s":
		return f.try()
	case "tab", "shift+tab":
		f.turn(map[string]int{"tab": 1, "shift+tab": -1}[key])
		return nil
	}
	if len(f.fields) == 0 {
		return nil
	}
	f.told = ""
	if f.fields[f.at].key(msg) {
		if f.at == len(f.fields)-1 {
			return f.last()
		}
		f.at++
	}
	return nil
}

func (f *form) turn(by int) {
	if n := len(f.fields); n > 0 {
		f.at = ((f.at+by)%n + n) % n
	}
}

// last is enter on the last field.
func (f *form) last() tea.Cmd {
	if f.quick {
		return f.try()
	}
	if f.missing() == "" {
		f.told, f.feels = "ctrl+s "+f.verb+"s it", model.ToneHuman
	}
	return nil
}

// missing says what has still to be filled in.
func (f *form) missing() string {
	for _, x := range f.fields {
		if m := x.missing(); m != "" {
			return m
		}
	}
	return ""
}

// try sends when everything is there, else says what is missing and goes there.
func (f *form) try() tea.Cmd {
	if f.busy || f.refused != nil {
		return nil
	}
	for i, x := range f.fields {
		if m := x.missing(); m != "" {
			f.at, f.told, f.feels = i, m, model.ToneWarn
			return nil
		}
	}
	f.problem, f.told = nil, ""
	return f.send()
}

// failed shows a problem and lets the person try again.
func (f *form) failed(err error) {
	f.busy, f.problem = false, model.AsProblem(err)
}

// Width implements Sized.
func (f *form) Width(room int) int { return min(room, formWidth) }

// formWidth is as wide as a form gets: longer lines are hard to read.
const formWidth = 92

// View draws the form in the room it has; the field in focus is always there.
func (f *form) View(width, height int) string {
	w := min(width, formWidth)
	tail := f.tail(w)
	head := f.head(w, max(height-len(tail)-6, 3))
	body, at := f.body(w, false)
	room := height - len(head) - len(tail)
	if len(body)+len(f.fields)-1 <= room {
		body, at = f.body(w, true)
	}
	if room < min(len(body), 4) { // too low for everything: what it is about gives way, its first line stays
		keep := max(height-len(tail)-min(len(body), 4), 1)
		head = head[:min(keep, len(head))]
		room = max(height-len(head)-len(tail), 1)
	}
	if len(body) > room {
		top := min(max(at-room/2, 0), len(body)-room)
		body = body[top : top+room]
	}
	lines := append(append(head, body...), tail...)
	lines = lines[:min(len(lines), height)]
	for i, l := range lines {
		lines[i] = widget.Fit(l, w)
	}
	return strings.Join(lines, "\n")
}

// body draws the fields, with lines between them if there is room; at is the
// line that must be on screen.
func (f *form) body(w int, apart bool) (lines []string, at int) {
	for i, x := range f.fields {
		if apart && i > 0 {
			lines = append(lines, "")
		}
		out, line := x.lines(f.c.Styles, w, i == f.at)
		if i == f.at {
			at = len(lines) + line
		}
		lines = append(lines, out...)
	}
	return lines, at
}

// tail says what is wrong, what is missing, or that it can go.
func (f *form) tail(w int) []string {
	st := f.c.Styles
	text, style := common.Sign(model.ToneGood)+" complete: ctrl+s "+f.verb+"s it", st.Good
	switch {
	case f.refused != nil:
		return append([]string{""}, problemLines(st, f.refused, w)...)
	case f.problem != nil:
		return append([]string{""}, problemLines(st, f.problem, w)...)
	case f.busy:
		text, style = common.Sign(model.ToneHuman)+" under way …", st.Human
	case f.told != "":
		text, style = common.Sign(f.feels)+" "+f.told, st.Tone(f.feels)
	case f.missing() != "":
		text, style = "ctrl+s "+f.verb+"s when complete; missing: "+f.missing(), st.Dim
	}
	return append([]string{""}, styledWrap(text, w, 2, style.Render)...)
}

// problemLines writes what happened, to what, and what to do.
func problemLines(st *common.Styles, p *model.Problem, w int) []string {
	text := p.Message
	if p.Subject != "" {
		text += " (" + p.Subject + ")"
	}
	out := styledWrap(common.Sign(model.ToneBad)+" "+text, w, 2, st.Bad.Render)
	if p.Do != "" {
		out = append(out, styledWrap("  "+p.Do, w, 2, st.Text.Render)...)
	}
	return out
}

// styledWrap breaks a text into at most rows lines and styles each.
func styledWrap(s string, w, rows int, style func(...string) string) []string {
	lines := strings.Split(ansi.Wrap(s, max(w, 1), ""), "\n")
	if len(lines) > rows {
		lines = append(lines[:rows-1], ansi.Truncate(strings.Join(lines[rows-1:], " "), w, "…"))
	}
	for i, l := range lines {
		lines[i] = style(l)
	}
	return lines
}
