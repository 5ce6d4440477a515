package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"docket/ui/common"
)

// Pace implements common.Paced: that time has passed is not worth a byte.
func (secondMsg) Pace() common.Pace { return common.Unseen }

// Pace implements common.Paced: what of it has to be seen is an alarm.
func (factsMsg) Pace() common.Pace { return common.Unseen }

// soon is how long what happens by itself waits for more of it, on a still console. A
// change of the inbox brings several messages, and each would be a screen to draw.
const soon = 40 * time.Millisecond

// dueMsg says that what waited is to be drawn.
type dueMsg struct{}

// Pace implements common.Paced: it says so itself.
func (dueMsg) Pace() common.Pace { return common.Unseen }

// paced notes when a message is to be drawn.
func (r *Root) paced(msg tea.Msg) tea.Cmd {
	pace := common.AtOnce
	if p, ok := msg.(common.Paced); ok {
		pace = p.Pace()
	}
	switch {
	case pace == common.AtOnce:
		r.moved = true
	case pace == common.Soon && r.still && !r.due:
		r.due = true
		return tea.Tick(soon, func(time.Time) tea.Msg { return dueMsg{} })
	}
	return nil
}

// alarm is what has to be seen at once, whatever it is that brings it: it is drawn even
// if nothing else has happened.
type alarm struct {
	away, locked, readOnly bool
	token                  tokenLife
	api                    apiState
	short                  bool // little is left of the API's limits
	alerts                 int
	bare                   int // seconds that something stays revealed
}

type tokenLife uint8

const (
	tokenFine tokenLife = iota
	tokenShort
	tokenOver
	tokenNone
)

func (r *Root) alarm() alarm {
	f := r.facts
	return alarm{
		away: !f.away.IsZero(), locked: r.locked, readOnly: f.policy.ReadOnly, token: r.tokenLife(), api: f.api,
		short: f.free >= 0 && f.free < apiShort, alerts: len(r.holds.alerts), bare: r.bare.left(r.c.Now()),
	}
}

func (r *Root) tokenLife() tokenLife {
	t := r.facts.token
	switch left := t.Expires.Sub(r.c.Now()); {
	case !t.Present:
		return tokenNone
	case t.Expires.IsZero():
		return tokenFine
	case left <= 0:
		return tokenOver
	case left < tokenWarning:
		return tokenShort
	}
	return tokenFine
}
