package ui_test

import (
	"context"
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

// The sessions of the fake desk that the tests name.
const (
	lucia = "5f9a41c2d07e4b12a3c8b7e0"
	joao  = "66e0b7a1c9d24f0088a1c002"
	newID = "77aa00000000000000000001"
)

// console starts a console on the desk, with a clock that stands still and
// dialogs that are armed at once.
func console(t *testing.T, d *uitest.Desk, change func(*ui.Options), opts ...vtdriver.Option) *vtdriver.Driver {
	t.Helper()
	o := ui.Options{Desk: d, Now: func() time.Time { return uitest.Noon }, Zone: time.UTC, Grace: -1}
	if change != nil {
		change(&o)
	}
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	root, err := ui.New(ctx, o)
	require.NoError(t, err)
	opts = append(opts, vtdriver.ProgramOptions(tea.WithFPS(120)))
	return vtdriver.StartModel(t, root, opts...)
}

func TestInboxOpensWithWhatWaits(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("[1 Needs review 5]", "> ◆ MANUAL", "João Pedro de Souza", "1 of 5", "2 late", "token 5h41 | API 98% free")
	require.Equal(t, "docket", d.Title())
	require.True(t, d.AltScreen())
}

func TestInboxOpensWithEverythingWhenNothingWaits(t *testing.T) {
	desk := uitest.New(nil)
	for _, v := range []string{lucia, joao, "66e0c1f0c9d24f0088a1d119", "66e0d4b2c9d24f0088a1e77c", "66e0f3e5c9d24f0088a204aa"} {
		desk.Change(v, func(r *model.Row) { r.Verdict = model.OK })
	}
	console(t, desk, nil).See("[9 All 13]", "1 of 13")
}

func TestEmptyInboxSaysWhatToDo(t *testing.T) {
	desk := uitest.New(nil)
	desk.Clear()
	d := console(t, desk, nil)
	d.See("The inbox is empty", "ctrl+n", "docket add ID")
	desk.Arrive(newID, "Ana New", model.Manual)
	d.See("Ana New")
}

// At 80 columns nothing of the advice is cut.
func TestEmptyInboxFitsTheSmallestTerminal(t *testing.T) {
	desk := uitest.New(nil)
	desk.Clear()
	desk.Logout()
	d := console(t, desk, nil, vtdriver.Size(80, 24))
	d.See("The inbox is empty", "docket demo").Settled()
	vtdriver.Golden(t, d)
	back := desk.GoAway(uitest.Noon)
	d.See("store away").Press("2").See("the store is away", "says so no more")
	back()
	d.See("The inbox is empty").Gone("the store is away")
}

func TestEmptyViewSaysWhatToDo(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Press("2").See("You have claimed no session.", "shows all sessions")
	d.Press("9").See("1 of 13")
	d.Press("tab").See("[1 Needs review 5]").Press("shift+tab").See("[9 All 13]")
}

func TestListThatCannotBeReadSaysSo(t *testing.T) {
	desk := uitest.New(nil)
	desk.FailLists(model.NewProblem(model.KindFailed, "the store is locked", "inbox", "close the other docket"))
	d := console(t, desk, nil)
	d.See("✗ the store is locked (inbox): close the other docket", "tries again")
	desk.FailLists(nil)
	d.Press("R").See("1 of 5")
	desk.FailLists(model.NewProblem(model.KindFailed, "the store is locked", "inbox", "close the other docket"))
	d.Press("R").See("the store is locked", "João Pedro de Souza")
}

func TestRowSaysWhichLookUpFailed(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.Press("9").See("? not read", "score not read: 500 · R tries again")
}

func TestSearchAsYouType(t *testing.T) {
	desk := uitest.New(nil)
	d := console(t, desk, nil)
	d.See("1 of 5").Press("/").Type("orteg").See("1 found", "Lucía Fernanda").Gone("João")
	d.Press("enter").See("search", "esc clears", "1 of 1").Press("esc").See("1 of 5", "João")
	d.Press("/").Type("nobody").See("matches \"nobody\"", "clears the search")
	d.Press("esc").See("1 of 5")
	d.Press("/").Type("q").See("0 found").Press("ctrl+u").See("1 of 5")
}

// An answer to an older search that comes late is not shown.
func TestLateAnswersAreDropped(t *testing.T) {
	desk := uitest.New(nil)
	d := console(t, desk, nil)
	d.See("1 of 5")
	release := desk.Stall()
	d.Press("/").Type("joao").Press("ctrl+u").Type("lu")
	release()
	d.See("Lucía Fernanda", "1 found").Gone("João")
}

// Rows of one view do not stand for long under the name of another.
func TestRowsOfAnotherViewGoWhenTheListDoesNotCome(t *testing.T) {
	desk := uitest.New(nil)
	d := console(t, desk, nil)
	d.See("1 of 5", "Lucía Fernanda")
	release := desk.Stall()
	d.Press("9").See("[9 All 13]", "reading…").Gone("Lucía Fernanda")
	release()
	d.See("1 of 13", "Lucía Fernanda")
}

// Keys about rows wait for the rows that they were typed for.
func TestKeysTypedAheadMeetTheListThatWasAskedFor(t *testing.T) {
	desk := uitest.New(nil)
	release := desk.Stall()
	d := console(t, desk, nil)
	d.Press("j", "enter")
	release()
	d.SeeMatch(`2 of 5 > `).Press("esc").Gone("2 of 5 > ").Press("g").See("1 of 5")

	release = desk.Stall()
	d.Press("/").Type("orteg").Press("enter", "enter").Sync()
	release()
	d.SeeMatch(`1 of 1 > Lucía Fernanda`).Press("esc").Gone("1 of 1 > ").Press("esc").See("1 of 5")

	release = desk.Stall()
	d.Press("9", "enter", "1").Sync() // the key was meant for a view that was left again
	release()
	d.Settled().See("[1 Needs review 5]", "1 of 5").Gone(" > João")
}

func TestListsStayOnTheirSessionWhenOthersArrive(t *testing.T) {
	desk := uitest.New(nil)
	d := console(t, desk, nil)
	d.See("1 of 5").Press("s").See("Order of the list").Press("c").Gone("Order of the list").See("latest change first")
	d.Press("j", "j").SeeMatch(`> ◆ MANUAL\s+Lucía`).See("3 of 5")
	desk.Arrive(newID, "Ana New", model.Manual)
	d.See("Ana New", "4 of 6").SeeMatch(`> ◆ MANUAL\s+Lucía`)
	desk.Change(lucia, func(r *model.Row) { r.Verdict = model.OK })
	d.Gone("Lucía").See("4 of 5", "Needs review 5")
}

func TestLongListsAreReadInBothDirections(t *testing.T) {
	desk := uitest.New(nil)
	desk.Many(2000)
	d := console(t, desk, nil)
	d.See("1 of 2,005").Press("G").See("2,005 of 2,005", "> ◆ MANUAL", "Person Number 001999")
	for range 60 {
		d.Press("ctrl+u")
	}
	d.See("985 of 2,005").Press("g").See("1 of 2,005", "João Pedro")
	for range 70 {
		d.Press("ctrl+d")
	}
	d.See("1,191 of 2,005").Press("G").See("2,005 of 2,005").Press("k").See("2,004 of 2,005")
}

func TestMarks(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Press("space", "space").See("* 2 marked", "3 of 5").SeeMatch(`\* ◆ MANUAL\s+João`)
	d.Press("esc").Gone("marked")
}

func TestFiltersAndOrder(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Press("9").See("1 of 13").Press("f").See("View and filters")
	d.Press("tab", "space", "enter").See("only FAIL", "1 of 2").Gone("João")
	d.Press("esc").See("1 of 13")
	d.Press("s").See("Order of the list").Press("w").Gone("Order of the list").See("worst verdict first").SeeMatch(`> ✗ FAIL`)
}

func TestIdsAreAdded(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Press("ctrl+n").See("Add sessions by their interview ids")
	d.Paste(newID + "\n" + "dead00000000000000000000\n" + lucia)
	d.See("3 to add").Press("ctrl+s").See("1 added, 1 refreshed, 1 not added", "the API does not know the session: check the id")
	d.Press("esc").See("1 of 6")
}

func TestIDsAreCopied(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Press("y").See("✓ interview id copied")
	d.Until("the id on the clipboard", func(string) bool { return d.Clipboard() == joao })
}

func TestCopiesAreOneCleanLine(t *testing.T) {
	var local string
	d := console(t, uitest.New(nil), func(o *ui.Options) {
		o.Local = func(text string) error { local = text; return nil }
	})
	d.See("1 of 5").Tell(common.Copy{Text: "a\x1b]52;c;AA\x07b\r\nc\u202ed\u0085", What: "it"}).See("it copied")
	require.Eventually(t, func() bool { return d.Clipboard() == "ab cd" }, vtdriver.DefaultDeadline, 5*time.Millisecond, "the terminal is told beside the toast")
	require.Equal(t, "ab cd", local)
}

func TestNeighboursAreFetchedWhenTheCursorRests(t *testing.T) {
	desk := uitest.New(nil)
	d := console(t, desk, nil)
	d.See("1 of 5").Press("j").See("2 of 5")
	require.Eventually(t, func() bool { return len(desk.Fetched()) >= 3 }, vtdriver.DefaultDeadline, 5*time.Millisecond)
	require.Contains(t, desk.Fetched(), lucia)
}

func TestSessionOpensAndSteps(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Press("j", "j", "enter").See("Lucía Fernanda ORTEGA RÍOS", "3 of 5", "5f9a41c2…b7e0", "a approve")
	require.Equal(t, "docket · 5f9a41c2…b7e0", d.Title())
	d.Press("]").See("Karim Haddad", "4 of 5").Press("[", "[").See("2 of 5 > 田中")
	d.Press("[", "[").See("This is the first session of the list.", "1 of 5")
	d.Press("esc").See("[1 Needs review 5]", "enter open")
}

func TestAfterADecisionComesTheNext(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Press("enter").See("a approve", "1 of 5")
	d.Tell(common.Decided{ID: joao}).SeeMatch(`2 of 5 > 田中`)
	d.Press("esc").See("[1 Needs review 5]").Press("g").See("1 of 5")
}

func TestMaskingHidesPersonalValues(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("João Pedro").Press("*").See("MASKED", "J•••").Gone("João")
	d.Press("enter").See("WHO").Gone("João").Press("*").See("João Pedro de Souza")
}

func TestLockCoversEverything(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Press("j", "j", "enter").See("Lucía", "a approve").Press("Z").See("docket is locked").Gone("Lucía")
	require.Equal(t, "docket", d.Title())
	require.NotContains(t, d.Screen(), "5f9a")
	d.Press("q", "?", "esc").Sync()
	require.True(t, d.Running())
	d.Press("enter").See("Lucía", "a approve")
}

func TestHelpAndPalette(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Press("?").See("Keys of this page", "search as you type", "off: nothing is held back").Press("esc").Gone("Keys of this page")
	d.Press(":").See("Every action by name").Type("decid").See("off: nothing is held back").Press("esc").Gone("Every action")
	d.Press("ctrl+p").See("Every action").Type("mouse").Press("enter").See("Mouse on")
}

func TestActionsThatAreOffSayWhy(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Press("u").See("nothing is held back").Press("esc").See("this is the first page: q quits")
}

func TestMouseIsOffUntilAsked(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Click(30, 6).Sync().See("1 of 5")
	d.Press(":").Type("mouse").Press("enter").See("Mouse on")
	d.Click(30, 6).See("3 of 5").Click(30, 6).See("Lucía Fernanda ORTEGA RÍOS", "a approve")
}

func TestTooSmallATerminalSaysWhichSizeIsNeeded(t *testing.T) {
	d := console(t, uitest.New(nil), nil, vtdriver.Size(60, 20))
	d.See("docket needs a terminal of 80×24; this one has 60×20.")
	d.Resize(80, 24).See("[1 Review 5]", "João").Resize(200, 60).See("STATUS", "CHANGED").Resize(79, 60).See("docket needs a terminal")
	d.Press("q")
	require.Zero(t, d.Wait())
}

// The key pressed again before a reveal is in the log leaves everything masked.
func TestARevealIsLoggedBeforeItShows(t *testing.T) {
	desk := uitest.New(nil)
	d := console(t, desk, nil)
	d.See("João Pedro").Press("*").See("MASKED").Gone("João")
	release := desk.Stall()
	d.Press("*").Sync().Press("*").Sync()
	release()
	require.Eventually(t, func() bool { return len(desk.Logged()) == 1 }, vtdriver.DefaultDeadline, 5*time.Millisecond)
	require.Contains(t, d.Settled().Screen(), "MASKED")
	desk.FailLog(model.NewProblem(model.KindFailed, "Nothing is revealed", "", ""))
	d.Press("*").See("Nothing is revealed", "MASKED").Gone("João")
	desk.FailLog(nil)
	d.Press("*").See("João Pedro").Gone("MASKED")
	d.Tell(common.OpenSession{ID: lucia}).See("Lucía").Press("*").See("MASKED").Press("*").Gone("MASKED")
	require.Equal(t, []string{"reveal", "reveal", "reveal " + lucia}, desk.Logged())
}

func TestHeaderTellsTheStateOfThings(t *testing.T) {
	fake := uitest.New(nil)
	fake.SetPolicy(func(p *desk.Policy) { p.ReadOnly = true })
	fake.Logout()
	fake.SetCalls([]model.Call{{Kind: model.KindUnreachable}})
	console(t, fake, nil).See("READ-ONLY", "no token", "API not reachable")
}

func TestActivityShowsWhatWasAsked(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Press("L").See("five minutes", "9,800 of 10,000 left", "LATENCY", "ERRORS", "500 server", "429 rate", "/omni/get/score")
	d.Press("/").Type("429").See("7 requests").Press("enter", "esc").See("60 requests").Press("esc").See("1 of 5", "enter open")
}

func TestLoginKeepsThePageAndGoesOn(t *testing.T) {
	fake := uitest.New(nil)
	fake.Logout()
	d := console(t, fake, nil)
	d.See("no token").Tell(common.NeedLogin{Why: "The API refused the token."}).Tell(common.NeedLogin{Why: "again"})
	d.See("Log in to https://api.example.test", "The API refused the token.", "João")
	d.Type("ana@example.test").Press("enter").Type("wrong").Press("enter").See("e-mail or password refused")
	d.Type("right").Press("enter").See("Logged in", "token 24h00").Gone("Log in to")
}

func TestUnknownThemeOrKeyIsNamed(t *testing.T) {
	_, err := ui.New(context.Background(), ui.Options{Desk: uitest.New(nil), Theme: "neon"})
	require.ErrorContains(t, err, "neon")
	_, err = ui.New(context.Background(), ui.Options{Desk: uitest.New(nil), Keys: map[string][]string{"nothing": {"a"}}})
	require.ErrorContains(t, err, "nothing")
}

func TestKeyOfASessionSaysWhereItWorks(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Press("a").See("open one with enter, or mark sessions with space first")
}

// Each order of the list has a letter of its own.
func TestOrdersHaveTheirOwnLetters(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	for letter, says := range map[string]string{"c": "latest change first", "n": "by name", "w": "worst verdict first", "d": "longest waiting first"} {
		d.See("1 of 5").Press("s").See("Order of the list").Press(letter).Gone("Order of the list").See(says)
	}
}

// A session that leaves the list while it is open, because somebody else decided
// it, does not take the one behind it along.
func TestNextAfterASessionThatLeftTheList(t *testing.T) {
	for key, want := range map[string]string{"]": "66e0d4b2c9d24f0088a1e77c", "[": "66e0c1f0c9d24f0088a1d119"} {
		desk := uitest.New(nil)
		d := console(t, desk, nil)
		d.See("1 of 5").Press("j", "j", "enter").See("3 of 5 > Lucía Fernanda")
		desk.Change(lucia, func(r *model.Row) { r.Verdict = model.ManualOK })
		d.See("3 of 4 > Lucía Fernanda").Press(key).Gone("Lucía Fernanda").See(want[:8])
	}
}

// The page in front is named also when there is no room for those below.
func TestHeaderNamesThePageInFront(t *testing.T) {
	d := console(t, uitest.New(nil), nil, vtdriver.Size(80, 24))
	d.See("1 of 5").Tell(common.OpenSession{ID: lucia}).Tell(common.OpenSession{ID: joao})
	d.See("> … > João Pedro").Press("v").See("> João Pedro de Souza", "> Compare")
}
