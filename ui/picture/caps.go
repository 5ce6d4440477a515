package picture

import (
	"cmp"
	"fmt"
	"image"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// Protocol is a way of showing pictures.
type Protocol string

// The ways there are.
const (
	Kitty  Protocol = "kitty"
	ITerm  Protocol = "iterm"
	Sixel  Protocol = "sixel"
	Blocks Protocol = "blocks"
	None   Protocol = "none" // pictures are not shown
	// Auto is only a choice: the best that the terminal is known to do.
	Auto Protocol = "auto"
)

// Protocols are the words of the setting.
func Protocols() []Protocol { return []Protocol{Auto, Kitty, ITerm, Sixel, Blocks, None} }

// ParseProtocol reads the setting; an empty word is auto.
func ParseProtocol(s string) (Protocol, error) {
	if s == "" {
		return Auto, nil
	}
	words := make([]string, 0, len(Protocols()))
	for _, p := range Protocols() {
		if string(p) == s {
			return p, nil
		}
		words = append(words, string(p))
	}
	return "", fmt.Errorf("picture is %q, not one of %s", s, strings.Join(words, ", "))
}

// Caps is what the terminal can do with pictures.
type Caps struct {
	Protocol Protocol // never Auto
	Cell     Cell
	Terminal string // what it calls itself, if it does
}

// queryID is the picture that the question for Kitty's protocol is about. It is
// never stored.
const queryID = 31

// query asks for Kitty's protocol, the name, the cell and the window in pixels,
// and last for the device attributes, which every terminal answers: what has
// not come by then does not come.
var query = ansi.KittyGraphics([]byte("AAAA"), fmt.Sprintf("i=%d", queryID), "s=1", "v=1", "a=q", "t=d", "f=24") +
	"\x1b[>0q" + "\x1b[16t" + "\x1b[14t" + ansi.RequestPrimaryDeviceAttributes

// detection gathers what the terminal answers and what its environment tells.
type detection struct {
	choice Protocol
	env    map[string]string

	answered bool // the device attributes have come
	graphics bool // it takes Kitty's graphics
	sixel    bool
	name     string
	cell     Cell
	system   Cell        // as the system says, which counts when the terminal says nothing
	window   image.Point // in pixels
	screen   image.Point // in cells
	colours  colorprofile.Profile
}

func newDetection(o Options) detection {
	d := detection{
		choice:  cmp.Or(o.Choice, Auto),
		env:     map[string]string{},
		system:  sensible(o.Cell.W, o.Cell.H),
		colours: colorprofile.TrueColor,
	}
	for _, e := range o.Environ {
		name, value, _ := strings.Cut(e, "=")
		d.env[name] = value
	}
	return d
}

// asks reports whether an answer could change anything.
func (d *detection) asks() bool {
	switch d.choice {
	case None:
		return false
	case Auto:
		term := d.env["TERM"]
		return term != "dumb" && term != "linux" && !d.multiplexed()
	}
	return true
}

// multiplexed reports whether the program runs in tmux or screen, which do not
// pass pictures on unless told to.
func (d *detection) multiplexed() bool {
	term := d.env["TERM"]
	return d.env["TMUX"] != "" || d.env["STY"] != "" ||
		strings.HasPrefix(term, "tmux") || strings.HasPrefix(term, "screen")
}

// take notes an answer. It reports whether the message was one.
func (d *detection) take(msg tea.Msg) bool {
	switch msg := msg.(type) {
	case uv.KittyGraphicsEvent:
		if msg.Options.ID == queryID {
			d.graphics = string(msg.Payload) == "OK"
		}
	case tea.TerminalVersionMsg:
		d.name = plain(msg.Name)
	case uv.CellSizeEvent:
		d.cell = sensible(msg.Width, msg.Height)
	case uv.PixelSizeEvent:
		d.window = image.Pt(msg.Width, msg.Height)
	case tea.WindowSizeMsg:
		d.screen = image.Pt(msg.Width, msg.Height)
	case tea.ColorProfileMsg:
		d.colours = msg.Profile
	case uv.PrimaryDeviceAttributesEvent:
		const attributeSixel = 4
		d.answered = true
		d.sixel = slices.Contains(msg, attributeSixel)
	default:
		return false
	}
	return true
}

// plain keeps the letters of a terminal's name: it is shown to a person.
func plain(name string) string {
	const longest = 40
	var b strings.Builder
	for _, r := range name {
		if r > ' ' && r < 0x7F || r == ' ' {
			b.WriteRune(r)
		}
		if b.Len() == longest {
			break
		}
	}
	return b.String()
}

// sensible returns a cell of these pixels, or none if they cannot be right.
func sensible(w, h int) Cell {
	const largest = 200
	if w < 2 || h < 2 || w > largest || h > largest {
		return Cell{}
	}
	return Cell{W: w, H: h}
}

// caps says what follows from all that is known.
func (d *detection) caps() Caps {
	c := Caps{Cell: d.cell, Terminal: d.name}
	if !c.Cell.known() && d.screen.X > 0 && d.screen.Y > 0 {
		c.Cell = sensible(d.window.X/d.screen.X, d.window.Y/d.screen.Y)
	}
	if !c.Cell.known() {
		c.Cell = d.system
	}
	c.Protocol = d.choice
	if d.choice == Auto {
		c.Protocol = d.best(c.Cell)
	}
	// The number of a Kitty picture travels as a colour.
	if c.Protocol == Kitty && d.colours < colorprofile.ANSI256 {
		c.Protocol = Blocks
	}
	return c
}

func (d *detection) best(cell Cell) Protocol {
	switch {
	case !d.answered || !d.asks():
		return Blocks
	case d.graphics && d.placeholders():
		return Kitty
	case d.inline():
		return ITerm
	case d.sixel && cell.known():
		return Sixel
	}
	return Blocks
}

// placeholders reports whether the terminal is one that draws Unicode
// placeholders: others that take Kitty's graphics would show letters.
func (d *detection) placeholders() bool {
	if d.name != "" {
		return begins(d.name, "kitty", "ghostty")
	}
	term := d.env["TERM"]
	return d.env["KITTY_WINDOW_ID"] != "" || term == "xterm-kitty" || term == "xterm-ghostty"
}

// inline reports whether the terminal takes iTerm2's pictures. It has no query.
func (d *detection) inline() bool {
	if d.name != "" {
		return begins(d.name, "iterm2", "wezterm", "mintty")
	}
	program := d.env["TERM_PROGRAM"]
	return begins(program, "iterm", "wezterm", "mintty") || begins(d.env["LC_TERMINAL"], "iterm2") ||
		d.env["WEZTERM_PANE"] != ""
}

func begins(s string, words ...string) bool {
	s = strings.ToLower(s)
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(s, w) })
}
