package ui_test

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui"
	"docket/ui/common"
	"docket/ui/uitest"
)

// resting is what a console sends while its clock goes on and nothing else happens. It
// has some seconds of its own to notice: whatever it sent then would be in the output.
func resting(t *testing.T, clock *moving, fake *uitest.Desk, d *vtdriver.Driver) string {
	t.Helper()
	d.Settled().ResetOutput()
	seen := fake.Looks()
	clock.move(61 * time.Minute)
	require.Eventually(t, func() bool { return fake.Looks() >= seen+3 }, vtdriver.DefaultDeadline, 10*time.Millisecond, "the clock of the console has struck")
	d.Settled()
	return string(d.Output())
}

// Over SSH a console at rest sends nothing, whatever the time: on the inbox, on a
// session that is claimed, behind the lock.
func TestAStillConsoleAtRestSendsNothing(t *testing.T) {
	for name, act := range map[string]func(*vtdriver.Driver){
		"inbox": func(*vtdriver.Driver) {},
		"session": func(d *vtdriver.Driver) {
			d.Press("enter").See("a approve").Press("c").See("claimed by you", "is yours until").Gone("is yours until")
		},
		"lock": func(d *vtdriver.Driver) { d.Press("Z").See("docket is locked") },
	} {
		t.Run(name, func(t *testing.T) {
			clock := &moving{at: uitest.Noon}
			fake := uitest.New(clock.now)
			fake.SetPolicy(func(p *desk.Policy) { p.Lease = 24 * time.Hour })
			d := served(t, fake, func(o *ui.Options) { o.Now, o.Still, o.Remote = clock.now, true, true }, vtdriver.Size(200, 60))
			act(d.See("1 of 5"))
			require.Empty(t, resting(t, clock, fake, d))
		})
	}
}

// What comes by itself waits for more of it, what a key does is drawn at once.
func TestAStillConsoleDrawsKeysAtOnceAndNewsTogether(t *testing.T) {
	clock := &moving{at: uitest.Noon}
	root, err := ui.New(t.Context(), ui.Options{Desk: uitest.New(clock.now), Now: clock.now, Still: true, Grace: -1})
	require.NoError(t, err)
	shown := func(msg tea.Msg) string {
		_, _ = root.Update(msg)
		return root.View().Content
	}
	before := shown(tea.WindowSizeMsg{Width: 120, Height: 40})
	clock.move(time.Hour) // whenever something is drawn now, the token is an hour older
	for _, msg := range []tea.Msg{common.Waiting{N: 7}, common.Changed{}, common.Waiting{N: 8}} {
		require.Equal(t, before, shown(msg))
	}
	require.NotEqual(t, before, shown(tea.KeyPressMsg{Code: 'j', Text: "j"}))
}

// What has to be seen at once is drawn all the same.
func TestAStillConsoleTellsWhatMatters(t *testing.T) {
	clock := &moving{at: uitest.Noon}
	fake := uitest.New(clock.now)
	d := console(t, fake, func(o *ui.Options) { o.Now, o.Still, o.Lock = clock.now, true, 8*time.Hour })
	d.See("1 of 5", "token 5h41")
	clock.move(time.Hour)
	fake.Arrive(newID, "Ana New", model.Manual)
	d.See("1 of 6", "token 4h41")
	clock.move(4*time.Hour + 30*time.Minute)
	d.See("token 11m")
	clock.move(20 * time.Minute)
	d.See("token has ended")
	back := fake.GoAway(clock.now())
	d.See("store away")
	back()
	d.Gone("store away")
	clock.move(8 * time.Hour)
	d.See("docket is locked")
}

// With clocks a console draws what they show, and no more than that.
func TestAConsoleWithClocksDrawsTheTime(t *testing.T) {
	clock := &moving{at: uitest.Noon}
	fake := uitest.New(clock.now)
	d := served(t, fake, func(o *ui.Options) { o.Now = clock.now })
	d.See("1 of 5", "token 5h41")
	const some = 400 // bytes: a few cells here and there
	require.Less(t, len(resting(t, clock, fake, d)), some)
	d.See("token 4h40")
}

// Frames are held together only for a terminal that has said that it knows how: the
// emulated one knows nothing of it.
func TestFramesAreHeldTogetherForTerminalsThatSaySo(t *testing.T) {
	const asks, begins = "\x1b[?2026$p", "\x1b[?2026h"
	d := served(t, uitest.New(nil), nil)
	d.See("1 of 5").Press("j").See("2 of 5")
	require.Contains(t, string(d.Output()), asks)
	require.NotContains(t, string(d.Output()), begins)
	d.Send("\x1b[?2026;2$y").Press("j").See("3 of 5").Press("j").See("4 of 5")
	require.Contains(t, string(d.Output()), begins)
	remote := served(t, uitest.New(nil), nil, vtdriver.Env("SSH_TTY=/dev/pts/1"))
	remote.See("1 of 5")
	require.NotContains(t, string(remote.Output()), asks, "the answer may come late over SSH")
}

func TestColoursOfAPerson(t *testing.T) {
	for colours, want := range map[ui.Colours]bool{"": true, "auto": true, "true": true, "256": false, "16": false, "none": false} {
		d := served(t, uitest.New(nil), func(o *ui.Options) { o.Colours = colours })
		d.See("1 of 5")
		require.Equal(t, want, strings.Contains(string(d.Output()), "38;2;"), colours)
	}
	d := served(t, uitest.New(nil), func(o *ui.Options) { o.Colours = "true" }, vtdriver.Profile(vtdriver.NoColor))
	d.See("1 of 5")
	require.NotContains(t, string(d.Output()), "38;2;", "who wants no colour gets none")
}
