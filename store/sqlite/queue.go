package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"docket/model"
	"docket/store"
	"docket/store/internal/acts"
)

var _ store.Inbox = (*Store)(nil)

// Accept keeps a webhook, durably when it returns.
func (s *Store) Accept(ctx context.Context, d store.Delivery) error {
	return s.accepting.Accept(ctx, d)
}

func (s *Store) keepDeliveries(ctx context.Context, all []store.Delivery) error {
	return s.changeNow(ctx, "keep a webhook", func(e *edit) error {
		for _, d := range all {
			if err := e.KeepDelivery(d); err != nil {
				return err
			}
		}
		return nil
	})
}

// KeepDelivery implements acts.QueueTx.
func (e *edit) KeepDelivery(d store.Delivery) error {
	return e.exec(e.ctx, "insert into delivery (at, body) values (?, ?)", store.Micros(d.At), d.Body)
}

// EndDelivery implements acts.QueueTx.
func (e *edit) EndDelivery(seq int64) error {
	return e.exec(e.ctx, "delete from delivery where seq = ?", seq)
}

// metaLast is under what name the arrival of the last webhook that was placed is kept.
const metaLast = "last webhook"

// Place takes the oldest deliveries and does with them what fn says.
func (s *Store) Place(ctx context.Context, n int, fn func([]store.Delivery) store.Placed) (count int, err error) {
	var some bool
	err = s.reading(ctx, "webhooks", func(c *conn) error {
		return c.one(ctx, "select exists (select 1 from delivery)", nil, &some)
	})
	if err != nil || !some {
		return 0, err // nothing is written while there is nothing to do
	}
	err = s.changeLightly(ctx, "place webhooks", func(e *edit) (err error) {
		count, err = acts.Place(e, n, fn)
		return err
	})
	return count, err
}

// Arrived implements acts.QueueTx.
func (e *edit) Arrived(at time.Time) error {
	var d store.Depth
	if err := e.placedLast(e.ctx, &d); err != nil || !at.After(d.Last) {
		return err
	}
	return e.setMeta(metaLast, strconv.FormatInt(store.Micros(at), 10))
}

// Deliveries implements acts.QueueTx.
func (e *edit) Deliveries(n int) (all []store.Delivery, err error) {
	var d store.Delivery
	var at int64
	err = e.each(e.ctx, "select seq, at, body from delivery order by seq limit ?", []any{n}, func() error {
		d.At = store.FromMicros(at)
		all = append(all, d)
		d.Body = nil // the next is scanned into memory of its own
		return nil
	}, &d.Seq, &at, &d.Body)
	return all, err
}

// KeepResults implements acts.QueueTx.
func (e *edit) KeepResults(results []store.Result) error {
	for _, r := range results {
		err := e.exec(e.ctx, "insert into result (kind, id, customer, outcome, detail, at) values (?, ?, ?, ?, ?, ?) on conflict do nothing",
			r.Kind, r.ID, r.Customer, r.Outcome, r.Detail, store.Micros(r.At))
		if err != nil {
			return err
		}
	}
	return nil
}

const jobColumns = "kind, key, due, aside, tries, version, reason, body"

// jobs reads the jobs that a condition chooses.
func (c *conn) jobs(ctx context.Context, where string, args ...any) (all []store.Job, err error) {
	var j store.Job
	var due int64
	err = c.each(ctx, "select "+jobColumns+" from job where "+where, args, func() error {
		j.Due = store.FromMicros(due)
		all = append(all, j)
		j.Body = nil // as with deliveries
		return nil
	}, &j.Kind, &j.Key, &due, &j.Aside, &j.Tries, &j.Version, &j.Reason, &j.Body)
	return all, err
}

// HoldJobs implements acts.QueueTx; see Hold.
func (*edit) HoldJobs([]store.Job) error { return nil }

// Job implements acts.QueueTx.
func (e *edit) Job(kind store.JobKind, key string) (store.Job, bool, error) {
	all, err := e.jobs(e.ctx, "kind = ? and key = ?", kind, key)
	if err != nil || len(all) == 0 {
		return store.Job{}, false, err
	}
	return all[0], true, nil
}

// WriteJob implements acts.QueueTx.
func (e *edit) WriteJob(j store.Job) error {
	return e.exec(e.ctx, "insert into job ("+jobColumns+") values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (kind, key) do update set "+
		"due = excluded.due, aside = excluded.aside, tries = excluded.tries, version = excluded.version, reason = excluded.reason, body = excluded.body",
		j.Kind, j.Key, store.Micros(j.Due), j.Aside, j.Tries, j.Version, j.Reason, append([]byte{}, j.Body...))
}

// EndJob implements acts.QueueTx.
func (e *edit) EndJob(kind store.JobKind, key string) error {
	return e.exec(e.ctx, "delete from job where kind = ? and key = ?", kind, key)
}

// AddJobs adds jobs, or makes them due again.
func (s *Store) AddJobs(ctx context.Context, jobs ...store.Job) error {
	return s.change(ctx, "plan jobs", func(e *edit) error { return acts.AddJobs(e, jobs) })
}

// TakeJobs returns jobs that are due.
func (s *Store) TakeJobs(ctx context.Context, kind store.JobKind, n int, now, until time.Time) (all []store.Job, err error) {
	var due bool
	err = s.reading(ctx, "jobs", func(c *conn) error {
		return c.one(ctx, "select exists (select 1 from job where kind = ? and aside = 0 and due <= ?)", []any{kind, store.Micros(now)}, &due)
	})
	if err != nil || !due {
		return nil, err // nothing is written while there is nothing to do
	}
	err = s.changeLightly(ctx, "take jobs", func(e *edit) error {
		all, err = e.jobs(ctx, "kind = ? and aside = 0 and due <= ? order by due limit ?", kind, store.Micros(now), n)
		if err != nil {
			return err
		}
		for i := range all {
			all[i].Due = until
			if err := e.exec(ctx, "update job set due = ? where kind = ? and key = ?", store.Micros(until), kind, all[i].Key); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// settling is how it is written what a job came to.
func (s *Store) settling(j store.Job) func(context.Context, string, func(*edit) error) error {
	if j.Kind.Reads() {
		return s.changeLightly
	}
	return s.change
}

// Settle ends a job and keeps what it brought.
func (s *Store) Settle(ctx context.Context, j store.Job, row model.Row, effects func(old, now model.Row) store.Effects) error {
	return s.settling(j)(ctx, "keep what a job brought", func(e *edit) error { return acts.Settle(e, j, row, effects) })
}

// PutOff keeps what a try came to.
func (s *Store) PutOff(ctx context.Context, j store.Job, row model.Row) error {
	return s.settling(j)(ctx, "put a job off", func(e *edit) error { return acts.PutOff(e, j, row) })
}

// Aside returns the jobs that wait for a person.
func (s *Store) Aside(ctx context.Context, limit int) (all []store.Job, err error) {
	err = s.reading(ctx, "what was set aside", func(c *conn) error {
		all, err = c.jobs(ctx, "aside = 1 order by due, kind, key limit ?", limit)
		return err
	})
	return all, err
}

// JobsAside implements acts.QueueTx.
func (e *edit) JobsAside(keys []string) ([]store.Job, error) {
	if len(keys) == 0 {
		return e.jobs(e.ctx, "aside = 1")
	}
	args := make([]any, len(keys))
	for i, k := range keys {
		args[i] = k
	}
	return e.jobs(e.ctx, "aside = 1 and key in (?"+strings.Repeat(", ?", len(keys)-1)+")", args...)
}

// Retry makes jobs that were set aside due again.
func (s *Store) Retry(ctx context.Context, now time.Time, keys ...string) (n int, err error) {
	err = s.change(ctx, "try again", func(e *edit) (err error) {
		n, err = acts.Retry(e, now, keys)
		return err
	})
	return n, err
}

// Drop ends jobs that were set aside.
func (s *Store) Drop(ctx context.Context, keys ...string) (n int, err error) {
	err = s.change(ctx, "drop jobs", func(e *edit) (err error) {
		n, err = acts.Drop(e, keys)
		return err
	})
	return n, err
}

// Depth returns how much waits.
func (s *Store) Depth(ctx context.Context, now time.Time) (store.Depth, error) {
	d := store.Depth{Due: map[store.JobKind]int64{}, Later: map[store.JobKind]int64{}}
	err := s.reading(ctx, "the queue", func(c *conn) error {
		var oldest, last int64
		err := c.one(ctx, "select count(*), coalesce(min(at), 0), coalesce(max(at), 0) from delivery", nil, &d.Deliveries, &oldest, &last)
		if err != nil {
			return err
		}
		if d.Deliveries > 0 {
			d.Oldest, d.Last = store.FromMicros(oldest), store.FromMicros(last)
		}
		if err := c.placedLast(ctx, &d); err != nil {
			return err
		}
		return c.jobsByKind(ctx, &d, now)
	})
	return d, err
}

// placedLast takes into account when the last webhook was placed.
func (c *conn) placedLast(ctx context.Context, d *store.Depth) error {
	text, err := c.meta(ctx, metaLast)
	if err != nil || text == "" {
		return err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return fmt.Errorf("%w: when the last webhook came", store.ErrDamaged)
	}
	if t := store.FromMicros(n); t.After(d.Last) {
		d.Last = t
	}
	return nil
}

func (c *conn) jobsByKind(ctx context.Context, d *store.Depth, now time.Time) error {
	var kind store.JobKind
	var due, later, aside int64
	const text = "select kind, sum(aside = 0 and due <= ?1), sum(aside = 0 and due > ?1), sum(aside) from job group by kind"
	return c.each(ctx, text, []any{store.Micros(now)}, func() error {
		d.Due[kind], d.Later[kind] = due, later
		d.Aside += aside
		return nil
	}, &kind, &due, &later, &aside)
}

// Results returns what was told last.
func (s *Store) Results(ctx context.Context, limit int) (all []store.Result, err error) {
	var r store.Result
	var at int64
	err = s.reading(ctx, "what webhooks told", func(c *conn) error {
		return c.each(ctx, "select kind, id, customer, outcome, detail, at from result order by at desc, kind, id limit ?", []any{limit}, func() error {
			r.At = store.FromMicros(at)
			all = append(all, r)
			return nil
		}, &r.Kind, &r.ID, &r.Customer, &r.Outcome, &r.Detail, &at)
	})
	return all, err
}

// KeepTicket keeps a session of the token backend.
func (s *Store) KeepTicket(ctx context.Context, t store.Ticket, before time.Time) error {
	return s.change(ctx, "keep a session of the token backend", func(e *edit) error {
		if err := e.exec(ctx, "delete from ticket where at < ?", store.Micros(before)); err != nil {
			return err
		}
		return e.addTicket(t)
	})
}

func (e *edit) addTicket(t store.Ticket) error {
	return e.exec(e.ctx, "insert into ticket (name, id, sealed, at) values (?, ?, ?, ?)", t.Unique, t.ID, t.Sealed, store.Micros(t.At))
}

// Ticket returns one.
func (s *Store) Ticket(ctx context.Context, unique string) (store.Ticket, error) {
	t := store.Ticket{Unique: unique}
	var at int64
	err := s.read.do(ctx, func(c *conn) error {
		return c.one(ctx, "select id, sealed, at from ticket where name = ?", []any{unique}, &t.ID, &t.Sealed, &at)
	})
	if errors.Is(err, store.ErrNotFound) {
		return store.Ticket{}, store.ErrNoTicket
	}
	t.At = store.FromMicros(at)
	return t, s.told("read a session of the token backend", err)
}
