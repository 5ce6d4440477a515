package picture

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"regexp"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/mattn/go-sixel"
	"github.com/stretchr/testify/require"
)

func screenOf(answers string) *Screen {
	s := NewScreen(Options{})
	s.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	hear(s, answers)
	return s
}

func kittyScreen() *Screen {
	return screenOf(graphicsOK + version("kitty(0.35.1)") + cellSize + plainDA1)
}

// run runs a command and all that follows from it, and returns the bytes that
// went to the terminal.
func run(s *Screen, cmd tea.Cmd) string {
	if cmd == nil {
		return ""
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		var b strings.Builder
		for _, c := range msg {
			b.WriteString(run(s, c))
		}
		return b.String()
	case tea.RawMsg:
		return fmt.Sprint(msg.Msg)
	case nil:
		return ""
	default:
		return run(s, s.Update(msg))
	}
}

// show draws the spots, as a View does, and places them.
func show(s *Screen, spots ...Spot) string {
	for _, spot := range spots {
		s.Draw(spot)
	}
	return run(s, s.Place(Frame{Spots: spots}))
}

func transmissions(sent string) int { return strings.Count(sent, "a=T") }

var kittyChunk = regexp.MustCompile(`\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\`)

func TestKittySendsAPictureOnce(t *testing.T) {
	s, m := kittyScreen(), decoded(t, 400, 300)
	strip := Spot{Slot: "strip", Image: m, Rect: image.Rect(2, 10, 22, 18)}
	sent := show(s, strip)
	require.Equal(t, 1, transmissions(sent))
	var body []byte
	for _, c := range kittyChunk.FindAllStringSubmatch(sent, -1) {
		require.LessOrEqual(t, len(c[2]), 4096)
		require.Contains(t, c[1], "q=2")
		part, err := base64.StdEncoding.DecodeString(c[2])
		require.NoError(t, err)
		body = append(body, part...)
	}
	require.Contains(t, sent, "U=1")
	stored, err := png.Decode(bytes.NewReader(body))
	require.NoError(t, err)
	require.Equal(t, image.Pt(400, 300), stored.Bounds().Size(), "no more than there is")

	for y := range 8 { // scrolled
		strip.Rect = strip.Rect.Sub(image.Pt(0, 1))
		require.Empty(t, show(s, strip), y)
	}
	require.Empty(t, run(s, s.Place(Frame{Spots: []Spot{strip}, Covered: []image.Rectangle{strip.Rect}})), "a dialog")
	require.Empty(t, run(s, s.Place(Frame{})), "another page")
	page := Spot{Slot: "page", Image: m, Rect: image.Rect(0, 0, 60, 30)}
	put := show(s, page)
	require.Zero(t, transmissions(put))
	require.Contains(t, put, "a=p")
	require.Less(t, len(put), 60)
	require.Empty(t, show(s, strip), "its placement is still there")
	s.Update(tea.WindowSizeMsg{Width: 100, Height: 30})
	require.Empty(t, show(s, strip))

	cleared := s.Clear()
	require.Equal(t, 1, strings.Count(cleared, "a=d,d=I"))
	require.Empty(t, s.Clear())
	require.Equal(t, 1, transmissions(show(s, strip)), "shown again after it was freed")
}

func TestKittyLinesCarryNumberAndPlace(t *testing.T) {
	s, m := kittyScreen(), decoded(t, 300, 300)
	lines := s.Draw(Spot{Slot: "a", Image: m, Rect: image.Rect(0, 0, 24, 10)})
	require.Len(t, lines, 10)
	for _, l := range lines {
		require.Equal(t, 24, ansi.StringWidth(l))
		require.Equal(t, 24, ansi.WcWidth.StringWidth(ansi.Strip(l)), "terminals that add up agree")
	}
	require.Contains(t, lines[0], "  \x1b[38;2;208;192;0;58;5;1m\U0010EEEE\u0305\u0305\U0010EEEE\u0305\u030D")
	require.Contains(t, lines[1], "m\U0010EEEE\u030D\u0305")
}

func TestKittyZoomTakesThePlaceOfTheLastCut(t *testing.T) {
	s, m := kittyScreen(), decoded(t, 400, 300)
	spot := Spot{Slot: "left", Image: m, Rect: image.Rect(0, 0, 40, 20)}
	show(s, spot)
	spot.View = View{Zoom: 2}
	first := show(s, spot)
	require.Equal(t, 1, transmissions(first))
	spot.View.X = 0.1
	second := show(s, spot)
	require.Equal(t, 1, transmissions(second))
	id := regexp.MustCompile(`i=\d+`)
	require.Equal(t, id.FindString(first), id.FindString(second))
	spot.View = View{}
	back := show(s, spot)
	require.Zero(t, transmissions(back), "the whole is still there")
	require.Contains(t, back, "d=I,q=2,"+id.FindString(first))
}

func TestKittyDropsWhatIsNoLongerWanted(t *testing.T) {
	s, m := kittyScreen(), decoded(t, 400, 300)
	spot := Spot{Slot: "a", Image: m, Rect: image.Rect(0, 0, 40, 20)}
	late := s.Place(Frame{Spots: []Spot{spot}})
	require.Empty(t, s.Clear())
	require.Empty(t, run(s, late), "encoded after the session was left")

	write := s.Update(s.Place(Frame{Spots: []Spot{spot}})())
	require.NotEmpty(t, s.Clear())
	require.Empty(t, run(s, write), "overtaken by what frees it")
}

func TestKittySendsInOrder(t *testing.T) {
	s, m := kittyScreen(), decoded(t, 400, 300)
	small := Spot{Slot: "a", Image: m, Rect: image.Rect(0, 0, 10, 5)}
	page := Spot{Slot: "b", Image: m, Rect: image.Rect(0, 0, 60, 30)}
	transmit := s.Update(s.Place(Frame{Spots: []Spot{small}})())
	put := s.Place(Frame{Spots: []Spot{small, page}})
	sent := run(s, put)
	require.Less(t, strings.Index(sent, "a=T"), strings.Index(sent, "a=p"), "a placement needs its picture")
	require.Equal(t, 1, transmissions(sent))
	require.Empty(t, run(s, transmit))
}

func TestKittyFreesTheOldestPictures(t *testing.T) {
	s := kittyScreen()
	var all strings.Builder
	for n := range storedMost + 3 {
		all.WriteString(show(s, Spot{Slot: "a", Image: decoded(t, 40+n, 30), Rect: image.Rect(0, 0, 4, 2)}))
	}
	require.Equal(t, 3, strings.Count(all.String(), "a=d"))
	require.Len(t, s.store.items, storedMost)
}

func TestRemotePicturesAreSmall(t *testing.T) {
	for protocol, answers := range map[Protocol]string{
		Kitty: graphicsOK + version("kitty(1)") + cellSize + plainDA1,
		ITerm: version("iTerm2 3.5") + cellSize + plainDA1,
	} {
		s := NewScreen(Options{Remote: true})
		s.Update(tea.WindowSizeMsg{Width: 200, Height: 60})
		hear(s, answers)
		require.Equal(t, protocol, s.Caps().Protocol)
		sent := show(s, Spot{Slot: "a", Image: noisy(t), Rect: image.Rect(0, 0, 200, 60)})
		require.Less(t, len(sent), remoteBytes*4/3+20_000)
		require.Greater(t, len(sent), remoteBytes/3)
	}
}

func TestSixelIsPaintedAgainOnlyWhenItWasDestroyed(t *testing.T) {
	for protocol, answers := range map[Protocol]string{
		Sixel: cellSize + sixelDA1,
		ITerm: version("iTerm2 3.5") + cellSize + plainDA1,
	} {
		t.Run(string(protocol), func(t *testing.T) {
			s, m := screenOf(answers), decoded(t, 200, 200)
			require.Equal(t, protocol, s.Caps().Protocol)
			spot := Spot{Slot: "a", Image: m, Rect: image.Rect(5, 3, 25, 13)}
			other := Spot{Slot: "b", Image: m, Rect: image.Rect(50, 3, 70, 13)}
			sent := show(s, spot, other)
			require.Equal(t, 2, strings.Count(sent, "\x1b7"))
			require.Contains(t, sent, "\x1b7\x1b[4;6H")
			require.Equal(t, 2, strings.Count(sent, "\x1b8"))
			require.Empty(t, show(s, spot, other), "nothing happened")

			covered := Frame{Spots: []Spot{spot, other}, Covered: []image.Rectangle{image.Rect(20, 0, 40, 10)}}
			require.Empty(t, run(s, s.Place(covered)), "not over a dialog")
			require.Equal(t, 1, strings.Count(show(s, spot, other), "\x1b7"), "the one that was covered")

			spot.Rect = spot.Rect.Add(image.Pt(0, 1))
			require.Equal(t, 1, strings.Count(show(s, spot, other), "\x1b7"), "the one that moved")
			s.Update(tea.WindowSizeMsg{Width: 130, Height: 40})
			require.Equal(t, 2, strings.Count(show(s, spot, other), "\x1b7"))
			s.Repainted()
			require.Equal(t, 2, strings.Count(show(s, spot, other), "\x1b7"))
			require.Empty(t, run(s, s.Place(Frame{})))
			require.Empty(t, s.painted.encoded)
		})
	}
}

// Seen is what is on the screen: not what is still on its way there, and not what
// lies under a dialog.
func TestSeenIsWhatIsOnTheScreen(t *testing.T) {
	for protocol, answers := range map[Protocol]string{
		Kitty:  graphicsOK + version("kitty(0.35.1)") + cellSize + plainDA1,
		Sixel:  cellSize + sixelDA1,
		ITerm:  version("iTerm2 3.5") + cellSize + plainDA1,
		Blocks: plainDA1,
	} {
		t.Run(string(protocol), func(t *testing.T) {
			s, m := screenOf(answers), decoded(t, 200, 200)
			require.Equal(t, protocol, s.Caps().Protocol)
			spot := Spot{Slot: "a", Image: m, Rect: image.Rect(5, 3, 25, 13)}
			free, all := Frame{Spots: []Spot{spot}}, Frame{Spots: []Spot{spot}, Covered: []image.Rectangle{image.Rect(0, 0, 80, 24)}}
			require.Empty(t, s.Seen(Frame{}))
			run(s, s.Place(all))
			require.Empty(t, s.Seen(all), "it came under a dialog")
			run(s, s.Place(free))
			require.Len(t, s.Seen(free), 1)
			run(s, s.Place(all))
			require.Empty(t, s.Seen(all))

			spot.Image = decoded(t, 200, 100)
			free.Spots = []Spot{spot}
			sent := s.Place(free)
			require.Equal(t, protocol == Blocks, len(s.Seen(free)) == 1, "another one is on its way")
			run(s, sent)
			require.Len(t, s.Seen(free), 1)
		})
	}
	require.Empty(t, NewScreen(Options{Choice: None}).Seen(Frame{Spots: []Spot{{Image: decoded(t, 9, 9), Rect: image.Rect(0, 0, 9, 9)}}}))
}

func TestSixelDoesNotComeLate(t *testing.T) {
	s, m := screenOf(cellSize+sixelDA1), decoded(t, 200, 200)
	spots := []Spot{{Slot: "a", Image: m, Rect: image.Rect(5, 3, 25, 13)}}
	first := s.Place(Frame{Spots: spots})
	require.Nil(t, s.Place(Frame{Spots: spots}), "on its way")
	s.Clear()
	require.Empty(t, run(s, first))

	again := s.Place(Frame{Spots: spots})
	write := s.Update(again())
	s.Place(Frame{Spots: spots, Covered: []image.Rectangle{spots[0].Rect}})
	require.Empty(t, run(s, write), "a dialog came between")
	require.NotEmpty(t, show(s, spots...))
}

// A picture that comes while another one is on its way to the screen does not
// take its place: both are painted, each once.
func TestPicturesThatComeOneAfterTheOther(t *testing.T) {
	s := screenOf(cellSize + sixelDA1)
	one := Spot{Slot: "a", Image: decoded(t, 200, 200), Rect: image.Rect(5, 3, 25, 13)}
	two := Spot{Slot: "b", Image: decoded(t, 200, 100), Rect: image.Rect(50, 3, 70, 13)}
	write := s.Update(s.Place(Frame{Spots: []Spot{one}})())
	next := s.Place(Frame{Spots: []Spot{one, two}})
	require.Equal(t, 1, strings.Count(run(s, write), "\x1b7"), "the first")
	require.Equal(t, 1, strings.Count(run(s, next), "\x1b7"), "the second")
	require.Empty(t, show(s, one, two))
	require.Len(t, s.Seen(Frame{Spots: []Spot{one, two}}), 2)

	three := Spot{Slot: "c", Image: decoded(t, 100, 100), Rect: image.Rect(80, 3, 100, 13)}
	write = s.Update(s.Place(Frame{Spots: []Spot{one, two, three}})())
	s.Repainted()
	again := s.Place(Frame{Spots: []Spot{one, two, three}})
	require.Empty(t, run(s, write), "written over, and painted with the others")
	require.Equal(t, 3, strings.Count(run(s, again), "\x1b7"))
}

func TestSixelFitsItsCells(t *testing.T) {
	s, m := screenOf(cellSize+sixelDA1), decoded(t, 310, 100)
	sent := show(s, Spot{Slot: "a", Image: m, Rect: image.Rect(0, 0, 30, 30)})
	from, to := strings.Index(sent, "\x1bP"), strings.LastIndex(sent, "\x1b8")
	require.Contains(t, sent[from:from+24], "\"1;1;300;97", "the picture's proportions, not those of its cells")
	var back image.Image
	require.NoError(t, sixel.NewDecoder(strings.NewReader(sent[from:to])).Decode(&back))
	want, got := portraitAt(0.5, 0.5), back.At(150, 50)
	r, _, _, _ := got.RGBA()
	require.InDelta(t, want.R, r>>8, 20)
}

func TestBlanksAreNoPlainSpaces(t *testing.T) {
	s, m := screenOf(cellSize+sixelDA1), decoded(t, 200, 200)
	lines := s.Draw(Spot{Slot: "a", Image: m, Rect: image.Rect(0, 0, 12, 4)})
	require.Equal(t, "  \x1b[8m        \x1b[m  ", lines[0])
}

func TestNothingIsShownWhereNothingIsWanted(t *testing.T) {
	s := NewScreen(Options{Choice: None})
	spot := Spot{Slot: "a", Image: decoded(t, 20, 20), Rect: image.Rect(0, 0, 5, 2)}
	require.Equal(t, []string{"     ", "     "}, s.Draw(spot))
	require.Empty(t, show(s, spot, Spot{Slot: "nothing"}))
}

func TestHalfBlocksAreDrawnOnce(t *testing.T) {
	s, m := NewScreen(Options{}), decoded(t, 200, 200)
	spot := Spot{Slot: "a", Image: m, Rect: image.Rect(0, 0, 20, 10)}
	first := s.Draw(spot)
	require.Same(t, &first[0], &s.Draw(spot)[0])
	spot.View.Zoom = 2
	require.NotEqual(t, first, s.Draw(spot))
	require.Empty(t, show(s))
	require.Empty(t, s.drawn)
}
