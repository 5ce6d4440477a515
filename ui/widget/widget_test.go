package widget

import (
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var text = rapid.StringOf(rapid.RuneFrom([]rune("ab c-ÅéñŁ東京愛محمدשלוםกำ̀❤🙂")))

func TestTextFitsExactly(t *testing.T) {
	style := lipgloss.NewStyle().Foreground(lipgloss.Color("#ff0000")).Bold(true)
	rapid.Check(t, func(t *rapid.T) {
		s, w := text.Draw(t, "text"), rapid.IntRange(0, 40).Draw(t, "width")
		if rapid.Bool().Draw(t, "styled") {
			s = style.Render(s)
		}
		require.Equal(t, w, ansi.StringWidth(Fit(s, w)))
		require.LessOrEqual(t, ansi.StringWidth(Clip(s, w)), w)
		require.LessOrEqual(t, ansi.StringWidth(ClipMiddle(s, w)), w)
		require.Equal(t, w, ansi.StringWidth(Ends(s, "end", w)))
		require.Equal(t, w, ansi.StringWidth(FitRight("1"+s, w)), "a mark that combines must not join the filling")
	})
}

func TestHarmlessTextObeysNothing(t *testing.T) {
	evil := "EVIL\x1b]52;c;AAAA\x07\x1b[2J\u202eabc\u200b\u0085x\x00y\r\nz\tw"
	require.Equal(t, "EVILabcxy z w", OneLine(evil))
	require.Equal(t, "EVILabcxy\nz w", Harmless(evil))
	rapid.Check(t, func(t *rapid.T) {
		out := OneLine(rapid.String().Draw(t, "text"))
		require.NotContains(t, out, "\n")
		for _, r := range out {
			require.False(t, r < ' ' || r >= 0x7f && r < 0xa0, "%U came through", r)
		}
	})
}

func TestTabsFitAndKeepTheChosenInSight(t *testing.T) {
	tabs := []Tab{{"1", "Needs review", "Review", "1,000,000"}, {"2", "Mine", "", "0"}, {"3", "In progress", "Open", "63"}, {"4", "Everything there is", "All", "1,000,400"}}
	for w := 12; w < 120; w++ {
		for on := range tabs {
			line := Tabs(tabs, on, w, TabStyles{})
			require.Equal(t, w, Width(line))
			require.Contains(t, line, "["+tabs[on].Key, "width %d", w)
		}
	}
	require.Contains(t, Tabs(tabs, 0, 110, TabStyles{}), "[1 Needs review 1,000,000] 2 Mine 0  3 In progress 63 ")
	require.Contains(t, Tabs(tabs, 0, 56, TabStyles{}), "[1 Review 1,000,000]")
}

func TestScrollFindsAndStaysInside(t *testing.T) {
	var s Scroll
	s.SetSize(10, 3)
	s.SetLines(strings.Split("a\nb\nNeedle\nd\ne\nneedle\ng", "\n"))
	require.Equal(t, 2, s.Find("needle"))
	s.Next(1)
	require.Equal(t, "3-5 of 7", s.Place())
	s.Next(1)
	require.Contains(t, strings.Join(s.View(lipgloss.NewStyle()), "\n"), "needle")
	s.Next(1)
	require.Contains(t, strings.Join(s.View(lipgloss.NewStyle()), "\n"), "Needle", "after the last comes the first")
	s.Next(-1)
	require.Contains(t, strings.Join(s.View(lipgloss.NewStyle()), "\n"), "needle")
	s.By(100)
	require.Equal(t, "5-7 of 7", s.Place())
	s.By(-100)
	require.Equal(t, "1-3 of 7", s.Place())
	for _, l := range s.View(lipgloss.NewStyle()) {
		require.Equal(t, 10, Width(l))
	}
}

func TestBoxesLieOnTopOfWideLetters(t *testing.T) {
	screen := []string{Fit("東京東京東京", 12), Fit("abcdefghijkl", 12)}
	Over(screen, []string{"###", "###"}, 3, 0, 12)
	require.Equal(t, "東 ###京東京", screen[0])
	require.Equal(t, "abc###ghijkl", screen[1])
}

func TestSmallThings(t *testing.T) {
	require.Equal(t, "MANUAL…ROVED", ClipMiddle("MANUAL_REVIEW_APPROVED", 12))
	require.Equal(t, "short", ClipMiddle("short", 5))
	require.Equal(t, "1,000,000", Count(1000000))
	require.Equal(t, "-1,000", Count(-1000))
	require.Equal(t, "999", Count(999))
	require.Equal(t, "━━╌╌", Bar(0.5, 4))
	require.Equal(t, "━━━━", Bar(7, 4))
	require.Equal(t, "╌╌╌╌", Bar(-1, 4))
}

func TestRowsKeepTheirColumns(t *testing.T) {
	columns := []Column{{"A", 4, false, 1}, {"B", 0, false, 1}, {"C", 3, true, 2}}
	st := lipgloss.NewStyle()
	require.Equal(t, "A      C  ", Header(columns, st))
	require.Equal(t, "abc…   7  ", Row(columns, []Cell{{{"ab", st}, {"cdefg", st}}, nil, {{"7", st}}}))
}
