package uitest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"docket/audit"
	"docket/desk"
	"docket/model"
	"docket/ui/common"
)

// Desk is a desk in memory. Its switches may be turned while a console runs on
// it. The zero value is not usable; see New.
type Desk struct {
	now func() time.Time

	mu         sync.Mutex
	rows       []model.Row               // by id
	sessions   map[string]*model.Session // whole, as the API has them
	read       map[string]*model.Session // what was read of them; replaced, never changed
	notes      map[string][]model.Note
	watchers   []chan struct{}
	calls      []model.Call
	policy     desk.Policy
	token      desk.Token
	latency    time.Duration
	stall      chan struct{}
	faults     map[model.Part]*model.Problem
	listErr    error
	loginErr   error
	logErr     error
	logged     []string
	outcome    model.Result
	sent       []model.Action
	fetched    []string // ids that were opened or prefetched
	lists      int
	looks      int               // at the journal
	unfinished []desk.Unfinished // bulk runs
	past       []audit.Entry
	statsErr   error
	away       time.Time
	me         string             // who sits here
	second     []model.SecondRule // see Ask
	renewals   int
	bare       bare // see Unmask
	links      map[string]desk.Links
	linkErr    error

	pictureFaults map[model.PictureRef]*model.Problem
	pictureAsks   []model.PictureRef
	dropped       []string // sessions whose pictures were dropped; see DropPictures
}

var _ common.Desk = (*Desk)(nil)

// New returns a desk with the dozen sessions. A nil clock means a clock that
// stands still at Noon.
func New(now func() time.Time) *Desk {
	if now == nil {
		now = func() time.Time { return Noon }
	}
	d := &Desk{
		now: now, sessions: map[string]*model.Session{}, read: map[string]*model.Session{}, notes: map[string][]model.Note{}, links: map[string]desk.Links{}, faults: map[model.Part]*model.Problem{},
		me: "os:ana", outcome: model.ResultDone, pictureFaults: map[model.PictureRef]*model.Problem{},
		policy: desk.Policy{Role: model.RoleOwner, Rights: desk.RightsOf(model.RoleOwner), Profile: "mx-prod", Origin: "https://api.example.test", Hold: 3 * time.Second, SLA: 4 * time.Hour, Lease: desk.DefaultLease, Can: model.Capabilities{
			model.CanDecide: true, model.CanAntifraud: true, model.CanExpire: true, model.CanSetLife: true,
			model.CanDelete: true, model.CanEnroll: true, model.CanSessionToken: true, model.CanLogin: true,
			model.CanLink: true, model.CanSMS: true, model.CanFlag: true,
		}, SMSText: model.SMSText},
		token: desk.Token{Present: true, User: "ana@example.test", Expires: now().Add(5*time.Hour + 41*time.Minute + 30*time.Second), From: "keyring"},
	}
	for _, p := range people {
		s := p.session(now())
		d.sessions[s.ID] = s
		d.rows = append(d.rows, p.row(s))
	}
	d.link()
	d.calls = calls(now())
	d.past = past(now())
	return d
}

// Noon is where the fake desk's clock stands unless another one is given.
var Noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// link connects the sessions that share a device.
func (d *Desk) link() {
	for id, s := range d.sessions {
		for i := range d.rows {
			r := &d.rows[i]
			if r.ID != id && r.DeviceHash.Reveal() == s.Device.Hash.Reveal() {
				same := r.Name.Reveal() == s.Applicant.Name.Reveal()
				s.Linked = append(s.Linked, model.Linked{ID: r.ID, ExternalID: r.ExternalID, Why: model.LinkDevice, SameName: &same, Row: r})
			}
		}
	}
}

// Me implements common.Desk.
func (d *Desk) Me() model.Actor {
	d.mu.Lock()
	defer d.mu.Unlock()
	return model.Actor{Identity: d.me, Name: "Ana", Role: d.policy.Role}
}

// Policy implements common.Desk.
func (d *Desk) Policy() desk.Policy {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.policy
}

// Token implements common.Desk.
func (d *Desk) Token() desk.Token {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.token
}

// Login accepts any password but "wrong".
func (d *Desk) Login(ctx context.Context, email, password string) error {
	if err := d.wait(ctx); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.loginErr != nil {
		return d.loginErr
	}
	if password == "wrong" {
		return model.NewProblem(model.KindAuth, "e-mail or password refused", "log-in", "check both and try again")
	}
	d.token = desk.Token{Present: true, User: email, Expires: d.now().Add(24 * time.Hour), From: "this log-in"}
	return nil
}

// Reveal implements common.Desk.
func (d *Desk) Reveal(ctx context.Context, ids ...string) error {
	if err := d.wait(ctx); err != nil {
		return err
	}
	return d.log(strings.TrimSpace("reveal " + strings.Join(ids, " ")))
}

// Export implements common.Desk.
func (d *Desk) Export(ctx context.Context, id, what string) error {
	if err := d.wait(ctx); err != nil {
		return err
	}
	return d.log(id + " " + what)
}

func (d *Desk) log(text string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.logErr == nil {
		d.logged = append(d.logged, text)
	}
	return d.logErr
}

// Counts implements common.Desk.
func (d *Desk) Counts(ctx context.Context) (model.Counts, error) {
	if err := d.wait(ctx); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.listErr != nil {
		return nil, d.listErr
	}
	c := model.Counts{}
	for i := range d.rows {
		for _, v := range model.Views() {
			if d.rows[i].In(v.View, d.me, d.now()) {
				c[v.View]++
			}
		}
	}
	return c, nil
}

// Watch implements common.Desk.
func (d *Desk) Watch(ctx context.Context) <-chan struct{} {
	ch := make(chan struct{}, 1)
	d.mu.Lock()
	d.watchers = append(d.watchers, ch)
	d.mu.Unlock()
	context.AfterFunc(ctx, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.watchers = slices.DeleteFunc(d.watchers, func(c chan struct{}) bool { return c == ch })
		close(ch)
	})
	return ch
}

// Away implements common.Desk.
func (d *Desk) Away() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.away
}

// here is the refusal of a store that is away.
func (d *Desk) here() error {
	if d.Away().IsZero() {
		return nil
	}
	return desk.AwayProblem("Nothing was done")
}

// Erased implements common.Desk.
func (d *Desk) Erased(_ context.Context, ids ...string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		i := d.find(id)
		if i < 0 || d.rows[i].Life != model.Deleted || d.read[id] != nil && !d.read[id].ReadBefore(d.rows[i].UpdatedAt) {
			return true
		}
		delete(d.read, id)
		return false
	})
}

// changed tells the watchers; the lock is held.
func (d *Desk) changed() {
	for _, ch := range d.watchers {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

// Add knows every id of 24 hexadecimal digits that does not begin with "dead".
func (d *Desk) Add(ctx context.Context, ids []string) []desk.Added {
	var all []desk.Added
	for _, id := range ids {
		if err := d.wait(ctx); err != nil {
			return append(all, desk.Added{ID: id, Problem: model.AsProblem(err)})
		}
		if len(id) != 24 || id[:4] == "dead" {
			all = append(all, desk.Added{ID: id, Problem: model.NewProblem(model.KindNotFound, "the API does not know the session", id, "check the id")})
			continue
		}
		d.mu.Lock()
		_, old := d.sessions[id]
		d.mu.Unlock()
		if !old {
			d.Arrive(id, "Newly Added", model.Manual)
		}
		row, err := d.Row(ctx, id)
		all = append(all, desk.Added{ID: id, Row: row, New: !old, Problem: model.AsProblem(err)})
	}
	return all
}

// Notes implements common.Desk.
func (d *Desk) Notes(_ context.Context, id string) ([]model.Note, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.notes[id]), nil
}

// AddNote implements common.Desk.
func (d *Desk) AddNote(_ context.Context, id, text string) error {
	if err := d.here(); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.notes[id] = append(d.notes[id], model.Note{ID: int64(len(d.notes[id]) + 1), By: "os:ana", At: d.now(), Text: text})
	return nil
}

// Compared implements common.Desk.
func (d *Desk) Compared(_ context.Context, id string, c model.Comparison) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.notes[id] = append(d.notes[id], model.Note{
		ID: int64(len(d.notes[id]) + 1), By: "os:ana", At: d.now(), Text: "compared", Evidence: model.Evidence{Compared: []model.Comparison{c}},
	})
	return nil
}

// Row implements common.Desk.
func (d *Desk) Row(_ context.Context, id string) (model.Row, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i := d.find(id); i >= 0 {
		return d.seenRow(d.rows[i]), nil
	}
	return model.Row{}, notHere(id)
}

// SetTags implements common.Desk.
func (d *Desk) SetTags(_ context.Context, id string, tags []string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i := d.find(id); i >= 0 {
		d.rows[i].Tags = slices.Clone(tags)
		d.changed()
	}
	return nil
}

// Settle implements common.Desk.
func (d *Desk) Settle(_ context.Context, id string, _ bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i := d.find(id); i >= 0 {
		d.rows[i].Pending = nil
		d.changed()
	}
	return nil
}

// Activity implements common.Desk.
func (d *Desk) Activity(most int) desk.Activity {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.looks++
	calls := d.calls
	if most > 0 {
		calls = calls[:min(most, len(calls))]
	}
	return desk.Activity{
		Calls:  slices.Clone(calls),
		Budget: model.Budget{SecondLeft: 588, SecondMax: 600, WindowLeft: 9800, WindowMax: 10000},
	}
}

func (d *Desk) find(id string) int {
	return slices.IndexFunc(d.rows, func(r model.Row) bool { return r.ID == id })
}

// wait is the latency of every call that may wait.
func (d *Desk) wait(ctx context.Context) error {
	d.mu.Lock()
	latency, stall := d.latency, d.stall
	d.mu.Unlock()
	if err := d.here(); err != nil {
		return err
	}
	if stall != nil {
		select {
		case <-stall:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if latency <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(latency)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
