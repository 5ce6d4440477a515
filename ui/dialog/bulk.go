package dialog

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
	"docket/ui/widget"
)

// Bulk asks once for what an action on many sessions says, and goes on to the dry
// run.
type Bulk struct {
	form
	info model.ActionInfo
	ids  []string
}

// NewBulk returns the dialog of an action on many sessions.
func NewBulk(c *common.Context, kind model.ActionKind, ids []string) *Bulk {
	d := &Bulk{info: kind.Info(), ids: ids}
	d.form = form{c: c, title: d.info.Title + ", " + plural(len(ids), "session"), verb: "check", head: d.about, send: d.order}
	d.fields = d.words(d.info, model.Action{}, false)
	if d.info.Decision {
		d.fields = append(d.fields, &ticks{
			label: "Override", on: make([]bool, 1),
			options: []answer{{name: "also where the verdict does not wait", says: "else those are left out", warn: true}},
			set:     func(a *model.Action, on []bool) { a.Override = on[0] },
		})
	}
	return d
}

// Update takes keys and pasted text.
func (d *Bulk) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return d.keyed(msg)
	case tea.PasteMsg:
		d.pasted(msg.Content)
	}
	return nil
}

// order hands the order on. The dry run sends nothing.
func (d *Bulk) order() tea.Cmd {
	d.busy = true
	o := desk.BulkOrder{Action: model.Action{Kind: d.info.Kind}, IDs: d.ids}
	for _, f := range d.fields {
		f.apply(&o.Action)
	}
	return d.c.Dismiss(common.Ordered{Order: o})
}

// about says what it does to how many, and that nothing is sent yet.
func (d *Bulk) about(w, _ int) []string {
	st := d.c.Styles
	out := []string{st.Strong.Render(plural(len(d.ids), "marked session"))}
	out = append(out, styledWrap(d.info.Effect, w, 3, st.Text.Render)...)
	out = append(out, styledWrap("First a dry run reads each and shows what would be sent; nothing is sent before you start it.", w, 2, st.Dim.Render)...)
	return append(out, "")
}

// tally asks for a number to be typed before something big begins.
type tally struct{ form }

// NewTally returns a question that is answered by typing the number n; then is
// delivered after it. Says is what will happen.
func NewTally(c *common.Context, title, says string, n int, then tea.Msg) common.Dialog {
	d := &tally{}
	number := strconv.Itoa(n)
	d.form = form{c: c, title: title, verb: "start", send: func() tea.Cmd {
		d.busy = true
		return d.c.Dismiss(then)
	}}
	d.head = func(w, rows int) []string {
		return append(styledWrap(says, w, max(rows-1, 2), c.Styles.Text.Render), "")
	}
	d.fields = []field{&textBox{
		label: "Type the number of sessions", says: number, field: widget.NewField("", ""), match: number,
		need: func() string { return "the number of sessions, " + number }, set: func(*model.Action, string) {},
	}}
	return d
}

// Types implements Typing.
func (d *tally) Types() bool { return true }

// Update takes keys and pasted text.
func (d *tally) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return d.keyed(msg)
	case tea.PasteMsg:
		d.pasted(msg.Content)
	}
	return nil
}

// saveText asks for the name of a file and writes a text into it.
type saveText struct {
	form
	text string
	file *textBox
}

type wroteText struct {
	from *saveText
	path string
	err  error
}

// NewSaveText returns the dialog that writes a text into a file that is not there
// yet. Says is what is in it.
func NewSaveText(c *common.Context, title, says, name, text string) common.Dialog {
	d := &saveText{text: text}
	d.form = form{c: c, title: title, verb: "save", quick: true, send: d.save}
	d.head = func(w, _ int) []string { return append(styledWrap(says, w, 2, c.Styles.Dim.Render), "") }
	d.file = &textBox{
		label: "File", field: widget.NewField("", name), need: func() string { return "a name" }, set: func(*model.Action, string) {},
	}
	d.fields = []field{d.file}
	return d
}

// Types implements Typing.
func (d *saveText) Types() bool { return true }

// Update takes keys, pasted text, and what became of the file.
func (d *saveText) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return d.keyed(msg)
	case tea.PasteMsg:
		d.pasted(msg.Content)
	case wroteText:
		if msg.from != d {
			return nil
		}
		if msg.err != nil {
			d.failed(msg.err)
			return nil
		}
		return common.Send(common.Pop{Then: common.Toast{Text: "Saved in " + msg.path, Tone: model.ToneGood}})
	}
	return nil
}

func (d *saveText) save() tea.Cmd {
	d.busy = true
	typed, text, ctx, afar := d.file.text(), d.text, d.c.Ctx, d.c.Desk.Policy().Afar
	return func() tea.Msg {
		if afar {
			return wroteText{d, "", desk.FarAway("the list")}
		}
		path, err := desk.FolderPath(typed)
		if err == nil {
			err = writeNew(ctx, path, text)
		}
		return wroteText{d, path, err}
	}
}

// writeNew writes a file that nobody else reads, and none over another.
func writeNew(ctx context.Context, path, text string) error {
	if ctx.Err() != nil {
		return model.AsProblem(ctx.Err())
	}
	const mode = 0o600
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err == nil {
		_, err = f.WriteString(text)
		err = errors.Join(err, f.Close())
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return model.NewProblem(model.KindUsage, "There is a file of that name", path, "choose another name").Because(err)
	}
	var p *fs.PathError
	why := err.Error()
	if errors.As(err, &p) {
		why = p.Err.Error()
	}
	return model.NewProblem(model.KindFailed, "The file could not be written: "+why, path, "choose another folder").Because(err)
}
