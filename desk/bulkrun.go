package desk

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"docket/audit"
	"docket/model"
	"docket/provider"
	"docket/store"
)

// expireAtOnce is how many sessions go in one call where the API takes many. Its
// reference names no limit.
const expireAtOnce = 100

// StartBulk logs the plan for every session that is ready, then sends one after the
// other, each as a decision by itself: read again, compared, intent, one call,
// outcome. Ending ctx ends it after what is on its way; what is left can be gone on
// with, see Remaining. A run that is gone on with is not planned again, and what its
// dry run refused is logged as refused.
func (s *Seat) StartBulk(ctx context.Context, o BulkOrder, items []BulkItem) (*Bulk, error) {
	if p := s.unorderly(o); p != nil {
		return nil, p
	}
	if err := s.here("Nothing was sent"); err != nil {
		return nil, err
	}
	planned := o.Batch != ""
	items = slices.DeleteFunc(slices.Clone(items), func(it BulkItem) bool {
		return it.State != BulkReady && (!planned || halting[it.Problem.Kind]) // what could not be looked at stays planned
	})
	if !slices.ContainsFunc(items, func(it BulkItem) bool { return it.State == BulkReady }) {
		return nil, model.NewProblem(model.KindGuard, "Nothing would be sent", "", "see why in the list")
	}
	if !planned {
		o.Batch = rand.Text()[:refLetters]
	}
	if !s.d.begin(o.Batch) {
		return nil, model.NewProblem(model.KindGuard, "A bulk run is under way here already", "", "wait for its end, or stop it")
	}
	if !planned {
		if err := s.plan(ctx, o, items); err != nil {
			s.d.end()
			return nil, err
		}
	}
	by := s.Me().Identity
	ctx, cancel := context.WithCancel(provider.WithPriority(ctx, provider.Refresh))
	b := NewBulk(o, items, s.d.cfg.Now(), cancel)
	s.d.wanted.Add(1)
	go func() {
		defer s.d.wanted.Done()
		defer cancel()
		end, why := s.runBulk(ctx, b, by)
		s.d.end()
		b.Finish(end, why, s.d.cfg.Now())
	}()
	return b, nil
}

// begin notes that a bulk run is under way here, unless one is.
func (d *Desk) begin(batch string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.batch != "" {
		return false
	}
	d.batch = batch
	return true
}

func (d *Desk) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.batch = ""
}

// plan logs what the run will do, before its first write.
func (s *Seat) plan(ctx context.Context, o BulkOrder, items []BulkItem) error {
	now := s.d.cfg.Now().UTC()
	entries := make([]audit.Entry, len(items))
	for i, it := range items {
		e := s.entry(audit.Plan, it.ID)
		e.Action, e.Reason, e.Batch, e.Was, e.Detail = string(o.Action.Kind), o.Action.Reason, o.Batch, loggedStatus(it.Status), it.seen.so.Digest
		entries[i] = e
	}
	b := model.Batch{ID: o.Batch, By: s.Me().Identity, Action: o.Action, At: now}
	return stored(s.d.cfg.Store.PlanBatch(ctx, b, entries), "The plan could not be logged, so nothing was sent")
}

// strikes is after how many sessions in a row that the API gave no proper answer
// for a run does not go on.
const strikes = 5

// runBulk sends everything for who began it, and says how it ended.
func (s *Seat) runBulk(ctx context.Context, b *Bulk, by string) (BulkEnd, *model.Problem) {
	size := 1
	if b.Order.Action.Kind.Info().Bulk {
		size = expireAtOnce
	}
	all := make([]int, len(b.items))
	for i := range all {
		all[i] = i
	}
	missed := 0 // in a row
	for len(all) > 0 && s.room(ctx, b.Wait) == nil {
		if p := s.another(by, b.Order.Action); p != nil {
			p.Do = "what is left can be gone on with by " + by
			return BulkHalted, p
		}
		group := all[:min(size, len(all))]
		answered, halt := s.sendGroup(ctx, b, group)
		if missed++; answered {
			missed = 0
		}
		switch {
		case ctx.Err() != nil:
		case missed == strikes:
			return BulkHalted, noAnswers(halt)
		case halt != nil && halt.Kind == model.KindRate:
			s.rest(ctx, b, halt.Wait)
			continue // the same again: nothing was sent
		case halt != nil:
			return BulkHalted, halt
		}
		all = all[len(group):]
	}
	switch left := b.Progress().Left; {
	case left == 0:
		return BulkFinished, nil
	case b.stopped():
		return BulkStopped, model.AsProblem(s.logStop(context.WithoutCancel(ctx), b.Order.Batch, left))
	}
	return BulkInterrupted, nil
}

func noAnswers(last *model.Problem) *model.Problem {
	p := model.NewProblem(model.KindServer, "The API gave no proper answer "+strconv.Itoa(strikes)+" times in a row", "", "see what became of them, then go on with the run")
	if last != nil {
		p.Message += ": " + last.Message
	}
	return p
}

func (s *Seat) logStop(ctx context.Context, batch string, left int) error {
	e := s.entry(audit.Stop, "")
	e.Batch, e.Detail = batch, strconv.Itoa(left)
	if err := s.d.log(ctx, e); err != nil {
		return stored(err, "The audit log could not be written: the run can still be gone on with")
	}
	return s.d.Sign(ctx)
}

// halting are the problems that the next session would have too.
var halting = map[model.Kind]bool{
	model.KindAuth: true, model.KindForbidden: true, model.KindUnreachable: true, model.KindRate: true, model.KindFailed: true,
}

// sendGroup sends a group of sessions in one call. It reports whether the API
// answered properly, and what keeps the run from going on: then those of the group
// that were not sent are still left.
func (s *Seat) sendGroup(ctx context.Context, b *Bulk, group []int) (proper bool, halt *model.Problem) {
	since := s.d.cfg.Now()
	found := s.again(ctx, b, group)
	var fit []int
	for k, i := range group {
		if p := found[k].problem; p != nil && halting[p.Kind] && halt == nil {
			halt = p
		}
		if found[k].problem == nil {
			fit = append(fit, i)
		}
	}
	if ctx.Err() != nil || halt != nil {
		for _, i := range group {
			b.Set(i, func(it *BulkItem) { it.State = BulkReady })
		}
		return false, halt
	}
	proper = true
	for k, i := range group {
		if p := found[k].problem; p != nil {
			proper = proper && answered(p)
			a := b.Order.one(b.item(i).ID, "")
			s.bulkEnded(b, group[k:k+1], found[k].why, s.unsent(ctx, s.bulkDeed(b, a, group[k:k+1]), p))
		}
	}
	if len(fit) == 0 {
		return proper, nil
	}
	return s.sendFit(ctx, b, fit, since, proper)
}

// answered reports whether a problem is about the session and not about the API.
func answered(p *model.Problem) bool {
	switch p.Kind {
	case model.KindServer, model.KindTimeout, model.KindShape, model.KindOutcome, model.KindRate, model.KindUnreachable:
		return false
	default:
		return true
	}
}

// sendFit makes the one call for the sessions that nothing is in the way of.
func (s *Seat) sendFit(ctx context.Context, b *Bulk, fit []int, since time.Time, proper bool) (bool, *model.Problem) {
	a := b.Order.one("", "")
	a.IDs = nil
	for _, i := range fit {
		a.IDs = append(a.IDs, b.item(i).ID)
	}
	deed := s.bulkDeed(b, a, fit)
	sub := NewSubmission(a, s.d.cfg.Now(), func() {})
	var outcomes []model.Outcome
	if s.d.reserve(sub) {
		sub.Begin()
		outcomes = s.write(context.WithoutCancel(ctx), deed, since)
		s.d.release(sub)
	} else {
		outcomes = s.unsent(ctx, deed, model.NewProblem(model.KindGuard, "An action on this session is already on its way, nothing more was sent", shortID(a.ID()), "wait for it"))
	}
	sub.End(outcomes)
	s.bulkEnded(b, fit, "", outcomes)
	p := outcomes[0].Problem // of one call they are alike
	if p == nil || outcomes[0].Result == model.ResultDone {
		return proper, nil
	}
	if p.Kind == model.KindRate {
		s.rest(ctx, b, p.Wait)
		return false, nil
	}
	if halting[p.Kind] {
		return false, p
	}
	return proper && answered(p), nil
}

// restTime is how long a run rests when the API has had too many requests and does
// not say for how long.
const restTime = 5 * time.Second

func (s *Seat) rest(ctx context.Context, b *Bulk, wait time.Duration) {
	if wait <= 0 {
		wait = restTime
	}
	b.Wait("the API: too many requests, " + wait.String())
	_ = sleep(ctx, wait) // the loop looks at ctx itself
	b.Wait("")
}

// bulkDeed is the deed of sessions of the run, on the evidence of the dry run.
func (s *Seat) bulkDeed(b *Bulk, a model.Action, group []int) deed {
	d := s.newDeed(a)
	for _, i := range group {
		if it := b.item(i); it.seen != nil {
			d.was[it.ID], d.saw[it.ID] = it.seen.so.Status, it.seen.saw
		}
	}
	return d
}

// bulkEnded keeps what became of sessions, and lets go of what was seen of them.
func (s *Seat) bulkEnded(b *Bulk, group []int, why string, outcomes []model.Outcome) {
	for k, o := range outcomes {
		if ended := s.d.cfg.Ended; ended != nil {
			ended(o)
		}
		b.Set(group[k], func(it *BulkItem) { it.end(o, why) })
	}
}

// end keeps an outcome.
func (it *BulkItem) end(o model.Outcome, why string) {
	it.Says, it.HTTP, it.Problem, it.seen = o.Says, o.HTTP, o.Problem, nil
	if o.Status != "" {
		it.Status = o.Status
	}
	switch o.Result {
	case model.ResultDone:
		it.State, it.Why = BulkDone, ""
	case model.ResultUnknown:
		it.State, it.Why = BulkUnknown, WhyUnknown
	case model.ResultRefused:
		it.State, it.Why = BulkRefused, WhyAPI
	case model.ResultNotSent:
		it.State, it.Why = BulkRefused, why
		if why == "" {
			it.Why = WhyNotSent
		}
	}
}

// finding is why a session is not sent; nothing: it is.
type finding struct {
	why     string
	problem *model.Problem
}

// again reads the sessions of a group and holds them against all guards and against
// what the dry run saw. It changes nothing.
func (s *Seat) again(ctx context.Context, b *Bulk, group []int) []finding {
	found := make([]finding, len(group))
	places := make(chan int)
	var wg sync.WaitGroup
	for range min(readAtOnce, len(group)) {
		wg.Go(func() {
			for k := range places {
				b.Set(group[k], func(it *BulkItem) { it.State = BulkSending })
				found[k] = s.recheck(ctx, b.Order, b.item(group[k]))
			}
		})
	}
	for k := range group {
		places <- k
	}
	close(places)
	wg.Wait()
	return found
}

func (s *Seat) recheck(ctx context.Context, o BulkOrder, it BulkItem) finding {
	if it.Problem != nil { // a run that is gone on with
		return finding{it.Why, it.Problem}
	}
	a := o.one(it.ID, it.seen.so.Digest)
	if p := s.outside(ctx, it.ID); p != nil {
		return finding{WhyUnread, p}
	}
	row, err := s.d.cfg.Store.Get(ctx, it.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return finding{"inbox not readable", model.AsProblem(stored(err, "The inbox could not be read"))}
	}
	if why, p := s.barred(a, row); p != nil {
		return finding{why, p}
	}
	e := s.d.entry(it.ID)
	s.d.fetch(ctx, e, driftParts)
	so, _ := e.now()
	if p := drifted(a, it.seen.so, so); p != nil {
		why := WhyUnread
		if p.Kind == model.KindDrift {
			why = WhyChanged
		}
		return finding{why, p}
	}
	why, p := s.unfit(a, so)
	return finding{why, p}
}
