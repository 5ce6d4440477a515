// Package bulk is the page of a bulk run: one action on many sessions. First a dry
// run says what would be sent and what not, then, once somebody has started it, the
// page shows how far the run is and what became of each session. A run that is
// under way goes on when the page is left.
package bulk

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
	"docket/ui/dialog"
	"docket/ui/keymap"
)

// Page implements common.Page.
type Page struct {
	c     *common.Context
	w, h  int
	order desk.BulkOrder

	items  []desk.BulkItem // in the order of the ids
	place  map[string]int  // of an id among them
	found  []bool          // by place: the dry run has come to it
	looked int             // how many it has come to
	gen    int             // of the dry run
	coming <-chan desk.BulkItem
	stop   context.CancelFunc // of the dry run

	starting bool
	run      *desk.Bulk
	progress desk.BulkProgress
	problem  *model.Problem

	only bool // only what was refused or is unknown
	rows []int
	at   int
	top  int
}

// New returns the page of an order. It begins with a dry run.
func New(c *common.Context, o desk.BulkOrder) *Page {
	p := &Page{c: c, order: o, place: map[string]int{}}
	for i, id := range o.IDs {
		p.place[id] = i
	}
	return p
}

type (
	// begun says that the dry run is on its way.
	begun struct {
		page   *Page
		gen    int
		coming <-chan desk.BulkItem
		err    error
	}
	// looked is what the dry run has found since.
	looked struct {
		page  *Page
		gen   int
		items []desk.BulkItem
		over  bool
	}
	// start is the answer to the question before a run.
	start struct{ page *Page }
	// halt is the answer to the question whether to stop one.
	halt struct{ page *Page }
	// started says what became of handing the run over.
	started struct {
		page *Page
		run  *desk.Bulk
		err  error
	}
	// beat looks at the run again.
	beat struct{ page *Page }
)

// beatTime is how often a run is looked at.
const beatTime = 200 * time.Millisecond

func (p *Page) beating() tea.Cmd {
	return tea.Tick(beatTime, func(time.Time) tea.Msg { return beat{p} })
}

// Init begins the dry run, or looks at the run again when the page comes back.
func (p *Page) Init() tea.Cmd {
	if p.run != nil {
		p.look()
		return p.beating()
	}
	return p.dryRun()
}

// Scope implements common.Page.
func (p *Page) Scope() keymap.Scope { return keymap.InBulk }

// Crumbs implements common.Page.
func (p *Page) Crumbs() []string { return []string{p.order.Action.Kind.Info().Title + ", bulk"} }

// Close ends the dry run. A run goes on.
func (p *Page) Close() {
	if p.stop != nil {
		p.stop()
	}
}

// Run returns the run, once it was started.
func (p *Page) Run() *desk.Bulk { return p.run }

// SetSize implements common.Page.
func (p *Page) SetSize(w, h int) {
	p.w, p.h = w, h
	p.move(0)
}

// Key implements common.Page.
func (p *Page) Key(tea.KeyPressMsg) (tea.Cmd, bool) { return nil, false }

// dryRun looks at every session anew.
func (p *Page) dryRun() tea.Cmd {
	p.Close()
	ctx, stop := context.WithCancel(p.c.Ctx)
	p.stop, p.problem = stop, nil
	p.gen++
	p.items, p.found, p.looked = make([]desk.BulkItem, len(p.order.IDs)), make([]bool, len(p.order.IDs)), 0
	for i, id := range p.order.IDs {
		p.items[i].ID = id
	}
	p.choose()
	order, gen, seat := p.order, p.gen, p.c.Desk
	return func() tea.Msg {
		coming, err := seat.DryRun(ctx, order)
		return begun{p, gen, coming, err}
	}
}

// most is how many findings are taken at once, so that a fast desk does not draw
// the screen for each.
const most = 64

// next waits for what the dry run finds next.
func (p *Page) next() tea.Cmd {
	coming, gen := p.coming, p.gen
	return func() tea.Msg {
		msg := looked{page: p, gen: gen}
		it, open := <-coming
		for open {
			msg.items = append(msg.items, it)
			if len(msg.items) == most {
				return msg
			}
			select {
			case it, open = <-coming:
			default:
				return msg
			}
		}
		msg.over = true
		return msg
	}
}

// Update implements common.Page.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case begun:
		return p.begun(msg)
	case looked:
		return p.took(msg)
	case started:
		return p.started(msg)
	case common.Wheel:
		p.move(msg.By)
	case common.Click:
		p.click(msg)
	case start:
		if msg.page == p {
			return p.hand()
		}
	default:
		return p.updateRun(msg)
	}
	return nil
}

// updateRun takes what concerns the run, once there is one.
func (p *Page) updateRun(msg tea.Msg) tea.Cmd {
	if p.run == nil {
		return nil
	}
	switch msg := msg.(type) {
	case halt:
		if msg.page == p {
			p.run.Stop()
			p.look()
		}
	case beat:
		if msg.page == p {
			return p.again()
		}
	case common.RunEnded:
		if msg.Run == p.run {
			p.look()
		}
	}
	return nil
}

func (p *Page) begun(msg begun) tea.Cmd {
	if msg.page != p || msg.gen != p.gen {
		return nil
	}
	if msg.err != nil {
		p.problem = model.AsProblem(msg.err)
		return nil
	}
	p.coming = msg.coming
	return p.next()
}

func (p *Page) took(msg looked) tea.Cmd {
	if msg.page != p || msg.gen != p.gen || p.run != nil {
		return nil
	}
	for _, it := range msg.items {
		i := p.place[it.ID]
		if !p.found[i] {
			p.looked++
		}
		p.items[i], p.found[i] = it, true
	}
	p.choose()
	if msg.over {
		return nil
	}
	return p.next()
}

// hand starts the run.
func (p *Page) hand() tea.Cmd {
	p.starting, p.problem = true, nil
	order, items, ctx, seat := p.order, slices.Clone(p.items), p.c.Ctx, p.c.Desk
	return func() tea.Msg {
		run, err := seat.StartBulk(ctx, order, items)
		return started{p, run, err}
	}
}

func (p *Page) started(msg started) tea.Cmd {
	if msg.page != p {
		return nil
	}
	p.starting = false
	if msg.err != nil {
		p.problem = model.AsProblem(msg.err)
		if p.problem.Kind == model.KindAuth {
			return common.Send(common.NeedLogin{Why: p.problem.Message})
		}
		return nil
	}
	p.run = msg.run
	p.look()
	return tea.Batch(p.beating(), common.Send(common.RunStarted{Run: msg.run}))
}

// again looks at the run, as long as it is under way.
func (p *Page) again() tea.Cmd {
	if !p.progress.Ended.IsZero() {
		return nil
	}
	p.look()
	return p.beating()
}

// look takes what became of each session so far.
func (p *Page) look() {
	p.progress = p.run.Progress()
	for _, it := range p.run.Items() {
		p.items[p.place[it.ID]] = it
	}
	p.choose()
}

// choose lists the sessions that are to be seen.
func (p *Page) choose() {
	p.rows = p.rows[:0]
	for i := range p.items {
		if !p.only || p.found[i] && failed(p.items[i].State) {
			p.rows = append(p.rows, i)
		}
	}
	p.move(0)
}

func failed(s desk.BulkState) bool { return s == desk.BulkRefused || s == desk.BulkUnknown }

func (p *Page) move(by int) {
	p.at = max(0, min(p.at+by, len(p.rows)-1))
	room := p.room()
	p.top = max(0, min(p.top, p.at, len(p.rows)-room))
	if p.at >= p.top+room {
		p.top = p.at - room + 1
	}
}

func (p *Page) click(msg common.Click) {
	if i := p.top + msg.Y - p.head(); msg.Y >= p.head() && i < len(p.rows) {
		p.move(i - p.at)
	}
}

// selected returns the session under the cursor.
func (p *Page) selected() (desk.BulkItem, bool) {
	if p.at >= len(p.rows) {
		return desk.BulkItem{}, false
	}
	return p.items[p.rows[p.at]], true
}

// Do implements common.Page.
func (p *Page) Do(id keymap.ID, _ string) tea.Cmd {
	half := max(p.room()/2, 1)
	steps := map[keymap.ID]int{
		keymap.Down: 1, keymap.Up: -1, keymap.HalfDown: half, keymap.HalfUp: -half, keymap.First: -len(p.rows), keymap.Last: len(p.rows),
	}
	if by, ok := steps[id]; ok {
		p.move(by)
		return nil
	}
	switch id {
	case keymap.Back:
		return p.c.Back(p)
	case keymap.Refresh:
		return p.dryRun()
	case keymap.StartRun:
		return p.ask()
	case keymap.StopRun:
		return p.askStop()
	case keymap.Failures:
		p.only = !p.only
		p.choose()
	case keymap.CopyList, keymap.SaveList:
		return p.list(id)
	default:
		return p.doOne(id)
	}
	return nil
}

// doOne carries out an action on the session under the cursor.
func (p *Page) doOne(id keymap.ID) tea.Cmd {
	it, ok := p.selected()
	switch {
	case ok && id == keymap.Open:
		return p.c.Open(common.OpenSession{ID: it.ID})
	case ok && id == keymap.CopyID:
		return common.Send(common.Copy{Text: it.ID, What: "interview id"})
	}
	return nil
}

// Off implements common.Page.
func (p *Page) Off(id keymap.ID) string {
	over := p.run != nil && !p.progress.Ended.IsZero()
	switch id {
	case keymap.StartRun:
		return p.cannotStart()
	case keymap.StopRun:
		if p.run == nil || over {
			return "no run is on its way here"
		}
		if p.progress.Stopped {
			return "it stops after what is on its way"
		}
	case keymap.Refresh:
		if p.run != nil {
			return "the run was started: what it sends is read again by itself"
		}
	case keymap.Open, keymap.CopyID:
		if _, ok := p.selected(); !ok {
			return "no session is selected"
		}
	}
	return ""
}

func (p *Page) cannotStart() string {
	switch n := p.count(desk.BulkReady); {
	case p.run != nil:
		return "it was started"
	case p.starting:
		return "it is being started"
	case p.looked < len(p.items):
		return "wait for the end of the dry run"
	case n == 0:
		return "nothing would be sent"
	}
	return p.c.CannotAct(p.order.Action.Kind)
}

// count returns how many sessions the dry run or the run has in a state.
func (p *Page) count(s desk.BulkState) int {
	n := 0
	for i := range p.items {
		if p.found[i] && p.items[i].State == s {
			n++
		}
	}
	return n
}

// ask lets the number of sessions be typed before anything is sent.
func (p *Page) ask() tea.Cmd {
	n := p.count(desk.BulkReady)
	info := p.order.Action.Kind.Info()
	text := info.Effect + " " + sessions(n) + ", one after the other, each read again right before. What was sent cannot be taken back with u; s stops the rest."
	if info.Bulk {
		text = info.Effect + " " + sessions(n) + ", many in one call, each read again right before and after. What was sent cannot be taken back."
	}
	return p.c.Present(dialog.NewTally(p.c, info.Title+", "+sessions(n), text, n, start{p}))
}

func (p *Page) askStop() tea.Cmd {
	text := "Stop the run? What is on its way is waited for. " + sessions(p.progress.Left) + " will not be sent; the log says so, and the run cannot be gone on with."
	return p.c.Present(dialog.NewConfirm(p.c, "Stop the run", text, "stop it", common.Send(halt{p})))
}

// list copies or saves what became of each session that is listed.
func (p *Page) list(id keymap.ID) tea.Cmd {
	var items []desk.BulkItem
	for _, i := range p.rows {
		items = append(items, p.items[i])
	}
	text, err := desk.BulkCSV(items)
	if err != nil {
		return common.Send(common.Toast{Text: "The list could not be written: " + err.Error(), Tone: model.ToneBad})
	}
	if id == keymap.CopyList {
		return common.Send(common.Copy{Text: text, What: "the list of " + sessions(len(items))})
	}
	name := "docket-bulk-" + string(p.order.Action.Kind) + ".csv"
	return p.c.Present(dialog.NewSaveText(p.c, "Save the list", "Ids, results and reasons of "+sessions(len(items))+", as CSV. There is no personal data in it.", name, text))
}
