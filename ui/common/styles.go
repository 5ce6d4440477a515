package common

import (
	"charm.land/lipgloss/v2"

	"docket/model"
)

// Styles are the colours of a theme, made for one terminal.
type Styles struct {
	Text, Dim, Strong, Title, Accent lipgloss.Style
	Good, Bad, Warn, Human, Query    lipgloss.Style // by tone
	Selected, Marked, Frame, FrameOn lipgloss.Style
	Key, Crumb, Hit                  lipgloss.Style
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
