package cli

import (
	"context"
	"errors"
	"strings"
	"time"

	"docket/desk"
	"docket/internal/config"
	"docket/internal/secret"
)

// knownOf is what a token says of itself. A token that says nothing is as good
// as any: only the API knows what it is worth.
func knownOf(token, from string) desk.Token {
	if strings.TrimSpace(token) == "" {
		return desk.Token{}
	}
	claims := secret.ParseExpiry(token)
	return desk.Token{Present: true, User: claims.User, Expires: claims.Expires, From: from}
}

// useToken chooses the executive token: the configuration's wins over a kept
// one, and a log-in in this process over both.
func (a *app) useToken(ctx context.Context, cfg config.Config, p *parts) error {
	if p.keep == nil {
		p.keep = a.keeper(cfg)
	}
	if token := cfg.AdminToken.Reveal(); token != "" {
		p.token, p.known = token, knownOf(token, cfg.Sources["admin_token"])
		return nil
	}
	if cfg.APIURL == "" || p.fresh {
		return nil // a token belongs to an API, and a log-in needs none
	}
	kept, err := a.secrets(cfg).Until(ctx).Get(cfg.APIURL)
	if ctx.Err() != nil {
		return stopped(ctx.Err(), "The kept token was not read", cfg.Origin())
	}
	if errors.Is(err, secret.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	p.token = kept.Value.Reveal()
	p.known = desk.Token{Present: true, User: kept.User, Expires: kept.Expires, From: kept.From}
	return nil
}

// secrets are the kept tokens. Nothing is read, and no keyring asked, before
// one of them is needed.
func (a *app) secrets(cfg config.Config) *secret.Store {
	if a.kept == nil {
		a.kept = secret.Open(cfg.Dirs.Data, a.env.getenv)
	}
	return a.kept
}

// keeper stores the token of a log-in, bound to the API's origin.
func (a *app) keeper(cfg config.Config) func(token string) (desk.Token, error) {
	return func(token string) (desk.Token, error) {
		known := knownOf(token, "log-in")
		where, err := a.secrets(cfg).Set(cfg.APIURL, secret.Token{
			Value: config.NewSecret(token), User: known.User, Expires: known.Expires,
		})
		if err == nil {
			known.From = where
		}
		return known, err
	}
}

// expired reports whether a token says that its time is over.
func expired(t desk.Token, now time.Time) bool {
	return t.Present && !t.Expires.IsZero() && !now.Before(t.Expires)
}

// tokenState says in one line what is known of a token.
func tokenState(t desk.Token, now time.Time) string {
	if !t.Present {
		return "none: log in with `docket login`, or set DOCKET_ADMIN_TOKEN"
	}
	return "from " + t.From + tokenWords(t, now)
}

// tokenWords say whose a token is and how long it lives.
func tokenWords(t desk.Token, now time.Time) string {
	text := ""
	if t.User != "" {
		text = " as " + safe(t.User)
	}
	switch {
	case t.Expires.IsZero():
		return text
	case expired(t, now):
		return text + ", ended " + t.Expires.UTC().Format(time.RFC3339)
	}
	return text + ", until " + t.Expires.UTC().Format(time.RFC3339) + " (" + t.Expires.Sub(now).Round(time.Minute).String() + " left)"
}
