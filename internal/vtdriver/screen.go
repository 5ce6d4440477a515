package vtdriver

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
)

// See waits until every one of the texts is on the screen at the same moment.
// A text must stand within one row; matching is exact.
func (d *Driver) See(texts ...string) *Driver {
	d.t.Helper()
	d.until(func(screen string) bool {
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return false
			}
		}
		return true
	}, "never saw %q", texts)
	return d
}

// SeeMatch waits until the screen matches the regular expression. Rows are
// separated by line feeds; use (?s) to match across them.
func (d *Driver) SeeMatch(pattern string) *Driver {
	d.t.Helper()
	re := regexp.MustCompile(pattern)
	d.until(re.MatchString, "nothing ever matched %q", pattern)
	return d
}

// Gone waits until the text is not on the screen.
func (d *Driver) Gone(text string) *Driver {
	d.t.Helper()
	d.until(func(screen string) bool { return !strings.Contains(screen, text) }, "%q never went away", text)
	return d
}

// Until waits until the condition holds for the screen; what says in words what
// was waited for.
func (d *Driver) Until(what string, condition func(screen string) bool) *Driver {
	d.t.Helper()
	d.until(condition, "never came: %s", what)
	return d
}

func (d *Driver) until(condition func(screen string) bool, format string, args ...any) {
	d.t.Helper()
	if !d.waitFor(condition) {
		d.fail(format, args...)
	}
}

// waitFor reports whether the condition came to hold before the deadline. It
// gives up early when the program has ended: nothing will change any more.
func (d *Driver) waitFor(condition func(screen string) bool) bool {
	timeout := time.NewTimer(d.deadline)
	defer timeout.Stop()
	exited := d.exited
	for {
		var screen string
		changed := d.terminal.look(func() { screen = strings.Join(d.terminal.rows(), "\n") })
		if condition(screen) {
			return true
		}
		if exited == nil {
			return false
		}
		select {
		case <-changed:
		case <-exited:
			exited = nil // look once more: the last output came before the end
		case <-timeout.C:
			return false
		}
	}
}

// Settled waits until the program has handled what was typed and has sent
// nothing for a while. It is for snapshots only: whatever can be named should
// be waited for by name, with See. A program that never rests fails the test.
func (d *Driver) Settled() *Driver {
	d.t.Helper()
	d.Sync()
	timeout := time.NewTimer(d.deadline)
	defer timeout.Stop()
	for {
		changed := d.terminal.look(func() {})
		select {
		case <-changed:
		case <-d.exited:
			return d
		case <-time.After(settleQuiet):
			return d
		case <-timeout.C:
			d.fail("the screen never came to rest")
		}
	}
}

// Screen is the screen as plain text: as many rows as the terminal has, without
// trailing blanks, separated by line feeds.
func (d *Driver) Screen() string {
	var screen string
	d.terminal.look(func() { screen = strings.Join(d.terminal.rows(), "\n") })
	return screen
}

// Styled is the screen with its colours and attributes as SGR sequences. What
// nobody sees is not in it: which colour a letter would have had where there is a
// blank depends on the order in which frames were drawn.
func (d *Driver) Styled() string {
	var screen string
	d.terminal.look(func() { screen = seen(d.terminal.emulator).Render() })
	return screen
}

// seen copies a screen. Blanks between letters of one style have that style too,
// others nothing but their background.
func seen(screen uv.Screen) uv.ScreenBuffer {
	area := screen.Bounds()
	out := uv.NewScreenBuffer(area.Dx(), area.Dy())
	for y := range area.Dy() {
		var before uv.Style
		var blanks []int // since the last letter
		for x := range area.Dx() {
			c := screen.CellAt(x, y)
			if c == nil || c.Width == 0 {
				continue // the second half of a wide letter
			}
			if c.Content == " " && bare(c.Style) {
				out.SetCell(x, y, &uv.Cell{Content: " ", Width: 1, Style: uv.Style{Bg: c.Style.Bg}})
				blanks = append(blanks, x)
				continue
			}
			if bare(before) && before.Equal(&c.Style) {
				within(out, y, blanks, before)
			}
			out.SetCell(x, y, c.Clone())
			before, blanks = c.Style, nil
		}
	}
	return out
}

// within gives blanks the style of the letters around them, if all have its
// background.
func within(out uv.ScreenBuffer, y int, blanks []int, around uv.Style) {
	back := uv.Style{Bg: around.Bg}
	for _, x := range blanks {
		if !back.Equal(&out.CellAt(x, y).Style) {
			return
		}
	}
	for _, x := range blanks {
		out.SetCell(x, y, &uv.Cell{Content: " ", Width: 1, Style: around})
	}
}

// bare reports whether of a blank of the style only the background is seen.
func bare(s uv.Style) bool {
	return s.Underline == uv.UnderlineNone && s.Attrs&(uv.AttrReverse|uv.AttrStrikethrough|uv.AttrConceal) == 0
}

// Row is one row of the screen as plain text, counted from 0 at the top, or
// from -1 at the bottom; "" outside the screen.
func (d *Driver) Row(n int) string {
	var row string
	d.terminal.look(func() {
		rows := d.terminal.rows()
		if n < 0 {
			n += len(rows)
		}
		if n >= 0 && n < len(rows) {
			row = rows[n]
		}
	})
	return row
}

// Cursor is where the cursor stands, in cells from the top left, and whether it
// can be seen.
func (d *Driver) Cursor() (column, row int, visible bool) {
	d.terminal.look(func() {
		at := d.terminal.emulator.CursorPosition()
		column, row, visible = at.X, at.Y, !d.terminal.hidden
	})
	return column, row, visible
}

// AltScreen reports whether the program is on the alternate screen.
func (d *Driver) AltScreen() bool {
	var alt bool
	d.terminal.look(func() { alt = d.terminal.emulator.IsAltScreen() })
	return alt
}

// Title is the window title that was set last.
func (d *Driver) Title() string {
	var title string
	d.terminal.look(func() { title = d.terminal.title })
	return title
}

// Clipboard is the text that was copied last by OSC 52, decoded.
func (d *Driver) Clipboard() string {
	var text string
	d.terminal.look(func() { text = d.terminal.clipboard })
	return text
}

// Output is every byte that the program has sent since the start or the last
// [Driver.ResetOutput].
func (d *Driver) Output() []byte {
	var out []byte
	d.terminal.look(func() { out = bytes.Clone(d.terminal.raw.Bytes()) })
	return out
}

// ResetOutput forgets the bytes sent so far; the screen stays.
func (d *Driver) ResetOutput() *Driver {
	d.terminal.look(d.terminal.raw.Reset)
	return d
}

// frame draws the screen with an edge, for failures.
func (d *Driver) frame() string {
	var out strings.Builder
	d.terminal.look(func() {
		edge := strings.Repeat("─", d.terminal.emulator.Width())
		fmt.Fprintf(&out, "┌%s\n", edge)
		for _, row := range d.terminal.rows() {
			fmt.Fprintf(&out, "│%s\n", row)
		}
		fmt.Fprintf(&out, "└%s", edge)
	})
	return out.String()
}
