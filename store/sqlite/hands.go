package sqlite

import (
	"context"
	"time"

	"docket/audit"
	"docket/model"
	"docket/store"
	"docket/store/internal/acts"
)

// Claim gives a session to a person for a time.
func (s *Store) Claim(ctx context.Context, id string, c store.Claim, log ...audit.Entry) (row model.Row, err error) {
	err = s.change(ctx, "claim a session", func(e *edit) (err error) {
		row, err = acts.Claim(e, id, c, log)
		return err
	})
	return row, err
}

// Release ends the claim of a person.
func (s *Store) Release(ctx context.Context, id, who string, log ...audit.Entry) error {
	return s.change(ctx, "release a session", func(e *edit) error { return acts.Release(e, id, who, log) })
}

// Propose keeps an action until a second person confirms it.
func (s *Store) Propose(ctx context.Context, p model.Proposal, since time.Time, log []audit.Entry, row model.Row) error {
	return s.change(ctx, "keep a proposal", func(e *edit) error { return acts.Propose(e, p, since, log, row) })
}

// EndProposal takes a proposal away that will not be sent.
func (s *Store) EndProposal(ctx context.Context, id, ref string, log ...audit.Entry) error {
	return s.change(ctx, "end a proposal", func(e *edit) error { return acts.EndProposal(e, id, ref, log) })
}
