package desk

import (
	"context"

	"docket/audit"
	"docket/model"
)

// proves reports whether a session as just read shows that an action took
// effect.
func proves(kind model.ActionKind, so *model.Session) bool {
	st := so.Parts[model.PartStatus]
	info := kind.Info()
	switch info.Proof {
	case model.ProveStatus:
		if st.Problem != nil {
			return false
		}
		for _, want := range info.Proves {
			if so.Status == want {
				return true
			}
		}
	case model.ProveGone:
		return st.Problem != nil && st.Problem.Kind == model.KindNotFound
	case model.ProveNothing:
	}
	return false
}

// reconcile settles an unknown outcome that a reading proves: that it was
// applied at once, that it was not only after the time that the call had. The
// reading must have begun by then: it shows the session as it was at its start, at
// worst.
func (d *Desk) reconcile(ctx context.Context, row model.Row, so *model.Session) {
	p := row.Pending
	if p == nil || d.busy([]string{row.ID}) != "" {
		return
	}
	st := so.Parts[model.PartStatus]
	begun := st.At
	if n := len(st.Raw); n > 0 {
		begun = begun.Add(-st.Raw[n-1].Took)
	}
	if begun.Before(p.At) && st.Problem == nil {
		return // read before it was sent
	}
	proven := proves(p.Action, so)
	late := p.Action.Info().Proof == model.ProveStatus && st.Problem == nil && begun.Sub(p.At) > settled
	// A failure leaves it unknown, and the next reading tries again.
	switch {
	case proven && p.Action == model.ActDelete:
		_, _ = d.forget(ctx, row.ID, *p, ofPending(d.self(audit.Delete, row.ID), *p), settling(d.self(audit.Settle, row.ID), *p, tookEffect))
	case proven:
		d.settle(ctx, row.ID, *p, tookEffect)
	case late:
		d.settle(ctx, row.ID, *p, "did not take effect: it can be done again")
	}
}

// tookEffect is how an unknown outcome was settled that was a success.
const tookEffect = "took effect"

// settle concludes what a reading has proved and notes it: whoever looks later
// finds the reason of the action among the notes, and must not take it for done.
func (d *Desk) settle(ctx context.Context, id string, p model.Pending, how string) {
	p.Took = how == tookEffect
	if d.cfg.Store.Conclude(ctx, id, p, d.cfg.Now(), settling(d.self(audit.Settle, id), p, how)) != nil {
		return // still unknown
	}
	note := model.Note{By: "docket", At: d.cfg.Now().UTC(), Text: "Settled by reading the session: " + string(p.Action) + " " + how + "."}
	_ = d.cfg.Store.AddNote(ctx, id, note) // the row says it all the same
}

// Settle ends an unknown outcome by a person's word, where no reading can, and
// keeps that word as a note.
func (s *Seat) Settle(ctx context.Context, id string, applied bool) error {
	if err := s.here("The outcome could not be settled"); err != nil {
		return err
	}
	row, err := s.get(ctx, id)
	if err != nil {
		return stored(err, "The outcome could not be settled")
	}
	if row.Pending == nil {
		return model.NewProblem(model.KindUsage, "No outcome of this session is unknown", shortID(id), "")
	}
	if p := s.denied(asks[row.Pending.Action]); p != nil {
		return p
	}
	said := "did not take effect"
	switch {
	case applied:
		said = tookEffect
	case s.d.busy([]string{id}) != "" || s.d.cfg.Now().Sub(row.Pending.At) <= settled:
		return model.NewProblem(model.KindGuard, "It may still be on its way: the API has half a minute for a call", shortID(id),
			"look again in a minute, and settle it")
	}
	row.Pending.Took = applied
	if applied && row.Pending.Action == model.ActDelete {
		erased := ofPending(s.entry(audit.Delete, id), *row.Pending)
		left, err := s.d.forget(ctx, id, *row.Pending, erased, settling(s.entry(audit.Settle, id), *row.Pending, said))
		if err == nil && len(left) > 0 {
			return model.NewProblem(model.KindFailed, "What is kept here was erased. "+leftBehind(left), shortID(id), "")
		}
		return stored(err, "What is kept here could not be erased")
	}
	if err := s.AddNote(ctx, id, "Settled by hand: "+string(row.Pending.Action)+" "+said+"."); err != nil {
		return err
	}
	return stored(s.d.cfg.Store.Conclude(ctx, id, *row.Pending, s.d.cfg.Now(), settling(s.entry(audit.Settle, id), *row.Pending, said)), "The outcome could not be settled")
}
