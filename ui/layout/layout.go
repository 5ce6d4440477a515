// Package layout divides a terminal: pure functions from a size to rectangles
// and widths. It draws nothing.
package layout

// The smallest terminal that the console works in.
const (
	MinWidth  = 80
	MinHeight = 24
)

// Rect is a place on the screen in cells.
type Rect struct{ X, Y, W, H int }

// Screen is where the parts of the console are.
type Screen struct {
	Small  bool // too small to work in
	Header Rect
	Page   Rect
	Status Rect // toasts, held-back sends
	Foot   Rect
}

// Divide divides a terminal of the size.
func Divide(w, h int) Screen {
	if w < MinWidth || h < MinHeight {
		return Screen{Small: true, Page: Rect{0, 0, w, h}}
	}
	return Screen{
		Header: Rect{0, 0, w, 1},
		Page:   Rect{0, 1, w, h - 3},
		Status: Rect{0, h - 2, w, 1},
		Foot:   Rect{0, h - 1, w, 1},
	}
}

// Center returns the place of a box of the size in the middle of an area, a
// little above it, where eyes are.
func Center(area Rect, w, h int) Rect {
	w, h = min(w, area.W), min(h, area.H)
	return Rect{area.X + (area.W-w)/2, area.Y + (area.H-h)*2/5, w, h}
}

// Column says how wide a column of a table would like to be.
type Column struct {
	Min  int // cells it needs
	Max  int // cells it can use; 0: as many as there are
	Grow int // its share of what is left over; 0: none
	From int // the width of the table from which it is shown at all
}

// Widths divides the width of a table among its columns, with a gap after each.
// A column that is not shown is 0 wide.
func Widths(width, gap int, columns []Column) []int {
	out := make([]int, len(columns))
	left := width
	for i, c := range columns {
		if width >= c.From {
			out[i] = c.Min
			left -= c.Min + gap
		}
	}
	for left > 0 {
		given := share(left, columns, out)
		if given == 0 {
			break
		}
		left -= given
	}
	return out
}

// share gives the room that is left to the columns that grow, once, and returns
// how much was taken.
func share(left int, columns []Column, out []int) int {
	total := 0
	for i, c := range columns {
		if growing(c, out[i]) {
			total += c.Grow
		}
	}
	if total == 0 {
		return 0
	}
	given := 0
	for i, c := range columns {
		if !growing(c, out[i]) {
			continue
		}
		n := min(max(left*c.Grow/total, 1), left-given)
		if c.Max > 0 {
			n = min(n, c.Max-out[i])
		}
		out[i] += n
		given += n
	}
	return given
}

func growing(c Column, w int) bool { return w > 0 && c.Grow > 0 && (c.Max == 0 || w < c.Max) }
