package desk

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"time"

	"docket/audit"
	"docket/model"
	"docket/stats"
)

// Stats returns what reviewers did in a period, from the audit log, and how long
// waits what waits now. Somebody who may not act gets the numbers of others without
// their identities.
func (s *Seat) Stats(ctx context.Context, q stats.Query) (stats.Report, error) {
	if p := s.denied(MayStats); p != nil {
		return stats.Report{}, p
	}
	if p := s.scoped("Statistics are"); p != nil {
		return stats.Report{}, p
	}
	const what = "The statistics could not be made"
	if err := s.here(what); err != nil {
		return stats.Report{}, err
	}
	now := s.d.cfg.Now()
	if q.Until.IsZero() {
		q.Until = now
	}
	c := stats.New(q)
	if err := s.d.logSince(ctx, q.Since.Add(-stats.Reach), c); err != nil {
		return stats.Report{}, stored(err, what)
	}
	sla := s.d.cfg.SLA
	waits := stats.Waits(sla)
	since := make([]time.Time, len(waits))
	for i, wait := range waits {
		since[len(waits)-1-i] = now.Add(-wait)
	}
	counts, err := s.d.cfg.Store.Aged(ctx, model.ViewReview, since...)
	if err != nil {
		return stats.Report{}, stored(err, what)
	}
	slices.Reverse(counts) // who has waited longest came first
	r := c.Report()
	r.Waiting = stats.Aged(sla, counts)
	if !s.May(MayNames) {
		nameless(&r, s.Me().Identity)
	}
	return r, nil
}

// nameless takes away who everybody is but the person who asks.
func nameless(r *stats.Report, me string) {
	for i := range r.Reviewers {
		if who := &r.Reviewers[i]; who.By != me {
			who.By = "reviewer " + strconv.Itoa(i+1)
		}
	}
}

// logPage is how many entries of the log are read at once.
const logPage = 2000

// logSince hands the entries of the log from a time on to a collector.
func (d *Desk) logSince(ctx context.Context, since time.Time, c *stats.Collector) error {
	from, err := d.firstSince(ctx, since)
	if err != nil {
		return err
	}
	for {
		records, err := d.cfg.Store.AuditRecords(ctx, from, logPage)
		if err != nil || len(records) == 0 {
			return err
		}
		for _, r := range records {
			if !stats.Matters(r.Line) {
				continue
			}
			e, err := decode(r)
			if err != nil {
				return err
			}
			c.Add(e)
		}
		from = records[len(records)-1].Index + 1
	}
}

// firstSince returns the index of the first entry that is not before a time. Times
// in the log never go back, so it is found by halves.
func (d *Desk) firstSince(ctx context.Context, since time.Time) (int64, error) {
	size, err := d.cfg.Store.AuditSize(ctx)
	if err != nil {
		return 0, err
	}
	i := sort.Search(int(size), func(i int) bool {
		if err != nil {
			return true
		}
		var records []audit.Record
		records, err = d.cfg.Store.AuditRecords(ctx, int64(i), 1)
		if err != nil || len(records) == 0 {
			return true // the end was cut off
		}
		var e audit.Entry
		e, err = decode(records[0])
		return !e.At.Before(since)
	})
	return int64(i), err
}

func decode(r audit.Record) (audit.Entry, error) {
	e, err := audit.Decode(r.Line)
	if err != nil {
		return e, model.NewProblem(model.KindFailed, "An entry of the audit log cannot be read", fmt.Sprintf("entry %d", r.Index),
			"run `docket audit verify`").Because(err)
	}
	return e, nil
}
