package session_test

import (
	"testing"

	"docket/ui/keymap"
	"docket/ui/session"
)

// BenchmarkKey is a key that moves the selection, with the frame that follows.
func BenchmarkKey(b *testing.B) {
	r := newRig()
	r.arrive(opening...)
	p := session.New(newContext(b, r, "dark"), theID)
	p.SetSize(120, 37)
	keys := []keymap.ID{keymap.Down, keymap.Down, keymap.Down, keymap.Up, keymap.Up, keymap.Up}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p.Do(keys[i%len(keys)], "")
		_ = p.View()
	}
}

// BenchmarkSnapshot is a part that arrives, with the frame that follows: every
// pane is made anew.
func BenchmarkSnapshot(b *testing.B) {
	r := newRig()
	r.arrive(opening...)
	c := newContext(b, r, "dark")
	b.ReportAllocs()
	for b.Loop() {
		p := session.New(c, theID)
		p.SetSize(120, 37)
		_ = p.View()
	}
}
