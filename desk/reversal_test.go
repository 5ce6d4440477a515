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

// reopen takes a decision back.
func reopen(id, reason string) model.Action {
	return model.Action{Kind: model.ActReview, IDs: []string{id}, Message: "a second look", Reason: reason}
}

// entriesOf returns what the log holds of an event, the oldest first.
func entriesOf(t *testing.T, b *bench, event audit.Event) []audit.Entry {
	t.Helper()
	records, err := b.store.AuditRecords(t.Context(), 0, 1000)
	require.NoError(t, err)
	var all []audit.Entry
	for _, r := range records {
		e, err := audit.Decode(r.Line)
		require.NoError(t, err)
		if e.Event == event {
			all = append(all, e)
		}
	}
	return all
}

func TestADecisionIsTakenBackWithAReason(t *testing.T) {
	b := newBench(t)
	b.provider.onAct = nil
	b.Add(t.Context(), []string{id1})
	b.Load(t.Context(), id1)
	_, err := b.Do(t.Context(), reopen(id1, "quality-check"))
	assert.Equal(t, model.KindGuard, kindOf(t, err), "nothing is decided yet")
	_, err = b.Do(t.Context(), approve(id1))
	require.NoError(t, err)

	was := b.Load(t.Context(), id1).Overturns(model.ActReview)
	require.NotNil(t, was)
	assert.Equal(t, "Takes back the approval of os:ana of "+b.clock.now().UTC().Format(time.DateOnly)+".", was.Says(model.ActReview))
	_, err = b.Do(t.Context(), reopen(id1, ""))
	assert.Equal(t, model.KindUsage, kindOf(t, err))
	assert.Contains(t, err.Error(), "decided-in-error, new-information, quality-check, other")
	b.provider.onAct = func(model.Action) model.Outcome {
		b.provider.set(func(p *faultyProvider) { p.status, p.verdict = model.StatusFinished, model.Manual })
		return model.Outcome{Result: model.ResultDone, HTTP: 200}
	}
	_, err = b.Do(t.Context(), reopen(id1, "quality-check"))
	require.NoError(t, err)
	assert.Equal(t, 2, b.provider.writes())

	intents := entriesOf(t, b, audit.Intent)
	require.Len(t, intents, 2)
	assert.Equal(t, string(model.StatusManualReviewApproved), intents[1].Was)
	assert.Equal(t, "quality-check", intents[1].Reason)
	row, err := b.Row(t.Context(), id1)
	require.NoError(t, err)
	assert.Nil(t, row.Decided, "there is none any more")
	notes, err := b.Notes(t.Context(), id1)
	require.NoError(t, err)
	assert.Equal(t, "Set needs review, quality-check", notes[1].Text)
}

// The opposite decision overturns; of one that was made elsewhere nobody knows whose it
// was.
func TestAnOppositeDecisionOverturns(t *testing.T) {
	b := newBench(t)
	b.provider.status, b.provider.verdict = model.StatusManualReviewRejected, model.ManualFail
	b.Add(t.Context(), []string{id1})
	so := b.Load(t.Context(), id1)
	assert.Nil(t, so.Overturns(model.ActReject))
	assert.Nil(t, so.Overturns(model.ActClose))
	assert.Equal(t, "Overturns the rejection of this session; it was not made from here.", so.Overturns(model.ActApprove).Says(model.ActApprove))
	a := approve(id1)
	a.Override = true
	_, err := b.Do(t.Context(), a)
	require.NoError(t, err)
	row, err := b.Row(t.Context(), id1)
	require.NoError(t, err)
	require.NotNil(t, row.Decided)
	assert.Equal(t, model.ActApprove, row.Decided.Action)
	assert.Equal(t, "os:ana", row.Decided.By)
	assert.Equal(t, "checked-ok", row.Decided.Reason)

	b.provider.set(func(p *faultyProvider) { p.status, p.verdict = model.StatusManualReviewRejected, model.ManualFail })
	b.clock.forward(time.Minute)
	assert.Empty(t, b.Load(t.Context(), id1).Overturns(model.ActReview).By, "somebody decided otherwise elsewhere")
}

// Who decided is known as well where only a reading showed that it took effect.
func TestADecisionThatAReadingProvedIsThatOfItsReviewer(t *testing.T) {
	b := newBench(t)
	b.Add(t.Context(), []string{id1})
	b.provider.onAct = unknownOutcome
	_, err := b.Do(t.Context(), approve(id1))
	require.Error(t, err, "it was not opened")
	b.Load(t.Context(), id1)
	_, err = b.Do(t.Context(), approve(id1))
	require.NoError(t, err)
	row, err := b.Row(t.Context(), id1)
	require.NoError(t, err)
	assert.Nil(t, row.Decided, "nobody knows yet")
	b.provider.set(func(p *faultyProvider) { p.status, p.verdict = model.StatusManualReviewApproved, model.ManualOK })
	b.Read(t.Context(), id1, model.PartStatus)
	row, err = b.Row(t.Context(), id1)
	require.NoError(t, err)
	require.NotNil(t, row.Decided)
	assert.Equal(t, "os:ana", row.Decided.By)
	settled := entriesOf(t, b, audit.Settle)
	require.Len(t, settled, 1)
	assert.Equal(t, entriesOf(t, b, audit.Intent)[0].Ref, settled[0].Ref)
}

func TestARetentionRuleRefusesADeletion(t *testing.T) {
	const day = 24 * time.Hour
	remove := model.Action{Kind: model.ActDelete, IDs: []string{id1}}
	aml := model.Retention{Keep: 1825 * day, DecidedOnly: true, Reason: "AML law"}
	always := model.Retention{Keep: 1825 * day, Reason: "five years"}
	hold := model.Retention{HoldTags: []string{"legal-hold"}}
	decide := func(t *testing.T, b *bench) {
		b.Load(t.Context(), id1)
		_, err := b.Do(t.Context(), approve(id1))
		require.NoError(t, err)
	}
	for name, c := range map[string]struct {
		rule  model.Retention
		given func(t *testing.T, b *bench)
		says  string // empty: it is deleted
	}{
		"no rule":                      {given: decide},
		"decided just now":             {rule: aml, given: decide, says: "kept until " + time.Now().UTC().Add(1825*day).Format("2006-01")},
		"decided long ago":             {rule: aml, given: func(t *testing.T, b *bench) { decide(t, b); b.clock.forward(1826 * day) }},
		"nobody decided":               {rule: aml, given: func(t *testing.T, b *bench) { b.Load(t.Context(), id1) }},
		"in the inbox and not decided": {rule: aml, given: func(t *testing.T, b *bench) { b.Add(t.Context(), []string{id1}) }},
		"not known whether decided":    {rule: aml, says: "not known here whether"},
		"not known when it ended":      {rule: always, given: func(t *testing.T, b *bench) { b.Load(t.Context(), id1) }, says: "not known here when"},
		"held": {rule: hold, says: "The tag legal-hold", given: func(t *testing.T, b *bench) {
			require.NoError(t, b.SetTags(t.Context(), id1, []string{"vip", "legal-hold"}))
		}},
		"not held": {rule: hold, given: func(t *testing.T, b *bench) { require.NoError(t, b.SetTags(t.Context(), id1, []string{"vip"})) }},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(cfg *desk.Config) { cfg.Retention = c.rule })
			if c.given != nil {
				c.given(t, b)
			}
			before := b.provider.writes()
			_, err := b.Do(t.Context(), remove)
			refused := entriesOf(t, b, audit.Refused)
			if c.says == "" {
				require.NoError(t, err)
				assert.Equal(t, before+1, b.provider.writes())
				assert.Len(t, entriesOf(t, b, audit.Delete), 1)
				return
			}
			assert.Equal(t, model.KindGuard, kindOf(t, err))
			assert.Contains(t, err.Error(), c.says)
			assert.NotEmpty(t, model.AsProblem(err).Do)
			assert.Equal(t, before, b.provider.writes())
			require.Len(t, refused, 1)
			assert.Equal(t, model.KindGuard, refused[0].Problem)
			assert.Equal(t, "delete", refused[0].Action)
		})
	}
}

// The shipped catalogue says everything in every language, and a configuration that
// names no reason for an action does not make it impossible.
func TestTheCatalogueOfReasons(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range desk.DefaultReasons() {
		assert.False(t, seen[r.Code], r.Code)
		seen[r.Code] = true
		assert.Contains(t, model.Areas(), r.Area)
		texts := map[string]bool{}
		for _, lang := range model.ReasonLanguages() {
			assert.NotEmpty(t, r.Texts[lang], r.Code)
			texts[r.Text(lang)] = true
		}
		assert.Len(t, texts, len(model.ReasonLanguages()), r.Code)
		assert.Equal(t, r.Text(model.English), r.Text("fr"))
	}
	own := []model.Reason{
		{Code: "fine", Texts: map[string]string{"en": "Fine"}, For: []model.ActionKind{model.ActApprove}},
		{Code: "other", Texts: map[string]string{"en": "Our own"}, For: []model.ActionKind{model.ActApprove, model.ActReject}, NeedsNote: true},
	}
	b := newBench(t, func(c *desk.Config) { c.Reasons = own })
	codes := func(kind model.ActionKind) (all []string) {
		for _, r := range b.Reasons(kind) {
			all = append(all, r.Code)
		}
		return all
	}
	assert.Equal(t, []string{"fine", "other"}, codes(model.ActApprove))
	assert.Equal(t, []string{"other"}, codes(model.ActReject))
	assert.ElementsMatch(t, []string{"decided-in-error", "new-information", "quality-check", "other"}, codes(model.ActReview))
	assert.Len(t, own[1].For, 2, "what the configuration said is not written over")
}
