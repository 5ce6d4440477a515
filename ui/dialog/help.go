package dialog

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// Help shows every action of a page with its keys, in groups and two columns,
// made from the registry.
type Help struct {
	c      *common.Context
	scope  keymap.Scope
	off    func(keymap.ID) string
	scroll widget.Scroll
	width  int
	find   *widget.Field // not nil while a search is typed
}

// NewHelp returns the help of the scope; off says why an action cannot be done
// now.
func NewHelp(c *common.Context, scope keymap.Scope, off func(keymap.ID) string) *Help {
	return &Help{c: c, scope: scope, off: off}
}

// Init implements common.Dialog.
func (d *Help) Init() tea.Cmd { return nil }

// Title implements common.Dialog.
func (d *Help) Title() string { return "Keys of this page" }

// Width implements Sized.
func (d *Help) Width(room int) int { return min(room, 104) }

// Types implements Typing: nothing here can be chosen by accident.
func (d *Help) Types() bool { return true }

// Foot implements common.Dialog.
func (d *Help) Foot() []keymap.Action {
	return []keymap.Action{hint("j/k", "scroll"), hint("/", "find"), hint("esc", "back")}
}

// Update implements common.Dialog.
func (d *Help) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	k := key.String()
	if d.find != nil {
		d.typed(key)
		return nil
	}
	a, _ := d.c.Keys.Match(k, d.scope)
	switch {
	case k == "esc", k == "q", a.ID == keymap.Help:
		return d.c.Dismiss(nil)
	case k == "/":
		d.find = widget.NewField("", "")
	case k == "n":
		d.scroll.Next(1)
	case k == "N":
		d.scroll.Next(-1)
	default:
		scrollBy(&d.scroll, a.ID)
	}
	return nil
}

func (d *Help) typed(msg tea.KeyPressMsg) {
	switch msg.String() {
	case "esc":
		d.find = nil
		d.scroll.Find("")
	case "enter":
		d.find = nil
	default:
		d.find.Key(msg)
		if d.scroll.Find(d.find.Text()) > 0 {
			d.scroll.Top()
			d.scroll.Next(1)
		}
	}
}

// scrollBy moves a scroll area by a movement of the registry.
func scrollBy(s *widget.Scroll, id keymap.ID) {
	switch id {
	case keymap.Down:
		s.By(1)
	case keymap.Up:
		s.By(-1)
	case keymap.HalfDown:
		s.By(10)
	case keymap.HalfUp:
		s.By(-10)
	case keymap.First:
		s.Top()
	case keymap.Last:
		s.End()
	}
}

// View implements common.Dialog.
func (d *Help) View(w, h int) string {
	if d.width != w {
		d.width = w
		d.scroll.SetLines(d.body(w))
	}
	d.scroll.SetSize(w, max(min(h-2, d.scroll.Len()), 1))
	out := d.scroll.View(d.c.Styles.Hit)
	last := d.c.Styles.Dim.Render(d.scroll.Place())
	if d.find != nil {
		last = "/ " + d.find.Line(w-2, true, d.c.Styles.Text, d.c.Styles.Accent, d.c.Styles.Dim)
	}
	return strings.Join(append(out, "", last), "\n")
}

// twoColumns is the width from which there are two columns.
const twoColumns = 96

// body lays the groups out in two columns, of one height as far as groups can
// be kept together.
func (d *Help) body(w int) []string {
	if w < twoColumns {
		return slices.Concat(d.groups(w)...)
	}
	groups := d.groups((w - 3) / 2)
	total := 0
	for _, g := range groups {
		total += len(g)
	}
	var left, right []string
	for _, g := range groups {
		if len(left) == 0 || len(left)+len(g)/2 <= total/2 && len(right) == 0 {
			left = append(left, g...)
		} else {
			right = append(right, g...)
		}
	}
	var out []string
	for i := range max(len(left), len(right)) {
		l, r := "", ""
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		out = append(out, widget.Fit(l, (w-3)/2)+"   "+widget.Fit(r, (w-3)/2))
	}
	return out
}

func (d *Help) groups(w int) [][]string {
	st := d.c.Styles
	var out [][]string
	last := keymap.Group("")
	actions := d.c.Keys.In(d.scope)
	for i, a := range actions {
		if a.Group != last {
			out = append(out, []string{st.Title.Render(string(a.Group))})
			last = a.Group
		}
		g := &out[len(out)-1]
		keys := a.KeyText()
		if keys == "" {
			keys = ":"
		}
		line, why := st.Key.Render(widget.Fit(keys, 12))+" "+widget.Clip(a.Help, w-13), d.off(a.ID)
		if why != "" {
			line = st.Dim.Render(widget.Fit(keys, 12) + " " + widget.Clip(a.Help, w-13))
		}
		*g = append(*g, line)
		// Of several in a row that are off for the same reason the last says it for all.
		if next := i + 1; why != "" && (next == len(actions) || actions[next].Group != a.Group || d.off(actions[next].ID) != why) {
			*g = append(*g, st.Dim.Render("             "+widget.Clip("off: "+why, w-13)))
		}
	}
	out = append(out, d.signs())
	for i := range out {
		out[i] = append(out[i], "")
	}
	return out
}

// signs says what the signs before verdicts and checks mean.
func (d *Help) signs() []string {
	st := d.c.Styles
	out := []string{st.Title.Render("Signs")}
	for _, s := range []struct {
		tone model.Tone
		says string
	}{
		{model.ToneGood, "passed"},
		{model.ToneBad, "failed"},
		{model.ToneWarn, "look at it"},
		{model.ToneHuman, "waits for a person"},
		{model.ToneQuery, "no result: neither passed nor failed"},
		{model.ToneNone, "nothing was said about it"},
	} {
		out = append(out, st.Tone(s.tone).Render(widget.Fit(common.Sign(s.tone), 12))+" "+s.says)
	}
	return out
}
