package incode

import (
	"docket/model"
	"docket/omni"
	"docket/omni/transport"
	"docket/provider/clean"
	"docket/provider/meaning"
)

// advice is what a failed call means to a person: one row a kind of failure.
type advice struct {
	kind    model.Kind
	message string // what happened
	do      string // what to do now
	quote   bool   // what the API said helps
}

// advices is the one place where failures of the client become problems that a
// person can act on.
var advices = map[omni.Kind]advice{
	omni.KindInvalid:     {model.KindUsage, "The request was not sent, it is not complete", "correct it and try again", true},
	omni.KindAuth:        {model.KindAuth, "The API refused the token", "log in again", false},
	omni.KindForbidden:   {model.KindForbidden, "The API does not allow it", "check the API key and the rights of your user", true},
	omni.KindNotFound:    {model.KindNotFound, "The API does not know it", "check the id and the profile in use", false},
	omni.KindRefused:     {model.KindRefused, "The API refused it", "read what the API said, nothing was changed", true},
	omni.KindRateLimited: {model.KindRate, "Too many requests", "wait a moment, then try again", false},
	omni.KindServer:      {model.KindServer, "The API failed", "try again; if it stays so, tell Incode's support", false},
	omni.KindTimeout:     {model.KindTimeout, "The API did not answer in time", "try again", false},
	omni.KindUnreachable: {model.KindUnreachable, "The API could not be reached", "check the network and the API address, then try again", true},
	omni.KindBreakerOpen: {model.KindUnreachable, "Not tried: the API could not be reached just before", "wait ten seconds, then try again", false},
	omni.KindWrongShape:  {model.KindShape, "The API answered with something else than expected", "look at the raw answer; check the API address", true},
	omni.KindTooLarge:    {model.KindTooLarge, "The answer is too large to be one", "look at it at Incode's dashboard", false},
	omni.KindCanceled:    {model.KindUndone, "The request was given up", "", false},
}

// longestQuote is how much of what the API said is shown, in runes.
const longestQuote = 160

// Problem turns an error of the client into one that a person can act on.
// Subject says what it is about, without personal data.
func Problem(err error, part model.Part, subject string) *model.Problem {
	if err == nil {
		return nil
	}
	e, ok := omni.AsError(err)
	if !ok {
		text, _ := clean.Text(model.AsProblem(err).Message)
		p := model.NewProblem(model.AsProblem(err).Kind, "The request failed", subject, model.AsProblem(err).Do).Because(err).Quote(text)
		p.Part = part
		return p
	}
	a, ok := advices[e.Kind]
	if !ok {
		a = advice{kind: model.KindFailed, message: "The request failed", do: "try again"}
	}
	if transport.Untrusted(err) {
		a = advice{a.kind, "The API's TLS certificate is not trusted", "check the API address and this machine's clock; an authority of your own has to be among those of the system", false}
	}
	p := model.NewProblem(a.kind, a.message, subject, a.do).Because(err)
	p.Part, p.HTTP, p.Code, p.Wait = part, e.Status, e.Code, e.RetryAfter
	if m := meaning.ErrorCode(e.Code); m.Known() {
		p.Message += ": " + m.Title
	} else if text := said(e); a.quote && text != "" {
		p = p.Quote(text)
	}
	if e.Kind == omni.KindNotFound && part != "" && part != model.PartStatus {
		p.Message, p.Do = "The API has none", "nothing if the session has not come that far; else check the id"
	}
	if e.Kind == omni.KindAuth && e.Status == 0 {
		p.Message, p.Do = "There is no token for this", "log in"
	}
	return p
}

// said is what the API said of the reason, as far as it is shown.
func said(e *omni.Error) string {
	text, _ := clean.Text(e.Message)
	if r := []rune(text); len(r) > longestQuote {
		text = string(r[:longestQuote-1]) + "…"
	}
	return text
}

// wrongShape is an answer that came and is not what the endpoint answers.
func wrongShape(part model.Part, what string) *model.Problem {
	a := advices[omni.KindWrongShape]
	p := model.NewProblem(a.kind, a.message+": "+what, "", a.do)
	p.Part = part
	return p
}

// subjectOf names a part of a session the way a person knows it.
func subjectOf(part model.Part, id string) string {
	if part == "" {
		return "session " + transport.ShortID(id)
	}
	return string(part) + " of session " + transport.ShortID(id)
}
