package session_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/themes"
	"docket/ui/common"
	"docket/ui/dialog"
	"docket/ui/keymap"
	"docket/ui/layout"
	"docket/ui/picture"
	"docket/ui/session"
	"docket/ui/uitest"
)

// theID is the session that the rig serves; the inbox has it as well.
const theID = "5f9a41c2d07e4b12a3c8b7e0"

// rig is a desk whose one session arrives part by part, when the test says so.
type rig struct {
	*uitest.Desk
	whole *model.Session

	mu        sync.Mutex
	have      *model.Session
	changed   chan struct{}
	held      bool // parts wait for arrive
	faults    map[model.Part]*model.Problem
	refreshed [][]model.Part
	submits   int
	refuse    error
}

func newRig() *rig {
	whole := wholeSession(uitest.Noon)
	d := uitest.New(nil)
	d.Hold(whole)
	return &rig{
		Desk: d, whole: whole, changed: make(chan struct{}),
		have: &model.Session{ID: theID, Parts: map[model.Part]model.PartState{}}, faults: map[model.Part]*model.Problem{},
	}
}

func (r *rig) set(s *model.Session) {
	r.have = s
	close(r.changed)
	r.changed = make(chan struct{})
}

// arrive lets parts come, or fail if there is a fault for them.
func (r *rig) arrive(parts ...model.Part) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range parts {
		s := r.have.Clone()
		if f := r.faults[p]; f != nil {
			old := s.Parts[p]
			s.Parts[p] = model.PartState{Problem: f, At: old.At, Raw: old.Raw}
		} else {
			put(s, r.whole, p)
		}
		r.set(s)
	}
}

func (r *rig) fault(p model.Part, problem *model.Problem) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults[p] = problem
}

func (r *rig) Peek(id string) *model.Session {
	if id != theID {
		return r.Desk.Peek(id)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.have.Parts) == 0 {
		return nil
	}
	return r.have
}

func (r *rig) Open(ctx context.Context, id string) <-chan *model.Session {
	if id != theID {
		return r.Desk.Open(ctx, id)
	}
	return r.stream(ctx, opening)
}

func (r *rig) Refresh(ctx context.Context, id string, parts ...model.Part) <-chan *model.Session {
	if id != theID {
		return r.Desk.Refresh(ctx, id, parts...)
	}
	r.mu.Lock()
	r.refreshed = append(r.refreshed, parts)
	r.mu.Unlock()
	if len(parts) == 0 {
		parts = opening
	}
	return r.stream(ctx, parts)
}

func (r *rig) asked() [][]model.Part {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([][]model.Part{}, r.refreshed...)
}

var opening = []model.Part{
	model.PartStatus, model.PartScore, model.PartOCR, model.PartOCR2, model.PartDevice, model.PartEvents,
	model.PartSummary, model.PartImages, model.PartLinked,
}

// stream marks the parts as loading, then sends what arrives until all have.
func (r *rig) stream(ctx context.Context, parts []model.Part) <-chan *model.Session {
	out := make(chan *model.Session)
	r.mu.Lock()
	s := r.have.Clone()
	for _, p := range parts {
		st := s.Parts[p]
		st.Loading = true
		s.Parts[p] = st
	}
	r.set(s)
	held := r.held
	r.mu.Unlock()
	if !held {
		r.arrive(parts...)
	}
	go func() {
		defer close(out)
		for {
			r.mu.Lock()
			s, changed := r.have, r.changed
			r.mu.Unlock()
			select {
			case out <- s:
			case <-ctx.Done():
				return
			}
			loading := false
			for _, p := range parts {
				loading = loading || s.Parts[p].Loading
			}
			if !loading {
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func (r *rig) Plan(a model.Action) desk.Plan {
	if a.ID() != theID {
		return r.Desk.Plan(a)
	}
	plan := desk.Plan{Action: a, Info: a.Kind.Info(), Who: r.whole.Applicant.Name, Verdict: r.whole.Verdict}
	if a.Kind == model.ActApprove {
		plan.Overrides = r.whole.Failed()
	}
	plan.NeedsForce = plan.Info.Decision && !r.whole.Verdict.OpenToDecision()
	if r.Policy().ReadOnly {
		plan.Refusal = model.NewProblem(model.KindGuard, "docket is read-only", "this session", "start it without --read-only")
	}
	return plan
}

func (r *rig) Submit(ctx context.Context, a model.Action) (*desk.Submission, error) {
	r.mu.Lock()
	r.submits++
	refuse := r.refuse
	r.mu.Unlock()
	if refuse != nil {
		return nil, refuse
	}
	return r.Desk.Submit(ctx, a)
}

func (r *rig) submitted() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.submits
}

// newContext is what pages are given, in a terminal of the look.
func newContext(t testing.TB, d common.Desk, look string) *common.Context {
	t.Helper()
	keys, err := keymap.New(nil)
	require.NoError(t, err)
	theme, err := themes.Load(themes.Default)
	require.NoError(t, err)
	profile := map[string]colorprofile.Profile{"16": colorprofile.ANSI, "none": colorprofile.ASCII}[look]
	if look == "dark" || look == "light" {
		profile = colorprofile.TrueColor
	}
	return &common.Context{
		Ctx: t.Context(), Desk: d, Keys: keys, Styles: common.NewStyles(theme, look != "light", profile),
		Now: func() time.Time { return uitest.Noon }, Zone: time.UTC,
		Pictures: picture.NewScreen(picture.Options{}), Decoder: picture.NewDecoder(picture.DefaultKept),
	}
}

// host shows one page with its dialogs, and nothing of the console around it.
type host struct {
	c     *common.Context
	pages []common.Page
	stack *dialog.Stack
	w, h  int
	said  string
}

func newHost(c *common.Context, p common.Page) *host {
	return &host{c: c, pages: []common.Page{p}, stack: dialog.NewStack(c, 0)}
}

func (h *host) page() common.Page { return h.pages[len(h.pages)-1] }

func (h *host) Init() tea.Cmd { return h.page().Init() }

func (h *host) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	h.c.Pictures.Update(msg)
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		h.w, h.h = msg.Width, msg.Height
		for _, p := range h.pages {
			p.SetSize(h.w, h.h-1)
		}
	case func():
		msg() // a test looks at a page where nothing else does
	case tea.KeyPressMsg:
		return h, h.key(msg)
	case common.Push:
		return h, h.stack.Push(msg.Dialog)
	case common.Pop:
		h.stack.Pop()
		return h, common.Send(msg.Then)
	case common.PushPage:
		msg.Page.SetSize(h.w, h.h-1)
		h.pages = append(h.pages, msg.Page)
		return h, msg.Page.Init()
	case common.Leave:
		if len(h.pages) == 1 {
			h.said = "left"
			return h, nil
		}
		h.pages = h.pages[:len(h.pages)-1]
	case common.Run:
		return h, h.do(msg.ID, "")
	case common.Copy:
		h.said = "copied " + msg.What
		return h, tea.SetClipboard(msg.Text)
	case common.OpenSession:
		h.said = "open " + msg.ID
	case common.Step:
		h.said = fmt.Sprintf("step %d", msg.By)
	case common.Decided:
		h.said = "decided " + msg.ID
	case common.NeedLogin:
		h.said = "log in: " + msg.Why
	case common.Toast:
		h.said = msg.Text
	default:
		return h, tea.Batch(h.stack.Update(msg), h.page().Update(msg))
	}
	return h, nil
}

func (h *host) key(msg tea.KeyPressMsg) tea.Cmd {
	h.said = ""
	if h.stack.Open() {
		return h.stack.Key(msg)
	}
	if cmd, taken := h.page().Key(msg); taken {
		return cmd
	}
	a, ok := h.c.Keys.Match(msg.String(), h.page().Scope())
	if !ok {
		return nil
	}
	if a.ID == keymap.Reveal {
		h.c.Masked = !h.c.Masked
		return tea.Batch(h.stack.Update(common.Masking{}), h.page().Update(common.Masking{}))
	}
	return h.do(a.ID, msg.String())
}

func (h *host) do(id keymap.ID, key string) tea.Cmd {
	if why := h.page().Off(id); why != "" {
		h.said = "off: " + why
		return nil
	}
	return h.page().Do(id, key)
}

func (h *host) View() tea.View {
	if h.w == 0 {
		return tea.View{}
	}
	lines := append(strings.Split(h.page().View(), "\n"), h.said)
	h.stack.Draw(lines, layout.Rect{W: h.w, H: h.h - 1}, h.w)
	return tea.View{AltScreen: true, Content: strings.Join(lines, "\n")}
}

// start opens the rig's session on an emulated terminal.
func start(t *testing.T, r *rig, opts ...vtdriver.Option) *vtdriver.Driver {
	t.Helper()
	c := newContext(t, r, "dark")
	return vtdriver.StartModel(t, newHost(c, session.New(c, theID)), opts...)
}

// dialogAfter presses a key until its dialog comes up: decisions are not taken
// while the page has only just changed.
func dialogAfter(t *testing.T, d *vtdriver.Driver, key, text string) *vtdriver.Driver {
	t.Helper()
	return insist(t, d.See("Before approve:"), key, text)
}

// insist presses a key until it does what it does once its page is ready.
func insist(t *testing.T, d *vtdriver.Driver, key, text string) *vtdriver.Driver {
	t.Helper()
	up := func() bool { return strings.Contains(d.Settled().Screen(), text) }
	require.Eventually(t, func() bool {
		if up() { // late: another key would be typed into it
			return true
		}
		d.Press(key).Sync()
		return up()
	}, time.Minute, 50*time.Millisecond)
	return d
}
