package dialog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// Add takes interview ids, typed or pasted, adds them and says what became of
// each.
type Add struct {
	c       *common.Context
	ctx     context.Context
	stop    context.CancelFunc
	field   *widget.Area
	pasted  []string // many at once: counted instead of shown
	results []desk.Added
	asked   int
	busy    bool
	waits   bool // the token was refused: a log-in sends the ids again
	top     int
}

// addedMsg carries what became of the ids.
type addedMsg struct {
	from    *Add
	results []desk.Added
}

// NewAdd returns the dialog.
func NewAdd(c *common.Context) *Add {
	ctx, stop := context.WithCancel(c.Ctx)
	return &Add{c: c, ctx: ctx, stop: stop, field: widget.NewArea("one id a line, or separated by spaces or commas")}
}

// Init implements common.Dialog.
func (d *Add) Init() tea.Cmd { return nil }

// Title implements common.Dialog.
func (d *Add) Title() string { return "Add sessions by their interview ids" }

// Types implements Typing.
func (d *Add) Types() bool { return d.results == nil }

// Foot implements common.Dialog.
func (d *Add) Foot() []keymap.Action {
	if d.results != nil {
		return []keymap.Action{hint("j/k", "scroll"), hint("enter", "open the first added"), hint("esc", "back")}
	}
	keys := []keymap.Action{hint("ctrl+s", "add"), hint("enter", "new line"), hint("esc", "cancel")}
	if len(d.pasted) > 0 {
		keys = slices.Insert(keys, 1, hint("ctrl+x", "drop what was pasted"))
	}
	return keys
}

// Update implements common.Dialog.
func (d *Add) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case addedMsg:
		if msg.from == d {
			return d.ended(msg.results)
		}
	case common.LoggedIn:
		if d.waits {
			return d.send()
		}
	case tea.PasteMsg:
		if d.results == nil && !d.busy {
			d.paste(msg.Content)
		}
	case tea.KeyPressMsg:
		return d.key(msg)
	}
	return nil
}

// many is from how many ids on a paste is counted instead of shown: a text of
// thousands of lines makes every key slow, and nobody reads it.
const many = 200

func (d *Add) paste(text string) {
	list := ids(widget.Harmless(text))
	if len(list) < many {
		d.field.Insert(text)
		return
	}
	d.pasted = append(d.pasted, list...)
}

// list is every id that was typed or pasted, each once.
func (d *Add) list() []string {
	return ids(strings.Join(d.pasted, " ") + " " + d.field.Text())
}

// ended shows what became of the ids, those that were not added first. Without a
// token it asks for one, and the ids stay where they are.
func (d *Add) ended(results []desk.Added) tea.Cmd {
	d.busy = false
	for _, r := range results {
		if r.Problem != nil && r.Problem.Kind == model.KindAuth {
			d.waits = true
			return common.Send(common.NeedLogin{Why: r.Problem.Message + ".", Front: true})
		}
	}
	d.results = slices.Clone(results)
	slices.SortStableFunc(d.results, func(a, b desk.Added) int {
		if (a.Problem != nil) == (b.Problem != nil) {
			return 0
		}
		return map[bool]int{true: -1, false: 1}[a.Problem != nil]
	})
	return nil
}

func (d *Add) key(msg tea.KeyPressMsg) tea.Cmd {
	k := msg.String()
	switch {
	case k == "esc":
		d.stop()
		return d.c.Dismiss(nil)
	case d.busy:
		return nil
	case d.results != nil:
		return d.look(k)
	case k == "ctrl+s", k == "enter" && len(d.pasted) == 0 && one(d.field.Text()):
		return d.send()
	case k == "ctrl+x":
		d.pasted = nil
	default:
		d.field.Key(msg)
	}
	return nil
}

// one reports whether a text is a single whole id: then enter adds it.
func one(text string) bool { return len(ids(text)) == 1 && len(strings.TrimSpace(text)) >= 24 }

// ids splits a text into interview ids, each once.
func ids(text string) []string {
	var out []string
	seen := map[string]bool{}
	for _, id := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,;\n\t\"'", r) }) {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

func (d *Add) send() tea.Cmd {
	list := d.list()
	if len(list) == 0 {
		return nil
	}
	d.busy, d.waits, d.asked = true, false, len(list)
	return func() tea.Msg { return addedMsg{d, d.c.Desk.Add(d.ctx, list)} }
}

func (d *Add) look(k string) tea.Cmd {
	switch k {
	case "down", "j":
		d.top = min(d.top+1, len(d.results)-1)
	case "up", "k":
		d.top = max(d.top-1, 0)
	case "q":
		return d.c.Dismiss(nil)
	case "enter":
		for _, r := range d.results {
			if r.Problem == nil {
				return d.c.Dismiss(common.OpenSession{ID: r.ID})
			}
		}
	}
	return nil
}

// View implements common.Dialog.
func (d *Add) View(w, h int) string {
	st := d.c.Styles
	if d.results != nil {
		return strings.Join(d.told(w, h), "\n")
	}
	out := []string{st.Dim.Render("Their status, score and OCR are fetched; nothing changes at the API."), ""}
	rows := min(8, max(h-4, 1))
	if n := len(d.pasted); n > 0 {
		rows = max(rows-1, 1)
		out[1] = widget.Clip(widget.Count(int64(n))+" pasted, from "+d.pasted[0]+" to "+d.pasted[n-1], w)
	}
	for _, l := range d.field.Lines(w-2, rows, true, st.Text, st.Accent, st.Dim) {
		out = append(out, st.Accent.Render("│ ")+l)
	}
	n := len(d.list())
	says := ""
	switch {
	case d.busy:
		says = widget.Dots(fmt.Sprintf("asking for %d", d.asked))
	case d.waits:
		says = "Nothing was added: log in, and it goes on."
	case n > 0:
		says = widget.Count(int64(n)) + " to add"
	}
	return strings.Join(append(out, "", st.Dim.Render(says)), "\n")
}

func (d *Add) told(w, h int) []string {
	st := d.c.Styles
	added, known, failed := 0, 0, 0
	var body []string
	for _, r := range d.results {
		switch {
		case r.Problem != nil:
			failed++
			body = append(body, st.Bad.Render("✗ ")+widget.Clip(r.ID+"  "+r.Problem.Message+sep(r.Problem.Do), w-2))
			continue
		case r.New:
			added++
		default:
			known++
		}
		body = append(body, d.addedLine(r, w))
		for _, p := range r.Problems {
			body = append(body, st.Warn.Render("    ! ")+widget.Clip(string(p.Part)+" not read: "+p.Message, w-6))
		}
	}
	top := min(d.top, max(len(body)-1, 0))
	out := []string{fmt.Sprintf("%d added, %d refreshed, %d not added", added, known, failed), ""}
	return append(out, body[top:min(len(body), top+max(h-2, 1))]...)
}

func (d *Add) addedLine(r desk.Added, w int) string {
	tone := r.Row.Verdict.Tone()
	word := string(r.Row.Verdict)
	if tone == model.ToneNone {
		word = "no verdict"
	}
	st := d.c.Styles
	return st.Good.Render("✓ ") + widget.Fit(r.ID, min(26, w/2)) + st.Tone(tone).Render(common.Sign(tone)+" "+widget.Fit(word, 15)) + widget.Clip(d.c.Show(r.Row.Name), w-44)
}

func sep(do string) string {
	if do == "" {
		return ""
	}
	return ": " + do
}
