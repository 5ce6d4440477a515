package desk

import (
	"context"
	"errors"
	"slices"

	"docket/model"
	"docket/store"
)

// addParts are what the inbox needs to know of a session that comes in.
var addParts = []model.Part{model.PartStatus, model.PartScore, model.PartOCR}

// waitParts are asked for too when the session waits for a person: only its events
// tell since when, and the inbox puts first who has waited longest.
var waitParts = []model.Part{model.PartEvents}

// Arrival is what was read of a session that comes into the inbox.
type Arrival struct {
	Row      model.Row        // what the inbox keeps of it, nothing masked
	Problems []*model.Problem // of the parts that failed, in the order of asking

	so *model.Session
}

// Arrive reads of a session what the inbox needs: status, score and OCR, and the
// events if it waits for a person. put keeps it, whatever came: then an unknown
// outcome that the reading proves is settled, and what is alike is linked. It
// returns put's error, or that of ctx when that ended before everything was read.
//
// Nothing of what put gets is masked: it is for who may see everything.
func (s *Seat) Arrive(ctx context.Context, id string, put func(Arrival) error) error {
	if p := s.unwatched(); p != nil {
		return p
	}
	return s.arrive(ctx, id, put)
}

// unwatched returns why this seat is not one of docket's own, to which nothing is masked.
func (s *Seat) unwatched() *model.Problem {
	if p := s.deniedAny(MaySee, MayRisk); p != nil {
		return p
	}
	return s.scoped("This is")
}

func (s *Seat) arrive(ctx context.Context, id string, put func(Arrival) error) error {
	old, err := s.d.cfg.Store.Get(ctx, id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	begun := s.d.cfg.Now().UTC()
	e := s.d.arriving(ctx, id)
	if err := ctx.Err(); err != nil {
		return err
	}
	so, _ := e.now()
	problems := problemsOf(so, slices.Concat(addParts, waitParts))
	return s.d.kept(ctx, e, old, func(row model.Row) error {
		for _, f := range row.Problems { // of the row itself
			if so.Parts[f.Part].Problem == nil {
				problems = append(problems, model.NewProblem(f.Kind, "What the API sent could not be kept in the inbox", shortID(id), "decide on this session elsewhere, and report it"))
			}
		}
		if !slices.ContainsFunc(problems, func(p *model.Problem) bool { return p.Kind != model.KindNotFound }) {
			row.ReadAt = begun // else what is in memory may be older
		}
		return put(Arrival{row, problems, so})
	})
}

// arriving reads what the inbox needs of a session.
func (d *Desk) arriving(ctx context.Context, id string) *entry {
	// Those that come in must not push out what people look at.
	e := d.cache.has(id)
	if e == nil {
		e = newEntry(id, d.cfg.Provider.Name())
	}
	d.fetchParts(ctx, e, addParts)
	if so, _ := e.now(); so.Verdict.OpenToDecision() && so.FinishedAt.IsZero() {
		d.fetchParts(ctx, e, waitParts)
	}
	return e
}

// problemsOf returns what failed of the parts, in their order.
func problemsOf(so *model.Session, parts []model.Part) (all []*model.Problem) {
	for _, p := range parts {
		if prob := so.Parts[p].Problem; prob != nil {
			all = append(all, prob)
		}
	}
	return all
}

// Wrote counts entries that came into the log with something else, and signs it now
// and then.
func (d *Desk) Wrote(ctx context.Context, entries int) error {
	if d.unsigned.Add(int64(entries)) >= signEvery {
		return d.Sign(ctx)
	}
	return nil
}

// Reread reads again what a decision rests on, keeps it in memory for what this seat
// does next, and returns its digest and what failed. Nobody is shown anything.
func (s *Seat) Reread(ctx context.Context, id string) (digest string, problems []*model.Problem) {
	if p := s.unwatched(); p != nil {
		return "", []*model.Problem{p}
	}
	e := s.d.entry(id)
	s.hold(e)
	s.d.fetch(ctx, e, driftParts)
	so, _ := e.now()
	return so.Digest, problemsOf(so, driftParts)
}
