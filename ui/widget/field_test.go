package widget

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var none = lipgloss.NewStyle()

// editKeys are keys by the names that Bubble Tea gives them.
var editKeys = map[string]tea.KeyPressMsg{
	"left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight}, "up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown},
	"home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd}, "backspace": {Code: tea.KeyBackspace}, "delete": {Code: tea.KeyDelete},
	"enter": {Code: tea.KeyEnter}, "tab": {Code: tea.KeyTab}, "f5": {Code: tea.KeyF5}, "pgdown": {Code: tea.KeyPgDown},
	"alt+backspace": {Code: tea.KeyBackspace, Mod: tea.ModAlt}, "alt+left": {Code: tea.KeyLeft, Mod: tea.ModAlt},
}

func keyOf(name string) tea.KeyPressMsg {
	if k, ok := editKeys[name]; ok {
		return k
	}
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModCtrl}
	}
	if rest, ok := strings.CutPrefix(name, "alt+"); ok {
		return tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModAlt}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

func (f *Field) press(keys ...string) *Field {
	for _, k := range keys {
		f.Key(keyOf(k))
	}
	return f
}

// under returns the letter under the cursor, in a drawn line or area.
func under(drawn string) string {
	_, rest, ok := strings.Cut(drawn, "\x1b[7m")
	if !ok {
		return ""
	}
	out, _, _ := strings.Cut(rest, "\x1b")
	return out
}

func (f *Field) draw(w int) string { return f.Line(w, true, none, none, none) }

func TestFieldIsEdited(t *testing.T) {
	for keys, want := range map[string]string{
		"":                         "one two ten|",
		"x":                        "one two tenx|",
		"left left x":              "one two tx|en",
		"home x":                   "x|one two ten",
		"ctrl+a delete":            "|ne two ten",
		"ctrl+a ctrl+d right":      "n|e two ten",
		"home end backspace":       "one two te|",
		"ctrl+b ctrl+b ctrl+f":     "one two te|n",
		"home ctrl+e ctrl+h":       "one two te|",
		"ctrl+w":                   "one two |",
		"alt+backspace ctrl+w":     "one |",
		"ctrl+w left ctrl+w":       "one | ",
		"alt+b":                    "one two |ten",
		"alt+left alt+b":           "one |two ten",
		"alt+b alt+b ctrl+k":       "one |",
		"alt+b ctrl+u":             "|ten",
		"home alt+f":               "one| two ten",
		"home left backspace":      "|one two ten",
		"right delete":             "one two ten|",
		"ctrl+v alt+d up down tab": "one two ten|",
		"ctrl+u x ctrl+a alt+b":    "|x",
		"ctrl+u ctrl+w ctrl+k":     "|",
		"left alt+d alt+d":         "one two te|n",
		"ctrl+u ☺ 愛 ctrl+b":        "☺|愛",
	} {
		f := NewField("", "one two ten").press(strings.Fields(keys)...)
		runes, at := []rune(f.Text()), f.in.Position()
		require.Equal(t, want, string(runes[:at])+"|"+string(runes[at:]), keys)
	}
}

func TestFieldSaysWhetherTheTextChanged(t *testing.T) {
	f := NewField("", "ab")
	require.True(t, f.Key(keyOf("c")))
	require.True(t, f.Key(keyOf("backspace")))
	require.False(t, f.Key(keyOf("left")))
	require.False(t, f.Key(keyOf("f5")))
	require.True(t, f.Insert("x"))
	require.False(t, f.Insert("\x1b\n"))
}

// Over SSH the clipboard of this machine is not that of the person, and a
// cursor that blinks would keep the machine awake.
func TestFieldsAskForNothing(t *testing.T) {
	f, a := NewField("hint", "text"), NewArea("hint")
	f.draw(10)
	a.draw(10, 3)
	for _, k := range append([]string{"ctrl+v", "ctrl+shift+v", "x"}, strings.Fields("left backspace enter tab alt+d ctrl+t alt+u pgdown")...) {
		_, cmd := f.in.Update(keyOf(k))
		require.Nil(t, cmd, k)
		_, cmd = a.in.Update(keyOf(k))
		require.Nil(t, cmd, k)
	}
	require.Nil(t, f.in.Focus())
	require.Nil(t, a.in.Focus())
}

func TestPastedTextIsCleanedAndFlat(t *testing.T) {
	f := NewField("", "<>").press("left")
	f.Insert("A\tB\x1b[31m\x1b]52;c;AAAA\x07\u202e\u200b\x00\r\nC\n")
	require.Equal(t, "<A B C>", f.Text())
	require.Equal(t, ">", under(f.draw(20)))
	f.Set("x\x1b[2Jy\nz\n")
	require.Equal(t, "xy z", f.Text())
	f.Key(tea.KeyPressMsg{Code: 'a', Text: "a\u202e"})
	require.Equal(t, "xy za", f.Text(), "typed text is cleaned too")
	f.Key(tea.KeyPressMsg{Code: tea.KeyExtended, Text: "home"})
	require.Equal(t, "xy zahome", f.Text(), "a word from an input method is no key")
}

func TestLettersGoWithTheirMarks(t *testing.T) {
	const name = "Adébáyọ̀" // the last letter has a mark of its own
	require.Equal(t, "Adébáy", NewField("", name).press("backspace").Text())
	require.Equal(t, "Adébáy", NewField("", name).press("left", "delete").Text())
	require.Equal(t, "Adébáyxọ̀", NewField("", name).press("left", "x").Text())
	require.Equal(t, "Adébáyọ̀x", NewField("", name).press("left", "right", "x").Text())
	for _, letter := range []string{"愛", "한", "नि", "👍🏽", "🇲🇽", "é", "ạ̈"} {
		f := NewField("", "a"+letter+"b")
		require.Equal(t, "ab", f.press("left", "backspace").Text(), letter)
		f = NewField("", "a"+letter+"b")
		require.Equal(t, "ab", f.press("home", "right", "delete").Text(), letter)
	}
}

func TestSecretShowsDotsOnly(t *testing.T) {
	f := NewSecret()
	f.Insert("sÉcret wörd")
	for _, focused := range []bool{true, false} {
		line := ansi.Strip(f.Line(20, focused, none, none, none))
		require.Equal(t, "•••••••••••", strings.TrimSpace(line))
		require.Equal(t, 20, Width(line))
	}
	f.press("left", "left")
	require.Equal(t, "•", under(f.draw(20)))
	require.Equal(t, "•••••••••", strings.TrimSpace(ansi.Strip(f.draw(10))))
	f.press("backspace")
	require.Equal(t, "sÉcret wrd", f.Text())
	f.press("ctrl+w")
	require.Equal(t, "rd", f.Text(), "where words end is secret too")
}

func TestHintIsThereUntilSomethingIs(t *testing.T) {
	f := NewField("name, id, tag", "")
	require.Equal(t, "name, id, tag  ", ansi.Strip(f.draw(15)))
	require.Equal(t, "n", under(f.draw(15)))
	require.Equal(t, "name, id, tag  ", ansi.Strip(f.Line(15, false, none, none, none)))
	require.Equal(t, "name,…", ansi.Strip(f.draw(6)))
	f.press("x")
	require.Equal(t, "x              ", ansi.Strip(f.draw(15)))
}

func TestFieldTakesItsLookFromTheTheme(t *testing.T) {
	text, cursor, hint := none.Foreground(lipgloss.Color("#0000a1")), none.Foreground(lipgloss.Color("#0000a2")), none.Foreground(lipgloss.Color("#0000a3"))
	require.Equal(t, "\x1b[7;38;2;0;0;162ma\x1b[m\x1b[38;2;0;0;163mny\x1b[m\x1b[38;2;0;0;163m \x1b[m", NewField("any", "").Line(4, true, text, cursor, hint))
	require.Equal(t, "\x1b[38;2;0;0;161mab\x1b[m\x1b[7;38;2;0;0;162m \x1b[m\x1b[38;2;0;0;161m \x1b[m", NewField("any", "ab").Line(4, true, text, cursor, hint))
}

func TestPartAroundTheCursorIsInSight(t *testing.T) {
	f := NewField("", strings.Repeat("a", 50)+"END")
	require.Contains(t, ansi.Strip(f.draw(10)), "END")
	f.press("home")
	require.Equal(t, "a", under(f.draw(10)))
	for range 20 {
		f.press("愛")
		require.NotEmpty(t, under(f.draw(10)), "wide letters push the cursor out of sight")
	}
	f.press("end")
	require.Contains(t, ansi.Strip(f.draw(20)), "aaaaaaEND", "a wider field shows more")
	require.Equal(t, " ", under(f.draw(6)))
}

var manyKeys = strings.Fields("left right home end backspace delete enter up down ctrl+u ctrl+k ctrl+w alt+b alt+f ctrl+d ctrl+j alt+backspace ctrl+v pgdown alt+d ctrl+t")

// Whatever is typed: the width is exact, the cursor is to be seen, and nothing
// that a terminal would obey gets in.
func TestFieldFitsAnyWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := NewField(rapid.SampledFrom([]string{"", "a hint"}).Draw(t, "hint"), text.Draw(t, "at first"))
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "key") {
				f.press(rapid.SampledFrom(manyKeys).Draw(t, "key"))
			} else {
				f.Insert(rapid.OneOf(text, rapid.String()).Draw(t, "text"))
			}
			w := rapid.IntRange(1, 40).Draw(t, "width")
			require.Equal(t, w, ansi.StringWidth(f.draw(w)))
			require.Equal(t, w, ansi.StringWidth(f.Line(w, false, none, none, none)))
			require.Equal(t, OneLine(f.Text()), OneLine(Harmless(f.Text())))
			require.NotContains(t, f.Text(), "\n")
		}
	})
}

func TestCursorIsAlwaysInSight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := NewField("", "")
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			f.press(rapid.SampledFrom(manyKeys).Draw(t, "key"))
			f.Insert(text.Draw(t, "text"))
			w := rapid.IntRange(3, 40).Draw(t, "width")
			require.Contains(t, f.draw(w), "\x1b[7m", "width %d", w)
		}
	})
}

// One press of backspace takes one letter, and delete takes the next.
func TestKeysGoByLetters(t *testing.T) {
	letters := func(s string) (out []string) {
		for s != "" {
			l, _ := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
			out, s = append(out, l), s[len(l):]
		}
		return out
	}
	rapid.Check(t, func(t *rapid.T) {
		s := flat(text.Draw(t, "text"))
		all := letters(s)
		f := NewField("", s)
		back := rapid.IntRange(0, len(all)).Draw(t, "back")
		for range back {
			f.press("left")
		}
		at := len(all) - back
		if at > 0 && rapid.Bool().Draw(t, "backspace") {
			f.press("backspace")
			require.Equal(t, strings.Join(all[:at-1], "")+strings.Join(all[at:], ""), f.Text())
			return
		}
		f.press("delete")
		require.Equal(t, strings.Join(all[:at], "")+strings.Join(all[min(at+1, len(all)):], ""), f.Text())
	})
}
