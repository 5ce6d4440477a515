package inbox

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
)

// load is a kind of reading.
type load uint8

const (
	loadStart  load = iota // from the beginning
	loadEnd                // the last rows
	loadAfter              // one chunk more, behind
	loadBefore             // one chunk more, in front
	loadAgain              // the rows in memory, because some changed
)

type loadedMsg struct {
	gen    int
	kind   load
	chunks []model.Page
	err    error
}

// Pace implements common.Paced: what somebody has asked for comes at once.
func (m loadedMsg) Pace() common.Pace {
	if m.kind == loadAgain {
		return common.Soon
	}
	return common.AtOnce
}

type countsMsg struct {
	counts model.Counts
	err    error
}

// Pace implements common.Paced.
func (countsMsg) Pace() common.Pace { return common.Soon }

// read starts a reading. Only one is under way at a time.
func (p *Page) read(kind load) tea.Cmd {
	ctx, stop := context.WithCancel(p.c.Ctx)
	p.busy, p.stop = true, stop
	q, gen := p.query, p.gen
	q.Limit = chunkRows
	var first *model.Cursor
	rows := len(p.win.rows)
	switch kind {
	case loadEnd:
		q.Last = true
	case loadAfter:
		q.After = p.win.last()
	case loadBefore:
		q.Before = p.win.first()
	case loadAgain:
		if p.win.less {
			first = p.win.first()
		}
	}
	return func() tea.Msg {
		defer stop()
		if kind == loadAgain {
			chunks, err := reread(ctx, p.c.Desk, q, first, rows)
			return loadedMsg{gen, kind, chunks, err}
		}
		page, err := p.c.Desk.List(ctx, q)
		return loadedMsg{gen, kind, []model.Page{page}, err}
	}
}

// jump drops what is under way and reads from one end.
func (p *Page) jump(kind load) tea.Cmd {
	p.gen++
	if p.stop != nil {
		p.stop()
	}
	p.stale, p.owed, p.ahead = false, 0, nil
	return p.read(kind)
}

// reload reads the query from its beginning; what is shown stays until then.
func (p *Page) reload() tea.Cmd { return p.jump(loadStart) }

// restart is reload for a query that changed.
func (p *Page) restart() tea.Cmd {
	p.at, p.top = 0, 0
	cmd := p.reload()
	gen := p.gen
	return tea.Batch(cmd, tea.Tick(patience, func(time.Time) tea.Msg { return lateMsg{gen} }))
}

// patience is how long rows of the query before stay: long enough that a list which
// comes at once does not flicker, too short to take them for those that were asked for.
const patience = 500 * time.Millisecond

// lateMsg says that the rows of a query should have come.
type lateMsg struct{ gen int }

// late takes the rows of another query away when those that were asked for do not come.
func (p *Page) late(msg lateMsg) tea.Cmd {
	if msg.gen == p.gen && p.shown != p.gen {
		p.win, p.at, p.top = window{}, 0, 0
		p.lines.renew(nil)
	}
	return nil
}

// refresh reads what is in memory again, and the counts.
func (p *Page) refresh() tea.Cmd {
	p.stale = true
	return tea.Batch(p.readOn(), p.readCounts())
}

// readOn starts whatever reading is due.
func (p *Page) readOn() tea.Cmd {
	switch {
	case p.busy:
		return nil
	case p.problem != nil && !p.stale:
		return nil
	case len(p.win.rows) == 0 && p.stale:
		p.stale = false
		return p.read(loadStart)
	case p.win.more && p.at >= len(p.win.rows)-margin:
		return p.read(loadAfter)
	case p.win.less && p.at < margin:
		return p.read(loadBefore)
	case p.stale:
		p.stale = false
		return p.read(loadAgain)
	}
	return nil
}

// loaded puts rows that came into the window. The cursor stays on its session.
func (p *Page) loaded(msg loadedMsg) tea.Cmd {
	if msg.gen != p.gen {
		return nil
	}
	p.busy, p.shown = false, p.gen
	if msg.err != nil {
		return p.failed(msg)
	}
	p.problem = nil
	id := ""
	if r := p.Selected(); r != nil && msg.kind == loadAgain {
		id = r.ID
	}
	p.put(msg)
	if i := p.win.find(id); i >= 0 {
		p.top += i - p.at
		p.at = i
	} else if id != "" && p.at < len(p.win.rows) {
		p.gone = id
	}
	p.keepInSight()
	p.lines.renew(p.win.rows)
	if cmd := p.elsewhere(); cmd != nil {
		return cmd
	}
	return tea.Batch(p.goOn(msg.kind), p.catchUp())
}

// goOn reads what the rows that came leave to be read.
func (p *Page) goOn(kind load) tea.Cmd {
	switch {
	case p.owed != 0:
		return p.move(0)
	case kind == loadAfter || kind == loadBefore:
		return p.readOn()
	}
	return tea.Batch(p.readOn(), p.resting())
}

// failed keeps rows that are still those of the query, and says what happened. What
// changed since it was asked for is read all the same: the store may be back.
func (p *Page) failed(msg loadedMsg) tea.Cmd {
	if errors.Is(msg.err, context.Canceled) {
		return nil
	}
	p.problem, p.ahead = model.AsProblem(msg.err), nil
	if msg.kind == loadStart {
		p.win = window{}
	}
	return p.readOn()
}

func (p *Page) put(msg loadedMsg) {
	switch msg.kind {
	case loadStart:
		p.win.set(msg.chunks, 0)
	case loadEnd:
		p.win.set(msg.chunks, p.beforeEnd(len(msg.chunks[0].Rows)))
		p.at = len(p.win.rows) - 1
	case loadAgain:
		p.win.set(msg.chunks, p.win.base)
	case loadAfter:
		n := p.win.after(msg.chunks[0])
		p.at -= n
		p.top -= n
	case loadBefore:
		n := p.win.before(msg.chunks[0])
		p.at += n
		p.top += n
	}
}

// beforeEnd returns how many rows are before the last n, or -1 when nobody has
// counted them.
func (p *Page) beforeEnd(n int) int64 {
	if p.query.Filtered() || p.counts == nil {
		return -1
	}
	return max(p.counts[p.query.View]-int64(n), 0)
}

// elsewhere goes to the view of everything when the inbox was opened and
// nothing waits for a person.
func (p *Page) elsewhere() tea.Cmd {
	if p.opened || p.query.View != model.ViewReview {
		p.opened = true
		return nil
	}
	p.opened = true
	if len(p.win.rows) > 0 || p.query.Filtered() {
		return nil
	}
	p.query.View = model.ViewAll
	ahead := p.ahead
	cmd := p.restart()
	p.ahead = ahead // typed before anything was shown: meant for whatever comes
	return cmd
}

func (p *Page) readCounts() tea.Cmd {
	return func() tea.Msg {
		counts, err := p.c.Desk.Counts(p.c.Ctx)
		return countsMsg{counts, err}
	}
}

func (p *Page) counted(msg countsMsg) tea.Cmd {
	if msg.err != nil {
		return nil
	}
	p.counts = msg.counts
	return common.Send(common.Waiting{N: msg.counts[model.ViewReview]})
}

// calm is how long one waits after a change for further ones. Of many people at one
// docket each has another moment to read again: all at once would keep the keys of all
// waiting. Everything is seen within a second.
func (p *Page) calm() time.Duration {
	const least, spread = 120 * time.Millisecond, 700 * time.Millisecond
	if !p.c.Remote {
		return least
	}
	return least + rand.N(spread)
}

// listen waits for the next change and a moment more, so that many changes are
// read once.
func (p *Page) listen() tea.Cmd {
	watch := p.watch
	return func() tea.Msg {
		if _, open := <-watch; !open {
			return common.Changed{Ended: true}
		}
		t := time.NewTimer(p.calm())
		defer t.Stop()
		select {
		case <-t.C:
		case <-p.c.Ctx.Done():
		}
		if !p.c.Desk.Away().IsZero() {
			return common.Away{}
		}
		return common.Changed{}
	}
}

func (p *Page) changed(msg common.Changed) tea.Cmd {
	if msg.Ended {
		return nil
	}
	return tea.Batch(p.refresh(), p.listen())
}
