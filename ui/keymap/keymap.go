// Package keymap is the registry of everything a person can do in the console.
// An action is declared once, in Defaults; the keys that work, the footer, the
// help, the palette, the reason why it is off and the documentation are made
// from that declaration.
package keymap

import (
	"fmt"
	"slices"
	"strings"
)

// ID names an action. Configuration files use it to rebind keys.
type ID string

// Scope is where an action can be used.
type Scope uint16

// The scopes; an action may be in several.
const (
	InInbox Scope = 1 << iota
	InSession
	InRaw
	InActivity
	InImages
	InCompare
	InStats
	InBulk
	Lists      = InInbox | InSession | InRaw | InActivity
	Everywhere = Lists | InImages | InCompare | InStats | InBulk
)

// Group puts actions under a heading in help and documentation.
type Group string

// The groups, in the order of help.
const (
	Move    Group = "Move"
	Find    Group = "Find"
	Decide  Group = "Decide"
	Rare    Group = "Rare"
	Many    Group = "Many at once"
	Look    Group = "Look"
	Keep    Group = "Keep"
	Console Group = "Console"
)

// groups in the order of help.
var groups = [...]Group{Move, Find, Decide, Rare, Many, Look, Keep, Console}

// Action is one thing a person can do.
type Action struct {
	ID    ID
	Keys  []string // as bubbletea names them; empty: palette only
	Short string   // one or two words, for the footer
	Help  string   // a sentence without a full stop, for help and palette
	Group Group
	Scope Scope
	Foot  int // place in the footer, smallest first; 0: not there
}

// Map is the registry of one console.
type Map struct {
	actions []Action
	byKey   map[string][]int
	byID    map[ID]int
	scopes  map[Scope][]Action // of every page: it is asked for with every key
}

// New returns the registry with some keys rebound. The error names an unknown
// action, or a key that two actions of one scope would share.
func New(rebind map[string][]string) (*Map, error) {
	m := &Map{actions: Defaults(), byKey: map[string][]int{}, byID: map[ID]int{}}
	for i, a := range m.actions {
		m.byID[a.ID] = i
	}
	for name, keys := range rebind {
		i, ok := m.byID[ID(name)]
		if !ok {
			return nil, fmt.Errorf("keys: no action is called %q: see the names in help (?)", name)
		}
		m.actions[i].Keys = keys
	}
	for i, a := range m.actions {
		for _, k := range a.Keys {
			for _, j := range m.byKey[k] {
				if m.actions[j].Scope&a.Scope != 0 {
					return nil, fmt.Errorf("keys: %q is bound to both %s and %s: give one of them another key", k, m.actions[j].ID, a.ID)
				}
			}
			m.byKey[k] = append(m.byKey[k], i)
		}
	}
	m.scopes = map[Scope][]Action{}
	for in := InInbox; in&Everywhere != 0; in <<= 1 {
		m.scopes[in] = m.in(in)
	}
	return m, nil
}

// Match returns the action that a key stands for in a scope.
func (m *Map) Match(key string, in Scope) (Action, bool) {
	for _, i := range m.byKey[key] {
		if m.actions[i].Scope&in != 0 {
			return m.actions[i], true
		}
	}
	return Action{}, false
}

// Get returns an action by its name.
func (m *Map) Get(id ID) Action {
	if i, ok := m.byID[id]; ok {
		return m.actions[i]
	}
	return Action{ID: id}
}

// In returns the actions of a scope in the order of their declaration.
func (m *Map) In(in Scope) []Action {
	if all, ok := m.scopes[in]; ok {
		return slices.Clone(all)
	}
	return m.in(in)
}

func (m *Map) in(in Scope) []Action {
	all := slices.DeleteFunc(slices.Clone(m.actions), func(a Action) bool { return a.Scope&in == 0 })
	for i, a := range all {
		if foot, ok := feet[in][a.ID]; ok {
			all[i].Foot = foot
		}
	}
	return all
}

// KeyText writes the keys of an action for people: "j/↓".
// A run of digits is written as one: "1…9".
func (a Action) KeyText() string {
	if n := len(a.Keys); n > 3 && a.Keys[0] == "1" {
		return a.Keys[0] + "…" + a.Keys[n-1]
	}
	names := make([]string, len(a.Keys))
	for i, k := range a.Keys {
		if n, ok := keyNames[k]; ok {
			k = n
		}
		names[i] = k
	}
	return strings.Join(names, "/")
}

var keyNames = map[string]string{"up": "↑", "down": "↓", "left": "←", "right": "→", "pgup": "PgUp", "pgdown": "PgDn", "shift+tab": "⇧tab"}

// FirstKey writes the first key of an action for people.
func (a Action) FirstKey() string {
	if len(a.Keys) == 0 {
		return ""
	}
	return Action{Keys: a.Keys[:1]}.KeyText()
}
