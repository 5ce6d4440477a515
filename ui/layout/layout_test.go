package layout

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestPartsAddUpToTheScreen(t *testing.T) {
	for w := 20; w <= 250; w++ {
		for h := 5; h <= 80; h++ {
			s := Divide(w, h)
			if w < MinWidth || h < MinHeight {
				require.True(t, s.Small)
				require.Equal(t, Rect{0, 0, w, h}, s.Page)
				continue
			}
			y := 0
			for _, r := range []Rect{s.Header, s.Page, s.Status, s.Foot} {
				require.Equal(t, Rect{0, y, w, r.H}, r)
				y += r.H
			}
			require.Equal(t, h, y)
		}
	}
}

func TestCenterStaysInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		area := Rect{rapid.IntRange(0, 9).Draw(t, "x"), rapid.IntRange(0, 9).Draw(t, "y"), rapid.IntRange(1, 200).Draw(t, "w"), rapid.IntRange(1, 80).Draw(t, "h")}
		r := Center(area, rapid.IntRange(1, 300).Draw(t, "bw"), rapid.IntRange(1, 100).Draw(t, "bh"))
		require.GreaterOrEqual(t, r.X, area.X)
		require.GreaterOrEqual(t, r.Y, area.Y)
		require.LessOrEqual(t, r.X+r.W, area.X+area.W)
		require.LessOrEqual(t, r.Y+r.H, area.Y+area.H)
	})
}

func TestWidthsFillTheRoom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Column {
			least := rapid.IntRange(1, 12).Draw(t, "min")
			return Column{Min: least, Max: least + rapid.IntRange(0, 20).Draw(t, "more"), Grow: rapid.IntRange(0, 3).Draw(t, "grow"), From: rapid.IntRange(0, 200).Draw(t, "from")}
		}), 1, 8).Draw(t, "columns")
		width := rapid.IntRange(100, 300).Draw(t, "width")
		used, canGrow := 0, false
		for i, w := range Widths(width, 1, columns) {
			c := columns[i]
			if w == 0 {
				require.Greater(t, c.From, width)
				continue
			}
			require.GreaterOrEqual(t, w, c.Min)
			require.LessOrEqual(t, w, c.Max)
			canGrow = canGrow || c.Grow > 0 && w < c.Max
			used += w + 1
		}
		if canGrow {
			require.Equal(t, width, used, "room is left although a column could use it")
		} else {
			require.LessOrEqual(t, used, max(width, 8*13))
		}
	})
}
