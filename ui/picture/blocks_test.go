package picture

import (
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"
	"github.com/stretchr/testify/require"
)

func TestHalfBlocksGolden(t *testing.T) {
	m := decoded(t, 240, 300)
	for name, c := range map[string]Colours{
		"truecolor": {Profile: colorprofile.TrueColor},
		"256":       {Profile: colorprofile.ANSI256},
		"16":        {Profile: colorprofile.ANSI},
		"none":      {Profile: colorprofile.ASCII},
		"light":     {Profile: colorprofile.ASCII, Light: true},
	} {
		t.Run(name, func(t *testing.T) {
			golden.RequireEqual(t, strings.Join(HalfBlocks(m, View{}, Box{W: 32, H: 16}, c), "\n")+"\n")
		})
	}
}

func TestHalfBlocksFillTheirBoxExactly(t *testing.T) {
	m := decoded(t, 97, 41)
	for _, c := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256, colorprofile.ANSI, colorprofile.ASCII} {
		for _, b := range []Box{{W: 1, H: 1}, {W: 2, H: 30}, {W: 60, H: 1}, {W: 33, H: 17}, {W: 20, H: 20, Cell: Cell{7, 15}}} {
			for q := range 4 {
				for _, zoom := range []float64{0, 1, 2.5, 40} {
					lines := HalfBlocks(m, View{Quarter: q, Zoom: zoom, X: 3, Y: -3}, b, Colours{Profile: c})
					require.Len(t, lines, b.H)
					for _, l := range lines {
						require.Equal(t, b.W, ansi.StringWidth(l))
						require.False(t, strings.Contains(l, "\x1b[") && !strings.Contains(l, reset), "a line ends without colour")
					}
				}
			}
		}
	}
	require.Empty(t, HalfBlocks(m, View{}, Box{W: 0, H: 3}, Colours{}))
}
