package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/audit"
	"docket/model"
	"docket/store"
	"docket/store/internal/acts"
)

// Upsert adds rows or merges them into what is known (store.Merge).
func (s *Store) Upsert(ctx context.Context, rows ...model.Row) error {
	if len(rows) == 0 {
		return nil
	}
	return s.change(ctx, "keep sessions", again, func(e *edit) error { return acts.Upsert(e, rows) })
}

// Intend records that an action is about to be sent.
func (s *Store) Intend(ctx context.Context, p model.Pending, since time.Time, log []audit.Entry, rows ...model.Row) error {
	return s.change(ctx, "keep an intent", once, func(e *edit) error { return acts.Intend(e, p, since, log, rows) })
}

// Conclude ends a pending action.
func (s *Store) Conclude(ctx context.Context, id string, p model.Pending, at time.Time, log ...audit.Entry) error {
	return s.change(ctx, "keep an outcome", once, func(e *edit) error {
		_, err := acts.Conclude(e, id, p, at, log)
		return err
	})
}

// Claim gives a session to a person for a time.
func (s *Store) Claim(ctx context.Context, id string, c store.Claim, log ...audit.Entry) (row model.Row, err error) {
	err = s.change(ctx, "claim a session", again, func(e *edit) (err error) {
		row, err = acts.Claim(e, id, c, log)
		return err
	})
	return row, err
}

// Release ends the claim of a person.
func (s *Store) Release(ctx context.Context, id, who string, log ...audit.Entry) error {
	return s.change(ctx, "release a session", again, func(e *edit) error { return acts.Release(e, id, who, log) })
}

// Propose keeps an action until a second person confirms it.
func (s *Store) Propose(ctx context.Context, p model.Proposal, since time.Time, log []audit.Entry, row model.Row) error {
	return s.change(ctx, "keep a proposal", once, func(e *edit) error { return acts.Propose(e, p, since, log, row) })
}

// EndProposal takes a proposal away that will not be sent.
func (s *Store) EndProposal(ctx context.Context, id, ref string, log ...audit.Entry) error {
	return s.change(ctx, "end a proposal", once, func(e *edit) error { return acts.EndProposal(e, id, ref, log) })
}

// SetTags replaces the tags of a session.
func (s *Store) SetTags(ctx context.Context, id string, tags []string) error {
	return s.change(ctx, "keep tags", again, func(e *edit) error { return acts.SetTags(e, id, tags) })
}

// Forget erases everything personal of a session (store.Forgotten). What it was stays
// in the files of the database until Postgres sweeps up, and in backups.
func (s *Store) Forget(ctx context.Context, id string, log ...audit.Entry) error {
	return s.change(ctx, "forget a session", once, func(e *edit) error { return acts.Forget(e, id, log) })
}

// AddNote keeps a remark. Its ID is given here, its time when it has none.
func (s *Store) AddNote(ctx context.Context, id string, n model.Note) error {
	return s.change(ctx, "keep a note", once, func(e *edit) error {
		if _, err := e.Find(id); err != nil {
			return fmt.Errorf("%q: %w", id, err)
		}
		at := n
		if at.At.IsZero() {
			at.At = e.now
		}
		args, err := noteValues(id, at)
		if err != nil {
			return err
		}
		e.ids = append(e.ids, id)
		return e.do(insertNote, args...)
	})
}

const insertNote = "insert into note (session, by, at, text, evidence, salt) values ($1, $2, $3, $4, $5, $6)"

func noteValues(id string, n model.Note) ([]any, error) {
	seen, err := store.EncodeEvidence(n.Evidence)
	return []any{keyed(id), safe(n.By), store.Micros(n.At), safe(n.Text), safe(seen), safe(n.Salt)}, err
}

const insertFile = "insert into case_file (session, path, at) values ($1, $2, $3)"

// KeepCaseFile remembers where a case file was written.
func (s *Store) KeepCaseFile(ctx context.Context, id, path string) error {
	return s.change(ctx, "remember a case file", again, func(e *edit) error {
		if err := e.do("delete from case_file where session = $1 and path = $2", keyed(id), safe(path)); err != nil {
			return err
		}
		return e.do(insertFile, keyed(id), safe(path), store.Micros(e.now))
	})
}

// Bind says for which API the inbox is to be used.
func (s *Store) Bind(ctx context.Context, origin string) error {
	origin = store.BoundTo(origin)
	var bound string
	err := s.reading(ctx, "read the inbox", func(tx pgx.Tx) (err error) {
		bound, err = meta(ctx, tx, metaOrigin)
		return err
	})
	if err != nil || bound == origin {
		return err
	}
	return s.change(ctx, "bind the inbox to its API", again, func(e *edit) error {
		var rows int64
		if err := one(ctx, e, "select coalesce(sum(all_rows), 0)::bigint from counter", nil, &rows); err != nil {
			return err
		}
		if rows > 0 && bound != "" {
			return model.NewProblem(model.KindUsage, "This inbox holds sessions of another API ("+bound+"), not of "+origin, s.where,
				"give each API a database of its own: --store, or store in its profile")
		}
		return e.setMeta(metaOrigin, origin)
	})
}

// Recall keeps a value of the whole inbox, and logs that it is another one.
func (s *Store) Recall(ctx context.Context, name, value string, log func(was string) []audit.Entry) error {
	same := false
	err := s.reading(ctx, "what the inbox keeps", func(tx pgx.Tx) error {
		was, err := meta(ctx, tx, name)
		same = was == value
		return err
	})
	if err != nil || same {
		return err
	}
	return s.change(ctx, "keep what the inbox is to remember", again, func(e *edit) error {
		// The row is there from now on, and nobody else is at it.
		if err := e.do("insert into meta (name, value) values ($1, '') on conflict (name) do update set value = meta.value", safe(name)); err != nil {
			return err
		}
		was, err := meta(ctx, e, name)
		if err != nil || was == value { // another process was first
			return err
		}
		if err := e.Log(log(was)); err != nil {
			return err
		}
		return e.setMeta(name, value)
	})
}
