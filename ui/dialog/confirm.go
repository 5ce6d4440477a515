package dialog

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// Confirm asks one question with yes and no. Enter does nothing: yes is said
// with y.
type Confirm struct {
	c     *common.Context
	title string
	text  string
	yes   string
	do    tea.Cmd
}

// NewConfirm returns a question. yes names what y does, and do does it.
func NewConfirm(c *common.Context, title, text, yes string, do tea.Cmd) *Confirm {
	return &Confirm{c: c, title: title, text: text, yes: yes, do: do}
}

// Init implements common.Dialog.
func (d *Confirm) Init() tea.Cmd { return nil }

// Title implements common.Dialog.
func (d *Confirm) Title() string { return d.title }

// Foot implements common.Dialog.
func (d *Confirm) Foot() []keymap.Action {
	return []keymap.Action{hint("y", d.yes), hint("n/esc", "no, go back")}
}

// Update implements common.Dialog.
func (d *Confirm) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	switch key.String() {
	case "y", "Y":
		return tea.Sequence(d.c.Dismiss(nil), d.do)
	case "n", "N", "esc", "q":
		return d.c.Dismiss(nil)
	}
	return nil
}

// Width implements Sized.
func (d *Confirm) Width(room int) int { return min(room, 60) }

// View implements common.Dialog.
func (d *Confirm) View(w, _ int) string {
	st := d.c.Styles
	out := append([]string{""}, widget.Wrap(d.text, w)...)
	return strings.Join(append(out, "", st.Key.Render("y")+" "+d.yes+"    "+st.Key.Render("n")+" no, go back"), "\n")
}
