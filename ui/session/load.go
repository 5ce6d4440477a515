package session

import (
	"reflect"

	tea "charm.land/bubbletea/v2"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
)

// snapshot is the session after one more part has come. next is where the one
// after it will come from; nil means that the reading has ended.
type snapshot struct {
	page *Page
	gen  int
	s    *model.Session
	next <-chan *model.Session
}

// openAll reads every part. What an older reading still sends is dropped.
func (p *Page) openAll() tea.Cmd {
	p.gen++
	p.busy = 1
	gen, ctx, desk := p.gen, p.ctx, p.c.Desk
	return func() tea.Msg { return p.read(gen, desk.Open(ctx, p.id)) }
}

// refresh reads parts again; without any, all of them.
func (p *Page) refresh(parts ...model.Part) tea.Cmd {
	if len(parts) == 0 {
		p.gen++
		p.busy = 0 // what an older reading still sends is dropped
	}
	p.busy++
	gen, ctx, desk := p.gen, p.ctx, p.c.Desk
	return func() tea.Msg { return p.read(gen, desk.Refresh(ctx, p.id, parts...)) }
}

// read waits for one snapshot.
func (p *Page) read(gen int, from <-chan *model.Session) tea.Msg {
	select {
	case s, ok := <-from:
		if !ok {
			return snapshot{page: p, gen: gen}
		}
		return snapshot{p, gen, s, from}
	case <-p.ctx.Done():
		return snapshot{page: p, gen: gen}
	}
}

// took shows a snapshot and waits for the next.
func (p *Page) took(m snapshot) tea.Cmd {
	if m.page != p || m.gen != p.gen {
		return nil
	}
	if m.next == nil {
		p.busy--
		return tea.Batch(p.readKept(), p.askLogin(), p.strip.Rest(p.s)) // the reading may have changed the row
	}
	if m.s != nil && !outdated(m.s, p.s) {
		p.s = m.s
		p.recount()
	}
	return tea.Batch(p.arm(), p.takePictures(), func() tea.Msg { return p.read(m.gen, m.next) })
}

// takePictures gives a list of pictures that has come to the strip.
func (p *Page) takePictures() tea.Cmd {
	part := p.s.Parts[model.PartImages]
	if part.At.Equal(p.stripOf.At) && part.Problem == p.stripOf.Problem {
		return nil
	}
	p.stripOf = part
	return p.strip.Take(p.s)
}

// askLogin asks for the log-in form when the token was refused: once, so that
// whoever does not want to log in now is left alone until they read again.
func (p *Page) askLogin() tea.Cmd {
	problem := p.refused()
	if problem == nil || p.asked {
		return nil
	}
	p.asked = true
	return common.Send(common.NeedLogin{Why: problem.Message + "."})
}

// refused returns the problem of a part that the token was refused for, or nil.
func (p *Page) refused() *model.Problem {
	for _, st := range p.s.Parts {
		if st.Problem != nil && st.Problem.Kind == model.KindAuth {
			return st.Problem
		}
	}
	return nil
}

// loggedIn reads the session again if any of it was refused before the log-in.
func (p *Page) loggedIn() tea.Cmd {
	p.asked = false
	held := p.holdOn() // who logged in may be somebody else
	if p.refused() == nil {
		return held
	}
	return tea.Batch(held, p.refresh())
}

// catchUp reads again what was not shown because the store was away: it tells of
// changes, so it is back.
func (p *Page) catchUp() tea.Cmd {
	for _, st := range p.s.Parts {
		if desk.StoreDown(st.Problem) {
			p.s = remembered(p.c, p.id)
			p.recount()
			return p.refresh()
		}
	}
	return nil
}

// outdated reports whether what is shown holds a part that came later: two
// readings may be under way, and their snapshots may overtake each other.
func outdated(s, shown *model.Session) bool {
	for part, st := range shown.Parts {
		if st.At.After(s.Parts[part].At) {
			return true
		}
	}
	return false
}

// kept is what the inbox and the notebook have on the session.
type kept struct {
	page  *Page
	asks  int // see Page.rowAsks
	row   *model.Row
	notes []model.Note
	err   error
}

// readKept reads row and notes.
func (p *Page) readKept() tea.Cmd {
	p.rowAsks++
	ctx, desk, asks := p.ctx, p.c.Desk, p.rowAsks
	return func() tea.Msg {
		k := kept{page: p, asks: asks}
		row, err := desk.Row(ctx, p.id)
		if err == nil {
			k.row = &row
		}
		notes, noteErr := desk.Notes(ctx, p.id)
		k.notes, k.err = notes, err
		if noteErr != nil {
			k.err = noteErr
		}
		return k
	}
}

// newest reports whether the answer to an asking for the row may be shown.
func (p *Page) newest(asks int) bool {
	if asks < p.rowHas {
		return false
	}
	p.rowHas = asks
	return true
}

func (p *Page) tookKept(k kept) tea.Cmd {
	if k.page != p || !p.newest(k.asks) {
		return nil
	}
	problem := model.AsProblem(k.err)
	if problem != nil && (p.ctx.Err() != nil || problem.Kind == model.KindNotFound) {
		problem = nil // a session can be opened by its id without being in the inbox
	}
	if k.row == nil {
		k.row = p.row
	}
	if reflect.DeepEqual(k.row, p.row) && reflect.DeepEqual(k.notes, p.notes) && problem == nil && p.kept == nil {
		return nil // most changes are of other sessions
	}
	p.notes, p.kept = k.notes, problem
	p.keep++
	if k.row == nil {
		p.recount()
		return nil
	}
	return p.setRow(k.row)
}
