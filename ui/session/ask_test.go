package session_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui/common"
	"docket/ui/session"
	"docket/ui/uitest"
)

// stuckRig is a session whose customer is stuck at the selfie.
func stuckRig() *rig {
	r := newRig()
	w := r.whole
	w.Status, w.Verdict, w.ReviewReason, w.Score = model.StatusPostProcessed, "", "", nil
	w.Stuck = model.Stuck{
		Where: "the selfie did not succeed in 3 attempts; the last: too dark", Next: model.NextLink,
		Tell: "Please open the link again. Please find more light, with your face towards it.",
	}
	w.Summary = []model.Field{
		{Name: "addFrontResult", Value: seen(model.ClassNone, "true"), Meaning: ref("Front captured", "")},
		{Name: "addBackResult", Value: seen(model.ClassNone, "false"), Meaning: ref("Back captured", "")},
	}
	r.SetLinks(theID, desk.Links{Events: []model.LinkEvent{
		{At: uitest.Noon.Add(-10 * time.Minute), By: "os:bo", What: model.LinkSent, Result: model.ResultDone},
		{At: uitest.Noon.Add(-26 * time.Hour), By: "token:ana@example.test", What: model.LinkShown, How: "qr"},
		{At: uitest.Noon.Add(-27 * time.Hour), By: "os:bo", What: model.LinkFlagged, How: "id-check", Result: model.ResultDone},
	}})
	return r
}

// asks opens the dialog on a page as large as in a console of the size, which has a line
// above it and two below.
func asks(t *testing.T, r *rig, size [2]int, look string) *vtdriver.Driver {
	t.Helper()
	r.arrive(opening...)
	c := newContext(t, r, look)
	d := vtdriver.StartModel(t, newHost(c, session.New(c, theID)), vtdriver.Size(size[0], size[1]-2), vtdriver.Profile(profiles[look]))
	return dialogAfter(t, d, "b", "Ask the customer again").See("SMS sent by os:bo")
}

func TestGoldenAsk(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		for _, look := range []string{"dark", "light", "16", "none"} {
			name := fmt.Sprintf("%dx%d/%s", size[0], size[1], look)
			t.Run(name, func(t *testing.T) {
				d := asks(t, stuckRig(), size, look)
				vtdriver.GoldenStyled(t, d.Settled())
			})
			t.Run(name+"/qr", func(t *testing.T) {
				d := asks(t, stuckRig(), size, look).Press("r").SeeMatch("[▀▄█]{8}")
				vtdriver.GoldenStyled(t, d.Settled())
			})
		}
		t.Run(fmt.Sprintf("%dx%d/link", size[0], size[1]), func(t *testing.T) {
			d := asks(t, stuckRig(), size, "dark").Press("l").See("LINK", "selfie, attempts 3")
			vtdriver.Golden(t, d.Settled())
		})
	}
}

// linkHidden looks for pieces of the link, which are nowhere while it is hidden.
func linkHidden(t *testing.T, d *vtdriver.Driver) {
	t.Helper()
	d.Settled()
	require.NotContains(t, d.Screen(), "onboarding.example")
	require.NotContains(t, d.Screen(), "interviewCode")
}

// The link is there when it is asked for, for a while, and each time is in the log.
func TestALinkIsHiddenUntilAskedFor(t *testing.T) {
	r := stuckRig()
	d := start(t, r, vtdriver.Size(120, 40))
	dialogAfter(t, d, "b", "Ask the customer again").See("STUCK", "the selfie did not succeed in 3 attempts", "TELL", "find more light", "front captured yes")
	linkHidden(t, d)
	require.Empty(t, r.Logged())
	d.Press("l").See("https://onboarding.example.test/acme/flow/", "whoever has it is this customer", "link shown (text) by os:ana")
	require.Equal(t, []string{theID + " link text"}, r.Logged())
	require.NotContains(t, d.Title(), "onboarding")

	d.Press("esc").See("Ask the customer again").Gone("LINK ")
	linkHidden(t, d)
	d.Press("l").See("LINK ").Tell(common.Tick{At: uitest.Noon.Add(59 * time.Second)}).See("LINK ").
		Tell(common.Tick{At: uitest.Noon.Add(time.Minute)}).Gone("LINK ")
	d.Press("l").See("LINK ").Tell(common.Locking{On: true}).Gone("LINK ")
	linkHidden(t, d)

	d.Press("y").See("copied onboarding link")
	require.Eventually(t, func() bool { return d.Clipboard() == uitest.LinkOf(theID) }, time.Minute, time.Millisecond)
	linkHidden(t, d)
	require.Len(t, r.Logged(), 4)
	d.Press("r").SeeMatch("[▀▄█]{8}").Gone("STUCK").Press("esc").See("STUCK").Press("esc").Gone("STUCK")
	require.Equal(t, theID+" link qr", r.Logged()[4])
}

func TestALinkThatCannotBeHadSaysWhy(t *testing.T) {
	r := stuckRig()
	r.FailLink(model.NewProblem(model.KindServer, "The API failed", "session 5f9a41c2…b7e0", "try again"))
	d := start(t, r, vtdriver.Size(80, 24))
	dialogAfter(t, d, "b", "Ask the customer again").Press("l").See("The API failed (session 5f9a41c2…b7e0)", "try again", "STUCK")
	r.FailLink(nil)
	d.Press("l").See("LINK ").Gone("The API failed")
}

// The SMS is an action like any other: a form, a hold, one write.
func TestTheSMSOfTheDialog(t *testing.T) {
	r := stuckRig()
	r.SetPolicy(noHold)
	d := start(t, r, vtdriver.Size(80, 24))
	dialogAfter(t, d, "b", "Ask the customer again").Press("s").See("Send the link by SMS", "Stuck: the selfie did not succeed", "Please go on with your identity check here: {0}", "complete: ctrl+s sends it")
	d.Type(" {").See("write {0} once").Press("ctrl+s").See("write {0} once")
	require.Empty(t, r.Sent())
	d.Press("backspace", "backspace").See("complete: ctrl+s sends it").Press("ctrl+s").Gone("Send the link by SMS")
	sent := waitSent(t, r, 1)
	require.Equal(t, []model.Action{{Kind: model.ActSMS, IDs: []string{theID}, Message: model.SMSText}}, sent)
}

func TestFlagsOfTheDialogAndTheMenu(t *testing.T) {
	r := stuckRig()
	r.SetPolicy(noHold)
	d := start(t, r, vtdriver.Size(80, 24))
	dialogAfter(t, d, "b", "Ask the customer again").Press("f").See("Check by hand", "missing: what it is about").Press("space").See("complete").Press("ctrl+s").Gone("Check by hand")
	require.Equal(t, []string{model.FlagIDCheck}, waitSent(t, r, 1)[0].Flags)

	r = stuckRig()
	r.SetPolicy(noHold)
	d = start(t, r, vtdriver.Size(80, 24)).See("Before approve:")
	insist(t, d, "!", "Rare actions").See("Ask for a check by hand").Press("h").See("missing: what it is about").Press("j", "j", "space", "ctrl+s").Gone("Check by hand")
	require.Equal(t, []string{model.FlagSelfieCheck}, waitSent(t, r, 1)[0].Flags)
}

func TestWhatSupportCannotDoSaysWhy(t *testing.T) {
	for says, change := range map[string]func(*rig){
		"not before 12:01:30":        func(r *rig) { r.SetLinks(theID, desk.Links{Again: uitest.Noon.Add(90 * time.Second)}) },
		"off: this console is read":  func(r *rig) { r.SetPolicy(readOnly) },
		"no client id is set":        func(r *rig) { r.SetPolicy(func(p *desk.Policy) { delete(p.Can, model.CanSMS) }) },
		"off: this API gives no lin": func(r *rig) { r.SetPolicy(noCapabilities) },
	} {
		r := stuckRig()
		change(r)
		d := start(t, r, vtdriver.Size(120, 40))
		dialogAfter(t, d, "b", "Ask the customer again").See(says).Press("s").Settled()
		require.NotContains(t, d.Screen(), "ctrl+s", says)
	}
	r := stuckRig()
	r.SetPolicy(func(p *desk.Policy) { p.Role, p.Rights = model.RoleReviewer, desk.RightsOf(model.RoleReviewer) })
	d := start(t, r, vtdriver.Size(120, 40))
	dialogAfter(t, d, "b", "the role reviewer may not send customers their link")
	require.NotContains(t, d.Screen(), "Ask the customer again")
}

// Without a verdict the page says where the customer is stuck, instead of a reason
// that there is not.
func TestThePageSaysWhereTheCustomerIsStuck(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		d := start(t, stuckRig(), vtdriver.Size(size[0], size[1]))
		d.SeeMatch(`WHY +stuck: the selfie did not succeed in 3 attempts`)
	}
	d := start(t, stuckRig(), vtdriver.Size(80, 24))
	d.See("2 Checks").Press("shift+tab", "shift+tab").See("Who").Until("the end", func(screen string) bool {
		if strings.Contains(screen, "tell them") {
			return true
		}
		d.Press("G")
		return false
	})
}

// However small, the code is whole or the dialog says that there is no room.
func TestTheCodeIsWholeOrSaysSo(t *testing.T) {
	r := stuckRig()
	c := newContext(t, r, "none")
	require.True(t, c.Styles.Inverse)
	require.False(t, newContext(t, r, "light").Styles.Inverse)
	d := start(t, r, vtdriver.Size(80, 20))
	dialogAfter(t, d, "b", "Ask the customer again").Press("r").See("The QR code takes 41 columns and 21 lines", "docket link "+theID+" --qr")
	d.Resize(80, 30).SeeMatch("[▀▄█]{8}")
}
