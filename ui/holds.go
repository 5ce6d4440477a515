package ui

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
	"docket/ui/inbox"
)

// holds are the submissions on their way, and the outcomes that a person should
// see before they go away.
type holds struct {
	all    []*hold
	alerts []alert
	undone string // what was taken back last, while nothing else was submitted
}

type hold struct {
	sub    common.Submission
	action model.Action
	until  time.Time
}

type alert struct {
	text  string
	tone  model.Tone
	login string // the session whose action waits for a log-in; empty: none
}

// submissionEnded says that a submission has ended.
type submissionEnded struct{ hold *hold }

// beatMsg redraws the countdown.
type beatMsg struct{}

const beat = 200 * time.Millisecond

// held reports whether something can still be taken back.
func (h *holds) held() bool {
	return slices.ContainsFunc(h.all, func(o *hold) bool { return o.sub.Held() })
}

// busy reports whether something is held back or being sent.
func (h *holds) busy() bool { return len(h.all) > 0 }

// on reports whether something is on its way for a session.
func (h *holds) on(id string) bool {
	return slices.ContainsFunc(h.all, func(o *hold) bool { return slices.Contains(o.action.IDs, id) })
}

// undoAll takes everything back that is held.
func (h *holds) undoAll() {
	for _, o := range h.all {
		o.sub.Undo()
	}
}

// settle waits until what was taken back has been written down, but not longer
// than patience.
func (h *holds) settle(patience time.Duration) {
	late := time.NewTimer(patience)
	defer late.Stop()
	for _, o := range h.all {
		select {
		case <-o.sub.Done():
		case <-late.C:
			return
		}
	}
}

// dismiss takes the oldest outcome away that was shown, if there is one.
func (h *holds) dismiss() bool {
	if len(h.alerts) == 0 {
		return false
	}
	h.alerts = h.alerts[1:]
	return true
}

// loggedIn takes the outcomes away that asked for a log-in: they have it now.
// It returns the session of the oldest one.
func (h *holds) loggedIn() (id string) {
	h.alerts = slices.DeleteFunc(h.alerts, func(a alert) bool {
		id = cmp.Or(id, a.login)
		return a.login != ""
	})
	return id
}

// submitted follows a submission to its end.
func (r *Root) submitted(sub common.Submission) tea.Cmd {
	o := &hold{sub: sub}
	if s, ok := sub.(*desk.Submission); ok {
		o.action, o.until = s.Action, s.Until
	}
	r.holds.all, r.holds.undone = append(r.holds.all, o), ""
	r.notices.begun(o.action)
	return tea.Batch(beating(), func() tea.Msg {
		select {
		case <-sub.Done():
		case <-r.c.Ctx.Done():
		}
		return submissionEnded{o}
	})
}

func beating() tea.Cmd { return tea.Tick(beat, func(time.Time) tea.Msg { return beatMsg{} }) }

// undo takes back the submission that was made last, and goes back to its
// session: whoever takes a decision back means to look again.
func (r *Root) undo() tea.Cmd {
	for _, o := range slices.Backward(r.holds.all) {
		if !o.sub.Held() || !o.sub.Undo() {
			continue
		}
		r.holds.undone = name(o.action.Kind, o.action.ID()) + takenBack
		if len(o.action.IDs) != 1 || r.shows(o.action.ID()) {
			return nil // its end says so
		}
		return r.open(common.OpenSession{ID: o.action.ID(), Instead: true})
	}
	return r.say("Too late to take back: it is being sent", model.ToneWarn)
}

// ended shows how a submission ended: in passing when all is well, until it is
// seen when not.
func (r *Root) ended(msg submissionEnded) tea.Cmd {
	r.holds.all = slices.DeleteFunc(r.holds.all, func(o *hold) bool { return o == msg.hold })
	if !r.holds.busy() && r.question != nil && r.dialogs.Top() == r.question {
		r.dialogs.Pop() // what it asked about is over
		r.question = nil
	}
	r.notices.over(msg.hold.action, r.c.Now())
	outcomes := msg.hold.sub.Outcomes()
	cmds := []tea.Cmd{r.broadcast(common.Ended{Outcomes: outcomes})}
	for _, o := range outcomes {
		cmds = append(cmds, r.outcome(msg.hold.action, o))
	}
	return tea.Batch(cmds...)
}

const takenBack = ": taken back, nothing was sent"

// name names an action on a session.
func name(kind model.ActionKind, id string) string {
	return kind.Info().Title + " " + inbox.ShortID(id)
}

func (r *Root) outcome(a model.Action, o model.Outcome) tea.Cmd {
	title, what := a.Kind.Info().Title, name(a.Kind, o.ID)
	why := strings.TrimPrefix(o.Says, title+": ")
	if o.Problem != nil {
		why = o.Problem.Error()
	}
	switch o.Result {
	case model.ResultDone:
		if o.Action.Kind == model.ActDelete {
			r.takeAway(o.ID)
		}
		return r.say(what+": "+cmp.Or(why, "done"), model.ToneGood)
	case model.ResultProposed:
		return r.say(what+" is proposed, nothing was sent: "+strings.TrimPrefix(why, "Nothing was sent: "), model.ToneHuman)
	case model.ResultNotSent:
		if o.Problem == nil || o.Problem.Kind == model.KindUndone {
			return r.say(what+takenBack, model.ToneNone)
		}
		r.alert(o, what+" was not sent: "+strings.TrimPrefix(why, "Nothing was sent: "), model.ToneWarn)
	case model.ResultUnknown:
		r.alert(o, what+": outcome unknown. "+adviceFirst(o.Problem, why), model.ToneBad)
	default:
		r.alert(o, what+" refused: "+why, model.ToneBad)
	}
	if wantsLogin(o) {
		return r.needLogin(common.NeedLogin{Why: what + " was refused: " + why})
	}
	return nil
}

// adviceFirst puts what to do in front of what happened: the line of alerts is
// cut at its end, and nobody may miss not to send again.
func adviceFirst(p *model.Problem, why string) string {
	if p == nil || p.Do == "" {
		return why
	}
	return strings.ToUpper(p.Do[:1]) + p.Do[1:] + ". " + p.Message
}

// alert shows an outcome until it is seen.
func (r *Root) alert(o model.Outcome, text string, tone model.Tone) {
	a := alert{text: text, tone: tone}
	if wantsLogin(o) {
		a.login = o.ID
	}
	r.holds.alerts = append(r.holds.alerts, a)
}

func wantsLogin(o model.Outcome) bool { return o.Problem != nil && o.Problem.Kind == model.KindAuth }

// loggedIn goes on with what was being done: pages and dialogs hear of the new
// token, and a session whose action was refused for want of one is opened again.
func (r *Root) loggedIn(msg common.LoggedIn) tea.Cmd {
	r.loginDue = ""
	cmds := []tea.Cmd{r.broadcast(msg), r.readFacts()}
	id := r.holds.loggedIn()
	if id == "" {
		return tea.Batch(append(cmds, r.say("Logged in", model.ToneGood))...)
	}
	cmds = append(cmds, r.say("Logged in. Nothing was sent for "+inbox.ShortID(id)+": decide again", model.ToneGood))
	if !r.dialogs.Open() && !r.shows(id) {
		cmds = append(cmds, r.open(common.OpenSession{ID: id, Instead: true}))
	}
	return tea.Batch(cmds...)
}

// text says what is on its way, for the status line.
func (h *holds) text(now time.Time, undo string) string {
	if len(h.all) == 0 {
		return ""
	}
	o := h.all[len(h.all)-1]
	who := inbox.ShortID(o.action.ID())
	if n := len(o.action.IDs); n > 1 {
		who = strconv.Itoa(n) + " sessions"
	}
	more := ""
	if n := len(h.all); n > 1 {
		more = fmt.Sprintf("   and %d more on the way", n-1)
	}
	if !o.sub.Held() {
		return o.action.Kind.Info().Title + " " + who + " is being sent" + more
	}
	left := max(int(math.Ceil(o.until.Sub(now).Seconds())), 0)
	return fmt.Sprintf("%s %s in %ds   %s undo%s", o.action.Kind.Info().Title, who, left, undo, more)
}
