package picture

import (
	"fmt"
	"image"
	"slices"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"docket/model"
)

// Spot is one picture in a frame.
type Spot struct {
	// Slot names the place, such as "selfie" or "left"; it is the only one of
	// that name in a frame.
	Slot  string
	Image *Image
	View  View
	Rect  image.Rectangle // in cells of the screen; Draw looks at its size only
	Of    model.Seen      // which picture it is, for whoever keeps count of what was shown
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
	Cell    Cell     // if something else than the terminal tells: see SystemCell
}

// Screen shows pictures on one terminal. It belongs to the goroutine of Update
// and View.
type Screen struct {
	detection detection
	caps      Caps
	colours   Colours
	remote    bool
	drawn     map[string]drawn // half blocks, by slot
	store     store            // of Kitty
	painted   painted          // by iTerm2 or Sixel
}

// drawn are lines that need not be made again.
type drawn struct {
	content string
	lines   []string
}

// NewScreen returns a screen that shows half blocks until the terminal has
// answered what [Screen.Query] asks.
func NewScreen(o Options) *Screen {
	s := &Screen{
		detection: newDetection(o),
		colours:   Colours{Profile: colorprofile.TrueColor, Remote: o.Remote},
		remote:    o.Remote,
		drawn:     map[string]drawn{},
		store:     newStore(),
	}
	s.caps = s.detection.caps()
	return s
}

// Query is what to send to the terminal once, at the start, by [tea.Raw]. It is
// empty where nothing has to be asked.
func (s *Screen) Query() string {
	if !s.detection.asks() {
		return ""
	}
	return query
}

// Caps returns what is known of the terminal.
func (s *Screen) Caps() Caps { return s.caps }

// Update takes every message of the program: answers of the terminal, its size
// and colours, and the screen's own.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case encoded:
		return s.store.arrived(msg)
	case ready:
		return s.painted.arrived(msg)
	case tea.BackgroundColorMsg:
		s.colours.Light = !msg.IsDark()
	case tea.WindowSizeMsg:
		s.painted.lost()
	case tea.ResumeMsg: // another program had the terminal, which was cleared for it
		s.Clear()
	}
	if !s.detection.take(msg) {
		return nil
	}
	was := s.caps
	s.caps, s.colours.Profile = s.detection.caps(), s.detection.colours
	if was.Protocol == Kitty && s.caps.Protocol != Kitty {
		return tea.Raw(s.store.clear())
	}
	return nil
}

// Box returns a box of this terminal's cells, for the deeds of a [View].
func (s *Screen) Box(w, h int) Box { return Box{W: w, H: h, Cell: s.caps.Cell} }

func (s *Screen) placed(spot Spot) placed {
	return place(spot.Image, spot.View, s.Box(spot.Rect.Dx(), spot.Rect.Dy()))
}

// limit is how many bytes a picture may need; 0 is without a limit.
func (s *Screen) limit() int {
	if s.remote {
		return remoteBytes
	}
	return 0
}

// storedPixels is the size in which a picture is sent to be kept. The whole of
// it is sent in a size that also does for half of the screen, so that no other
// page has to send it again. It is never larger than the picture itself.
func (s *Screen) storedPixels(spot Spot, p placed) image.Point {
	cell := s.caps.Cell.orAssumed()
	if half := (Box{W: s.detection.screen.X / 2, H: s.detection.screen.Y, Cell: s.caps.Cell}); p.whole() &&
		half.W > p.box.W && half.H > p.box.H {
		p = place(spot.Image, View{Quarter: p.quarter}, half)
	}
	return spot.Image.fit(p, cell, storedSide, true)
}

// Draw returns the lines of a spot for the View, each exactly as wide as it. A
// picture that the terminal draws itself needs [Screen.Place] as well.
func (s *Screen) Draw(spot Spot) []string {
	if spot.Rect.Dx() <= 0 || spot.Rect.Dy() <= 0 {
		return nil
	}
	switch p := s.placed(spot); s.caps.Protocol {
	case Kitty:
		key, _ := storeKey(spot, p)
		it, placement := s.store.item(key, p, s.colours.Profile)
		return inBox(placeholders(it.id, placement, p, s.colours.Profile), p)
	case ITerm, Sixel:
		return inBox(blanks(p), p)
	case None:
		return inBox(nil, placed{box: p.box})
	}
	content := fmt.Sprintf("%s %v %v %v", spot.Image.SHA256, spot.View, s.Box(spot.Rect.Dx(), spot.Rect.Dy()), s.colours)
	if d := s.drawn[spot.Slot]; d.content == content {
		return d.lines
	}
	lines := HalfBlocks(spot.Image, spot.View, s.Box(spot.Rect.Dx(), spot.Rect.Dy()), s.colours)
	s.drawn[spot.Slot] = drawn{content, lines}
	return lines
}

// Place says what the screen shows from now on; a root calls it after every
// Update, at least when something of it changed. The command sends to the
// terminal what it does not have.
func (s *Screen) Place(f Frame) tea.Cmd {
	f.Spots = visible(f.Spots)
	s.forgetDrawn(f)
	switch s.caps.Protocol {
	case Kitty:
		return s.store.place(s, f.Spots)
	case ITerm, Sixel:
		return s.painted.place(s, f)
	}
	return nil
}

// Seen returns the spots of a frame that was placed whose pictures are on the
// screen, and of which most is not covered. What the terminal draws itself is there
// once it was sent.
func (s *Screen) Seen(f Frame) []Spot {
	var seen []Spot
	for _, spot := range visible(f.Spots) {
		if s.there(spot) && s.open(spot, f.Covered) {
			seen = append(seen, spot)
		}
	}
	return seen
}

// there reports whether the terminal has what it needs for a spot.
func (s *Screen) there(spot Spot) bool {
	switch s.caps.Protocol {
	case Kitty:
		key, content := storeKey(spot, s.placed(spot))
		it := s.store.items[key]
		return it != nil && it.content == content
	case ITerm, Sixel:
		content := s.paint(spot).content
		return slices.ContainsFunc(s.painted.there, func(p paint) bool { return p.content == content })
	case None:
		return false
	}
	return true
}

// open reports whether most of a picture's cells lie under nothing else.
func (s *Screen) open(spot Spot, covered []image.Rectangle) bool {
	at := s.placed(spot).cells.Add(spot.Rect.Min)
	hidden := 0
	for _, box := range covered {
		over := at.Intersect(box)
		hidden += over.Dx() * over.Dy()
	}
	return 2*hidden < at.Dx()*at.Dy()
}

// visible returns the spots that have room.
func visible(spots []Spot) []Spot {
	var seen []Spot
	for _, spot := range spots {
		if spot.Image != nil && !spot.Rect.Empty() {
			seen = append(seen, spot)
		}
	}
	return seen
}

func (s *Screen) forgetDrawn(f Frame) {
	if len(s.drawn) == 0 {
		return
	}
	slots := map[string]bool{}
	for _, spot := range f.Spots {
		slots[spot.Slot] = true
	}
	for slot := range s.drawn {
		if !slots[slot] {
			delete(s.drawn, slot)
		}
	}
}

// Repainted notes that the whole screen is written anew, as [tea.ClearScreen]
// does: pictures that are not kept by the terminal are painted again.
func (s *Screen) Repainted() { s.painted.lost() }

// Clear returns what to send, by [tea.Raw], so that the terminal keeps none of
// the pictures: on lock and when a session is left. It may be empty.
// Nothing that was on its way is sent any more.
// It is also what has to be written before the alternate screen is left: a
// terminal looks for pictures only on the screen that it shows.
func (s *Screen) Clear() string {
	clear(s.drawn)
	s.painted.lost()
	s.painted.encoded = map[string]string{}
	return s.store.clear()
}
