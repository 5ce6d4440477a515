package ui_test

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/uitest"
)

// sheet is a page of a session that says which one.
type sheet struct{ id string }

func (s sheet) ID() string                        { return s.id }
func (sheet) Init() tea.Cmd                       { return nil }
func (sheet) Update(tea.Msg) tea.Cmd              { return nil }
func (sheet) Scope() keymap.Scope                 { return keymap.InCompare }
func (sheet) Key(tea.KeyPressMsg) (tea.Cmd, bool) { return nil, false }
func (sheet) Do(keymap.ID, string) tea.Cmd        { return nil }
func (sheet) Off(keymap.ID) string                { return "" }
func (sheet) SetSize(int, int)                    {}
func (s sheet) View() string                      { return "the sheet of " + s.id }
func (sheet) Crumbs() []string                    { return []string{"Sheet"} }

// A page that was asked for from a session which is not in front any more never
// comes up under the name of another person.
func TestALatePageDoesNotLieOverAnotherSession(t *testing.T) {
	d := console(t, uitest.New(nil), nil).See("1 of 5")
	d.Press("enter").See("Before approve", "66e0b7a1…c002")
	d.Tell(common.PushPage{Page: sheet{lucia}}).Sync().Gone("the sheet of").See("Before approve")
	d.Tell(common.PushPage{Page: sheet{joao}}).See("the sheet of "+joao, "66e0b7a1…c002 > Sheet")
	d.Tell(common.PushPage{Page: sheet{joao}}).Sync().Gone("> Sheet > Sheet")
}
