package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/audit"
	"docket/model"
	"docket/store"
	"docket/store/internal/acts"
)

// PlanBatch begins a bulk run.
func (s *Store) PlanBatch(ctx context.Context, b model.Batch, log []audit.Entry) error {
	b.Last, b.Total = b.At, len(log)
	args, err := batchValues(b)
	if err != nil {
		return err
	}
	return s.change(ctx, "keep a bulk run", once, func(e *edit) error {
		if err := (logTx{e: e}).turn(); err != nil { // the numbers of its entries are known from here on
			return err
		}
		size, _, err := logTx{e: e}.Tail()
		if err != nil {
			return err
		}
		plan := &pgx.Batch{}
		plan.Queue(insertBatch, args...)
		for i, entry := range log {
			plan.Queue(insertLeft, safe(b.ID), keyed(entry.Session), size+int64(i))
		}
		if err := e.send(plan); err != nil {
			return err
		}
		return e.Log(log)
	})
}

// Statements that write bulk runs.
const (
	insertBatch = "insert into batch (id, by, at, last, total, action) values ($1, $2, $3, $4, $5, $6)"
	insertLeft  = "insert into batch_left (batch, session, seq) values ($1, $2, $3)"
)

func batchValues(b model.Batch) ([]any, error) {
	action, err := acts.EncodeAction(b.Action)
	return []any{safe(b.ID), safe(b.By), store.Micros(b.At), store.Micros(b.Last), b.Total, safe(action)}, err
}

// EndBatch implements acts.BatchTx.
func (e *edit) EndBatch(batch string) error {
	return e.do("delete from batch where id = $1", safe(batch))
}

// LeaveBatch implements acts.BatchTx. The run is locked first, so that of two who take
// its last sessions out one sees that nothing is left.
func (e *edit) LeaveBatch(batch, session string, at time.Time) (planned bool, err error) {
	if err := e.do("select from batch where id = $1 for update", safe(batch)); err != nil {
		return false, err
	}
	done, err := e.Exec(e.ctx, "delete from batch_left where batch = $1 and session = $2", safe(batch), keyed(session))
	if err != nil || done.RowsAffected() == 0 {
		return false, err
	}
	var left bool
	if err := one(e.ctx, e, "select exists (select 1 from batch_left where batch = $1)", []any{safe(batch)}, &left); err != nil {
		return false, err
	}
	if !left {
		return true, e.EndBatch(batch)
	}
	return true, e.do("update batch set last = $1 where id = $2", store.Micros(at), safe(batch))
}

// Batches returns the bulk runs that have sessions left.
func (s *Store) Batches(ctx context.Context) (all []model.Batch, err error) {
	const text = `select id, by, at, last, total, (select count(*) from batch_left where batch = id), action from batch order by at, id collate "C"`
	err = s.reading(ctx, "bulk runs", func(tx pgx.Tx) error {
		all = nil
		var b model.Batch
		var at, last int64
		var action string
		return each(ctx, tx, text, nil, func() (err error) {
			b.ID, b.By, b.At, b.Last = plain(b.ID), plain(b.By), store.FromMicros(at), store.FromMicros(last)
			b.Action, err = acts.DecodeAction([]byte(plain(action)))
			all = append(all, b)
			return err
		}, &b.ID, &b.By, &at, &last, &b.Total, &b.Left, &action)
	})
	return all, err
}

// BatchLeft returns the entries that planned the sessions that a bulk run has left.
func (s *Store) BatchLeft(ctx context.Context, id string) (all []audit.Entry, err error) {
	const text = "select a.line from batch_left b join audit a on a.seq = b.seq where b.batch = $1 order by b.seq"
	err = s.reading(ctx, "a bulk run", func(tx pgx.Tx) error {
		all = nil
		var line []byte
		return each(ctx, tx, text, []any{safe(id)}, func() error {
			e, err := audit.Decode(line)
			all = append(all, e)
			return err
		}, &line)
	})
	return all, err
}
