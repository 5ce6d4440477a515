package ui

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
	"docket/ui/dialog"
	"docket/ui/keymap"
	"docket/ui/uitest"
)

// rig runs a root without a terminal: commands run beside it, and their
// messages are taken in until something is on the screen.
type rig struct {
	t    testing.TB
	root *Root
	msgs chan tea.Msg
}

func newRig(t testing.TB, d *uitest.Desk) *rig {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	root := newRoot(ctx, t, d)
	r := &rig{t: t, root: root, msgs: make(chan tea.Msg, 64)}
	r.run(root.Init())
	r.send(tea.WindowSizeMsg{Width: 120, Height: 40})
	return r
}

func newRoot(ctx context.Context, t testing.TB, d *uitest.Desk) *Root {
	t.Helper()
	root, err := New(ctx, Options{Desk: d, Now: func() time.Time { return uitest.Noon }, Zone: time.UTC, Grace: -1, Profile: colorprofile.TrueColor})
	require.NoError(t, err)
	return root
}

func (r *rig) send(msg tea.Msg) { r.run(r.root.handle(msg)) }

func (r *rig) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		msg := cmd()
		if msg == nil {
			return
		}
		// Batches and sequences are slices of commands of types of their own.
		if v := reflect.ValueOf(msg); v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
			for i := range v.Len() {
				c, _ := v.Index(i).Interface().(tea.Cmd)
				r.run(c)
			}
			return
		}
		r.msgs <- msg
	}()
}

// until takes messages in until the text is on the screen.
func (r *rig) until(text string) {
	r.t.Helper()
	late := time.After(time.Minute)
	for !strings.Contains(ansi.Strip(r.root.content()), text) {
		select {
		case msg := <-r.msgs:
			r.send(msg)
		case <-late:
			r.t.Fatalf("never saw %q in\n%s", text, ansi.Strip(r.root.content()))
		}
	}
}

// Sizes at which something changes, and some between.
var (
	widths  = []int{20, 79, 80, 95, 103, 104, 110, 120, 150, 168, 250}
	heights = []int{5, 23, 24, 30, 40, 80}
)

// fits checks that the lines add up to the window in every size.
func (r *rig) fits(name string) {
	r.t.Helper()
	for _, w := range widths {
		for _, h := range heights {
			r.root.resize(w, h)
			lines := strings.Split(r.root.content(), "\n")
			if len(lines) != h {
				r.t.Fatalf("%s at %d×%d has %d lines", name, w, h, len(lines))
			}
			for i, l := range lines {
				if n := ansi.StringWidth(l); n > w {
					r.t.Fatalf("%s at %d×%d: line %d is %d wide: %q", name, w, h, i, n, ansi.Strip(l))
				}
			}
		}
	}
	r.root.resize(120, 40)
}

func TestEveryScreenFitsEverySize(t *testing.T) {
	d := uitest.New(nil)
	d.Many(300)
	r := newRig(t, d)
	r.until("1 of 305")
	r.fits("inbox")
	r.send(tea.KeyPressMsg{Code: '/', Text: "/"})
	r.fits("search")
	r.send(tea.KeyPressMsg{Code: tea.KeyEscape})
	for _, id := range []keymap.ID{keymap.Help, keymap.Palette, keymap.Login, keymap.Filter, keymap.SortBy, keymap.Add} {
		r.send(common.Run{ID: id})
		for !r.root.dialogs.Open() {
			r.send(<-r.msgs)
		}
		r.fits(string(id))
		r.root.dialogs.Pop()
	}
	r.send(common.Push{Dialog: dialog.NewConfirm(r.root.c, "Quit", "Really?", "yes", nil)})
	r.fits("confirm")
	r.root.dialogs.Pop()
	r.send(common.Run{ID: keymap.Activity})
	r.until("60 requests")
	r.fits("activity")
	r.send(common.Leave{})
	r.send(common.Run{ID: keymap.Stats})
	r.until("By reviewer")
	r.fits("statistics")
	r.send(common.Leave{})
	r.send(common.OpenSession{ID: "5f9a41c2d07e4b12a3c8b7e0"})
	r.until("documentExpired")
	r.until("9f2c04d1")
	r.fits("session")
	r.send(common.Run{ID: keymap.Lock})
	r.fits("lock")
}

// Keys faster than any message: the second does not fall through to the page while
// a choice of the first changes from one dialog to the next.
func TestKeysDoNotFallBetweenTwoDialogs(t *testing.T) {
	r := newRig(t, uitest.New(nil))
	r.until("1 of 5")
	r.send(common.OpenSession{ID: "5f9a41c2d07e4b12a3c8b7e0"})
	r.until("9f2c04d1")
	for !strings.Contains(ansi.Strip(r.root.content()), "Rare actions") {
		r.send(tea.KeyPressMsg{Code: '!', Text: "!"}) // off until the page has been there for a moment
		select {
		case msg := <-r.msgs:
			r.send(msg)
		case <-time.After(10 * time.Millisecond):
		}
	}
	for range 3 {
		r.send(tea.KeyPressMsg{Code: 'i', Text: "i"})
	}
	require.Contains(t, ansi.Strip(r.root.content()), "─ Enrol identity ")
	r.send(tea.KeyPressMsg{Code: tea.KeyEscape})
	require.False(t, r.root.dialogs.Open())
	require.Equal(t, keymap.InSession, r.root.page().Scope())
}

// Keys faster than any message: the one after a key that opens a page is for that page,
// and does not open something on the page below.
func TestKeysDoNotFallBelowAPage(t *testing.T) {
	r := newRig(t, uitest.New(nil))
	r.until("1 of 5")
	r.send(common.OpenSession{ID: "5f9a41c2d07e4b12a3c8b7e0"})
	r.until("9f2c04d1")
	for _, step := range []struct {
		key  rune
		want keymap.Scope
	}{{'i', keymap.InImages}, {'v', keymap.InCompare}, {'i', keymap.InImages}} {
		r.send(tea.KeyPressMsg{Code: step.key, Text: string(step.key)})
		require.Equal(t, step.want, r.root.page().Scope())
		require.Len(t, r.root.pages, 3, "images and compare take each other's place")
		r.send(tea.KeyPressMsg{Code: 't', Text: "t"}) // writes a note on the page of the session
		require.False(t, r.root.dialogs.Open())
	}
}

// The same of keys that open a session, go to the next and leave it.
func TestKeysDoNotFallBesideASession(t *testing.T) {
	r := newRig(t, uitest.New(nil))
	r.until("1 of 5")
	press := func(k tea.KeyPressMsg) string {
		r.send(k)
		if p, ok := r.root.page().(named); ok {
			return p.ID()
		}
		return ""
	}
	first := press(tea.KeyPressMsg{Code: tea.KeyEnter})
	require.NotEmpty(t, first)
	second := press(tea.KeyPressMsg{Code: ']', Text: "]"})
	require.NotEmpty(t, second)
	require.NotEqual(t, first, second)
	require.Equal(t, first, press(tea.KeyPressMsg{Code: '[', Text: "["}))
	require.Empty(t, press(tea.KeyPressMsg{Code: tea.KeyEscape}))
	require.Equal(t, first, press(tea.KeyPressMsg{Code: tea.KeyEnter}), "the cursor has gone along")
}

// What went wrong stays until it is seen when it took long or nobody knows how it ended;
// pressing the key again does not pile it up.
func TestWhatCouldNotBeReachedStays(t *testing.T) {
	r := newRig(t, uitest.New(nil))
	r.until("1 of 5")
	for _, kind := range []model.Kind{model.KindUnreachable, model.KindOutcome, model.KindUnreachable} {
		r.send(common.Failed(model.NewProblem(kind, "The claim of kind "+string(kind)+" failed", "it", "do this"), model.ToneBad))
	}
	r.send(common.Failed(model.NewProblem(model.KindGuard, "It was refused", "it", "do that"), model.ToneBad))
	require.Len(t, r.root.holds.alerts, 2)
	require.Equal(t, "It was refused (it): do that", r.root.toast.text)
}

func TestStaleScreensAreDroppedWithTheirPage(t *testing.T) {
	r := newRig(t, uitest.New(nil))
	r.until("1 of 5")
	r.send(common.OpenSession{ID: "5f9a41c2d07e4b12a3c8b7e0"})
	r.send(common.OpenSession{ID: "66e0b7a1c9d24f0088a1c002", Instead: true})
	require.Len(t, r.root.pages, 2)
	r.send(common.OpenSession{ID: "5f9a41c2d07e4b12a3c8b7e0"})
	require.Len(t, r.root.pages, 3, "a session opened from another comes on top")
	r.send(common.Leave{})
	r.send(common.Leave{})
	r.send(common.Leave{})
	require.Len(t, r.root.pages, 1, "the inbox stays")
}

// However the console ends, what is held back then is not sent, and that is
// written down before the process goes.
func TestWhatIsHeldBackAtTheEndIsNotSent(t *testing.T) {
	d := uitest.New(nil)
	d.SetPolicy(func(p *desk.Policy) { p.Hold = time.Hour })
	r := newRig(t, d)
	sub, err := d.Submit(context.Background(), model.Action{Kind: model.ActApprove, IDs: []string{"5f9a41c2d07e4b12a3c8b7e0"}})
	require.NoError(t, err)
	r.send(common.Submitted{Submission: sub})
	require.True(t, r.root.holds.held())
	r.root.holds.undoAll()
	r.root.holds.settle(patience)
	require.Equal(t, model.ResultNotSent, sub.Outcomes()[0].Result)
	require.Empty(t, d.Sent())
}

func TestProfileOfATerminal(t *testing.T) {
	for _, c := range []struct {
		env  []string
		want colorprofile.Profile
	}{
		{[]string{"TERM=xterm-256color", "COLORTERM=truecolor"}, colorprofile.TrueColor},
		{[]string{"TERM=xterm-256color"}, colorprofile.ANSI256},
		{[]string{"TERM=xterm"}, colorprofile.ANSI},
		{[]string{"TERM=tmux-256color"}, colorprofile.ANSI256},
		{[]string{"TERM=tmux-256color", "COLORTERM=truecolor"}, colorprofile.TrueColor},
		{[]string{"TERM=dumb", "COLORTERM=truecolor"}, colorprofile.ASCII},
		{[]string{"TERM=xterm-256color", "NO_COLOR=1"}, colorprofile.ASCII},
		{[]string{"TERM=xterm-256color", "NO_COLOR=please"}, colorprofile.ASCII},
		{[]string{"TERM=xterm-256color", "NO_COLOR="}, colorprofile.ANSI256},
		{nil, colorprofile.ASCII},
	} {
		require.Equal(t, c.want, Profile(c.env), "%v", c.env)
	}
}

func TestLightHint(t *testing.T) {
	require.True(t, lightHint([]string{"COLORFGBG=0;15"}))
	require.True(t, lightHint([]string{"COLORFGBG=0;default;15"}))
	require.False(t, lightHint([]string{"COLORFGBG=15;0"}))
	require.False(t, lightHint(nil))
}
