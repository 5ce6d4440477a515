package dialog

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"docket/ui/common"
	"docket/ui/widget"
)

// Unmask asks what of a session is to be shown in clear for a while, and what for.
type Unmask struct {
	form
	id    string
	field string // the name of the value under the cursor; empty: there is none
	which *choice
	why   *textBox
}

// unmasked is what became of it.
type unmasked struct {
	dialog *Unmask
	until  time.Time
	err    error
}

// NewUnmask returns the form of a session and of the value under the cursor, if there
// is one.
func NewUnmask(c *common.Context, id, field string) *Unmask {
	d := &Unmask{id: id, field: field}
	d.form = form{c: c, title: "Reveal masked values", verb: "reveal", head: d.about, send: d.reveal, quick: true}
	if field != "" {
		d.which = &choice{label: "What", chosen: -1, need: "what is to be shown", options: []answer{
			{name: "this value", says: widget.OneLine(field)}, {name: "the whole session"},
		}}
		d.fields = append(d.fields, d.which)
	}
	d.why = &textBox{
		label: "Reason", says: "in a few words, without personal data: it goes into the audit log", field: widget.NewField("what you need it for", ""),
		need: func() string { return "a reason" },
	}
	d.fields = append(d.fields, d.why)
	return d
}

// Types implements Typing: without a choice what is typed is the reason.
func (d *Unmask) Types() bool { return d.which == nil }

func (d *Unmask) about(w, _ int) []string {
	text := "Values of " + shortID(d.id) + " are shown to you alone, for a minute. That you looked, and why, is written in the audit log."
	return append(styledWrap(text, w, 3, d.c.Styles.Text.Render), "")
}

// Update takes keys, pasted text, and what became of it.
func (d *Unmask) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return d.keyed(msg)
	case tea.PasteMsg:
		d.pasted(msg.Content)
	case unmasked:
		if msg.dialog != d {
			return nil
		}
		if msg.err != nil {
			d.failed(msg.err)
			return nil
		}
		return common.Send(common.Pop{Then: common.Unmasked{ID: d.id, Until: msg.until}})
	}
	return nil
}

func (d *Unmask) reveal() tea.Cmd {
	d.busy = true
	field := ""
	if d.which != nil && d.which.chosen == 0 {
		field = d.field
	}
	why, desk, ctx := d.why.text(), d.c.Desk, d.c.Ctx
	return func() tea.Msg {
		until, err := desk.Unmask(ctx, d.id, field, why)
		return unmasked{d, until, err}
	}
}
