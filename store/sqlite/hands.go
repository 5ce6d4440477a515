package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"docket/audit"
	"docket/model"
	"docket/store"
)

// Claim gives a session to a person for a time.
func (s *Store) Claim(ctx context.Context, id string, c store.Claim, log ...audit.Entry) (row model.Row, err error) {
	err = s.edit(ctx, "claim a session", id, func(e *edit, k kept) error {
		r, fresh, err := store.Claimed(k.row, c)
		if err != nil {
			return fmt.Errorf("%q: %w", id, err)
		}
		row = r
		if fresh {
			if err := e.log(log); err != nil {
				return err
			}
		}
		return e.replace(k, r)
	})
	return row, err
}

// Release ends the claim of a person.
func (s *Store) Release(ctx context.Context, id, who string, log ...audit.Entry) error {
	return s.edit(ctx, "release a session", id, func(e *edit, k kept) error {
		r, ok := store.Released(k.row, who)
		if !ok {
			return nil
		}
		if err := e.log(log); err != nil {
			return err
		}
		return e.replace(k, r)
	})
}

// Propose keeps an action until a second person confirms it.
func (s *Store) Propose(ctx context.Context, p model.Proposal, since time.Time, log []audit.Entry, row model.Row) error {
	return s.change(ctx, "keep a proposal", func(e *edit) error {
		if err := e.log(log); err != nil {
			return err
		}
		k, err := e.find(row.ID)
		missing := errors.Is(err, store.ErrNotFound)
		if missing {
			k.row = store.Fresh(row, e.now)
		} else if err != nil {
			return err
		}
		r, err := store.Proposed(k.row, p, since)
		switch {
		case err != nil:
			return fmt.Errorf("%q: %w", row.ID, err)
		case missing:
			return e.add(r)
		}
		return e.replace(k, r)
	})
}

// EndProposal takes a proposal away that will not be sent.
func (s *Store) EndProposal(ctx context.Context, id, ref string, log ...audit.Entry) error {
	return s.edit(ctx, "end a proposal", id, func(e *edit, k kept) error {
		if k.row.Proposal == nil || k.row.Proposal.Ref != ref {
			return fmt.Errorf("%q: %w", id, store.ErrNoProposal)
		}
		if err := e.log(log); err != nil {
			return err
		}
		r := k.row
		r.Proposal = nil
		return e.replace(k, r)
	})
}
