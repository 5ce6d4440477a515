package gateway

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"docket/desk"
	"docket/model"
)

// When the admin token is renewed.
const (
	tokenLife   = 23 * time.Hour   // of a token that does not say when it ends: an hour less than the API's 24
	tokenEarly  = time.Hour        // before the end of one that does
	refusedRest = time.Minute      // between log-ins that the API's refusal asks for
	firstPause  = 10 * time.Second // after a log-in that failed; doubled each time
	longPause   = 15 * time.Minute // the longest; also after wrong credentials, which may be counted
)

// Renewer logs in again before the admin token ends. One gateway's renewing does not
// end the token of another.
type Renewer struct {
	login   func(context.Context) error
	token   func() desk.Token
	log     *slog.Logger
	metrics *Metrics
	refused chan struct{}
}

// NewRenewer returns a renewer that logs in by a function, which puts the new token in
// use, and asks another what is known of the token in use.
func NewRenewer(login func(context.Context) error, token func() desk.Token, log *slog.Logger, m *Metrics) *Renewer {
	return &Renewer{login: login, token: token, log: log, metrics: m, refused: make(chan struct{}, 1)}
}

// Refused tells that the API refused the token in use: a new one is got at once, but
// not more than once a minute.
func (r *Renewer) Refused() {
	select {
	case r.refused <- struct{}{}:
	default: // it is known already
	}
}

// Run renews until ctx ends. It never fails: it tries again.
func (r *Renewer) Run(ctx context.Context) error {
	began := time.Now() // of a token that says nothing of itself
	tried := time.Time{}
	pause := firstPause
	due := r.due(began)
	for {
		if !r.wait(ctx, due, tried) {
			return nil
		}
		tried = time.Now()
		err := r.login(ctx)
		if ctx.Err() != nil {
			return nil
		}
		r.metrics.Renewed(err)
		if err == nil {
			r.log.LogAttrs(ctx, slog.LevelInfo, "admin token renewed")
			began, pause = time.Now(), firstPause
			due = r.due(began)
			r.forget()
			continue
		}
		p := model.AsProblem(err)
		if p.Kind == model.KindAuth {
			pause = longPause
		}
		due = time.Now().Add(jitter(pause))
		r.log.LogAttrs(ctx, slog.LevelError, "admin token not renewed",
			slog.String("kind", string(p.Kind)), slog.Int("api_http", p.HTTP), slog.String("again_in", time.Until(due).Round(time.Second).String()))
		pause = min(2*pause, longPause)
	}
}

// wait waits until it is time, or the API refuses the token and the last try is long
// enough ago. It returns false when ctx has ended.
func (r *Renewer) wait(ctx context.Context, due, tried time.Time) bool {
	refused := r.refused
	for {
		timer := time.NewTimer(time.Until(due))
		select {
		case <-ctx.Done():
			timer.Stop()
			return false
		case <-timer.C:
			return true
		case <-refused:
			timer.Stop()
			refused = nil // once is enough to make it sooner
			if soonest := tried.Add(refusedRest); soonest.Before(due) {
				due = soonest
			}
		}
	}
}

// forget drops a refusal of the token that was in use before.
func (r *Renewer) forget() {
	select {
	case <-r.refused:
	default:
	}
}

// due is when the token in use is to be renewed that was got at a time.
func (r *Renewer) due(got time.Time) time.Time {
	t := r.token()
	switch {
	case !t.Present:
		return time.Now()
	case t.Expires.IsZero():
		return got.Add(tokenLife - jitter(tokenEarly)/2)
	}
	left := time.Until(t.Expires)
	// One that is short-lived is used for half of its time at least.
	return time.Now().Add(max(0, left-jitter(min(tokenEarly, left/2))))
}

// jitter is between a half and the whole of a time, so that several gateways do not
// log in together.
func jitter(d time.Duration) time.Duration {
	if d <= 1 {
		return d
	}
	return d/2 + rand.N(d/2)
}
