package picture

import (
	"fmt"
	"image"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"docket/internal/vtdriver"
)

// stage is a program with a picture beside a list that scrolls, a dialog over it,
// and another page.
type stage struct {
	screen *Screen
	m      *Image
	top    int
	dialog bool
	other  bool
	heard  Protocol
}

const stageWidth, stageHeight = 60, 14

func (g *stage) spot() Spot {
	return Spot{Slot: "face", Image: g.m, Rect: image.Rect(30, 4-g.top, 50, 12-g.top)}
}

func (g *stage) frame() Frame {
	if g.other {
		return Frame{}
	}
	f := Frame{Spots: []Spot{g.spot()}}
	if g.dialog {
		f.Covered = []image.Rectangle{image.Rect(0, 5, stageWidth, 8)}
	}
	return f
}

// Init implements tea.Model.
func (g *stage) Init() tea.Cmd { return tea.Raw(g.screen.Query()) }

// Update implements tea.Model.
func (g *stage) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := g.screen.Update(msg)
	g.heard = g.screen.Caps().Protocol
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch key.String() {
		case "j":
			g.top++
		case "d":
			g.dialog = !g.dialog
		case "p":
			g.other = !g.other
		case "q":
			return g, tea.Quit
		}
	}
	return g, tea.Batch(cmd, g.screen.Place(g.frame()))
}

// View implements tea.Model.
func (g *stage) View() tea.View {
	lines := make([]string, stageHeight)
	spot := g.spot()
	drawn := g.screen.Draw(spot)
	for y := range lines {
		lines[y] = fmt.Sprintf("row %-26d", y+g.top)
		if at := y - spot.Rect.Min.Y; !g.other && at >= 0 && at < len(drawn) {
			lines[y] += drawn[at] + " |"
		}
		if g.dialog && y >= 5 && y < 8 {
			lines[y] = strings.Repeat("#", stageWidth)
		}
	}
	v := tea.NewView(strings.Join(append(lines, fmt.Sprintf("%s top %d dialog %v other %v", g.heard, g.top, g.dialog, g.other)), "\n"))
	v.AltScreen = true
	return v
}

func TestAProgramSendsAKittyPictureOnce(t *testing.T) {
	d := vtdriver.StartModel(t, &stage{screen: NewScreen(Options{}), m: decoded(t, 300, 240)}, vtdriver.Size(stageWidth, stageHeight+1))
	d.See("blocks top 0").Send(graphicsOK + version("kitty(0.35.1)") + cellSize + plainDA1).See("kitty top 0")
	d.Until("the picture is sent", func(string) bool { return transmissions(string(d.Output())) == 1 })
	out := string(d.Output())
	require.Contains(t, out, "\U0010EEEE\u0305\u0305")
	require.Contains(t, out, "58;5;1")
	require.Greater(t, strings.Index(out, "a=T"), strings.Index(out, "\x1b[?1049h"), "not before the alternate screen")
	d.ResetOutput()
	d.Press("j", "j", "d").See("top 2 dialog true").Press("d", "p").See("other true").Press("p", "j").See("top 3 dialog false other false")
	d.Resize(stageWidth, stageHeight+3).Settled()
	require.Zero(t, transmissions(string(d.Output())))
	require.NotContains(t, string(d.Output()), "\x1b_G")
	d.Press("q")
	require.Zero(t, d.Wait())
}

func TestAProgramPaintsSixelOverItsBlanks(t *testing.T) {
	d := vtdriver.StartModel(t, &stage{screen: NewScreen(Options{}), m: decoded(t, 300, 240)}, vtdriver.Size(stageWidth, stageHeight+1))
	d.See("blocks top 0").Send(cellSize + sixelDA1).See("sixel top 0")
	painted := func() int { return strings.Count(string(d.Output()), "\x1b7\x1b[") }
	d.Until("the picture is painted", func(string) bool { return painted() == 1 })
	d.Press("d").See("dialog true").Settled()
	require.Equal(t, 1, painted())
	d.Press("d").See("dialog false").Until("it is painted again", func(string) bool { return painted() == 2 })
	d.ResetOutput().Press("p").See("other true").Settled()
	require.Zero(t, painted())
	require.NotEmpty(t, d.Output(), "its cells are written over")
}
