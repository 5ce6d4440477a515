package picture

import (
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/stretchr/testify/require"
)

func TestForecast(t *testing.T) {
	for name, c := range map[string]struct {
		choice  Protocol
		env     string
		colours colorprofile.Profile
		want    string
	}{
		"nothing known":     {"", "TERM=xterm-256color", colorprofile.TrueColor, "half blocks, 16 million colours, unless the terminal says that it can do better"},
		"16 colours":        {Auto, "TERM=xterm", colorprofile.ANSI, "half blocks, 16 colours, unless the terminal says that it can do better"},
		"tmux":              {Auto, "TERM=screen-256color TMUX=/a,1,0", colorprofile.ANSI256, "half blocks, 256 colours (tmux does not pass pictures on)"},
		"kitty in tmux":     {Auto, "TERM=tmux-256color KITTY_WINDOW_ID=1", colorprofile.TrueColor, "half blocks, 16 million colours (tmux does not pass pictures on)"},
		"screen":            {Auto, "TERM=screen STY=1.pts", colorprofile.ANSI, "half blocks, 16 colours (screen does not pass pictures on)"},
		"Linux's console":   {Auto, "TERM=linux", colorprofile.ANSI, "half blocks, 16 colours (TERM is linux)"},
		"dumb":              {Auto, "TERM=dumb", colorprofile.ASCII, "shades, without colour (TERM is dumb)"},
		"kitty":             {Auto, "TERM=xterm-kitty", colorprofile.TrueColor, "Kitty's graphics, once the terminal has said that it takes them"},
		"kitty, NO_COLOR":   {Auto, "TERM=xterm-kitty", colorprofile.ASCII, "shades, without colour, unless the terminal says that it can do better"},
		"iTerm2":            {Auto, "TERM=xterm-256color TERM_PROGRAM=iTerm.app", colorprofile.TrueColor, "iTerm2's pictures"},
		"told kitty":        {Kitty, "TERM=xterm-256color", colorprofile.ANSI256, "Kitty's graphics"},
		"told kitty, tmux":  {Kitty, "TMUX=1", colorprofile.ANSI256, "Kitty's graphics, which tmux has to pass on"},
		"told kitty, 16":    {Kitty, "TERM=xterm", colorprofile.ANSI, "half blocks, 16 colours (Kitty's graphics need 256 colours)"},
		"told sixel":        {Sixel, "TERM=xterm", colorprofile.ANSI, "sixel"},
		"told blocks, tmux": {Blocks, "TMUX=1", colorprofile.ANSI256, "half blocks, 256 colours"},
		"told none":         {None, "TERM=xterm-kitty", colorprofile.TrueColor, "none"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, Forecast(Options{Choice: c.choice, Environ: strings.Fields(c.env)}, c.colours))
		})
	}
}
