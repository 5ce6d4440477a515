package intake

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"docket/desk"
	"docket/model"
	"docket/provider"
	"docket/store"
)

// asked is how many parts of a session are asked for at once.
const asked = 3

// lookUp reads the session of a job and keeps what it brought.
func (w *Worker) lookUp(ctx context.Context, j store.Job) ended {
	row, err := w.cfg.Inbox.Get(ctx, j.Key)
	switch {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return w.unkept(ctx, j, err)
	case row.Life == model.Deleted: // nothing is read of who was forgotten
		return w.wrote(j, dropped, w.cfg.Inbox.Settle(ctx, j, model.Row{}, nil))
	}
	patient, cancel := context.WithTimeout(provider.WithPriority(ctx, provider.Refresh), reading)
	defer cancel()
	how := left
	err = w.seat.Arrive(patient, j.Key, func(a desk.Arrival) (err error) {
		how, err = w.arrived(ctx, j, a)
		return err
	})
	switch {
	case err == nil, ctx.Err() != nil:
		return how
	case patient.Err() != nil:
		return w.failed(ctx, j, late(j.Key), model.Row{})
	}
	return w.unkept(ctx, j, err)
}

func late(key string) *model.Problem {
	return model.NewProblem(model.KindTimeout, "The session could not be read in time", key, "")
}

// unkept is the end of a job that the store did not take. While the database fails it
// is left; else it is tried again like what the API fails at.
func (w *Worker) unkept(ctx context.Context, j store.Job, err error) ended {
	if errors.Is(err, store.ErrDown) || ctx.Err() != nil {
		return w.wrote(j, left, err)
	}
	w.log.Error("a session could not be kept", "session", j.Key, "error", brief(err))
	return w.failed(ctx, j, model.NewProblem(model.KindFailed, "The inbox could not keep it", j.Key, ""), model.Row{})
}

// arrived keeps what was read. The error is the store's.
func (w *Worker) arrived(ctx context.Context, j store.Job, a desk.Arrival) (ended, error) {
	f, why := fateOf(a.Problems, asked)
	switch f {
	case fateRead:
		w.opened(j.Key)
		return w.settle(ctx, j, a.Row)
	case fateMissing:
		w.opened(j.Key)
		w.log.Warn("the API does not know a session", "session", j.Key)
		return missing, w.cfg.Inbox.Settle(ctx, j, a.Row, nil)
	}
	return w.troubled(ctx, j, f, why, a.Row), nil
}

// opened says that the API answered.
func (w *Worker) opened(key string) {
	if w.valve.open(key) {
		w.log.Info("the API answers again: look-ups go on")
		w.wake()
	}
}

// troubled puts a job off that failed so.
func (w *Worker) troubled(ctx context.Context, j store.Job, f fate, why *model.Problem, row model.Row) ended {
	rest := map[fate]time.Duration{fateRefused: tokenRest, fateCut: cutRest, fateHeld: min(max(why.Wait, time.Second), heldRest)}[f]
	key, words, now := j.Key, reason(why), w.clock.Now()
	switch {
	case f == fateTorn && w.valve.spare(key, now, cutRest):
		j.Due, j.Reason = now.Add(cutRest), words
		return w.wrote(j, waits, w.cfg.Inbox.PutOff(ctx, j, row))
	case rest == 0:
		return w.failed(ctx, j, why, row)
	}
	if f == fateHeld { // nothing is wrong with it
		key, words, row = "", "the API's limits are used up", model.Row{}
	}
	whole, first := w.valve.shut(key, now, rest)
	if !whole {
		return w.failed(ctx, j, why, row)
	}
	if first {
		w.log.Warn("look-ups wait: "+words, "seconds", rest.Seconds())
	}
	j.Due, j.Reason = now.Add(rest), words
	return w.wrote(j, waits, w.cfg.Inbox.PutOff(ctx, j, row))
}

// How long nothing is asked for when it is of no use.
const (
	tokenRest = time.Minute      // the token is refused: somebody has to log in
	cutRest   = 10 * time.Second // as long as the client's breaker stays open
	heldRest  = 5 * time.Minute  // our own limits are used up: the longest of them
)

// failed puts a job off that failed, or sets it aside when it failed too often. The
// row is marked with why, unless it says so itself.
func (w *Worker) failed(ctx context.Context, j store.Job, why *model.Problem, row model.Row) ended {
	if row.ID == "" && j.Kind == store.JobLookUp {
		part := why.Part
		if part == "" {
			part = model.PartStatus
		}
		row = model.Row{ID: j.Key, Problems: []model.Failed{{Part: part, Kind: why.Kind, HTTP: why.HTTP}}}
	}
	return w.retry(ctx, j, reason(why), why.Wait, row)
}

// retry puts a job off after another failure, or sets it aside. asked is how long it
// was asked to wait.
func (w *Worker) retry(ctx context.Context, j store.Job, why string, asked time.Duration, row model.Row) ended {
	how := putOff
	j.Tries++
	wait := backOff(j.Tries, asked)
	j.Due, j.Reason = w.clock.Now().Add(wait), why
	if j.Tries >= maxTries {
		j.Aside, how = true, aside
		w.valve.trust(j.Key)
	}
	w.log.Warn("a job failed", "kind", string(j.Kind), "key", j.Key, "try", j.Tries, "reason", why, "aside", j.Aside, "wait", wait.Round(time.Second).String())
	err := w.cfg.Inbox.PutOff(ctx, j, row)
	if err != nil && row.ID != "" && !errors.Is(err, store.ErrDown) && ctx.Err() == nil {
		err = w.cfg.Inbox.PutOff(ctx, j, model.Row{}) // the row cannot be kept, that it failed can
	}
	return w.wrote(j, how, err)
}

// settle keeps a session that was read, and does what the rules say. One that has not
// begun is asked for again later.
func (w *Worker) settle(ctx context.Context, j store.Job, row model.Row) (ended, error) {
	begun := !idling(row)
	ends := j
	if !begun {
		ends = store.Job{} // the job stays
	}
	var does store.Effects
	var now model.Row
	err := w.cfg.Inbox.Settle(ctx, ends, row, func(before, after model.Row) store.Effects {
		does, now = w.effects(before, after), after
		return does
	})
	if err != nil {
		return left, err
	}
	w.acted(ctx, j.Key, does)
	if begun {
		return done, nil
	}
	return w.poll(ctx, j, now)
}

// idling reports whether nothing has happened in a session yet that a webhook would
// tell of.
func idling(r model.Row) bool {
	return r.Status == model.StatusUnknown || r.Status == "" && r.Verdict == ""
}

// polls is what a look-up job remembers.
type polls struct {
	Polls int `json:"polls"`
}

// poll plans the next look-up of a session that has not begun, or ends it when that is
// too long ago.
func (w *Worker) poll(ctx context.Context, j store.Job, row model.Row) (ended, error) {
	now := w.clock.Now()
	if now.Sub(row.AddedAt) >= longestUnknown || row.Life == model.Deleted {
		return done, w.cfg.Inbox.Settle(ctx, j, model.Row{}, nil)
	}
	var p polls
	if len(j.Body) > 0 && json.Unmarshal(j.Body, &p) != nil {
		p = polls{} // it counts from the beginning
	}
	j.Due, j.Tries, j.Reason = now.Add(pollWait(p.Polls)), 0, ""
	j.Body = []byte(`{"polls":` + strconv.Itoa(p.Polls+1) + `}`)
	return waits, w.cfg.Inbox.PutOff(ctx, j, model.Row{})
}

// acted tells of what rules did, and has their entries signed.
func (w *Worker) acted(ctx context.Context, id string, does store.Effects) {
	for _, e := range does.Log {
		w.log.Info("a rule acted", "session", id, "rule", e.By, "did", e.Detail)
	}
	if len(does.Log) == 0 {
		return
	}
	if err := w.cfg.Desk.Wrote(ctx, len(does.Log)); err != nil {
		w.log.Error("the audit log could not be signed: it is with the next", "error", brief(err))
	}
	w.wake()
}
