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

func TestMasksKeepLittle(t *testing.T) {
	for _, c := range []struct {
		class       model.Class
		text, shown string
	}{
		{model.ClassName, "Lucía Prueba", "L••• P•••"},
		{model.ClassName, "田中太郎", "田•••"},
		{model.ClassName, "5512 x", "•••• x•••"},
		{model.ClassDocument, "G38214914", "••••4914"},
		{model.ClassDocument, "G3821491", "••••••"},
		{model.ClassDocument, "2026-03-14", "••••••"},
		{model.ClassDocument, "ABCDEFGHIJKL", "••••••"},
		{model.ClassDocument, "P<UTOERIKSSON<<ANNA", "••••••"},
		{model.ClassContact, "+52 55 1234 5678", "••••5678"},
		{model.ClassContact, "lucia.prueba1234@example.test", "••••••"},
		{model.ClassBirth, "1969-04-03", "1969-••-••"},
		{model.ClassBirth, "Oaxaca", "••••••"},
		{model.ClassPlace, "Calle 5, Oaxaca", "••••••"},
		{model.ClassOther, "anything 123456789", "••••••"},
		{model.ClassSpeech, "my number is 5512345678", "••••••"},
		{model.Class(99), "a class of tomorrow", "••••••"},
		{model.ClassNone, "WEBAPP", "WEBAPP"},
	} {
		assert.Equal(t, c.shown, model.NewPersonal(c.class, c.text).String(), c.text)
	}
}

// What is handed to somebody who may not see it has nothing behind its mask.
func TestSealedValuesHoldNothing(t *testing.T) {
	p := model.NewPersonal(model.ClassName, "Lucía Prueba").Sealed()
	for _, p := range []model.Personal{p, p.Revealed(), p.Revealed().Hidden().Sealed()} {
		assert.Equal(t, "L••• P•••", p.Reveal())
		assert.Equal(t, "L••• P•••", p.String())
		assert.True(t, p.Masked())
		assert.True(t, p.Present())
		body, err := json.Marshal(p)
		require.NoError(t, err)
		assert.JSONEq(t, `"L••• P•••"`, string(body))
	}
	assert.Equal(t, "x", model.NewPersonal(model.ClassNone, "x").Sealed().String())
	assert.False(t, model.Personal{}.Sealed().Present())
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

// What others said of a problem can be taken out of it, whatever was written around it.
func TestAProblemWithoutWhatOthersSaid(t *testing.T) {
	p := model.NewProblem(model.KindRefused, "The API refused it", "session x", "read it").Because(assert.AnError).Quote("phone +15550100 exists")
	assert.Equal(t, "The API refused it: phone +15550100 exists", p.Message)
	told := *p
	told.Message = "Approve was sent: " + told.Message
	q, says := told.Unquoted("Refused: phone +15550100 exists.")
	assert.Equal(t, "Approve was sent: The API refused it", q.Message)
	assert.Equal(t, "Refused.", says)
	assert.Equal(t, model.KindRefused, q.Kind)
	assert.NotErrorIs(t, q, assert.AnError, "its text may say it too")
	none, says := (*model.Problem)(nil).Unquoted("done")
	assert.Nil(t, none)
	assert.Equal(t, "done", says)
}
