package widget

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
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

// Frame is a box around lines.
type Frame struct {
	W, H    int
	Title   string // styled
	Foot    string // unstyled, in the bottom line at the right
	Focused bool   // drawn with heavy lines
	Edge    lipgloss.Style
	Mark    int // the line that is selected, from 0; -1: none
}

// Draw returns exactly h lines of exactly w cells around body. A line of body
// is cut and filled as needed.
func (f Frame) Draw(body []string) []string {
	if f.W < 4 || f.H < 2 {
		return blank(f.W, f.H)
	}
	b := borders(f.Focused)
	inner := f.W - 4
	out := make([]string, 0, f.H)
	out = append(out, f.top(b))
	left, right := f.Edge.Render(b.v)+" ", " "+f.Edge.Render(b.v)
	marked := f.Edge.Render(b.v) + f.Edge.Render("▸")
	for i := range f.H - 2 {
		text := ""
		if i < len(body) {
			text = body[i]
		}
		l := left
		if i == f.Mark {
			l = marked
		}
		out = append(out, l+Fit(text, inner)+right)
	}
	return append(out, f.bottom(b))
}

func (f Frame) top(b border) string {
	room := f.W - 5
	title := Clip(f.Title, room-1)
	n := ansi.StringWidth(title)
	if n == 0 {
		return f.Edge.Render(b.tl + strings.Repeat(b.h, f.W-2) + b.tr)
	}
	return f.Edge.Render(b.tl+b.h) + " " + title + " " + f.Edge.Render(strings.Repeat(b.h, room-n)+b.tr)
}

func (f Frame) bottom(b border) string {
	foot := Clip(f.Foot, f.W-6)
	n := ansi.StringWidth(foot)
	if n == 0 {
		return f.Edge.Render(b.bl + strings.Repeat(b.h, f.W-2) + b.br)
	}
	return f.Edge.Render(b.bl + strings.Repeat(b.h, f.W-5-n) + " " + foot + " " + b.h + b.br)
}

func blank(w, h int) []string {
	out := make([]string, max(h, 0))
	for i := range out {
		out[i] = Spaces(w)
	}
	return out
}
