package inbox

import (
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"docket/model"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// advice is what to do about an empty list: a key, or a command, and what it
// does.
type advice struct{ key, does string }

// keyRoom is how wide the keys and commands of advice are.
const keyRoom = 18

// empty says why there are no rows, and what to do, in as many lines as that takes.
func (p *Page) empty() []string {
	st := p.c.Styles
	title, tips := p.why()
	out := append([]string{""}, p.hung("  ", title)...)
	if len(tips) > 0 {
		out = append(out, "")
	}
	for _, t := range tips {
		out = append(out, p.hung("  "+st.Key.Render(widget.Fit(t.key, keyRoom))+" ", st.Dim.Render(t.does))...)
	}
	for i := range out {
		out[i] = widget.Fit(out[i], p.w)
	}
	return out
}

// hung breaks a text into lines that stand below each other, behind a lead.
func (p *Page) hung(lead, text string) []string {
	in := widget.Width(lead)
	lines := strings.Split(lipgloss.Wrap(text, max(p.w-in-1, 1), ""), "\n")
	for i := range lines {
		if i > 0 {
			lead = widget.Spaces(in)
		}
		lines[i] = lead + lines[i]
	}
	return lines
}

// key returns the key of an action, as it is bound.
func (p *Page) key(id keymap.ID) string { return p.c.Keys.Get(id).FirstKey() }

// viewKey returns the key of a view, as it is bound; its name when it has none.
func (p *Page) viewKey(v model.View) string {
	keys := p.c.Keys.Get(keymap.ViewN).Keys
	i := slices.IndexFunc(model.Views(), func(info model.ViewInfo) bool { return info.View == v })
	if i < 0 || i >= len(keys) {
		return string(v)
	}
	return keys[i]
}

func (p *Page) why() (string, []advice) {
	st := p.c.Styles
	switch {
	case p.problem != nil:
		return st.Bad.Render("✗ " + p.problem.Error()), []advice{{p.key(keymap.Refresh), "tries again"}, {p.key(keymap.Activity), "shows what was asked and answered"}}
	case p.busy:
		return st.Dim.Render("reading…"), nil
	case p.query.Search != "":
		return "No session in this view matches \"" + p.query.Search + "\".", []advice{
			{p.key(keymap.Back), "clears the search"}, {p.viewKey(model.ViewAll), "searches all sessions"}, {p.key(keymap.Add), "adds a session by its interview id"},
		}
	case p.query.Filtered():
		return "No session in this view passes the filters.", []advice{{p.key(keymap.Back), "clears them"}, {p.key(keymap.Filter), "changes them"}}
	case p.counts != nil && p.counts[model.ViewAll] == 0:
		tips := []advice{
			{p.key(keymap.Add), "adds sessions by their interview ids"},
			{"docket add ID…", "does the same from a shell; with - it reads ids from standard input"},
			{"docket gateway", "takes the API's webhooks, and sessions come by themselves"},
			{"docket demo", "shows the console with made-up sessions"},
		}
		if !p.c.Desk.Token().Present {
			tips = slices.Insert(tips, 0, advice{p.key(keymap.Palette) + " log in", "first: there is no executive token, and the API answers nothing without one"})
		}
		return st.Strong.Render("The inbox is empty.") + " The API has no list of sessions: docket shows those that it was told of.", tips
	default:
		return p.nothing(), []advice{{p.viewKey(model.ViewAll), "shows all sessions"}, {p.key(keymap.NextView), "next view"}, {p.key(keymap.Add), "adds sessions by their interview ids"}}
	}
}

// nothing says that a view is empty, in its own words.
func (p *Page) nothing() string {
	st := p.c.Styles
	switch p.query.View {
	case model.ViewReview:
		return st.Good.Render("✓") + " Nothing waits for a person."
	case model.ViewMine:
		return "You have claimed no session."
	case model.ViewProposed:
		return st.Good.Render("✓") + " No decision waits for a second person."
	case model.ViewUnknown:
		return st.Good.Render("✓") + " The outcome of every action is known."
	default:
		return "There are no " + p.says() + "."
	}
}
