package output

import (
	"fmt"
	"io"
	"strings"
	"time"

	"docket/model"
)

// outcomeDoc is how an action on one session ended, for scripts.
type outcomeDoc struct {
	ID            string           `json:"id"`
	Action        model.ActionKind `json:"action"`
	Result        model.Result     `json:"result"`
	HTTP          int              `json:"http,omitempty"`
	Code          int              `json:"code,omitempty"`
	Status        model.Status     `json:"status,omitempty"`
	SessionStatus model.Life       `json:"sessionStatus,omitempty"`
	Says          string           `json:"says,omitempty"`
	At            time.Time        `json:"at,omitzero"`
	Problem       *problemDoc      `json:"problem,omitempty"`
}

func newOutcomeDoc(o model.Outcome) outcomeDoc {
	d := outcomeDoc{
		ID: o.ID, Action: o.Action.Kind, Result: o.Result, HTTP: o.HTTP, Code: o.Code,
		Status: o.Status, SessionStatus: o.Life, Says: o.Says, At: o.At,
	}
	if o.Problem != nil {
		p := newProblemDoc(*o.Problem)
		d.Problem = &p
	}
	return d
}

// OutcomesJSON writes how an action ended: one object, or a list of them for
// an action that may name several sessions.
func OutcomesJSON(w io.Writer, all []model.Outcome, list bool) error {
	docs := make([]outcomeDoc, 0, len(all))
	for _, o := range all {
		docs = append(docs, newOutcomeDoc(o))
	}
	if !list && len(docs) == 1 {
		return JSON(w, docs[0])
	}
	return JSON(w, docs)
}

// resultWords say each result to a person.
var resultWords = map[model.Result]string{
	model.ResultDone: "done", model.ResultRefused: "refused, nothing changed",
	model.ResultNotSent: "not sent", model.ResultUnknown: "outcome unknown",
	model.ResultProposed: "proposed",
}

var resultTones = map[model.Result]model.Tone{
	model.ResultDone: model.ToneGood, model.ResultRefused: model.ToneBad,
	model.ResultNotSent: model.ToneWarn, model.ResultUnknown: model.ToneQuery,
	model.ResultProposed: model.ToneQuery,
}

// ResultTone is how good a result is.
func ResultTone(r model.Result) model.Tone { return resultTones[r] }

// Outcome writes one line for a person: the session, how the action ended, and
// how the session reads now. A problem is told elsewhere.
func Outcome(w io.Writer, p Paint, o model.Outcome) error {
	words := []string{o.ID, " " + p.Tone(resultTones[o.Result], resultWords[o.Result]) + " "}
	if o.Says != "" && o.Problem == nil {
		words = append(words, o.Says)
	} else {
		words = append(words, o.Action.Kind.Info().Title+".")
	}
	if o.Status != "" {
		words = append(words, fmt.Sprintf("The session reads %s.", o.Status))
	}
	if o.Life != "" {
		words = append(words, fmt.Sprintf("Its session status is %s.", o.Life))
	}
	_, err := fmt.Fprintln(w, strings.Join(words, " "))
	return err
}
