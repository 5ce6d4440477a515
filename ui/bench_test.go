package ui

import (
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"

	"docket/ui/uitest"
)

// BenchmarkKey is one movement of the cursor: update and view, without the
// renderer.
func BenchmarkKey(b *testing.B) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			d := uitest.New(nil)
			d.Many(500)
			r := newRig(b, d)
			r.root.glyphs = newGlyphs()
			r.root.resize(size[0], size[1])
			r.until("1 of 505")
			keys := []tea.KeyPressMsg{{Code: 'j', Text: "j"}, {Code: 'k', Text: "k"}}
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				r.root.handle(keys[i/20%2])
				_ = r.root.View()
			}
		})
	}
}
