package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
)

// pair starts two consoles of two people on one inbox, as two processes have it, with
// one session in it.
func (r *rig) pair(o benchOptions) (ana, bo *bench, id string) {
	id = r.waiting(1)[0]
	o.inbox, o.lease = r.path("shared.db"), time.Hour
	o.who, o.add = "os:ana", []string{id}
	ana = r.bench(o)
	o.who, o.add = "os:bo", nil
	bo = r.bench(o)
	for _, b := range []*bench{ana, bo} {
		b.See("[1 Needs review 1]").Press("9").See("[9 All 1]")
	}
	return ana, bo, id
}

// TestTwoPeopleSeeEachOthersClaims claims in one console, sees it in the other, is
// refused there, and takes the session over.
func TestTwoPeopleSeeEachOthersClaims(t *testing.T) {
	t.Parallel()
	r := newRig(t, 60, nil)
	ana, bo, id := r.pair(benchOptions{})
	approve := approving()
	ana.Press("c").See("is yours until", "@you")
	bo.See("@ana")
	ana.find(id).See("claimed by you 59:", "left")

	// The page of the other hears of it, and its keys are off.
	bo.find(id).See("claimed by os:ana since", "c takes it over").Press("a").Sync().Gone(approve.dialog)
	require.Empty(t, r.writes())

	// A form that was open before is refused by the desk.
	ana.Press("c").See("is given back").Gone("claimed by you")
	bo.Gone("claimed by os:ana")
	bo.opensDialog(approve).fills(approve, id)
	ana.Press("c").See("claimed by you")
	bo.Settled().Press("ctrl+s").See("It is claimed by os:ana since", "nothing was sent").Press("esc").Gone(approve.dialog)
	require.Empty(t, r.writes())

	// Taking it over asks, and is said at once where it was lost.
	bo.See("claimed by os:ana since").Press("c").See("Take the session over?", "os:ana has claimed", "audit log").Press("enter", "n").Gone("Take the session over?")
	ana.See("claimed by you")
	bo.Press("c").See("Take the session over?").Press("y").See("claimed by you").Gone("claimed by os:ana")
	ana.See("os:bo has taken this session over", "claimed by os:bo since").Gone("claimed by you")
	ana.Press("x").See("claimed by os:bo").Gone("─ Reject ")

	// Deciding gives it back, and is seen by the other.
	bo.opensDialog(approve).fills(approve, id)
	bo.Press("ctrl+s")
	bo.sends(1)
	ana.See("MANUAL_REVIEW_APPROVED").Gone("claimed by")
}

// TestTheSecondPersonConfirms proposes in one console and confirms in the other: one
// write, and none before.
func TestTheSecondPersonConfirms(t *testing.T) {
	t.Parallel()
	r := newRig(t, 60, nil)
	ana, bo, id := r.pair(benchOptions{second: []model.SecondRule{{Name: "approvals", Actions: []model.ActionKind{model.ActApprove}}}})
	approve := approving()
	bo.find(id)
	ana.find(id).opensDialog(approve).See("A second person has to confirm this", "approvals")
	ana.Press("enter").See("ctrl+s proposes it").Press("ctrl+s").Gone(approve.dialog)

	// Who proposed it can only take it back.
	bo.See("approve proposed by os:ana")
	ana.home()
	ana.See("to confirm: approve by you")
	ana.find(id).See("w confirm ").Press("w").See("you proposed this").Press("ctrl+s").Sync().See("you proposed this").Press("esc").Gone("you proposed this")

	// The other may not decide beside it, and confirms it.
	bo.See("w confirm ").Press("a").See("w confirms").Sync().Gone(approve.dialog)
	bo.Press("w").See("Confirm: Approve", "proposed by os:ana", "checked-ok", "asked for by: approvals")
	require.Empty(t, r.writes())
	bo.Press("ctrl+s", "ctrl+s").Gone("Confirm: Approve")
	bo.sends(1)
	ana.See("MANUAL_REVIEW_APPROVED").Gone("approve proposed by")
	require.Equal(t, http.MethodPut, r.writes()[0].Method)
	require.Equal(t, 1, r.api.Writes())
}

// TestAProposalThatIsEnded is declined by one and taken back by the other; nothing is
// sent.
func TestAProposalThatIsEnded(t *testing.T) {
	t.Parallel()
	r := newRig(t, 60, nil)
	ana, bo, id := r.pair(benchOptions{second: []model.SecondRule{{Actions: []model.ActionKind{model.ActReject}}}})
	reject := manyWrites()[1]
	for _, ends := range []struct {
		who  *bench
		says string
	}{{bo, ": declined, nothing was sent"}, {ana, ": taken back, nothing was sent"}} {
		ana.find(id).opensDialog(reject).Press("enter").See("ctrl+s proposes it").Press("ctrl+s").Gone(reject.dialog)
		ana.home()
		ana.See("to confirm: reject by you")
		bo.See("to confirm: reject by ana")
		ends.who.find(id).See("w confirm ").Press("w").See(" proposed by os:ana, ").Press("d").See("d again").Press("d").See(ends.says).Gone("proposed by")
		ends.who.home()
		for _, b := range []*bench{ana, bo} {
			b.Gone("to confirm:")
		}
	}
	require.Empty(t, r.writes())
}
