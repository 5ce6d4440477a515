package widget

import (
	"strings"
	"unicode"

	"charm.land/lipgloss/v2"
)

// Field is a text that a person types, of one line or of several. It is moved
// by the names of keys as Bubble Tea gives them.
type Field struct {
	Hidden  bool // show dots instead of the text
	Many    bool // several lines: enter makes a new one
	Hint    string
	text    []rune
	at      int // where the next rune goes
	topLine int
}

// NewField returns a field that holds a text, with the cursor at its end.
func NewField(text string) *Field {
	f := &Field{}
	f.Set(text)
	return f
}

// Text returns what was typed.
func (f *Field) Text() string { return string(f.text) }

// Set replaces the text.
func (f *Field) Set(text string) {
	f.text = []rune(text)
	f.at = len(f.text)
}

// Insert adds text at the cursor, as typing or pasting does. What does not
// belong into a field is dropped.
func (f *Field) Insert(text string) {
	text = Harmless(text)
	if !f.Many {
		text = strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", " ")
	}
	add := []rune(text)
	rest := append(add, f.text[f.at:]...)
	f.text = append(f.text[:f.at:f.at], rest...)
	f.at += len(add)
}

// moves are the keys that edit. Each is a small step on the field.
var moves = map[string]func(*Field){
	"left":           func(f *Field) { f.at = f.before() },
	"right":          func(f *Field) { f.at = f.after() },
	"home":           func(f *Field) { f.at = f.lineStart() },
	"ctrl+a":         func(f *Field) { f.at = f.lineStart() },
	"end":            func(f *Field) { f.at = f.lineEnd() },
	"ctrl+e":         func(f *Field) { f.at = f.lineEnd() },
	"backspace":      func(f *Field) { f.cut(f.before(), f.at) },
	"ctrl+h":         func(f *Field) { f.cut(f.before(), f.at) },
	"delete":         func(f *Field) { f.cut(f.at, f.after()) },
	"ctrl+u":         func(f *Field) { f.cut(f.lineStart(), f.at) },
	"ctrl+k":         func(f *Field) { f.cut(f.at, f.lineEnd()) },
	"ctrl+w":         func(f *Field) { f.cut(f.wordStart(), f.at) },
	"alt+backspace":  func(f *Field) { f.cut(f.wordStart(), f.at) },
	"ctrl+backspace": func(f *Field) { f.cut(f.wordStart(), f.at) },
}

// Key edits the text by a key and reports whether the field wanted it; text is
// what the key types, if anything.
func (f *Field) Key(key, text string) bool {
	if move, ok := moves[key]; ok {
		move(f)
		return true
	}
	switch {
	case f.Many && (key == "enter" || key == "ctrl+j"):
		f.Insert("\n")
	case f.Many && key == "up":
		f.vertical(-1)
	case f.Many && key == "down":
		f.vertical(1)
	case text != "":
		f.Insert(text)
	default:
		return false
	}
	return true
}

func (f *Field) cut(from, to int) {
	f.text = append(f.text[:from:from], f.text[to:]...)
	f.at = from
}

// before returns the place one visible letter to the left: marks that combine
// go with their letter.
func (f *Field) before() int {
	i := f.at - 1
	for i > 0 && unicode.Is(unicode.M, f.text[i]) {
		i--
	}
	return max(i, 0)
}

func (f *Field) after() int {
	i := f.at + 1
	for i < len(f.text) && unicode.Is(unicode.M, f.text[i]) {
		i++
	}
	return min(i, len(f.text))
}

func (f *Field) lineStart() int {
	i := f.at
	for i > 0 && f.text[i-1] != '\n' {
		i--
	}
	return i
}

func (f *Field) lineEnd() int {
	i := f.at
	for i < len(f.text) && f.text[i] != '\n' {
		i++
	}
	return i
}

func (f *Field) wordStart() int {
	i := f.at
	for i > 0 && unicode.IsSpace(f.text[i-1]) {
		i--
	}
	for i > 0 && !unicode.IsSpace(f.text[i-1]) {
		i--
	}
	return i
}

// vertical moves the cursor a line up or down in the same column.
func (f *Field) vertical(by int) {
	start := f.lineStart()
	column := f.at - start
	if by < 0 {
		if start == 0 {
			return
		}
		f.at = start - 1
		f.at = min(f.lineStart()+column, f.at)
		return
	}
	if end := f.lineEnd(); end < len(f.text) {
		f.at = end + 1
		f.at = min(f.at+column, f.lineEnd())
	}
}

// Line draws a field of one line in exactly w cells, with the cursor when it
// has the focus. The part around the cursor is in sight.
func (f *Field) Line(w int, focused bool, text, cursor, hint lipgloss.Style) string {
	if w <= 0 {
		return ""
	}
	if len(f.text) == 0 && !focused {
		return hint.Render(Fit(f.Hint, w))
	}
	return f.draw(f.text, f.at, w, focused, text, cursor, hint)
}

func (f *Field) draw(line []rune, at, w int, focused bool, text, cursor, hint lipgloss.Style) string {
	if f.Hidden {
		line = []rune(strings.Repeat("•", len(line)))
	}
	if !focused {
		return text.Render(Fit(string(line), w))
	}
	from := 0
	for from < at && Width(string(line[from:at]))+1 > w {
		from++
	}
	left, under, right := string(line[from:at]), " ", ""
	if at < len(line) {
		end := at + 1
		for end < len(line) && unicode.Is(unicode.M, line[end]) {
			end++
		}
		under, right = string(line[at:end]), string(line[end:])
	}
	out := text.Render(left) + cursor.Render(under)
	room := w - Width(left) - Width(under)
	if len(line) == 0 && f.Hint != "" {
		return out + hint.Render(Fit(f.Hint, room))
	}
	return out + text.Render(Fit(right, room))
}

// Lines draws a field of several lines in exactly w by h cells.
func (f *Field) Lines(w, h int, focused bool, text, cursor, hint lipgloss.Style) []string {
	all := strings.Split(string(f.text), "\n")
	row, column := 0, f.at
	for row < len(all)-1 && column > len([]rune(all[row])) {
		column -= len([]rune(all[row])) + 1
		row++
	}
	f.topLine = min(max(f.topLine, row-h+1), row)
	out := make([]string, h)
	for i := range out {
		n := f.topLine + i
		switch {
		case n == row && focused:
			out[i] = f.draw([]rune(all[n]), column, w, true, text, cursor, hint)
		case n < len(all):
			out[i] = text.Render(Fit(all[n], w))
		default:
			out[i] = Spaces(w)
		}
	}
	return out
}
