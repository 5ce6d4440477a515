package dialog

import (
	"slices"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// Palette finds any action of a page by its name and carries it out.
type Palette struct {
	c     *common.Context
	off   func(keymap.ID) string
	all   []keymap.Action
	shown []keymap.Action
	field *widget.Field
	at    int
}

// NewPalette returns the palette of the scope; off says why an action cannot be
// done now.
func NewPalette(c *common.Context, scope keymap.Scope, off func(keymap.ID) string) *Palette {
	p := &Palette{c: c, off: off, all: c.Keys.In(scope), field: widget.NewField("type to find an action", "")}
	p.shown = p.all
	return p
}

// Init implements common.Dialog.
func (p *Palette) Init() tea.Cmd { return nil }

// Title implements common.Dialog.
func (p *Palette) Title() string { return "Every action by name" }

// Types implements Typing.
func (p *Palette) Types() bool { return true }

// Width implements Sized.
func (p *Palette) Width(room int) int { return min(room, 84) }

// Foot implements common.Dialog.
func (p *Palette) Foot() []keymap.Action {
	return []keymap.Action{hint("↑/↓", "move"), hint("enter", "do it"), hint("esc", "back")}
}

// Update implements common.Dialog.
func (p *Palette) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		p.field.Insert(msg.Content)
		p.filter()
	case tea.KeyPressMsg:
		return p.key(msg)
	}
	return nil
}

func (p *Palette) key(msg tea.KeyPressMsg) tea.Cmd {
	switch k := msg.String(); k {
	case "esc":
		return p.c.Dismiss(nil)
	case "down", "ctrl+n", "tab", "ctrl+j":
		p.at = min(p.at+1, max(len(p.shown)-1, 0))
	case "up", "ctrl+p", "shift+tab":
		p.at = max(p.at-1, 0)
	case "pgdown":
		p.at = min(p.at+10, max(len(p.shown)-1, 0))
	case "pgup":
		p.at = max(p.at-10, 0)
	case "enter":
		if p.at < len(p.shown) && p.off(p.shown[p.at].ID) == "" {
			return p.c.Dismiss(common.Run{ID: p.shown[p.at].ID})
		}
	default:
		if p.field.Key(msg) {
			p.filter()
		}
	}
	return nil
}

func (p *Palette) filter() {
	p.at = 0
	p.shown = rank(p.all, p.field.Text())
}

// rank returns the actions that a text means, best first. Those that are found
// much worse than the best are left out.
func rank(all []keymap.Action, text string) []keymap.Action {
	key := strings.TrimSpace(text) // of keys the case counts
	if text = strings.ToLower(key); text == "" {
		return all
	}
	type hit struct {
		a     keymap.Action
		score int
	}
	var hits []hit
	for _, a := range all {
		best := max(score(a.Help, text), score(string(a.ID), text), score(a.Short, text))
		if slices.Contains(a.Keys, key) {
			best = max(best, 1000)
		}
		if best > 0 {
			hits = append(hits, hit{a, best})
		}
	}
	slices.SortStableFunc(hits, func(x, y hit) int { return y.score - x.score })
	var out []keymap.Action
	for _, h := range hits {
		if 2*h.score >= hits[0].score {
			out = append(out, h.a)
		}
	}
	return out
}

// score says how well a text is found in a name: all letters in order, more for
// those that follow each other or begin a word; 0: not found.
func score(name, text string) int {
	letters := []rune(strings.ToLower(name))
	total, at, run := 0, 0, 0
	for _, want := range text {
		if want == ' ' {
			run = 0
			continue
		}
		found := -1
		for i := at; i < len(letters); i++ {
			if letters[i] == want {
				found = i
				break
			}
		}
		if found < 0 {
			return 0
		}
		begins := found == 0 || !unicode.IsLetter(letters[found-1])
		if found == at && at > 0 {
			run++
		} else {
			run = 0
		}
		total += 1 + 3*run
		if begins {
			total += 5
		}
		at = found + 1
	}
	if strings.Contains(string(letters), text) {
		total += 20
	}
	return total
}

// View implements common.Dialog.
func (p *Palette) View(w, h int) string {
	st := p.c.Styles
	out := []string{st.Accent.Render("> ") + p.field.Line(w-2, true, st.Text, st.Accent, st.Dim), ""}
	room := min(max(h-4, 1), 18)
	from := max(0, p.at-room+1)
	for i := from; i < min(len(p.shown), from+room); i++ {
		out = append(out, p.line(p.shown[i], i == p.at, w))
	}
	if len(p.shown) == 0 {
		out = append(out, st.Dim.Render("No action is called so. Try another word."))
	}
	for len(out) < room+2 {
		out = append(out, "")
	}
	says := ""
	if p.at < len(p.shown) {
		if why := p.off(p.shown[p.at].ID); why != "" {
			says = "off: " + why
		}
	}
	return strings.Join(append(out, "", st.Dim.Render(widget.Clip(says, w))), "\n")
}

func (p *Palette) line(a keymap.Action, on bool, w int) string {
	st := p.c.Styles
	off := p.off(a.ID) != ""
	keys := a.KeyText()
	name := a.Help
	if off {
		name += "  (off)"
	}
	switch {
	case on:
		return st.Accent.Render("> ") + st.Selected.Render(widget.Ends(name, keys, w-2))
	case off:
		return "  " + st.Dim.Render(widget.Ends(name, keys, w-2))
	default:
		return "  " + widget.Ends(name, st.Key.Render(keys), w-2)
	}
}
