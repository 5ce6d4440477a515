package session

import (
	"image"
	"strings"
)

// The panes, by their numbers. The header is a pane too: it can have the focus,
// and zoomed it shows everything that was noticed.
const (
	paneHeader = iota
	paneFaces
	paneChecks
	paneOCR
	paneDevice
	paneTimeline
	paneNotes
	paneCount
)

// cell is a pane with the size of its frame.
type cell struct{ pane, w, h int }

// band is a row of columns; all columns of a band are equally high.
type band [][]cell

// plan says what the page shows where. Header, tabs, bands and the line before
// the footer add up to the page's height.
type plan struct {
	header int  // lines of the header
	framed bool // the header has a frame
	tabs   bool // one pane at a time, with a line of tabs
	bands  []band
}

// Sizes at which the page shows more at once. Below gridWidth × gridHeight
// there is one pane at a time.
const (
	wideWidth, wideHeight = 168, 40
	gridWidth, gridHeight = 104, 30
)

// arrange divides the room. shown is the pane that is shown when there is room
// for one only; zoomed gives it all the room there is.
func arrange(w, h, shown int, zoomed bool) plan {
	p := plan{header: 4, tabs: true}
	if w >= gridWidth && h >= gridHeight {
		p = plan{header: 8, framed: true}
	}
	room := h - p.header - 1
	if p.tabs {
		room--
	}
	switch {
	case zoomed || p.tabs:
		p.bands = []band{{{{shown, w, room}}}}
	case w >= wideWidth && h >= wideHeight:
		p.bands = threeColumns(w, room)
	default:
		p.bands = twoColumns(w, room)
	}
	return p
}

// places returns where the panes are, by their numbers, from the page's corner.
func (p plan) places() map[int]image.Rectangle {
	out := map[int]image.Rectangle{}
	top := p.header
	if p.tabs {
		top++
	}
	for _, b := range p.bands {
		left, high := 0, 0
		for _, col := range b {
			at := top
			for _, c := range col {
				out[c.pane] = image.Rect(left, at, left+c.w, at+c.h)
				at += c.h
			}
			left += col[0].w
			high = at - top
		}
		top += high
	}
	return out
}

func twoColumns(w, h int) []band {
	last := 5
	if h > 32 {
		last = min(5+(h-32)/3, 10)
	}
	first := (h - last) * 13 / 24
	second := h - last - first
	faces, ocr, notes := w*35/100, w*47/100, w*34/100
	return []band{
		{{{paneFaces, faces, first}}, {{paneChecks, w - faces, first}}},
		{{{paneOCR, ocr, second}}, {{paneDevice, w - ocr, second}}},
		{{{paneTimeline, w - notes, last}}, {{paneNotes, notes, last}}},
	}
}

func threeColumns(w, h int) []band {
	last := max(6, h/5)
	first := h - last
	faces := max(13, first*2/5)
	left, right, notes := w*31/100, w*31/100, w*31/100
	return []band{
		{
			{{paneFaces, left, faces}, {paneDevice, left, first - faces}},
			{{paneChecks, w - left - right, first}},
			{{paneOCR, right, first}},
		},
		{{{paneTimeline, w - notes, last}}, {{paneNotes, notes, last}}},
	}
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
