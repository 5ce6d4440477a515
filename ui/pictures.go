package ui

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"docket/ui/common"
	"docket/ui/picture"
)

// wiped takes the pictures of a session that was left out of the terminal.
func (r *Root) wiped() tea.Cmd {
	if !r.wipe {
		return nil
	}
	r.wipe = false
	return sends(r.c.Pictures.Clear())
}

// sends sends bytes to the terminal, if there are any.
func sends(raw string) tea.Cmd {
	if raw == "" {
		return nil
	}
	return tea.Raw(raw)
}

// place says which pictures the next frame shows, and what lies over them.
func (r *Root) place() tea.Cmd {
	p, ok := r.page().(common.Pictured)
	if !ok || r.covered() || r.screen.Small {
		return r.c.Pictures.Place(picture.Frame{})
	}
	at := image.Pt(r.screen.Page.X, r.screen.Page.Y)
	frame := picture.Frame{Spots: p.Spots()}
	for i := range frame.Spots {
		frame.Spots[i].Rect = frame.Spots[i].Rect.Add(at)
	}
	if box, open := r.dialogs.Place(r.screen.Page); open {
		frame.Covered = append(frame.Covered, box)
	}
	if over := len(r.status()) - 1; over > 0 { // alerts of several lines
		end := r.screen.Page.Y + r.screen.Page.H
		frame.Covered = append(frame.Covered, image.Rect(0, end-over, r.w, end))
	}
	cmd := r.c.Pictures.Place(frame)
	r.showed(frame)
	return cmd
}

// showed keeps which pictures are on the screen: evidence of what is decided in
// front of them. What a dialog hides is not.
func (r *Root) showed(f picture.Frame) {
	front, ok := r.page().(named)
	if !ok {
		return
	}
	for _, spot := range r.c.Pictures.Seen(f) {
		r.c.Looked.Showed(front.ID(), spot.Of)
	}
}

// forgetPictures drops what is decoded, and what the terminal keeps of it with
// the next frame.
func (r *Root) forgetPictures() {
	r.c.Decoder.Forget()
	r.wipe = true
}
