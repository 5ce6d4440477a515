package widget

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func (a *Area) draw(w, h int) string {
	return strings.Join(a.Lines(w, h, true, none, none, none), "\n")
}

// marked returns the text with a bar where the cursor is.
func (a *Area) marked() string {
	lines := strings.Split(a.Text(), "\n")
	runes, at := []rune(lines[a.in.Line()]), a.in.Column()
	lines[a.in.Line()] = string(runes[:at]) + "|" + string(runes[at:])
	return strings.Join(lines, "\n")
}

func area(text string, keys ...string) *Area {
	a := NewArea("")
	a.Insert(text)
	a.draw(20, 5)
	for _, k := range keys {
		a.Key(keyOf(k))
	}
	return a
}

func TestAreaIsEdited(t *testing.T) {
	for keys, want := range map[string]string{
		"":                               "one two\nx\nlast|",
		"enter y":                        "one two\nx\nlast\ny|",
		"ctrl+j y":                       "one two\nx\nlast\ny|",
		"up":                             "one two\nx|\nlast",
		"up up":                          "one |two\nx\nlast",
		"up down":                        "one two\nx\nlast|",
		"home backspace":                 "one two\nx|last",
		"up delete":                      "one two\nx|last",
		"up home delete":                 "one two\n|\nlast",
		"left delete":                    "one two\nx\nlas|",
		"delete ctrl+d":                  "one two\nx\nlast|",
		"home left":                      "one two\nx|\nlast",
		"up right":                       "one two\nx\n|last",
		"ctrl+w ctrl+w":                  "one two\nx|",
		"home alt+b alt+b":               "one |two\nx\nlast",
		"alt+b alt+b alt+b alt+b alt+b":  "|one two\nx\nlast",
		"up up home alt+f":               "one| two\nx\nlast",
		"up up ctrl+k":                   "one |\nx\nlast",
		"up up left ctrl+u":              "| two\nx\nlast",
		"up up up up home":               "|one two\nx\nlast",
		"ctrl+v pgdown tab alt+d ctrl+t": "one two\nx\nlast|",
	} {
		require.Equal(t, want, area("one two\nx\nlast", strings.Fields(keys)...).marked(), keys)
	}
}

// The text area of the library looks for a word before the beginning for ever.
func TestWordBeforeTheBeginning(t *testing.T) {
	for _, text := range []string{"", " ", "\n\n", "  x"} {
		a := area(text, "alt+b", "alt+left", "alt+b")
		require.Equal(t, text, a.Text())
	}
	require.Equal(t, "|  ", area("  ", "alt+b").marked())
	require.Equal(t, "  |x", area("  x", "alt+b").marked())
	require.Equal(t, "|  x", area("  x", "alt+b", "alt+b").marked())
}

func TestAreaKeepsLettersWhole(t *testing.T) {
	require.Equal(t, "Adébáy|", area("Adébáyọ̀", "backspace").marked())
	require.Equal(t, "Adébáy|\nx", area("Adébáyọ̀\nx", "up", "end", "left", "delete").marked())
	require.Equal(t, "ọ̀|ọ̀\nx", area("ọ̀ọ̀\nx", "up").marked(), "up goes beside a letter, not into it")
	require.Equal(t, "🇲🇽|\nx", area("🇲🇽🇲🇽\nx", "up", "end", "backspace").marked())
}

func TestAreaTakesManyLines(t *testing.T) {
	ids := strings.Repeat("5f9a41c2d07e4b12a3c8b7e0\r\n", 1500)
	a := area(ids)
	require.Equal(t, 1501, strings.Count(a.Text(), "\n")+1)
	a.Key(keyOf("enter"))
	require.Equal(t, 1502, strings.Count(a.Text(), "\n")+1)
	require.Equal(t, "A B\nC", area("A\tB\x1b[31m\u202e\r\nC\x00").Text())
}

func TestAreaWrapsAndShowsTheCursor(t *testing.T) {
	a := area("a note that is longer than its area\nsecond")
	require.Equal(t, "a note that  \nis longer    \nthan its     \narea         \nsecond       ", ansi.Strip(a.draw(13, 5)))
	require.Equal(t, "area         \nsecond       ", ansi.Strip(a.draw(13, 2)))
	require.Contains(t, a.draw(13, 2), "\x1b[7m")
	require.NotContains(t, strings.Join(a.Lines(13, 2, false, none, none, none), ""), "\x1b[7m")
	a = NewArea("one id a line")
	require.Equal(t, "one id a line  \n               ", ansi.Strip(a.draw(15, 2)))
}

func TestAreaFitsAnySize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := NewArea(rapid.SampledFrom([]string{"", "a hint"}).Draw(t, "hint"))
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "key") {
				a.Key(keyOf(rapid.SampledFrom(manyKeys).Draw(t, "key")))
			} else {
				a.Insert(rapid.OneOf(text, rapid.Just("two\nlines"), rapid.String()).Draw(t, "text"))
			}
			w, h := rapid.IntRange(1, 40).Draw(t, "width"), rapid.IntRange(1, 8).Draw(t, "height")
			lines := a.Lines(w, h, rapid.Bool().Draw(t, "focused"), none, none, none)
			require.Len(t, lines, h)
			for _, l := range lines {
				require.Equal(t, w, ansi.StringWidth(l))
			}
		}
	})
}

func TestCursorOfAnAreaIsAlwaysInSight(t *testing.T) {
	text := rapid.StringOf(rapid.RuneFrom([]rune("ab c-Åéñọ̀東京愛\n")))
	rapid.Check(t, func(t *rapid.T) {
		a := NewArea("")
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			a.Key(keyOf(rapid.SampledFrom(manyKeys).Draw(t, "key")))
			a.Insert(text.Draw(t, "text"))
			w, h := rapid.IntRange(4, 40).Draw(t, "width"), rapid.IntRange(1, 8).Draw(t, "height")
			require.Contains(t, a.draw(w, h), "\x1b[7m", "%d by %d", w, h)
		}
	})
}
