package picture

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
)

// hear reads bytes of a terminal as Bubble Tea does and tells the screen.
func hear(s *Screen, answers string) {
	var d uv.EventDecoder
	for b := []byte(answers); len(b) > 0; {
		n, e := d.Decode(b)
		b = b[max(n, 1):]
		switch e := e.(type) {
		case uv.TerminalVersionEvent:
			s.Update(tea.TerminalVersionMsg(e))
		case uv.WindowSizeEvent:
			s.Update(tea.WindowSizeMsg(e))
		default:
			s.Update(e)
		}
	}
}

// What terminals answer to the query.
const (
	graphicsOK  = "\x1b_Gi=31;OK\x1b\\"
	graphicsBad = "\x1b_Gi=31;EINVAL: no\x1b\\"
	cellSize    = "\x1b[6;20;10t"
	windowSize  = "\x1b[4;800;1200t"
	plainDA1    = "\x1b[?62;22c"
	sixelDA1    = "\x1b[?63;1;2;4;6;22c"
)

func version(name string) string { return "\x1bP>|" + name + "\x1b\\" }

func TestTerminalsAreTold(t *testing.T) {
	cell := Cell{10, 20}
	for name, c := range map[string]struct {
		choice  Protocol
		env     string
		answers string
		want    Caps
	}{
		"no answer":              {"", "TERM=xterm-kitty", "", Caps{Protocol: Blocks}},
		"no sentinel yet":        {"", "", graphicsOK + version("kitty(0.35.1)"), Caps{Protocol: Blocks, Terminal: "kitty(0.35.1)"}},
		"kitty":                  {"", "", graphicsOK + version("kitty(0.35.1)") + cellSize + windowSize + plainDA1, Caps{Kitty, cell, "kitty(0.35.1)"}},
		"kitty, refused":         {"", "", graphicsBad + version("kitty(0.35.1)") + plainDA1, Caps{Protocol: Blocks, Terminal: "kitty(0.35.1)"}},
		"ghostty":                {"", "", graphicsOK + version("ghostty 1.1.3") + plainDA1, Caps{Protocol: Kitty, Terminal: "ghostty 1.1.3"}},
		"kitty by environment":   {"", "KITTY_WINDOW_ID=1", graphicsOK + cellSize + plainDA1, Caps{Protocol: Kitty, Cell: cell}},
		"konsole: no letters":    {"", "", graphicsOK + version("Konsole 23.08") + cellSize + sixelDA1, Caps{Sixel, cell, "Konsole 23.08"}},
		"wezterm":                {"", "", graphicsOK + version("WezTerm 20240203") + cellSize + sixelDA1, Caps{ITerm, cell, "WezTerm 20240203"}},
		"iterm by environment":   {"", "TERM_PROGRAM=iTerm.app", sixelDA1, Caps{Protocol: ITerm}},
		"iterm through SSH":      {"", "LC_TERMINAL=iTerm2", plainDA1, Caps{Protocol: ITerm}},
		"xterm":                  {"", "", version("XTerm(379)") + cellSize + sixelDA1, Caps{Sixel, cell, "XTerm(379)"}},
		"sixel, cell by window":  {"", "", windowSize + sixelDA1, Caps{Protocol: Sixel, Cell: cell}},
		"sixel, cell not known":  {"", "", sixelDA1, Caps{Protocol: Blocks}},
		"cell of nonsense":       {"", "", "\x1b[6;20000;1t" + sixelDA1, Caps{Protocol: Blocks}},
		"tmux":                   {"", "TMUX=/tmp/x", graphicsOK + version("kitty(0.35.1)") + sixelDA1 + cellSize, Caps{Blocks, cell, "kitty(0.35.1)"}},
		"tmux, told to":          {Sixel, "TMUX=/tmp/x", cellSize + plainDA1, Caps{Protocol: Sixel, Cell: cell}},
		"none":                   {None, "", graphicsOK + version("kitty(0.35.1)") + plainDA1, Caps{Protocol: None, Terminal: "kitty(0.35.1)"}},
		"a name with escapes":    {"", "", version("a\u202eb\u0301") + plainDA1, Caps{Protocol: Blocks, Terminal: "ab"}},
		"another picture's word": {"", "", "\x1b_Gi=7;OK\x1b\\" + version("kitty(1)") + plainDA1, Caps{Protocol: Blocks, Terminal: "kitty(1)"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := NewScreen(Options{Choice: c.choice, Environ: strings.Fields(c.env)})
			s.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
			hear(s, c.answers)
			require.Equal(t, c.want, s.Caps())
		})
	}
}

func TestTheSystemTellsTheCellWhereTheTerminalDoesNot(t *testing.T) {
	s := NewScreen(Options{Cell: Cell{7, 14}})
	hear(s, version("XTerm(379)")+sixelDA1)
	require.Equal(t, Caps{Sixel, Cell{7, 14}, "XTerm(379)"}, s.Caps())
	hear(s, cellSize)
	require.Equal(t, Cell{10, 20}, s.Caps().Cell)

	master, terminal, err := pty.Open()
	require.NoError(t, err)
	defer func() { _, _ = master.Close(), terminal.Close() }()
	require.Equal(t, Cell{}, SystemCell(terminal.Fd()), "not told")
	require.NoError(t, pty.Setsize(master, &pty.Winsize{Rows: 24, Cols: 80, X: 800, Y: 480}))
	require.Equal(t, Cell{10, 20}, SystemCell(terminal.Fd()))
}

func TestKittyNeedsColoursForItsNumbers(t *testing.T) {
	s := kittyScreen()
	s.Update(tea.ColorProfileMsg{Profile: colorprofile.ANSI})
	require.Equal(t, Blocks, s.Caps().Protocol)
	s.Update(tea.ColorProfileMsg{Profile: colorprofile.ANSI256})
	require.Equal(t, Kitty, s.Caps().Protocol)
}

func TestTheQueryIsAskedWhereItHelps(t *testing.T) {
	for _, c := range []struct {
		choice Protocol
		env    string
		asks   bool
	}{{"", "TERM=xterm-256color", true}, {Kitty, "TMUX=1", true}, {Blocks, "", true}, {None, "", false}, {"", "TERM=dumb", false}, {"", "TERM=tmux-256color", false}} {
		require.Equal(t, c.asks, NewScreen(Options{Choice: c.choice, Environ: []string{c.env}}).Query() != "", "%v", c)
	}
	require.True(t, strings.HasSuffix(query, "\x1b[c"), "the device attributes come last")
}

func TestTheSettingHasItsWords(t *testing.T) {
	for _, p := range Protocols() {
		got, err := ParseProtocol(string(p))
		require.NoError(t, err)
		require.Equal(t, p, got)
	}
	p, err := ParseProtocol("")
	require.NoError(t, err)
	require.Equal(t, Auto, p)
	_, err = ParseProtocol("jpeg")
	require.ErrorContains(t, err, "auto, kitty, iterm, sixel, blocks, none")
}

func FuzzAnswers(f *testing.F) {
	f.Add(graphicsOK + version("kitty(0.35.1)") + cellSize + windowSize + plainDA1)
	f.Add(sixelDA1 + "\x1b[6;;t\x1b[4;-1;99999999999t\x1b_G;;;\x1b\\\x1bP>|\x1b\\")
	f.Fuzz(func(t *testing.T, answers string) {
		s := NewScreen(Options{})
		s.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
		hear(s, answers)
		c := s.Caps()
		require.NotEqual(t, Auto, c.Protocol)
		require.Equal(t, plain(c.Terminal), c.Terminal)
		if c.Protocol == Sixel {
			require.True(t, c.Cell.known())
		}
	})
}
