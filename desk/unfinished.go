package desk

import (
	"context"
	"slices"
	"time"

	"docket/model"
)

// Unfinished is a bulk run that has sessions left, by what the audit log says.
type Unfinished struct {
	model.Batch
	Mine bool // whoever sits here began it, and may go on with it
	Here bool // it is under way in this docket
	// Fresh says that its last entry is so young that another docket may be at it.
	Fresh bool
}

// quiet is how long a run that is under way writes nothing at most: a call and the
// reading after it, or a wait for room in the API's limits.
const quiet = 5 * time.Minute

// Unfinished returns the bulk runs that were not finished, the oldest first.
func (s *Seat) Unfinished(ctx context.Context) ([]Unfinished, error) {
	if !s.May(MayBulk) {
		return nil, nil
	}
	if err := s.here("The bulk runs could not be read"); err != nil {
		return nil, err
	}
	batches, err := s.d.cfg.Store.Batches(ctx)
	if err != nil {
		return nil, stored(err, "The bulk runs could not be read")
	}
	s.d.mu.Lock()
	here := s.d.batch
	s.d.mu.Unlock()
	var all []Unfinished
	for _, b := range batches {
		all = append(all, Unfinished{
			Batch: b, Mine: b.By == s.Me().Identity, Here: b.ID == here, Fresh: s.d.cfg.Now().Sub(b.Last) < quiet,
		})
	}
	return all, nil
}

func (s *Seat) unfinished(ctx context.Context, batch string) (Unfinished, error) {
	all, err := s.Unfinished(ctx)
	if err != nil {
		return Unfinished{}, err
	}
	i := slices.IndexFunc(all, func(u Unfinished) bool { return u.ID == batch })
	switch {
	case i < 0:
		return Unfinished{}, model.NewProblem(model.KindNotFound, "There is no such bulk run with sessions left", quoteID(batch), "see `docket bulk list`")
	case all[i].Here:
		return all[i], model.NewProblem(model.KindGuard, "This bulk run is under way here", batch, "wait for its end, or stop it")
	}
	return all[i], nil
}

// Remaining returns the order of what a bulk run has left, for a dry run and to go
// on with it. What has an intent in the log is not part of it, whatever became of
// that: it is not sent again.
func (s *Seat) Remaining(ctx context.Context, batch string) (BulkOrder, error) {
	u, err := s.unfinished(ctx, batch)
	if err != nil {
		return BulkOrder{}, err
	}
	if !u.Mine {
		return BulkOrder{}, model.NewProblem(model.KindForbidden, "This bulk run is another person's: "+u.By, batch, "mark the sessions and begin one of your own")
	}
	entries, err := s.d.cfg.Store.BatchLeft(ctx, batch)
	if err != nil {
		return BulkOrder{}, stored(err, "The bulk run could not be read")
	}
	o := BulkOrder{Action: u.Action, Batch: batch, expect: map[string]string{}}
	for _, e := range entries {
		if e.By != u.By || e.Action != string(u.Action.Kind) || e.Reason != u.Action.Reason {
			return BulkOrder{}, model.NewProblem(model.KindGuard, "The bulk run is not what the audit log says was planned, nothing was sent", batch, "see `docket audit verify`")
		}
		o.IDs = append(o.IDs, e.Session)
		o.expect[e.Session] = e.Detail
	}
	return o, nil
}

// StopBatch ends a bulk run for good that is not under way here. Another person's
// can be stopped when nobody is at it.
func (s *Seat) StopBatch(ctx context.Context, batch string) error {
	u, err := s.unfinished(ctx, batch)
	switch {
	case err != nil:
		return err
	case s.Policy().ReadOnly:
		return model.NewProblem(model.KindGuard, "docket is read-only here", batch, "start it without --read-only or read_only")
	case !u.Mine && u.Fresh:
		return model.NewProblem(model.KindForbidden, "This bulk run is another person's and may be under way: "+u.By, batch, "ask them, or try again in some minutes")
	}
	return s.logStop(ctx, batch, u.Left)
}
