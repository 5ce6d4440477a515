package ui

import (
	tea "charm.land/bubbletea/v2"
)

// happens reports whether a message is more than that time has passed.
func happens(msg tea.Msg) bool {
	switch msg.(type) {
	case secondMsg, factsMsg:
		return false
	}
	return true
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
