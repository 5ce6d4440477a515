package dialog

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"docket/model"
	"docket/ui/common"
	"docket/ui/widget"
)

// field is one thing that a form asks for.
type field interface {
	// key takes a key; on means that the field is filled in and the form may go
	// on to the next.
	key(msg tea.KeyPressMsg) (on bool)
	// lines draws the field; at is the line that must be on screen.
	lines(st *common.Styles, w int, focused bool) (out []string, at int)
	// missing says what has still to be filled in; empty: nothing.
	missing() string
	// apply puts what was filled in into the action.
	apply(a *model.Action)
}

// answer is one answer of a choice or one box of ticks.
type answer struct {
	name, says string
	group      string // of several answers one after the other; shown at the first, if there is room
	warn       bool
}

// choice is a list of which one is chosen; at first nothing is.
type choice struct {
	label   string
	need    string
	options []answer
	at      int
	chosen  int // -1: nothing
	set     func(a *model.Action, i int)
}

func (f *choice) key(msg tea.KeyPressMsg) bool {
	switch msg.String() {
	case "j", "down":
		f.at = min(f.at+1, len(f.options)-1)
	case "k", "up":
		f.at = max(f.at-1, 0)
	case "g", "home":
		f.at = 0
	case "G", "end":
		f.at = max(len(f.options)-1, 0)
	case "enter":
		f.chosen = f.at
		return true
	case "space":
		f.chosen = f.at
	}
	return false
}

func (f *choice) lines(st *common.Styles, w int, focused bool) ([]string, int) {
	out := []string{labelled(st, f.label, focused)}
	return append(out, drawOptions(st, w, f.options, f.at, focused, func(i int) string {
		if i == f.chosen {
			return "(•)"
		}
		return "( )"
	})...), 1 + f.at
}

func (f *choice) missing() string {
	if f.chosen < 0 {
		return f.need
	}
	return ""
}

func (f *choice) apply(a *model.Action) {
	if f.chosen >= 0 {
		f.set(a, f.chosen)
	}
}

// ticks is a list of which any number is ticked.
type ticks struct {
	label   string
	need    string // what is missing while nothing is ticked; empty: that is fine
	each    string // what is missing while one is not ticked; empty: that is fine
	options []answer
	on      []bool
	at      int
	set     func(a *model.Action, on []bool)
}

func (f *ticks) key(msg tea.KeyPressMsg) bool {
	switch msg.String() {
	case "j", "down":
		f.at = min(f.at+1, len(f.options)-1)
	case "k", "up":
		f.at = max(f.at-1, 0)
	case "space":
		f.on[f.at] = !f.on[f.at]
	case "enter":
		return true
	}
	return false
}

func (f *ticks) lines(st *common.Styles, w int, focused bool) ([]string, int) {
	var out []string
	if f.label != "" {
		out = append(out, labelled(st, f.label, focused))
	}
	n := len(out)
	return append(out, drawOptions(st, w, f.options, f.at, focused, func(i int) string {
		if f.on[i] {
			return "[x]"
		}
		return "[ ]"
	})...), n + f.at
}

func (f *ticks) missing() string {
	switch {
	case f.need != "" && !slices.Contains(f.on, true):
		return f.need
	case f.each != "" && slices.Contains(f.on, false):
		return f.each
	}
	return ""
}

func (f *ticks) apply(a *model.Action) { f.set(a, f.on) }

// textBox is a text to be typed.
type textBox struct {
	label string
	says  string
	need  func() string            // what is missing while it is empty; empty: nothing
	match string                   // the text must be this; empty: anything
	wrong func(text string) string // what is wrong with a text, empty: nothing; nil: nothing can be
	field *widget.Field
	set   func(a *model.Action, text string)
}

func (f *textBox) text() string { return strings.TrimSpace(f.field.Text()) }

func (f *textBox) key(msg tea.KeyPressMsg) bool {
	if msg.String() == "enter" {
		return true
	}
	f.field.Key(msg)
	return false
}

func (f *textBox) lines(st *common.Styles, w int, focused bool) ([]string, int) {
	head := labelled(st, f.label, focused)
	if f.says != "" {
		head += "  " + st.Dim.Render(f.says)
	}
	edge := st.Frame
	if focused {
		edge = st.Accent
	}
	return []string{
		widget.Clip(head, w), "  " + edge.Render("│") + " " + f.field.Line(w-4, focused, st.Text, st.Accent, st.Dim),
	}, 1
}

func (f *textBox) missing() string {
	text := f.text()
	if f.wrong != nil {
		return f.wrong(text)
	}
	if text == "" || f.match != "" && text != f.match {
		return f.need()
	}
	return ""
}

func (f *textBox) apply(a *model.Action) { f.set(a, f.text()) }

func labelled(st *common.Styles, label string, focused bool) string {
	if focused {
		return st.Accent.Render("▸ " + label)
	}
	return st.Title.Render("  " + label)
}

// drawOptions draws a list of options with their boxes.
func drawOptions(st *common.Styles, w int, options []answer, at int, focused bool, box func(int) string) []string {
	name := 0
	for _, o := range options {
		name = max(name, ansi.StringWidth(o.name))
	}
	name = min(name, w/2)
	out := make([]string, len(options))
	for i, o := range options {
		text := " " + box(i) + " " + ansi.Truncate(o.name, name, "…")
		if o.says != "" {
			text += strings.Repeat(" ", max(name+5-ansi.StringWidth(text), 0)) + "  "
		}
		group := ""
		if o.group != "" && (i == 0 || options[i-1].group != o.group) {
			if gap := w - 1 - ansi.StringWidth(text+o.says+o.group); gap > 1 {
				group = strings.Repeat(" ", gap) + o.group
			}
		}
		switch {
		case focused && i == at:
			text = ansi.Truncate(text+o.says+group, w-1, "…")
			out[i] = st.Selected.Render(text + strings.Repeat(" ", max(w-1-ansi.StringWidth(text), 0)))
		case o.warn:
			out[i] = ansi.Truncate(st.Warn.Render(text+o.says), w, "…")
		default:
			out[i] = ansi.Truncate(text+st.Dim.Render(o.says+group), w, "…")
		}
	}
	return out
}
