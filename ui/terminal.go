package ui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"docket/ui/common"
	"docket/ui/layout"
)

// fromTerminal takes what the terminal says, keys aside.
func (r *Root) fromTerminal(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		r.resize(msg.Width, msg.Height)
	case tea.BackgroundColorMsg:
		return r.recolour(msg.IsDark(), r.profile), true
	case tea.ColorProfileMsg:
		return r.recolour(r.dark, msg.Profile), true
	case tea.ModeReportMsg:
		r.letters(msg)
	case tea.PasteMsg:
		return r.paste(msg), true
	case tea.MouseClickMsg:
		return r.click(msg.Mouse()), true
	case tea.MouseWheelMsg:
		return r.wheel(msg.Mouse()), true
	default:
		return nil, false
	}
	return nil, true
}

func (r *Root) resize(w, h int) {
	r.w, r.h = w, h
	r.screen = layout.Divide(w, h)
	if r.screen.Small {
		return
	}
	for _, p := range r.pages {
		p.SetSize(r.screen.Page.W, r.screen.Page.H)
	}
}

// recolour makes the styles anew, in place: pages hold on to them.
func (r *Root) recolour(dark bool, profile colorProfile) tea.Cmd {
	if dark == r.dark && profile == r.profile {
		return nil
	}
	r.dark, r.profile = dark, profile
	*r.c.Styles = *common.NewStyles(r.theme, dark, profile)
	return r.broadcast(common.Themed{})
}

// letters notes whether the terminal takes letters with their marks as one.
func (r *Root) letters(msg tea.ModeReportMsg) {
	if r.glyphs != nil && msg.Mode == ansi.ModeUnicodeCore {
		r.glyphs.whole = msg.Value.IsSet() || msg.Value.IsReset()
	}
}

func (r *Root) paste(msg tea.PasteMsg) tea.Cmd {
	switch {
	case r.locked:
		r.pasteLocked(msg)
		return nil
	case r.screen.Small || r.plain != nil:
		return nil
	case r.dialogs.Open():
		return r.dialogs.Top().Update(msg)
	default:
		return r.page().Update(msg)
	}
}

func (r *Root) click(m tea.Mouse) tea.Cmd {
	area := r.screen.Page
	inside := m.X >= area.X && m.X < area.X+area.W && m.Y >= area.Y && m.Y < area.Y+area.H
	if !r.mouse || r.covered() || r.dialogs.Open() || !inside || m.Button != tea.MouseLeft {
		return nil
	}
	return r.page().Update(common.Click{X: m.X - area.X, Y: m.Y - area.Y})
}

// wheelLines is how far a notch of the mouse wheel goes.
const wheelLines = 3

func (r *Root) wheel(m tea.Mouse) tea.Cmd {
	if !r.mouse || r.covered() || r.dialogs.Open() {
		return nil
	}
	turn := common.Wheel{By: wheelLines, X: m.X - r.screen.Page.X, Y: m.Y - r.screen.Page.Y}
	switch m.Button {
	case tea.MouseWheelUp:
		turn.By = -wheelLines
	case tea.MouseWheelDown:
	default:
		return nil
	}
	return r.page().Update(turn)
}
