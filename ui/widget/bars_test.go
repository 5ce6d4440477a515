package widget

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestBars(t *testing.T) {
	b := Blocks()
	require.Equal(t, "", b.Right(0, 10, 4))
	require.Equal(t, "█▌", b.Right(3, 8, 4))
	require.Equal(t, "▏", b.Right(1, 1000, 4), "what is there shows")
	require.Equal(t, "##", PlainBars().Right(3, 8, 4))
	first, second := b.Pair(3, 1, 4, 9)
	require.Equal(t, "██████", first)
	require.Equal(t, "▒▒▒", second)
	require.Equal(t, " ▁▄█", b.Up(0, 8)+b.Up(1, 8)+b.Up(4, 8)+b.Up(8, 8))
	cells, other := b.Column(2, 1, 4, 4)
	require.Equal(t, []string{" ", "▒", "█", "█"}, cells)
	require.Equal(t, []bool{false, true, false, false}, other)
	cells, _ = b.Column(5, 0, 8, 2)
	require.Equal(t, []string{"▂", "█"}, cells)
}

func TestBarsNeverLeaveTheirRoom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.IntRange(0, 50).Draw(t, "x"), rapid.IntRange(0, 50).Draw(t, "y")
		most := x + y + rapid.IntRange(0, 20).Draw(t, "more")
		n := rapid.IntRange(2, 30).Draw(t, "room")
		for _, b := range []Bars{Blocks(), PlainBars()} {
			first, second := b.Pair(x, y, most, n)
			require.LessOrEqual(t, Width(first)+Width(second), n)
			require.Equal(t, x > 0, first != "")
			require.Equal(t, y > 0, second != "")
			cells, other := b.Column(x, y, most, n)
			require.Len(t, cells, n)
			require.Len(t, other, n)
			require.Equal(t, x+y == 0, strings.TrimSpace(strings.Join(cells, "")) == "")
			var kinds string
			for i, c := range cells {
				if c != " " {
					kinds += map[bool]string{true: "y", false: "x"}[other[i]]
				}
			}
			require.Equal(t, y > 0, strings.Contains(kinds, "y"))
			require.NotContains(t, kinds, "xy", "the second kind is above the first")
		}
	})
}
