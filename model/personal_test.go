package model_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/model"
)

func TestPersonalIsMaskedHoweverItIsWritten(t *testing.T) {
	const secret = "Lucía Prueba"
	p := model.NewPersonal(model.ClassName, secret)
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	logger.Info("x", "p", p, "revealed", p.Revealed(), "group", slog.GroupValue(slog.Any("p", p)))
	written := []string{
		p.String(), fmt.Sprint(p), fmt.Sprintf("%v %+v %#v %s %q %x", p, p, p, p, p, p),
		fmt.Sprintf("%v %+v", struct{ P model.Personal }{p}, []model.Personal{p}), log.String(),
	}
	body, err := json.Marshal(map[string]any{"p": p, "list": []model.Personal{p}})
	require.NoError(t, err)
	for _, text := range append(written, string(body)) {
		assert.NotContains(t, text, "Lucía")
		assert.NotContains(t, text, "Prueba")
	}
	assert.Equal(t, "L••• P•••", p.String())
	assert.Equal(t, secret, p.Revealed().String())
	assert.Equal(t, secret, p.Reveal())
	assert.True(t, p.Revealed().Hidden().Masked())
}

func TestAbsentEmptyAndPresentAreThreeThings(t *testing.T) {
	type doc struct {
		A, B, C model.Personal `json:",omitzero"`
	}
	body, err := json.Marshal(doc{B: model.NewPersonal(model.ClassNone, ""), C: model.NewPersonal(model.ClassNone, "x")})
	require.NoError(t, err)
	assert.JSONEq(t, `{"B":"","C":"x"}`, string(body))
}

func TestMasksKeepTheEndOfLongNumbersOnly(t *testing.T) {
	assert.Equal(t, "••••14", model.NewPersonal(model.ClassDocument, "G38214914").String())
	assert.Equal(t, "••••••", model.NewPersonal(model.ClassDocument, "123456").String())
	assert.Equal(t, "••••••", model.NewPersonal(model.ClassBirth, "1969-04-03").String())
}

func TestFactsKeepTheirKindInJSON(t *testing.T) {
	fact := func(k model.Scalar, text string) string {
		body, err := json.Marshal(model.Fact{Section: "s", Key: "k", Scalar: k, Value: model.NewPersonal(model.ClassNone, text)})
		require.NoError(t, err)
		return string(body)
	}
	assert.JSONEq(t, `{"section":"s","key":"k","value":true}`, fact(model.ScalarBool, "true"))
	assert.JSONEq(t, `{"section":"s","key":"k","value":12.50}`, fact(model.ScalarNumber, "12.50"))
	assert.JSONEq(t, `{"section":"s","key":"k","value":"NaN"}`, fact(model.ScalarNumber, "NaN"))
	assert.JSONEq(t, `{"section":"s","key":"k","value":"true"}`, fact(model.ScalarText, "true"))
}

func TestEachKindOfProblemHasItsExitCode(t *testing.T) {
	for kind, code := range map[model.Kind]int{
		model.KindFailed: 1, model.KindUsage: 2, model.KindAuth: 3, model.KindForbidden: 3, model.KindNotFound: 4,
		model.KindRefused: 5, model.KindGuard: 5, model.KindDrift: 5, model.KindRate: 5, model.KindUndone: 5,
		model.KindTimeout: 6, model.KindUnreachable: 6, model.KindOutcome: 7, "new": 1,
	} {
		assert.Equal(t, code, kind.Exit(), kind)
	}
	p := model.NewProblem(model.KindServer, "The API failed", "score", "R tries again").Because(assert.AnError)
	assert.Equal(t, "The API failed (score): R tries again", p.Error())
	require.ErrorIs(t, fmt.Errorf("open: %w", p), assert.AnError)
	assert.Same(t, p, model.AsProblem(fmt.Errorf("open: %w", p)))
	assert.Nil(t, model.AsProblem(nil))
}
