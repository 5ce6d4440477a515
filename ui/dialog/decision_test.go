package dialog_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/desk"
	"docket/model"
	"docket/themes"
	"docket/ui/common"
	"docket/ui/dialog"
	"docket/ui/uitest"
)

func decisionContext(t testing.TB, d common.Desk) *common.Context {
	t.Helper()
	theme, err := themes.Load(themes.Default)
	require.NoError(t, err)
	return &common.Context{
		Ctx: t.Context(), Desk: d, Styles: common.NewStyles(theme, true, colorprofile.TrueColor),
		Now: func() time.Time { return uitest.Noon }, Zone: time.UTC,
	}
}

// failing is the session of the fake desk whose verdict is FAIL.
func failing(t testing.TB, d *uitest.Desk) *model.Session {
	t.Helper()
	page, err := d.List(t.Context(), model.Query{View: model.ViewFailed})
	require.NoError(t, err)
	d.Prefetch(t.Context(), page.Rows[0].ID)
	return d.Peek(page.Rows[0].ID)
}

var formKeys = []tea.KeyPressMsg{
	{Code: 'j', Text: "j"},
	{Code: 'k', Text: "k"},
	{Code: tea.KeyEnter},
	{Code: tea.KeyTab},
	{Code: tea.KeySpace, Text: " "},
	{Code: 'x', Text: "x"},
	{Code: '田', Text: "田"},
	{Code: tea.KeyBackspace},
	{Code: 's', Mod: tea.ModCtrl},
	{Code: 'G', Text: "G"},
}

func TestDecisionsFitAnyRoomAndNeverSendByAccident(t *testing.T) {
	d := uitest.New(nil)
	s := failing(t, d)
	c := decisionContext(t, d)
	rapid.Check(t, func(rt *rapid.T) {
		info := rapid.SampledFrom(model.Actions()).Draw(rt, "action")
		form := dialog.NewDecision(c, s, info.Kind)
		sent := 0
		for range rapid.IntRange(0, 25).Draw(rt, "keys") {
			key := rapid.SampledFrom(formKeys).Draw(rt, "key")
			if cmd := form.Update(key); cmd != nil {
				sent++
				require.Equal(rt, "ctrl+s", key.String(), "only ctrl+s sends")
			}
			w, h := rapid.IntRange(60, 140).Draw(rt, "width"), rapid.IntRange(14, 50).Draw(rt, "height")
			lines := strings.Split(form.View(form.Width(w), h), "\n")
			require.LessOrEqual(rt, len(lines), h)
			for _, l := range lines {
				require.LessOrEqual(rt, ansi.StringWidth(l), w)
			}
		}
		require.LessOrEqual(rt, sent, 1, "once")
	})
	require.Empty(t, d.Sent(), "the commands were not run")
}

// What somebody else filled in fits as well, and is neither sent nor ended by chance.
func TestProposalsFitAnyRoomAndNothingEndsThemByAccident(t *testing.T) {
	d := uitest.New(nil)
	s := failing(t, d)
	c := decisionContext(t, d)
	keys := append(slices.Clone(formKeys), tea.KeyPressMsg{Code: 'd', Text: "d"})
	rapid.Check(t, func(rt *rapid.T) {
		info := rapid.SampledFrom(model.Actions()).Draw(rt, "action")
		own := rapid.Bool().Draw(rt, "own")
		by := map[bool]string{true: "os:ana", false: "os:bo"}[own]
		form := dialog.NewSecond(c, s, model.Proposal{By: by, At: uitest.Noon, Rule: rapid.String().Draw(rt, "rule"), Action: model.Action{
			Kind: info.Kind, IDs: []string{s.ID}, Reason: "other", Note: rapid.String().Draw(rt, "note"), Message: rapid.String().Draw(rt, "message"),
		}})
		before := ""
		for range rapid.IntRange(0, 25).Draw(rt, "keys") {
			key := rapid.SampledFrom(keys).Draw(rt, "key")
			if form.Update(key) != nil {
				require.True(rt, key.String() == "ctrl+s" && !own || key.String() == "d" && before == "d", "%s after %s", key, before)
				return
			}
			before = key.String()
			w, h := rapid.IntRange(60, 140).Draw(rt, "width"), rapid.IntRange(14, 50).Draw(rt, "height")
			lines := strings.Split(form.View(form.Width(w), h), "\n")
			require.LessOrEqual(rt, len(lines), h)
			for _, l := range lines {
				require.LessOrEqual(rt, ansi.StringWidth(l), w)
			}
			require.NotEmpty(rt, strings.TrimSpace(ansi.Strip(lines[len(lines)-1])), "what the keys do is always there")
		}
	})
	require.Empty(t, d.Sent(), "the commands were not run")
}

func TestEveryActionSaysWhatItDoesToWhom(t *testing.T) {
	d := uitest.New(nil)
	s := failing(t, d)
	c := decisionContext(t, d)
	for _, info := range model.Actions() {
		form := dialog.NewDecision(c, s, info.Kind)
		view := strings.Join(strings.Fields(ansi.Strip(form.View(90, 40))), " ")
		require.Contains(t, view, s.Applicant.Name.Reveal(), info.Kind)
		require.Contains(t, view, info.Effect, info.Kind)
		require.Equal(t, info.Title, form.Title())
		if info.Kind == model.ActApprove {
			for _, check := range s.Failed() {
				require.Contains(t, view, check.Name())
			}
		}
	}
}

func TestARefusedPlanCannotBeSent(t *testing.T) {
	d := uitest.New(nil)
	s := failing(t, d)
	d.SetPolicy(readOnly)
	form := dialog.NewDecision(decisionContext(t, d), s, model.ActClose)
	require.Contains(t, ansi.Strip(form.View(90, 30)), "docket is read-only")
	require.Nil(t, form.Update(tea.KeyPressMsg{Code: 's', Mod: tea.ModCtrl}))
}

func readOnly(p *desk.Policy) { p.ReadOnly = true }

// What could not be read is not the same as what is not there.
func TestAnOverrideSaysWhatIsKnownOfTheVerdict(t *testing.T) {
	d := uitest.New(nil)
	c := decisionContext(t, d)
	s := failing(t, d).Clone()
	view := func() string { return ansi.Strip(dialog.NewDecision(c, s, model.ActApprove).View(92, 60)) }
	require.Contains(t, view(), "decide although the verdict is FAIL")

	blind := unread{d}
	c.Desk = blind
	require.Contains(t, view(), "decide although there is no verdict")
	s.Parts[model.PartScore] = model.PartState{Problem: model.NewProblem(model.KindServer, "The API failed", "", "try again")}
	require.Contains(t, view(), "decide although the score was not read")
	require.NotContains(t, view(), "does not wait for a person")
}

// unread is a desk that has no verdict of any session.
type unread struct{ *uitest.Desk }

func (u unread) Plan(a model.Action) desk.Plan {
	plan := u.Desk.Plan(a)
	plan.Verdict, plan.NeedsForce = "", true
	return plan
}

// What was taken back or refused need not be typed again; what was sent, what
// is deleted and what was on screen before a lock does not come back.
func TestWhatWasNotSentIsThereAgain(t *testing.T) {
	desk := uitest.New(nil)
	s := failing(t, desk)
	c := decisionContext(t, desk)
	stack := dialog.NewStack(c, -1)
	open := func(kind model.ActionKind) *dialog.Decision { return dialog.NewDecision(c, s, kind) }
	view := func(kind model.ActionKind) string { return ansi.Strip(open(kind).View(92, 60)) }
	submit := func() {
		form := open(model.ActReject)
		form.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
		form.Update(tea.PasteMsg{Content: "another face"})
		form.Update(tea.KeyPressMsg{Code: tea.KeyTab})
		form.Update(tea.KeyPressMsg{Code: tea.KeySpace, Text: " "})
		require.NotNil(t, form.Update(tea.KeyPressMsg{Code: 's', Mod: tea.ModCtrl}))
	}
	ended := func(kind model.ActionKind, result model.Result) {
		stack.Update(common.Ended{Outcomes: []model.Outcome{{ID: s.ID, Result: result, Action: model.Action{Kind: kind, IDs: []string{s.ID}}}}})
	}
	require.NotContains(t, view(model.ActReject), "(•)", "at first nothing is chosen")

	for _, result := range []model.Result{model.ResultNotSent, model.ResultRefused} {
		submit()
		ended(model.ActReject, result)
		require.Regexp(t, `(?s)\(•\) .*another face.*that did not go through`, view(model.ActReject), result)
		require.NotContains(t, view(model.ActReject), "[x]", "an override is never remembered")
		require.NotContains(t, view(model.ActApprove), "another face", "another action")
		c.Drafts.Clear()
	}
	for kind, result := range map[model.ActionKind]model.Result{model.ActReject: model.ResultDone, model.ActDelete: model.ResultDone} {
		submit()
		ended(kind, result)
		require.NotContains(t, view(model.ActReject), "another face", kind)
	}
	c.Looked.Showed(s.ID, model.Seen{Session: s.ID, SHA256: "aa"})
	submit()
	ended(model.ActDelete, model.ResultDone)
	require.True(t, c.Looked.Evidence(s.ID).Empty(), "nor what was looked at")
}
