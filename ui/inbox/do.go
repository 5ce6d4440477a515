package inbox

import (
	"cmp"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/dialog"
	"docket/ui/keymap"
)

type (
	// filtered is a query as the filter dialog leaves it.
	filtered = dialog.Filtered
	// sorted is an order as the sort menu leaves it.
	sorted model.Sort
)

// deeds are the actions of the page.
func (p *Page) deeds() map[keymap.ID]func(key string) tea.Cmd {
	return p.addMany(map[keymap.ID]func(string) tea.Cmd{
		keymap.Down:     func(string) tea.Cmd { return p.move(1) },
		keymap.Up:       func(string) tea.Cmd { return p.move(-1) },
		keymap.HalfDown: func(string) tea.Cmd { return p.move(max(p.room()/2, 1)) },
		keymap.HalfUp:   func(string) tea.Cmd { return p.move(-max(p.room()/2, 1)) },
		keymap.First:    func(string) tea.Cmd { return p.toStart() },
		keymap.Last:     func(string) tea.Cmd { return p.toEnd() },
		keymap.Open:     func(string) tea.Cmd { return p.open() },
		keymap.Back:     func(string) tea.Cmd { return p.back() },
		keymap.NextView: func(string) tea.Cmd { return p.turn(1) },
		keymap.PrevView: func(string) tea.Cmd { return p.turn(-1) },
		keymap.ViewN:    p.toView,
		keymap.Search:   func(string) tea.Cmd { p.search.start(p.query.Search); return nil },
		keymap.Filter:   func(string) tea.Cmd { return p.filter() },
		keymap.SortBy:   func(string) tea.Cmd { return p.sort() },
		keymap.Mark:     func(string) tea.Cmd { return p.mark() },
		keymap.Refresh:  func(string) tea.Cmd { return p.tryAgain() },
		keymap.Add:      func(string) tea.Cmd { return p.c.Present(dialog.NewAdd(p.c)) },
		keymap.CopyID:   func(string) tea.Cmd { return p.copyID() },
		keymap.Claim:    func(string) tea.Cmd { return p.claim() },
		keymap.Confirm:  func(string) tea.Cmd { return p.open() },
	})
}

// Do implements common.Page.
func (p *Page) Do(id keymap.ID, key string) tea.Cmd {
	do := p.deeds()[id]
	switch {
	case do == nil:
		return nil
	case !p.current() && aboutRows[id]:
		p.ahead = append(p.ahead, func() tea.Cmd { return p.Do(id, key) })
		return nil
	}
	return do(key)
}

// aboutRows are the actions on the rows that are shown. While these are still
// those of another view or search, the actions wait for the ones that were asked
// for: a person who types ahead opens no session of a list that is on its way out.
var aboutRows = map[keymap.ID]bool{
	keymap.Down: true, keymap.Up: true, keymap.HalfDown: true, keymap.HalfUp: true,
	keymap.Open: true, keymap.Mark: true, keymap.CopyID: true,
	keymap.Claim: true, keymap.Confirm: true,
}

// current reports whether the rows that are shown are those of the query.
func (p *Page) current() bool { return p.shown == p.gen }

// catchUp does what was typed ahead.
func (p *Page) catchUp() tea.Cmd {
	ahead := p.ahead
	p.ahead = nil
	cmds := make([]tea.Cmd, len(ahead))
	for i, do := range ahead {
		cmds[i] = do()
	}
	return tea.Sequence(cmds...)
}

// Off implements common.Page.
func (p *Page) Off(id keymap.ID) string {
	switch r := p.Selected(); id {
	case keymap.Open, keymap.Mark, keymap.CopyID:
		return p.nobody()
	case keymap.Claim:
		return cmp.Or(dialog.ClaimOff(p.c), p.nobody())
	case keymap.Confirm:
		if r != nil && r.Proposal == nil && p.current() {
			return "nothing waits for a second person on this session"
		}
		return p.nobody()
	case keymap.Back:
		if !p.query.Filtered() && len(p.marks) == 0 {
			return "this is the first page: " + p.key(keymap.Quit) + " quits"
		}
	case keymap.MarkAll:
		if len(p.win.rows) == 0 {
			return "the list is empty"
		}
	}
	return p.unmarked(id)
}

// nobody says that there is no row to do something with; empty: there is, or it is
// on its way.
func (p *Page) nobody() string {
	if p.Selected() == nil && p.current() {
		return "no session is selected"
	}
	return ""
}

// claim claims the session under the cursor, gives it back, or asks whether to take
// it over.
func (p *Page) claim() tea.Cmd {
	r := p.Selected()
	if r == nil {
		return nil
	}
	return dialog.Claim(p.c, *r)
}

func (p *Page) toStart() tea.Cmd {
	if !p.win.less {
		return p.move(-p.at)
	}
	p.at, p.top = 0, 0
	p.win = window{}
	return p.reload()
}

func (p *Page) toEnd() tea.Cmd {
	if !p.win.more {
		return p.move(len(p.win.rows))
	}
	return p.jump(loadEnd)
}

func (p *Page) open() tea.Cmd {
	r := p.Selected()
	if r == nil {
		return nil
	}
	return p.c.Open(common.OpenSession{ID: r.ID})
}

// back undoes what narrows the list, one thing at a time.
func (p *Page) back() tea.Cmd {
	switch {
	case p.query.Search != "":
		p.query.Search = ""
		p.search.field.Set("")
	case p.query.Filtered():
		p.query.Verdicts, p.query.Statuses, p.query.Countries, p.query.Tags = nil, nil, nil, nil
	default:
		p.marks = map[string]bool{}
		p.lines.forget()
		return nil
	}
	return p.restart()
}

// turn goes to the next view, or to the one before.
func (p *Page) turn(by int) tea.Cmd {
	all := model.Views()
	i := slices.IndexFunc(all, func(v model.ViewInfo) bool { return v.View == p.query.View })
	return p.show(all[(i+by+len(all))%len(all)].View)
}

// toView goes to the view whose key was pressed.
func (p *Page) toView(key string) tea.Cmd {
	all := model.Views()
	if i := slices.Index(p.c.Keys.Get(keymap.ViewN).Keys, key); i >= 0 && i < len(all) {
		return p.show(all[i].View)
	}
	return nil
}

func (p *Page) show(v model.View) tea.Cmd {
	p.query.View = v
	p.opened = true
	return p.restart()
}

// choose takes the query of the filter dialog.
func (p *Page) choose(f filtered) tea.Cmd {
	f.Query.Search = p.query.Search
	p.query = f.Query
	p.opened = true
	return p.restart()
}

func (p *Page) filter() tea.Cmd {
	return p.c.Present(dialog.NewFilter(p.c, p.query, p.counts))
}

// sortKeys are the letters of the orders in the menu, each its own.
var sortKeys = map[model.Sort]string{
	model.SortDue: "d", model.SortNewest: "c", model.SortName: "n", model.SortWorst: "w",
}

func (p *Page) sort() tea.Cmd {
	var items []dialog.MenuItem
	for _, s := range model.Sorts() {
		items = append(items, dialog.MenuItem{Key: sortKeys[s.Sort], Title: s.Title, On: s.Sort == p.query.Sort, Then: sorted(s.Sort)})
	}
	return p.c.Present(dialog.NewMenu(p.c, "Order of the list", items))
}

// mark marks the session, or takes the mark away, and goes to the next.
func (p *Page) mark() tea.Cmd {
	r := p.Selected()
	if r == nil {
		return nil
	}
	if p.marks[r.ID] {
		delete(p.marks, r.ID)
	} else {
		p.marks[r.ID] = true
	}
	p.lines.forgetRow(r.ID)
	return p.move(1)
}

// Typing reports whether keys go into the search line.
func (p *Page) Typing() bool { return p.search.on }

// Marks returns the ids of the marked sessions.
func (p *Page) Marks() []string {
	ids := make([]string, 0, len(p.marks))
	for id := range p.marks {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// tryAgain reads the list again, and the session under the cursor if a look-up
// of it had failed.
func (p *Page) tryAgain() tea.Cmd {
	p.problem = nil
	cmds := []tea.Cmd{p.refresh()}
	if r := p.Selected(); r != nil && len(r.Problems) > 0 {
		id := r.ID
		var parts []model.Part
		for _, f := range r.Problems {
			parts = append(parts, f.Part)
		}
		cmds = append(cmds, func() tea.Msg {
			for range p.c.Desk.Refresh(p.c.Ctx, id, parts...) {
				continue // the row changes as they arrive, and Watch tells
			}
			return nil
		})
	}
	return tea.Batch(cmds...)
}

func (p *Page) copyID() tea.Cmd {
	r := p.Selected()
	if r == nil {
		return nil
	}
	return common.Send(common.Copy{Text: r.ID, What: "interview id"})
}

// step opens the session after or before the one that is open: the cursor is on
// it, or on the one behind it.
func (p *Page) step(msg common.Step) tea.Cmd {
	by := msg.By
	if by > 0 && msg.ID == p.gone {
		by--
	}
	p.gone = ""
	at := p.at + by
	if at < 0 || at >= len(p.win.rows) {
		edge := map[bool]string{true: "This is the last session of the list.", false: "This is the first session of the list."}[msg.By > 0]
		return common.Send(common.Toast{Text: edge, Tone: model.ToneNone})
	}
	return tea.Batch(p.move(by), p.c.Open(common.OpenSession{Instead: true}))
}

// follow puts the cursor on a session that was opened from elsewhere.
func (p *Page) follow(id string) tea.Cmd {
	i := p.win.find(id)
	if i < 0 {
		return nil
	}
	p.owed = 0
	return p.move(i - p.at)
}

// next opens the session after one that was submitted: the next that is free, or
// the first when there is none behind it.
func (p *Page) next(id string) tea.Cmd {
	p.passed[id] = true
	start := p.win.find(id)
	if start < 0 {
		start = p.at - 1
	}
	n := len(p.win.rows)
	for i := 1; i <= n; i++ {
		j := (start + i + n) % n
		if r := p.win.rows[j]; !p.passed[r.ID] && p.free(r) {
			move := p.move(j - p.at)
			return tea.Batch(move, p.c.Open(common.OpenSession{Instead: true}))
		}
	}
	return tea.Batch(p.c.Back(nil), common.Send(common.Toast{Text: "No other session of this list is free.", Tone: model.ToneGood}))
}

// free reports whether this person could decide on a session: nobody else has it, and
// what waits for a second person on it is what is being gone through.
func (p *Page) free(r *model.Row) bool {
	if r.HeldBy(p.query.Who, p.c.Now()) != "" {
		return false
	}
	return r.Proposal == nil || p.query.View == model.ViewProposed && r.Proposal.By != p.query.Who
}

// ended offers a session again whose submission changed nothing, and takes the mark
// from one that is no more.
func (p *Page) ended(msg common.Ended) tea.Cmd {
	for _, o := range msg.Outcomes {
		switch {
		case o.Result != model.ResultDone && o.Result != model.ResultProposed:
			delete(p.passed, o.ID)
		case o.Action.Kind == model.ActDelete:
			delete(p.marks, o.ID)
			p.lines.forgetRow(o.ID)
		}
	}
	return p.refresh()
}

// click selects the row; a click on the selected row opens it. A click on the
// tabs turns to the view.
func (p *Page) click(msg common.Click) tea.Cmd {
	i := p.top + msg.Y - headLines
	if msg.Y < headLines || i >= len(p.win.rows) {
		return nil
	}
	if i == p.at {
		return p.open()
	}
	return p.move(i - p.at)
}

// describe says in words how the list is narrowed, for the line above it.
func describe(q model.Query) string {
	var parts []string
	for _, v := range q.Verdicts {
		parts = append(parts, string(v))
	}
	for _, s := range q.Statuses {
		parts = append(parts, string(s))
	}
	parts = append(parts, q.Countries...)
	for _, t := range q.Tags {
		parts = append(parts, "tag "+t)
	}
	return strings.Join(parts, ", ")
}
