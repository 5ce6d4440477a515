// Package dialog holds what can be put on top of a page: the stack that draws
// it and takes the keys, and the dialogs themselves.
package dialog

import (
	"image"
	"time"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/layout"
	"docket/ui/widget"
)

// Stack is the dialogs on top of a page, the last one in front. A dialog that
// has just come up does not choose anything yet: a key that was on its way when
// it opened was not meant for it.
type Stack struct {
	c     *common.Context
	grace time.Duration
	open  []*entry
	seq   int
}

type entry struct {
	dialog common.Dialog
	seq    int
	armed  bool
}

// armedMsg says that the dialog with the number has been in sight long enough.
type armedMsg struct{ seq int }

// Typing is a dialog whose keys mostly type text. While it is not armed it takes
// text, but no key that chooses.
type Typing interface{ Types() bool }

// Sized is a dialog that wants a certain width inside its frame.
type Sized interface{ Width(room int) int }

// Bare is a dialog that may have all of the page for itself, without a frame.
type Bare interface{ Bare() bool }

// bare reports whether the dialog in front has no frame now.
func (s *Stack) bare() bool {
	b, ok := s.Top().(Bare)
	return ok && b.Bare()
}

// NewStack returns an empty stack. Dialogs choose nothing during the grace.
func NewStack(c *common.Context, grace time.Duration) *Stack {
	return &Stack{c: c, grace: grace}
}

// Open reports whether there is a dialog.
func (s *Stack) Open() bool { return len(s.open) > 0 }

// Top returns the dialog in front, or nil.
func (s *Stack) Top() common.Dialog {
	if len(s.open) == 0 {
		return nil
	}
	return s.open[len(s.open)-1].dialog
}

// Push puts a dialog in front.
func (s *Stack) Push(d common.Dialog) tea.Cmd {
	s.seq++
	e := &entry{dialog: d, seq: s.seq, armed: s.grace <= 0}
	s.open = append(s.open, e)
	if e.armed {
		return d.Init()
	}
	return tea.Batch(d.Init(), tea.Tick(s.grace, func(time.Time) tea.Msg { return armedMsg{e.seq} }))
}

// Pop takes the dialog in front away.
func (s *Stack) Pop() {
	if len(s.open) > 0 {
		s.open = s.open[:len(s.open)-1]
	}
}

// Key gives a key to the dialog in front.
func (s *Stack) Key(msg tea.KeyPressMsg) tea.Cmd {
	e := s.open[len(s.open)-1]
	if !e.armed && !harmless(e.dialog, msg) {
		return nil
	}
	return e.dialog.Update(msg)
}

// harmless reports whether a key may reach a dialog that is not armed: to leave
// it, or to type into it.
func harmless(d common.Dialog, msg tea.KeyPressMsg) bool {
	if msg.String() == "esc" {
		return true
	}
	t, ok := d.(Typing)
	return ok && t.Types() && msg.Text != ""
}

// Update gives a message that is no key to every dialog.
func (s *Stack) Update(msg tea.Msg) tea.Cmd {
	if m, ok := msg.(armedMsg); ok {
		for _, e := range s.open {
			e.armed = e.armed || e.seq == m.seq
		}
		return nil
	}
	if m, ok := msg.(common.Ended); ok {
		s.sent(m.Outcomes)
	}
	var cmds []tea.Cmd
	for _, e := range s.open {
		cmds = append(cmds, e.dialog.Update(msg))
	}
	return tea.Batch(cmds...)
}

// sent drops what was filled in for actions that are done or proposed. What was taken
// back or refused is kept for the next try.
func (s *Stack) sent(outcomes []model.Outcome) {
	for _, o := range outcomes {
		if o.Result == model.ResultDone || o.Result == model.ResultProposed {
			s.c.Forget(o.ID, o.Action.Kind)
		}
	}
}

// most is the widest a dialog gets inside its frame, unless it is Sized.
const most = 76

// shreds is how many cells of the page beside a dialog are not worth leaving.
const shreds = 8

// Draw draws the dialog in front on top of a screen of lines, all w cells wide,
// inside the area.
func (s *Stack) Draw(screen []string, area layout.Rect, w int) {
	d := s.Top()
	if d == nil {
		return
	}
	if s.bare() {
		widget.Over(screen, widget.Fill(lines(d.View(area.W, area.H)), area.W, area.H), area.X, area.Y, w)
		return
	}
	body, inner := s.body(area)
	box := s.frame(d.Title(), body, inner)
	place := layout.Center(area, inner+4, len(box))
	widget.Over(screen, box, place.X, place.Y, w)
}

// body returns the lines of the dialog in front and how wide they are.
func (s *Stack) body(area layout.Rect) ([]string, int) {
	d := s.Top()
	room := layout.Rect{X: area.X, Y: area.Y, W: area.W - 4, H: area.H - 2}
	inner := min(room.W, most)
	if sized, ok := d.(Sized); ok {
		inner = min(room.W, sized.Width(room.W))
	}
	if room.W-inner < shreds {
		inner = room.W
	}
	body := lines(d.View(inner, room.H))
	return body[:min(len(body), room.H)], inner
}

// Place returns where the dialog in front lies, if there is one.
func (s *Stack) Place(area layout.Rect) (image.Rectangle, bool) {
	if !s.Open() {
		return image.Rectangle{}, false
	}
	if s.bare() {
		return image.Rect(area.X, area.Y, area.X+area.W, area.Y+area.H), true
	}
	body, inner := s.body(area)
	at := layout.Center(area, inner+4, len(body)+2)
	return image.Rect(at.X, at.Y, at.X+inner+4, at.Y+len(body)+2), true
}

func (s *Stack) frame(title string, body []string, inner int) []string {
	st := s.c.Styles
	edge := st.FrameOn
	title = widget.Clip(title, inner-2)
	bar := inner - widget.Width(title) - 1
	box := []string{edge.Render("╭─ ") + st.Title.Render(title) + edge.Render(" "+repeat("─", bar)+"╮")}
	side := edge.Render("│")
	for _, l := range body {
		box = append(box, side+" "+widget.Fit(l, inner)+" "+side)
	}
	return append(box, edge.Render("╰"+repeat("─", inner+2)+"╯"))
}
