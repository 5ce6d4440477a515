package common

import (
	"image/color"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"docket/model"
	"docket/themes"
)

// Styles are the colours of a theme, made for one terminal.
type Styles struct {
	Text, Dim, Strong, Title, Accent lipgloss.Style
	Good, Bad, Warn, Human, Query    lipgloss.Style // by tone
	Selected, Marked, Frame, FrameOn lipgloss.Style
	Key, Crumb, Hit                  lipgloss.Style

	// Paper is black on white whatever the theme, for what a camera is to read. Inverse
	// says that there are no colours, and letters are lighter than what is behind them.
	Paper   lipgloss.Style
	Inverse bool
}

// NewStyles makes the styles of a theme for a terminal with these colours and
// this background.
func NewStyles(t *themes.Theme, dark bool, profile colorprofile.Profile) *Styles {
	colours := themes.Many
	switch profile {
	case colorprofile.NoTTY, colorprofile.ASCII:
		colours = themes.NoColour
	case colorprofile.ANSI:
		colours = themes.Sixteen
	}
	p := t.Palette(dark, colours)
	paper := "#000000 on #ffffff"
	switch colours {
	case themes.NoColour:
		paper = ""
	case themes.Sixteen:
		paper = "0 on 15"
	}
	return &Styles{
		Paper: look(paper), Inverse: dark && colours == themes.NoColour,
		Text: look(p.Text), Dim: look(p.Dim), Strong: look(p.Strong), Title: look(p.Title), Accent: look(p.Accent),
		Good: look(p.Good), Bad: look(p.Bad), Warn: look(p.Warn), Human: look(p.Human), Query: look(p.Query),
		Selected: look(p.Selected), Marked: look(p.Marked), Frame: look(p.Frame), FrameOn: look(p.FrameOn),
		Key: look(p.Key), Crumb: look(p.Crumb), Hit: look(p.Hit),
	}
}

// attributes are the words of a palette that are no colours.
var attributes = map[string]func(lipgloss.Style) lipgloss.Style{
	"bold":      func(s lipgloss.Style) lipgloss.Style { return s.Bold(true) },
	"faint":     func(s lipgloss.Style) lipgloss.Style { return s.Faint(true) },
	"underline": func(s lipgloss.Style) lipgloss.Style { return s.Underline(true) },
	"reverse":   func(s lipgloss.Style) lipgloss.Style { return s.Reverse(true) },
}

// look makes a style from the words of a palette: "#ffffff on #33456b bold".
func look(words string) lipgloss.Style {
	s := lipgloss.NewStyle()
	back := false
	for w := range strings.FieldsSeq(words) {
		if set, ok := attributes[w]; ok {
			s = set(s)
			continue
		}
		if w == "on" {
			back = true
			continue
		}
		if back {
			s = s.Background(colour(w))
			continue
		}
		s = s.Foreground(colour(w))
	}
	return s
}

func colour(word string) color.Color {
	if n, err := strconv.ParseUint(word, 10, 4); err == nil {
		return lipgloss.ANSIColor(n)
	}
	return lipgloss.Color(word)
}

// Tone returns the style of a tone.
func (s *Styles) Tone(t model.Tone) lipgloss.Style {
	switch t {
	case model.ToneGood:
		return s.Good
	case model.ToneBad:
		return s.Bad
	case model.ToneWarn:
		return s.Warn
	case model.ToneHuman:
		return s.Human
	case model.ToneQuery:
		return s.Query
	default:
		return s.Dim
	}
}

// Sign returns the sign of a tone: it says the same without colour.
func Sign(t model.Tone) string {
	switch t {
	case model.ToneGood:
		return "✓"
	case model.ToneBad:
		return "✗"
	case model.ToneWarn:
		return "!"
	case model.ToneHuman:
		return "◆"
	case model.ToneQuery:
		return "?"
	default:
		return "–"
	}
}
