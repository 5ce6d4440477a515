package dialog

import (
	"context"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"docket/model"
	"docket/ui/common"
	"docket/ui/widget"
)

// Keep declares a form whose one text stays here: a note, tags.
type Keep struct {
	ID    string // the session
	Title string
	Label string
	Says  string
	Text  string // what is there already
	Empty bool   // an empty text can be saved
	Save  func(ctx context.Context, text string) error
}

// Kept tells the page below that something it shows was changed here.
type Kept struct{ ID string }

// local is a form that changes something here and not at the API.
type local struct {
	form
	id   string
	done string                                 // for the toast
	save func() func(ctx context.Context) error // saves what is filled in now
}

// NewKeep returns the form of a text that stays here.
func NewKeep(c *common.Context, k Keep) common.Dialog {
	text := &textBox{
		label: k.Label, field: widget.NewField("", k.Text),
		need: func() string {
			if k.Empty {
				return ""
			}
			return "a text"
		},
		set: func(*model.Action, string) {},
	}
	l := &local{id: k.ID, done: k.Label + " saved", save: func() func(context.Context) error {
		typed := text.text()
		return func(ctx context.Context) error { return k.Save(ctx, typed) }
	}}
	l.form = form{c: c, title: k.Title, verb: "save", quick: true, fields: []field{text}, send: l.submit}
	l.head = func(w, _ int) []string { return append(styledWrap(k.Says, w, 2, c.Styles.Dim.Render), "") }
	return l
}

// NewSettle returns the form that ends an unknown outcome by a person's word.
func NewSettle(c *common.Context, s *model.Session, p model.Pending) common.Dialog {
	pick := &choice{
		label: "What did you see at Incode?", need: "what you saw: enter chooses", chosen: -1,
		options: []answer{
			{name: "applied", says: "the change is there"},
			{name: "not applied", says: "nothing has changed; it can be done again"},
		},
		set: func(*model.Action, int) {},
	}
	l := &local{id: s.ID, done: "outcome settled", save: func() func(context.Context) error {
		applied := pick.chosen == 0
		if applied {
			c.Forget(s.ID, p.Action)
		}
		return func(ctx context.Context) error { return c.Desk.Settle(ctx, s.ID, applied) }
	}}
	l.form = form{c: c, title: "Settle an unknown outcome", verb: "save", fields: []field{pick}, send: l.submit}
	l.head = func(w, _ int) []string {
		says := p.Action.Info().Title + " was sent by " + p.By + " on " + p.At.UTC().Format("2006-01-02 15:04 UTC") +
			" and got no clear answer. It is never sent again by itself. Look at the session first, then say what you saw; your word goes into the log."
		out := []string{ansi.Truncate(c.Styles.Strong.Render(c.Show(s.Applicant.Name))+"   "+shortID(s.ID), w, "…")}
		return append(append(out, styledWrap(says, w, 4, c.Styles.Text.Render)...), "")
	}
	return l
}

// Types implements Typing: nothing that matters can be chosen by accident.
func (l *local) Types() bool {
	_, text := l.fields[0].(*textBox)
	return text
}

// saved says what became of saving.
type saved struct {
	dialog *local
	err    error
}

// Update takes keys, pasted text and what became of saving.
func (l *local) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return l.keyed(msg)
	case tea.PasteMsg:
		l.pasted(msg.Content)
	case saved:
		if msg.dialog != l {
			return nil
		}
		if msg.err != nil {
			l.failed(msg.err)
			return nil
		}
		return tea.Batch(common.Send(common.Pop{Then: Kept{l.id}}), common.Send(common.Toast{Text: l.done, Tone: model.ToneGood}))
	}
	return nil
}

func (l *local) submit() tea.Cmd {
	l.busy = true
	save, ctx := l.save(), l.c.Ctx
	return func() tea.Msg { return saved{l, save(ctx)} }
}
