package dialog

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// SaveSet is pictures of one session.
type SaveSet struct {
	ID   string
	Refs []model.PictureRef
}

// SavePick is a choice of pictures to save.
type SavePick struct {
	Name, Says string
	Sets       []SaveSet
}

// SaveAll is the choice of all pictures of a session.
func SaveAll(c *common.Context, id string) SavePick {
	refs := allPictures(c, id)
	return SavePick{Name: "all " + strconv.Itoa(len(refs)) + " of this session", Sets: []SaveSet{{id, refs}}}
}

func allPictures(c *common.Context, id string) []model.PictureRef {
	so := c.Desk.Peek(id)
	if so == nil {
		return nil
	}
	return slices.Concat(so.Pictures(), so.SecondIDPictures())
}

// SaveOff says why no pictures of a session can be saved; empty: they can.
func SaveOff(c *common.Context, id string) string {
	so := c.Desk.Peek(id)
	switch {
	case c.Desk.Policy().Afar:
		return "files would be on the server, not with you"
	case c.Desk.Policy().NoImages:
		return "the console was told to leave pictures out"
	case so != nil && so.Life == model.Deleted:
		return "the personal data of this session is deleted"
	case c.Masked:
		return "a picture cannot be masked: reveal first, with " + c.Keys.Get(keymap.Reveal).FirstKey()
	case so == nil || so.Parts[model.PartImages].At.IsZero():
		return "the list of pictures has not come"
	case len(so.Images) == 0:
		return "the API has no picture of this session"
	}
	return ""
}

// Save asks which pictures go into which folder, saves them, and says what became
// of each.
type Save struct {
	form
	id      string
	picks   []SavePick
	which   *choice // nil: there is one pick
	folder  *textBox
	replace *ticks

	dir     string // in which they are saved; empty: not yet
	coming  <-chan savedPicture
	stop    context.CancelFunc
	stopped bool
	ended   bool
	total   int
	saved   []savedPicture
	top     int
}

// savedPicture is what became of a picture of a session.
type savedPicture struct {
	id string
	model.SavedPicture
}

// saving says that the pictures are on their way to the folder, or why not.
type saving struct {
	from   *Save
	dir    string
	coming <-chan savedPicture
	err    error
}

// savedOne is the next picture that is done; without one, all are.
type savedOne struct {
	from *Save
	got  savedPicture
	more bool
}

// NewSave returns the dialog on a session, with the choices that there are. The
// folder is that of docket images, unless another one is given.
func NewSave(c *common.Context, id string, picks ...SavePick) *Save {
	d := &Save{id: id, picks: picks}
	d.form = form{c: c, title: "Save pictures", verb: "save", head: d.about, send: d.start}
	if len(picks) > 1 {
		d.which = &choice{label: "Which"}
		for _, p := range picks {
			d.which.options = append(d.which.options, answer{name: p.Name, says: p.Says})
		}
		d.fields = append(d.fields, d.which)
	}
	d.folder = &textBox{
		label: "Folder", says: "made for you alone if it is not there", field: widget.NewField("", widget.OneLine(id)),
		need: func() string { return "a folder" },
	}
	d.replace = &ticks{on: []bool{false}, options: []answer{{name: "replace files that are there already"}}}
	d.fields = append(d.fields, d.folder, d.replace)
	return d
}

// about says what is saved, and what that means.
func (d *Save) about(w, rows int) []string {
	st := d.c.Styles
	out := []string{st.Strong.Render(d.pick().Name) + st.Dim.Render("   session "+shortID(widget.OneLine(d.id)))}
	out = append(out, styledWrap("They show a person and their documents: personal data. They stay on the disk of the machine that docket runs on until you delete them.", w, max(rows-1, 1), st.Warn.Render)...)
	return append(out, "")
}

func (d *Save) pick() SavePick {
	if d.which == nil {
		return d.picks[0]
	}
	return d.picks[d.which.chosen]
}

// Foot implements common.Dialog.
func (d *Save) Foot() []keymap.Action {
	switch {
	case d.ended:
		return []keymap.Action{hint("j/k", "scroll"), hint("enter", "done")}
	case d.stopped:
		return nil
	case d.busy:
		return []keymap.Action{hint("esc", "stop")}
	}
	return d.form.Foot()
}

// Update takes keys, pasted text, and what becomes of the pictures.
func (d *Save) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return d.key(msg)
	case tea.PasteMsg:
		d.pasted(msg.Content)
	case saving:
		if msg.from == d {
			return d.began(msg)
		}
	case savedOne:
		if msg.from == d {
			return d.took(msg)
		}
	}
	return nil
}

func (d *Save) key(msg tea.KeyPressMsg) tea.Cmd {
	k := msg.String()
	switch {
	case d.ended:
		return d.look(k)
	case d.stop != nil:
		if k == "esc" || k == "ctrl+c" {
			d.stopped = true
			d.stop()
		}
		return nil
	}
	return d.keyed(msg)
}

func (d *Save) look(k string) tea.Cmd {
	switch k {
	case "down", "j":
		d.top++ // the View knows where the end is
	case "up", "k":
		d.top = max(d.top-1, 0)
	case "enter", "esc", "q", "ctrl+c":
		return d.c.Dismiss(nil)
	}
	return nil
}

// start saves beside Update.
func (d *Save) start() tea.Cmd {
	ctx, stop := context.WithCancel(d.c.Ctx)
	d.busy, d.stop = true, stop
	sets, typed, force := d.pick().Sets, d.folder.text(), d.replace.on[0]
	for _, set := range sets {
		d.total += len(set.Refs)
	}
	total, seat := d.total, d.c.Desk
	return func() tea.Msg {
		dir, err := desk.FolderPath(typed)
		if err != nil {
			return saving{from: d, err: err}
		}
		out := make(chan savedPicture, total) // nobody has to read to the end
		go func() {
			defer close(out)
			for _, set := range sets {
				for p := range seat.SavePictures(ctx, set.ID, set.Refs, desk.SaveOptions{Dir: dir, Force: force}) {
					out <- savedPicture{set.ID, p}
				}
			}
		}()
		return saving{d, dir, out, nil}
	}
}

func (d *Save) began(msg saving) tea.Cmd {
	if msg.err != nil {
		d.stop()
		d.stop, d.total = nil, 0
		d.failed(msg.err)
		return nil
	}
	d.dir, d.coming = msg.dir, msg.coming
	return d.next()
}

// next waits for the next picture that is done.
func (d *Save) next() tea.Cmd {
	coming := d.coming
	return func() tea.Msg {
		got, more := <-coming
		return savedOne{d, got, more}
	}
}

func (d *Save) took(msg savedOne) tea.Cmd {
	if !msg.more {
		d.ended = true
		d.stop()
		return nil
	}
	d.saved = append(d.saved, msg.got)
	return d.next()
}

// View implements common.Dialog.
func (d *Save) View(w, h int) string {
	if d.dir == "" {
		return d.form.View(w, h)
	}
	st := d.c.Styles
	head := fmt.Sprintf("%d of %d", len(d.saved), d.total)
	switch {
	case d.ended:
		head += " done"
	case d.stopped:
		head = widget.Dots(head + ", stopping ")
	default:
		head = widget.Dots(head + ", saving ")
	}
	var body []string
	for _, p := range d.saved {
		body = append(body, d.line(p, w)...)
	}
	tail := []string{""}
	if d.ended {
		tail = append(tail, d.summary(w)...)
	}
	room := max(h-2-len(tail), 1)
	end := max(len(body)-room, 0)
	d.top = min(d.top, end)
	top := d.top
	if !d.ended {
		top = end // what is newest
	}
	out := []string{st.Title.Render(head), ""}
	out = append(out, widget.Fill(body[top:min(len(body), top+room)], w, min(room, max(d.total, len(body))))...)
	return strings.Join(append(out, tail...), "\n")
}

// Sizes of a line: of the digest so much that it can be told from others.
const (
	titleWidth  = 22
	digestShown = 12
)

// line says what became of a picture.
func (d *Save) line(p savedPicture, w int) []string {
	st := d.c.Styles
	title := p.Ref.String()
	if so := d.c.Desk.Peek(p.id); so != nil {
		title = model.PictureTitle(so.Images, p.Ref)
	}
	title = widget.OneLine(title)
	if p.id != d.id {
		title = "earlier: " + title
	}
	switch {
	case p.absent():
		return []string{st.Dim.Render(widget.Clip("– "+title+": the API has none", w))}
	case p.undone():
		return []string{st.Dim.Render(widget.Clip("– "+title+": stopped before it was saved", w))}
	case p.Problem != nil:
		out := styledWrap("✗ "+title+": "+p.Problem.Message, w, 2, st.Bad.Render)
		if do := p.mend(); do != "" {
			out = append(out, styledWrap("  "+do, w, 2, st.Dim.Render)...)
		}
		return out
	}
	text := widget.Fit(title, titleWidth) + widget.FitRight(widget.Count(int64(p.Bytes+999)/1000)+" kB", 10)
	text += st.Dim.Render("  SHA-256 " + p.SHA256[:min(digestShown, len(p.SHA256))] + "…  ")
	name := filepath.Base(p.Path)
	if rest, ok := strings.CutPrefix(name, p.id); ok { // the id is above, and the same in all
		name = "…" + rest
	}
	name = widget.ClipMiddle(name, max(w-2-widget.Width(text), 0))
	return []string{st.Good.Render("✓ ") + widget.Clip(text+st.Dim.Render(name), w-2)}
}

// absent reports whether a picture that the API does not list turned out not to
// be there.
func (p savedPicture) absent() bool {
	return strings.HasPrefix(p.Ref.Type, model.SecondID) && p.Problem != nil && p.Problem.Kind == model.KindNotFound
}

// there reports whether a file was there already.
func (p savedPicture) there() bool { return p.Problem != nil && errors.Is(p.Problem, fs.ErrExist) }

// undone reports whether the saving was stopped before.
func (p savedPicture) undone() bool { return p.Problem != nil && p.Problem.Kind == model.KindUndone }

// mend is what to do about a problem, here and not on a command line.
func (p savedPicture) mend() string {
	if p.there() {
		return "save into another folder, or tick that files are replaced"
	}
	return p.Problem.Do
}

// summary names the folder and how many pictures are in it now.
func (d *Save) summary(w int) []string {
	st := d.c.Styles
	var saved, there, undone, failed int
	for _, p := range d.saved {
		switch {
		case p.Problem == nil:
			saved++
		case p.there():
			there++
		case p.undone():
			undone++
		case !p.absent():
			failed++
		}
	}
	text := plural(saved, "picture") + " saved in " + widget.OneLine(d.dir)
	if saved == 0 {
		text = "nothing saved in " + widget.OneLine(d.dir)
	}
	tone := model.ToneGood
	for _, n := range []struct {
		count int
		says  string
	}{{there, "there already, left as it was"}, {failed, "could not be saved"}, {undone, "not saved: stopped"}} {
		if n.count > 0 {
			text += "; " + strconv.Itoa(n.count) + " " + n.says
			tone = model.ToneWarn
		}
	}
	return styledWrap(common.Sign(tone)+" "+text, w, 3, st.Tone(tone).Render)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
