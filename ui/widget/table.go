package widget

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// Span is a piece of text in one style.
type Span struct {
	Text  string
	Style lipgloss.Style
}

// Cell is what stands in one column of a row: spans one after another.
type Cell []Span

// Draw writes the cell in exactly w cells; right-aligned if right is set.
func (c Cell) Draw(b *strings.Builder, w int, right bool) {
	if w <= 0 {
		return
	}
	used := 0
	for _, s := range c {
		used += Width(s.Text)
	}
	if right {
		b.WriteString(Spaces(w - used))
	}
	room := w
	for _, s := range c {
		if room == 0 {
			return
		}
		text := Clip(s.Text, room)
		if text == "" {
			continue
		}
		b.WriteString(s.Style.Render(text))
		room -= Width(text)
	}
	if !right {
		b.WriteString(Spaces(room))
	}
}

// Column is one column of a table as it is drawn: its width in cells, 0 when
// there is no room for it.
type Column struct {
	Title string
	Width int
	Right bool
	Gap   int // empty cells after it
}

// Header draws the titles of the columns.
func Header(columns []Column, style lipgloss.Style) string {
	var b strings.Builder
	for _, c := range columns {
		switch {
		case c.Width <= 0:
			continue
		case c.Right:
			b.WriteString(FitRight(c.Title, c.Width))
		default:
			b.WriteString(Fit(c.Title, c.Width))
		}
		b.WriteString(Spaces(c.Gap))
	}
	return style.Render(b.String())
}

// Row draws cells under the columns, with a gap after each.
func Row(columns []Column, cells []Cell) string {
	var b strings.Builder
	b.Grow(256)
	for i, c := range columns {
		if c.Width <= 0 {
			continue
		}
		cells[i].Draw(&b, c.Width, c.Right)
		b.WriteString(Spaces(c.Gap))
	}
	return b.String()
}
