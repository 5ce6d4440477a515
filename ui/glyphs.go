package ui

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
)

// The renderer repaints every line that holds a letter of two cells, or one on
// whose width terminals do not agree, with every frame: names in Chinese,
// Japanese, Korean, Hindi or Thai would cost a hundred bytes a row and key. So
// the renderer never sees them. On the way in each such letter becomes as many
// private code points as it has cells; on the way out they become the letter
// again, with the cursor put where the renderer believes it to be, whatever
// width the terminal thinks the letter has.
type glyphs struct {
	// whole says that the terminal takes letters with their marks as one, as the
	// layout does. Otherwise it adds up the widths of all code points.
	whole bool

	mu    sync.RWMutex
	codes map[string]rune // the first code of a letter
	cells []glyph         // by code, counted from firstCode
}

// glyph is one cell of a letter.
type glyph struct {
	text string
	part int // which of its cells
	of   int // how many it has
}

// The private codes: the first supplementary plane for private use, which in
// UTF-8 begins with leadByte.
const (
	firstCode = 0xF0000
	lastCode  = 0xFFFFD
	leadByte  = 0xF3
)

func newGlyphs() *glyphs { return &glyphs{codes: map[string]rune{}} }

// hide replaces the letters of a screen that the renderer must not see. Where a
// terminal needs more cells for a letter than the layout has given it, they are
// taken from the next gap in the line, so that columns stay where they are.
func (g *glyphs) hide(s string) string {
	if nextOdd(s, 0) == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 64)
	for line := range strings.Lines(s) {
		g.hideLine(&b, line)
	}
	return b.String()
}

func (g *glyphs) hideLine(b *strings.Builder, s string) {
	debt, i := 0, 0
	for {
		odd := nextOdd(s, i)
		debt = squeeze(b, s[i:odd], debt)
		if odd == len(s) {
			return
		}
		letter, laid := ansi.FirstGraphemeCluster(s[odd:], ansi.GraphemeWidth)
		i = odd + len(letter)
		cells := laid
		if !g.whole {
			cells = max(ansi.WcWidth.StringWidth(letter), laid)
		}
		code, ok := g.code(letter, cells)
		if !ok {
			b.WriteString(letter)
			continue
		}
		for n := range cells {
			b.WriteRune(code + rune(n))
		}
		debt += cells - laid
	}
}

// squeeze copies a text and leaves out as many spaces as are owed, but never
// the last one of a gap. It returns what is still owed.
func squeeze(b *strings.Builder, s string, debt int) int {
	for debt > 0 {
		i := strings.Index(s, "  ")
		if i < 0 {
			break
		}
		b.WriteString(s[:i])
		s = s[i+1:]
		debt--
	}
	b.WriteString(s)
	return debt
}

// nextOdd returns the place of the next letter that may need replacing, from i
// on; the end of the text when there is none.
func nextOdd(s string, i int) int {
	for i < len(s) {
		if s[i] < 0xE0 { // below U+0800: letters of one cell
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if odd(r) {
			return i
		}
		i += n
	}
	return len(s)
}

// odd reports whether a letter may have two cells, or a width that terminals do
// not agree on. Punctuation, arrows, lines and blocks have one.
func odd(r rune) bool {
	return r >= 0x0900 && r < 0x1E00 || r >= 0x2B00 || r >= 0x2600 && r < 0x2800
}

// joined reports whether letters of a script join, so that a word must be
// written in one go: the scripts of India, Thai, Lao, Tibetan, Burmese, Khmer.
func joined(r rune) bool { return r >= 0x0900 && r < 0x10A0 || r >= 0x1780 && r < 0x1800 }

// code returns the first code of a letter, a new one if need be. It reports
// false for a letter that may stay as it is.
func (g *glyphs) code(letter string, cells int) (rune, bool) {
	r, _ := utf8.DecodeRuneInString(letter)
	private := r >= firstCode && r <= lastCode
	if cells < 1 || cells == 1 && !private && !joined(r) {
		return 0, false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if code, ok := g.codes[letter]; ok {
		return code, true
	}
	code := rune(firstCode + len(g.cells))
	if code+rune(cells) > lastCode {
		return 0, false
	}
	text := letter
	if private {
		text = string(utf8.RuneError)
	}
	for n := range cells {
		g.cells = append(g.cells, glyph{text, n, cells})
	}
	g.codes[letter] = code
	return code, true
}

// writer puts the letters back into what the renderer writes to a terminal. Last
// returns what is said before the alternate screen is left.
func (g *glyphs) writer(out io.Writer, last func() string) io.Writer {
	w := &glyphWriter{g: g, out: &parting{out, last}}
	if f, ok := out.(term.File); ok {
		return &glyphFile{File: f, w: w}
	}
	return w
}

// glyphFile is a glyphWriter that is still a terminal.
type glyphFile struct {
	term.File
	w *glyphWriter
}

// Write implements io.Writer.
func (f *glyphFile) Write(p []byte) (int, error) { return f.w.Write(p) }

type glyphWriter struct {
	g    *glyphs
	out  io.Writer
	rest []byte // the beginning of a code whose end has not come yet
	buf  bytes.Buffer
}

// Write implements io.Writer. What it returns counts the bytes that came in.
func (w *glyphWriter) Write(p []byte) (int, error) {
	in := p
	if len(w.rest) > 0 {
		in = append(w.rest, p...)
		w.rest = nil
	}
	w.buf.Reset()
	w.show(in)
	if w.buf.Len() == 0 {
		return len(p), nil
	}
	if _, err := w.out.Write(w.buf.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// show copies in to the buffer, letters put back.
func (w *glyphWriter) show(in []byte) {
	for len(in) > 0 {
		i := bytes.IndexByte(in, leadByte)
		if i < 0 {
			w.buf.Write(in)
			return
		}
		w.buf.Write(in[:i])
		in = in[i:]
		if !utf8.FullRune(in) {
			w.rest = bytes.Clone(in)
			return
		}
		n := w.run(in)
		if n == 0 {
			w.buf.WriteByte(in[0])
			n = 1
		}
		in = in[n:]
	}
}

// run puts back the letters at the beginning of in and returns how many bytes
// of codes that were. The cursor is kept before them and then moved over as many
// cells as there were codes.
func (w *glyphWriter) run(in []byte) int {
	w.g.mu.RLock()
	defer w.g.mu.RUnlock()
	used, cells := 0, 0
	for used < len(in) {
		r, n := utf8.DecodeRune(in[used:])
		i := int(r) - firstCode
		if i < 0 || i >= len(w.g.cells) {
			break
		}
		if cells == 0 {
			w.buf.WriteString(ansi.SaveCursor)
		}
		w.put(w.g.cells[i], cells)
		used += n
		cells++
	}
	if cells > 0 {
		w.buf.WriteString(ansi.RestoreCursor + "\x1b[" + strconv.Itoa(cells) + "C")
	}
	return used
}

// put writes the letter at its first cell. A run that begins inside a letter
// steps back to where the letter begins.
func (w *glyphWriter) put(c glyph, at int) {
	switch {
	case c.part == 0:
		w.buf.WriteString(c.text)
	case at == 0:
		w.buf.WriteString("\x1b[" + strconv.Itoa(c.part) + "D" + c.text)
	}
}
