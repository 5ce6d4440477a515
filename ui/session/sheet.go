package session

import (
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/gallery"
	"docket/ui/widget"
)

func itoa(n int) string { return strconv.Itoa(n) }

// view is what a pane is made from: everything that its lines depend on.
type view struct {
	c      *common.Context
	s      *model.Session // never nil; without parts when nothing is known yet
	row    *model.Row     // nil: the inbox has not answered
	notes  []model.Note
	strip  *gallery.Strip
	kept   *model.Problem // what went wrong reading row and notes
	now    time.Time
	width  int  // cells inside the frame
	height int  // lines inside the frame
	busy   bool // the session is still being read: more may come
	unfold bool // lists that are folded show all their entries
}

func (v *view) st() *common.Styles { return v.c.Styles }

// show returns a personal value for one line of this screen.
func (v *view) show(p model.Personal) string { return oneLine(v.c.Show(p)) }

// sign draws the sign of a tone in its colour.
func (v *view) sign(t model.Tone) string { return v.c.Styles.Tone(t).Render(common.Sign(t)) }

func (v *view) dim(s string) string { return v.c.Styles.Dim.Render(s) }

// toned colours a text that is bad news; anything else is left as it is.
func (v *view) toned(t model.Tone, s string) string {
	if t == model.ToneBad || t == model.ToneWarn {
		return v.c.Styles.Tone(t).Render(s)
	}
	return s
}

// line is one line of a pane.
type line struct {
	text string // styled
	item int    // the entry it belongs to, or none
}

// none marks lines that cannot be selected: headings and the space before them.
const none = -1

// item is something in a pane that can be selected.
type item struct {
	name  string // for the copy menu
	value string // as shown, to copy; empty: nothing to copy
	more  []pair // further values, for JSON
	open  func(*Page) tea.Cmd
}

type pair struct{ name, value string }

// content is what a pane shows.
type content struct {
	badge  string   // beside the title, styled
	pinned []string // styled lines above the others that stay when those are scrolled
	lines  []line
	items  []item
}

// sheet collects the lines of a pane.
type sheet struct {
	*view
	out content
}

func newSheet(v *view) *sheet { return &sheet{view: v} }

// entry adds an entry with its lines, of which the first is shown as selected.
func (b *sheet) entry(it item, lines ...string) {
	n := len(b.out.items)
	b.out.items = append(b.out.items, it)
	for _, l := range lines {
		b.out.lines = append(b.out.lines, line{text: l, item: n})
	}
}

// say adds a line that stands for itself.
func (b *sheet) say(text string) { b.entry(item{}, text) }

// head adds a heading, with an empty line before it unless it is the first.
func (b *sheet) head(text string) {
	if len(b.out.lines) > 0 {
		b.out.lines = append(b.out.lines, line{item: none})
	}
	b.out.lines = append(b.out.lines, line{text: b.st().Title.Render(text), item: none})
}

// value adds a label with a value. An absent value is not shown at all.
func (b *sheet) value(label, value string, notes ...string) {
	text := b.label(label) + value
	for _, n := range notes {
		if n != "" {
			text += "   " + n
		}
	}
	b.entry(item{name: label, value: value}, text)
}

const labelWidth = 12

func (b *sheet) label(s string) string { return b.dim(widget.Fit(s, labelWidth-1)) + " " }

// part adds what there is to say about the fetching of a part and reports
// whether its value can be shown.
func (b *sheet) part(p model.Part, what string) bool {
	st := b.s.Parts[p]
	if st.Problem != nil {
		b.problem(st.Problem, what)
	}
	switch {
	case !st.At.IsZero():
		return true
	case st.Problem == nil:
		b.say(b.dim("reading " + what + " " + ellipsis))
	}
	return false
}

// problem says what happened, to what, and what to do.
func (b *sheet) problem(p *model.Problem, what string) {
	first := what + " not read: " + p.Message
	if p.HTTP != 0 && !strings.Contains(p.Message, itoa(p.HTTP)) {
		first += " (HTTP " + itoa(p.HTTP) + ")"
	}
	lines := make([]string, 0, 4)
	for i, l := range wrap(first, b.width-2, 3) {
		if i == 0 {
			l = common.Sign(model.ToneBad) + " " + l
		} else {
			l = "  " + l
		}
		lines = append(lines, b.st().Bad.Render(l))
	}
	do := "R reads it again"
	if p.Do != "" && !strings.HasPrefix(p.Do, "R ") {
		do = p.Do + " · " + do
	}
	for _, l := range wrap(do, b.width-2, 2) {
		lines = append(lines, b.dim("  "+l))
	}
	b.entry(item{name: what, value: p.Error()}, lines...)
}
