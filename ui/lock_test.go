package ui_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui"
	"docket/ui/common"
	"docket/ui/uitest"
)

// pinOf opens with one PIN.
func pinOf(right string) func(string) bool {
	return func(pin string) bool { return pin == right }
}

// locking is a console that locks after five minutes of a clock that is moved by hand.
func locking(t *testing.T, change func(*ui.Options)) (*vtdriver.Driver, *uitest.Desk, *moving) {
	t.Helper()
	clock := &moving{at: uitest.Noon}
	fake := uitest.New(clock.now)
	d := console(t, fake, func(o *ui.Options) {
		o.Now, o.Lock, o.PIN = clock.now, 5*time.Minute, pinOf("4711")
		if change != nil {
			change(o)
		}
	})
	return d.See("1 of 5"), fake, clock
}

func gone(d *vtdriver.Driver, words ...string) {
	for _, w := range words {
		d.Gone(w)
	}
}

func TestAnIdleConsoleLocksItself(t *testing.T) {
	d, _, clock := locking(t, nil)
	clock.move(4 * time.Minute)
	d.Press("j").See("2 of 5") // somebody is there
	clock.move(4 * time.Minute)
	d.See("token 5h33").Gone("locked")
	clock.move(time.Minute)
	d.See("docket is locked", "Your PIN and enter")
	gone(d, "João", "Lucía", "mx-prod", "Needs review")
	require.Equal(t, "docket", d.Title())
}

func TestWithoutATimeAConsoleDoesNotLockItself(t *testing.T) {
	d, _, clock := locking(t, func(o *ui.Options) { o.Lock = 0 })
	clock.move(3 * time.Hour)
	d.See("token 2h41").Gone("locked")
}

// What is typed in front of the lock reaches nothing behind it: the page, its dialog and
// its half-typed form are as they were.
func TestNothingBehindTheLockHearsOfAKey(t *testing.T) {
	d, fake, clock := locking(t, nil)
	d.Press("enter").See("a approve", "Before approve").Press("t").See("Note").Type("half a sentence")
	d.See("half a sentence")
	clock.move(5 * time.Minute)
	d.See("docket is locked")
	gone(d, "half a sentence", "João")
	d.Press("q", "u", "R", ":", "ctrl+z", "ctrl+s", "*", "tab", "esc").Paste("more").Click(30, 6).Sync()
	gone(d, "half a sentence", "João", "more")
	require.True(t, d.Running())
	require.Empty(t, fake.Logged())
	fake.Arrive(newID, "Ana New", model.Manual)
	d.Tell(common.Toast{Text: "something of João", Tone: model.ToneBad}).Tell(common.NeedLogin{Why: "of João"}).Settled()
	gone(d, "João", "Ana New")
	d.Press("esc").Type("4711").Press("enter").Gone("docket is locked").See("João")
}

func TestOnlyThePINOpens(t *testing.T) {
	d, _, _ := locking(t, nil)
	d.Press("Z").See("docket is locked").Press("enter").Sync().See("docket is locked")
	d.Type("1234").See("••••").Gone("1234").Press("enter").See("That is not the PIN: 2 tries are left.")
	d.Type("47").Press("backspace", "backspace").Type("4711").Press("enter").See("João", "1 of 5")
	d.Press("Z").See("docket is locked", "Your PIN and enter", "PIN") // the count begins anew
}

func TestThreeWrongPINsEndTheSession(t *testing.T) {
	fake := uitest.New(nil)
	d := served(t, fake, func(o *ui.Options) { o.PIN = pinOf("4711") })
	d.See("1 of 5").Press("Z").See("docket is locked")
	d.Type("1").Press("enter").See("2 tries are left").Type("2").Press("enter").See("one try is left").Type("3").Press("enter")
	require.ErrorContains(t, d.Err(), "3 wrong PINs")
	require.Equal(t, model.KindForbidden, model.AsProblem(d.Err()).Kind)
	require.False(t, d.AltScreen())
}

// On a server, who has no PIN has a key to connect with again. Suspending locks there.
func TestOnAServerWithoutAPINOnlyConnectingAgainOpens(t *testing.T) {
	fake := uitest.New(nil)
	d := served(t, fake, func(o *ui.Options) { o.Remote = true })
	d.See("1 of 5").Press("ctrl+z").See("docket is locked", "Connect again").Press("enter", "q", "esc").Settled().See("docket is locked")
	d.Press("ctrl+c")
	require.NoError(t, d.Err())
}

// On a server the pictures of other people stay where they are.
func TestALockDropsThePicturesOfItsPerson(t *testing.T) {
	fake := uitest.New(nil)
	d := console(t, fake, func(o *ui.Options) { o.Remote, o.PIN = true, pinOf("4711") })
	d.See("1 of 5").Press("Z").See("locked")
	require.Empty(t, fake.DroppedPictures())
	d.Type("4711").Press("enter").See("1 of 5").Press("enter").See("a approve").Press("Z").See("locked")
	require.Equal(t, []string{joao}, fake.DroppedPictures())
}

// A decision that was held back when the lock came is sent: it was made before.
func TestALockSendsWhatIsHeldBack(t *testing.T) {
	fake := uitest.New(nil)
	fake.SetPolicy(func(p *desk.Policy) { p.Hold = 300 * time.Millisecond })
	d := console(t, fake, func(o *ui.Options) { o.PIN = pinOf("4711") })
	d.See("1 of 5")
	submit(t, fake, d, model.ActApprove)
	d.Press("Z").See("docket is locked").Press("u").Sync()
	require.Eventually(t, func() bool { return len(fake.Sent()) == 1 }, vtdriver.DefaultDeadline, 5*time.Millisecond)
	d.Gone("A decision is held back")
}

// Even where a terminal is too small for anything else, the lock is in front.
func TestTheLockIsInFrontInASmallTerminalToo(t *testing.T) {
	d, _, _ := locking(t, nil)
	d.Press("Z").See("docket is locked").Resize(40, 10).See("docket is locked").Press("q", "esc").Sync()
	require.True(t, d.Running())
	d.Type("4711").Press("enter").See("docket needs a terminal")
}

func TestASessionEndsAfterItsTime(t *testing.T) {
	clock := &moving{at: uitest.Noon}
	d := served(t, uitest.New(clock.now), func(o *ui.Options) { o.Now, o.MaxLength = clock.now, 8*time.Hour })
	d.See("1 of 5")
	clock.move(7*time.Hour + 58*time.Minute)
	d.See("token has ended").Gone("ends in a minute")
	clock.move(time.Minute)
	d.See("This session ends in a minute")
	clock.move(time.Minute)
	require.ErrorContains(t, d.Err(), "has lasted as long as one may, 8h00")
	require.False(t, d.AltScreen())
}

func TestGoldenLock(t *testing.T) {
	for _, size := range sizes {
		for _, look := range looks {
			t.Run(fmt.Sprintf("%dx%d-%s", size[0], size[1], look.name), func(t *testing.T) {
				opts := append([]vtdriver.Option{vtdriver.Size(size[0], size[1])}, look.opts...)
				d := console(t, uitest.New(nil), func(o *ui.Options) { o.PIN, o.Remote = pinOf("4711"), true }, opts...)
				d.See("1 of 5").Press("Z").See("locked").Type("12").Press("enter").See("2 tries").Type("471").Settled()
				vtdriver.GoldenStyled(t, d)
			})
		}
	}
}
