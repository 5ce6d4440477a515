package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"docket/model"
	"docket/store"
)

var _ store.Inbox = (*Store)(nil)

// together is how many webhooks share a commit, at most.
const together = 200

// accepting joins webhooks that come at the same time: the disk is waited for once.
// Whoever finds nobody at it commits for all that wait.
type accepting struct {
	mu      sync.Mutex
	waiting []offer
	busy    bool
}

type offer struct {
	d    store.Delivery
	done chan error
}

// Accept keeps a webhook, durably when it returns.
func (s *Store) Accept(ctx context.Context, d store.Delivery) error {
	mine := offer{d, make(chan error, 1)}
	a := &s.accepting
	a.mu.Lock()
	a.waiting = append(a.waiting, mine)
	lead := !a.busy
	a.busy = true
	a.mu.Unlock()
	if lead {
		s.lead(context.WithoutCancel(ctx)) // others wait for it, whoever of them leaves
	}
	select {
	case err := <-mine.done:
		return err
	case <-ctx.Done():
		return ctx.Err() // it may be kept all the same, and comes again then
	}
}

// lead commits what waits until nothing does.
func (s *Store) lead(ctx context.Context) {
	for {
		s.accepting.mu.Lock()
		n := min(len(s.accepting.waiting), together)
		batch := s.accepting.waiting[:n:n]
		s.accepting.waiting = s.accepting.waiting[n:]
		s.accepting.busy = n > 0
		s.accepting.mu.Unlock()
		if n == 0 {
			return
		}
		err := s.change(ctx, "keep a webhook", func(e *edit) error {
			for _, o := range batch {
				if err := e.exec(ctx, "insert into delivery (at, body) values (?, ?)", store.Micros(o.d.At), o.d.Body); err != nil {
					return err
				}
			}
			return nil
		})
		for _, o := range batch {
			o.done <- err
		}
	}
}

// metaLast is under what name the arrival of the last webhook that was placed is kept.
const metaLast = "last webhook"

// Place takes the oldest deliveries and does with them what fn says.
func (s *Store) Place(ctx context.Context, n int, fn func([]store.Delivery) store.Placed) (int, error) {
	count := 0
	var some bool
	err := s.reading(ctx, "webhooks", func(c *conn) error {
		return c.one(ctx, "select exists (select 1 from delivery)", nil, &some)
	})
	if err != nil || !some {
		return 0, err // nothing is written while there is nothing to do
	}
	err = s.change(ctx, "place webhooks", func(e *edit) error {
		all, err := e.deliveries(n)
		if err != nil || len(all) == 0 {
			return err
		}
		count = len(all)
		placed, last := fn(all), all[len(all)-1]
		for _, r := range placed.Rows {
			if err := e.upsert(r); err != nil {
				return err
			}
		}
		if err := e.addJobs(placed.Jobs); err != nil {
			return err
		}
		if err := e.keepResults(placed.Results); err != nil {
			return err
		}
		if err := e.exec(ctx, "delete from delivery where seq <= ?", last.Seq); err != nil {
			return err
		}
		return e.arrived(last.At)
	})
	return count, err
}

// arrived remembers when the last webhook came. One that is tried again came long ago.
func (e *edit) arrived(at time.Time) error {
	var d store.Depth
	if err := e.placedLast(e.ctx, &d); err != nil || !at.After(d.Last) {
		return err
	}
	return e.setMeta(metaLast, strconv.FormatInt(store.Micros(at), 10))
}

func (e *edit) deliveries(n int) (all []store.Delivery, err error) {
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

func (e *edit) keepResults(results []store.Result) error {
	for _, r := range results {
		err := e.exec(e.ctx, "insert into result (kind, id, customer, outcome, detail, at) values (?, ?, ?, ?, ?, ?) on conflict do nothing",
			r.Kind, r.ID, r.Customer, r.Outcome, r.Detail, store.Micros(r.At))
		if err != nil {
			return err
		}
	}
	return nil
}

// SetAside makes the oldest delivery a job that waits for a person.
func (s *Store) SetAside(ctx context.Context, reason string) error {
	return s.change(ctx, "set a webhook aside", func(e *edit) error {
		all, err := e.deliveries(1)
		if err != nil || len(all) == 0 {
			return err
		}
		d := all[0]
		j := store.Job{Kind: store.JobWebhook, Key: strconv.FormatInt(d.Seq, 10), Body: d.Body, Due: d.At, Tries: 1, Reason: reason, Aside: true}
		if err := e.writeJob(j); err != nil {
			return err
		}
		return e.exec(ctx, "delete from delivery where seq = ?", d.Seq)
	})
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

// job returns one, and false if there is none.
func (e *edit) job(kind store.JobKind, key string) (store.Job, bool, error) {
	all, err := e.jobs(e.ctx, "kind = ? and key = ?", kind, key)
	if err != nil || len(all) == 0 {
		return store.Job{}, false, err
	}
	return all[0], true, nil
}

func (e *edit) writeJob(j store.Job) error {
	return e.exec(e.ctx, "insert into job ("+jobColumns+") values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (kind, key) do update set "+
		"due = excluded.due, aside = excluded.aside, tries = excluded.tries, version = excluded.version, reason = excluded.reason, body = excluded.body",
		j.Kind, j.Key, store.Micros(j.Due), j.Aside, j.Tries, j.Version, j.Reason, append([]byte{}, j.Body...))
}

func (e *edit) addJobs(jobs []store.Job) error {
	for _, j := range jobs {
		old, there, err := e.job(j.Kind, j.Key)
		if err != nil {
			return err
		}
		if there {
			j = old.Again(j)
		}
		if err := e.writeJob(j); err != nil {
			return err
		}
	}
	return nil
}

// AddJobs adds jobs, or makes them due again.
func (s *Store) AddJobs(ctx context.Context, jobs ...store.Job) error {
	return s.change(ctx, "plan jobs", func(e *edit) error { return e.addJobs(jobs) })
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
	err = s.change(ctx, "take jobs", func(e *edit) error {
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

// Settle ends a job and keeps what it brought.
func (s *Store) Settle(ctx context.Context, j store.Job, row model.Row, effects func(old, now model.Row) store.Effects) error {
	return s.change(ctx, "keep what a job brought", func(e *edit) error {
		if err := e.settleRow(row, effects); err != nil {
			return err
		}
		is, there, err := e.job(j.Kind, j.Key)
		switch {
		case err != nil || !there:
			return err
		case is.Version != j.Version:
			return e.dueNow(is)
		}
		return e.exec(ctx, "delete from job where kind = ? and key = ?", j.Kind, j.Key)
	})
}

// dueNow makes a job due that was asked for again while somebody worked on it.
func (e *edit) dueNow(j store.Job) error {
	j.Due = e.now
	return e.writeJob(j)
}

func (e *edit) settleRow(row model.Row, effects func(old, now model.Row) store.Effects) error {
	if row.ID == "" {
		return nil
	}
	before, err := e.find(row.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err := e.upsert(row); err != nil || effects == nil {
		return err
	}
	after, err := e.find(row.ID)
	if err != nil {
		return err
	}
	does := effects(before.row, after.row)
	if err := e.log(does.Log); err != nil {
		return err
	}
	if err := e.addJobs(does.Jobs); err != nil {
		return err
	}
	return e.replace(after, store.Affected(after.row, does))
}

// PutOff keeps what a try came to.
func (s *Store) PutOff(ctx context.Context, j store.Job, row model.Row) error {
	return s.change(ctx, "put a job off", func(e *edit) error {
		if row.ID != "" {
			if err := e.upsert(row); err != nil {
				return err
			}
		}
		is, there, err := e.job(j.Kind, j.Key)
		switch {
		case err != nil || !there:
			return err
		case is.Version != j.Version:
			return e.dueNow(is)
		}
		return e.writeJob(j)
	})
}

// Aside returns the jobs that wait for a person.
func (s *Store) Aside(ctx context.Context, limit int) (all []store.Job, err error) {
	err = s.reading(ctx, "what was set aside", func(c *conn) error {
		all, err = c.jobs(ctx, "aside = 1 order by due, kind, key limit ?", limit)
		return err
	})
	return all, err
}

// chosen is the condition of jobs that were set aside, by their keys or all.
func chosen(keys []string) (string, []any) {
	if len(keys) == 0 {
		return "aside = 1", nil
	}
	args := make([]any, len(keys))
	for i, k := range keys {
		args[i] = k
	}
	return "aside = 1 and key in (?" + strings.Repeat(", ?", len(keys)-1) + ")", args
}

// Retry makes jobs that were set aside due again.
func (s *Store) Retry(ctx context.Context, now time.Time, keys ...string) (n int, err error) {
	where, args := chosen(keys)
	err = s.change(ctx, "try again", func(e *edit) error {
		all, err := e.jobs(ctx, where, args...)
		if err != nil {
			return err
		}
		for _, j := range all {
			if err := e.retry(j, now); err != nil {
				return err
			}
		}
		n = len(all)
		return nil
	})
	return n, err
}

func (e *edit) retry(j store.Job, now time.Time) error {
	if j.Kind != store.JobWebhook {
		return e.writeJob(j.Again(store.Job{Body: j.Body, Due: now}))
	}
	if err := e.exec(e.ctx, "insert into delivery (at, body) values (?, ?)", store.Micros(j.Due), j.Body); err != nil {
		return err
	}
	return e.exec(e.ctx, "delete from job where kind = ? and key = ?", j.Kind, j.Key)
}

// Drop ends jobs that were set aside.
func (s *Store) Drop(ctx context.Context, keys ...string) (n int, err error) {
	where, args := chosen(keys)
	err = s.change(ctx, "drop jobs", func(e *edit) error {
		if err := e.one(ctx, "select count(*) from job where "+where, args, &n); err != nil {
			return err
		}
		return e.exec(ctx, "delete from job where "+where, args...)
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
		return e.exec(ctx, "insert into ticket (name, id, sealed, at) values (?, ?, ?, ?)", t.Unique, t.ID, t.Sealed, store.Micros(t.At))
	})
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
