package intake

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"docket/desk"
	"docket/model"
	"docket/provider/clean"
	"docket/provider/incode"
	"docket/store"
)

// batch is how many webhooks are placed in one transaction: few, so that accepting
// more does not wait for long.
const batch = 50

// place brings webhooks into the inbox until ctx ends. What is under way is cut off
// with work.
func (w *Worker) place(ctx, work context.Context) {
	wait := idle
	for ctx.Err() == nil {
		n, err := w.placeSome(work)
		if n > 0 {
			w.wake()
		}
		if err != nil && ctx.Err() == nil {
			w.log.Error("webhooks wait: they could not be placed", "error", brief(err))
			w.pause(ctx, nil, wait)
			wait = min(2*wait, longestWait)
			continue
		}
		wait = idle
		w.rush.Store(n == batch)
		if n < batch {
			w.pause(ctx, w.placing, idle)
		}
	}
}

// longestWait is how long the worker waits at most for a database that fails.
const longestWait = 10 * time.Second

// placeSome places some webhooks, and returns how many. An error is the database's: those
// that are not among them are still there.
func (w *Worker) placeSome(ctx context.Context) (int, error) {
	n, err := w.bring(ctx, batch, placed)
	if err == nil || errors.Is(err, store.ErrDown) || ctx.Err() != nil {
		return n, err
	}
	w.log.Warn("webhooks are placed one by one: together they fail", "error", brief(err))
	for n = 0; n < batch; n++ {
		if one, err := w.placeOne(ctx); one == 0 || err != nil {
			return n, err
		}
	}
	return n, nil
}

// bring places webhooks the way that fn says, and tells of them when they are in.
func (w *Worker) bring(ctx context.Context, n int, fn func([]store.Delivery) (store.Placed, []arrival)) (int, error) {
	var came []arrival
	n, err := w.cfg.Inbox.Place(ctx, n, func(all []store.Delivery) (p store.Placed) {
		p, came = fn(all)
		return p
	})
	if err != nil {
		return n, err
	}
	for _, a := range came {
		if a.why == "" {
			w.observe("placed", string(a.kind), a.At)
			continue
		}
		w.log.Error("a webhook was set aside", "seq", a.Seq, "reason", a.why)
		w.observe("placed", string(aside), a.At)
	}
	return n, nil
}

// arrival is a webhook that was placed.
type arrival struct {
	store.Delivery
	kind Kind
	why  string // it was set aside; empty: it was not
}

// placeTries is how often a webhook that cannot be placed is tried.
const placeTries = 3

// poison is the webhook that could not be placed last.
type poison struct {
	seq   int64
	tries int
}

// placeOne places the oldest webhook. One that fails all alone again and again is set
// aside, so that the rest can come in.
func (w *Worker) placeOne(ctx context.Context) (int, error) {
	for {
		var seq int64
		n, err := w.bring(ctx, 1, func(all []store.Delivery) (store.Placed, []arrival) {
			seq = all[0].Seq
			return placed(all)
		})
		if err == nil || errors.Is(err, store.ErrDown) || ctx.Err() != nil {
			return n, err
		}
		if w.poison.seq != seq {
			w.poison = poison{seq: seq}
		}
		if w.poison.tries++; w.poison.tries >= placeTries {
			return w.setAside(ctx, seq, brief(err))
		}
		w.pause(ctx, nil, idle<<w.poison.tries)
	}
}

// setAside places the oldest webhook as a job that waits for a person, if it is still
// the one that is meant: somebody else may have placed it.
func (w *Worker) setAside(ctx context.Context, seq int64, reason string) (int, error) {
	return w.bring(ctx, 1, func(all []store.Delivery) (store.Placed, []arrival) {
		if all[0].Seq != seq {
			return placed(all)
		}
		return store.Placed{Jobs: []store.Job{all[0].SetAside(reason)}}, []arrival{{Delivery: all[0], why: reason}}
	})
}

// placed is what becomes of webhooks, by what they say alone.
func placed(all []store.Delivery) (p store.Placed, came []arrival) {
	asked := map[string]bool{}
	for _, d := range all {
		h, why := hookOf(d.Body)
		came = append(came, arrival{d, h.Kind, why})
		switch {
		case why != "":
			p.Jobs = append(p.Jobs, d.SetAside(why))
		case h.told():
			p.Results = append(p.Results, h.result(d.At))
		default:
			p.Rows = append(p.Rows, h.row(d.At))
			if !asked[h.ID] {
				p.Jobs = append(p.Jobs, store.Job{Kind: store.JobLookUp, Key: h.ID, Due: d.At})
			}
			asked[h.ID] = true
		}
	}
	return p, came
}

// hookOf reads what the gateway kept of a webhook, or says what is wrong with it.
func hookOf(body []byte) (h Hook, why string) {
	if err := json.Unmarshal(body, &h); err != nil {
		return h, "what was kept of it cannot be read"
	}
	switch h.Kind {
	case KindOnboarding, KindSession, KindAuthentication, KindIdentity:
	default:
		return h, "docket does not know what it is about"
	}
	if !desk.ValidID(h.ID) {
		return h, "it names no session"
	}
	return h, ""
}

// told reports whether the webhook tells of somebody who is known already, and not of
// a session.
func (h Hook) told() bool { return h.Kind == KindAuthentication || h.Kind == KindIdentity }

// row is what the webhook says of a session.
func (h Hook) row(at time.Time) model.Row {
	return model.Row{
		ID: h.ID, Provider: incode.Name, Status: model.Status(line(h.Status)), FlowID: line(h.FlowID),
		ExternalID: line(h.ExternalID), CustomerID: line(h.CustomerID), AddedAt: at, UpdatedAt: at, WaitsFrom: at, Told: true,
	}
}

// result is what the webhook says of somebody who is known.
func (h Hook) result(at time.Time) store.Result {
	kind := string(h.Kind)
	if h.Event != "" {
		kind = line(h.Event)
	}
	return store.Result{Kind: kind, ID: h.ID, Customer: line(h.CustomerID), Outcome: line(h.Outcome), Detail: line(h.Detail), At: at}
}

// longestLine is how long a text of a webhook may be, in letters: ids and words.
const longestLine = 200

// line is a text of a webhook, harmless and short.
func line(text string) string {
	text, _ = clean.Text(text)
	if r := []rune(text); len(r) > longestLine {
		text = string(r[:longestLine])
	}
	return text
}
