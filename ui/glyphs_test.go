package ui

import (
	"bytes"
	"io"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/internal/vtdriver"
	"docket/ui/uitest"
)

var words = []string{"ab ", "é", "─◆✓…", "田中", "愛", "विक्रम", "ไทย", "한국어", "🙂", "محمد", "\x1b[1m", "\x1b[m", "\U000F0001"}

// What is hidden has one cell a code, as many as the letters had, and comes
// back as it was, however the renderer cuts its writes.
func TestHiddenLettersComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := newGlyphs()
		g.whole = true
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 12).Draw(t, "words"), "")
		hidden := g.hide(text)
		require.Equal(t, ansi.StringWidth(text), ansi.StringWidth(hidden))
		require.Equal(t, ansi.StringWidth(hidden), ansi.StringWidthWc(hidden), "both measures agree on what is hidden")

		out := shown(t, g, hidden)
		want := strings.ReplaceAll(ansi.Strip(text), "\U000F0001", "\uFFFD")
		require.Equal(t, want, ansi.Strip(out))

		at := rapid.IntRange(0, len(hidden)).Draw(t, "cut")
		one, two := vt.NewEmulator(100, 1), vt.NewEmulator(100, 1)
		write(t, one, out)
		write(t, two, shown(t, g, hidden[:at], hidden[at:]))
		require.Equal(t, one.Render(), two.Render())
		require.Equal(t, ansi.StringWidth(text), one.CursorPosition().X)
	})
}

// shown returns what reaches the terminal of some writes.
func shown(t require.TestingT, g *glyphs, parts ...string) string {
	var out bytes.Buffer
	w := g.writer(&out, nothing)
	for _, part := range parts {
		write(t, w, part)
	}
	return out.String()
}

func write(t require.TestingT, w io.Writer, text string) {
	n, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.Equal(t, len(text), n)
}

// A terminal that adds up the widths of code points needs more cells for some
// letters. They come out of the next gap.
func TestGapsGiveWayToWideLetters(t *testing.T) {
	g := newGlyphs()
	for _, name := range []string{"विक्रम पटेल", "田中 愛子", "Lucía"} {
		line := name + "        IND" + "\n" + "second"
		hidden := g.hide(line)
		first, second, _ := strings.Cut(hidden, "\n")
		require.Equal(t, ansi.StringWidth(name)+11, ansi.StringWidth(first), name)
		require.True(t, strings.HasSuffix(first, " IND"))
		require.Equal(t, "second", second)
	}
	require.True(t, strings.HasSuffix(g.hide("विक्रम  IND"), " IND"), "a gap never closes")
}

func TestOrdinaryTextIsLeftAlone(t *testing.T) {
	for _, s := range []string{"", "plain", "\x1b[31mred\x1b[m", "─│┌◆✓✗…•↑", "محمد Ñandú Шевченко"} {
		require.Equal(t, s, newGlyphs().hide(s))
	}
}

// An emulated terminal shows the screen with letters hidden from the renderer
// as the one without.
func TestScreenIsTheSameWithHiddenLetters(t *testing.T) {
	g := newGlyphs()
	line := "> 田中 愛子   JPN  विक्रम   IND"
	em := vt.NewEmulator(40, 2)
	w := g.writer(em, nothing)
	_, err := w.Write([]byte(g.hide(line) + "|"))
	require.NoError(t, err)
	require.Equal(t, ansi.StringWidth(line), em.CursorPosition().X-1, "the cursor is where the renderer believes it to be")
	require.Contains(t, ansi.Strip(em.Render()), "> 田中 愛子   JPN")
}

// Moving the cursor costs the same with names in any script in sight.
func TestKeyCostsFewBytesWithAnyScript(t *testing.T) {
	cost := func(hide bool) int {
		root := newRoot(t.Context(), t, uitest.New(nil))
		if hide {
			root.glyphs = newGlyphs()
		}
		d := vtdriver.StartModel(t, root, vtdriver.ProgramOptions(tea.WithFPS(120)))
		d.See("1 of 5").Press("9").See("1 of 13").Settled()
		d.ResetOutput().Press("j").See("2 of 13").Settled()
		return len(d.Output())
	}
	plain, hidden := cost(false), cost(true)
	require.Less(t, hidden, plain)
	require.Less(t, hidden, 300)
}

// nothing is what a console says that leaves no picture behind.
func nothing() string { return "" }
