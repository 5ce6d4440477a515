package common

import (
	"maps"

	"docket/model"
)

// Drafts remembers what a person filled in for an action that was not sent in
// the end, so that nobody types a note twice. It is in memory only.
type Drafts struct{ of map[draftKey]model.Action }

type draftKey struct {
	id   string
	kind model.ActionKind
}

// Keep remembers an action on one session until it is dropped.
func (d *Drafts) Keep(a model.Action) {
	if d.of == nil {
		d.of = map[draftKey]model.Action{}
	}
	d.of[draftKey{a.ID(), a.Kind}] = a
}

// Of returns what was filled in, and false if nothing was.
func (d *Drafts) Of(id string, kind model.ActionKind) (model.Action, bool) {
	a, ok := d.of[draftKey{id, kind}]
	return a, ok
}

// Drop forgets an action of a session; without a kind, all of them.
func (d *Drafts) Drop(id string, kind model.ActionKind) {
	maps.DeleteFunc(d.of, func(k draftKey, _ model.Action) bool { return k.id == id && (kind == "" || k.kind == kind) })
}

// Clear forgets everything.
func (d *Drafts) Clear() { clear(d.of) }
