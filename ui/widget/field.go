package widget

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
)

// Field is one line that a person types. Bubbles' text input edits it; here it
// gets docket's keys, whole letters, cleaned text and an exact width.
type Field struct {
	in   textinput.Model
	hint string
}

// NewField returns a field that holds a text, with the cursor at its end. The
// hint is shown while it is empty.
func NewField(hint, text string) *Field {
	in := textinput.New()
	in.Prompt = ""
	in.KeyMap = fieldKeys()
	f := &Field{in: in, hint: hint}
	f.Set(text)
	return f
}

// NewSecret returns an empty field that shows a dot for every letter.
func NewSecret() *Field {
	f := NewField("", "")
	f.in.EchoMode = textinput.EchoPassword
	f.in.EchoCharacter = '•'
	return f
}

// Text returns what was typed.
func (f *Field) Text() string { return f.in.Value() }

// Set replaces the text.
func (f *Field) Set(text string) {
	f.in.SetValue(flat(text))
	f.in.CursorEnd()
}

// flat cleans a text and makes it one line.
func flat(text string) string {
	return strings.ReplaceAll(strings.TrimRight(Harmless(text), "\n"), "\n", " ")
}

// Insert adds text at the cursor, as typing or pasting does, and reports
// whether there was anything to add. What does not belong into a field is
// dropped.
func (f *Field) Insert(text string) bool {
	text = flat(text)
	f.give(tea.PasteMsg{Content: text})
	return text != ""
}

// Key edits the text by a key and reports whether the text changed.
func (f *Field) Key(msg tea.KeyPressMsg) bool {
	if msg.Text != "" {
		return f.Insert(msg.Text)
	}
	was := f.Text()
	for range steps(f.in.KeyMap, msg, was, f.in.Position()) {
		f.give(msg)
	}
	return f.Text() != was
}

// give hands a message to the text input. What comes back would be for blinking
// and the clipboard, which are off.
func (f *Field) give(msg tea.Msg) {
	f.in.Focus()
	f.in, _ = f.in.Update(msg)
}

// Line draws the field in exactly w cells, with the cursor when it has the
// focus: a block in the foreground colour of its style. The part around the
// cursor is in sight.
func (f *Field) Line(w int, focused bool, text, cursor, hint lipgloss.Style) string {
	if w <= 0 {
		return ""
	}
	look := textinput.StyleState{Text: text, Placeholder: hint}
	f.in.SetStyles(textinput.Styles{Focused: look, Blurred: look, Cursor: textinput.CursorStyle{Color: cursor.GetForeground()}})
	f.in.Placeholder = Clip(f.hint, w)
	if focused {
		f.in.Focus()
	} else {
		f.in.Blur()
	}
	if f.in.Width() != w-1 { // the text input keeps a cell for the cursor
		f.in.SetWidth(w - 1)
		f.scroll()
	}
	line := f.in.View()
	if Width(line) > w {
		f.scroll()
		line = f.in.View()
	}
	return Fit(line, w)
}

// scroll makes the text input choose the part in sight anew. By itself it does
// so only when the cursor leaves that part, counted in code points: not when
// the width changes, and not when wide letters are typed into its middle.
func (f *Field) scroll() {
	at := f.in.Position()
	f.in.CursorEnd()
	f.in.SetCursor(at)
}
