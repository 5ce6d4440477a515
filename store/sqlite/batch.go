package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"docket/audit"
	"docket/model"
	"docket/store"
)

// PlanBatch begins a bulk run.
func (s *Store) PlanBatch(ctx context.Context, b model.Batch, log []audit.Entry) error {
	b.Action.IDs = nil
	action, err := json.Marshal(b.Action)
	if err != nil {
		return fmt.Errorf("a bulk run: %w", err)
	}
	return s.change(ctx, "keep a bulk run", func(e *edit) error {
		at := store.Micros(b.At)
		err := e.exec(ctx, "insert into batch (id, by, at, last, total, action) values (?, ?, ?, ?, ?, ?)", b.ID, b.By, at, at, len(log), string(action))
		if err != nil {
			return err
		}
		size, _, err := logTx{e}.Tail()
		if err != nil {
			return err
		}
		for i, entry := range log {
			if err := e.exec(ctx, "insert into batch_left (batch, session, seq) values (?, ?, ?)", b.ID, entry.Session, size+int64(i)); err != nil {
				return err
			}
		}
		return e.log(log)
	})
}

// leaves says which events end the plan for a session.
var leaves = map[audit.Event]bool{audit.Intent: true, audit.Refused: true, audit.Undo: true}

// batched takes a session out of its bulk run when the log says what became of the
// plan. An intent is the one of the plan, or none.
func (e *edit) batched(entry *audit.Entry) error {
	switch {
	case entry.Event == audit.Stop:
		return e.exec(e.ctx, "delete from batch where id = ?", entry.Batch)
	case !leaves[entry.Event]:
		return nil
	}
	var planned, left int
	const has = "select exists (select 1 from batch_left where batch = ? and session = ?)"
	if err := e.one(e.ctx, has, []any{entry.Batch, entry.Session}, &planned); err != nil {
		return err
	}
	switch {
	case planned == 0 && entry.Event == audit.Intent:
		return fmt.Errorf("%q: %w", entry.Session, store.ErrActed)
	case planned == 0:
		return nil
	}
	if err := e.exec(e.ctx, "delete from batch_left where batch = ? and session = ?", entry.Batch, entry.Session); err != nil {
		return err
	}
	if err := e.one(e.ctx, "select exists (select 1 from batch_left where batch = ?)", []any{entry.Batch}, &left); err != nil {
		return err
	}
	if left == 0 {
		return e.exec(e.ctx, "delete from batch where id = ?", entry.Batch)
	}
	return e.exec(e.ctx, "update batch set last = ? where id = ?", store.Micros(entry.At), entry.Batch)
}

// Batches returns the bulk runs that have sessions left.
func (s *Store) Batches(ctx context.Context) (all []model.Batch, err error) {
	var b model.Batch
	var at, last int64
	var action sql.RawBytes
	const text = "select id, by, at, last, total, (select count(*) from batch_left where batch = id), action from batch order by at, id"
	err = s.reading(ctx, "bulk runs", func(c *conn) error {
		return c.each(ctx, text, nil, func() error {
			b.At, b.Last, b.Action = store.FromMicros(at), store.FromMicros(last), model.Action{}
			if err := json.Unmarshal(action, &b.Action); err != nil {
				return fmt.Errorf("%w: a bulk run: %w", store.ErrDamaged, err)
			}
			all = append(all, b)
			return nil
		}, &b.ID, &b.By, &at, &last, &b.Total, &b.Left, &action)
	})
	return all, err
}

// BatchLeft returns the entries that planned the sessions that a bulk run has left.
func (s *Store) BatchLeft(ctx context.Context, id string) (all []audit.Entry, err error) {
	var line sql.RawBytes
	const text = "select a.line from batch_left b join audit a on a.seq = b.seq where b.batch = ? order by b.seq"
	err = s.reading(ctx, "a bulk run", func(c *conn) error {
		return c.each(ctx, text, []any{id}, func() error {
			e, err := audit.Decode(line)
			all = append(all, e)
			return err
		}, &line)
	})
	return all, err
}
