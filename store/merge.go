package store

import (
	"maps"
	"math"
	"slices"
	"time"

	"docket/model"
)

// Fresh prepares a row that the inbox does not hold yet: times to the
// microsecond, and those that are missing filled in.
func Fresh(r model.Row, now time.Time) model.Row {
	r = tidy(r, now)
	if r.Told {
		r.Told, r.Ruled = false, &model.Ruled{}
	}
	if r.AddedAt.IsZero() {
		r.AddedAt = r.UpdatedAt
	}
	if r.WaitsFrom.IsZero() {
		r.WaitsFrom = r.AddedAt
	}
	return r
}

// tidy returns a row as it will be read back.
func tidy(r model.Row, now time.Time) model.Row {
	r.CreatedAt, r.WaitsFrom, r.AddedAt = clean(r.CreatedAt), clean(r.WaitsFrom), clean(r.AddedAt)
	r.UpdatedAt, r.ClaimedAt, r.ClaimedUntil, r.ActedAt = clean(r.UpdatedAt), clean(r.ClaimedAt), clean(r.ClaimedUntil), clean(r.ActedAt)
	r.ReadAt = clean(r.ReadAt)
	if r.UpdatedAt.IsZero() {
		r.UpdatedAt = clean(now)
	}
	for _, p := range []*model.Personal{&r.Name, &r.DocNumber, &r.DeviceHash, &r.IP} {
		*p = p.Hidden()
	}
	r.Tags = Tags(r.Tags)
	if len(r.Custom) == 0 {
		r.Custom = nil
	}
	if len(r.Problems) == 0 {
		r.Problems = nil
	}
	r.Pending, r.Proposal, r.Decided = Pending(r.Pending), Proposal(r.Proposal), decided(r.Decided)
	return r
}

// Merge returns what is known of a session after a new row came, and whether
// that is anything new:
//
//   - AddedAt, tags, head start, claim, proposal, decision, pending outcome and what rules
//     have seen stay: they have methods of their own. A row that says when it was added makes a guest one that stays.
//   - A row that carries a verdict or a score has read the score. Everything that
//     comes from the score (verdict, score, reason, rule, worst check, enrolled
//     face, antifraud) is then taken as one, because a reason that is missing from
//     a new score is a reason no more.
//   - Everything else that is empty, zero or absent in the new row stays as it was.
//   - Problems are those of the latest reading, none included.
//   - UpdatedAt moves, and never backward, when anything else changed.
//   - What a webhook told (Told) takes no status back that is further in the flow, and
//     no problem of a reading away, and does not change since when somebody waits.
//   - A reading that began before the one that is known (ReadAt of both) brings no
//     status and nothing of the score: look-ups overtake each other.
//   - Into a session whose life is Deleted nothing comes: what was erased is not
//     brought back by an answer that was still under way.
func Merge(old, in model.Row, now time.Time) (model.Row, bool) {
	if old.Life == model.Deleted {
		return old, false
	}
	in = current(old, tidy(in, now))
	out := old
	if old.Pending != nil && old.Pending.Guest && !in.AddedAt.IsZero() {
		out.Pending, out.AddedAt = Pending(old.Pending), in.AddedAt
		out.Pending.Guest = false
	}
	set(&out.Status, in.Status)
	out.Problems = in.Problems
	mergeKnown(&out, &in)
	if same(&out, &old) && out.Pending == old.Pending {
		return old, false
	}
	if in.UpdatedAt.After(old.UpdatedAt) {
		out.UpdatedAt = in.UpdatedAt
	}
	return out, true
}

// current returns a new row without what is older in it than what is known.
func current(old, in model.Row) model.Row {
	switch {
	case in.Told:
		in.Problems, in.WaitsFrom = old.Problems, time.Time{}
		if in.Status.Rank() < old.Status.Rank() {
			in.Status = ""
		}
	case !in.ReadAt.IsZero() && in.ReadAt.Before(old.ReadAt):
		in.ReadAt, in.Problems = time.Time{}, old.Problems
		in.Status, in.Verdict, in.Score = "", "", nil
	}
	return in
}

// mergeKnown takes over whatever the new row knows.
func mergeKnown(out, in *model.Row) {
	set(&out.Provider, in.Provider)
	set(&out.Life, in.Life)
	set(&out.DocType, in.DocType)
	set(&out.DocCountry, in.DocCountry)
	set(&out.ExternalID, in.ExternalID)
	set(&out.CustomerID, in.CustomerID)
	set(&out.FlowID, in.FlowID)
	set(&out.DeviceCountry, in.DeviceCountry)
	setPersonal(&out.Name, in.Name)
	setPersonal(&out.DocNumber, in.DocNumber)
	setPersonal(&out.DeviceHash, in.DeviceHash)
	setPersonal(&out.IP, in.IP)
	if !in.CreatedAt.IsZero() {
		out.CreatedAt = in.CreatedAt
	}
	if !in.WaitsFrom.IsZero() {
		out.WaitsFrom = in.WaitsFrom
	}
	if !in.ReadAt.IsZero() {
		out.ReadAt = in.ReadAt
	}
	if in.Custom != nil {
		out.Custom = maps.Clone(in.Custom)
	}
	if in.Verdict != "" || in.Score != nil {
		set(&out.Verdict, in.Verdict) // a score without a verdict takes none back
		out.Score, out.ReviewReason = in.Score, in.ReviewReason
		out.RuleName, out.WorstKey, out.WorstStatus = in.RuleName, in.WorstKey, in.WorstStatus
		out.OpenKey, out.OpenStatus = in.OpenKey, in.OpenStatus
		out.Existing, out.Antifraud = in.Existing, in.Antifraud
	}
}

func set[T ~string](to *T, from T) {
	if from != "" {
		*to = from
	}
}

func setPersonal(to *model.Personal, from model.Personal) {
	if !from.Empty() || !to.Present() && from.Present() {
		*to = from
	}
}

// same compares all that Merge may change.
func same(a, b *model.Row) bool {
	x, y := *a, *b
	equal := equalScore(x.Score, y.Score) && slices.Equal(x.Problems, y.Problems) && maps.Equal(x.Custom, y.Custom) &&
		x.CreatedAt.Equal(y.CreatedAt) && x.WaitsFrom.Equal(y.WaitsFrom)
	return equal && texts(&x) == texts(&y) && personals(&x) == personals(&y) && x.Existing == y.Existing
}

func texts(r *model.Row) [17]string {
	return [17]string{
		r.Provider, string(r.Status), string(r.Life), string(r.Verdict), string(r.ReviewReason), r.RuleName,
		r.WorstKey, string(r.WorstStatus), r.DocType, r.DocCountry, r.ExternalID, r.CustomerID, r.FlowID,
		r.DeviceCountry, string(r.Antifraud), r.OpenKey, string(r.OpenStatus),
	}
}

func personals(r *model.Row) [4]model.Personal {
	return [4]model.Personal{r.Name, r.DocNumber, r.DeviceHash, r.IP}
}

func equalScore(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return math.Float64bits(*a) == math.Float64bits(*b)
}

// Forgotten returns what stays of a session whose personal data was deleted:
// that it was there, and when. What the checks found is about the person and goes
// as well, and so does its status: how far the person came.
func Forgotten(r model.Row, now time.Time) model.Row {
	return model.Row{
		ID: r.ID, Provider: r.Provider, Life: model.Deleted,
		CreatedAt: r.CreatedAt, WaitsFrom: r.WaitsFrom, AddedAt: r.AddedAt, UpdatedAt: clean(now),
		Pending: r.Pending, ActedAt: r.ActedAt,
	}
}

// Tags returns tags as they are kept: sorted, each once, none empty; nil for
// none.
func Tags(tags []string) []string {
	out := slices.DeleteFunc(slices.Clone(tags), func(t string) bool { return t == "" })
	slices.Sort(out)
	if out = slices.Compact(out); len(out) == 0 {
		return nil
	}
	return out
}
