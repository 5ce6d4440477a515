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

// isHeld is how the status line says that something is held back.
const isHeld = `in \d+s   u undo`

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
	d.SeeMatch(`> Lucía Fernanda.* 5f9a41c2…b7e0`) // its session, to look again
	d.Press("u", "u").Sync().See("taken back, nothing was sent")
	require.Empty(t, fake.Sent())
}

func TestSessionThatIsOpenedAgainKnowsWhatIsHeldBack(t *testing.T) {
	fake := held()
	d := console(t, fake, nil)
	d.See("1 of 5").Press("j", "j").SeeMatch(`> ◆ MANUAL\s+Lucía`)
	submit(t, fake, d, model.ActApprove)
	d.SeeMatch(isHeld).Press("enter").SeeMatch(`> Lucía Fernanda`).See("approve is held back: u takes it back")
	d.Press("u").Gone("is held back").See("taken back, nothing was sent")
}

// Whoever takes a decision back goes on from its session: none is passed over.
func TestTakingBackLeadsToItsPlaceInTheList(t *testing.T) {
	fake := held()
	d := console(t, fake, nil)
	d.See("1 of 5")
	submit(t, fake, d, model.ActApprove)
	d.SeeMatch(isHeld).Press("u").See("3 of 5 > Lucía Fernanda").Press("]").See("4 of 5 > ")
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
	d.See("✗ Approve 5f9a41c2…b7e0: outcome unknown.", "esc seen", "approve?", "8 Unknown 1")
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

// over is a submission that has ended with an outcome.
type over struct{ outcome model.Outcome }

func (o over) Undo() bool                { return false }
func (o over) Held() bool                { return false }
func (o over) Outcomes() []model.Outcome { return []model.Outcome{o.outcome} }
func (o over) Done() <-chan struct{} {
	done := make(chan struct{})
	close(done)
	return done
}

func ended(kind model.ActionKind, result model.Result, problem *model.Problem) common.Submitted {
	a := model.Action{Kind: kind, IDs: []string{lucia}}
	return common.Submitted{Submission: over{model.Outcome{Action: a, ID: lucia, Result: result, Problem: problem}}}
}

func TestLogInLeadsBackToWhatWasRefused(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5")
	d.Tell(ended(model.ActApprove, model.ResultRefused, model.NewProblem(model.KindAuth, "The API refused the token", "", "log in again")))
	d.See("Log in to", "esc seen").Press("esc").Gone("Log in to").See("esc seen")
	d.Tell(common.LoggedIn{})
	d.See("Nothing was sent for 5f9a41c2…b7e0: decide again", "3 of 5 > Lucía Fernanda", "a approve").Gone("esc seen")
	d.Press("[").See("2 of 5 > ")
}

// What is being typed when a token is refused stays where it was meant to go.
func TestLogInWaitsForWhatIsBeingTyped(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Press("enter").See("Before approve").Press("t").See("A note stays here").Type("seen ")
	d.Tell(common.NeedLogin{Why: "The API refused the token."}).See("log-in form comes after this").Type("before")
	d.See("seen before").Gone("Log in to").Press("esc").See("Log in to", "The API refused the token.").Press("esc").Gone("Log in to")
	d.Press("esc").See("[1 Needs review 5]").Press("/").Type("lu").See("/ lu").Tell(common.NeedLogin{Why: "The API refused the token."}).Type("c")
	d.See("/ luc").Gone("Log in to").Press("enter").See("Log in to")
}

// What went wrong ends with what to do: that is not cut off in a small terminal.
func TestOutcomeIsSaidToItsEnd(t *testing.T) {
	d := console(t, uitest.New(nil), nil, vtdriver.Size(80, 24))
	d.See("1 of 5").Tell(common.OpenSession{ID: lucia}).See("Before approve")
	d.Tell(ended(model.ActReject, model.ResultNotSent, model.NewProblem(model.KindUnreachable,
		"Nothing was sent: not tried, the API could not be reached just before", "status of session 5f9a41c2…b7e0", "check the network and the API address, then try again")))
	d.SeeMatch(`was not sent: not tried, the API`).SeeMatch(`then try\s+again +esc seen`).Press("esc").Gone("esc seen").See("Before approve")
}

func TestDeletedSessionLeavesTheScreen(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Tell(common.OpenSession{ID: lucia})
	d.See("Before approve", "documentExpired").Press("J").See("JSON of").Tell(common.OpenSession{ID: joao}).See("João Pedro")
	d.Tell(ended(model.ActDelete, model.ResultDone, nil))
	d.See("João Pedro").Press("esc").See("[1 Needs review").Gone("JSON of").Gone("Before approve")
}

func TestDeletionClosesTheDialogInFrontOfIt(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Tell(common.OpenSession{ID: lucia})
	d.See("Before approve", "documentExpired").Press("?").See("Keys of this page")
	d.Tell(ended(model.ActDelete, model.ResultDone, nil))
	d.See("[1 Needs review").Gone("Keys of this page").Gone("Before approve")
}

func TestSmallTerminalSaysThatADecisionIsHeldAndTakesItBack(t *testing.T) {
	fake := held()
	d := console(t, fake, nil)
	d.See("1 of 5")
	sub := submit(t, fake, d, model.ActApprove)
	d.See("u undo").Resize(60, 20).See("A decision is held back: u takes it back").Press("u").Gone("A decision is held back")
	<-sub.Done()
	require.Empty(t, fake.Sent())
}
