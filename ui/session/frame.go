package session

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"docket/ui/widget"
)

// border is the set of lines of a frame. The one in focus is heavy, so that it
// can be told without colour.
type border struct{ tl, tr, bl, br, h, v string }

func borders(focused bool) border {
	if focused {
		return border{"┏", "┓", "┗", "┛", "━", "┃"}
	}
	return border{"┌", "┐", "└", "┘", "─", "│"}
}

// frame is a box around lines.
type frame struct {
	w, h    int
	title   string // styled
	foot    string // unstyled, in the bottom line at the right
	focused bool
	edge    lipgloss.Style
	mark    int // the line that is selected, from 0; -1: none
}

// draw returns exactly h lines of exactly w cells around body. A line of body
// is cut and filled as needed.
func (f frame) draw(body []string) []string {
	if f.w < 4 || f.h < 2 {
		return blank(f.w, f.h)
	}
	b := borders(f.focused)
	inner := f.w - 4
	out := make([]string, 0, f.h)
	out = append(out, f.top(b))
	left, right := f.edge.Render(b.v)+" ", " "+f.edge.Render(b.v)
	marked := f.edge.Render(b.v) + f.edge.Render("▸")
	for i := range f.h - 2 {
		text := ""
		if i < len(body) {
			text = body[i]
		}
		l := left
		if i == f.mark {
			l = marked
		}
		out = append(out, l+widget.Fit(text, inner)+right)
	}
	return append(out, f.bottom(b))
}

func (f frame) top(b border) string {
	room := f.w - 5
	title := widget.Clip(f.title, room-1)
	n := ansi.StringWidth(title)
	if n == 0 {
		return f.edge.Render(b.tl + strings.Repeat(b.h, f.w-2) + b.tr)
	}
	return f.edge.Render(b.tl+b.h) + " " + title + " " + f.edge.Render(strings.Repeat(b.h, room-n)+b.tr)
}

func (f frame) bottom(b border) string {
	foot := widget.Clip(f.foot, f.w-6)
	n := ansi.StringWidth(foot)
	if n == 0 {
		return f.edge.Render(b.bl + strings.Repeat(b.h, f.w-2) + b.br)
	}
	return f.edge.Render(b.bl + strings.Repeat(b.h, f.w-5-n) + " " + foot + " " + b.h + b.br)
}

func blank(w, h int) []string {
	out := make([]string, max(h, 0))
	for i := range out {
		out[i] = widget.Spaces(w)
	}
	return out
}

// beside puts columns of equally many lines next to each other.
func beside(columns [][]string) []string {
	if len(columns) == 1 {
		return columns[0]
	}
	out := make([]string, len(columns[0]))
	var b strings.Builder
	for i := range out {
		b.Reset()
		for _, c := range columns {
			b.WriteString(c[i])
		}
		out[i] = b.String()
	}
	return out
}
