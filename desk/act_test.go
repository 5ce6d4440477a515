package desk_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/model"
)

func hold(d time.Duration) func(*desk.Config) { return func(c *desk.Config) { c.Hold = d } }

// long is a hold that no test waits for.
const long = time.Hour

func TestADecisionIsOneWriteAndIsReadBack(t *testing.T) {
	b := newBench(t)
	so := b.Load(t.Context(), id1)
	a := approve(id1)
	a.Note, a.Expect = "looked at it twice", so.Digest
	out, err := b.Do(t.Context(), a)
	require.NoError(t, err)
	require.Len(t, out, 1)
	assert.Equal(t, model.ResultDone, out[0].Result)
	assert.Equal(t, model.StatusManualReviewApproved, out[0].Status)
	assert.Equal(t, 1, b.provider.writes())

	row, err := b.Row(t.Context(), id1)
	require.NoError(t, err)
	assert.Equal(t, model.ManualOK, row.Verdict)
	assert.Nil(t, row.Pending)
	notes, err := b.Notes(t.Context(), id1)
	require.NoError(t, err)
	require.Len(t, notes, 1)
	assert.Equal(t, "Approve, checked-ok: looked at it twice", notes[0].Text)
	assert.Equal(t, "os:ana", notes[0].By)
}

// What was looked at stays with the decision, and a comparison at once.
func TestEvidenceStaysWithTheDecision(t *testing.T) {
	b := newBench(t)
	b.Load(t.Context(), id1)
	face := model.Seen{Session: id1, Ref: model.PictureRef{Type: "croppedIDFace"}, SHA256: "aa"}
	other := model.Seen{Session: id2, Ref: model.PictureRef{Type: "selfie"}, SHA256: "bb"}
	compared := model.Comparison{A: face, B: other, Saw: model.Different}
	require.NoError(t, b.Compared(t.Context(), id1, compared))
	a := approve(id1)
	a.Evidence = model.Evidence{Pictures: []model.Seen{face, other}, Compared: []model.Comparison{compared}}
	_, err := b.Do(t.Context(), a)
	require.NoError(t, err)
	notes, err := b.Notes(t.Context(), id1)
	require.NoError(t, err)
	require.Len(t, notes, 2)
	assert.Equal(t, "Compared croppedIDFace with selfie of session "+id2+": different", notes[0].Text)
	assert.Equal(t, []model.Comparison{compared}, notes[0].Evidence.Compared)
	assert.Equal(t, a.Evidence, notes[1].Evidence)
}

func TestUndoDuringTheHoldSendsNothing(t *testing.T) {
	b := newBench(t, hold(long))
	b.Load(t.Context(), id1)
	sub, err := b.Submit(t.Context(), approve(id1))
	require.NoError(t, err)
	assert.True(t, sub.Held())
	assert.True(t, sub.Undo())
	<-sub.Done()
	assert.Equal(t, model.ResultNotSent, sub.Outcomes()[0].Result)
	assert.Zero(t, b.provider.writes())

	// The session is free for another decision.
	_, err = b.Submit(t.Context(), approve(id1))
	require.NoError(t, err)
}

func TestAnInterruptionDuringTheHoldSendsNothing(t *testing.T) {
	b := newBench(t, hold(long))
	b.Load(t.Context(), id1)
	ctx, interrupt := context.WithCancel(t.Context())
	sub, err := b.Submit(ctx, approve(id1))
	require.NoError(t, err)
	interrupt()
	<-sub.Done()
	assert.Equal(t, model.KindUndone, sub.Outcomes()[0].Problem.Kind)
	assert.Zero(t, b.provider.writes())
}

func TestAnInterruptionDuringTheCallDoesNotCutItOff(t *testing.T) {
	b := newBench(t)
	b.Load(t.Context(), id1)
	ctx, interrupt := context.WithCancel(t.Context())
	b.provider.onAct = func(model.Action) model.Outcome {
		interrupt()
		return model.Outcome{Result: model.ResultDone, HTTP: 200}
	}
	out, err := b.Do(ctx, approve(id1))
	require.NoError(t, err)
	assert.Equal(t, model.ResultDone, out[0].Result)
	row, err := b.Row(t.Context(), id1)
	require.NoError(t, err)
	assert.Nil(t, row.Pending, "the outcome was stored although the seat was gone")
}

func TestEightKeyPressesAreOneWrite(t *testing.T) {
	b := newBench(t, hold(20*time.Millisecond))
	b.Load(t.Context(), id1)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var subs []*desk.Submission
	for range 8 {
		wg.Go(func() {
			if sub, err := b.Submit(t.Context(), approve(id1)); err == nil {
				mu.Lock()
				subs = append(subs, sub)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Len(t, subs, 1)
	<-subs[0].Done()
	assert.Equal(t, 1, b.provider.writes())
}

func TestUndoAndSendNeverBothHappen(t *testing.T) {
	b := newBench(t, hold(time.Microsecond))
	want := 0
	for i := range 200 {
		id := fmt.Sprintf("session-%03d", i)
		b.provider.set(func(p *faultyProvider) { p.verdict = model.Manual })
		b.Read(t.Context(), id, model.PartScore)
		sub, err := b.Submit(t.Context(), approve(id))
		require.NoError(t, err)
		undone := sub.Undo()
		<-sub.Done()
		if !undone {
			want++
		}
		require.Equal(t, want, b.provider.writes())
	}
}

func TestADecisionOnAChangedSessionIsRefused(t *testing.T) {
	b := newBench(t)
	so := b.Load(t.Context(), id1)
	b.provider.set(func(p *faultyProvider) { p.verdict = model.Fail })
	a := approve(id1)
	a.Expect = so.Digest
	out, err := b.Do(t.Context(), a)
	require.NoError(t, err)
	assert.Equal(t, model.ResultNotSent, out[0].Result)
	assert.Equal(t, model.KindDrift, out[0].Problem.Kind)
	assert.Contains(t, out[0].Problem.Message, "verdict was MANUAL, is FAIL")
	assert.Zero(t, b.provider.writes())
}

func TestASessionThatCannotBeReadAgainIsNotDecided(t *testing.T) {
	b := newBench(t)
	so := b.Load(t.Context(), id1)
	b.provider.set(func(p *faultyProvider) {
		p.fail[model.PartStatus] = model.NewProblem(model.KindUnreachable, "No connection", "", "try again")
	})
	a := approve(id1)
	a.Expect = so.Digest
	out, err := b.Do(t.Context(), a)
	require.NoError(t, err)
	assert.Equal(t, model.KindUnreachable, out[0].Problem.Kind)
	assert.Zero(t, b.provider.writes())
}

func unknownOutcome(model.Action) model.Outcome {
	return model.Outcome{Result: model.ResultUnknown, Problem: model.NewProblem(model.KindOutcome, "The API did not answer", "", "look at the session")}
}

func TestAnUnknownOutcomeWaitsInItsViewAndIsNeverSentAgain(t *testing.T) {
	b := newBench(t)
	b.Load(t.Context(), id1)
	b.provider.onAct = unknownOutcome
	out, err := b.Do(t.Context(), approve(id1))
	require.NoError(t, err)
	assert.Equal(t, model.ResultUnknown, out[0].Result)
	counts, err := b.Counts(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 1, counts[model.ViewUnknown])

	// Within the API's own limit a reading that shows nothing proves nothing.
	b.Read(t.Context(), id1, model.PartStatus)
	row, err := b.Row(t.Context(), id1)
	require.NoError(t, err)
	require.NotNil(t, row.Pending)
	assert.Equal(t, model.ActApprove, row.Pending.Action)

	_, err = b.Do(t.Context(), approve(id1))
	assert.Equal(t, model.KindGuard, kindOf(t, err))
	assert.Equal(t, 1, b.provider.writes(), "nothing goes out beside a write whose outcome is unknown")

	// A reading that shows the new status proves it at once.
	b.provider.set(func(p *faultyProvider) { p.status = model.StatusManualReviewApproved })
	b.Read(t.Context(), id1, model.PartStatus)
	row, err = b.Row(t.Context(), id1)
	require.NoError(t, err)
	assert.Nil(t, row.Pending)
	assert.Equal(t, 1, b.provider.writes())
}

func TestAWriteWithoutAnswerThatTookEffectIsDone(t *testing.T) {
	b := newBench(t)
	b.Load(t.Context(), id1)
	b.provider.onAct = func(a model.Action) model.Outcome {
		b.provider.set(func(p *faultyProvider) { p.status = model.StatusManualReviewApproved })
		return unknownOutcome(a)
	}
	out, err := b.Do(t.Context(), approve(id1))
	require.NoError(t, err)
	assert.Equal(t, model.ResultDone, out[0].Result)
	assert.Contains(t, out[0].Says, "MANUAL_REVIEW_APPROVED")
}

func TestWhatNoReadCanTellIsSettledByAPerson(t *testing.T) {
	b := newBench(t)
	b.Load(t.Context(), id1)
	b.provider.onAct = unknownOutcome
	out, err := b.Do(t.Context(), model.Action{Kind: model.ActAntifraud, IDs: []string{id1}, Message: "fuzzy picture"})
	require.NoError(t, err)
	assert.Equal(t, model.ResultUnknown, out[0].Result)
	b.clock.forward(time.Hour)
	b.Load(t.Context(), id1)
	row, err := b.Row(t.Context(), id1)
	require.NoError(t, err)
	require.NotNil(t, row.Pending)
	require.NoError(t, b.Settle(t.Context(), id1, false))
	row, err = b.Row(t.Context(), id1)
	require.NoError(t, err)
	assert.Nil(t, row.Pending)
	notes, err := b.Notes(t.Context(), id1)
	require.NoError(t, err)
	assert.Equal(t, "Settled by hand: antifraud did not take effect.", notes[0].Text)
}

func TestGuards(t *testing.T) {
	with := func(change func(*model.Action)) model.Action {
		a := approve(id1)
		change(&a)
		return a
	}
	for name, c := range map[string]struct {
		config func(*desk.Config)
		given  func(*faultyProvider)
		action model.Action
		kind   model.Kind
		says   string
	}{
		"read-only":         {config: func(c *desk.Config) { c.ReadOnly = true }, action: approve(id1), kind: model.KindGuard, says: "read-only"},
		"no token":          {config: func(c *desk.Config) { c.Token = desk.Token{} }, action: approve(id1), kind: model.KindAuth, says: "no executive token"},
		"no reason":         {action: with(func(a *model.Action) { a.Reason = "" }), kind: model.KindUsage, says: "No reason"},
		"unknown reason":    {action: with(func(a *model.Action) { a.Reason = "mood" }), kind: model.KindUsage, says: `"mood" is no reason`},
		"reason of another": {action: with(func(a *model.Action) { a.Reason = "underage" }), kind: model.KindUsage, says: `"underage" is no reason`},
		"note is missing":   {action: with(func(a *model.Action) { a.Reason, a.Note = "other", "  " }), kind: model.KindUsage, says: "needs a note"},
		"verdict not open":  {given: func(p *faultyProvider) { p.verdict = model.OK }, action: approve(id1), kind: model.KindGuard, says: "verdict is OK"},
		"verdict not known": {given: func(p *faultyProvider) { p.verdict = "" }, action: approve(id1), kind: model.KindGuard, says: "verdict is not known"},
		"not read":          {action: approve(id2), kind: model.KindGuard, says: "has not been read"},
		"no id":             {action: with(func(a *model.Action) { a.IDs = []string{"a/b"} }), kind: model.KindUsage, says: "not an interview id"},
		"no condition":      {action: model.Action{Kind: model.ActExpire, IDs: []string{id1}}, kind: model.KindUsage, says: "No condition"},
		"wrong condition":   {action: model.Action{Kind: model.ActExpire, IDs: []string{id1}, Conditions: []string{"OLD"}}, kind: model.KindUsage, says: "no such condition"},
		"no message":        {action: model.Action{Kind: model.ActReview, IDs: []string{id1}}, kind: model.KindUsage, says: "message is empty"},
		"wrong component":   {action: model.Action{Kind: model.ActEnroll, IDs: []string{id1}, Components: []string{"x"}}, kind: model.KindUsage, says: "no such component"},
		"two at once":       {action: with(func(a *model.Action) { a.IDs = []string{id1, id2} }), kind: model.KindUsage, says: "takes one session"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(cfg *desk.Config) {
				if c.config != nil {
					c.config(cfg)
				}
			})
			if c.given != nil {
				c.given(b.provider)
			}
			b.Load(t.Context(), id1)
			_, err := b.Do(t.Context(), c.action)
			assert.Equal(t, c.kind, kindOf(t, err))
			assert.Contains(t, err.Error(), c.says)
			assert.Zero(t, b.provider.writes())
		})
	}
}

func TestAnOverrideOpensAClosedVerdict(t *testing.T) {
	b := newBench(t)
	b.provider.verdict = model.Fail
	b.Load(t.Context(), id1)
	plan := b.Plan(approve(id1))
	assert.True(t, plan.NeedsForce)
	require.Len(t, plan.Overrides, 1)
	assert.Nil(t, plan.Refusal)
	a := approve(id1)
	a.Override = true
	out, err := b.Do(t.Context(), a)
	require.NoError(t, err)
	assert.Equal(t, model.ResultDone, out[0].Result)
}

func TestDeletingErasesWhatIsKeptHere(t *testing.T) {
	b := newBench(t)
	b.Add(t.Context(), []string{id1})
	require.NoError(t, b.AddNote(t.Context(), id1, "called the customer"))
	out, err := b.Do(t.Context(), model.Action{Kind: model.ActDelete, IDs: []string{id1}})
	require.NoError(t, err)
	assert.Equal(t, model.ResultDone, out[0].Result)
	assert.Nil(t, b.Peek(id1))
	row, err := b.Row(t.Context(), id1)
	require.NoError(t, err)
	assert.True(t, row.Name.Empty())
	assert.Nil(t, row.Pending)
	notes, err := b.Notes(t.Context(), id1)
	require.NoError(t, err)
	assert.Empty(t, notes)
}

func TestLoginReplacesTheToken(t *testing.T) {
	b := newBench(t, func(c *desk.Config) {
		c.Token = desk.Token{}
		c.KeepToken = func(token string) (desk.Token, error) {
			return desk.Token{Present: token == "new-token", User: "ana@example.test", From: "keyring"}, nil
		}
	})
	assert.Equal(t, model.KindAuth, kindOf(t, b.Login(t.Context(), "ana@example.test", "wrong")))
	assert.False(t, b.Token().Present)
	require.NoError(t, b.Login(t.Context(), "ana@example.test", "right"))
	assert.Equal(t, desk.Token{Present: true, User: "ana@example.test", From: "keyring"}, b.Token())
	assert.Equal(t, "token:ana@example.test", b.Me().Identity, "who acts is the user of the token in use")
}

func TestWhoActsIsNeverADisplayName(t *testing.T) {
	assert.Equal(t, "os:ana", desk.IdentityOf(desk.Token{}, "os:ana"))
	assert.Equal(t, "token:bo@example.test", desk.IdentityOf(desk.Token{User: "bo@example.test"}, "os:ana"))
}

func TestAnExpiredSessionLeavesTheReviewView(t *testing.T) {
	b := newBench(t)
	b.Add(t.Context(), []string{id1})
	b.provider.onAct = func(model.Action) model.Outcome {
		b.provider.set(func(p *faultyProvider) { p.status, p.verdict = model.StatusExpired, model.Unknown })
		return model.Outcome{Result: model.ResultDone, HTTP: 200}
	}
	_, err := b.Do(t.Context(), model.Action{Kind: model.ActExpire, IDs: []string{id1}, Conditions: []string{model.ExpireNeedsReview}})
	require.NoError(t, err)
	counts, err := b.Counts(t.Context())
	require.NoError(t, err)
	assert.Zero(t, counts[model.ViewReview])
}
