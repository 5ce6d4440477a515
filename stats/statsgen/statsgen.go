// Package statsgen makes a plausible past of a team of reviewers as entries of the
// audit log: the same one for the same seed. The demo, tests and benchmarks use it.
// Nobody in it exists.
package statsgen

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"docket/audit"
	"docket/model"
)

// Past says how much happened.
type Past struct {
	Seed   uint64
	Team   []string  // identities, the busiest first
	From   time.Time // the first day
	Until  time.Time // nothing happens from then on
	PerDay int       // sessions on a working day
	Views  int       // views for each session, which are most of a real log
}

// Entries returns the past in the order of the log.
func Entries(p Past) []audit.Entry {
	w := &writer{rand: rand.New(rand.NewPCG(p.Seed, 1)), past: p}
	for day := p.From; day.Before(p.Until); day = day.AddDate(0, 0, 1) {
		for range w.busy(day) {
			w.session(day.Add(w.between(7*time.Hour, 18*time.Hour)))
		}
	}
	slices.SortStableFunc(w.all, func(a, b audit.Entry) int { return a.At.Compare(b.At) })
	return slices.DeleteFunc(w.all, func(e audit.Entry) bool { return !e.At.Before(p.Until) })
}

type writer struct {
	rand *rand.Rand
	past Past
	all  []audit.Entry
	at   time.Time
	id   string
}

// busy is how many sessions come on a day: few at the weekend.
func (w *writer) busy(day time.Time) int {
	n := w.past.PerDay*3/4 + w.rand.IntN(w.past.PerDay/2+1)
	if wd := day.Weekday(); wd == time.Saturday || wd == time.Sunday {
		n /= 4
	}
	return n
}

func (w *writer) between(least, most time.Duration) time.Duration {
	return least + time.Duration(w.rand.Int64N(int64(most-least))).Truncate(time.Millisecond)
}

// one in n times it is true.
func (w *writer) one(n int) bool { return w.rand.IntN(n) == 0 }

// reviewer prefers those at the beginning of the team.
func (w *writer) reviewer() string {
	n := len(w.past.Team)
	return w.past.Team[min(w.rand.IntN(n), w.rand.IntN(n))]
}

func (w *writer) put(by string, event audit.Event, change func(*audit.Entry)) {
	e := audit.Entry{At: w.at, By: by, Event: event, Session: w.id}
	if change != nil {
		change(&e)
	}
	w.all = append(w.all, e)
}

// session is what happens to one session, from the claim on.
func (w *writer) session(at time.Time) {
	w.at, w.id = at, fmt.Sprintf("%016x%08x", w.rand.Uint64(), w.rand.Uint32())
	by := w.reviewer()
	for range w.past.Views {
		w.put(by, audit.View, func(e *audit.Entry) { e.Detail = "session" })
	}
	if !w.one(12) {
		w.put(by, audit.Claim, nil)
	}
	w.at = w.at.Add(w.thinking())
	if w.one(25) {
		w.four(by)
		return
	}
	action := w.decision()
	w.decide(by, action, model.StatusFinished)
	if w.one(30) {
		w.again(by, action)
	}
}

// thinking is how long a decision takes: mostly a minute or two, sometimes long.
func (w *writer) thinking() time.Duration {
	d := w.between(15*time.Second, 3*time.Minute)
	if w.one(6) {
		d += w.between(time.Minute, 20*time.Minute)
	}
	return d
}

func (w *writer) decision() model.ActionKind {
	if w.one(4) {
		return model.ActReject
	}
	return model.ActApprove
}

// reasons are skewed: the first of each are given most.
var reasons = map[model.ActionKind][]string{
	model.ActApprove: {"checked-ok", "false-alarm", "document-accepted", "other"},
	model.ActReject:  {"document-expired", "face-mismatch", "document-altered", "not-live", "duplicate-identity", "data-mismatch"},
}

func (w *writer) reason(action model.ActionKind) string {
	list := reasons[action]
	if len(list) == 0 {
		return ""
	}
	n := len(list)
	return list[min(w.rand.IntN(n), w.rand.IntN(n), w.rand.IntN(n))]
}

func (w *writer) decide(by string, action model.ActionKind, was model.Status) {
	w.act(by, "", action, was)
}

// act writes an intent, or what came instead of it, and how it ended; first is who
// proposed it.
func (w *writer) act(by, first string, action model.ActionKind, was model.Status) {
	ref, reason := fmt.Sprintf("%016X", w.rand.Uint64()), w.reason(action)
	entry := func(e *audit.Entry) { e.Action, e.Ref, e.Reason, e.Was = string(action), ref, reason, string(was) }
	ended := func(event audit.Event, result model.Result, http int) {
		w.put(by, event, func(e *audit.Entry) {
			entry(e)
			e.Result, e.HTTP = string(result), http
		})
	}
	switch {
	case w.one(40):
		ended(audit.Undo, model.ResultNotSent, 0)
		return
	case w.one(60):
		ended(audit.Refused, model.ResultNotSent, 0)
		return
	}
	w.put(by, audit.Intent, func(e *audit.Entry) {
		entry(e)
		e.First = first
	})
	w.at = w.at.Add(w.between(80*time.Millisecond, 900*time.Millisecond))
	if !w.one(120) {
		ended(audit.Outcome, model.ResultDone, 200)
		return
	}
	ended(audit.Outcome, model.ResultUnknown, 504)
	if w.one(4) {
		return
	}
	w.at = w.at.Add(w.between(time.Minute, 3*time.Hour))
	w.put("docket", audit.Settle, func(e *audit.Entry) {
		e.Action, e.Reason, e.Result = string(action), reason, "took effect"
		if w.one(3) {
			e.Result = "did not take effect"
		}
	})
}

// again is a second person who looks at what was decided.
func (w *writer) again(by string, action model.ActionKind) {
	w.at = w.at.Add(w.between(20*time.Minute, 30*time.Hour))
	second := w.other(by)
	was, opposite := model.StatusManualReviewApproved, model.ActReject
	if action == model.ActReject {
		was, opposite = model.StatusManualReviewRejected, model.ActApprove
	}
	w.put(second, audit.Claim, nil)
	w.at = w.at.Add(w.thinking())
	if w.one(2) {
		w.decide(second, opposite, was)
		return
	}
	w.decide(second, model.ActReview, was)
	w.at = w.at.Add(w.thinking())
	w.decide(second, opposite, model.StatusFinished)
}

func (w *writer) other(than string) string {
	for _, by := range w.past.Team {
		if by != than && w.one(2) {
			return by
		}
	}
	return w.past.Team[len(w.past.Team)-1]
}

// four is a decision that needs two people.
func (w *writer) four(by string) {
	action := w.decision()
	w.put(by, audit.Propose, func(e *audit.Entry) { e.Action = string(action) })
	w.at = w.at.Add(w.between(5*time.Minute, 4*time.Hour))
	second := w.other(by)
	switch w.rand.IntN(8) {
	case 0:
		w.put(second, audit.Decline, func(e *audit.Entry) { e.Action = string(action) })
	case 1:
		w.put(by, audit.Withdraw, func(e *audit.Entry) { e.Action = string(action) })
	case 2:
		w.put("docket", audit.Void, func(e *audit.Entry) { e.Action = string(action) })
	default:
		w.put(second, audit.Claim, nil)
		w.at = w.at.Add(w.thinking())
		w.act(second, by, action, model.StatusFinished)
	}
}
