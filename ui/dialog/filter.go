package dialog

import (
	"slices"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// Filtered is what a person chose in the filter dialog, for the inbox. Search
// and order of the query are as they were.
type Filtered struct{ Query model.Query }

// filterWidth is how wide the dialog is where there is room.
const filterWidth = 88

// Filter chooses view and filters of the inbox.
type Filter struct {
	c       *common.Context
	query   model.Query
	columns []choices
	texts   [2]*widget.Field // country, tag
	at      int              // column, then the text fields
}

// choices is a column of things to choose: one of them, or any number.
type choices struct {
	title   string
	one     bool
	at      int
	options []option
	width   int
}

type option struct {
	value, label, count string
	on                  bool
}

// NewFilter returns the dialog, filled in as the query is.
func NewFilter(c *common.Context, q model.Query, counts model.Counts) *Filter {
	f := &Filter{c: c, query: q, columns: []choices{
		{title: "View", one: true, width: 26}, {title: "Verdict", width: 22}, {title: "Status", width: filterWidth - 48},
	}}
	for i, v := range model.Views() {
		on := v.View == q.View
		if on {
			f.columns[0].at = i
		}
		f.columns[0].options = append(f.columns[0].options, option{string(v.View), v.Title, widget.Count(counts[v.View]), on})
	}
	for _, v := range model.Verdicts() {
		f.columns[1].options = append(f.columns[1].options, option{value: string(v), label: string(v), on: slices.Contains(q.Verdicts, v)})
	}
	for _, s := range model.Statuses() {
		f.columns[2].options = append(f.columns[2].options, option{value: string(s), label: string(s), on: slices.Contains(q.Statuses, s)})
	}
	f.texts[0] = widget.NewField("any; three letters each: MEX BRA", strings.Join(q.Countries, " "))
	f.texts[1] = widget.NewField("any; spaces or commas between them", strings.Join(q.Tags, " "))
	return f
}

// Init implements common.Dialog.
func (f *Filter) Init() tea.Cmd { return nil }

// Title implements common.Dialog.
func (f *Filter) Title() string { return "View and filters" }

// Width implements Sized.
func (f *Filter) Width(room int) int { return min(room, filterWidth) }

// Foot implements common.Dialog.
func (f *Filter) Foot() []keymap.Action {
	return []keymap.Action{
		hint("j/k", "move"), hint("tab", "column"), hint("space", "choose"), hint("enter", "apply"),
		hint("ctrl+x", "clear"), hint("esc", "cancel"),
	}
}

// Update implements common.Dialog.
func (f *Filter) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		if t := f.text(); t != nil {
			t.Insert(msg.Content)
		}
	case tea.KeyPressMsg:
		return f.key(msg)
	}
	return nil
}

// text returns the text field that has the focus, or nil.
func (f *Filter) text() *widget.Field {
	if i := f.at - len(f.columns); i >= 0 {
		return f.texts[i]
	}
	return nil
}

func (f *Filter) key(msg tea.KeyPressMsg) tea.Cmd {
	stops := len(f.columns) + len(f.texts)
	switch k := msg.String(); k {
	case "esc":
		return f.c.Dismiss(nil)
	case "enter":
		return f.c.Dismiss(Filtered{f.chosen()})
	case "ctrl+x":
		f.clear()
	case "tab":
		f.at = (f.at + 1) % stops
	case "shift+tab":
		f.at = (f.at + stops - 1) % stops
	default:
		if t := f.text(); t != nil {
			f.typed(t, msg)
			return nil
		}
		f.columnKey(&f.columns[f.at], k)
	}
	return nil
}

func (f *Filter) typed(t *widget.Field, msg tea.KeyPressMsg) {
	switch msg.String() {
	case "up":
		f.at--
	case "down":
		f.at = min(f.at+1, len(f.columns)+len(f.texts)-1)
	default:
		t.Key(msg)
	}
}

func (f *Filter) columnKey(c *choices, k string) {
	switch k {
	case "j", "down":
		if c.at == len(c.options)-1 && k == "down" {
			f.at = len(f.columns)
		}
		c.at = min(c.at+1, len(c.options)-1)
	case "k", "up":
		c.at = max(c.at-1, 0)
	case "l", "right":
		f.at++
	case "h", "left":
		f.at = max(f.at-1, 0)
	case "space", "x":
		c.toggle()
	}
	if c.one && (k == "j" || k == "k" || k == "down" || k == "up") {
		c.toggle()
	}
}

func (c *choices) toggle() {
	if !c.one {
		c.options[c.at].on = !c.options[c.at].on
		return
	}
	for i := range c.options {
		c.options[i].on = i == c.at
	}
}

func (f *Filter) clear() {
	for i := range f.columns {
		if f.columns[i].one {
			continue
		}
		for j := range f.columns[i].options {
			f.columns[i].options[j].on = false
		}
	}
	for _, t := range f.texts {
		t.Set("")
	}
}

// chosen returns the query as it was chosen.
func (f *Filter) chosen() model.Query {
	q := f.query
	q.Verdicts, q.Statuses = nil, nil
	for _, o := range f.columns[0].options {
		if o.on {
			q.View = model.View(o.value)
		}
	}
	for _, o := range f.columns[1].options {
		if o.on {
			q.Verdicts = append(q.Verdicts, model.Verdict(o.value))
		}
	}
	for _, o := range f.columns[2].options {
		if o.on {
			q.Statuses = append(q.Statuses, model.Status(o.value))
		}
	}
	q.Countries = Words(strings.ToUpper(f.texts[0].Text()))
	q.Tags = Words(f.texts[1].Text())
	return q
}

// Words splits what was typed into a list: at spaces and commas.
func Words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == ',' })
}

// View implements common.Dialog.
func (f *Filter) View(w, _ int) string {
	rows := 0
	for _, c := range f.columns {
		rows = max(rows, len(c.options))
	}
	out := make([]string, rows+1)
	for n := range f.columns {
		width := f.columns[n].width
		if n == len(f.columns)-1 {
			width = w - 48
		}
		for i, l := range f.column(n, width, rows) {
			out[i] += l
		}
	}
	st := f.c.Styles
	out = append(out, "")
	for i, label := range []string{"Country of the document", "Tag"} {
		on := f.at == len(f.columns)+i
		mark := "  "
		if on {
			mark = st.Accent.Render("> ")
		}
		out = append(out, mark+widget.Fit(label, 25)+f.texts[i].Line(w-28, on, st.Text, st.Accent, st.Dim))
	}
	return strings.Join(out, "\n")
}

func (f *Filter) column(n, width, rows int) []string {
	st := f.c.Styles
	c := f.columns[n]
	out := []string{st.Title.Render(widget.Fit(c.title, width))}
	for i := range rows {
		if i >= len(c.options) {
			out = append(out, widget.Spaces(width))
			continue
		}
		o := c.options[i]
		box := "[ ] "
		switch {
		case c.one && o.on:
			box = "(•) "
		case c.one:
			box = "( ) "
		case o.on:
			box = "[x] "
		}
		label := widget.ClipMiddle(o.label, width-4-len(box))
		text := widget.Ends(box+label, o.count, width-4)
		switch {
		case f.at == n && i == c.at:
			out = append(out, st.Accent.Render("> ")+st.Selected.Render(text)+"  ")
		case o.on:
			out = append(out, "  "+st.Accent.Render(text)+"  ")
		default:
			out = append(out, "  "+text+"  ")
		}
	}
	return out
}
