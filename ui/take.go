package ui

import (
	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/inbox"
)

// taken is what came of claiming the next session.
type taken struct {
	row model.Row
	err error
}

// takeNext claims the next session that nobody has, but not the one in front. The
// key does nothing while that is under way: each time it would claim one more.
func (r *Root) takeNext() tea.Cmd {
	if r.taking {
		return nil
	}
	r.taking = true
	but := ""
	if p, ok := r.page().(named); ok {
		but = p.ID()
	}
	return func() tea.Msg {
		row, err := r.c.Desk.Next(r.c.Ctx, but)
		return taken{row, err}
	}
}

// took opens the session that was claimed. Nothing comes up under a dialog or behind
// the lock: what is typed then is meant for something else.
func (r *Root) took(msg taken) tea.Cmd {
	r.taking = false
	if msg.err != nil {
		return r.tell(common.Failed(msg.err, model.ToneWarn))
	}
	said := "You have claimed " + inbox.ShortID(msg.row.ID) + ", which has waited longest"
	if r.dialogs.Open() || r.locked {
		return r.say(said+": it is among yours", model.ToneGood)
	}
	return tea.Batch(r.say(said, model.ToneGood), r.open(common.OpenSession{ID: msg.row.ID, Instead: true}))
}
