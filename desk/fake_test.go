package desk_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/model"
	"docket/provider"
	"docket/store"
	"docket/store/sqlite"
)

// faultyProvider answers from memory, so that a test can decide when a part
// comes, what fails, and what a write does. Everything else in these tests is
// real.
type faultyProvider struct {
	mu      sync.Mutex
	verdict model.Verdict
	status  model.Status
	known   map[string]bool               // nil: every id
	gate    map[model.Part]chan struct{}  // a part waits for its gate
	fail    map[model.Part]*model.Problem // a part fails
	fetched map[string]map[model.Part]int // how often, by id
	prio    map[model.Part]provider.Priority
	acts    []model.Action
	onAct   func(model.Action) model.Outcome // nil: done
	follow  []model.Part
	more    []model.Part // parts of an opening beside the usual
	images  []model.Image
	raw     bool // it has raw answers
	token   bool // it gives tokens of sessions

	links     int // how many links it gave
	linkFails *model.Problem
	// pictures answers for a picture; nil: one that says what it is.
	pictures func(context.Context, string, model.PictureRef) (model.Picture, *model.Problem)
}

func newFaultyProvider() *faultyProvider {
	return &faultyProvider{
		verdict: model.Manual, status: model.StatusFinished,
		gate: map[model.Part]chan struct{}{}, fail: map[model.Part]*model.Problem{},
		fetched: map[string]map[model.Part]int{}, prio: map[model.Part]provider.Priority{},
	}
}

func (p *faultyProvider) Name() string   { return "faulty" }
func (p *faultyProvider) Origin() string { return "https://api.example.test" }

func (p *faultyProvider) Capabilities() model.Capabilities {
	return model.Capabilities{
		model.CanDecide: true, model.CanAntifraud: true, model.CanExpire: true, model.CanSetLife: true,
		model.CanDelete: true, model.CanEnroll: true, model.CanSessionToken: p.token,
		model.CanLink: true, model.CanSMS: true, model.CanFlag: true,
	}
}

func (p *faultyProvider) Parts() []model.Part {
	return append([]model.Part{model.PartStatus, model.PartScore, model.PartOCR, model.PartDevice, model.PartEvents}, p.more...)
}

func (p *faultyProvider) Follow(so *model.Session) []model.Part {
	if so.Verdict == "" {
		return nil
	}
	return p.follow
}

func (p *faultyProvider) Fetch(ctx context.Context, id string, part model.Part, _ *model.Session) (func(*model.Session), *model.Problem) {
	p.mu.Lock()
	if p.fetched[id] == nil {
		p.fetched[id] = map[model.Part]int{}
	}
	p.fetched[id][part]++
	p.prio[part] = provider.PriorityOf(ctx)
	gate, prob := p.gate[part], p.fail[part]
	if p.known != nil && !p.known[id] {
		prob = model.NewProblem(model.KindNotFound, "The API does not know the session", id, "check the id")
	}
	verdict, status := p.verdict, p.status
	p.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
		}
	}
	return func(so *model.Session) {
		st := so.Parts[part]
		st.Problem = prob
		if prob == nil {
			st.At = time.Now()
			if p.raw {
				st.Raw = []model.Raw{{Call: string(part), Body: fmt.Appendf(nil, `{"part": %q}`, part), HTTP: 200}}
			}
			switch part {
			case model.PartImages:
				so.Images = p.images
			case model.PartStatus:
				so.Status = status
			case model.PartScore:
				so.Verdict = verdict
				so.Checks = []model.Check{{Section: "idValidation", Key: "documentExpired", Status: model.Fail}}
			case model.PartOCR:
				so.Applicant.Name = model.NewPersonal(model.ClassName, "Ana Prueba")
			case model.PartEvents:
				so.Events, so.EventsMore = []model.Event{{Name: "the first page"}}, true
			case model.PartDevice:
				so.Device = &model.Device{Hash: model.NewPersonal(model.ClassDevice, "hash-1"), IP: model.NewPersonal(model.ClassDevice, "192.0.2.7")}
			}
			so.Digest = fmt.Sprintf("%s/%s", so.Status, so.Verdict)
		}
		so.Parts[part] = st
	}, prob
}

func (p *faultyProvider) FetchMore(context.Context, string) (func(*model.Session), *model.Problem) {
	return func(so *model.Session) {
		so.Events = append(so.Events, model.Event{Name: "the second page"})
		so.EventsMore = false
	}, nil
}

func (p *faultyProvider) Picture(ctx context.Context, id string, ref model.PictureRef) (model.Picture, *model.Problem) {
	p.mu.Lock()
	answer := p.pictures
	p.mu.Unlock()
	if answer != nil {
		return answer(ctx, id, ref)
	}
	return madePicture(id, ref, 0), nil
}

// madePicture has bytes of its own, and as many as asked for if that is more.
func madePicture(id string, ref model.PictureRef, size int) model.Picture {
	body := []byte("picture " + ref.String() + " of " + id)
	body = append(body, make([]byte, max(0, size-len(body)))...)
	sum := sha256.Sum256(body)
	return model.Picture{Ref: ref, Body: body, Media: model.MediaPNG, SHA256: hex.EncodeToString(sum[:]), Width: 4, Height: 3}
}

func (p *faultyProvider) Veiled(_ model.Part, body []byte, plain, _ bool) []byte {
	if plain {
		return body
	}
	return []byte("{}")
}

func (p *faultyProvider) Link(_ context.Context, so *model.Session) (model.Link, *model.Problem) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.linkFails != nil {
		return model.Link{}, p.linkFails
	}
	p.links++
	return model.NewLink("https://onboarding.example.test/" + so.ID), nil
}

func (p *faultyProvider) Row(so *model.Session) model.Row {
	row := model.Row{
		ID: so.ID, Provider: so.Provider, Status: so.Status, Verdict: so.Verdict, Name: so.Applicant.Name,
		UpdatedAt: time.Now(), WaitsFrom: time.Now(),
	}
	if so.Device != nil {
		row.DeviceHash, row.IP = so.Device.Hash, so.Device.IP
	}
	return row
}

func (p *faultyProvider) Act(_ context.Context, a model.Action) model.Outcome {
	p.mu.Lock()
	p.acts = append(p.acts, a)
	do := p.onAct
	p.mu.Unlock()
	if do != nil {
		return do(a)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch a.Kind {
	case model.ActApprove:
		p.status, p.verdict = model.StatusManualReviewApproved, model.ManualOK
	case model.ActReject:
		p.status, p.verdict = model.StatusManualReviewRejected, model.ManualFail
	}
	return model.Outcome{Result: model.ResultDone, HTTP: 200, Says: "done"}
}

func (p *faultyProvider) Login(_ context.Context, _, password string) (string, error) {
	if password != "right" {
		return "", model.NewProblem(model.KindAuth, "The API refused the password", "", "try again")
	}
	return "new-token", nil
}

func (p *faultyProvider) SetToken(string)          {}
func (p *faultyProvider) Journal(int) []model.Call { return nil }
func (p *faultyProvider) Budget() model.Budget     { return model.Budget{} }

func (p *faultyProvider) set(change func(*faultyProvider)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

func (p *faultyProvider) writes() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.acts)
}

func (p *faultyProvider) times(id string, part model.Part) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fetched[id][part]
}

// bench is a desk on a faulty provider and a real store.
type bench struct {
	*desk.Seat
	provider *faultyProvider
	store    store.Store
	desk     *desk.Desk
	clock    *clock
}

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func newBench(t *testing.T, change ...func(*desk.Config)) *bench {
	t.Helper()
	st, err := sqlite.Temp(t.Context())
	require.NoError(t, err)
	b := &bench{provider: newFaultyProvider(), store: st, clock: &clock{at: time.Now()}}
	cfg := desk.Config{Store: st, Provider: b.provider, Token: desk.Token{Present: true, User: "ana"}, Now: b.clock.now}
	for _, c := range change {
		c(&cfg)
	}
	b.desk = desk.New(cfg)
	b.Seat = b.desk.As(model.Actor{Identity: "os:ana", Role: model.RoleOwner})
	t.Cleanup(func() {
		b.desk.Wait()
		require.NoError(t, st.Close())
	})
	return b
}

func approve(id string) model.Action {
	return model.Action{Kind: model.ActApprove, IDs: []string{id}, Reason: "checked-ok"}
}

func kindOf(t *testing.T, err error) model.Kind {
	t.Helper()
	require.Error(t, err)
	return model.AsProblem(err).Kind
}
