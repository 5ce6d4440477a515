package themes

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// mayBeEmpty are the parts that may look like ordinary text.
var mayBeEmpty = map[string]bool{"Text": true, "Dim": true, "Good": true, "Human": true, "Query": true, "Frame": true, "Crumb": true}

func TestEveryThemeIsWhole(t *testing.T) {
	for _, name := range Names() {
		th, err := Load(name)
		require.NoError(t, err, name)
		require.NotEmpty(t, th.Says, name)
		v := reflect.ValueOf(*th)
		for i := range v.NumField() {
			p, ok := v.Field(i).Interface().(Palette)
			if !ok {
				continue
			}
			pv := reflect.ValueOf(p)
			for j := range pv.NumField() {
				field := pv.Type().Field(j).Name
				if pv.Field(j).String() == "" {
					require.True(t, mayBeEmpty[field], "%s, %s: %s looks like nothing", name, v.Type().Field(i).Name, field)
				}
			}
		}
		require.Contains(t, th.None.Selected, "reverse", "without colour the selection must be seen")
		require.Contains(t, th.None.Hit, "reverse")
	}
}

func TestUnknownThemeNamesTheOthers(t *testing.T) {
	_, err := Load("neon")
	require.ErrorContains(t, err, "choose one of default, colourblind, contrast")
}

// Text colours must be readable on the usual backgrounds: 4.5 is the ratio that
// the Web Content Accessibility Guidelines ask for, 7 their stricter one.
func TestColoursAreReadable(t *testing.T) {
	for _, name := range Names() {
		th, err := Load(name)
		require.NoError(t, err)
		want := 4.5
		if name == "contrast" {
			want = 7
		}
		for bg, p := range map[string]Palette{"#1c1f27": th.Dark, "#ffffff": th.Light} {
			for part, look := range map[string]string{
				"dim": p.Dim, "title": p.Title, "accent": p.Accent, "good": p.Good, "bad": p.Bad, "warn": p.Warn,
				"human": p.Human, "query": p.Query, "marked": p.Marked, "key": p.Key, "crumb": p.Crumb, "selected": p.Selected, "hit": p.Hit,
			} {
				fg, back := colours(look, bg)
				require.GreaterOrEqual(t, contrast(fg, back), want, "%s: %s %q on %s", name, part, look, back)
			}
		}
	}
}

func colours(look, bg string) (string, string) {
	words := strings.Fields(look)
	fg := words[0]
	if len(words) > 2 && words[1] == "on" {
		bg = words[2]
	}
	return fg, bg
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(hex string) float64 {
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			panic(fmt.Sprintf("%s is no colour", hex))
		}
		c := float64(n) / 255
		if c <= 0.03928 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
