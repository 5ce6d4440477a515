package qr

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/boombuler/barcode/qr"
	"github.com/stretchr/testify/require"
)

const address = "https://onboarding.example.test/docket-demo/flow/65f0c0ffee65f0c0ffee65f0?interviewCode=a1b2c3"

// What is drawn is read back half by half, and is the code with its margin.
func TestLinesAreTheCode(t *testing.T) {
	made, err := qr.Encode(address, qr.L, qr.Auto)
	require.NoError(t, err)
	for _, inverse := range []bool{false, true} {
		for quiet := Least; quiet <= Quiet; quiet++ {
			c, err := New(address)
			require.NoError(t, err)
			columns, lines := c.Size(quiet)
			drawn := c.Lines(quiet, inverse)
			require.Len(t, drawn, lines)
			for i, line := range drawn {
				require.Equal(t, columns, utf8.RuneCountInString(line))
				for x, letter := range []rune(line) {
					for half, sign := range []string{"▀█", "▄█"} {
						y := 2*i + half
						dark := strings.ContainsRune(sign, letter) != inverse
						inside := x >= quiet && y >= quiet && x < columns-quiet && y < columns-quiet
						if !inside {
							require.False(t, dark, "the margin is light")
							continue
						}
						r, _, _, _ := made.At(x-quiet, y-quiet).RGBA()
						require.Equal(t, r == 0, dark, "%d,%d", x, y)
					}
				}
			}
		}
	}
}

func TestTheMarginGivesWayBeforeTheCodeDoes(t *testing.T) {
	c, err := New(address)
	require.NoError(t, err)
	w, h := c.Size(Quiet)
	quiet, ok := c.Fits(w, h)
	require.True(t, ok)
	require.Equal(t, Quiet, quiet)
	quiet, ok = c.Fits(w, h-1)
	require.True(t, ok)
	require.Less(t, quiet, Quiet)
	w, h = c.Size(Least)
	_, ok = c.Fits(w-1, h)
	require.False(t, ok)
	_, ok = c.Fits(w, h-1)
	require.False(t, ok)
}

func TestWhatIsTooLongSaysSoWithoutIt(t *testing.T) {
	_, err := New("https://onboarding.example.test/" + strings.Repeat("a", 4000))
	require.Error(t, err)
	require.NotContains(t, err.Error(), "onboarding.example")
}
