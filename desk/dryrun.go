package desk

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"docket/model"
	"docket/provider"
	"docket/store"
)

// readAtOnce is how many sessions a bulk run reads side by side.
const readAtOnce = 4

// DryRun reads each session and works out whether the action would be sent and why
// not; it sends nothing. Each comes when it is known, in any order. The channel is
// closed after the last, or when ctx ends. The error means that nothing can be
// sent at all.
func (s *Seat) DryRun(ctx context.Context, o BulkOrder) (<-chan BulkItem, error) {
	if p := s.unorderly(o); p != nil {
		return nil, p
	}
	if err := s.viewed(ctx, sight{"", "bulk dry run"}); err != nil {
		return nil, err
	}
	// The pace is kept by looking at the limits, so that what has begun need not
	// wait for longer than a call does; people go first all the same.
	ctx = provider.WithPriority(ctx, provider.Refresh)
	out, ids := make(chan BulkItem), make(chan string)
	go func() {
		defer close(ids)
		for _, id := range o.IDs {
			select {
			case ids <- id:
			case <-ctx.Done():
				return
			}
		}
	}()
	var wg sync.WaitGroup
	for range min(readAtOnce, len(o.IDs)) {
		wg.Go(func() {
			for id := range ids {
				if s.room(ctx, func(string) {}) != nil {
					return
				}
				item := s.look(ctx, o, id)
				select {
				case out <- item:
				case <-ctx.Done():
					return
				}
			}
		})
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	return out, nil
}

// unorderly returns what is wrong with an order whatever its sessions are.
func (s *Seat) unorderly(o BulkOrder) *model.Problem {
	if p := s.deniedAny(MayBulk, asks[o.Action.Kind]); p != nil {
		return p
	}
	n := len(o.IDs)
	switch {
	case n == 0:
		return model.NewProblem(model.KindUsage, "No session was chosen", "", "mark some with space")
	case n > MaxBulk:
		return model.NewProblem(model.KindUsage, "A bulk run takes "+strconv.Itoa(MaxBulk)+" sessions at most", strconv.Itoa(n), "do it in several runs")
	case o.Action.Kind == model.ActDelete:
		return model.NewProblem(model.KindUsage, "Personal data is deleted one session at a time", "", "see `docket delete`")
	}
	waits := &model.Session{Verdict: model.Manual}
	p := s.incomplete(o.Action, waits)
	if p != nil {
		p.Subject = o.Action.Kind.Info().Title
	}
	return p
}

// one is the order's action on one session, as part of the run.
func (o BulkOrder) one(id, digest string) model.Action {
	a := o.Action
	a.IDs, a.Batch, a.Expect = []string{id}, o.Batch, digest
	return a
}

// look reads a session for a dry run.
func (s *Seat) look(ctx context.Context, o BulkOrder, id string) BulkItem {
	item := BulkItem{ID: id, State: BulkRefused}
	a := o.one(id, "")
	if p := s.outside(ctx, id); p != nil {
		item.Why, item.Problem = WhyUnread, p
		return item
	}
	row, err := s.d.cfg.Store.Get(ctx, id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		item.Why, item.Problem = "inbox not readable", model.AsProblem(stored(err, "The inbox could not be read"))
		return item
	}
	row.ID = id
	item.Who, item.Verdict, item.Status = s.lensOf(id).row(row).Name, row.Verdict, row.Status
	if item.Why, item.Problem = s.barred(a, row); item.Problem != nil {
		return item
	}
	e := s.d.cache.has(id) // reading many must not push out what people look at
	if e == nil {
		e = newEntry(id, s.d.cfg.Provider.Name())
	}
	s.d.fetch(ctx, e, driftParts)
	so, _ := e.now()
	item.seen = glanceAt(so)
	if name := so.Applicant.Name; !name.Empty() {
		item.Who = s.lensOf(id).value(name, "name")
	}
	item.Verdict, item.Status = so.Verdict, so.Status
	if want := o.expect[id]; want != "" && want != so.Digest {
		item.Why, item.Problem = notAsPlanned(so)
		return item
	}
	if item.Why, item.Problem = s.unfit(a, so); item.Problem != nil {
		return item
	}
	item.State, item.Forced = BulkReady, a.Kind.Info().Decision && !so.Verdict.OpenToDecision()
	if a.Kind == model.ActApprove {
		for _, c := range s.lensOf(id).session(so).Failed() {
			item.Overrides = append(item.Overrides, c.Name())
		}
	}
	return item
}

// notAsPlanned says why a session is not what a run was planned on.
func notAsPlanned(so *model.Session) (string, *model.Problem) {
	for _, part := range driftParts {
		if p := so.Parts[part].Problem; p != nil {
			return WhyUnread, p
		}
	}
	return WhyChanged, model.NewProblem(model.KindDrift, "The session has changed since the run was planned", shortID(so.ID), "look at it, then decide on it alone")
}

// Why a session is left out, in few words.
const (
	WhyUnknown  = "outcome unknown"
	WhyClaimed  = "claimed by others"
	WhyProposed = "waits for a second person"
	WhySecond   = "needs a second person"
	WhyDeleted  = "deleted"
	WhyUnread   = "not readable"
	WhyWaiting  = "not waiting"
	WhyExpired  = "expired already"
	WhyChanged  = "changed meanwhile"
	WhyGuard    = "not allowed"
	WhyAPI      = "refused by the API"
	WhyNotSent  = "not sent"
)

// bar is a guard on what the inbox knows of a session: why in few words, and what to
// say of it. Guards that come with other policies are rows here.
type bar struct {
	why  string
	bars func(s *Seat, row model.Row) bool
	says string
	do   string
}

var bars = []bar{
	{WhyDeleted, func(_ *Seat, r model.Row) bool { return r.Life == model.Deleted }, "The personal data of the session is deleted", ""},
	{
		WhyUnknown, func(_ *Seat, r model.Row) bool { return r.Pending != nil },
		"The outcome of an earlier action is unknown", "read the session again, or settle it in the console (: settle)",
	},
	{
		WhyClaimed, func(s *Seat, r model.Row) bool { return r.HeldBy(s.Me().Identity, s.d.cfg.Now()) != "" },
		"Somebody else has claimed the session", "wait for them",
	},
	{WhyProposed, func(_ *Seat, r model.Row) bool { return r.Proposal != nil }, "A decision waits for a second person", "confirm or decline it first"},
}

// barred returns why the inbox or this seat is in the way of a session, in few
// words and as a problem.
func (s *Seat) barred(a model.Action, row model.Row) (string, *model.Problem) {
	for _, b := range bars {
		if b.bars(s, row) {
			return b.why, model.NewProblem(model.KindGuard, b.says, shortID(a.ID()), b.do)
		}
	}
	// What has not been read yet is no reason here.
	if p := s.refusal(a, &model.Session{}); p != nil {
		return WhyGuard, p
	}
	return "", nil
}

// unfit returns why a session as it was read may not be sent.
func (s *Seat) unfit(a model.Action, so *model.Session) (string, *model.Problem) {
	needed := []model.Part{model.PartStatus}
	if a.Kind.Info().Decision {
		needed = append(needed, model.PartScore)
	}
	for _, part := range needed {
		if p := so.Parts[part].Problem; p != nil {
			return WhyUnread, p
		}
	}
	if a.Kind == model.ActExpire && so.Status == model.StatusExpired {
		return WhyExpired, model.NewProblem(model.KindGuard, "The session has expired already", shortID(a.ID()), "")
	}
	if p := s.incomplete(a, so); p != nil {
		return WhyWaiting, p
	}
	if rule, ok := s.second(a, so); ok {
		return WhySecond, model.NewProblem(model.KindGuard, "A second person has to confirm this one"+because(rule.Name), shortID(a.ID()), "do it alone: then it is proposed")
	}
	return "", nil
}

// roomy is the part of the API's limits that a bulk run leaves to everybody else.
const roomy = 2 // one of so many

// roomPause is how long is waited before the limits are looked at again.
const roomPause = 500 * time.Millisecond

// room waits until half of the API's limits is free.
func (s *Seat) room(ctx context.Context, waits func(what string)) error {
	for {
		b := s.d.cfg.Provider.Budget()
		if b.WindowLeft*roomy >= b.WindowMax && b.SecondLeft*roomy >= b.SecondMax {
			waits("")
			return ctx.Err()
		}
		waits("room in the API's limits")
		if err := sleep(ctx, roomPause); err != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
