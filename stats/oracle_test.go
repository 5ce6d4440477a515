package stats_test

import (
	"cmp"
	"slices"
	"time"

	"docket/audit"
	"docket/model"
	"docket/stats"
)

// plain is a log that is read in the plainest way: everything is looked for in the
// whole of it, every time.
type plain struct {
	q   stats.Query
	log []audit.Entry
	end []int // of each intent, by index: the entry that ends it; 0: none
}

func isDecision(action string) bool { return action == "approve" || action == "reject" }

func after(action string) string {
	return map[string]string{"approve": "MANUAL_REVIEW_APPROVED", "reject": "MANUAL_REVIEW_REJECTED"}[action]
}

func newPlain(q stats.Query, log []audit.Entry) *plain {
	p := &plain{q: q, log: log, end: make([]int, len(log))}
	for k, e := range log {
		for i := k - 1; i >= 0; i-- {
			intent := log[i]
			if intent.Event != audit.Intent || p.end[i] != 0 || intent.Session != e.Session {
				continue
			}
			ends := intent.Ref == e.Ref && (e.Event == audit.Undo || e.Event == audit.Refused || e.Event == audit.Outcome && e.Result != "unknown")
			settles := e.Event == audit.Settle && intent.Action == e.Action && e.At.Sub(intent.At) <= stats.Reach
			if ends || settles {
				p.end[i] = k
				break
			}
		}
	}
	return p
}

func (p *plain) in(e audit.Entry) bool { return !e.At.Before(p.q.Since) && e.At.Before(p.q.Until) }

// effect reports whether an intent took effect.
func (p *plain) effect(i int) bool {
	e := p.log[p.end[i]]
	return p.log[i].Event == audit.Intent && p.end[i] != 0 &&
		(e.Event == audit.Outcome && e.Result == "done" || e.Event == audit.Settle && e.Result == "took effect")
}

// effects returns the intents that took effect, by when that was known.
func (p *plain) effects() []int {
	var all []int
	for i := range p.log {
		if p.effect(i) {
			all = append(all, i)
		}
	}
	slices.SortFunc(all, func(a, b int) int { return cmp.Compare(p.end[a], p.end[b]) })
	return all
}

// changes reports whether an action changes what was decided.
func changes(e audit.Entry) bool {
	return model.Status(e.Was).Decided() && (e.Action == "review" || isDecision(e.Action) && after(e.Action) != e.Was)
}

func (p *plain) overturned(i int) bool {
	for _, j := range p.effects() {
		e := p.log[j]
		if p.end[j] <= p.end[i] || e.Session != p.log[i].Session {
			continue
		}
		if changes(e) {
			return e.Was == after(p.log[i].Action)
		}
		if isDecision(e.Action) {
			return false
		}
	}
	return false
}

func (p *plain) claimed(i int) (took time.Duration, ok bool) {
	for k := i - 1; k >= 0; k-- {
		e := p.log[k]
		if (e.Event == audit.Claim || e.Event == audit.TakeOver) && e.Session == p.log[i].Session && e.By == p.log[i].By {
			end := p.log[p.end[i]]
			if end.Event == audit.Settle {
				end = p.log[i]
			}
			return end.At.Sub(e.At), p.log[i].At.Sub(e.At) <= stats.Reach
		}
	}
	return 0, false
}

// tally is of those whose identity is wanted.
func (p *plain) tally(wanted func(by string) bool) (t stats.Tally, took []time.Duration, touched bool) {
	for i, e := range p.log {
		count := func(n *int, by string, yes bool) {
			if yes && wanted(by) {
				*n++
				touched = true
			}
		}
		decides := isDecision(e.Action)
		count(&t.Undone, e.By, e.Event == audit.Undo && decides && p.in(e))
		turned := e.Event == audit.Outcome && e.Result != "done" && e.Result != "unknown"
		count(&t.Refused, e.By, (e.Event == audit.Refused || turned) && decides && p.in(e))
		if e.Event != audit.Intent || !decides {
			continue
		}
		end := p.log[p.end[i]]
		count(&t.Unknown, e.By, p.end[i] == 0 && p.in(e))
		count(&t.NoEffect, e.By, p.end[i] != 0 && end.Event == audit.Settle && end.Result != "took effect" && p.in(end))
		if !p.effect(i) || !p.in(end) {
			continue
		}
		count(&t.Approved, e.By, e.Action == "approve")
		count(&t.Rejected, e.By, e.Action == "reject")
		count(&t.Overturned, e.By, p.overturned(i))
		d, ok := p.claimed(i)
		count(&t.Unclaimed, e.By, !ok)
		if ok && wanted(e.By) {
			took = append(took, d)
		}
	}
	slices.Sort(took)
	if n := len(took); n > 0 {
		t.Median, t.P90 = stats.Seconds(took[(n+1)/2-1]), stats.Seconds(took[(n*9+9)/10-1])
	}
	return t, took, touched
}

// days counts the decisions of the wanted by day.
func (p *plain) days(wanted func(by string) bool, empty bool) []stats.Day {
	all := []stats.Day{}
	for t := p.q.Since; t.Before(p.q.Until); t = t.Add(30 * time.Minute) {
		day := t.In(p.q.Zone).Format(time.DateOnly)
		if n := len(all); n == 0 || all[n-1].Day != day {
			all = append(all, stats.Day{Day: day})
		}
	}
	for n := range all {
		for _, i := range p.effects() {
			e, end := p.log[i], p.log[p.end[i]]
			if !p.in(end) || !wanted(e.By) || end.At.In(p.q.Zone).Format(time.DateOnly) != all[n].Day {
				continue
			}
			switch e.Action {
			case "approve":
				all[n].Approved++
			case "reject":
				all[n].Rejected++
			}
		}
	}
	if !empty {
		all = slices.DeleteFunc(all, func(d stats.Day) bool { return d.Decided() == 0 })
	}
	return all
}

func (p *plain) reasons() []stats.Reason {
	all := []stats.Reason{}
	total := map[model.ActionKind]int{}
	for _, i := range p.effects() {
		e := p.log[i]
		if !isDecision(e.Action) || !p.in(p.log[p.end[i]]) {
			continue
		}
		kind := model.ActionKind(e.Action)
		total[kind]++
		n := slices.IndexFunc(all, func(r stats.Reason) bool { return r.Action == kind && r.Code == e.Reason })
		if n < 0 {
			all, n = append(all, stats.Reason{Action: kind, Code: e.Reason}), len(all)
		}
		all[n].Count++
	}
	for n := range all {
		all[n].Share = float64(all[n].Count) / float64(total[all[n].Action])
	}
	slices.SortFunc(all, func(a, b stats.Reason) int {
		return cmp.Or(cmp.Compare(a.Action, b.Action), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code))
	})
	return all
}

func oracle(q stats.Query, log []audit.Entry) stats.Report {
	p := newPlain(q, log)
	r := stats.Report{Since: q.Since, Until: q.Until, Zone: q.Zone.String(), Reviewers: []stats.Reviewer{}, Reasons: p.reasons()}
	everybody := func(string) bool { return true }
	var took []time.Duration
	r.Total, took, _ = p.tally(everybody)
	r.Days = p.days(everybody, true)
	ends := []time.Duration{0, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute, 1 << 62}
	for n := range len(ends) - 1 {
		b := stats.Bucket{From: stats.Seconds(ends[n]), To: stats.Seconds(ends[n+1])}
		if b.To == 1<<62 {
			b.To = 0
		}
		for _, d := range took {
			if d >= ends[n] && d < ends[n+1] {
				b.Count++
			}
		}
		r.Spread = append(r.Spread, b)
	}
	for _, i := range p.effects() {
		e := p.log[i]
		if !p.in(p.log[p.end[i]]) {
			continue
		}
		if e.First != "" {
			r.Proposals.Confirmed++
		}
		if changes(e) && e.Action == "review" {
			r.Reversals.Reversed++
		} else if changes(e) {
			r.Reversals.Overturned++
		}
	}
	seen := map[string]bool{}
	for _, e := range log {
		if p.in(e) {
			for event, n := range map[audit.Event]*int{
				audit.Propose: &r.Proposals.Proposed, audit.Decline: &r.Proposals.Declined,
				audit.Withdraw: &r.Proposals.Withdrawn, audit.Void: &r.Proposals.Voided,
			} {
				if e.Event == event {
					*n++
				}
			}
		}
		by := e.By
		if seen[by] {
			continue
		}
		seen[by] = true
		one := func(of string) bool { return of == by }
		if t, _, touched := p.tally(one); touched {
			r.Reviewers = append(r.Reviewers, stats.Reviewer{By: by, Tally: t, Days: p.days(one, false)})
		}
	}
	return r
}
