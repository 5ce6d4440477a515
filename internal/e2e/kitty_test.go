package e2e

import (
	"crypto/sha256"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

const leavesScreen = "\x1b[?1049l"

// sent returns the picture of a type among what was sent since the output was last
// forgotten, when it is there. Nothing is sent twice.
func (v *viewer) sent(kind string) graphic {
	v.t.Helper()
	find := func() (found []graphic) {
		for _, g := range v.whole() {
			m := v.pngIn(g)
			if of := v.album.picture(v.t, kind); m.Bounds() == of.Bounds() && distance(of, m) < 12 {
				found = append(found, g)
			}
		}
		return found
	}
	v.Until(kind+" is sent", func(string) bool { return len(find()) > 0 })
	v.Settled()
	require.Len(v.t, find(), 1, kind)
	v.once()
	return find()[0]
}

// whole are the pictures that were sent to their end.
func (v *viewer) whole() []graphic {
	return slices.DeleteFunc(v.did("T"), func(g graphic) bool { return g.payload == nil })
}

// once holds what was sent against the rule that nothing is sent twice.
func (v *viewer) once() {
	v.t.Helper()
	ids, contents := map[int]bool{}, map[[32]byte]bool{}
	sent := v.whole()
	for _, g := range sent {
		require.Equal(v.t, "1", g.keys["U"], "shown by placeholders")
		require.Equal(v.t, "2", g.keys["q"], "answers would be taken for keys")
		ids[g.number("i")], contents[sha256.Sum256(g.payload)] = true, true
	}
	require.Len(v.t, ids, len(sent))
	require.Len(v.t, contents, len(sent))
}

// sendsNothing does something during which no picture may be sent or freed.
func (v *viewer) sendsNothing(what string, does func()) {
	v.t.Helper()
	sends, frees := len(v.did("T")), len(v.did("d"))
	does()
	v.Settled()
	require.Len(v.t, v.did("T"), sends, what)
	require.Len(v.t, v.did("d"), frees, what)
}

// kept are the pictures that the terminal was sent and not told to free.
func (v *viewer) kept() map[int]bool {
	kept := map[int]bool{}
	for _, g := range v.graphics() {
		switch g.keys["a"] {
		case "T":
			kept[g.number("i")] = true
		case "d":
			require.Equal(v.t, "I", g.keys["d"], "with its memory")
			delete(kept, g.number("i"))
		}
	}
	return kept
}

// frees waits until the terminal keeps nothing.
func (v *viewer) frees() {
	v.t.Helper()
	v.Until("all pictures are freed", func(string) bool { return len(v.kept()) == 0 })
	v.Settled()
	require.Empty(v.t, v.kept())
}

// stands waits until a picture fills its cells, and holds them against it.
func (v *viewer) stands(kind string, g graphic) {
	v.t.Helper()
	style := colourOf(g.number("i"))
	v.Until("the picture stands in its cells", func(string) bool {
		box, cells := v.inCells(style)
		return cells > 0 && cells == box.Dx()*box.Dy()
	})
	box, _ := v.inCells(style)
	v.fits(box, v.album.picture(v.t, kind))
	v.same(kind, v.pngIn(g))
}

// TestKittyGetsEachPictureOnce goes through the whole console on a terminal with
// Kitty's graphics and reads what is sent to it.
func TestKittyGetsEachPictureOnce(t *testing.T) {
	t.Parallel()
	v := views(t, kittyAnswers, nil).opens()
	v.Settled() // the page of the session has pictures of its own
	v.images()
	face := v.sent("croppedIDFace")
	v.stands("croppedIDFace", face)
	v.Press("j").SeeMatch(`━ Face, selfie · .*\d+×\d+.* ━`)
	both := []graphic{face, v.sent("croppedFace")}
	v.stands("croppedFace", both[1])

	v.sendsNothing("moving between pictures", func() {
		v.Press("k").See("━ Face, ID").Press("j").See("━ Face, selfie").Press("<").See("━ Face, ID").Press(">").See("━ Face, selfie")
	})
	v.sendsNothing("help over a picture", func() { v.Press("?").See("Keys of this page").Press("esc").Gone("Keys of this page") })
	v.sendsNothing("the palette", func() { v.Press(":").See("Every action by name").Press("esc").Gone("Every action by name") })
	v.sendsNothing("another size and back", func() {
		v.Resize(100, 30).SeeMatch(`(?m)^.{100}$`).Settled()
		v.Resize(120, 40).SeeMatch(`(?m)^.{120}$`).Settled()
	})
	v.stands("croppedFace", both[1])
	v.sendsNothing("the compare page", func() {
		v.Press("v").See("> Compare", "━ B  Face, selfie", "─ A  Face, ID")
		v.Press("tab").See("━ A  Face, ID").Press("tab").See("━ B  Face, selfie")
	})
	for i, g := range v.byColumn(both) {
		v.stands([]string{"croppedIDFace", "croppedFace"}[i], g)
	}
	v.Press("esc").Gone("> Compare").See(paneTitles[1:]...).Settled()
	v.once()

	// A cut belongs to its zoom and is freed with it.
	v.images().Settled()
	before := v.kept()
	v.Press("+").SeeMatch(`Face, ID.* · 1\.\d×`).Until("a cut is sent", func(string) bool { return len(v.kept()) == len(before)+1 })
	v.Press("0").See("━ Face, ID").Until("it is freed", func(string) bool { return len(v.kept()) == len(before) })
	require.Equal(t, before, v.kept())

	v.Press("Z").See("locked")
	v.frees()
	v.ResetOutput().Press("enter").See("━ Face, ID")
	v.stands("croppedIDFace", v.sent("croppedIDFace"))

	v.Press("esc").Gone("> Images").Press("esc").See("[1 Needs review 1]")
	v.frees()
	v.sendsNothing("the inbox", func() {
		v.Press("j", "k", "?").See("Keys of this page").Press("esc").Gone("Keys of this page")
		v.Press("q")
		require.Zero(t, v.Wait())
	})
}

// TestKittyIsFreedHoweverTheConsoleEnds looks at what is sent last.
func TestKittyIsFreedHoweverTheConsoleEnds(t *testing.T) {
	for name, end := range map[string]func(*viewer){
		"quit":    func(v *viewer) { v.Press("q") },
		"SIGTERM": func(v *viewer) { v.Signal(syscall.SIGTERM) },
		"SIGHUP":  func(v *viewer) { v.Signal(syscall.SIGHUP) },
		"SIGINT":  func(v *viewer) { v.Signal(syscall.SIGINT) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := views(t, kittyAnswers, nil).opens().images()
			v.sent("croppedIDFace")
			v.Press("v").SeeMatch(`B  Face, selfie · .*\d+×\d+`)
			v.sent("croppedFace")
			sends := len(v.did("T"))
			end(v)
			require.Zero(t, v.Wait())
			require.Empty(t, v.kept())
			require.Len(t, v.did("T"), sends, "nothing is sent on the way out")
			out := string(v.Output())
			require.Less(t, strings.LastIndex(out, "\x1b_G"), strings.Index(out, leavesScreen), "on the screen that has them")
		})
	}
}
