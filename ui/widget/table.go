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
		b.WriteByte(' ')
	}
	return style.Render(b.String())
}

// Row draws cells under the columns, with a space after each.
func Row(columns []Column, cells []Cell) string {
	var b strings.Builder
	b.Grow(256)
	for i, c := range columns {
		if c.Width <= 0 {
			continue
		}
		cells[i].Draw(&b, c.Width, c.Right)
		b.WriteByte(' ')
	}
	return b.String()
}

// Tab is one of several things to choose from, in a line.
type Tab struct {
	Key   string
	Title string
	Count string
}

// TabStyles are the looks of a line of tabs.
type TabStyles struct{ On, Off, Key, Count lipgloss.Style }

// Tabs draws a line of tabs in exactly w cells. When they do not all fit, the
// titles of those that are not chosen give way to their first letters, then the
// line starts further right so that the chosen one is in sight.
func Tabs(tabs []Tab, on, w int, st TabStyles) string {
	for _, keep := range []int{1 << 10, 6, 3} {
		parts, widths := drawTabs(tabs, on, keep, st)
		total := 0
		for _, n := range widths {
			total += n
		}
		if total <= w || keep == 3 {
			return tabLine(parts, widths, on, w)
		}
	}
	return Spaces(w)
}

func tabLine(parts []string, widths []int, on, w int) string {
	from := 0
	for from < on {
		used := 0
		for i := from; i <= on; i++ {
			used += widths[i]
		}
		if used <= w {
			break
		}
		from++
	}
	return Fit(strings.Join(parts[from:], ""), w)
}

func drawTabs(tabs []Tab, on, keep int, st TabStyles) (parts []string, widths []int) {
	for i, t := range tabs {
		title, style := Clip(t.Title, keep), st.Off
		if i == on {
			title, style = t.Title, st.On
		}
		count := ""
		if t.Count != "" {
			count = " " + t.Count
		}
		plainText := " " + t.Key + " " + title + count + " "
		text := " " + st.Key.Render(t.Key) + " " + style.Render(title) + st.Count.Render(count) + " "
		if i == on {
			text = style.Render(plainText)
		}
		parts, widths = append(parts, text), append(widths, Width(plainText))
	}
	return parts, widths
}
