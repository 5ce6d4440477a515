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
}

type hold struct {
	sub    common.Submission
	action model.Action
	until  time.Time
}

type alert struct {
	text string
	tone model.Tone
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

// submitted follows a submission to its end.
func (r *Root) submitted(sub common.Submission) tea.Cmd {
	o := &hold{sub: sub}
	if s, ok := sub.(*desk.Submission); ok {
		o.action, o.until = s.Action, s.Until
	}
	r.holds.all = append(r.holds.all, o)
	return tea.Batch(beating(), func() tea.Msg {
		select {
		case <-sub.Done():
		case <-r.c.Ctx.Done():
		}
		return submissionEnded{o}
	})
}

func beating() tea.Cmd { return tea.Tick(beat, func(time.Time) tea.Msg { return beatMsg{} }) }

// undo takes back the submission that was made last.
func (r *Root) undo() tea.Cmd {
	for _, o := range slices.Backward(r.holds.all) {
		if o.sub.Held() && o.sub.Undo() {
			return nil // its end says so
		}
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
	outcomes := msg.hold.sub.Outcomes()
	cmds := []tea.Cmd{r.broadcast(common.Ended{Outcomes: outcomes})}
	for _, o := range outcomes {
		cmds = append(cmds, r.outcome(msg.hold.action, o))
	}
	return tea.Batch(cmds...)
}

func (r *Root) outcome(a model.Action, o model.Outcome) tea.Cmd {
	title := a.Kind.Info().Title
	what := title + " " + inbox.ShortID(o.ID)
	why := strings.TrimPrefix(o.Says, title+": ")
	if o.Problem != nil {
		why = o.Problem.Error()
	}
	switch o.Result {
	case model.ResultDone:
		return r.say(what+": "+cmp.Or(why, "done"), model.ToneGood)
	case model.ResultNotSent:
		if o.Problem == nil || o.Problem.Kind == model.KindUndone {
			return r.say(what+": taken back, nothing was sent", model.ToneNone)
		}
		r.holds.alerts = append(r.holds.alerts, alert{what + " was not sent: " + why, model.ToneWarn})
	case model.ResultUnknown:
		r.holds.alerts = append(r.holds.alerts, alert{what + ": outcome unknown. " + why, model.ToneBad})
	default:
		r.holds.alerts = append(r.holds.alerts, alert{what + " refused: " + why, model.ToneBad})
	}
	if o.Problem != nil && o.Problem.Kind == model.KindAuth {
		return r.login(what + " was refused: " + why)
	}
	return nil
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
