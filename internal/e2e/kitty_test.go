package e2e

import (
	"crypto/sha256"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

const leavesScreen = "\x1b[?1049l"

// holds waits until the terminal has been sent so many pictures since the output
// was last forgotten, and returns them. None is sent twice.
func (v *viewer) holds(n int) []graphic {
	v.t.Helper()
	v.Until("pictures are sent", func(string) bool { return len(v.did("T")) >= n })
	v.Settled()
	sent := v.did("T")
	ids, contents := map[int]bool{}, map[[32]byte]bool{}
	for _, g := range sent {
		require.Equal(v.t, "1", g.keys["U"], "shown by placeholders")
		require.Equal(v.t, "2", g.keys["q"], "answers would be taken for keys")
		ids[g.number("i")], contents[sha256.Sum256(g.payload)] = true, true
	}
	require.Len(v.t, sent, n)
	require.Len(v.t, ids, n)
	require.Len(v.t, contents, n)
	return sent
}

// sendsNothing does something during which no picture may be sent or freed.
func (v *viewer) sendsNothing(what string, does func()) {
	v.t.Helper()
	v.ResetOutput()
	does()
	v.Settled()
	require.Empty(v.t, v.did("T"), what)
	require.Empty(v.t, v.did("d"), what)
}

// frees waits until these pictures, and no others, were freed.
func (v *viewer) frees(sent []graphic) {
	v.t.Helper()
	v.Until("pictures are freed", func(string) bool { return len(v.did("d")) >= len(sent) })
	v.freed(sent)
}

func (v *viewer) freed(sent []graphic) {
	v.t.Helper()
	want, got := map[int]bool{}, map[int]bool{}
	for _, g := range sent {
		want[g.number("i")] = true
	}
	for _, g := range v.did("d") {
		require.Equal(v.t, "I", g.keys["d"], "with its memory")
		got[g.number("i")] = true
	}
	require.Equal(v.t, want, got)
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
	v := views(t, kittyAnswers, nil).opens().images()
	v.stands("croppedIDFace", v.holds(1)[0])
	v.Press("j").SeeMatch(`━ Face, selfie · \d+×\d+ ━`)
	both := v.holds(2)
	v.stands("croppedFace", both[1])
	require.Equal(t, both[0].keys["c"]+both[0].keys["r"], v.did("T")[0].keys["c"]+v.did("T")[0].keys["r"])

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
	v.sendsNothing("back", func() { v.Press("esc").Gone("> Compare").Press("esc").See(paneTitles[1:]...) })

	// A cut belongs to its zoom and is freed with it.
	v.images().ResetOutput().Press("+").SeeMatch(`Face, ID.* · 1\.\d×`)
	cut := v.holds(1)
	v.ResetOutput().Press("0").See("━ Face, ID")
	v.frees(cut)

	v.ResetOutput().Press("Z").See("locked")
	v.frees(both)
	require.Empty(t, v.did("T"))
	v.ResetOutput().Press("enter").See("━ Face, ID")
	again := v.holds(1)
	v.stands("croppedIDFace", again[0])

	v.ResetOutput().Press("esc").Gone("> Images").Press("esc").See("[1 Needs review 1]")
	v.frees(again)
	v.sendsNothing("the inbox", func() { v.Press("j", "k", "?").See("Keys of this page").Press("esc").Gone("Keys of this page") })
	v.Press("q")
	require.Zero(t, v.Wait())
	require.Empty(t, v.did("d"), "there was nothing left to free")
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
			v.holds(1)
			v.Press("v").See("> Compare")
			both := v.holds(2)
			v.ResetOutput()
			end(v)
			require.Zero(t, v.Wait())
			v.freed(both)
			require.Empty(t, v.did("T"), "nothing is sent on the way out")
			out := string(v.Output())
			require.Less(t, strings.LastIndex(out, "\x1b_G"), strings.Index(out, leavesScreen), "on the screen that has them")
		})
	}
}
