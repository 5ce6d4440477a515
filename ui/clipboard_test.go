package ui_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/internal/vtdriver"
	"docket/ui"
	"docket/ui/common"
	"docket/ui/uitest"
)

// holds waits until the clipboard of the terminal is as it should be.
func holds(d *vtdriver.Driver, want string) {
	d.Until(fmt.Sprintf("%q on the clipboard", want), func(string) bool { return d.Clipboard() == want })
}

// aName is a copy of something personal.
func aName(text string) common.Copy {
	return common.Copy{Text: text, What: "name", Of: joao, Log: "a value"}
}

// osc52 is what asks a terminal to copy a text.
func osc52(text string) string {
	return "\x1b]52;c;" + base64.StdEncoding.EncodeToString([]byte(text)) + "\a"
}

// Of a person nothing stays on the clipboard, of the terminal and of this machine, for
// longer than a minute. An id stays.
func TestCopiesOfAPersonAreCleared(t *testing.T) {
	clock := &moving{at: uitest.Noon}
	var mu sync.Mutex
	dropped := ""
	d := console(t, uitest.New(clock.now), func(o *ui.Options) {
		o.Now, o.Local = clock.now, func(string) error { return nil }
		o.LocalDrop = func(text string) error {
			mu.Lock()
			defer mu.Unlock()
			dropped = text
			return nil
		}
	})
	d.See("1 of 5").Tell(aName("João")).See("name copied, for a minute")
	holds(d, "João")
	clock.move(59 * time.Second)
	d.See("token 5h40").Sync()
	require.Equal(t, "João", d.Clipboard())
	clock.move(time.Second)
	d.See("name is taken off the clipboard again")
	holds(d, "")
	require.Eventually(t, func() bool { mu.Lock(); defer mu.Unlock(); return dropped == "João" }, vtdriver.DefaultDeadline, 5*time.Millisecond)
	d.Press("y").See("interview id copied")
	holds(d, joao)
	clock.move(2 * time.Minute)
	d.See("token 5h38").Sync()
	require.Equal(t, joao, d.Clipboard())
}

// What was copied from here since is left alone, and clears when its own time is over.
func TestALaterCopyIsLeftAlone(t *testing.T) {
	clock := &moving{at: uitest.Noon}
	d := console(t, uitest.New(clock.now), func(o *ui.Options) { o.Now = clock.now })
	d.See("1 of 5").Tell(aName("João")).See("name copied")
	d.Press("y").See("interview id copied")
	clock.move(2 * time.Minute)
	d.See("token 5h39").Sync()
	holds(d, joao)
}

// Who leaves takes it along: nobody would clear it later.
func TestLeavingClearsWhatWasCopiedOfAPerson(t *testing.T) {
	fake := uitest.New(nil)
	d := served(t, fake, nil)
	d.See("1 of 5").Press("enter").See("a approve", "Linked sessions").Settled().Press("3", "Y").See("Selected value").Press("f").See("copied, for a minute")
	holds(d, "JOÃO PEDRO DE SOUZA")
	require.Equal(t, []string{joao + " copied a value of OCR"}, fake.Logged())
	d.Press("q")
	require.NoError(t, d.Err())
	require.Empty(t, d.Clipboard())
}

// In tmux a copy goes out in both forms: tmux takes the one or hands on the other.
func TestCopiesInTmux(t *testing.T) {
	wrapped := "\x1bPtmux;" + strings.ReplaceAll(osc52(joao), "\x1b", "\x1b\x1b") + "\x1b\\"
	for name, c := range map[string]struct {
		env  []string
		asks func(context.Context) (ui.Tmux, error)
		says string
	}{
		"takes":            {[]string{"TMUX=/tmp/tmux,1,0"}, tmux(ui.Tmux{Takes: true}), "interview id copied"},
		"passes on":        {[]string{"TMUX=/tmp/tmux,1,0"}, tmux(ui.Tmux{Passes: true}), "interview id copied"},
		"does neither":     {[]string{"TMUX=/tmp/tmux,1,0"}, tmux(ui.Tmux{}), "tmux set -s set-clipboard on"},
		"does not answer":  {[]string{"TMUX=/tmp/tmux,1,0"}, func(context.Context) (ui.Tmux, error) { return ui.Tmux{}, errors.New("no") }, "sent to tmux, which may keep it"},
		"at the other end": {[]string{"TERM=tmux-256color"}, nil, "sent to tmux, which may keep it"},
	} {
		t.Run(name, func(t *testing.T) {
			d := console(t, uitest.New(nil), func(o *ui.Options) { o.Pictures.Environ, o.Tmux = c.env, c.asks })
			d.See("1 of 5").Press("y").See(c.says)
			d.Until("both forms", func(string) bool { return strings.Contains(string(d.Output()), osc52(joao)+wrapped) })
		})
	}
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Press("y").See("interview id copied")
	require.NotContains(t, string(d.Output()), "tmux;")
}

func tmux(says ui.Tmux) func(context.Context) (ui.Tmux, error) {
	return func(context.Context) (ui.Tmux, error) { return says, nil }
}

// Where nothing can copy, the text comes up alone, for the mouse: nothing else is on its
// lines.
func TestWhereNothingCopiesTheTextIsShown(t *testing.T) {
	d := console(t, uitest.New(nil), func(o *ui.Options) {
		o.Pictures.Environ, o.Tmux, o.Mouse = []string{"TMUX=/tmp/tmux,1,0"}, tmux(ui.Tmux{}), true
	})
	d.See("1 of 5").Press("y").See("Select it with the mouse").Gone("Needs review")
	require.Equal(t, joao, d.Row(3))
	d.Press("a").See("Needs review").Gone("Select it with")
}

func TestWhatWasCopiedCanBeShown(t *testing.T) {
	clock := &moving{at: uitest.Noon}
	d := console(t, uitest.New(clock.now), func(o *ui.Options) { o.Now, o.PIN = clock.now, pinOf("4711") })
	d.See("1 of 5").Press(":").Type("show copied").See("off: nothing was copied here").Press("esc").Gone("Every action")
	long := strings.Repeat("0123456789", 30)
	d.Tell(aName(long)).See("name copied").Press(":").Type("show copied").Press("enter").See("Select it with the mouse")
	require.Equal(t, long[:120], d.Row(2))
	require.Equal(t, long[240:], d.Row(4), "nothing before and nothing after")
	d.Press("Z").See("Needs review").Press("Z").See("docket is locked").Gone("0123456789")
	d.Type("4711").Press("enter").See("Needs review").Gone("0123456789")
	clock.move(time.Minute)
	d.See("taken off").Press(":").Type("show copied").See("off: nothing was copied here, or it is off the clipboard again")
}

// What a role sees masked it copies masked.
func TestCopiesAreMasked(t *testing.T) {
	d := console(t, as("support"), nil)
	d.See("1 of 5").Press("enter").See("Linked sessions").Settled().Press("3", "Y").See("Selected value").Press("f").See("copied")
	d.Until("a masked value", func(string) bool { return strings.HasPrefix(d.Clipboard(), "J•••") })
	require.NotContains(t, string(d.Output()), osc52("JOÃO PEDRO DE SOUZA"))
}
