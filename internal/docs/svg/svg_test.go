package svg

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func draw(t *testing.T, screen string, width, height int) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, Write(&b, screen, `a "title" & more`, width, height, Dark))
	d := xml.NewDecoder(strings.NewReader(b.String()))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err, b.String())
	}
	return b.String()
}

func TestOneTextEachStyle(t *testing.T) {
	out := draw(t, "plain \x1b[1;38;2;255;0;0mbold red\x1b[m rest", 40, 1)
	require.Contains(t, out, `>plain</text>`)
	require.Contains(t, out, `class="c0 b">bold red</text>`)
	require.Contains(t, out, ".c0{fill:#ff0000}")
	require.Equal(t, 3, strings.Count(out, "<text "))
}

func TestTextStandsInItsCells(t *testing.T) {
	out := draw(t, "a   <b>", 10, 1)
	require.Contains(t, out, `<text x="0" y="13.5" textLength="8.4" lengthAdjust="spacingAndGlyphs">a</text>`)
	require.Contains(t, out, `<text x="33.6" y="13.5" textLength="25.2" lengthAdjust="spacingAndGlyphs">&lt;b&gt;</text>`)
}

func TestWideCharactersTakeTwoCells(t *testing.T) {
	out := draw(t, "中島  x", 10, 1)
	require.Contains(t, out, `textLength="33.6" lengthAdjust="spacingAndGlyphs">中島</text>`)
	require.Contains(t, out, `<text x="50.4"`)
}

func TestFramesAreLines(t *testing.T) {
	out := draw(t, "┌─┐\n│x│\n└─┘", 3, 3)
	require.Equal(t, 1, strings.Count(out, "<text "), "the x alone is text")
	require.Equal(t, 1, strings.Count(out, "<path "), "one path for a colour and a thickness")
	bars := draw(t, "█░", 3, 1)
	require.NotContains(t, bars, "<text ")
	require.Contains(t, bars, `fill-opacity="0.25"`)
}

func TestBackgroundAndReverse(t *testing.T) {
	out := draw(t, "\x1b[48;5;21mon\x1b[0m \x1b[7mback\x1b[27m \x1b[31;103mx", 20, 1)
	require.Contains(t, out, `width="16.8" height="18" fill="#0000ff"`)
	require.Contains(t, out, `fill="`+Dark.Text+`"/>`, "reverse puts the text's colour behind it")
	require.Equal(t, 3, strings.Count(out, "<rect x="))
}

func TestRowsAndCellsBeyondTheScreenAreCutOff(t *testing.T) {
	out := draw(t, "0123456789\nsecond\nthird", 4, 2)
	require.Contains(t, out, ">0123</text>")
	require.Contains(t, out, ">seco</text>")
	require.NotContains(t, out, "third")
}

func TestTheSameScreenIsTheSamePicture(t *testing.T) {
	screen := "\x1b[31ma\x1b[32mb\x1b[33mc ┌┏█▒"
	require.Equal(t, draw(t, screen, 20, 2), draw(t, screen, 20, 2))
}

// Half blocks are areas, in one path a colour, and leave no seams.
func TestHalfBlocksAreAreas(t *testing.T) {
	out := draw(t, "\x1b[38;2;1;2;3;48;2;4;5;6m▀▀\x1b[m▄", 4, 1)
	require.Contains(t, out, `<path class="p" fill="#010203" d="M0 0h8.4v9h-8.4zM8.4 0h8.4v9h-8.4z"/>`)
	require.Contains(t, out, `fill="#040506"/>`)
	require.Contains(t, out, `d="M16.8 9h8.4v9h-8.4z"/>`)
	require.NotContains(t, out, "<text")
}
