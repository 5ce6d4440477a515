package ui_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui/common"
	"docket/ui/uitest"
)

// submit makes a decision the way a dialog does and tells the console.
func submit(t *testing.T, fake *uitest.Desk, d *vtdriver.Driver, kind model.ActionKind) *desk.Submission {
	t.Helper()
	sub, err := fake.Submit(context.Background(), model.Action{Kind: kind, IDs: []string{lucia}})
	require.NoError(t, err)
	d.Tell(common.Submitted{Submission: sub})
	return sub
}

// held is a desk that holds back for longer than a test lasts.
func held() *uitest.Desk {
	fake := uitest.New(nil)
	fake.SetPolicy(func(p *desk.Policy) { p.Hold = time.Hour })
	return fake
}

// sending is a desk that sends at once.
func sending() *uitest.Desk {
	fake := uitest.New(nil)
	fake.SetPolicy(func(p *desk.Policy) { p.Hold = time.Millisecond })
	return fake
}

func TestHeldBackDecisionIsShownEverywhereAndTakenBack(t *testing.T) {
	fake := held()
	d := console(t, fake, nil)
	d.See("1 of 5")
	sub := submit(t, fake, d, model.ActApprove)
	d.See("Approve 5f9a41c2…b7e0 in 3600s   u undo").Press("L").See("LATENCY", "u undo").Press("esc", "u")
	d.See("Approve 5f9a41c2…b7e0: taken back, nothing was sent").Gone("in 3600s")
	<-sub.Done()
	require.Empty(t, fake.Sent())
}

func TestQuitAsksWhileADecisionIsHeldBack(t *testing.T) {
	fake := held()
	d := console(t, fake, nil)
	d.See("1 of 5")
	sub := submit(t, fake, d, model.ActReject)
	d.See("Reject 5f9a").Press("q").See("A decision is held back. Quit without sending it?")
	d.Press("enter", "n").Gone("Quit without").Sync()
	require.True(t, sub.Held())
	d.Press("q").See("Quit without sending it?").Press("y")
	require.Zero(t, d.Wait())
	<-sub.Done()
	require.Equal(t, model.ResultNotSent, sub.Outcomes()[0].Result)
	require.Empty(t, fake.Sent())
}

func TestDoneIsSaidInPassing(t *testing.T) {
	fake := sending()
	d := console(t, fake, nil)
	d.See("1 of 5")
	submit(t, fake, d, model.ActApprove)
	d.See("✓ Approve 5f9a41c2…b7e0: the API confirmed it", "Needs review 4").Gone("Lucía")
	require.Len(t, fake.Sent(), 1)
}

func TestUnknownAndRefusedStayUntilSeen(t *testing.T) {
	fake := sending()
	fake.Ends(model.ResultUnknown)
	d := console(t, fake, nil)
	d.See("1 of 5")
	submit(t, fake, d, model.ActApprove)
	d.See("✗ Approve 5f9a41c2…b7e0: outcome unknown.", "esc seen", "approve?", "7 Unknown outcome 1")
	fake.Ends(model.ResultRefused)
	submit(t, fake, d, model.ActReject)
	d.Press("esc").See("Reject 5f9a41c2…b7e0 refused").Press("esc").Gone("refused").Gone("seen")
}

func TestSuspendWaitsForADecisionOnItsWay(t *testing.T) {
	fake := held()
	d := console(t, fake, nil)
	d.See("1 of 5")
	submit(t, fake, d, model.ActApprove)
	d.See("u undo").Press("ctrl+z").See("a decision is on its way")
}

func TestLockedConsoleSaysThatADecisionIsHeld(t *testing.T) {
	fake := held()
	d := console(t, fake, nil)
	d.See("1 of 5")
	submit(t, fake, d, model.ActApprove)
	d.See("u undo").Press("Z").See("A decision is held back").Gone("5f9a")
}

// A question about a decision that has ended meanwhile must not stay: its answer
// would be a lie.
func TestQuestionGoesAwayWithItsDecision(t *testing.T) {
	fake := held()
	d := console(t, fake, nil)
	d.See("1 of 5")
	sub := submit(t, fake, d, model.ActApprove)
	d.See("u undo").Press("q").See("Quit without sending it?")
	sub.Undo()
	d.Gone("Quit without sending it?").See("taken back")
	require.True(t, d.Running())
}
