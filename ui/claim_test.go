package ui_test

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
	"docket/ui/uitest"
)

// has gives a session of the fake desk to somebody.
func has(fake *uitest.Desk, id, who string) {
	fake.Change(id, func(r *model.Row) {
		r.ClaimedBy, r.ClaimedAt, r.ClaimedUntil = who, uitest.Noon.Add(-time.Minute), uitest.Noon.Add(9*time.Minute+12*time.Second)
	})
}

// proposed puts a proposal on Lucía's session.
func proposed(fake *uitest.Desk, by string) {
	picture := model.Seen{Session: lucia, Ref: model.PictureRef{Type: "selfie"}, SHA256: "00"}
	fake.Change(lucia, func(r *model.Row) {
		r.Proposal = &model.Proposal{
			By: by, At: uitest.Noon.Add(-time.Hour), Rule: "approvals of passports", Ref: "1",
			Action: model.Action{
				Kind: model.ActApprove, IDs: []string{lucia}, Reason: "document-accepted", Note: "The renewed passport was seen on a call.",
				Evidence: model.Evidence{Pictures: []model.Seen{picture}, Compared: []model.Comparison{{A: picture, B: picture, Saw: model.SamePerson}}},
			},
		}
	})
}

func TestClaimingInTheInbox(t *testing.T) {
	fake := uitest.New(nil)
	d := console(t, fake, nil)
	d.See("1 of 5").Press("c").See("66e0b7a1…a1c002 is yours until 12:10", "@you", "2 Mine 1").Press("c").See("is given back").Gone("@you")
	has(fake, joao, "os:bo")
	d.See("@bo").Press("c").See("Take the session over?", "os:bo has claimed 66e0b7a1…a1c002 since 11:59, until 12:09", "audit log")
	d.Press("enter", "n").Gone("Take the session over?").See("@bo")
	d.Press("c").See("Take the session over?").Press("y").See("@you").Gone("@bo")
}

func TestClaimingIsOffWithoutALease(t *testing.T) {
	fake := uitest.New(nil)
	fake.SetPolicy(func(p *desk.Policy) { p.Lease = 0 })
	d := console(t, fake, nil)
	d.See("1 of 5").Press("c").See("sessions are not claimed here").Press("j").Press(".").See("2 of 5", "sessions are not claimed here").Gone("take next")
}

func TestTheNextThatNobodyHas(t *testing.T) {
	fake := uitest.New(nil)
	has(fake, joao, "os:bo")
	d := console(t, fake, nil)
	d.See("@bo")
	release := fake.Stall()
	d.Press(".", ".", ".").Sync()
	release()
	d.See("2 of 5 > 田中 愛子", "You have claimed 66e0c1f0…d119", "claimed by you 10:00 left")
	row, err := fake.Row(t.Context(), lucia)
	require.NoError(t, err)
	require.Empty(t, row.ClaimedBy, "one at a time, however often the key is pressed")
	d.Press(".").See("3 of 5 > Lucía", "claimed by you")
	for _, r := range []string{"66e0d4b2c9d24f0088a1e77c", "66e0f3e5c9d24f0088a204aa"} {
		has(fake, r, "os:bo")
	}
	d.Press(".").See("Nothing waits that nobody has claimed", "Lucía")
}

func TestAClaimIsRenewedWhileItsSessionIsOpen(t *testing.T) {
	fake := uitest.New(nil)
	fake.SetPolicy(func(p *desk.Policy) { p.Lease = 30 * time.Millisecond })
	d := console(t, fake, nil)
	d.See("1 of 5").Tell(common.OpenSession{ID: lucia}).See("Before approve").Press("c").See("claimed by you")
	require.Eventually(t, func() bool { return fake.Renewals() > 2 }, vtdriver.DefaultDeadline, time.Millisecond)
}

func TestASessionThatWasTakenOverSaysSoAtOnce(t *testing.T) {
	fake := uitest.New(nil)
	d := console(t, fake, nil)
	d.See("1 of 5").Tell(common.OpenSession{ID: lucia}).See("Before approve", "documentExpired").Press("c").See("claimed by you 10:00 left")
	has(fake, lucia, "os:bo")
	d.See("✗ os:bo has taken this session over: it is not yours any more", "claimed by os:bo since 11:59").Gone("claimed by you")
	d.Press("a", "x", "m").Sync().See("c takes it over").Gone("Reason")
}

// Who logs in may be somebody else: then the claims of who was here before are not
// "yours".
func TestClaimsBelongToWhoMadeThem(t *testing.T) {
	fake := uitest.New(nil)
	d := console(t, fake, nil)
	d.See("1 of 5").Tell(common.OpenSession{ID: lucia}).See("Before approve").Press("c").See("claimed by you")
	fake.Sit("token:bo")
	d.Tell(common.LoggedIn{}).See("claimed by os:ana").Gone("claimed by you").Press("esc").See("@ana").Gone("@you")
}

func TestASecondPersonIsAskedFor(t *testing.T) {
	fake := sending()
	fake.Ask(model.SecondRule{Name: "expired documents", Reasons: []string{"document-accepted"}})
	d := console(t, fake, nil)
	d.See("1 of 5").Tell(common.OpenSession{ID: lucia, Instead: true}).See("3 of 5 > Lucía")
	press(d, "a", "Reason").See("ctrl+s send ").Gone("A second person")
	d.Press("j", "j", "enter").See("A second person has to confirm this before it is sent: expired documents", "ctrl+s propose ", "before it is proposed")
	d.Press("ctrl+s").See("4 of 5 > Karim", "is proposed, nothing was sent: a second person has to confirm it first")
	require.Empty(t, fake.Sent())
	d.Press("esc").See("to confirm: approve by you", "3 Confirm 1")

	fake.Sit("os:bo")
	d.Tell(common.LoggedIn{}).See("to confirm: approve by ana").Press("3").See("1 of 1").Press("w").See("w confirms")
	press(d, "w", "Confirm: Approve").See("os:ana, 12:00", "document-accepted", "FAIL idValidation.documentExpired").Press("d").See("d again declines it").Press("enter").Gone("d again")
	d.Press("ctrl+s").See("3 Confirm 0", "7 Decided 3")
	require.Len(t, fake.Sent(), 1)
	require.Equal(t, "document-accepted", fake.Sent()[0].Reason)
}

// Who proposed something only takes it back; meanwhile nothing else is decided.
func TestAProposalIsTakenBackByWhoMadeIt(t *testing.T) {
	fake := sending()
	proposed(fake, "os:ana")
	d := console(t, fake, nil)
	d.See("to confirm").Tell(common.OpenSession{ID: lucia}).See("w confirm ", "approve proposed by you 11:00, w takes it back")
	d.Press("a", "x", "m").Sync().Gone("Reason").Press("w").See("you proposed this: another person has to confirm it").Press("ctrl+s", "enter").Sync()
	d.Press("d").See("d again takes it back").Press("d").See("taken back, nothing was sent").Gone("proposed by you")
	require.Empty(t, fake.Sent())
}

// press presses a key until its dialog is there: the page has only just changed.
func press(d *vtdriver.Driver, key, text string) *vtdriver.Driver {
	for range 40 {
		if d.Press(key).Settled(); strings.Contains(d.Screen(), text) {
			break
		}
	}
	return d.See(text)
}

func TestGoldenPeople(t *testing.T) {
	opened := func(d *vtdriver.Driver, wait string) *vtdriver.Driver {
		return d.Tell(common.OpenSession{ID: lucia, Instead: true}).See("WHO ", wait)
	}
	screens := []struct {
		name string
		act  func(*uitest.Desk, *vtdriver.Driver)
	}{
		{"claims", func(fake *uitest.Desk, d *vtdriver.Driver) {
			has(fake, joao, "os:bo")
			has(fake, lucia, "os:ana")
			proposed(fake, "os:bo")
			d.See("@bo", "to confirm")
		}},
		{"to-confirm", func(fake *uitest.Desk, d *vtdriver.Driver) {
			proposed(fake, "token:bo.martinez@example.test")
			d.Press("3").See("1 of 1")
		}},
		{"mine", func(fake *uitest.Desk, d *vtdriver.Driver) { has(fake, lucia, "os:ana"); opened(d, "by you 9:10 left") }},
		{"theirs", func(fake *uitest.Desk, d *vtdriver.Driver) { has(fake, lucia, "os:bo"); opened(d, "c takes it over") }},
		{"take-over", func(fake *uitest.Desk, d *vtdriver.Driver) {
			has(fake, lucia, "os:bo")
			opened(d, "c takes it over").Press("c").See("Take the session over?")
		}},
		{"waits", func(fake *uitest.Desk, d *vtdriver.Driver) { proposed(fake, "os:bo"); opened(d, "w confirm ") }},
		{"second", func(fake *uitest.Desk, d *vtdriver.Driver) {
			proposed(fake, "os:bo")
			opened(d, "w confirm ").Press("w").See("Confirm: Approve")
		}},
		{"own", func(fake *uitest.Desk, d *vtdriver.Driver) {
			proposed(fake, "os:ana")
			opened(d, "w confirm ").Press("w").See("Proposed: Approve")
		}},
	}
	for _, size := range sizes[:2] {
		for _, s := range screens {
			t.Run(fmt.Sprintf("%s-%dx%d", s.name, size[0], size[1]), func(t *testing.T) {
				fake := uitest.New(nil)
				d := console(t, fake, nil, vtdriver.Size(size[0], size[1]))
				s.act(fake, d.See("1 of 5"))
				d.Settled()
				vtdriver.Golden(t, d)
			})
		}
	}
}
