// Package acts is what changes of the inbox do in a transaction, whatever database
// it is kept in. The rules for one row are in package store; here is which rows are
// looked at, what is logged with them, and what goes with a row that leaves.
package acts

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"docket/audit"
	"docket/model"
	"docket/store"
)

// Tx is a transaction of a database.
type Tx interface {
	// Now is the time of the transaction.
	Now() time.Time
	// Hold says which rows are about to be found. Where many write side by side it
	// locks those that are there, in the order of their ids.
	Hold(ids ...string) error
	// Find returns a row, or store.ErrNotFound. Nobody else changes it until the end.
	Find(id string) (model.Row, error)
	// Add keeps a row that was not found. Replace and Remove are for rows that were.
	Add(r model.Row) error
	Replace(r model.Row) error
	Remove(id string) error
	// Log adds entries to the audit log.
	Log(entries []audit.Entry) error
	// Noted reports whether a row that was found has notes.
	Noted(id string) (bool, error)
	// Erase takes out what belongs to a row that was found: notes, case files, what
	// webhooks told of its customer, and what waits in the queue and names one of them
	// (store.Naming).
	Erase(r model.Row) (store.Erased, error)
	// GuestLeft returns when the last guest left; the zero time if none did.
	// GuestLeaves keeps a time that is later.
	GuestLeft() (time.Time, error)
	GuestLeaves(at time.Time) error
}

// Upsert adds rows or merges them into what is known of them.
func Upsert(tx Tx, rows []model.Row) error {
	if err := hold(tx, rows); err != nil {
		return err
	}
	for _, r := range rows {
		if err := upsert(tx, r); err != nil {
			return err
		}
	}
	return nil
}

func upsert(tx Tx, r model.Row) error {
	if r.ID == "" {
		return model.NewProblem(model.KindUsage, "A session without an interview id cannot be kept", "", "give its id")
	}
	old, err := tx.Find(r.ID)
	if errors.Is(err, store.ErrNotFound) {
		return tx.Add(store.Fresh(r, tx.Now()))
	}
	if err != nil {
		return err
	}
	if merged, changed := store.Merge(old, r, tx.Now()); changed {
		return tx.Replace(merged)
	}
	return nil
}

func hold(tx Tx, rows []model.Row) error {
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	return tx.Hold(ids...)
}

// find returns a row that must be there.
func find(tx Tx, id string) (model.Row, error) {
	r, err := tx.Find(id)
	if err != nil {
		return r, named(id, err)
	}
	return r, nil
}

func named(id string, err error) error { return fmt.Errorf("%q: %w", id, err) }

// Intend records that an action is about to be sent.
func Intend(tx Tx, p model.Pending, since time.Time, log []audit.Entry, rows []model.Row) error {
	if err := tx.Log(log); err != nil {
		return err
	}
	if err := hold(tx, rows); err != nil {
		return err
	}
	for _, r := range rows {
		if err := intend(tx, p, since, r); err != nil {
			return named(r.ID, err)
		}
	}
	return nil
}

func intend(tx Tx, p model.Pending, since time.Time, r model.Row) error {
	known, err := tx.Find(r.ID)
	missing := errors.Is(err, store.ErrNotFound)
	switch {
	case missing && p.Confirms != "":
		return store.ErrNoProposal
	case missing:
		if left, err := tx.GuestLeft(); err != nil || left.After(since) {
			return cmp.Or(err, store.ErrActed)
		}
		p.Guest = true
		r.Pending = &p
		return tx.Add(store.Fresh(r, tx.Now()))
	case err != nil:
		return err
	}
	intended, err := store.Intended(known, p, since)
	if err != nil {
		return err
	}
	return tx.Replace(intended)
}

// Conclude ends a pending action, and reports whether the row left: it was a guest.
func Conclude(tx Tx, id string, p model.Pending, at time.Time, log []audit.Entry) (left bool, err error) {
	if err := tx.Log(log); err != nil {
		return false, err
	}
	known, err := tx.Find(id)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r, ok := store.Concluded(known, p, at)
	if !ok {
		return false, nil
	}
	if known.Pending.Guest && len(r.Tags) == 0 {
		noted, err := tx.Noted(id)
		if err != nil {
			return false, err
		}
		switch {
		case !noted && p.Unsent:
			return true, tx.Remove(id) // it leaves no trace: nothing was done
		case !noted:
			return true, leave(tx, id, at)
		}
	}
	return false, tx.Replace(r)
}

// leave takes a guest out and remembers when.
func leave(tx Tx, id string, at time.Time) error {
	if err := tx.GuestLeaves(at); err != nil {
		return err
	}
	return tx.Remove(id)
}

// Claim gives a session to a person for a time and returns its row then.
func Claim(tx Tx, id string, c store.Claim, log []audit.Entry) (model.Row, error) {
	known, err := find(tx, id)
	if err != nil {
		return known, err
	}
	r, fresh, err := store.Claimed(known, c)
	if err != nil {
		return known, named(id, err)
	}
	if fresh {
		if err := tx.Log(log); err != nil {
			return known, err
		}
	}
	return r, tx.Replace(r)
}

// Release ends the claim of a person.
func Release(tx Tx, id, who string, log []audit.Entry) error {
	known, err := find(tx, id)
	if err != nil {
		return err
	}
	r, ok := store.Released(known, who)
	if !ok {
		return nil
	}
	if err := tx.Log(log); err != nil {
		return err
	}
	return tx.Replace(r)
}

// Propose keeps an action until a second person confirms it.
func Propose(tx Tx, p model.Proposal, since time.Time, log []audit.Entry, row model.Row) error {
	if err := tx.Log(log); err != nil {
		return err
	}
	known, err := tx.Find(row.ID)
	missing := errors.Is(err, store.ErrNotFound)
	if missing {
		known = store.Fresh(row, tx.Now())
	} else if err != nil {
		return err
	}
	r, err := store.Proposed(known, p, since)
	switch {
	case err != nil:
		return named(row.ID, err)
	case missing:
		return tx.Add(r)
	}
	return tx.Replace(r)
}

// EndProposal takes a proposal away that will not be sent.
func EndProposal(tx Tx, id, ref string, log []audit.Entry) error {
	r, err := find(tx, id)
	if err != nil {
		return err
	}
	if r.Proposal == nil || r.Proposal.Ref != ref {
		return named(id, store.ErrNoProposal)
	}
	if err := tx.Log(log); err != nil {
		return err
	}
	r.Proposal = nil
	return tx.Replace(r)
}

// SetTags replaces the tags of a session.
func SetTags(tx Tx, id string, tags []string) error {
	r, err := find(tx, id)
	if err != nil {
		return err
	}
	r.Tags = store.Tags(tags)
	return tx.Replace(r)
}

// Forget erases everything personal of a session (store.Forgotten).
func Forget(tx Tx, id string, log []audit.Entry) error {
	r, err := find(tx, id)
	if err != nil {
		return err
	}
	erased, err := tx.Erase(r)
	if err != nil {
		return err
	}
	entries := slices.Clone(log)
	for i := range entries {
		entries[i].Detail = strings.TrimSuffix(erased.String()+", "+entries[i].Detail, ", ")
	}
	if err := tx.Log(entries); err != nil {
		return err
	}
	return tx.Replace(store.Forgotten(r, tx.Now()))
}
