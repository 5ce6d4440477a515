package dialog

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// MenuItem is one line of a menu.
type MenuItem struct {
	Key   string // a letter that chooses it at once; may be empty
	Title string
	Says  string  // shown under the list while it is selected
	Off   string  // why it cannot be chosen now; empty: it can
	Then  tea.Msg // delivered when it was chosen
	On    bool    // it is what is in use now
}

// Menu is a list to choose one thing from.
type Menu struct {
	c     *common.Context
	title string
	items []MenuItem
	at    int
}

// NewMenu returns a menu. The item in use, if any, starts selected.
func NewMenu(c *common.Context, title string, items []MenuItem) *Menu {
	m := &Menu{c: c, title: title, items: items}
	for i, it := range items {
		if it.On {
			m.at = i
		}
	}
	return m
}

// Init implements common.Dialog.
func (m *Menu) Init() tea.Cmd { return nil }

// Title implements common.Dialog.
func (m *Menu) Title() string { return m.title }

// Foot implements common.Dialog.
func (m *Menu) Foot() []keymap.Action {
	return []keymap.Action{hint("j/k", "move"), hint("enter", "choose"), hint("esc", "back")}
}

// Update implements common.Dialog.
func (m *Menu) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	switch k := key.String(); k {
	case "esc", "q":
		return m.c.Dismiss(nil)
	case "down", "j", "tab", "ctrl+n":
		m.at = (m.at + 1) % len(m.items)
	case "up", "k", "shift+tab", "ctrl+p":
		m.at = (m.at + len(m.items) - 1) % len(m.items)
	case "enter":
		return m.choose(m.at)
	default:
		for i, it := range m.items {
			if it.Key == k {
				return m.choose(i)
			}
		}
	}
	return nil
}

func (m *Menu) choose(i int) tea.Cmd {
	m.at = i
	if it := m.items[i]; it.Off == "" {
		return m.c.Dismiss(it.Then)
	}
	return nil
}

// View implements common.Dialog. What the selected item does, or why it is off,
// stands under the list; the room for it is kept, so that nothing jumps.
func (m *Menu) View(w, h int) string {
	says := m.says(w)
	room := max(h-says-1, 1)
	from := max(0, m.at-room+1)
	var out []string
	for i := from; i < min(len(m.items), from+room); i++ {
		out = append(out, m.line(i, w))
	}
	if says == 0 {
		return strings.Join(out, "\n")
	}
	st, it := m.c.Styles, m.items[m.at]
	text, style := it.Says, st.Dim
	if it.Off != "" {
		text, style = "off: "+it.Off, st.Warn
	}
	out = append(out, "")
	for _, l := range widget.Fill(widget.Wrap(text, w), w, says) {
		out = append(out, style.Render(l))
	}
	return strings.Join(out, "\n")
}

// says returns how many lines the longest explanation takes.
func (m *Menu) says(w int) int {
	n := 0
	for _, it := range m.items {
		for _, text := range []string{it.Says, it.Off} {
			if text != "" {
				n = max(n, len(widget.Wrap("off: "+text, w)))
			}
		}
	}
	return n
}

func (m *Menu) line(i, w int) string {
	st, it := m.c.Styles, m.items[i]
	key := widget.Fit(it.Key, 2)
	off := ""
	if it.Off != "" {
		off = "  (off)"
	}
	switch {
	case i == m.at:
		return st.Accent.Render("> ") + st.Selected.Render(widget.Fit(key+it.Title+off, w-2))
	case off != "":
		return "  " + st.Dim.Render(widget.Fit(key+it.Title+off, w-2))
	case it.On:
		return "  " + st.Key.Render(key) + it.Title + st.Good.Render("  ✓")
	default:
		return "  " + st.Key.Render(key) + it.Title
	}
}
