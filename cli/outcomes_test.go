package cli

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
)

// Every result of an action has one exit code, decided in one place.
func TestExitCodesOfOutcomes(t *testing.T) {
	for _, c := range []struct {
		name   string
		result model.Result
		kind   model.Kind
		want   int
	}{
		{"done", model.ResultDone, "", model.ExitDone},
		{"done, but not erased here", model.ResultDone, model.KindFailed, model.ExitFailed},
		{"refused without a word", model.ResultRefused, "", model.ExitRefused},
		{"refused with 401", model.ResultRefused, model.KindAuth, model.ExitNotAllowed},
		{"refused with 403", model.ResultRefused, model.KindForbidden, model.ExitNotAllowed},
		{"refused with 404", model.ResultRefused, model.KindNotFound, model.ExitNotFound},
		{"refused with 429", model.ResultRefused, model.KindRate, model.ExitRefused},
		{"refused with another 4xx", model.ResultRefused, model.KindRefused, model.ExitRefused},
		{"stopped by a guard", model.ResultNotSent, model.KindGuard, model.ExitRefused},
		{"changed meanwhile", model.ResultNotSent, model.KindDrift, model.ExitRefused},
		{"taken back", model.ResultNotSent, model.KindUndone, model.ExitRefused},
		{"no connection", model.ResultNotSent, model.KindUnreachable, model.ExitUnreachable},
		{"no token", model.ResultNotSent, model.KindAuth, model.ExitNotAllowed},
		{"unknown after 500", model.ResultUnknown, model.KindServer, model.ExitOutcome},
		{"unknown after a time-out", model.ResultUnknown, model.KindTimeout, model.ExitOutcome},
		{"unknown without a word", model.ResultUnknown, "", model.ExitOutcome},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := model.Outcome{ID: "a", Result: c.result, Says: "x"}
			if c.kind != "" {
				o.Problem = model.NewProblem(c.kind, "x", "", "")
			}
			require.Equal(t, c.want, graver(model.ExitDone, problemOf(o)))
		})
	}
}

func TestGravestExitCodeOfManyWins(t *testing.T) {
	code := model.ExitDone
	for _, kind := range []model.Kind{model.KindRefused, model.KindNotFound, model.KindOutcome, model.KindAuth} {
		code = graver(code, model.NewProblem(kind, "x", "", ""))
	}
	require.Equal(t, model.ExitOutcome, code)
}

func TestExitCodesOfReading(t *testing.T) {
	came := model.PartState{At: time.Unix(1, 0)}
	failed := func(kind model.Kind) model.PartState {
		return model.PartState{Problem: &model.Problem{Kind: kind, Message: "x"}}
	}
	for _, c := range []struct {
		name  string
		parts map[model.Part]model.PartState
		want  int
	}{
		{"all came", map[model.Part]model.PartState{model.PartStatus: came, model.PartScore: came}, model.ExitDone},
		{"one came", map[model.Part]model.PartState{model.PartStatus: failed(model.KindServer), model.PartScore: came}, model.ExitDone},
		{"nothing came", map[model.Part]model.PartState{model.PartStatus: failed(model.KindServer), model.PartScore: failed(model.KindUnreachable)}, model.ExitUnreachable},
		{"the token was refused", map[model.Part]model.PartState{model.PartStatus: came, model.PartScore: failed(model.KindAuth)}, model.ExitNotAllowed},
		{"all is forbidden", map[model.Part]model.PartState{model.PartStatus: failed(model.KindForbidden)}, model.ExitNotAllowed},
		{"one is forbidden", map[model.Part]model.PartState{model.PartStatus: came, model.PartLinked: failed(model.KindForbidden)}, model.ExitDone},
		{"the id is unknown", map[model.Part]model.PartState{model.PartStatus: failed(model.KindNotFound), model.PartDevice: came}, model.ExitNotFound},
		{"no second document", map[model.Part]model.PartState{model.PartStatus: came, model.PartOCR2: failed(model.KindNotFound)}, model.ExitDone},
		{"nobody answered", map[model.Part]model.PartState{model.PartStatus: failed(model.KindTimeout)}, model.ExitUnreachable},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := verdictOnRead(&model.Session{ID: "a", Parts: c.parts})
			require.Equal(t, c.want, graver(model.ExitDone, p))
			if p != nil {
				require.Equal(t, "a", p.Subject)
			}
		})
	}
}

func TestNothingIsSentAfterAReadingThatFailed(t *testing.T) {
	came := model.PartState{At: time.Unix(1, 0)}
	for _, c := range []struct {
		name     string
		part     model.Part
		kind     model.Kind
		override bool
		want     int
	}{
		{"unknown id", model.PartStatus, model.KindNotFound, true, model.ExitNotFound},
		{"token refused", model.PartScore, model.KindAuth, true, model.ExitNotAllowed},
		{"not reachable", model.PartScore, model.KindUnreachable, true, model.ExitUnreachable},
		{"score failed", model.PartScore, model.KindServer, false, model.ExitRefused},
		{"score failed, override", model.PartScore, model.KindServer, true, model.ExitDone},
		{"no score yet", model.PartScore, model.KindNotFound, false, model.ExitRefused},
		{"ocr failed", model.PartOCR, model.KindServer, false, model.ExitDone},
	} {
		t.Run(c.name, func(t *testing.T) {
			so := &model.Session{ID: "a", Parts: map[model.Part]model.PartState{
				model.PartStatus: came, model.PartScore: came, model.PartOCR: came,
			}}
			so.Parts[c.part] = model.PartState{Problem: &model.Problem{Kind: c.kind, Message: "x"}}
			p := unread(so, model.Action{Kind: model.ActApprove, Override: c.override})
			require.Equal(t, c.want, graver(model.ExitDone, p))
		})
	}
}
