package picture

import (
	"image"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// Spot is one picture in a frame.
type Spot struct {
	// Slot names the place, such as "selfie" or "left": what is shown there next
	// takes the place of what was.
	Slot  string
	Image *Image
	View  View
	Rect  image.Rectangle // in cells of the screen; Draw looks at its size only
}

// Frame is what the screen shows of pictures from now on.
type Frame struct {
	Spots   []Spot
	Covered []image.Rectangle // what lies over them, such as a dialog
}

// Options are what a screen starts with.
type Options struct {
	Choice  Protocol // of the configuration
	Environ []string // "NAME=value", of the terminal's side
	Remote  bool     // bytes to the terminal are dear: SSH
}

// Screen shows pictures on one terminal. It belongs to the goroutine of Update
// and View.
type Screen struct {
	caps    Caps
	colours Colours
}

// NewScreen returns a screen that shows half blocks until the terminal has
// answered what [Screen.Query] asks.
func NewScreen(_ Options) *Screen {
	return &Screen{caps: Caps{Protocol: Blocks}, colours: Colours{Profile: colorprofile.TrueColor}}
}

// Query is what to send to the terminal once, at the start, by [tea.Raw]. It is
// empty where nothing has to be asked.
func (s *Screen) Query() string { return "" }

// Caps returns what is known of the terminal.
func (s *Screen) Caps() Caps { return s.caps }

// Update takes every message of the program: answers of the terminal, its size
// and colours, and the screen's own.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.ColorProfileMsg:
		s.colours.Profile = msg.Profile
	case tea.BackgroundColorMsg:
		s.colours.Light = !msg.IsDark()
	}
	return nil
}

// Box returns a box of this terminal's cells, for the deeds of a [View].
func (s *Screen) Box(w, h int) Box { return Box{W: w, H: h, Cell: s.caps.Cell} }

// Draw returns the lines of a spot for the View, each exactly as wide as it.
func (s *Screen) Draw(spot Spot) []string {
	return HalfBlocks(spot.Image, spot.View, s.Box(spot.Rect.Dx(), spot.Rect.Dy()), s.colours)
}

// Place says what the next frame shows, after each Update that may have changed
// it. The command sends to the terminal what it does not have yet.
func (s *Screen) Place(_ Frame) tea.Cmd { return nil }

// Clear returns what to send, by [tea.Raw], so that the terminal keeps none of
// the pictures: on lock, when a session is left, at the end. It may be empty.
func (s *Screen) Clear() string { return "" }
