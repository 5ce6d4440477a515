// Package svg draws the screen of a terminal as a picture that needs no font
// and no other tool: monospace text, colours, and lines where the screen has
// the characters that frames are made of.
package svg

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Look is what a terminal shows where a program says nothing.
type Look struct {
	Text, Background string // #rrggbb
}

// The two kinds of terminals.
var (
	Dark  = Look{Text: "#d5dae5", Background: "#14161d"}
	Light = Look{Text: "#1b1f29", Background: "#ffffff"}
)

// The measures of a cell in pixels. Most monospace fonts are 0.6 of their size
// wide; text of another width is set to fit.
const (
	fontSize   = 14
	cellWidth  = 8.4
	cellHeight = 18
	baseline   = 13.5
	padding    = 12
	barGap     = 3 // above and below a bar, so that bars in neighbouring rows stay apart
)

// Write draws a screen: rows with SGR sequences, separated by line feeds, as an
// emulator renders them. Rows beyond the height and cells beyond the width are
// cut off. The title is for readers who do not see the picture.
func Write(w io.Writer, screen, title string, width, height int, look Look) error {
	d := drawing{look: look, classes: map[string]string{}, paths: map[string]*strings.Builder{}}
	for y, row := range strings.Split(screen, "\n") {
		if y < height {
			d.row(y, cells(row, width))
		}
	}
	full, tall := float64(width)*cellWidth+2*padding, height*cellHeight+2*padding
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %d" width="%s" height="%d" role="img">`+"\n",
		number(full), tall, number(full), tall)
	fmt.Fprintf(&out, "<title>%s</title>\n<style>text{font:%dpx ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;"+
		"white-space:pre;fill:%s}.b{font-weight:bold}g rect,.p{shape-rendering:crispEdges}", escape(title), fontSize, look.Text)
	for _, colour := range slices.Sorted(maps.Keys(d.classes)) {
		fmt.Fprintf(&out, ".%s{fill:%s}", d.classes[colour], colour)
	}
	fmt.Fprintf(&out, "</style>\n<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"%s\"/>\n<g transform=\"translate(%d %d)\">\n",
		look.Background, padding, padding)
	out.WriteString(d.back.String())
	for _, stroke := range slices.Sorted(maps.Keys(d.paths)) {
		fmt.Fprintf(&out, "<path %s d=\"%s\"/>\n", stroke, d.paths[stroke])
	}
	out.WriteString(d.text.String())
	out.WriteString("</g>\n</svg>\n")
	_, err := io.WriteString(w, out.String())
	return err
}

// drawing collects the parts of a picture.
type drawing struct {
	look       Look
	classes    map[string]string // by colour
	paths      map[string]*strings.Builder
	back, text strings.Builder
}

// row draws one row: backgrounds, then lines, then runs of text of one style.
func (d *drawing) row(y int, row []cell) {
	for x := 0; x < len(row); {
		end := x + 1
		for end < len(row) && row[end].style == row[x].style {
			end++
		}
		d.background(x, end, y, row[x].style)
		d.run(x, y, row[x:end])
		x = end
	}
}

func (d *drawing) background(from, to, y int, s style) {
	_, back := s.colours(d.look)
	if back == d.look.Background {
		return
	}
	fmt.Fprintf(&d.back, "<rect x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\" fill=\"%s\"/>\n",
		number(float64(from)*cellWidth), y*cellHeight, number(float64(to-from)*cellWidth), cellHeight, back)
}

// run draws cells of one style. Text is broken at wide gaps, so that what a
// font gets wrong cannot add up.
func (d *drawing) run(x, y int, cells []cell) {
	fore, _ := cells[0].style.colours(d.look)
	start := -1
	flush := func(end int) {
		if start >= 0 {
			d.words(x+start, y, cells[start:end])
		}
		start = -1
	}
	for i, c := range cells {
		gap := c.text == " " && (i+1 == len(cells) || cells[i+1].text == " ")
		switch {
		case d.line(x+i, y, c.text, fore), gap, c.text == " " && start < 0:
			flush(i)
		case start < 0:
			start = i
		}
	}
	flush(len(cells))
}

// words writes one text element.
func (d *drawing) words(x, y int, cells []cell) {
	var text strings.Builder
	for _, c := range cells {
		text.WriteString(c.text)
	}
	s := cells[0].style
	fmt.Fprintf(&d.text, "<text x=\"%s\" y=\"%s\" textLength=\"%s\" lengthAdjust=\"spacingAndGlyphs\"",
		number(float64(x)*cellWidth), number(float64(y*cellHeight)+baseline), number(float64(len(cells))*cellWidth))
	if class := strings.TrimSpace(d.class(s) + s.weight()); class != "" {
		fmt.Fprintf(&d.text, " class=\"%s\"", class)
	}
	if s.underline {
		d.text.WriteString(" text-decoration=\"underline\"")
	}
	fmt.Fprintf(&d.text, ">%s</text>\n", escape(text.String()))
}

// class returns the name of the text's colour; empty for the usual one.
func (d *drawing) class(s style) string {
	fore, _ := s.colours(d.look)
	if fore == d.look.Text {
		return ""
	}
	if d.classes[fore] == "" {
		d.classes[fore] = fmt.Sprintf("c%d", len(d.classes))
	}
	return d.classes[fore]
}

// line draws a character that frames and bars are made of and reports whether
// it is one.
func (d *drawing) line(x, y int, text, colour string) bool {
	r := []rune(text)
	if len(r) != 1 {
		return false
	}
	left, top := float64(x)*cellWidth, float64(y*cellHeight)
	if arms, ok := frames[r[0]]; ok {
		d.arms(arms, left, top, colour)
		return true
	}
	if upper := r[0] == '▀'; upper || r[0] == '▄' {
		if !upper {
			top += cellHeight / 2.
		}
		fmt.Fprintf(d.path(fmt.Sprintf("class=\"p\" fill=\"%s\"", colour)), "M%s %sh%sv%sh-%sz",
			number(left), number(top), number(cellWidth), number(cellHeight/2.), number(cellWidth))
		return true
	}
	part, ok := blocks[r[0]]
	if ok {
		p := d.path(fmt.Sprintf("fill=\"%s\" fill-opacity=\"%s\"", colour, number(part.ink)))
		w := number(part.width * cellWidth)
		fmt.Fprintf(p, "M%s %sh%sv%dh-%sz", number(left), number(top+barGap), w, cellHeight-2*barGap, w)
	}
	return ok
}

// arms draws the lines from the middle of a cell to its edges.
func (d *drawing) arms(a arms, left, top float64, colour string) {
	x, y := left+cellWidth/2, top+cellHeight/2
	for _, arm := range []struct{ thick, toX, toY float64 }{
		{a.left, left, y}, {a.right, left + cellWidth, y}, {a.up, x, top}, {a.down, x, top + cellHeight},
	} {
		if arm.thick > 0 {
			p := d.path(fmt.Sprintf("fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" stroke-linecap=\"square\"", colour, number(arm.thick)))
			fmt.Fprintf(p, "M%s %sL%s %s", number(x), number(y), number(arm.toX), number(arm.toY))
		}
	}
}

func (d *drawing) path(look string) *strings.Builder {
	if d.paths[look] == nil {
		d.paths[look] = &strings.Builder{}
	}
	return d.paths[look]
}

// number writes a measure without needless digits.
func number(f float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", f), "0"), ".")
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace

// cells splits a row into exactly width cells. A wide character takes its own
// cell and an empty one.
func cells(row string, width int) []cell {
	out := make([]cell, 0, width)
	parser := ansi.NewParser()
	var now style
	var state byte
	for len(row) > 0 && len(out) < width {
		seq, w, n, next := ansi.DecodeSequence(row, state, parser)
		row, state = row[n:], next
		switch {
		case w > 0:
			out = append(out, cell{text: seq, style: now})
			for range w - 1 {
				out = append(out, cell{style: now})
			}
		case ansi.Cmd(parser.Command()).Final() == 'm' && strings.HasPrefix(seq, "\x1b["):
			now = now.after(parser.Params())
		}
	}
	for len(out) < width {
		out = append(out, cell{text: " "})
	}
	return out[:width]
}
