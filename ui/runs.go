package ui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"docket/desk"
	"docket/model"
	"docket/ui/bulk"
	"docket/ui/common"
	"docket/ui/dialog"
	"docket/ui/keymap"
)

// runs are the bulk run of this console, under way or ended, and its page.
type runs struct {
	run  *desk.Bulk
	page *bulk.Page
}

// busy reports whether a run is under way.
func (s *runs) busy() bool { return s.run != nil && s.run.Progress().Ended.IsZero() }

// text says how far the run is, for the status line; without one it is empty.
func (s *runs) text(key string) string {
	if !s.busy() {
		return ""
	}
	p := s.run.Progress()
	out := fmt.Sprintf("bulk %s %d/%d", s.run.Order.Action.Kind, p.Total-p.Left, p.Total)
	if n := p.Refused + p.Unknown; n > 0 {
		out += fmt.Sprintf(", %d not done", n)
	}
	return out + "   " + key + " shows it"
}

type (
	// unfinished are the runs that were not finished. Asked: somebody wants to know.
	unfinished struct {
		all   []desk.Unfinished
		err   error
		asked bool
	}
	// goOn and giveUp are the answers to what to do with one.
	goOn   struct{ batch string }
	giveUp struct{ batch string }
	// gaveUp says what became of giving one up.
	gaveUp struct{ err error }
	// remaining is what a run has left.
	remaining struct {
		order desk.BulkOrder
		err   error
	}
)

// fromRuns takes what concerns bulk runs.
func (r *Root) fromRuns(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case common.Ordered:
		return r.ordered(msg.Order), true
	case common.RunStarted:
		return r.runStarted(msg), true
	case common.RunEnded:
		return r.runEnded(msg), true
	case unfinished:
		return r.offer(msg), true
	case goOn:
		return func() tea.Msg {
			o, err := r.c.Desk.Remaining(r.c.Ctx, msg.batch)
			return remaining{o, err}
		}, true
	case giveUp:
		return func() tea.Msg { return gaveUp{r.c.Desk.StopBatch(r.c.Ctx, msg.batch)} }, true
	case gaveUp:
		if msg.err != nil {
			return r.tell(common.Failed(msg.err, model.ToneBad)), true
		}
		return r.say("The bulk run was stopped; what was not sent will not be", model.ToneGood), true
	case remaining:
		if msg.err != nil {
			return r.tell(common.Failed(msg.err, model.ToneBad)), true
		}
		return r.ordered(msg.order), true
	}
	return nil, false
}

// ordered opens the page of a run, which begins with a dry run.
func (r *Root) ordered(o desk.BulkOrder) tea.Cmd {
	if r.runs.busy() {
		return r.say(r.oneRun(), model.ToneWarn)
	}
	for i := len(r.pages) - 1; i > 0; i-- {
		if _, old := r.pages[i].(*bulk.Page); old {
			r.remove(i)
		}
	}
	return r.push(bulk.New(r.c, o))
}

func (r *Root) oneRun() string {
	return "a bulk run is under way: " + r.c.Keys.Get(keymap.Runs).FirstKey() + " shows it"
}

func (r *Root) runStarted(msg common.RunStarted) tea.Cmd {
	r.runs.run = msg.Run
	for _, p := range r.pages {
		if page, ok := p.(*bulk.Page); ok && page.Run() == msg.Run {
			r.runs.page = page
		}
	}
	return tea.Batch(r.broadcast(msg), func() tea.Msg {
		select {
		case <-msg.Run.Done():
		case <-r.c.Ctx.Done():
		}
		return common.RunEnded(msg)
	})
}

// runEnded says how the run ended where that is not on the screen.
func (r *Root) runEnded(msg common.RunEnded) tea.Cmd {
	if msg.Run != r.runs.run {
		return nil
	}
	if toReview[msg.Run.Order.Action.Kind] {
		r.notices.quiet = r.c.Now().Add(ownFor)
	}
	if !r.runs.busy() && r.question != nil && !r.holds.busy() && r.dialogs.Top() == r.question {
		r.dialogs.Pop() // what it asked about is over
		r.question = nil
	}
	p := msg.Run.Progress()
	cmds := []tea.Cmd{r.broadcast(msg)}
	if p.Why != nil && p.Why.Kind == model.KindAuth {
		cmds = append(cmds, r.needLogin(common.NeedLogin{Why: "The bulk run has halted: " + p.Why.Message}))
	}
	if r.page() != common.Page(r.runs.page) {
		tone := model.ToneGood
		if p.Done < p.Total {
			tone = model.ToneWarn
		}
		text := fmt.Sprintf("Bulk %s: done %d, refused %d, outcome unknown %d, not sent %d. %s shows it",
			msg.Run.Order.Action.Kind, p.Done, p.Refused, p.Unknown, p.Left, r.c.Keys.Get(keymap.Runs).FirstKey())
		r.holds.alerts = append(r.holds.alerts, alert{text: text, tone: tone})
	}
	return tea.Batch(cmds...)
}

// readUnfinished looks for bulk runs that were not finished.
func (r *Root) readUnfinished(asked bool) tea.Cmd {
	return func() tea.Msg {
		all, err := r.c.Desk.Unfinished(r.c.Ctx)
		return unfinished{all, err, asked}
	}
}

// showRuns goes to the run that is under way, else offers one that was not
// finished, else shows the last one again.
func (r *Root) showRuns() tea.Cmd {
	if r.runs.busy() {
		return r.showRun()
	}
	return r.readUnfinished(true)
}

func (r *Root) showRun() tea.Cmd {
	if slices.Contains(r.pages, common.Page(r.runs.page)) {
		for r.page() != common.Page(r.runs.page) {
			r.pop()
		}
		return nil
	}
	return r.push(r.runs.page)
}

// offer asks what to do with a run that was not finished.
func (r *Root) offer(msg unfinished) tea.Cmd {
	i := slices.IndexFunc(msg.all, func(u desk.Unfinished) bool { return u.Mine && !u.Here })
	switch {
	case i >= 0:
		return r.present(r.askUnfinished(msg.all[i]))
	case !msg.asked:
		return nil // nobody has asked; `docket bulk list` says what is wrong
	case msg.err != nil:
		return r.tell(common.Failed(msg.err, model.ToneBad))
	case r.runs.page != nil:
		return r.showRun()
	}
	return r.say("No bulk run is under way, and none of yours was not finished", model.ToneNone)
}

func (r *Root) askUnfinished(u desk.Unfinished) common.Dialog {
	title := fmt.Sprintf("Unfinished: %s, %d of %d left, of %s", u.Action.Kind.Info().Title, u.Left, u.Total, u.At.In(r.c.Zone).Format("2006-01-02 15:04"))
	says := "A dry run first, of what is left. What was sent is not sent again, whatever became of it."
	if u.Fresh {
		says += " Its last entry is young: if another docket of yours is at it, leave it to that one."
	}
	return dialog.NewMenu(r.c, title, []dialog.MenuItem{
		{Key: "g", Title: "go on with it", Says: says, Then: goOn{u.ID}},
		{Key: "l", Title: "later", Says: "It stays as it is: " + r.c.Keys.Get(keymap.Runs).FirstKey() + " offers it again, and so does the next start."},
		{Key: "s", Title: "stop it for good", Says: "What is left will not be sent; the log says so.", Then: giveUp{u.ID}},
	})
}
