package output

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"docket/model"
)

// Paint says what the reader of a text can show.
type Paint struct {
	Colour bool
	Width  int // cells a line; 0: no limit, lines are not wrapped or cut
}

// The colours are of the sixteen that every terminal has and its owner chose.
const (
	sgrReset  = "\x1b[0m"
	sgrStrong = "\x1b[1m"
	sgrDim    = "\x1b[2m"
)

var sgrOf = map[model.Tone]string{
	model.ToneGood: "\x1b[32m", model.ToneBad: "\x1b[1;31m", model.ToneWarn: "\x1b[33m",
	model.ToneHuman: "\x1b[35m", model.ToneQuery: "\x1b[36m", model.ToneNone: sgrDim,
}

// signs tell the tones apart without colour.
var signs = map[model.Tone]string{
	model.ToneGood: "✓", model.ToneBad: "✗", model.ToneWarn: "!",
	model.ToneHuman: "◆", model.ToneQuery: "?", model.ToneNone: "–",
}

// Tone paints a text in the colour of the tone.
func (p Paint) Tone(t model.Tone, text string) string { return p.with(sgrOf[t], text) }

// Strong makes a text stand out.
func (p Paint) Strong(text string) string { return p.with(sgrStrong, text) }

// Dim makes a text step back.
func (p Paint) Dim(text string) string { return p.with(sgrDim, text) }

// Status writes a status with its sign, in its colour.
func (p Paint) Status(s model.CheckStatus) string {
	return p.Tone(s.Tone(), signed(s))
}

// signed writes a status with its sign.
func signed(s model.CheckStatus) string { return signs[s.Tone()] + " " + orNone(string(s)) }

func (p Paint) with(sgr, text string) string {
	if !p.Colour || text == "" {
		return text
	}
	return sgr + text + sgrReset
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// pad fills a text up to a width in terminal cells. Wide characters count two.
func pad(s string, width int) string {
	if n := width - ansi.StringWidth(s); n > 0 {
		return s + strings.Repeat(" ", n)
	}
	return s
}

// fit pads a text, and cuts it when it is too long.
func fit(s string, width int) string {
	return pad(ansi.Truncate(s, width, "…"), width)
}
