package model_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"docket/model"
)

func TestViewsHoldWhatTheirRuleSays(t *testing.T) {
	now := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		row  model.Row
		want []model.View
	}{
		"waits for a person":      {model.Row{Verdict: model.Manual}, []model.View{model.ViewReview}},
		"pending":                 {model.Row{Verdict: model.ManualPending}, []model.View{model.ViewReview}},
		"failed":                  {model.Row{Verdict: model.Fail}, []model.View{model.ViewFailed}},
		"passed with a warning":   {model.Row{Verdict: model.Warn}, []model.View{model.ViewPassed}},
		"no verdict yet":          {model.Row{Status: model.StatusFaceFinished}, []model.View{model.ViewProgress}},
		"expired without one":     {model.Row{Status: model.StatusExpired}, nil},
		"deleted":                 {model.Row{Life: model.Deleted}, nil},
		"approved":                {model.Row{Verdict: model.ManualOK, Status: model.StatusManualReviewApproved}, []model.View{model.ViewDecided}},
		"approved, score is old":  {model.Row{Verdict: model.Manual, Status: model.StatusManualReviewApproved}, []model.View{model.ViewReview, model.ViewDecided}},
		"outcome unknown":         {model.Row{Verdict: model.Manual, Pending: &model.Pending{}}, []model.View{model.ViewReview, model.ViewUnknown}},
		"a verdict of the future": {model.Row{Verdict: "SHINY"}, nil},
		"mine":                    {model.Row{Verdict: model.OK, ClaimedBy: "os:ana", ClaimedUntil: now.Add(time.Minute)}, []model.View{model.ViewPassed, model.ViewMine}},
		"no longer mine":          {model.Row{Verdict: model.OK, ClaimedBy: "os:ana", ClaimedUntil: now}, []model.View{model.ViewPassed}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []model.View
			for _, v := range model.Views() {
				if v.View != model.ViewAll && c.row.In(v.View, "os:ana", now) {
					got = append(got, v.View)
				}
			}
			assert.ElementsMatch(t, c.want, got)
			assert.True(t, c.row.In(model.ViewAll, "", now))
			assert.False(t, c.row.In("nonsense", "", now))
		})
	}
}

func TestWorstComesFirstAndWhatIsNewIsNotTakenForGood(t *testing.T) {
	checks := []model.Check{
		{Key: "a", Status: model.OK},
		{Key: "b", Status: "BRAND_NEW"},
		{Key: "c", Status: model.Fail},
		{Key: "d", Status: model.ManualOK},
		{Key: "e", Status: model.Warn},
		{Key: "f", Status: model.Fail},
		{Key: "g", Status: model.Unknown},
		{Key: "h"},
	}
	model.WorstFirst(checks)
	order := ""
	for _, c := range checks {
		order += c.Key
	}
	assert.Equal(t, "cfegbhda", order)
	assert.False(t, model.CheckStatus("BRAND_NEW").Known())
	assert.Equal(t, model.ToneQuery, model.CheckStatus("BRAND_NEW").Tone())
}

func TestQueriesThatNothingSatisfies(t *testing.T) {
	for name, c := range map[string]struct {
		q    model.Query
		want bool
	}{
		"what the view holds none of":  {model.Query{View: model.ViewReview, Verdicts: []model.Verdict{model.OK}}, true},
		"one that it holds":            {model.Query{View: model.ViewReview, Verdicts: []model.Verdict{model.OK, model.Manual}}, false},
		"a view of passed and its own": {model.Query{View: model.ViewPassed, Verdicts: []model.Verdict{model.Warn}}, false},
		"a view of failed and passed":  {model.Query{View: model.ViewFailed, Verdicts: []model.Verdict{model.OK}}, true},
		"no verdict asked for":         {model.Query{View: model.ViewFailed}, false},
		"everything":                   {model.Query{View: model.ViewAll, Verdicts: []model.Verdict{model.OK}}, false},
		"a view by more than verdicts": {model.Query{View: model.ViewDecided, Verdicts: []model.Verdict{model.OK}}, false},
	} {
		if got := c.q.Contradicts(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
