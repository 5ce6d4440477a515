package widget

import (
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
)

// Area is a text of several lines that a person types: enter makes a new one,
// long ones are wrapped. Bubbles' text area edits it; here it gets what Field
// gives to a text input.
type Area struct{ in textarea.Model }

// NewArea returns an empty area. The hint is shown until something is typed.
func NewArea(hint string) *Area {
	in := textarea.New()
	in.Prompt, in.ShowLineNumbers, in.Placeholder = "", false, hint
	in.MaxHeight, in.MaxWidth = 0, 0 // no limit
	in.KeyMap = areaKeys()
	return &Area{in: in}
}

// Text returns what was typed.
func (a *Area) Text() string { return a.in.Value() }

// Insert adds text at the cursor, as typing or pasting does. What does not
// belong into a text is dropped, and so is what comes after 10,000 lines.
func (a *Area) Insert(text string) { a.give(tea.PasteMsg{Content: Harmless(text)}) }

// Key edits the text by a key.
func (a *Area) Key(msg tea.KeyPressMsg) {
	keys := fieldKeys()
	switch {
	case msg.Text != "":
		a.Insert(msg.Text)
	case key.Matches(msg, keys.DeleteCharacterForward):
		a.remove()
	case key.Matches(msg, keys.WordBackward) && a.first():
		a.in.MoveToBegin()
	default:
		a.press(msg)
	}
}

// press gives a key to the text area, letter by letter.
func (a *Area) press(msg tea.KeyPressMsg) {
	for range steps(fieldKeys(), msg, a.line(), a.in.Column()) {
		a.give(msg)
	}
	if n := inside(a.line(), a.in.Column()); n > 0 {
		a.in.SetCursorColumn(a.in.Column() + n)
	}
}

// remove deletes the letter under the cursor by going over it and back. The
// text area's own way takes a line break along with the last letter of a line.
func (a *Area) remove() {
	line, column := a.in.Line(), a.in.Column()
	a.press(tea.KeyPressMsg{Code: tea.KeyRight})
	if a.in.Line() != line || a.in.Column() != column {
		a.press(tea.KeyPressMsg{Code: tea.KeyBackspace})
	}
}

// first reports whether no word stands before the cursor: there the text area
// would look for one for ever.
func (a *Area) first() bool {
	lines := strings.Split(a.Text(), "\n")[:a.in.Line()]
	before := strings.Join(lines, "") + string([]rune(a.line())[:a.in.Column()])
	return strings.TrimSpace(before) == ""
}

// line returns the line that the cursor is in.
func (a *Area) line() string { return strings.Split(a.Text(), "\n")[a.in.Line()] }

func (a *Area) give(msg tea.Msg) {
	a.in.Focus()
	a.in, _ = a.in.Update(msg) // what comes back is for blinking and the clipboard
}

// Lines draws the area in exactly w by h cells, with the cursor when it has the
// focus. The part around the cursor is in sight.
func (a *Area) Lines(w, h int, focused bool, text, cursor, hint lipgloss.Style) []string {
	if w <= 0 || h <= 0 {
		return nil
	}
	look := textarea.StyleState{Text: text, CursorLine: text, Placeholder: hint}
	a.in.SetStyles(textarea.Styles{Focused: look, Blurred: look, Cursor: textarea.CursorStyle{Color: cursor.GetForeground()}})
	if a.in.Width() != w || a.in.Height() != h {
		a.in.SetWidth(w)
		a.in.SetHeight(h)
		a.give(nil) // wraps anew and brings the cursor into sight
	}
	if focused {
		a.in.Focus()
	} else {
		a.in.Blur()
	}
	return Fill(strings.Split(a.in.View(), "\n"), w, h)
}
