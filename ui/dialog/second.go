package dialog

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// Second is the dialog of what waits for a second person: that person confirms or
// declines it, and who proposed it takes it back. It is a Decision in which everything
// has been filled in by somebody else.
type Second struct {
	Decision
	waits model.Proposal
	own   bool
	sure  bool // the key that ends the proposal was pressed once
}

// endKey ends the proposal, pressed twice: nothing else in this dialog does.
const endKey = "d"

// NewSecond returns the dialog of a proposal on the session as it is shown.
func NewSecond(c *common.Context, s *model.Session, waits model.Proposal) *Second {
	d := &Second{waits: waits, own: waits.By == c.Desk.Me().Identity}
	d.s = s
	d.form = form{c: c, title: "Confirm: " + waits.Action.Kind.Info().Title, verb: "confirm", head: d.about, send: d.submit}
	if d.own {
		d.title = "Proposed: " + waits.Action.Kind.Info().Title
	}
	d.replan()
	d.tell()
	return d
}

func (d *Second) replan() {
	d.plan = d.c.Desk.Plan(d.waits.Action)
	d.plan.Second = nil // it is the second person who looks at it
	d.refused, d.problem = nil, nil
	if !d.own {
		d.refused = d.plan.Refusal
	}
}

// tell says which keys do what.
func (d *Second) tell() {
	d.told, d.feels = "ctrl+s confirms and sends it; "+endKey+" declines it", model.ToneHuman
	switch {
	case d.own && d.sure:
		d.told, d.feels = endKey+" again takes it back: it is gone, and nothing is sent", model.ToneWarn
	case d.own:
		d.told = "you proposed this: another person has to confirm it; " + endKey + " takes it back"
	case d.sure:
		d.told, d.feels = endKey+" again declines it: it is gone, and nothing is sent", model.ToneWarn
	}
}

// Foot implements common.Dialog.
func (d *Second) Foot() []keymap.Action {
	if d.own {
		return []keymap.Action{hint(endKey, "take it back"), hint("esc", "leave it")}
	}
	return []keymap.Action{hint("ctrl+s", "confirm and send"), hint(endKey, "decline"), hint("esc", "leave it")}
}

// ended says what became of ending a proposal.
type ended struct {
	dialog *Second
	err    error
}

// Update takes keys and what became of them.
func (d *Second) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return d.key(msg)
	case submitted:
		return d.ended(msg)
	case ended:
		return d.tookEnd(msg)
	case common.LoggedIn:
		d.own = d.waits.By == d.c.Desk.Me().Identity // who logged in may be somebody else
		d.replan()
		d.tell()
	}
	return nil
}

func (d *Second) key(msg tea.KeyPressMsg) tea.Cmd {
	if d.busy {
		return nil
	}
	again := d.sure
	d.sure = msg.String() == endKey
	d.tell()
	switch {
	case d.sure && again:
		return d.end()
	case d.own && msg.String() == "ctrl+s":
		return nil
	case d.sure:
		d.refused, d.problem = nil, nil // what they say is about sending
		return nil
	}
	return d.keyed(msg)
}

// submit confirms: what this person has looked at goes with it.
func (d *Second) submit() tea.Cmd {
	seen := d.c.Looked.Evidence(d.s.ID)
	return d.hand(d.waits.Action, func() (*desk.Submission, error) { return d.c.Desk.Confirm(d.c.Ctx, d.s.ID, seen) })
}

// end takes the proposal back, or declines it.
func (d *Second) end() tea.Cmd {
	d.busy = true
	return func() tea.Msg { return ended{d, d.c.Desk.EndProposal(d.c.Ctx, d.s.ID)} }
}

func (d *Second) tookEnd(msg ended) tea.Cmd {
	if msg.dialog != d {
		return nil
	}
	if msg.err != nil {
		d.told = ""
		d.failed(msg.err)
		return nil
	}
	says := ": declined, nothing was sent"
	if d.own {
		says = ": taken back, nothing was sent"
	}
	return tea.Batch(common.Send(common.Pop{Then: Kept{d.s.ID}}),
		common.Send(common.Toast{Text: d.waits.Action.Kind.Info().Title + " " + shortID(d.s.ID) + says, Tone: model.ToneNone}))
}

// about names the person, what was proposed by whom and on what grounds, and what the
// second person sets aside and has looked at.
func (d *Second) about(w, rows int) []string {
	st, a := d.c.Styles, d.waits.Action
	out := []string{ansi.Truncate(d.person(), w, "…"), ansi.Truncate(d.by(), w, "…")}
	for _, p := range []struct{ label, text string }{
		{"Reason", d.reasonText()},
		{"Note", widget.OneLine(a.Note)},
		{"Text", widget.OneLine(a.Message)},
		{"With", strings.Join(append(append([]string{}, a.Conditions...), a.Components...), ", ")},
		{"Seen", d.theirs()},
	} {
		if p.text == "" {
			continue
		}
		lines := styledWrap(p.text, w-wideLabel, 2, st.Text.Render)
		for i, l := range lines {
			label := ""
			if i == 0 {
				label = p.label
			}
			out = append(out, st.Title.Render(widget.Fit(label, wideLabel))+l)
		}
	}
	out = append(out, d.overrides(w, max(rows-len(out), 1))...)
	out = append(out, styledWrap(a.Kind.Info().Effect, w, 2, st.Dim.Render)...)
	if d.own {
		return out
	}
	return append(out, ansi.Truncate(st.Dim.Render(d.hold())+d.looked(), w, "…"))
}

// wideLabel is how wide the labels of a proposal are.
const wideLabel = 8

// by says who proposed what, when, and why a second person is asked.
func (d *Second) by() string {
	st := d.c.Styles
	text := st.Human.Render(common.Sign(model.ToneHuman)+" "+d.waits.Action.Kind.Info().Title) + " proposed by " + widget.OneLine(d.waits.By) + ", " + d.c.When(d.waits.At)
	if d.waits.Rule != "" {
		text += st.Dim.Render("   asked for by: " + widget.OneLine(d.waits.Rule))
	}
	return text
}

func (d *Second) reasonText() string {
	a := d.waits.Action
	for _, r := range d.c.Desk.Reasons(a.Kind) {
		if r.Code == a.Reason {
			return r.Code + ": " + r.Text(d.c.Desk.Policy().ReasonsLang)
		}
	}
	return a.Reason
}

// theirs says what the first person had looked at and recorded.
func (d *Second) theirs() string {
	if !d.plan.Info.Decision {
		return ""
	}
	e := d.waits.Action.Evidence
	text := common.EvidenceText(e)
	if text == "" {
		return "by " + widget.OneLine(d.waits.By) + ": no picture"
	}
	if n := len(e.Compared); n > 1 {
		text += ", last of " + strconv.Itoa(n) + " comparisons"
	}
	return "by " + widget.OneLine(d.waits.By) + ": " + text
}

// looked says what the second person has looked at.
func (d *Second) looked() string {
	if text := d.Decision.looked(); text != "" {
		return "   you:" + strings.TrimPrefix(text, "  ")
	}
	return ""
}
