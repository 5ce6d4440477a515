package ui_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui"
	"docket/ui/uitest"
)

// moving is a clock that is moved by hand.
type moving struct {
	mu sync.Mutex
	at time.Time
}

func (m *moving) now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.at
}

func (m *moving) move(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = m.at.Add(d)
}

// noticed is a console on a desk of five waiting sessions that draws attention.
type noticed struct {
	*vtdriver.Driver
	desk  *uitest.Desk
	clock *moving
}

func noticing(t *testing.T, how ui.Notify, env ...string) *noticed {
	t.Helper()
	n := &noticed{clock: &moving{at: uitest.Noon}}
	n.desk = uitest.New(n.clock.now)
	n.desk.SetPolicy(func(p *desk.Policy) { p.Hold = 0 })
	n.Driver = console(t, n.desk, func(o *ui.Options) {
		o.Now, o.Notify, o.Pictures.Environ = n.clock.now, how, env
	})
	n.See("[1 Needs review 5]")
	return n
}

// settledNotices is a console whose start is over.
func settledNotices(t *testing.T, how ui.Notify, env ...string) *noticed {
	t.Helper()
	n := noticing(t, how, env...)
	n.clock.move(time.Minute)
	n.ResetOutput()
	return n
}

func (n *noticed) arrives(id string, count string) {
	n.desk.Arrive(id, "Ana New", model.Manual)
	n.See("Needs review " + count)
}

// later lets a minute go by, and waits until the console has noticed.
func (n *noticed) later() {
	n.clock.move(time.Minute)
	left := n.desk.Token().Expires.Sub(n.clock.now())
	n.See(fmt.Sprintf("token %dh%02d", int(left.Hours()), int(left.Minutes())%60)).Sync()
}

const (
	secondID = "77aa00000000000000000002"
	thirdID  = "77aa00000000000000000003"
)

var osc = regexp.MustCompile("\x1b\\][^\x07\x1b]*(\x07|\x1b\\\\)")

// bells counts those that are heard: not the ends of other sequences.
func (n *noticed) bells() int {
	return bytes.Count(osc.ReplaceAll(n.Output(), nil), []byte{'\a'})
}

// told are the texts of the desktop notices.
func (n *noticed) told(begin string) []string {
	var all []string
	for _, part := range strings.Split(string(n.Output()), begin)[1:] {
		text, _, _ := strings.Cut(part, "\x1b\\")
		all = append(all, text)
	}
	return all
}

const osc9 = "\x1b]9;"

func TestSessionsThatComeInAreTold(t *testing.T) {
	n := settledNotices(t, ui.NotifyBoth)
	n.arrives(newID, "6")
	n.Until("a notice", func(string) bool { return n.bells() == 1 })
	require.Equal(t, []string{"docket: 1 new session needs review"}, n.told(osc9))

	// The next two come within ten seconds, and are told together when those are over.
	n.arrives(secondID, "7")
	n.arrives(thirdID, "8")
	n.Sync()
	require.Equal(t, 1, n.bells())
	n.clock.move(10 * time.Second)
	n.Until("another notice", func(string) bool { return n.bells() == 2 })
	require.Equal(t, []string{"docket: 1 new session needs review", "docket: 2 new sessions need review"}, n.told(osc9))
	n.later()
	require.Equal(t, 2, n.bells(), "each is told once")
}

func TestNoticesAreAsConfigured(t *testing.T) {
	for how, want := range map[ui.Notify]struct{ bells, desktop int }{
		ui.NotifyOff: {}, "": {}, ui.NotifyBell: {bells: 1}, ui.NotifyDesktop: {desktop: 1}, ui.NotifyBoth: {1, 1},
	} {
		n := settledNotices(t, how)
		n.arrives(newID, "6")
		n.later()
		require.Equal(t, want.bells, n.bells(), how)
		require.Len(t, n.told(osc9), want.desktop, how)
		for _, sequence := range osc.FindAll(n.Output(), -1) {
			require.NotContains(t, string(sequence), "Ana")
		}
	}
}

func TestNoticesOfOtherTerminals(t *testing.T) {
	const text = "docket: 1 new session needs review"
	for name, c := range map[string]struct{ env, want string }{
		"vte":          {"VTE_VERSION=7600", "\x1b]777;notify;docket;" + text + "\x1b\\"},
		"urxvt":        {"TERM=rxvt-unicode-256color", "\x1b]777;notify;docket;" + text + "\x1b\\"},
		"tmux":         {"TMUX=/tmp/x,1,0", "\x1bPtmux;\x1b\x1b]9;" + text + "\x1b\x1b\\\x1b\\"},
		"anything":     {"TERM=xterm-256color", "\x1b]9;" + text + "\x1b\\"},
		"vte, no more": {"VTE_VERSION=", "\x1b]9;" + text + "\x1b\\"},
	} {
		n := settledNotices(t, ui.NotifyDesktop, c.env)
		n.arrives(newID, "6")
		n.Until("a notice", func(string) bool { return bytes.Contains(n.Output(), []byte(c.want)) })
		require.Zero(t, n.bells(), name)
	}
}

func TestTheStartIsQuiet(t *testing.T) {
	n := noticing(t, ui.NotifyBoth)
	n.clock.move(4 * time.Second)
	n.arrives(newID, "6")
	n.later()
	require.Zero(t, n.bells())
	n.arrives(secondID, "7")
	n.Until("a notice", func(string) bool { return n.bells() == 1 })
	require.Equal(t, []string{"docket: 1 new session needs review"}, n.told(osc9))
}

func TestALockedConsoleTellsNothing(t *testing.T) {
	n := settledNotices(t, ui.NotifyBoth)
	n.Press("Z").See("docket is locked")
	n.desk.Arrive(newID, "Ana New", model.Manual)
	n.Until("a bell", func(string) bool { return n.bells() == 1 })
	require.Empty(t, n.told(osc9), "how many wait is not for who walks by")
	n.clock.move(time.Minute)
	n.Press("enter").See("Needs review 6")
	n.later()
	require.Empty(t, n.told(osc9), "who is back sees the list")
}

func TestWhatLeavesAndOtherVerdictsAreNotTold(t *testing.T) {
	n := settledNotices(t, ui.NotifyBoth)
	n.desk.Change(joao, func(r *model.Row) { r.Verdict = model.OK })
	n.See("Needs review 4")
	n.desk.Arrive(newID, "Ana New", model.OK)
	n.See("All 14")
	n.later()
	require.Zero(t, n.bells())
	n.arrives(secondID, "5")
	n.Until("a notice", func(string) bool { return n.bells() == 1 })
}

func TestWhatIsPutInReviewFromHereIsNotTold(t *testing.T) {
	n := settledNotices(t, ui.NotifyBoth)
	n.Press("ctrl+n").See("Add sessions by their interview ids").Paste(newID)
	n.Press("ctrl+s").See("1 added", "Needs review 6").Press("esc").See("1 of 6")
	n.clock.move(time.Minute)

	n.Press("9", "/").Type("ingrid").See("1 found").Press("enter", "enter").See("Before approve:")
	asked := func() bool { return strings.Contains(n.Settled().Screen(), "goes to Incode as a reason") }
	require.Eventually(t, func() bool { // until the page takes keys that act
		if asked() {
			return true
		}
		n.Press("m").Sync()
		return asked()
	}, 20*time.Second, 50*time.Millisecond)
	n.Type("look at the photo again").Press("ctrl+s").See("Set needs review 66e12d90…3e8d: the API confirmed it")
	n.Press("esc", "1").See("Needs review 7")
	n.later()
	require.Zero(t, n.bells())
	n.clock.move(time.Minute)
	n.arrives(secondID, "8")
	n.Until("a notice", func(string) bool { return n.bells() == 1 })
	require.Equal(t, []string{"docket: 1 new session needs review"}, n.told(osc9))
}
