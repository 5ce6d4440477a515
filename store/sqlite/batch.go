package sqlite

import (
	"context"
	"database/sql"
	"time"

	"docket/audit"
	"docket/model"
	"docket/store"
	"docket/store/internal/acts"
)

// PlanBatch begins a bulk run.
func (s *Store) PlanBatch(ctx context.Context, b model.Batch, log []audit.Entry) error {
	b.Last, b.Total = b.At, len(log)
	return s.change(ctx, "keep a bulk run", func(e *edit) error {
		if err := e.addBatch(b); err != nil {
			return err
		}
		size, _, err := logTx{e}.Tail()
		if err != nil {
			return err
		}
		for i, entry := range log {
			if err := e.addLeft(store.BatchLeft{Batch: b.ID, Session: entry.Session, Seq: size + int64(i)}); err != nil {
				return err
			}
		}
		return e.Log(log)
	})
}

func (e *edit) addBatch(b model.Batch) error {
	action, err := acts.EncodeAction(b.Action)
	if err != nil {
		return err
	}
	return e.exec(e.ctx, "insert into batch (id, by, at, last, total, action) values (?, ?, ?, ?, ?, ?)",
		b.ID, b.By, store.Micros(b.At), store.Micros(b.Last), b.Total, action)
}

func (e *edit) addLeft(l store.BatchLeft) error {
	return e.exec(e.ctx, "insert into batch_left (batch, session, seq) values (?, ?, ?)", l.Batch, l.Session, l.Seq)
}

// EndBatch implements acts.BatchTx.
func (e *edit) EndBatch(batch string) error {
	return e.exec(e.ctx, "delete from batch where id = ?", batch)
}

// LeaveBatch implements acts.BatchTx.
func (e *edit) LeaveBatch(batch, session string, at time.Time) (planned bool, err error) {
	const has = "select exists (select 1 from batch_left where batch = ? and session = ?)"
	if err := e.one(e.ctx, has, []any{batch, session}, &planned); err != nil || !planned {
		return false, err
	}
	if err := e.exec(e.ctx, "delete from batch_left where batch = ? and session = ?", batch, session); err != nil {
		return false, err
	}
	var left bool
	if err := e.one(e.ctx, "select exists (select 1 from batch_left where batch = ?)", []any{batch}, &left); err != nil {
		return false, err
	}
	if !left {
		return true, e.EndBatch(batch)
	}
	return true, e.exec(e.ctx, "update batch set last = ? where id = ?", store.Micros(at), batch)
}

// Batches returns the bulk runs that have sessions left.
func (s *Store) Batches(ctx context.Context) (all []model.Batch, err error) {
	var b model.Batch
	var at, last int64
	var action sql.RawBytes
	const text = "select id, by, at, last, total, (select count(*) from batch_left where batch = id), action from batch order by at, id"
	err = s.reading(ctx, "bulk runs", func(c *conn) error {
		return c.each(ctx, text, nil, func() error {
			b.At, b.Last = store.FromMicros(at), store.FromMicros(last)
			b.Action, err = acts.DecodeAction(action)
			all = append(all, b)
			return err
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
