package session

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/dialog"
	"docket/ui/keymap"
)

// lease is the renewing of this person's claim while the page is open. Every renewal
// has a number: one of a claim that was lost meanwhile is dropped.
type lease struct {
	on     bool
	n      int
	locked bool // nobody is there to hold it for
}

type (
	// leaseDue says that a claim has to be renewed.
	leaseDue struct {
		page *Page
		n    int
	}
	// renewed is what became of it.
	renewed struct {
		page *Page
		n    int
		asks int // see rowAsks
		row  model.Row
		err  error
	}
)

// holder returns who else has claimed the session; empty: nobody else.
func (p *Page) holder() string {
	if p.row == nil {
		return ""
	}
	return p.row.HeldBy(p.c.Desk.Me().Identity, p.c.Now())
}

// mine reports whether this person has claimed the session.
func (p *Page) mine() bool {
	return p.row != nil && p.row.In(model.ViewMine, p.c.Desk.Me().Identity, p.c.Now())
}

// claim claims the session, gives it back, or asks whether to take it over.
func (p *Page) claim(string) tea.Cmd {
	if p.row == nil {
		return dialog.Claim(p.c, model.Row{ID: p.id})
	}
	return dialog.Claim(p.c, *p.row)
}

func (p *Page) noClaim() string { return dialog.ClaimOff(p.c) }

// setRow shows what the inbox has of the session now. It says so when somebody else
// has taken it, and reads again what somebody else's action may have changed.
func (p *Page) setRow(row *model.Row) tea.Cmd {
	old := p.row
	p.row = row
	p.recount()
	cmds := []tea.Cmd{p.holdOn()}
	if old == nil {
		return cmds[0]
	}
	if other := p.holder(); other != "" && old.ClaimedBy == p.c.Desk.Me().Identity {
		cmds = append(cmds, common.Send(common.Toast{Text: other + " has taken this session over: it is not yours any more", Tone: model.ToneBad}))
	}
	if row.ActedAt.After(old.ActedAt) && p.sending == nil {
		cmds = append(cmds, p.refresh(model.PartStatus, model.PartScore))
	}
	return tea.Batch(cmds...)
}

// holdOn has this person's claim renewed, from when a third of its time is over.
func (p *Page) holdOn() tea.Cmd {
	if !p.mine() || p.lease.locked {
		p.lease.on = false
		return nil
	}
	if p.lease.on {
		return nil
	}
	p.lease.on = true
	p.lease.n++
	return p.renewIn(p.row.ClaimedUntil.Sub(p.c.Now()) - 2*p.third())
}

// third is how often a claim is renewed.
func (p *Page) third() time.Duration { return p.c.Desk.Policy().Lease / 3 }

func (p *Page) renewIn(d time.Duration) tea.Cmd {
	due := leaseDue{p, p.lease.n}
	return tea.Tick(max(d, 0), func(time.Time) tea.Msg { return due })
}

// updateLease takes what belongs to the renewing of a claim.
func (p *Page) updateLease(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case leaseDue:
		return p.renew(msg)
	case renewed:
		return p.tookRenewed(msg)
	case common.Locking:
		p.lease.locked, p.lease.on = msg.On, false
		if !msg.On {
			return p.readKept()
		}
	}
	return nil
}

func (p *Page) renew(msg leaseDue) tea.Cmd {
	if msg.page != p || msg.n != p.lease.n || !p.lease.on || p.ctx.Err() != nil {
		return nil
	}
	if !p.mine() {
		p.lease.on = false
		return nil
	}
	p.rowAsks++
	ctx, desk, id, asks := p.ctx, p.c.Desk, p.id, p.rowAsks
	return func() tea.Msg {
		row, err := desk.Renew(ctx, id)
		return renewed{p, msg.n, asks, row, err}
	}
}

func (p *Page) tookRenewed(msg renewed) tea.Cmd {
	if msg.page != p || msg.n != p.lease.n || !p.lease.on || p.ctx.Err() != nil {
		return nil
	}
	var cmd tea.Cmd
	switch {
	case msg.row.ID == "" && msg.err != nil:
		cmd = common.Send(common.Failed(msg.err, model.ToneWarn))
	case p.newest(msg.asks):
		cmd = p.setRow(&msg.row)
	}
	if !p.lease.on {
		return cmd
	}
	return tea.Batch(cmd, p.renewIn(p.third()))
}

// State implements common.Stated: who has the session, and what waits for a second
// person.
func (p *Page) State() []common.State {
	var all []common.State
	if p.proposal() != nil {
		all = append(all, common.State{Text: p.proposed(), Tone: model.ToneHuman})
	}
	switch {
	case p.mine() && p.c.Still:
		all = append(all, common.State{Text: "claimed by you", Tone: model.ToneGood})
	case p.mine():
		all = append(all, common.State{Text: "claimed by you " + countdown(p.row.ClaimedUntil.Sub(p.c.Now())) + " left", Tone: model.ToneGood})
	case p.holder() != "":
		all = append(all, common.State{Text: p.claimedBy(), Tone: model.ToneWarn})
	}
	return all
}

// claimedBy says who else has the session.
func (p *Page) claimedBy() string {
	return "claimed by " + p.holder() + " since " + p.c.When(p.row.ClaimedAt)
}

// step is how often the time that is left of a claim changes on the screen.
const step = 10 * time.Second

func countdown(left time.Duration) string {
	left = left.Truncate(step)
	return fmt.Sprintf("%d:%02d", int(left/time.Minute), int(left%time.Minute/time.Second))
}

// proposal returns what waits for a second person; nil: nothing does.
func (p *Page) proposal() *model.Proposal {
	if p.row == nil {
		return nil
	}
	return p.row.Proposal
}

// proposed says what waits for a second person, and what to do about it.
func (p *Page) proposed() string {
	w := p.row.Proposal
	by, key, does := w.By, p.c.Keys.Get(keymap.Confirm).FirstKey(), " confirms"
	if by == p.c.Desk.Me().Identity {
		by, does = "you", " takes it back"
	}
	return string(w.Action.Kind) + " proposed by " + by + " " + p.c.When(w.At) + ", " + key + does
}

// taken says why somebody else has to be waited for; empty: nobody.
func (p *Page) taken() string {
	switch {
	case p.holder() != "":
		return p.claimedBy() + ": " + p.c.Keys.Get(keymap.Claim).FirstKey() + " takes it over"
	case p.proposal() != nil:
		return p.proposed()
	}
	return ""
}

// confirm opens the dialog of what waits for a second person.
func (p *Page) confirm(string) tea.Cmd {
	return p.c.Present(dialog.NewSecond(p.c, p.s, *p.row.Proposal))
}

// noConfirm says why there is nothing to confirm now.
func (p *Page) noConfirm() string {
	w := p.proposal()
	switch {
	case w == nil:
		return "nothing waits for a second person on this session"
	case p.early() != "":
		return p.early()
	case p.sending != nil:
		return string(p.doing) + " is on its way for this session"
	case w.By != p.c.Desk.Me().Identity && p.holder() != "":
		return p.taken()
	}
	return ""
}
