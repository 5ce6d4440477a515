package postgres

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/model"
	"docket/store"
	"docket/store/internal/acts"
)

// Accept keeps a webhook, durably when it returns.
func (s *Store) Accept(ctx context.Context, d store.Delivery) error {
	return s.accepting.Accept(ctx, d)
}

func (s *Store) keepDeliveries(ctx context.Context, all []store.Delivery) error {
	return s.change(ctx, "keep a webhook", once, func(e *edit) error {
		e.arrived = all
		return nil
	})
}

// pending is what waits to be written of the queue.
type pending struct {
	arrived []store.Delivery
	placed  []int64 // deliveries that go, by seq
	results []store.Result
	last    time.Time // when the last webhook came that was placed; zero: none was
}

// KeepDelivery implements acts.QueueTx.
func (p *pending) KeepDelivery(d store.Delivery) error {
	p.arrived = append(p.arrived, d)
	return nil
}

// EndDelivery implements acts.QueueTx.
func (p *pending) EndDelivery(seq int64) error {
	p.placed = append(p.placed, seq)
	return nil
}

// Arrived implements acts.QueueTx.
func (p *pending) Arrived(at time.Time) error {
	p.last = at
	return nil
}

// KeepResults implements acts.QueueTx.
func (p *pending) KeepResults(results []store.Result) error {
	p.results = append(p.results, results...)
	return nil
}

func resultKey(r store.Result) string { return keyed(r.Kind + " " + r.ID) }

// write queues what waits, results in the order of their keys.
func (p *pending) write(b *pgx.Batch) {
	if len(p.arrived) > 0 {
		at, bodies := make([]int64, len(p.arrived)), make([][]byte, len(p.arrived))
		for i, d := range p.arrived {
			at[i], bodies[i] = store.Micros(d.At), append([]byte{}, d.Body...)
		}
		b.Queue("insert into delivery (at, body) select * from unnest($1::bigint[], $2::bytea[])", at, bodies)
	}
	if len(p.placed) > 0 {
		b.Queue("delete from delivery where seq = any($1)", p.placed)
	}
	slices.SortFunc(p.results, func(x, y store.Result) int { return strings.Compare(resultKey(x), resultKey(y)) })
	for _, r := range p.results {
		b.Queue(insertResult, resultValues(r)...)
	}
}

const insertResult = "insert into result (key, kind, id, customer, outcome, detail, at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing"

func resultValues(r store.Result) []any {
	return []any{resultKey(r), safe(r.Kind), safe(r.ID), safe(r.Customer), safe(r.Outcome), safe(r.Detail), store.Micros(r.At)}
}

// plainResult returns a result as it was before it was written.
func plainResult(r store.Result, at int64) store.Result {
	return store.Result{
		Kind: plain(r.Kind), ID: plain(r.ID), Customer: plain(r.Customer), Outcome: plain(r.Outcome), Detail: plain(r.Detail), At: store.FromMicros(at),
	}
}

// Place takes the oldest deliveries and does with them what fn says.
func (s *Store) Place(ctx context.Context, n int, fn func([]store.Delivery) store.Placed) (count int, err error) {
	err = s.change(ctx, "place webhooks", again.lightly(), func(e *edit) (err error) {
		count, err = acts.Place(e, n, fn)
		return err
	})
	if err != nil {
		count = 0
	}
	return count, err
}

// Deliveries implements acts.QueueTx.
func (e *edit) Deliveries(n int) (all []store.Delivery, err error) {
	var d store.Delivery
	var at int64
	err = each(e.ctx, e, "select seq, at, body from delivery order by seq limit $1 for update skip locked", []any{n}, func() error {
		d.At = store.FromMicros(at)
		all = append(all, d)
		return nil
	}, &d.Seq, &at, &d.Body)
	return all, err
}

// jobCell is a job before and after; nil: it is not there.
type jobCell struct {
	was, is *store.Job
	changed bool
}

func jobID(kind store.JobKind, key string) string { return keyed(string(kind) + " " + key) }

const jobColumns = "kind, key, due, aside, tries, version, reason, body"

func jobs(ctx context.Context, tx pgx.Tx, text string, args ...any) (all []store.Job, err error) {
	var j store.Job
	var due int64
	err = each(ctx, tx, text, args, func() error {
		one := j
		one.Kind, one.Key, one.Due, one.Reason = store.JobKind(plain(string(j.Kind))), plain(j.Key), store.FromMicros(due), plain(j.Reason)
		all = append(all, one)
		return nil
	}, &j.Kind, &j.Key, &due, &j.Aside, &j.Tries, &j.Version, &j.Reason, &j.Body)
	return all, err
}

// HoldJobs implements acts.QueueTx.
func (e *edit) HoldJobs(asked []store.Job) error {
	var ids []string
	for _, j := range asked {
		if id := jobID(j.Kind, j.Key); e.jobs[id] == nil {
			e.jobs[id] = &jobCell{}
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	_, err := e.holdJobs("id = any($1)", ids)
	return err
}

// holdJobs locks the jobs that a condition chooses.
func (e *edit) holdJobs(where string, args ...any) ([]store.Job, error) {
	all, err := jobs(e.ctx, e, "select "+jobColumns+" from job where "+where+" order by id for update", args...)
	for i := range all {
		e.jobs[jobID(all[i].Kind, all[i].Key)] = &jobCell{was: &all[i], is: &all[i]}
	}
	return all, err
}

// Job implements acts.QueueTx.
func (e *edit) Job(kind store.JobKind, key string) (store.Job, bool, error) {
	if err := e.HoldJobs([]store.Job{{Kind: kind, Key: key}}); err != nil {
		return store.Job{}, false, err
	}
	if j := e.jobs[jobID(kind, key)].is; j != nil {
		return *j, true, nil
	}
	return store.Job{}, false, nil
}

// JobsAside implements acts.QueueTx.
func (e *edit) JobsAside(keys []string) ([]store.Job, error) {
	if len(keys) == 0 {
		return e.holdJobs("aside")
	}
	asked := make([]string, len(keys))
	for i, k := range keys {
		asked[i] = safe(k)
	}
	return e.holdJobs("aside and key = any($1)", asked)
}

// WriteJob implements acts.QueueTx.
func (e *edit) WriteJob(j store.Job) error { return e.putJob(j.Kind, j.Key, &j) }

// EndJob implements acts.QueueTx.
func (e *edit) EndJob(kind store.JobKind, key string) error { return e.putJob(kind, key, nil) }

func (e *edit) putJob(kind store.JobKind, key string, j *store.Job) error {
	if err := e.HoldJobs([]store.Job{{Kind: kind, Key: key}}); err != nil {
		return err
	}
	c := e.jobs[jobID(kind, key)]
	c.is, c.changed = j, true
	return nil
}

// writeJobs queues what changed of jobs, in the order of their ids.
func (e *edit) writeJobs(b *pgx.Batch) {
	for _, id := range slices.Sorted(maps.Keys(e.jobs)) {
		c := e.jobs[id]
		switch {
		case !c.changed || c.was == nil && c.is == nil:
		case c.is == nil:
			b.Queue("delete from job where id = $1", id)
		case c.was == nil:
			b.Queue(insertJob, jobValues(c.is, id)...)
		default:
			b.Queue("update job set ("+jobColumns+") = ($1, $2, $3, $4, $5, $6, $7, $8) where id = $9", jobValues(c.is, id)...)
		}
	}
}

const insertJob = "insert into job (" + jobColumns + ", id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"

func jobValues(j *store.Job, id string) []any {
	return []any{safe(string(j.Kind)), safe(j.Key), store.Micros(j.Due), j.Aside, j.Tries, j.Version, safe(j.Reason), append([]byte{}, j.Body...), id}
}

// AddJobs adds jobs, or makes them due again.
func (s *Store) AddJobs(ctx context.Context, jobs ...store.Job) error {
	return s.change(ctx, "plan jobs", again, func(e *edit) error { return acts.AddJobs(e, jobs) })
}

// TakeJobs returns jobs that are due.
func (s *Store) TakeJobs(ctx context.Context, kind store.JobKind, n int, now, until time.Time) (all []store.Job, err error) {
	const text = "with taken as (select id, due as was from job where kind = $1 and not aside and due <= $2 order by due limit $3 for update skip locked), " +
		"moved as (update job set due = $4 from taken where job.id = taken.id returning was, " + jobColumns + ") " +
		"select " + jobColumns + " from moved order by was, key"
	err = s.change(ctx, "take jobs", again.lightly(), func(e *edit) (err error) {
		all, err = jobs(ctx, e, text, safe(string(kind)), store.Micros(now), n, store.Micros(until))
		return err
	})
	return all, err
}

// settling is how it is written what a job came to.
func settling(j store.Job, how manner) manner {
	if j.Kind.Reads() {
		return how.lightly()
	}
	return how
}

// Settle ends a job and keeps what it brought.
func (s *Store) Settle(ctx context.Context, j store.Job, row model.Row, effects func(old, now model.Row) store.Effects) error {
	return s.change(ctx, "keep what a job brought", settling(j, once), func(e *edit) error { return acts.Settle(e, j, row, effects) })
}

// PutOff keeps what a try came to.
func (s *Store) PutOff(ctx context.Context, j store.Job, row model.Row) error {
	return s.change(ctx, "put a job off", settling(j, again), func(e *edit) error { return acts.PutOff(e, j, row) })
}

// Aside returns the jobs that wait for a person.
func (s *Store) Aside(ctx context.Context, limit int) (all []store.Job, err error) {
	err = s.reading(ctx, "what was set aside", func(tx pgx.Tx) (err error) {
		all, err = jobs(ctx, tx, "select "+jobColumns+" from job where aside order by due, kind, key limit $1", limit)
		return err
	})
	return all, err
}

// Retry makes jobs that were set aside due again.
func (s *Store) Retry(ctx context.Context, now time.Time, keys ...string) (n int, err error) {
	err = s.change(ctx, "try again", once, func(e *edit) (err error) {
		n, err = acts.Retry(e, now, keys)
		return err
	})
	return n, err
}

// Drop ends jobs that were set aside.
func (s *Store) Drop(ctx context.Context, keys ...string) (n int, err error) {
	err = s.change(ctx, "drop jobs", once, func(e *edit) (err error) {
		n, err = acts.Drop(e, keys)
		return err
	})
	return n, err
}

// Depth returns how much waits.
func (s *Store) Depth(ctx context.Context, now time.Time) (d store.Depth, err error) {
	err = s.reading(ctx, "the queue", func(tx pgx.Tx) error {
		d = store.Depth{Due: map[store.JobKind]int64{}, Later: map[store.JobKind]int64{}}
		var oldest, last int64
		err := one(ctx, tx, "select count(*), coalesce(min(at), 0), coalesce(max(at), 0) from delivery", nil, &d.Deliveries, &oldest, &last)
		if err != nil {
			return err
		}
		if d.Last, err = metaTime(ctx, tx, metaLast); err != nil {
			return err
		}
		if d.Deliveries > 0 {
			d.Oldest = store.FromMicros(oldest)
			if t := store.FromMicros(last); t.After(d.Last) {
				d.Last = t
			}
		}
		return jobsByKind(ctx, tx, &d, now)
	})
	return d, err
}

func jobsByKind(ctx context.Context, tx pgx.Tx, d *store.Depth, now time.Time) error {
	var kind store.JobKind
	var due, later, aside int64
	const text = "select kind, count(*) filter (where not aside and due <= $1), count(*) filter (where not aside and due > $1), " +
		"count(*) filter (where aside) from job group by kind"
	return each(ctx, tx, text, []any{store.Micros(now)}, func() error {
		for _, n := range []struct {
			of map[store.JobKind]int64
			n  int64
		}{{d.Due, due}, {d.Later, later}} {
			n.of[kind] = n.n
		}
		d.Aside += aside
		return nil
	}, &kind, &due, &later, &aside)
}

// Results returns what was told last.
func (s *Store) Results(ctx context.Context, limit int) (all []store.Result, err error) {
	err = s.reading(ctx, "what webhooks told", func(tx pgx.Tx) error {
		all = nil
		var r store.Result
		var at int64
		return each(ctx, tx, "select kind, id, customer, outcome, detail, at from result order by at desc, kind, id limit $1", []any{limit}, func() error {
			all = append(all, plainResult(r, at))
			return nil
		}, &r.Kind, &r.ID, &r.Customer, &r.Outcome, &r.Detail, &at)
	})
	return all, err
}

// KeepTicket keeps a session of the token backend.
func (s *Store) KeepTicket(ctx context.Context, t store.Ticket, before time.Time) error {
	return s.change(ctx, "keep a session of the token backend", once, func(e *edit) error {
		if err := e.do("delete from ticket where at < $1", store.Micros(before)); err != nil {
			return err
		}
		return e.do(insertTicket, ticketValues(t)...)
	})
}

const insertTicket = "insert into ticket (name, session, id, sealed, at) values ($1, $2, $3, $4, $5)"

func ticketValues(t store.Ticket) []any {
	return []any{safe(t.Unique), keyed(t.ID), safe(t.ID), t.Sealed, store.Micros(t.At)}
}

// Ticket returns one.
func (s *Store) Ticket(ctx context.Context, unique string) (t store.Ticket, err error) {
	err = s.reading(ctx, "read a session of the token backend", func(tx pgx.Tx) error {
		t = store.Ticket{Unique: unique}
		var at int64
		err := one(ctx, tx, "select id, sealed, at from ticket where name = $1", []any{safe(unique)}, &t.ID, &t.Sealed, &at)
		t.ID, t.At = plain(t.ID), store.FromMicros(at)
		if errors.Is(err, store.ErrNotFound) {
			return store.ErrNoTicket
		}
		return err
	})
	if errors.Is(err, store.ErrNoTicket) {
		return store.Ticket{}, store.ErrNoTicket
	}
	return t, err
}
