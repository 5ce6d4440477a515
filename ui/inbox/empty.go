package inbox

import (
	"docket/model"
	"docket/ui/widget"
)

// advice is what to do about an empty list: a key, or a command, and what it
// does.
type advice struct{ key, does string }

// empty says why there are no rows, and what to do.
func (p *Page) empty() []string {
	st := p.c.Styles
	title, tips := p.why()
	out := []string{"", "  " + title}
	for _, t := range tips {
		if len(out) == 2 {
			out = append(out, "")
		}
		out = append(out, "  "+st.Key.Render(widget.Fit(t.key, 18))+" "+st.Dim.Render(t.does))
	}
	for i := range out {
		out[i] = widget.Fit(out[i], p.w)
	}
	return out
}

func (p *Page) why() (string, []advice) {
	st := p.c.Styles
	switch {
	case p.problem != nil:
		return st.Bad.Render("✗ The inbox could not be read: " + p.problem.Error()), []advice{{"R", "tries again"}, {"L", "shows what was asked and answered"}}
	case p.busy:
		return st.Dim.Render("reading…"), nil
	case p.query.Search != "":
		return "No session in this view matches \"" + p.query.Search + "\".", []advice{
			{"esc", "clears the search"}, {"8", "searches all sessions"}, {"ctrl+n", "adds a session by its interview id"},
		}
	case p.query.Filtered():
		return "No session in this view passes the filters.", []advice{{"esc", "clears them"}, {"f", "changes them"}}
	case p.counts != nil && p.counts[model.ViewAll] == 0:
		return st.Strong.Render("The inbox is empty.") + " The API has no list of sessions: docket shows those that it was told of.", []advice{
			{"ctrl+n", "adds sessions by their interview ids"},
			{"docket add ID…", "does the same from a shell; with - it reads ids from standard input"},
			{"docket demo", "shows the console with made-up sessions"},
		}
	default:
		return p.nothing(), []advice{{"8", "shows all sessions"}, {"tab", "next view"}, {"ctrl+n", "adds sessions by their interview ids"}}
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
	case model.ViewUnknown:
		return st.Good.Render("✓") + " The outcome of every action is known."
	default:
		return "There are no " + p.says() + "."
	}
}
