package desk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/desk"
	"docket/model"
)

// twoPeople asks for a second person for what the rules say.
func twoPeople(rules ...model.SecondRule) func(*desk.Config) {
	return func(c *desk.Config) { c.Lease, c.Second = desk.DefaultLease, rules }
}

var approvals = model.SecondRule{Name: "approvals", Actions: []model.ActionKind{model.ActApprove}}

// proposed lets ana propose an approval.
func proposed(t *testing.T, b *bench) {
	t.Helper()
	so := b.Load(t.Context(), id1)
	a := approve(id1)
	a.Note, a.Expect = "spoke with the branch", so.Digest
	require.Equal(t, "approvals", b.Plan(a).Second.Name)
	out, err := b.Do(t.Context(), a)
	require.NoError(t, err)
	require.Equal(t, model.ResultProposed, out[0].Result)
	require.Contains(t, out[0].Says, "second person")
}

func TestASecondPersonConfirms(t *testing.T) {
	b := newBench(t, twoPeople(approvals))
	_, err := b.Claim(t.Context(), id1)
	require.NoError(t, err)
	proposed(t, b)
	require.Zero(t, b.provider.writes())
	row, err := b.Row(t.Context(), id1)
	require.NoError(t, err)
	require.Empty(t, row.ClaimedBy, "who proposed is done with it")
	page, err := b.List(t.Context(), model.Query{View: model.ViewProposed})
	require.NoError(t, err)
	require.Len(t, page.Rows, 1)

	_, err = b.Confirm(t.Context(), id1, model.Evidence{})
	require.ErrorContains(t, err, "proposed this yourself")
	same := b.desk.As(model.Actor{Identity: "os:ana", Name: "Somebody Else", Role: model.RoleOwner})
	_, err = same.ConfirmNow(t.Context(), id1)
	require.ErrorContains(t, err, "proposed this yourself", "a name is no identity")
	last := b.entries(t)[len(b.entries(t))-1]
	require.Equal(t, audit.Refused, last.Event, "that somebody tried is in the log")
	require.Equal(t, "os:ana", last.First)
	_, err = b.beside("ben").Do(t.Context(), model.Action{Kind: model.ActReject, IDs: []string{id1}, Reason: "not-live"})
	require.ErrorContains(t, err, "waits for a second person")

	ben := b.beside("ben")
	ben.Load(t.Context(), id1)
	out, err := ben.ConfirmNow(t.Context(), id1)
	require.NoError(t, err)
	require.Equal(t, model.ResultDone, out[0].Result)
	require.Equal(t, 1, b.provider.writes())
	row, err = b.Row(t.Context(), id1)
	require.NoError(t, err)
	require.Nil(t, row.Proposal)
	_, err = b.beside("cid").ConfirmNow(t.Context(), id1)
	require.ErrorContains(t, err, "Nothing waits for a second person")

	var ref, note string
	for _, e := range b.entries(t) {
		switch e.Event {
		case audit.Propose:
			ref, note = e.Ref, e.Note
			assert.Equal(t, "os:ana", e.By)
			assert.Len(t, e.Evidence, 0, "the provider of these tests has no raw answers")
		case audit.Intent, audit.Outcome:
			assert.Equal(t, "os:ben", e.By)
			assert.Equal(t, "os:ana", e.First)
			assert.Equal(t, ref, e.Ref)
		}
		if e.Event == audit.Intent {
			assert.Equal(t, note, e.Note, "the note and its salt are those of the proposal")
			assert.Equal(t, "checked-ok", e.Reason)
		}
	}
	require.NotEmpty(t, ref)
	notes, err := b.Notes(t.Context(), id1)
	require.NoError(t, err)
	require.Equal(t, "Approve, checked-ok: spoke with the branch (proposed by os:ana)", notes[0].Text)
}

func TestAProposalEndsWithoutAWrite(t *testing.T) {
	for _, c := range []struct {
		name  string
		end   func(t *testing.T, b *bench)
		event audit.Event
	}{
		{"taken back", func(t *testing.T, b *bench) { require.NoError(t, b.EndProposal(t.Context(), id1)) }, audit.Withdraw},
		{"declined", func(t *testing.T, b *bench) { require.NoError(t, b.beside("ben").EndProposal(t.Context(), id1)) }, audit.Decline},
		{"changed", func(t *testing.T, b *bench) {
			b.provider.set(func(p *faultyProvider) { p.verdict = model.Fail })
			a, err := b.beside("ben").ConfirmNow(t.Context(), id1)
			require.NoError(t, err)
			require.Equal(t, model.ResultNotSent, a[0].Result)
			require.Equal(t, model.KindDrift, a[0].Problem.Kind)
			require.Contains(t, a[0].Problem.Message, "verdict was MANUAL, is FAIL")
			require.Contains(t, a[0].Problem.Message, "The proposal is void")
		}, audit.Void},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, twoPeople(approvals))
			proposed(t, b)
			c.end(t, b)
			require.Zero(t, b.provider.writes())
			row, err := b.Row(t.Context(), id1)
			require.NoError(t, err)
			require.Nil(t, row.Proposal)
			found := false
			for _, e := range b.entries(t) {
				found = found || e.Event == c.event && e.First == "os:ana" && e.Ref != ""
			}
			require.True(t, found)
			_, err = b.beside("cid").ConfirmNow(t.Context(), id1)
			require.ErrorContains(t, err, "Nothing waits")
			require.Error(t, b.EndProposal(t.Context(), id1))
		})
	}
}

// What the API did at the second it was confirmed counts, not what was proposed.
func TestTwoConfirmAtOnce(t *testing.T) {
	b := newBench(t, twoPeople(approvals))
	proposed(t, b)
	results := make(chan error, 4)
	for _, who := range []string{"ben", "cid", "dia", "eva"} {
		go func() {
			out, err := b.beside(who).ConfirmNow(t.Context(), id1)
			if err == nil && out[0].Result != model.ResultDone {
				err = out[0].Problem
			}
			results <- err
		}()
	}
	done := 0
	for range 4 {
		if <-results == nil {
			done++
		}
	}
	require.Equal(t, 1, done)
	require.Equal(t, 1, b.provider.writes())
}

func TestAnUndoneProposalIsNone(t *testing.T) {
	b := newBench(t, twoPeople(approvals), hold(long))
	b.Load(t.Context(), id1)
	sub, err := b.Submit(t.Context(), approve(id1))
	require.NoError(t, err)
	require.True(t, sub.Undo())
	<-sub.Done()
	page, err := b.List(t.Context(), model.Query{View: model.ViewProposed})
	require.NoError(t, err)
	require.Empty(t, page.Rows)
}

func TestWhichActionsNeedASecondPerson(t *testing.T) {
	so := &model.Session{Verdict: model.Fail, FlowID: "flow-1", Document: model.Document{Country: "MEX"}}
	a := model.Action{Kind: model.ActApprove, Reason: "document-accepted"}
	for name, c := range map[string]struct {
		rule model.SecondRule
		want bool
	}{
		"everything":         {model.SecondRule{}, true},
		"this action":        {model.SecondRule{Actions: []model.ActionKind{model.ActReject, model.ActApprove}}, true},
		"another action":     {model.SecondRule{Actions: []model.ActionKind{model.ActReject}}, false},
		"this verdict":       {model.SecondRule{Verdicts: []model.Verdict{model.Fail}}, true},
		"another verdict":    {model.SecondRule{Verdicts: []model.Verdict{model.Manual}}, false},
		"another reason":     {model.SecondRule{Reasons: []string{"false-alarm"}}, false},
		"another country":    {model.SecondRule{Countries: []string{"ESP"}}, false},
		"another flow":       {model.SecondRule{Flows: []string{"flow-2"}}, false},
		"all that it names":  {model.SecondRule{Verdicts: []model.Verdict{model.Fail}, Countries: []string{"MEX"}, Flows: []string{"flow-1"}}, true},
		"one thing does not": {model.SecondRule{Verdicts: []model.Verdict{model.Fail}, Countries: []string{"ESP"}}, false},
	} {
		require.Equal(t, c.want, c.rule.Applies(a, so), name)
	}
	country := model.SecondRule{Countries: []string{"ESP"}}
	require.True(t, country.Applies(a, nil), "what nobody knows may be what the rule is about")
	require.True(t, country.Applies(a, &model.Session{Verdict: model.Fail}))
}

// Many sessions in one call cannot be confirmed one by one.
func TestManyInOneCallAreNoProposal(t *testing.T) {
	b := newBench(t, twoPeople(model.SecondRule{Actions: []model.ActionKind{model.ActExpire}}))
	a := model.Action{Kind: model.ActExpire, IDs: []string{id1, id2}, Conditions: []string{model.ExpireIncomplete}}
	_, err := b.Do(t.Context(), a)
	require.ErrorContains(t, err, "second person")
	a.IDs = a.IDs[:1]
	out, err := b.Do(t.Context(), a)
	require.NoError(t, err)
	require.Equal(t, model.ResultProposed, out[0].Result)
	require.Zero(t, b.provider.writes())
}

// A bulk run leaves out what a second person has to confirm, in its dry run and when
// it is sent: nothing goes out on one person's word.
func TestABulkRunIsNoWayAroundTheSecondPerson(t *testing.T) {
	b := newBench(t, twoPeople(model.SecondRule{Name: "failed", Actions: []model.ActionKind{model.ActApprove}, Verdicts: []model.Verdict{model.Fail}}))
	b.provider.set(func(p *faultyProvider) { p.verdict = model.Fail })
	order := desk.BulkOrder{Action: model.Action{Kind: model.ActApprove, Reason: "checked-ok", Override: true}, IDs: []string{id1, id2}}
	dry := func() []desk.BulkItem {
		found, err := b.DryRun(t.Context(), order)
		require.NoError(t, err)
		var items []desk.BulkItem
		for item := range found {
			items = append(items, item)
		}
		return items
	}
	for _, item := range dry() {
		require.Equal(t, desk.BulkRefused, item.State)
		require.Equal(t, desk.WhySecond, item.Why)
		require.Contains(t, item.Problem.Message, "(failed)")
	}

	// What no rule was about in the dry run may be by the time it is sent.
	b.provider.set(func(p *faultyProvider) { p.verdict = model.Manual })
	items := dry()
	require.Equal(t, desk.BulkReady, items[0].State)
	b.provider.set(func(p *faultyProvider) { p.verdict = model.Fail })
	run, err := b.StartBulk(t.Context(), order, items)
	require.NoError(t, err)
	<-run.Done()
	for _, item := range run.Items() {
		require.NotEqual(t, desk.BulkDone, item.State)
	}
	require.Zero(t, b.provider.writes())
}

func TestNothingIsSentAsWhoLoggedInSince(t *testing.T) {
	ben := func(c *desk.Config) {
		c.KeepToken = func(string) (desk.Token, error) { return desk.Token{Present: true, User: "ben"}, nil }
	}
	b := newBench(t, ben)
	so := b.Load(t.Context(), id1)
	a := approve(id1)
	a.Expect = so.Digest
	held := make(chan struct{})
	b.provider.set(func(p *faultyProvider) { p.gate[model.PartStatus] = held }) // it stands in the reading before the send
	sub := make(chan []model.Outcome)
	go func() {
		out, _ := b.Do(t.Context(), a)
		sub <- out
	}()
	require.Eventually(t, func() bool { return b.provider.times(id1, model.PartStatus) > 1 }, time.Minute, time.Millisecond)
	require.NoError(t, b.Login(t.Context(), "ben@example.test", "right"))
	close(held)
	out := <-sub
	require.Equal(t, model.ResultNotSent, out[0].Result)
	require.Contains(t, out[0].Problem.Message, "Somebody else has logged in since os:ana asked for this")
	require.Zero(t, b.provider.writes())
	last := b.entries(t)[len(b.entries(t))-1]
	require.Equal(t, audit.Refused, last.Event)
	require.Equal(t, "os:ana", last.By, "who asked for it, whoever sits there now")
}

func TestAProposalIsReadFirst(t *testing.T) {
	closing := model.Action{Kind: model.ActClose, IDs: []string{id1}}
	rule := model.SecondRule{Name: "closing", Actions: []model.ActionKind{model.ActClose}}
	t.Run("with a token that the API refuses nothing is proposed", func(t *testing.T) {
		b := newBench(t, twoPeople(rule))
		b.provider.set(func(p *faultyProvider) {
			p.fail[model.PartStatus] = model.NewProblem(model.KindAuth, "The API refused the token", "", "log in")
		})
		out, err := b.Do(t.Context(), closing)
		require.NoError(t, err)
		require.Equal(t, model.ResultNotSent, out[0].Result)
		require.Equal(t, model.KindAuth, out[0].Problem.Kind)
		_, err = b.Proposal(t.Context(), id1)
		require.Error(t, err, "it is not even in the inbox")
	})
	t.Run("what changes since voids it, though nobody had opened it", func(t *testing.T) {
		b := newBench(t, twoPeople(rule))
		out, err := b.Do(t.Context(), closing)
		require.NoError(t, err)
		require.Equal(t, model.ResultProposed, out[0].Result)
		b.provider.set(func(p *faultyProvider) { p.verdict = model.Fail })
		out, err = b.beside("ben").ConfirmNow(t.Context(), id1)
		require.NoError(t, err)
		require.Equal(t, model.KindDrift, out[0].Problem.Kind)
		require.Zero(t, b.provider.writes())
	})
}

func TestWhoMayNotActSettlesNothing(t *testing.T) {
	b := newBench(t)
	b.provider.set(func(p *faultyProvider) {
		p.onAct = func(model.Action) model.Outcome { return model.Outcome{Result: model.ResultUnknown} }
	})
	b.Load(t.Context(), id1)
	_, err := b.Do(t.Context(), approve(id1))
	require.NoError(t, err)
	reader := b.desk.As(model.Actor{Identity: "os:rita", Role: model.RoleService})
	require.Equal(t, model.KindForbidden, kindOf(t, reader.Settle(t.Context(), id1, true)))
}

// Who asks for a review makes the verdict one that waits for a person: that is no way to
// approve alone what failed, also where the session is in no inbox.
func TestAReviewDoesNotHideTheVerdictFromARule(t *testing.T) {
	rule := model.SecondRule{Name: "failed", Actions: []model.ActionKind{model.ActApprove}, Verdicts: []model.Verdict{model.Fail}}
	b := newBench(t, twoPeople(rule))
	b.provider.set(func(p *faultyProvider) {
		p.verdict = model.Fail
		p.onAct = func(model.Action) model.Outcome {
			p.set(func(p *faultyProvider) { p.verdict = model.Manual })
			return model.Outcome{Result: model.ResultDone, HTTP: 200}
		}
	})
	b.Load(t.Context(), id1)
	out, err := b.Do(t.Context(), model.Action{Kind: model.ActReview, IDs: []string{id1}, Message: "look again"})
	require.NoError(t, err)
	require.Equal(t, model.ResultDone, out[0].Result)
	b.clock.forward(time.Second)
	so := b.Read(t.Context(), id1, model.PartStatus, model.PartScore)
	require.Equal(t, model.Manual, so.Verdict)
	require.NotNil(t, b.Plan(approve(id1)).Second)
	out, err = b.Do(t.Context(), approve(id1))
	require.NoError(t, err)
	require.Equal(t, model.ResultProposed, out[0].Result)
	require.Equal(t, 1, b.provider.writes())
}

func TestADecisionDoesNotHideTheVerdictFromARule(t *testing.T) {
	rule := model.SecondRule{Name: "failed", Actions: []model.ActionKind{model.ActApprove}, Verdicts: []model.Verdict{model.Fail}}
	b := newBench(t, twoPeople(rule))
	b.provider.set(func(p *faultyProvider) { p.verdict = model.Fail })
	b.Load(t.Context(), id1)
	out, err := b.Do(t.Context(), model.Action{Kind: model.ActReject, IDs: []string{id1}, Reason: "not-live", Override: true})
	require.NoError(t, err)
	require.Equal(t, model.ResultDone, out[0].Result)
	b.clock.forward(time.Second)
	a := approve(id1)
	a.Override = true
	out, err = b.Do(t.Context(), a)
	require.NoError(t, err)
	require.Equal(t, model.ResultProposed, out[0].Result, "one person would have approved what failed")
}
