package session_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui"
	"docket/ui/uitest"
)

// console opens the rig's session in the whole console.
func console(t *testing.T, r *rig, opts ...vtdriver.Option) *vtdriver.Driver {
	t.Helper()
	root, err := ui.New(t.Context(), ui.Options{Desk: r, Now: func() time.Time { return uitest.Noon }, Zone: time.UTC, Grace: -1, View: model.ViewAll})
	require.NoError(t, err)
	d := vtdriver.StartModel(t, root, opts...)
	d.See("Lucía", "João").Press("/").Type("ortega").Press("enter").Gone("João").Press("enter").See("WHO", "Before approve:", "documentExpired").Gone("reading …")
	return d
}

func waitSent(t *testing.T, r *rig, n int) []model.Action {
	t.Helper()
	require.Eventually(t, func() bool { return len(r.Sent()) >= n }, time.Minute, 5*time.Millisecond)
	sent := r.Sent()
	for i := range sent {
		sent[i].Evidence = model.Evidence{} // see TestWhatWasSeenGoesWithADecision
	}
	return sent
}

// The pictures that were on the screen, and what was recorded of them, go with the
// decision; what was fetched and not shown does not.
func TestWhatWasSeenGoesWithADecision(t *testing.T) {
	seen := func(e model.Evidence) []string {
		var types []string
		for _, p := range e.Pictures {
			require.Equal(t, theID, p.Session)
			require.Len(t, p.SHA256, 64)
			types = append(types, p.Ref.String())
		}
		slices.Sort(types)
		return types
	}
	decide := func(d *vtdriver.Driver) {
		d.Press("j", "enter", "enter", "enter").See("ctrl+s sends it").Press("ctrl+s").Gone("Reason")
	}
	r := newRig()
	r.SetPolicy(noHold)
	d := console(t, r)
	dialogAfter(t, d, "a", "Reason")
	d.See("4 pictures seen")
	decide(d)
	waitSent(t, r, 1)
	require.Equal(t, []string{"croppedBackID", "croppedFrontID", "croppedIDFace", "selfie"}, seen(r.Sent()[0].Evidence))

	r = newRig()
	r.SetPolicy(noHold)
	d = console(t, r, vtdriver.Size(80, 24))
	dialogAfter(t, d, "a", "Reason")
	d.See("no picture seen").Press("esc").Gone("Reason")
	d.Press("v").See("records what you saw: nothing yet").SeeMatch(`A  .* 60×76 .*B  .* 60×76 `).Gone("reading")
	insist(t, d, "enter", "What did you see?").Press("d").See("Recorded: different").Press("esc").See("documentExpired")
	dialogAfter(t, d, "a", "Reason")
	d.See("2 pictures seen: different")
	decide(d)
	waitSent(t, r, 1)
	e := r.Sent()[0].Evidence
	require.Equal(t, []string{"croppedIDFace", "selfie"}, seen(e))
	require.Len(t, e.Compared, 1)
	require.Equal(t, model.Different, e.Latest())
	require.ElementsMatch(t, e.Pictures, []model.Seen{e.Compared[0].A, e.Compared[0].B})
	notes, err := r.Notes(t.Context(), theID)
	require.NoError(t, err)
	require.Equal(t, e.Compared, notes[0].Evidence.Compared, "it is kept at once, whatever becomes of the decision")
}

func TestADecisionIsSentOnce(t *testing.T) {
	r := newRig()
	r.SetPolicy(noHold)
	d := console(t, r)
	dialogAfter(t, d, "a", "Reason")
	d.See("Lucía Fernanda ORTEGA RÍOS", "Marks the session at Incode as approved", "FAIL idValidation.documentExpired", "It is sent at once")
	d.See("missing: a reason")
	d.Press("ctrl+s").Sync().See("! a reason: enter chooses")
	d.Press("j", "enter", "enter", "enter").See("(•) false-alarm", "ctrl+s sends it")
	require.Zero(t, r.submitted(), "enter never sends")
	d.Press("ctrl+s", "ctrl+s", "ctrl+s").Gone("Reason")
	sent := waitSent(t, r, 1)
	require.Equal(t, 1, r.submitted())
	require.Equal(t, []model.Action{{Kind: model.ActApprove, IDs: []string{theID}, Reason: "false-alarm", Expect: "d-1"}}, sent)
}

func TestADecisionCanBeTakenBack(t *testing.T) {
	r := newRig()
	d := console(t, r)
	dialogAfter(t, d, "x", "Reason")
	d.See("Held back 3 s").Press("enter").Type("not the same person").Press("ctrl+s").Gone("Reason").See("u undo").Press("u").See("taken back")
	require.Empty(t, r.Sent())
}

func TestAReasonCanNeedANote(t *testing.T) {
	r := newRig()
	r.SetPolicy(noHold)
	d := console(t, r)
	dialogAfter(t, d, "x", "Reason")
	d.Press("G", "enter", "ctrl+s").See("! a note, which the reason other needs")
	require.Zero(t, r.submitted())
	d.Paste("a\x1b[31m note\nof two lines").Press("ctrl+s").Gone("Reason")
	require.Equal(t, "other", waitSent(t, r, 1)[0].Reason)
	require.Equal(t, "a note of two lines", r.Sent()[0].Note)
}

func TestAClosedVerdictNeedsAnOverride(t *testing.T) {
	r := newRig()
	r.SetPolicy(noHold)
	r.whole.Verdict = model.Fail
	d := console(t, r)
	d.See("verdict FAIL needs an override")
	dialogAfter(t, d, "a", "Reason")
	d.Press("enter", "enter", "enter", "ctrl+s").See("! the override: space ticks it")
	require.Zero(t, r.submitted())
	require.NotContains(t, d.Screen(), "[x]", "enter does not tick")
	d.Press("space").See("[x] decide although the verdict is FAIL").Press("ctrl+s").Gone("Reason")
	// The fake's own copy of the session waits for a person; what counts is what was handed over.
	require.True(t, waitSent(t, r, 1)[0].Override)
}

func TestAnEndedTokenLosesNothing(t *testing.T) {
	r := newRig()
	r.SetPolicy(noHold)
	d := console(t, r)
	dialogAfter(t, d, "a", "Reason")
	d.Press("enter").Type("looked twice")
	r.Logout()
	d.Press("ctrl+s").See("Password").Gone("looked twice").Type("ana@example.test").Press("tab").Type("any").Press("enter").Gone("Password")
	d.See("(•) checked-ok", "looked twice", "logged in: ctrl+s sends it").Press("ctrl+s").Gone("Reason")
	require.Equal(t, "looked twice", waitSent(t, r, 1)[0].Note)
	require.Equal(t, 1, r.submitted())
}

func TestARefusalIsShownInItsThreeParts(t *testing.T) {
	r := newRig()
	r.refuse = model.NewProblem(model.KindDrift, "The session has changed since it was shown", "score", "go back, look again, then decide")
	d := console(t, r)
	dialogAfter(t, d, "a", "Reason")
	d.Press("enter", "ctrl+s").See("✗ The session has changed since it was shown (score)", "go back, look again, then decide")
	d.Press("ctrl+s").Sync()
	require.Eventually(t, func() bool { return r.submitted() == 2 }, time.Second*10, time.Millisecond) // it may be tried again
	d.Press("esc").Gone("Reason")
	require.Empty(t, r.Sent())
	dialogAfter(t, d, "a", "Reason")
	d.See("(•) checked-ok", "that did not go through").Press("esc").Gone("Reason")
	d.Press("Z").See("docket is locked").Press("enter").Gone("docket is locked")
	dialogAfter(t, d, "a", "Reason").Gone("(•)") // who came back may be somebody else
}

func TestRareActions(t *testing.T) {
	for key, want := range map[string]struct {
		fill []string
		act  model.Action
	}{
		"f": {[]string{"h", "i", "ctrl+s"}, model.Action{Kind: model.ActAntifraud, Message: "hi"}},
		"e": {[]string{"ctrl+s", "j", "space", "ctrl+s"}, model.Action{Kind: model.ActExpire, Conditions: []string{model.ExpireNeedsReview}}},
		"i": {[]string{"space", "ctrl+s"}, model.Action{Kind: model.ActEnroll, Components: []string{"faceRecognition", "id", "governmentValidation"}}},
		"c": {[]string{"enter", "ctrl+s"}, model.Action{Kind: model.ActClose}},
	} {
		t.Run(key, func(t *testing.T) {
			r := newRig()
			r.SetPolicy(noHold)
			d := console(t, r)
			dialogAfter(t, d, "!", "Rare actions")
			title := want.act.Kind.Info().Title
			d.Press(key).Gone("Rare actions").See(title, strings.Fields(want.act.Kind.Info().Effect)[0]).Press(want.fill...)
			want.act.IDs = []string{theID}
			require.Equal(t, []model.Action{want.act}, waitSent(t, r, 1))
			d.See("WHO", "documentExpired") // no decision: the session stays open
		})
	}
}

func TestDeletingAsksForTheEndOfTheID(t *testing.T) {
	r := newRig()
	r.SetPolicy(noHold)
	d := console(t, r)
	dialogAfter(t, d, "x", "Reason").Press("esc").Gone("Reason")
	d.Press(":").See("Every action by name").Type("delete").Press("enter").See("Delete personal data", "Last 6 characters")
	d.Press("ctrl+s").See("! what becomes of the identity").Press("enter", "enter").Type("c8b7e1").Press("ctrl+s").See("! the last 6 characters of the id")
	require.Zero(t, r.submitted())
	d.Press("backspace").Type("0").Press("ctrl+s").Gone("Last 6 characters")
	require.Equal(t, []model.Action{{Kind: model.ActDelete, IDs: []string{theID}, KeepIdentity: true}}, waitSent(t, r, 1))
	d.Gone("WHO") // what was deleted is not shown on
}

func TestAnUnknownOutcomeIsSettledByAPerson(t *testing.T) {
	r := newRig()
	r.SetPolicy(noHold)
	r.Ends(model.ResultUnknown)
	d := console(t, r)
	dialogAfter(t, d, "m", "Set needs review")
	d.Type("look at the back").Press("ctrl+s").See("the outcome of review is unknown")
	d.Press(":").See("Every action by name").Type("settle").Press("enter").See("What did you see at Incode?").Press("ctrl+s").See("! what you saw")
	d.Press("j", "enter", "ctrl+s").See("Before approve: overrides").Gone("the outcome of review")
}

// Needs review on a decided session takes the decision back: the form says whose it was
// and asks for a reason.
func TestADecisionIsTakenBack(t *testing.T) {
	r := newRig()
	r.SetPolicy(noHold)
	r.whole.Status, r.whole.Verdict = model.StatusManualReviewApproved, model.ManualOK
	r.whole.Decided = &model.Decided{Action: model.ActApprove, By: "os:bo", At: uitest.Noon.AddDate(0, 0, -1)}
	d := console(t, r)
	dialogAfter(t, d, "x", "Reason")
	d.See("! Overturns the approval of os:bo of 2026-11-20.").Press("esc").Gone("Reason")
	dialogAfter(t, d, "a", "Reason")
	require.NotContains(t, d.Screen(), "Overturns", "it says the same")
	d.Press("esc").Gone("Reason")
	dialogAfter(t, d, "m", "Reason")
	d.See("! Takes back the approval of os:bo of 2026-11-20.", "goes to Incode as a reason", "decided-in-error", "stays here")
	d.Press("ctrl+s").See("! a reason").Press("j", "enter", "enter").Type("the branch called").Press("ctrl+s").Gone("Takes back")
	sent := waitSent(t, r, 1)
	require.Equal(t, []model.Action{{
		Kind: model.ActReview, IDs: []string{theID}, Reason: "new-information", Message: "the branch called", Expect: "d-1",
	}}, sent)
}

// The texts of reasons are in the language that the team reads them in.
func TestReasonsAreInTheirLanguage(t *testing.T) {
	r := newRig()
	r.SetPolicy(func(p *desk.Policy) { p.ReasonsLang = "es" })
	d := start(t, r)
	dialogAfter(t, d, "x", "Reason")
	d.See("document-expired", "El documento está vencido")
}

func TestReadOnlyRefusesInTheForm(t *testing.T) {
	r := newRig()
	d := console(t, r)
	dialogAfter(t, d, "x", "Reason").Press("esc").Gone("Reason")
	r.SetPolicy(readOnly)
	d.Press("x").See("this console is read-only").Gone("Reason")
}

func TestDialogsInEverySize(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		for _, key := range []string{"a", "x", "m"} {
			t.Run(key+map[int]string{80: "-80x24", 120: "-120x40", 200: "-200x60"}[size[0]], func(t *testing.T) {
				r := newRig()
				r.whole.Verdict = model.Fail
				d := start(t, r, vtdriver.Size(size[0], size[1]))
				dialogAfter(t, d, key, "ctrl+s sends when complete")
				vtdriver.Golden(t, d)
			})
		}
	}
}

// There is nothing to decide on where nothing is left, or nothing ever was.
func TestNothingIsDecidedOnWhatIsGone(t *testing.T) {
	deleted, unknown := newRig(), newRig()
	deleted.Change(theID, func(row *model.Row) { row.Life = model.Deleted })
	unknown.fault(model.PartStatus, model.NewProblem(model.KindNotFound, "The API does not know it", "", "check the id"))
	for says, r := range map[string]*rig{
		"the personal data of this session is deleted": deleted, "the API does not know this session": unknown,
	} {
		d := start(t, r)
		d.See("nothing can be decided: " + says)
		for _, key := range []string{"a", "x", "m"} {
			d.Press(key).Sync()
			require.NotContains(t, d.Screen(), "ctrl+s", key)
		}
	}
}
