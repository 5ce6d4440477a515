package intake

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/model"
	"docket/store"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// seenAs is a row that rules have seen with a verdict.
func seenAs(v model.Verdict, change ...func(*model.Row)) model.Row {
	r := model.Row{ID: "s1", Verdict: v, Ruled: &model.Ruled{Arrived: true, Verdict: v}}
	for _, c := range change {
		c(&r)
	}
	return r
}

func TestRulesActOnWhatChanged(t *testing.T) {
	yes, no := true, false
	full := func(r *model.Row) {
		r.Status, r.FlowID, r.DocCountry, r.ReviewReason = model.StatusFinished, "5e8f", "MEX", model.OldID
		r.WorstKey, r.Antifraud, r.Existing, r.Tags = "tamperCheck", model.Fail, true, []string{"vip"}
	}
	arrived := model.Row{ID: "s1", Ruled: &model.Ruled{}}
	for _, c := range []struct {
		name        string
		rule        model.InboxRule
		before, now model.Row
		acts        bool
	}{
		{"a verdict that came", model.InboxRule{}, seenAs(""), seenAs(model.Manual), true},
		{"a verdict that stayed", model.InboxRule{}, seenAs(model.Manual), seenAs(model.Manual), false},
		{"no verdict", model.InboxRule{}, arrived, seenAs(""), false},
		{"one of its verdicts", model.InboxRule{Verdicts: []model.Verdict{model.OK, model.Manual}}, seenAs(model.Fail), seenAs(model.Manual), true},
		{"none of its verdicts", model.InboxRule{Verdicts: []model.Verdict{model.OK}}, seenAs(""), seenAs(model.Manual), false},
		{"somebody else read it first", model.InboxRule{}, model.Row{ID: "s1", Verdict: model.Manual, Ruled: &model.Ruled{}}, seenAs(model.Manual), true},
		{"it was put there by hand with this verdict", model.InboxRule{}, model.Row{ID: "s1", Verdict: model.Manual}, seenAs(model.Manual), false},
		{"it was put there by hand with another", model.InboxRule{}, model.Row{ID: "s1", Verdict: model.Fail}, seenAs(model.Manual), true},
		{"it arrived", model.InboxRule{Event: model.RuleArrived}, arrived, seenAs(""), true},
		{"it arrived and nobody knew it", model.InboxRule{Event: model.RuleArrived}, model.Row{}, seenAs(""), true},
		{"it had arrived", model.InboxRule{Event: model.RuleArrived}, seenAs(""), seenAs(model.Manual), false},
		{"it was put there by hand", model.InboxRule{Event: model.RuleArrived}, model.Row{ID: "s1"}, seenAs(model.Manual), false},
		{"it was deleted", model.InboxRule{}, seenAs(""), seenAs(model.Manual, func(r *model.Row) { r.Life = model.Deleted }), false},
		{"all that it names", model.InboxRule{
			Statuses: []model.Status{model.StatusFinished}, Flows: []string{"x", "5e8f"}, Countries: []string{"MEX"}, Reasons: []model.ReviewReason{model.OldID},
			Checks: []string{"tamperCheck"}, Antifraud: []model.CheckStatus{model.Fail}, Existing: &yes, Tagged: []string{"vip", "x"},
		}, seenAs(""), seenAs(model.Manual, full), true},
		{"another status", model.InboxRule{Statuses: []model.Status{model.StatusExpired}}, seenAs(""), seenAs(model.Manual, full), false},
		{"another flow", model.InboxRule{Flows: []string{"x"}}, seenAs(""), seenAs(model.Manual, full), false},
		{"another country", model.InboxRule{Countries: []string{"USA"}}, seenAs(""), seenAs(model.Manual, full), false},
		{"a country that is not known", model.InboxRule{Countries: []string{"MEX"}}, seenAs(""), seenAs(model.Manual), false},
		{"another reason", model.InboxRule{Reasons: []model.ReviewReason{model.RuleApplied}}, seenAs(""), seenAs(model.Manual, full), false},
		{"another check", model.InboxRule{Checks: []string{"x"}}, seenAs(""), seenAs(model.Manual, full), false},
		{"no antifraud", model.InboxRule{Antifraud: []model.CheckStatus{model.Fail}}, seenAs(""), seenAs(model.Manual), false},
		{"a known face", model.InboxRule{Existing: &no}, seenAs(""), seenAs(model.Manual, full), false},
		{"no such tag", model.InboxRule{Tagged: []string{"x"}}, seenAs(""), seenAs(model.Manual, full), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.rule.Name, c.rule.Tags = "r", []string{"seen"}
			e := effects([]model.InboxRule{c.rule}, noon, c.before, c.now)
			require.Equal(t, c.acts, len(e.Tags) == 1, "%+v", e)
			require.Len(t, e.Log, len(e.Tags))
			if c.now.Life == model.Deleted {
				require.Zero(t, e)
				return
			}
			after := store.Affected(c.now, e)
			if e.Ruled == nil {
				after.Ruled = c.before.Ruled
			}
			again := effects([]model.InboxRule{c.rule}, noon, after, after)
			require.Zero(t, again, "what was read again is nothing new")
		})
	}
}

func TestWhatRulesDo(t *testing.T) {
	all := []model.InboxRule{
		{Name: "one", Tags: []string{"a", "b"}, Ahead: time.Hour, Assign: "os:ana", For: 8 * time.Hour, Notify: []string{"ops", "desk"}},
		{Name: "two", Tags: []string{"b", "c"}, Ahead: 2 * time.Hour, Assign: "os:bo", For: time.Hour, Enroll: true},
		{Name: "three", Ahead: time.Minute, Enroll: true},
	}
	now := seenAs(model.OK, func(r *model.Row) { r.Tags, r.Status = []string{"a"}, model.StatusFinished })
	e := effects(all, noon, model.Row{ID: "s1", Ruled: &model.Ruled{}}, now)
	require.Equal(t, []string{"b", "c"}, e.Tags)
	require.Equal(t, 2*time.Hour, e.Ahead)
	require.Equal(t, &store.Claim{Who: "os:ana", At: noon, Until: noon.Add(8 * time.Hour)}, e.Claim, "the first has it")
	require.Equal(t, &model.Ruled{Arrived: true, Verdict: model.OK}, e.Ruled)
	require.Equal(t, []audit.Entry{
		{At: noon, By: "rule:one", Event: audit.Claim, Session: "s1", Detail: "os:ana"},
		{At: noon, By: "rule:one", Event: audit.Rule, Session: "s1", Detail: "tag b, ahead 1h0m0s, notify ops, notify desk"},
		{At: noon, By: "rule:two", Event: audit.Rule, Session: "s1", Detail: "tag c, ahead 2h0m0s, enroll"},
	}, e.Log)

	require.Len(t, e.Jobs, 3)
	require.Equal(t, store.JobEnroll, e.Jobs[2].Kind)
	require.Equal(t, "s1", e.Jobs[2].Key)
	require.JSONEq(t, `{"rule": "two"}`, string(e.Jobs[2].Body))
	var p parcel
	require.NoError(t, json.Unmarshal(e.Jobs[1].Body, &p))
	require.Equal(t, "desk", p.Target)
	require.JSONEq(t, `{"event": "", "rule": "one", "id": "s1", "verdict": "OK", "status": "ONBOARDING_FINISHED", "at": "2026-11-21T12:00:00Z"}`, string(p.Says))
	require.NotEqual(t, e.Jobs[0].Key, e.Jobs[1].Key)

	now.ClaimedBy, now.ClaimedUntil, now.Ahead = "os:cy", noon.Add(time.Minute), 3*time.Hour
	e = effects(all[:1], noon, model.Row{ID: "s1", Ruled: &model.Ruled{}}, now)
	require.Nil(t, e.Claim, "somebody has it")
	require.Zero(t, e.Ahead, "it is further ahead already")
	require.Len(t, e.Log, 1)
}

func TestFates(t *testing.T) {
	problem := func(part model.Part, kind model.Kind, http int) *model.Problem {
		return &model.Problem{Part: part, Kind: kind, HTTP: http}
	}
	everywhere := func(kind model.Kind, http int) (list []*model.Problem) {
		for _, part := range []model.Part{model.PartStatus, model.PartScore, model.PartOCR} {
			list = append(list, problem(part, kind, http))
		}
		return list
	}
	for _, c := range []struct {
		name     string
		problems []*model.Problem
		want     fate
	}{
		{"nothing", nil, fateRead},
		{"no score yet", []*model.Problem{problem(model.PartScore, model.KindNotFound, 404)}, fateRead},
		{"unknown", everywhere(model.KindNotFound, 404), fateMissing},
		{"refused", everywhere(model.KindAuth, 401), fateRefused},
		{"forbidden", everywhere(model.KindForbidden, 403), fateRefused},
		{"one part forbidden", everywhere(model.KindForbidden, 403)[1:2], fateTorn},
		{"unreachable", everywhere(model.KindUnreachable, 0), fateCut},
		{"one connection lost", everywhere(model.KindUnreachable, 0)[:1], fateTorn},
		{"our own limit", everywhere(model.KindRate, 0)[:1], fateHeld},
		{"too many", everywhere(model.KindRate, 429), fateFailed},
		{"server", everywhere(model.KindServer, 500), fateFailed},
	} {
		got, why := fateOf(c.problems, asked)
		require.Equal(t, c.want, got, c.name)
		require.Equal(t, got != fateRead, why != nil, c.name)
	}
}

func TestPauses(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"": 0, "soon": 0, "-3": 0, " 7 ": 7 * time.Second, "99999999999": time.Hour, "Sat, 21 Nov 2026 12:01:30 GMT": 90 * time.Second,
		"Sat, 21 Nov 2026 11:00:00 GMT": 0, "Sun, 22 Nov 2026 12:00:00 GMT": time.Hour,
	} {
		require.Equal(t, want, retryAfter(header, noon), header)
	}
	for n, least := range []time.Duration{10 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour, time.Hour} {
		for range 50 {
			got := backOff(n+1, 0)
			require.GreaterOrEqual(t, got, least)
			require.Less(t, got, least*6/5)
		}
	}
	require.GreaterOrEqual(t, backOff(1, 5*time.Minute), 5*time.Minute)
	require.Equal(t, 30*time.Second, pollWait(0))
	require.Equal(t, 30*time.Minute, pollWait(1000))
}

func TestTheValveClosesForAllAndNotForOne(t *testing.T) {
	var v valve
	require.Equal(t, all, v.lets(noon))
	whole, first := v.shut("a", noon, time.Minute)
	require.True(t, whole && first)
	whole, first = v.shut("b", noon, time.Minute)
	require.True(t, whole)
	require.False(t, first, "it was told already")
	require.Zero(t, v.lets(noon.Add(59*time.Second)))
	require.Equal(t, 1, v.lets(noon.Add(time.Minute)), "one is tried")
	require.True(t, v.open("c"))
	require.False(t, v.open("b"))
	whole, _ = v.shut("a", noon, time.Minute)
	require.False(t, whole, "others were read meanwhile")
	require.Equal(t, all, v.lets(noon))
	whole, _ = v.shut("b", noon, time.Minute)
	require.True(t, whole)
	v.open("b")
	for range 3 {
		whole, _ = v.shut("", noon, time.Minute)
		require.True(t, whole, "our own limits are nobody's fault")
		v.open("")
	}
}

func TestOneJobOfAKeyAtATime(t *testing.T) {
	var f flight
	job := func(version int64) store.Job { return store.Job{Kind: store.JobLookUp, Key: "a", Version: version} }
	require.True(t, f.enter(job(1)))
	require.True(t, f.enter(store.Job{Kind: store.JobEnroll, Key: "a"}), "another kind is another job")
	require.False(t, f.enter(job(2)))
	require.False(t, f.enter(job(3)))
	next, again := f.next(job(1))
	require.True(t, again)
	require.EqualValues(t, 3, next.Version)
	_, again = f.next(next)
	require.False(t, again)
	require.True(t, f.enter(job(4)))
}
