package gallery

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"docket/ui/keymap"
	"docket/ui/picture"
)

const (
	zoomStep = 1.5
	panStep  = 0.2 // of what is seen
)

// pans are the directions of the keys that pan.
var pans = map[keymap.ID]image.Point{
	keymap.PanLeft: {X: -1}, keymap.PanRight: {X: 1}, keymap.PanUp: {Y: -1}, keymap.PanDown: {Y: 1},
}

// pan moves what is seen.
func (s *stage) pan(by image.Point, box picture.Box) {
	if m := s.decoded(); m != nil {
		s.view = s.view.Panned(m, box, panStep*float64(by.X), panStep*float64(by.Y))
	}
}

// look zooms around the middle of what is seen, turns, or fits.
func (s *stage) look(id keymap.ID, box picture.Box) {
	if s.decoded() == nil {
		return
	}
	switch id {
	case keymap.ZoomIn:
		s.zoom(float64(box.W-1)/2, float64(box.H-1)/2, box, zoomStep)
	case keymap.ZoomOut:
		s.zoom(float64(box.W-1)/2, float64(box.H-1)/2, box, 1/zoomStep)
	case keymap.Rotate:
		s.view = s.view.Turned(1)
	case keymap.Fit:
		s.view = s.view.Fitted()
	}
}

// zoom zooms; what is seen at a cell of the box stays there.
func (s *stage) zoom(x, y float64, box picture.Box, factor float64) {
	if m := s.decoded(); m != nil {
		s.view = s.view.Zoomed(m, box, x, y, factor)
	}
}

// zoomBy is how much a turn of the wheel zooms: upwards is into the picture.
func zoomBy(turn int) float64 {
	if turn > 0 {
		return 1 / zoomStep
	}
	return zoomStep
}

// zoomed reports whether only a part of the picture is seen.
func (s *stage) zoomed() bool { return s.view.Zoom > 1 }

// browse goes to another picture of the session.
func (s *stage) browse(id keymap.ID) (tea.Cmd, bool) {
	switch id {
	case keymap.NextImage:
		return s.step(1), true
	case keymap.PrevImage:
		return s.step(-1), true
	}
	return nil, false
}
