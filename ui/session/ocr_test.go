package session

import (
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/stretchr/testify/require"

	"docket/ui/common"
)

// A sure reading is no proof of a genuine document: only an unsure one has a
// colour.
func TestConfidenceIsACalmBar(t *testing.T) {
	st := &common.Styles{Dim: lipgloss.NewStyle().Faint(true), Warn: lipgloss.NewStyle().Bold(true)}
	b := newSheet(&view{c: &common.Context{Styles: st}})
	for c, want := range map[float64]string{
		1:    "1.0 \x1b[2m━━━━━━━━━\x1b[m",
		0.99: ".99 \x1b[2m━━━━━━━━━\x1b[m",
		0.6:  ".60 \x1b[2m━━━━━╌╌╌╌\x1b[m",
		0.59: "\x1b[1m.59 ━━━━━╌╌╌╌\x1b[m",
		0:    "\x1b[1m.00 ╌╌╌╌╌╌╌╌╌\x1b[m",
		-2:   "\x1b[1m.00 ╌╌╌╌╌╌╌╌╌\x1b[m",
		7:    "1.0 \x1b[2m━━━━━━━━━\x1b[m",
	} {
		require.Equal(t, want, b.confidence(c), "%v", c)
	}
}
