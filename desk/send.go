package desk

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"docket/audit"
	"docket/model"
	"docket/store"
)

// send leads an action to its end. confirms is the proposal that it was until now;
// nil: it is this person's own.
func (s *Seat) send(ctx context.Context, a model.Action, hold time.Duration, confirms *model.Proposal) (*Submission, error) {
	if p := s.deniedAny(MayLook, asks[a.Kind]); p != nil {
		return nil, p
	}
	if p := s.outsideAny(ctx, a.IDs); p != nil {
		return nil, p
	}
	so := s.d.cache.peek(a.ID())
	if p := s.refusal(a, so); p != nil {
		return nil, p
	}
	if p := s.incomplete(a, so); p != nil {
		return nil, p
	}
	since := s.d.cfg.Now()
	if p := s.taken(ctx, a, confirms); p != nil {
		return nil, p
	}
	deed := s.deed(a)
	if confirms != nil {
		deed.ref, deed.salt, deed.confirms = confirms.Ref, confirms.Salt, confirms
	}
	if p := s.Barred(ctx, a); p != nil {
		_ = s.unsent(ctx, deed, p) // refused all the same when that cannot be logged
		return nil, p
	}
	ctx, cancel := context.WithCancel(ctx)
	sub := NewSubmission(a, s.d.cfg.Now().Add(hold), cancel)
	if !s.d.reserve(sub) {
		cancel()
		return nil, model.NewProblem(model.KindGuard, "An action on this session is already on its way, nothing more was sent",
			shortID(a.ID()), "wait for it, or undo it with u")
	}
	s.d.wanted.Add(1)
	go func() {
		defer s.d.wanted.Done()
		defer cancel()
		outcomes := s.run(ctx, sub, hold, since, deed)
		if ended := s.d.cfg.Ended; ended != nil {
			for _, o := range outcomes {
				ended(o)
			}
		}
		s.d.release(sub)
		for i := range outcomes {
			outcomes[i] = s.lensOf(outcomes[i].ID).outcome(outcomes[i])
		}
		sub.End(outcomes)
	}()
	return sub, nil
}

// taken returns a problem if one of the sessions is not free: the outcome of an
// earlier action on it is unknown, and a second write could reach the API beside the
// first (another process that is sending right now looks the same from here);
// somebody else has claimed it; something waits for a second person.
func (s *Seat) taken(ctx context.Context, a model.Action, confirms *model.Proposal) *model.Problem {
	for _, id := range a.IDs {
		row, err := s.d.cfg.Store.Get(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return model.AsProblem(stored(err, "The inbox could not be read, so nothing was sent"))
		}
		if p := s.barring(row, confirms); p != nil {
			return p
		}
	}
	return nil
}

// barring returns why a session is not free.
func (s *Seat) barring(row model.Row, confirms *model.Proposal) *model.Problem {
	if row.Pending != nil {
		do := "look at the session, then settle it in the console (: settle)"
		if row.Pending.Action.Info().Proof != model.ProveNothing {
			do = "read the session again in a minute: that settles it, or settle it in the console (: settle)"
		}
		return model.NewProblem(model.KindGuard, "The outcome of an earlier "+string(row.Pending.Action)+" is unknown, nothing more was sent",
			shortID(row.ID), do)
	}
	if p := s.claimedBy(row); p != nil {
		p.Message += "; nothing was sent"
		return p
	}
	switch {
	case confirms != nil && (row.Proposal == nil || row.Proposal.Ref != confirms.Ref):
		return noProposal(row.ID)
	case confirms == nil && row.Proposal != nil:
		return model.NewProblem(model.KindGuard, row.Proposal.Action.Kind.Info().Title+" by "+row.Proposal.By+" waits for a second person; nothing was sent",
			shortID(row.ID), "confirm or decline it first, with w in the console or `docket confirm`")
	}
	return nil
}

// run takes a submission from its hold to its end. What it knows of the sessions
// is as old as since, or as the reading before it is sent.
func (s *Seat) run(ctx context.Context, sub *Submission, hold time.Duration, since time.Time, deed deed) []model.Outcome {
	timer := time.NewTimer(hold)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	// Until Begin the action can be taken back, also while the session is read
	// again.
	if sub.Action.Expect != "" {
		since = s.d.cfg.Now()
	}
	problem := s.voided(ctx, deed, s.d.drift(ctx, sub.Action))
	if ctx.Err() != nil || !sub.Begin() {
		return s.unsent(ctx, deed, takenBack(sub.Action))
	}
	if problem == nil {
		problem = s.another(deed.by, deed.a)
	}
	if problem != nil {
		return s.unsent(ctx, deed, problem)
	}
	if rule, ok := s.second(deed.a, s.d.cache.peek(deed.a.ID())); ok && deed.confirms == nil {
		return s.propose(ctx, deed, since, rule)
	}
	// From here on nothing may cut it off: the call has a limit of its own.
	return s.write(context.WithoutCancel(ctx), deed, since)
}

// another returns a problem if who sits here is not who submitted an action: the API
// would take it for theirs, with their token.
func (s *Seat) another(by string, a model.Action) *model.Problem {
	if s.Me().Identity == by {
		return nil
	}
	return model.NewProblem(model.KindGuard, "Somebody else has logged in since "+by+" asked for this; nothing more was sent",
		shortID(a.ID()), "look at the session, then decide as yourself")
}

// unsent ends an action that was not sent, and logs that.
func (s *Seat) unsent(ctx context.Context, deed deed, problem *model.Problem) []model.Outcome {
	all := s.each(deed.a, model.Outcome{Result: model.ResultNotSent, Problem: problem})
	entries := make([]audit.Entry, len(all))
	for i := range all {
		entries[i] = deed.ended(&all[i])
	}
	if s.d.log(context.WithoutCancel(ctx), entries...) != nil {
		for i := range all {
			all[i].Says += " The audit log could not be written."
		}
	}
	return all
}

func takenBack(a model.Action) *model.Problem {
	return model.NewProblem(model.KindUndone, a.Kind.Info().Title+" was taken back, nothing was sent", shortID(a.ID()), "")
}

// driftParts are what a decision rests on.
var driftParts = []model.Part{model.PartStatus, model.PartScore, model.PartOCR}

// drift reads the session again and returns a problem if it is not what was
// shown, or cannot be read. Without an expected digest there is nothing to
// compare.
func (d *Desk) drift(ctx context.Context, a model.Action) *model.Problem {
	if a.Expect == "" || ctx.Err() != nil {
		return nil
	}
	e := d.entry(a.ID())
	before, _ := e.now()
	d.fetch(ctx, e, driftParts)
	so, _ := e.now()
	return drifted(a, before, so)
}

// drifted returns a problem if a session as it is now is not what was shown
// before, or could not be read.
func drifted(a model.Action, before, so *model.Session) *model.Problem {
	for _, p := range driftParts {
		// What had failed when it was shown may fail again: the person decided
		// without it, with an override.
		prob := so.Parts[p].Problem
		if prob == nil || before.Parts[p].Problem != nil {
			continue
		}
		again := *prob
		again.Message = "The session could not be read again before sending, so nothing was sent: " + prob.Message
		return &again
	}
	if so.Digest == a.Expect {
		return nil
	}
	message := "The session has changed since it was shown, so nothing was sent"
	p := model.NewProblem(model.KindDrift, message, shortID(a.ID()), "look at it again, then decide")
	if difference := differences(before, so); difference != "" {
		p = p.Quote(difference) // it is not for everybody which checks there are
	}
	return p
}

// write stores the intent, makes the call, and stores the outcome.
func (s *Seat) write(ctx context.Context, deed deed, since time.Time) []model.Outcome {
	a := deed.a
	intent := model.Pending{Action: a.Kind, By: deed.by, At: s.d.cfg.Now().UTC(), Reason: a.Reason, Ref: deed.ref}
	if deed.confirms != nil {
		intent.Confirms = deed.confirms.Ref
	}
	if len(s.d.cfg.Second) > 0 { // what was done with a session counts for the rules: it stays in the inbox
		for _, id := range a.IDs {
			if err := s.ensureRow(ctx, id); err != nil {
				return s.unsent(ctx, deed, model.AsProblem(err))
			}
		}
	}
	var rows []model.Row
	for i, id := range a.IDs {
		if slices.Index(a.IDs, id) == i {
			rows = append(rows, s.d.known(id))
		}
	}
	if err := s.d.cfg.Store.Intend(ctx, intent, since, deed.intents(), rows...); err != nil {
		return s.unsent(ctx, deed, s.unintended(ctx, deed, err))
	}
	out := model.Outcome{Result: model.ResultNotSent, Problem: tooLate(a)}
	if s.d.cfg.Now().Sub(intent.At) <= soon {
		out = s.d.cfg.Provider.Act(ctx, a)
	}
	if out.Result == model.ResultNotSent && deed.confirms != nil {
		out.Says += " The proposal ended with it: it has to be made again."
	}
	all := s.each(a, out)
	for i := range all {
		s.conclude(ctx, &all[i], intent, deed)
	}
	_ = s.d.Sign(ctx) // what is not signed now is signed with the next
	return all
}

// soon is how long after its intent an action may be sent: others count the time
// that it can still take effect from the intent.
const soon = 5 * time.Second

// ErrLate is the cause of an action that was not sent because the inbox was busy for too
// long.
var ErrLate = errors.New("the inbox was busy for too long")

func tooLate(a model.Action) *model.Problem {
	return model.NewProblem(model.KindGuard, "The inbox was busy for too long, so nothing was sent", shortID(a.ID()),
		"look at the session again, then try again").Because(ErrLate)
}

// unintended says why an intent or a proposal was not stored: another docket on the
// same inbox was first, or the inbox is in trouble.
func (s *Seat) unintended(ctx context.Context, deed deed, err error) *model.Problem {
	for _, first := range []error{store.ErrPending, store.ErrClaimed, store.ErrProposed, store.ErrNoProposal, store.ErrActed} {
		if !errors.Is(err, first) {
			continue
		}
		if p := s.taken(ctx, deed.a, deed.confirms); p != nil {
			return p
		}
		return model.NewProblem(model.KindDrift, "Another docket acted on this session meanwhile, so nothing was sent",
			shortID(deed.a.ID()), "look at it again, then decide").Because(err)
	}
	return model.AsProblem(stored(err, "The intent could not be stored, so nothing was sent"))
}

// each gives every session of an action its own copy of an outcome.
func (s *Seat) each(a model.Action, o model.Outcome) []model.Outcome {
	all := make([]model.Outcome, len(a.IDs))
	for i, id := range a.IDs {
		all[i] = o
		all[i].Action, all[i].ID, all[i].At = a, id, s.d.cfg.Now().UTC()
	}
	return all
}

// conclude reads a session back after a write and stores how it ended.
func (s *Seat) conclude(ctx context.Context, o *model.Outcome, intent model.Pending, deed deed) {
	e := s.d.entry(o.ID)
	if o.Result == model.ResultUnknown || o.Result == model.ResultDone && o.Action.Kind != model.ActDelete {
		s.readBack(ctx, e, o)
	}
	if o.Result == model.ResultDone && o.Action.Kind == model.ActDelete {
		left, err := s.d.forget(ctx, o.ID, intent, deed.entry(audit.Delete, o.ID), deed.ended(o))
		if err != nil {
			o.Problem = model.AsProblem(stored(err, "Deleted at the API, but what is kept here could not be erased"))
		}
		if len(left) > 0 {
			o.Says += " " + leftBehind(left)
		}
		return
	}
	s.remember(ctx, o, deed)
	if o.Result == model.ResultDone && o.Action.Kind == model.ActEnroll {
		_ = s.enrolment(ctx, o.ID, enrolmentDone, nil) // else EnrollOnce asks the API, which knows too
	}
	if err := s.keepOutcome(ctx, o, intent, deed); err != nil {
		o.Says += " The inbox could not be brought up to date: see `docket doctor`."
	}
	if o.Result == model.ResultDone && o.Action.Kind.Info().Decision {
		_ = s.letGo(ctx, o.ID, "decided") // else the lease ends by itself
	}
	if o.Life != "" {
		e.update(func(so *model.Session) { so.Life = o.Life })
	}
	s.d.keep(ctx, e)
}

// keepOutcome logs how an action ended and, unless nobody knows, ends it.
func (s *Seat) keepOutcome(ctx context.Context, o *model.Outcome, intent model.Pending, deed deed) error {
	if o.Result == model.ResultUnknown {
		return s.d.log(ctx, deed.ended(o))
	}
	intent.Took, intent.Unsent = o.Result == model.ResultDone, o.Result == model.ResultNotSent
	return s.d.cfg.Store.Conclude(ctx, o.ID, intent, s.d.cfg.Now(), deed.ended(o))
}

// drop takes a session out of memory.
func (d *Desk) drop(id string) {
	d.cache.drop(id)
	d.dropPictures(func(of string) bool { return of == id })
}

// forget erases what is kept here of a session that was deleted at the API, and logs
// that it was erased and how the deletion ended. Only then the deletion has ended: one
// that was cut off is found again. It returns the case files that are known and were
// left.
func (d *Desk) forget(ctx context.Context, id string, intent model.Pending, erased, ended audit.Entry) (left []string, err error) {
	d.drop(id)
	if left, err = d.eraseCases(ctx, id); err != nil {
		return left, err
	}
	if len(left) > 0 {
		erased.Detail = "left on disk " + strconv.Itoa(len(left))
	}
	switch err := d.cfg.Store.Forget(ctx, id, erased); {
	case err == nil:
	case errors.Is(err, store.ErrNotFound):
		erased.Detail = "nothing"
		if err := d.log(ctx, erased); err != nil {
			return left, err
		}
	default:
		return left, err
	}
	return left, d.cfg.Store.Conclude(ctx, id, intent, d.cfg.Now(), ended)
}

// rescored are the actions after which the verdict may be another.
var rescored = map[model.ActionKind]bool{
	model.ActApprove: true, model.ActReject: true, model.ActReview: true, model.ActExpire: true,
}

// readBack fetches the status, and the score where the verdict may be another,
// and concludes what they prove.
func (s *Seat) readBack(ctx context.Context, e *entry, o *model.Outcome) {
	parts := []model.Part{model.PartStatus}
	if rescored[o.Action.Kind] {
		parts = append(parts, model.PartScore)
	}
	s.d.fetchParts(ctx, e, parts)
	so, _ := e.now()
	if so.Parts[model.PartStatus].Problem == nil {
		o.Status = so.Status
	}
	switch {
	case o.Result == model.ResultUnknown && proves(o.Action.Kind, so):
		o.Result, o.Problem = model.ResultDone, nil
		reads := "the session now reads " + string(so.Status)
		if o.Action.Kind.Info().Proof == model.ProveGone {
			reads = "it does not know the session any more"
		}
		o.Says = "The API gave no clear answer, but " + reads + ": it took effect."
	case o.Result == model.ResultDone && o.Action.Kind == model.ActExpire && o.Status != "" && !proves(o.Action.Kind, so):
		o.Says = "The API accepted it, but the session still reads " + string(o.Status) + ": it may not meet the condition."
	}
}

// remember keeps the reason, the note and the evidence of a decision here: the API
// is not told.
func (s *Seat) remember(ctx context.Context, o *model.Outcome, deed deed) {
	if o.Result != model.ResultDone && o.Result != model.ResultUnknown || o.Action.Reason == "" {
		return
	}
	text := o.Action.Kind.Info().Title + ", " + o.Action.Reason
	if o.Action.Note != "" {
		text += ": " + o.Action.Note
	}
	if deed.confirms != nil {
		text += " (proposed by " + deed.confirms.By + ")"
	}
	if err := s.keepNote(ctx, o.ID, model.Note{By: deed.by, Text: text, Salt: deed.salt, Evidence: o.Action.Evidence}); err != nil {
		o.Says += " The reason could not be kept here."
	}
}
