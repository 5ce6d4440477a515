package uitest

import (
	"context"
	"slices"
	"sync/atomic"

	"docket/desk"
	"docket/model"
)

// DryRun implements common.Desk.
func (d *Desk) DryRun(ctx context.Context, o desk.BulkOrder) (<-chan desk.BulkItem, error) {
	out := make(chan desk.BulkItem)
	go func() {
		defer close(out)
		for _, id := range o.IDs {
			if d.wait(ctx) != nil {
				return
			}
			select {
			case out <- d.look(o, id):
			case <-ctx.Done():
				return
			}
		}
	}()
	return out, nil
}

func (d *Desk) look(o desk.BulkOrder, id string) desk.BulkItem {
	a := o.Action
	a.IDs = []string{id}
	plan := d.Plan(a)
	it := desk.BulkItem{ID: id, Who: plan.Who, Verdict: plan.Verdict, Forced: plan.NeedsForce}
	for _, c := range plan.Overrides {
		it.Overrides = append(it.Overrides, c.Name())
	}
	row, _ := d.Row(context.Background(), id) // one that is not there has no claim
	refuse := func(why, message string) {
		it.State, it.Why, it.Problem = desk.BulkRefused, why, model.NewProblem(model.KindGuard, message, Short(id), "")
	}
	switch {
	case row.Pending != nil:
		refuse(desk.WhyUnknown, "The outcome of an earlier action is unknown")
	case row.ClaimedBy != "" && row.ClaimedBy != d.Me().Identity:
		refuse(desk.WhyClaimed, "Somebody else has claimed the session")
	case plan.NeedsForce && !a.Override:
		refuse(desk.WhyWaiting, "The verdict does not wait for a person")
	}
	return it
}

// StartBulk implements common.Desk: each session ends the way Ends says.
func (d *Desk) StartBulk(ctx context.Context, o desk.BulkOrder, items []desk.BulkItem) (*desk.Bulk, error) {
	items = slices.DeleteFunc(slices.Clone(items), func(it desk.BulkItem) bool { return it.State != desk.BulkReady })
	ctx, cancel := context.WithCancel(ctx)
	var stopped atomic.Bool
	o.Batch = "of the fake desk"
	run := desk.NewBulk(o, items, d.now(), func() { stopped.Store(true); cancel() })
	go func() {
		defer cancel()
		for i, it := range items {
			run.Set(i, func(it *desk.BulkItem) { it.State = desk.BulkSending })
			if d.wait(ctx) != nil {
				run.Set(i, func(it *desk.BulkItem) { it.State = desk.BulkReady })
				break
			}
			a := o.Action
			a.IDs = []string{it.ID}
			d.ends(run, i, d.finish(a)[0])
		}
		end := desk.BulkFinished
		switch {
		case stopped.Load():
			end = desk.BulkStopped
		case ctx.Err() != nil:
			end = desk.BulkInterrupted
		}
		run.Finish(end, nil, d.now())
	}()
	return run, nil
}

func (d *Desk) ends(run *desk.Bulk, i int, o model.Outcome) {
	states := map[model.Result]desk.BulkState{model.ResultDone: desk.BulkDone, model.ResultUnknown: desk.BulkUnknown}
	run.Set(i, func(it *desk.BulkItem) {
		it.State, it.Says = desk.BulkRefused, o.Says
		if s, ok := states[o.Result]; ok {
			it.State = s
			return
		}
		it.Why = desk.WhyAPI
	})
}

// Unfinish leaves a bulk run unfinished, as a crash does.
func (d *Desk) Unfinish(u desk.Unfinished) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.unfinished = append(d.unfinished, u)
}

// Unfinished implements common.Desk.
func (d *Desk) Unfinished(context.Context) ([]desk.Unfinished, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.unfinished), nil
}

// Remaining implements common.Desk: what waits for a person is left.
func (d *Desk) Remaining(_ context.Context, batch string) (desk.BulkOrder, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.unfinished, func(u desk.Unfinished) bool { return u.ID == batch })
	if i < 0 {
		return desk.BulkOrder{}, model.NewProblem(model.KindNotFound, "There is no such bulk run", batch, "")
	}
	o := desk.BulkOrder{Action: d.unfinished[i].Action, Batch: batch}
	for _, r := range d.rows {
		if r.Verdict.OpenToDecision() {
			o.IDs = append(o.IDs, r.ID)
		}
	}
	return o, nil
}

// StopBatch implements common.Desk.
func (d *Desk) StopBatch(_ context.Context, batch string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.unfinished = slices.DeleteFunc(d.unfinished, func(u desk.Unfinished) bool { return u.ID == batch })
	return nil
}
