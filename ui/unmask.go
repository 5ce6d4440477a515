package ui

import (
	"math"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"docket/desk"
	"docket/model"
	"docket/ui/auditlog"
	"docket/ui/common"
	"docket/ui/dialog"
	"docket/ui/inbox"
)

// first is the page that a console begins with: the inbox, or the audit log for who has
// nothing to do with sessions.
func (r *Root) first() common.Page {
	if r.c.Desk.Policy().May(desk.MayLook) {
		return r.inbox
	}
	return auditlog.New(r.c)
}

// bare is what is revealed just now to somebody to whom values come masked.
type bare struct {
	id    string
	until time.Time // zero: nothing is
}

// left is how many seconds it stays so.
func (b bare) left(now time.Time) int {
	if b.until.IsZero() {
		return 0
	}
	return max(int(math.Ceil(b.until.Sub(now).Seconds())), 0)
}

// text says for the header what is revealed, and for how long.
func (b bare) text(now time.Time) string {
	return inbox.ShortID(b.id) + " revealed " + strconv.Itoa(b.left(now)) + "s"
}

// inField is a page with a cursor on a value that has a name.
type inField interface {
	named
	Field() string
}

// noReveal says why nothing can be revealed here; empty: it can.
func (r *Root) noReveal() string {
	if !r.c.Veiled() {
		return ""
	}
	if why := r.c.Lacks(desk.MayReveal); why != "" {
		return why
	}
	if _, ok := r.page().(named); !ok {
		return "open a session first: values are revealed one session at a time"
	}
	return ""
}

// unmask asks what is to be revealed, and what for.
func (r *Root) unmask() tea.Cmd {
	page, ok := r.page().(named)
	if !ok {
		return nil
	}
	field := ""
	if at, ok := r.page().(inField); ok {
		field = at.Field()
	}
	return r.present(dialog.NewUnmask(r.c, page.ID(), field))
}

// unmasked shows what was revealed, or hides it again.
func (r *Root) unmasked(msg common.Unmasked) tea.Cmd {
	r.bare = bare{msg.ID, msg.Until}
	if r.locked && !msg.Until.IsZero() { // it was asked for before
		return r.maskAgain()
	}
	said := tea.Cmd(nil)
	if msg.Until.IsZero() {
		said = tea.Batch(r.clear(), r.say("Masked again", model.ToneNone))
	}
	return tea.Batch(said, r.broadcast(msg))
}

// cover hides what was revealed when its time is over.
func (r *Root) cover() tea.Cmd {
	if r.bare.left(r.c.Now()) > 0 {
		return nil
	}
	return r.maskAgain()
}

// maskAgain hides what was revealed.
func (r *Root) maskAgain() tea.Cmd {
	if r.bare.until.IsZero() {
		return nil
	}
	r.c.Desk.MaskAgain()
	return r.unmasked(common.Unmasked{ID: r.bare.id})
}
