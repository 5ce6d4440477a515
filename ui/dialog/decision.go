package dialog

import (
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
)

// Decision is the dialog in front of everything that changes a session at the
// API: it names the person, says what will happen, asks for what is needed, and
// submits once.
type Decision struct {
	form
	s         *model.Session
	overturns *model.Decided // a decision that the action takes back or overturns
	plan      desk.Plan
}

// Sent tells the page below that its session has an action on its way.
type Sent struct {
	Action     model.Action
	Submission common.Submission
}

// NewDecision returns the dialog of an action on the session as it is shown.
func NewDecision(c *common.Context, s *model.Session, kind model.ActionKind) *Decision {
	info := kind.Info()
	d := &Decision{s: s, overturns: s.Overturns(kind)}
	d.form = form{c: c, title: info.Title, verb: "send", head: d.about, send: d.submit}
	d.plan = c.Desk.Plan(d.bare(kind))
	d.refused = d.plan.Refusal
	d.verb = d.sends()
	draft, again := c.Drafts.Of(s.ID, kind)
	d.fields = d.asks(info, draft)
	if again {
		d.told, d.feels = "as you filled it in before; that did not go through", model.ToneHuman
	}
	return d
}

// bare is the action before anything is filled in.
func (d *Decision) bare(kind model.ActionKind) model.Action {
	a := model.Action{Kind: kind, IDs: []string{d.s.ID}}
	if kind.Info().Decision || d.overturns != nil {
		a.Expect = d.s.Digest
	}
	return a
}

// action is the action as it has been filled in.
func (d *Decision) action() model.Action {
	a := d.bare(d.plan.Action.Kind)
	for _, f := range d.fields {
		f.apply(&a)
	}
	a.Evidence = d.c.Looked.Evidence(d.s.ID)
	return a
}

// Update takes keys, pasted text, and what became of the submission.
func (d *Decision) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		cmd := d.keyed(msg)
		d.plan.Second = d.c.Desk.Plan(d.action()).Second // a rule may ask for a second person by the reason
		d.verb = d.sends()
		return cmd
	case tea.PasteMsg:
		d.pasted(msg.Content)
	case submitted:
		return d.ended(msg)
	case common.LoggedIn:
		d.plan = d.c.Desk.Plan(d.action())
		d.refused, d.problem = d.plan.Refusal, nil
		d.told, d.feels = "logged in: ctrl+s "+d.verb+"s it", model.ToneGood
	}
	return nil
}

// submitted says what became of handing the action over.
type submitted struct {
	dialog *Decision
	action model.Action
	sub    *desk.Submission
	err    error
}

// submit hands the action over, once: until it has come back, nothing else can
// be sent from here.
func (d *Decision) submit() tea.Cmd {
	a := d.action()
	d.c.Drafts.Keep(a) // until it is done: it may be taken back or refused
	return d.hand(a, func() (*desk.Submission, error) { return d.c.Desk.Submit(d.c.Ctx, a) })
}

func (d *Decision) hand(a model.Action, over func() (*desk.Submission, error)) tea.Cmd {
	if !d.c.Desk.Token().Present {
		return d.login("There is no executive token.")
	}
	d.busy = true
	return func() tea.Msg {
		sub, err := over()
		return submitted{d, a, sub, err}
	}
}

// login asks for a token; the form stays as it is.
func (d *Decision) login(why string) tea.Cmd {
	d.told, d.feels = "log in, then ctrl+s "+d.verb+"s it; nothing that was filled in is lost", model.ToneWarn
	return common.Send(common.NeedLogin{Why: why, Front: true})
}

func (d *Decision) ended(msg submitted) tea.Cmd {
	if msg.dialog != d {
		return nil
	}
	if msg.err != nil {
		d.failed(msg.err)
		if d.problem.Kind == model.KindAuth {
			return d.login(d.problem.Message)
		}
		return nil
	}
	next := []tea.Cmd{
		common.Send(common.Pop{Then: Sent{msg.action, msg.sub}}), common.Send(common.Submitted{Submission: msg.sub}),
	}
	if d.plan.Info.Decision {
		next = append(next, common.Send(common.Decided{ID: d.s.ID}))
	}
	return tea.Sequence(next...)
}

// pasted puts pasted text into the field in focus.
func (f *form) pasted(text string) {
	if len(f.fields) == 0 || f.busy {
		return
	}
	if w, ok := f.fields[f.at].(*textBox); ok {
		w.field.Insert(text)
	}
}

// about names the person, the effect, what is overridden and the hold.
func (d *Decision) about(w, rows int) []string {
	st := d.c.Styles
	out := []string{ansi.Truncate(d.person(), w, "…")}
	if d.overturns != nil {
		out = append(out, styledWrap(common.Sign(model.ToneWarn)+" "+d.overturns.Says(d.plan.Info.Kind), w, 2, st.Warn.Render)...)
	}
	if d.plan.Info.Kind == model.ActSMS && d.s.Stuck.Where != "" {
		out = append(out, styledWrap("Stuck: "+d.s.Stuck.Where, w, 2, st.Strong.Render)...)
	}
	out = append(out, styledWrap(d.plan.Info.Effect, w, 3, st.Text.Render)...)
	out = append(out, d.second(w)...)
	out = append(out, d.overrides(w, max(rows-len(out)-2, 1))...)
	out = append(out, ansi.Truncate(st.Dim.Render(d.hold())+d.looked(), w, "…"))
	return append(out, "")
}

func (d *Decision) person() string {
	st, s := d.c.Styles, d.s
	name := d.c.Show(s.Applicant.Name)
	if name == "" {
		name = d.c.Show(d.plan.Who)
	}
	if name == "" {
		name = "no name known"
	}
	parts := []string{st.Strong.Render(strings.ReplaceAll(name, "\n", " ")), st.Dim.Render(shortID(s.ID))}
	if n := d.c.Show(s.Document.Number); n != "" {
		parts = append(parts, strings.TrimSpace(s.Document.Country+" "+n))
	}
	if s.Verdict != "" {
		tone := s.Verdict.Tone()
		parts = append(parts, st.Tone(tone).Render(common.Sign(tone)+" "+string(s.Verdict)))
	}
	return strings.Join(parts, "   ")
}

// overrides names each failed check that is set aside.
func (d *Decision) overrides(w, rows int) []string {
	all := d.plan.Overrides
	if len(all) == 0 {
		return nil
	}
	st := d.c.Styles
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = common.Sign(c.Status.Tone()) + " " + string(c.Status) + " " + c.Name()
	}
	lead := st.Title.Render("Sets aside ")
	if len(all)+1 <= rows {
		out := []string{lead}
		for i, c := range all {
			text := "  " + names[i]
			if c.Meaning.Title != "" {
				text += "  " + c.Meaning.Title
			}
			out = append(out, st.Tone(c.Status.Tone()).Render(ansi.Truncate(text, w, "…")))
		}
		return out
	}
	lines := strings.Split(ansi.Wrap(strings.Join(names, ", "), w-2, ""), "\n")
	for i, l := range lines {
		lines[i] = "  " + st.Bad.Render(l)
	}
	return append([]string{lead}, lines...)
}

// looked says what of the pictures goes with the decision as evidence.
func (d *Decision) looked() string {
	st := d.c.Styles
	if !d.plan.Info.Decision || d.c.Desk.Policy().NoImages {
		return ""
	}
	if text := common.EvidenceText(d.c.Looked.Evidence(d.s.ID)); text != "" {
		return "   " + st.Text.Render(text)
	}
	return "   " + st.Query.Render("no picture seen")
}

// sends is what ctrl+s does with the action.
func (d *Decision) sends() string {
	if d.plan.Second != nil {
		return "propose"
	}
	return "send"
}

// second says that the action will be a proposal, if a rule asks for that.
func (d *Decision) second(w int) []string {
	if d.plan.Second == nil {
		return nil
	}
	text := common.Sign(model.ToneHuman) + " A second person has to confirm this before it is sent"
	if name := d.plan.Second.Name; name != "" {
		text += ": " + name
	}
	return styledWrap(text, w, 2, d.c.Styles.Human.Render)
}

// hold says how long the send can be taken back.
func (d *Decision) hold() string {
	h := d.c.Desk.Policy().Hold
	if d.plan.Second != nil {
		return "Held back " + seconds(h) + " before it is proposed; u undoes."
	}
	if h <= 0 {
		return "It is sent at once and cannot be taken back."
	}
	if d.plan.Info.Careful {
		return "Held back " + seconds(h) + " (u undoes); after that it cannot be taken back."
	}
	return "Held back " + seconds(h) + " before it is sent; u undoes."
}

func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Round(100*time.Millisecond).Seconds(), 'f', -1, 64) + " s"
}

// shortID shortens an id to its ends.
func shortID(id string) string {
	r := []rune(id)
	if len(r) <= 16 {
		return id
	}
	return string(r[:8]) + "…" + string(r[len(r)-lastOf:])
}
