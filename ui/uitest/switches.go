package uitest

import (
	"fmt"
	"slices"
	"time"

	"docket/desk"
	"docket/model"
)

// Latency makes every call that may wait take that long.
func (d *Desk) Latency(t time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.latency = t
}

// Stall makes every call that may wait hang until the returned function is
// called.
func (d *Desk) Stall() (release func()) {
	ch := make(chan struct{})
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stall = ch
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.stall == ch {
			d.stall = nil
			close(ch)
		}
	}
}

// Fault makes a part fail from now on; nil mends it.
func (d *Desk) Fault(part model.Part, p *model.Problem) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p != nil {
		p.Part = part
	}
	d.faults[part] = p
}

// FailLists makes List and Counts fail; nil mends them.
func (d *Desk) FailLists(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.listErr = err
}

// GoAway takes the store away; it is back when the returned function is called.
func (d *Desk) GoAway(since time.Time) (back func()) {
	turn := func(since time.Time) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.away = since
		d.changed()
	}
	turn(since)
	return func() { turn(time.Time{}) }
}

// FailLogin makes Login fail; nil mends it.
func (d *Desk) FailLogin(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.loginErr = err
}

// FailStats makes Stats fail; nil mends it.
func (d *Desk) FailStats(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.statsErr = err
}

// NoPast takes all of the audit log away.
func (d *Desk) NoPast() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.past = nil
}

// Ends sets how actions end from now on; the default is model.ResultDone.
func (d *Desk) Ends(r model.Result) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.outcome = r
}

// SetPolicy changes the policy.
func (d *Desk) SetPolicy(change func(*desk.Policy)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(&d.policy)
}

// Hold keeps a session as it is served from now on.
func (d *Desk) Hold(s *model.Session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sessions[s.ID] = s
}

// Logout takes the token away.
func (d *Desk) Logout() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.token = desk.Token{}
}

// SetCalls replaces the journal.
func (d *Desk) SetCalls(calls []model.Call) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls = calls
}

// Sent returns the actions that went out, in order.
func (d *Desk) Sent() []model.Action {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.sent)
}

// Fetched returns the sessions that were opened or prefetched, in order.
func (d *Desk) Fetched() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.fetched)
}

// Lists returns how many pages were asked for.
func (d *Desk) Lists() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.lists
}

// Looks returns how often the journal was looked at: a console does so once a second.
func (d *Desk) Looks() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.looks
}

// Arrive puts a new session in the inbox, as a webhook would.
func (d *Desk) Arrive(id, name string, verdict model.Verdict) {
	p := person{
		id: id, name: name, gender: "F", born: "1991-01-01", docType: "Passport", country: "ESP", number: "AAB" + id[:5],
		expires: "2032-01-01", verdict: verdict, reason: model.OldID, score: 70, status: model.StatusFinished,
		place: "ES", device: "dev" + id[len(id)-12:], ip: "192.0.2.1",
	}
	s := p.session(d.now())
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sessions[id] = s
	d.rows = append(d.rows, p.row(s))
	d.changed()
}

// Change edits a row and tells the watchers.
func (d *Desk) Change(id string, edit func(*model.Row)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i := d.find(id); i >= 0 {
		edit(&d.rows[i])
		d.changed()
	}
}

// Edit changes a session as the API has it; what was read of it stays as it is.
func (d *Desk) Edit(id string, edit func(*model.Session)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.sessions[id]; s != nil {
		s = s.Clone()
		edit(s)
		d.sessions[id] = s
	}
}

// Clear empties the inbox.
func (d *Desk) Clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.rows = nil
	d.changed()
}

// Many adds n sessions that wait for a person, each a minute younger than the
// one before.
func (d *Desk) Many(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range n {
		id := fmt.Sprintf("70%022x", i)
		p := person{
			id: id, name: fmt.Sprintf("Person Number %06d", i), docType: "Passport", country: "ESP", number: fmt.Sprintf("P%07d", i),
			verdict: model.Manual, reason: model.OldID, score: 70, status: model.StatusFinished, place: "ES",
			device: fmt.Sprintf("%016x", i), ip: "192.0.2.1", waits: 2 - float64(i)/60,
		}
		s := &model.Session{ID: id, Status: p.status, Verdict: p.verdict, ReviewReason: p.reason, Device: p.deviceInfo(), Applicant: model.Applicant{Name: personal(model.ClassName, p.name)}}
		s.FinishedAt = d.now().Add(-time.Duration(p.waits * float64(time.Hour)))
		d.sessions[id] = s
		d.rows = append(d.rows, p.row(s))
	}
	d.changed()
}

// FailLog makes what is to be logged fail; nil mends it.
func (d *Desk) FailLog(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.logErr = err
}

// Logged returns what was revealed or given out, in order.
func (d *Desk) Logged() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.logged)
}
