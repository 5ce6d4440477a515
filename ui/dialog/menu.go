package dialog

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// Item is one line of a menu.
type Item struct {
	Key    string // a letter that chooses it at once; may be empty
	Title  string
	Detail string  // shown dim beside the title
	Off    string  // why it cannot be chosen now; empty: it can
	Send   tea.Msg // delivered when it was chosen
	On     bool    // it is what is in use now
}

// Menu is a list to choose one thing from.
type Menu struct {
	c     *common.Context
	title string
	items []Item
	at    int
}

// NewMenu returns a menu. The item in use, if any, starts selected.
func NewMenu(c *common.Context, title string, items []Item) *Menu {
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
		return common.Send(common.Pop{})
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
		return common.Send(common.Pop{Then: it.Send})
	}
	return nil
}

// View implements common.Dialog. The reason why the selected item is off stands
// under the list.
func (m *Menu) View(w, h int) string {
	st := m.c.Styles
	out := make([]string, 0, len(m.items)+2)
	from := max(0, m.at-(h-3))
	for i := from; i < len(m.items) && len(out) < h-2; i++ {
		it := m.items[i]
		key := widget.Fit(it.Key, 2)
		text := it.Title
		switch {
		case i == m.at:
			out = append(out, st.Accent.Render("> ")+st.Selected.Render(widget.Fit(key+text, w-2)))
			continue
		case it.Off != "":
			out = append(out, "  "+st.Dim.Render(widget.Fit(key+text+"  (off)", w-2)))
			continue
		}
		line := "  " + st.Key.Render(key) + text
		if it.On {
			line += st.Good.Render("  ✓")
		}
		if it.Detail != "" {
			line += "  " + st.Dim.Render(it.Detail)
		}
		out = append(out, line)
	}
	says := m.items[m.at].Detail
	if off := m.items[m.at].Off; off != "" {
		says = "off: " + off
	}
	if says != "" || anyDetail(m.items) {
		out = append(out, "", st.Dim.Render(widget.Clip(says, w)))
	}
	return strings.Join(out, "\n")
}

func anyDetail(items []Item) bool {
	for _, it := range items {
		if it.Detail != "" || it.Off != "" {
			return true
		}
	}
	return false
}
