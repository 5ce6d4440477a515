package stats_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui"
	"docket/ui/uitest"
)

// open starts a console on the desk and goes to the page.
func open(t *testing.T, d *uitest.Desk, opts ...vtdriver.Option) *vtdriver.Driver {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	root, err := ui.New(ctx, ui.Options{Desk: d, Now: func() time.Time { return uitest.Noon }, Zone: time.UTC, Grace: -1})
	require.NoError(t, err)
	v := vtdriver.StartModel(t, root, append(opts, vtdriver.ProgramOptions(tea.WithFPS(120)))...)
	return v.See("1 of 5").Press(":").Type("statistics").See("> statistics").Press("enter")
}

var looks = []struct {
	name string
	opt  vtdriver.Option
}{
	{"dark", vtdriver.Dark()},
	{"light", vtdriver.Light()},
	{"16", vtdriver.Profile(vtdriver.ANSI16)},
	{"none", vtdriver.Profile(vtdriver.NoColor)},
}

func TestGolden(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		for _, look := range looks {
			t.Run(fmt.Sprintf("%dx%d-%s", size[0], size[1], look.name), func(t *testing.T) {
				d := open(t, uitest.New(nil), vtdriver.Size(size[0], size[1]), look.opt)
				d.See("[30 days]", "By reviewer").Settled()
				vtdriver.GoldenStyled(t, d)
			})
		}
	}
	for name, act := range map[string]func(*vtdriver.Driver){
		"week":   func(d *vtdriver.Driver) { d.Press("[").See("[7 days]", "By reviewer") },
		"year":   func(d *vtdriver.Driver) { d.Press("]", "tab").See("[365 days]", "Decisions a week") },
		"bottom": func(d *vtdriver.Driver) { d.See("By reviewer").Press("G").See("proposals void") },
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, uitest.New(nil), vtdriver.Size(80, 24))
			act(d.See("[30 days]"))
			vtdriver.Golden(t, d.Settled())
		})
	}
}

func TestPeriodsGoRound(t *testing.T) {
	d := open(t, uitest.New(nil), vtdriver.Size(120, 40))
	d.See("[30 days]", "Decisions a day").Press("tab").See("[90 days]", "Decisions a week").Press("]").See("[365 days]")
	d.Press("tab").See("[7 days]", "Decisions a day").Press("shift+tab").See("[365 days]").Press("esc").See("1 of 5")
}

func TestAnEmptyPeriodSaysSo(t *testing.T) {
	desk := uitest.New(nil)
	desk.NoPast()
	d := open(t, desk, vtdriver.Size(80, 24))
	d.See("No decision in these 30 days.", "R reads the log again", "] shows a longer period", "5 wait for a review, 2 late", "against the SLA of 4h00")
	d.Press("[").See("No decision in these 7 days.")
}

func TestWithoutSLA(t *testing.T) {
	fake := uitest.New(nil)
	fake.SetPolicy(func(p *desk.Policy) { p.SLA = 0 })
	open(t, fake, vtdriver.Size(120, 40)).See("no SLA is configured", "under 1h00", "24h00 and more").Gone("late")
}

func TestWhatCannotBeReadIsToldAndTriedAgain(t *testing.T) {
	desk := uitest.New(nil)
	broken := model.NewProblem(model.KindFailed, "An entry of the audit log cannot be read", "entry 7", "run `docket audit verify`")
	desk.FailStats(broken)
	d := open(t, desk, vtdriver.Size(80, 24))
	d.See("✗ An entry of the audit log cannot be read (entry 7)", "R tries again")
	desk.FailStats(nil)
	d.Press("R").See("By reviewer").Gone("✗ An entry")
	desk.FailStats(broken)
	d.Press("R").See("✗ not read again: An entry of the audit log cannot be read", "By reviewer")
}

// The answer for a period that was left does not come up in another.
func TestLateAnswersAreDropped(t *testing.T) {
	desk := uitest.New(nil)
	d := open(t, desk, vtdriver.Size(120, 40)).See("By reviewer")
	release := desk.Stall()
	d.Press("]").See("reading the audit log").Press("]").See("[365 days]", "reading…")
	release()
	d.See("By reviewer", "Decisions a week").Press("[").See("[90 days]", "By reviewer")
}
