package incode

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"docket/model"
	"docket/omni"
)

// Token holds the executive token in use. The zero value holds none. Printing it
// shows nothing.
type Token struct{ value atomic.Pointer[string] }

// Get returns the token, empty when there is none. It is what omni.Config.Token
// asks for.
func (t *Token) Get() string {
	if v := t.value.Load(); v != nil {
		return *v
	}
	return ""
}

// Set puts another token in use.
func (t *Token) Set(token string) { t.value.Store(&token) }

// Format keeps the token out of whatever it is printed into.
func (t *Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "incode.Token") } // nobody to tell

// SetToken puts an executive token in use for every call from now on.
func (p *Provider) SetToken(token string) { p.token.Set(token) }

// TokenExpiry returns when the token in use ends, by its own word, and zero when
// it does not say.
func (p *Provider) TokenExpiry() time.Time { return expiryOf(p.token.Get()) }

// expiryOf reads "exp" from the payload of a JSON web token. The signature is
// the API's business.
func expiryOf(token string) time.Time {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return time.Time{}
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return time.Time{}
	}
	var claims struct {
		Exp float64 `json:"exp"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil || claims.Exp <= 0 || claims.Exp > latest/1000 {
		return time.Time{}
	}
	return time.Unix(int64(claims.Exp), 0).UTC()
}

// Login exchanges e-mail and password for an executive token (Incode Omni API,
// Admin-Login). It does not put it in use. An error is a *model.Problem.
func (p *Provider) Login(ctx context.Context, email, password string) (string, error) {
	answer, err := p.client.LogIn(withPriority(ctx), email, password)
	if err == nil {
		return answer.Value.Token.Reveal(), nil
	}
	problem := Problem(err, "", "log-in at "+p.Origin())
	switch problem.Kind {
	case model.KindAuth, model.KindRefused, model.KindNotFound, model.KindUsage:
		problem.Kind = model.KindAuth
		problem.Message, problem.Do = "The API did not accept e-mail and password", "type them again"
	}
	return "", problem
}

// tokensKept is how many tokens of sessions stay in memory.
const tokensKept = 64

// sessionToken returns the session's own token. "Start onboarding" is the only
// way to one, and makes a new session when it does not know the id: so it is
// called for sessions only that the API has just told something of, and what it
// answers has to be about that session.
func (p *Provider) sessionToken(ctx context.Context, so *model.Session) (omni.SessionToken, *model.Problem) {
	if so == nil || so.Parts[model.PartStatus].At.IsZero() {
		return "", model.NewProblem(model.KindGuard, "Not asked: it is not certain that the API knows this session", "",
			"open the session first")
	}
	p.mu.Lock()
	token, ok := p.sessions[so.ID]
	p.mu.Unlock()
	if ok {
		return token, nil
	}
	answer, err := p.client.Start(withPriority(ctx), omni.StartRequest{InterviewID: so.ID})
	if err != nil {
		return "", Problem(err, "", subjectOf("", so.ID))
	}
	if v := answer.Value; !v.ExistingSession.Value || v.InterviewID.Value != so.ID {
		return "", model.NewProblem(model.KindShape, "The API gave a token for another session than this one",
			subjectOf("", so.ID), "a new, empty session may be there now: tell Incode's support")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.sessions) >= tokensKept {
		clear(p.sessions)
	}
	p.sessions[so.ID] = answer.Value.Token
	return answer.Value.Token, nil
}

// forgetToken drops a session's token that the API does not take any more.
func (p *Provider) forgetToken(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.sessions, id)
}
