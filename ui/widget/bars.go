package widget

import "strings"

// Bars are the letters that bars are drawn with. Two kinds in one bar differ by
// their letters, not by colour alone.
type Bars struct {
	right []string // a cell filled from the left, by eighths from one to eight
	up    []string // a cell filled from below, by eighths from one to eight
	other string   // a whole cell of the second kind
}

const eighths = 8

// Blocks returns the block characters.
func Blocks() Bars {
	return Bars{
		right: []string{"▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"},
		up:    []string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
		other: "▒",
	}
}

// PlainBars returns what a terminal without them can show.
func PlainBars() Bars {
	return Bars{
		right: []string{"#", "#", "#", "#", "#", "#", "#", "#"},
		up:    []string{".", ".", "-", "-", "=", "=", "#", "#"},
		other: "x",
	}
}

// Signs returns a full cell of the first kind and one of the second, for a legend.
func (b Bars) Signs() (first, second string) { return b.right[eighths-1], b.other }

// filled returns n of most on w cells in eighths of a cell: what is there shows.
func filled(n, most, w int) int {
	if n <= 0 || most <= 0 {
		return 0
	}
	return min(max((n*w*eighths+most/2)/most, 1), w*eighths)
}

// Right draws n of most as a bar of at most w cells, to an eighth of a cell.
func (b Bars) Right(n, most, w int) string {
	e := filled(n, most, w)
	bar := strings.Repeat(b.right[eighths-1], e/eighths)
	if rest := e % eighths; rest > 0 {
		bar += b.right[rest-1]
	}
	return bar
}

// Pair draws x and y of most, one behind the other, on at most w cells.
func (b Bars) Pair(x, y, most, w int) (first, second string) {
	if y > 0 {
		w-- // the second kind has whole cells, and one at least
	}
	first = b.Right(x, most, w)
	if y > 0 {
		end := (filled(x+y, most, w) + eighths/2) / eighths
		second = strings.Repeat(b.other, max(end-Width(first), 0)+1)
	}
	return first, second
}

// Up draws n of most as one cell that is filled from below; a space for none.
func (b Bars) Up(n, most int) string {
	e := filled(n, most, 1)
	if e == 0 {
		return " "
	}
	return b.up[e-1]
}

// Column draws x with y above it, of most, as h cells from the top down. Where both
// are there, the border between them is that of a cell.
func (b Bars) Column(x, y, most, h int) (cells []string, second []bool) {
	cells, second = make([]string, h), make([]bool, h)
	total := filled(x+y, most, h)
	whole := min(max((total+eighths/2)/eighths, 1), h)
	upper := 0 // cells of the second kind
	if y > 0 {
		upper = min(max((y*whole+(x+y)/2)/(x+y), 1), whole)
		if x > 0 && whole > 1 {
			upper = min(upper, whole-1)
		}
		total = whole * eighths
	}
	for i := range h {
		top := h - 1 - i // where the i-th cell from below stands
		switch left := total - i*eighths; {
		case left <= 0:
			cells[top] = " "
		case y > 0 && i >= whole-upper:
			cells[top], second[top] = b.other, true
		default:
			cells[top] = b.up[min(left, eighths)-1]
		}
	}
	return cells, second
}
