package ui_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/uitest"
)

// served runs a console as it runs in earnest, on a real pseudo-terminal.
func served(t *testing.T, d common.Desk, change func(*ui.Options), opts ...vtdriver.Option) *vtdriver.Driver {
	t.Helper()
	o := ui.Options{Desk: d, Now: func() time.Time { return uitest.Noon }, Zone: time.UTC, Grace: -1, Version: "v0"}
	if change != nil {
		change(&o)
	}
	return vtdriver.StartRun(t, func(ctx context.Context, tty *os.File, env []string) error {
		return ui.Run(ctx, o, ui.Terminal{In: tty, Out: tty, Env: env})
	}, opts...)
}

// secret is what a failure is about, and what nobody else may read.
const secret = "Lucía Fernanda ORTEGA RÍOS"

// frail is the desk of one person, on which a method fails once it is told to.
type frail struct {
	*uitest.Desk
	on    atomic.Bool
	where string
}

func (f *frail) breaks(where string) {
	if f.on.Load() && f.where == where {
		panic(errors.New(secret))
	}
}

// Peek is called by Update, when a session is opened.
func (f *frail) Peek(id string) *model.Session {
	f.breaks("update")
	return f.Desk.Peek(id)
}

// Activity is called by a command, once a second.
func (f *frail) Activity(most int) desk.Activity {
	f.breaks("command")
	return f.Desk.Activity(most)
}

// List is called by a command of a batch.
func (f *frail) List(ctx context.Context, q model.Query) (model.Page, error) {
	f.breaks("batch")
	return f.Desk.List(ctx, q)
}

// Me is called by View, where a row is claimed.
func (f *frail) Me() model.Actor {
	f.breaks("view")
	return f.Desk.Me()
}

// A failure ends the console of one person, with a report that tells nothing of
// anybody. Who works beside it at the same desk hears nothing of it.
func TestAFailureEndsOneConsoleOnly(t *testing.T) {
	for where, act := range map[string]func(*vtdriver.Driver){
		"update":  func(d *vtdriver.Driver) { d.Press("enter") },
		"command": func(*vtdriver.Driver) {},
		"batch":   func(d *vtdriver.Driver) { d.Press("9") },
		"view":    func(d *vtdriver.Driver) { d.Press("j", "j", "enter") },
	} {
		t.Run(where, func(t *testing.T) {
			shared := uitest.New(nil)
			weak := &frail{Desk: shared, where: where}
			var report atomic.Pointer[ui.Failure]
			one := served(t, weak, func(o *ui.Options) { o.Failed = func(f ui.Failure) { report.Store(&f) } })
			other := served(t, shared, nil)
			one.See("1 of 5").Press("/").Type("orteg").See("1 found").Press("enter").See("esc clears")
			other.See("1 of 5")
			weak.on.Store(true)
			act(one)
			require.ErrorContains(t, one.Err(), "This console has failed")
			require.False(t, one.AltScreen(), "the terminal is as it was")
			_, _, cursor := one.Cursor()
			require.True(t, cursor)
			f := report.Load()
			require.NotNil(t, f)
			require.ErrorContains(t, one.Err(), f.Report)
			require.Contains(t, strings.Join(f.Stack, "\n"), "frail", "the stack says where")
			require.Equal(t, "*errors.errorString", f.What)
			require.Equal(t, []int{120, 40}, []int{f.Width, f.Height})
			require.Contains(t, f.Did, keymap.Search)
			told := fmt.Sprint(*f, one.Err())
			for _, word := range []string{"orteg", "ORTEGA", "Lucía"} {
				require.NotContains(t, told, word, "neither what was typed nor what was shown")
			}
			other.Press("j").See("2 of 5").Press("enter").See("a approve")
		})
	}
}

// What was held back when a console failed is not sent.
func TestAFailureSendsNothing(t *testing.T) {
	shared := uitest.New(nil)
	shared.SetPolicy(func(p *desk.Policy) { p.Hold = time.Hour })
	weak := &frail{Desk: shared, where: "command"}
	d := served(t, weak, nil)
	d.See("1 of 5").Press("enter").See("a approve", "Before approve")
	for !strings.Contains(d.Screen(), "─ Approve") { // not before the page has been looked at
		d.Press("a").Settled()
	}
	d.Press("enter", "ctrl+s").See("u undo")
	weak.on.Store(true)
	require.Error(t, d.Err())
	require.Empty(t, shared.Sent())
}
