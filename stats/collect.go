package stats

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"time"

	"docket/audit"
	"docket/model"
)

// Reach is how long after a claim or an intent a decision still belongs to it. What
// is older does not count, so the log is read from that long before the period on.
const Reach = 30 * 24 * time.Hour

// TookEffect is the result of a settle entry that says that the action was done.
const TookEffect = "took effect"

// Collector computes a report from the entries of a log, one pass, in order.
type Collector struct {
	q        Query
	sessions map[string]*session
	people   map[string]*person
	total    person
	days     map[string]*Day
	reasons  map[Reason]int
	report   Report
}

// person is one reviewer, or all of them together.
type person struct {
	Tally
	took []time.Duration
	days map[string]*Day
}

// session is what has to be remembered of one session.
type session struct {
	claims map[string]time.Time // by identity, the last one
	open   []intent             // whose ends are not known
	stands *decision            // the decision of the period that nothing has changed since
}

// intent is an action that was about to be sent.
type intent struct {
	at, claimed              time.Time
	by, action, was          string
	ref, reason, first       string
	decides, within, changed bool // an approval or rejection; in the period; of what was decided
}

// decision is one that may yet be overturned.
type decision struct {
	by     *person
	status string // of the session after it
}

// New returns a collector.
func New(q Query) *Collector {
	if q.Zone == nil {
		q.Zone = time.UTC
	}
	return &Collector{
		q: q, sessions: map[string]*session{}, people: map[string]*person{}, days: map[string]*Day{}, reasons: map[Reason]int{},
	}
}

// tells has what each event of the log means here; the others mean nothing.
var tells = map[audit.Event]func(*Collector, audit.Entry){
	audit.Claim:    (*Collector).claim,
	audit.TakeOver: (*Collector).claim,
	audit.Intent:   (*Collector).intent,
	audit.Outcome:  (*Collector).outcome,
	audit.Settle:   (*Collector).settle,
	audit.Undo:     func(c *Collector, e audit.Entry) { c.stopped(e, func(t *Tally) { t.Undone++ }) },
	audit.Refused:  func(c *Collector, e audit.Entry) { c.stopped(e, func(t *Tally) { t.Refused++ }) },
	audit.Propose:  func(c *Collector, e audit.Entry) { c.proposal(e, &c.report.Proposals.Proposed) },
	audit.Decline:  func(c *Collector, e audit.Entry) { c.proposal(e, &c.report.Proposals.Declined) },
	audit.Withdraw: func(c *Collector, e audit.Entry) { c.proposal(e, &c.report.Proposals.Withdrawn) },
	audit.Void:     func(c *Collector, e audit.Entry) { c.proposal(e, &c.report.Proposals.Voided) },
}

// Add takes the next entry.
func (c *Collector) Add(e audit.Entry) {
	if tell := tells[e.Event]; tell != nil {
		tell(c, e)
	}
}

// Matters reports whether an entry can make a difference, by a look at its line:
// most of a log are views, which need not be decoded. A quotation mark inside of a
// value is escaped, so nothing but the name of the member looks like it.
func Matters(line []byte) bool {
	_, rest, found := bytes.Cut(line, []byte(`"event":"`))
	name, _, closed := bytes.Cut(rest, []byte(`"`))
	return !found || !closed || tells[audit.Event(name)] != nil
}

func (c *Collector) within(t time.Time) bool { return !t.Before(c.q.Since) && t.Before(c.q.Until) }

func (c *Collector) session(id string) *session {
	s := c.sessions[id]
	if s == nil {
		s = &session{}
		c.sessions[id] = s
	}
	return s
}

func (c *Collector) person(by string) *person {
	p := c.people[by]
	if p == nil {
		p = &person{days: map[string]*Day{}}
		c.people[by] = p
	}
	return p
}

// count counts something for a reviewer and for all.
func (c *Collector) count(by string, add func(*Tally)) {
	add(&c.total.Tally)
	add(&c.person(by).Tally)
}

func (c *Collector) claim(e audit.Entry) {
	s := c.session(e.Session)
	if s.claims == nil {
		s.claims = map[string]time.Time{}
	}
	s.claims[e.By] = e.At
}

// decides reports whether an action is a decision as it is counted here.
func decides(action string) bool {
	return action == string(model.ActApprove) || action == string(model.ActReject)
}

func (c *Collector) intent(e audit.Entry) {
	s := c.session(e.Session)
	i := intent{
		at: e.At, by: e.By, action: e.Action, was: e.Was, ref: e.Ref, reason: e.Reason, first: e.First,
		decides: decides(e.Action), within: c.within(e.At), changed: model.Status(e.Was).Decided(),
	}
	if at, ok := s.claims[e.By]; ok && e.At.Sub(at) <= Reach {
		i.claimed = at
	}
	s.open = append(s.open, i)
}

// outcome ends the intent with the same ref, unless nobody knows how it ended.
func (c *Collector) outcome(e audit.Entry) {
	switch e.Result {
	case string(model.ResultUnknown):
	case string(model.ResultDone):
		if i, ok := c.take(e, func(i intent) bool { return i.ref == e.Ref }); ok {
			c.done(e, i, e.At)
		}
	default:
		c.stopped(e, func(t *Tally) { t.Refused++ })
	}
}

// settle ends the latest intent with the same action. Nobody worked between the
// intent and the settling, so the time to decide ends with the intent.
func (c *Collector) settle(e audit.Entry) {
	i, ok := c.take(e, func(i intent) bool { return i.action == e.Action && e.At.Sub(i.at) <= Reach })
	switch {
	case !ok:
	case e.Result == TookEffect:
		c.done(e, i, i.at)
	case i.decides && c.within(e.At):
		c.count(i.by, func(t *Tally) { t.NoEffect++ })
	}
}

// take returns the latest open intent of the entry's session that fits, and closes it.
func (c *Collector) take(e audit.Entry, fits func(intent) bool) (intent, bool) {
	s := c.session(e.Session)
	for n := len(s.open) - 1; n >= 0; n-- {
		if i := s.open[n]; fits(i) {
			s.open = slices.Delete(s.open, n, n+1)
			return i, true
		}
	}
	return intent{}, false
}

// stopped counts what ended without an effect.
func (c *Collector) stopped(e audit.Entry, add func(*Tally)) {
	c.take(e, func(i intent) bool { return i.ref == e.Ref })
	if decides(e.Action) && c.within(e.At) {
		c.count(e.By, add)
	}
}

func (c *Collector) proposal(e audit.Entry, n *int) {
	if c.within(e.At) {
		*n++
	}
}

// statusAfter is how a session reads after a decision.
var statusAfter = map[string]string{
	string(model.ActApprove): string(model.StatusManualReviewApproved),
	string(model.ActReject):  string(model.StatusManualReviewRejected),
}

// done takes in that an action took effect, as the entry says; its time to decide
// ended at the time given.
func (c *Collector) done(e audit.Entry, i intent, end time.Time) {
	in := c.within(e.At)
	if in && i.first != "" {
		c.report.Proposals.Confirmed++
	}
	s := c.session(e.Session)
	c.changes(s, i, in)
	if !i.decides {
		return
	}
	s.stands = nil
	if in {
		c.decided(s, i, e.At, end)
	}
}

// changes takes in that an action took back what was decided.
func (c *Collector) changes(s *session, i intent, in bool) {
	back := i.action == string(model.ActReview)
	if !i.changed || !back && (!i.decides || statusAfter[i.action] == i.was) {
		return
	}
	switch {
	case in && back:
		c.report.Reversals.Reversed++
	case in:
		c.report.Reversals.Overturned++
	}
	if s.stands != nil && s.stands.status == i.was {
		s.stands.by.Overturned++
		c.total.Overturned++
	}
	s.stands = nil
}

// decided counts a decision of the period.
func (c *Collector) decided(s *session, i intent, at, end time.Time) {
	p := c.person(i.by)
	s.stands = &decision{by: p, status: statusAfter[i.action]}
	approved := i.action == string(model.ActApprove)
	add := func(t *Tally) { t.Rejected++ }
	if approved {
		add = func(t *Tally) { t.Approved++ }
	}
	c.count(i.by, add)
	c.reasons[Reason{Action: model.ActionKind(i.action), Code: i.reason}]++
	for _, days := range []map[string]*Day{c.days, p.days} {
		onDay(days, at.In(c.q.Zone).Format(time.DateOnly)).add(approved)
	}
	if i.claimed.IsZero() {
		c.count(i.by, func(t *Tally) { t.Unclaimed++ })
		return
	}
	took := end.Sub(i.claimed)
	c.total.took, p.took = append(c.total.took, took), append(p.took, took)
}

func onDay(days map[string]*Day, day string) *Day {
	d := days[day]
	if d == nil {
		d = &Day{Day: day}
		days[day] = d
	}
	return d
}

func (d *Day) add(approved bool) {
	if approved {
		d.Approved++
	} else {
		d.Rejected++
	}
}

// Report returns what the entries say, once there are no more. What still waits is
// not in the log: the caller adds it.
func (c *Collector) Report() Report {
	for _, s := range c.sessions {
		for _, i := range s.open {
			if i.decides && i.within {
				c.count(i.by, func(t *Tally) { t.Unknown++ })
			}
		}
	}
	r := c.report
	r.Since, r.Until, r.Zone = c.q.Since, c.q.Until, c.q.Zone.String()
	r.Total = c.total.sum()
	r.Spread = spread(c.total.took)
	r.Days = c.allDays()
	r.Reviewers = []Reviewer{}
	for by, p := range c.people {
		r.Reviewers = append(r.Reviewers, Reviewer{By: by, Tally: p.sum(), Days: inOrder(p.days)})
	}
	slices.SortFunc(r.Reviewers, func(a, b Reviewer) int {
		return cmp.Or(cmp.Compare(b.Decided(), a.Decided()), cmp.Compare(a.By, b.By))
	})
	r.Reasons = c.allReasons()
	return r
}

func (p *person) sum() Tally {
	slices.Sort(p.took)
	t := p.Tally
	t.Median, t.P90 = Seconds(Quantile(p.took, 50)), Seconds(Quantile(p.took, 90))
	return t
}

// spreadMarks are the lengths at which the times to decide are divided.
var spreadMarks = []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute}

func spread(took []time.Duration) []Bucket {
	counts := make([]int64, len(spreadMarks)+1)
	for _, d := range took {
		n, found := slices.BinarySearch(spreadMarks, d)
		if found {
			n++ // a bucket ends before its mark
		}
		counts[n]++
	}
	return between(spreadMarks, counts)
}

func inOrder(days map[string]*Day) []Day {
	all := []Day{}
	for _, day := range slices.Sorted(maps.Keys(days)) {
		all = append(all, *days[day])
	}
	return all
}

// allDays returns the days of the period, those on which nobody decided too.
func (c *Collector) allDays() []Day {
	some := inOrder(c.days)
	from := c.q.Since.In(c.q.Zone)
	switch {
	case !c.q.Since.Before(c.q.Until), c.q.Since.IsZero() && len(some) == 0:
		return some
	case c.q.Since.IsZero():
		from, _ = time.ParseInLocation(time.DateOnly, some[0].Day, c.q.Zone) // as it was written
	}
	all := []Day{}
	for n := 0; ; n++ {
		noon := time.Date(from.Year(), from.Month(), from.Day()+n, 12, 0, 0, 0, c.q.Zone)
		day := noon.Format(time.DateOnly)
		if day > c.q.Until.Add(-1).In(c.q.Zone).Format(time.DateOnly) {
			return all
		}
		if d := c.days[day]; d != nil {
			all = append(all, *d)
			continue
		}
		all = append(all, Day{Day: day})
	}
}

func (c *Collector) allReasons() []Reason {
	of := map[model.ActionKind]int{model.ActApprove: c.total.Approved, model.ActReject: c.total.Rejected}
	all := []Reason{}
	for r, n := range c.reasons {
		r.Count, r.Share = n, share(n, of[r.Action])
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(a.Action, b.Action), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code))
	})
	return all
}
