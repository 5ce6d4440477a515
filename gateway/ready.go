package gateway

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"docket/desk"
	"docket/omni/transport"
	"docket/store"
)

// levelQuiet is for what asks every few seconds whether all is well.
const levelQuiet = slog.LevelDebug

// lookTime is how long a look at the inbox may take before it counts as unreachable.
const lookTime = 3 * time.Second

// What is worth telling whoever looks after a gateway.
const (
	late       = 5 * time.Minute // a webhook should be in the inbox long before
	tokenShort = 30 * time.Minute
)

// unkeptTime is how long an inbox that could not be written counts as one that does not
// answer: it may be read all the same when its disk is full. Then somebody has to try, or
// it would never be known to be well again.
const unkeptTime = 30 * time.Second

// state is how a gateway is at a moment.
type state struct {
	at       time.Time
	draining bool
	depth    store.Depth
	storeErr error
	unkept   bool // the inbox could not be written lately
	token    desk.Token
	budget   transport.Budget
	breaker  bool
}

func (g *Gateway) state(ctx context.Context) state {
	s := state{at: g.now(), draining: g.draining.Load(), token: g.cfg.Seat.Token(), budget: g.cfg.API.Budget(), breaker: g.cfg.API.BreakerOpen()}
	s.depth, s.storeErr = g.cfg.Store.Depth(ctx, s.at)
	if at := g.unkept.Load(); at != 0 {
		s.unkept = s.at.Sub(time.Unix(0, at)) < unkeptTime
	}
	return s
}

// tokenGood reports whether there is an admin token that has not ended by its own word.
func (s state) tokenGood() bool {
	return s.token.Present && (s.token.Expires.IsZero() || s.at.Before(s.token.Expires))
}

// healthz says that the process answers.
func (g *Gateway) healthz(*call) answer {
	return answer{code: http.StatusOK, body: map[string]string{"status": "ok"}, level: levelQuiet}
}

// readiness is the body of /readyz.
type readiness struct {
	Ready   bool     `json:"ready"`
	Reasons []string `json:"reasons,omitempty"` // why it is not
	Wants   []string `json:"wants,omitempty"`   // what should be mended, though webhooks are taken

	Queue struct {
		Deliveries    int64            `json:"deliveries"`
		OldestSeconds int64            `json:"oldestSeconds"`
		Due           map[string]int64 `json:"due"`
		Later         map[string]int64 `json:"later"`
		Aside         int64            `json:"aside"`
	} `json:"queue"`
	Token struct {
		Present     bool   `json:"present"`
		LeftSeconds *int64 `json:"leftSeconds,omitempty"` // absent: it does not say
	} `json:"token"`
	API struct {
		BreakerOpen     bool `json:"breakerOpen"`
		LeftSecond      int  `json:"leftSecond"`
		LeftFiveMinutes int  `json:"leftFiveMinutes"`
	} `json:"api"`
	LastWebhook        *time.Time `json:"lastWebhook,omitempty"` // absent: none came yet
	LastWebhookSeconds *int64     `json:"lastWebhookSeconds,omitempty"`
}

// readyz says whether this gateway can take webhooks. What only keeps it from looking
// sessions up does not make it unready: a balancer would take every gateway out at once
// then, and webhooks would be lost that could be kept.
func (g *Gateway) readyz(c *call) answer {
	ctx, cancel := context.WithTimeout(c.ctx(), lookTime)
	defer cancel()
	s := g.state(ctx)
	body := s.readiness()
	a := answer{code: http.StatusOK, body: body, level: levelQuiet}
	if !body.Ready {
		a.code, a.level = http.StatusServiceUnavailable, slog.LevelWarn
		a.attrs = []slog.Attr{slog.Any("reasons", body.Reasons)}
	}
	return a
}

func (s state) readiness() readiness {
	var r readiness
	if s.draining {
		r.Reasons = append(r.Reasons, "draining: the gateway is about to end")
	}
	if s.storeErr != nil {
		r.Reasons = append(r.Reasons, "store: the inbox does not answer")
	}
	if s.unkept {
		r.Reasons = append(r.Reasons, "store: the inbox could not be written: the log says why")
	}
	r.Ready = len(r.Reasons) == 0
	r.Wants = s.wants()
	r.Queue.Deliveries, r.Queue.Aside = s.depth.Deliveries, s.depth.Aside
	r.Queue.Due, r.Queue.Later = byName(s.depth.Due), byName(s.depth.Later)
	if !s.depth.Oldest.IsZero() {
		r.Queue.OldestSeconds = int64(s.at.Sub(s.depth.Oldest).Seconds())
	}
	r.Token.Present = s.token.Present
	if s.token.Present && !s.token.Expires.IsZero() {
		r.Token.LeftSeconds = seconds(s.token.Expires.Sub(s.at))
	}
	r.API.BreakerOpen, r.API.LeftSecond, r.API.LeftFiveMinutes = s.breaker, s.budget.Second.Left, s.budget.FiveMinutes.Left
	if !s.depth.Last.IsZero() {
		last := s.depth.Last.UTC()
		r.LastWebhook, r.LastWebhookSeconds = &last, seconds(s.at.Sub(last))
	}
	return r
}

// wants are what keeps the gateway from more than taking webhooks, in words.
func (s state) wants() []string {
	var all []string
	for _, w := range []struct {
		is   bool
		text string
	}{
		{!s.token.Present, "token: there is no admin token, so sessions are not looked up and /approve enrols nobody"},
		{s.token.Present && !s.tokenGood(), "token: the admin token has ended"},
		{s.tokenGood() && !s.token.Expires.IsZero() && s.token.Expires.Sub(s.at) < tokenShort, "token: the admin token ends within half an hour"},
		{s.breaker, "api: it cannot be reached, so calls are held back: the log says why"},
		{s.budget.FiveMinutes.Left == 0 && s.budget.FiveMinutes.N > 0, "api: its limit for five minutes is used up"},
		{!s.depth.Oldest.IsZero() && s.at.Sub(s.depth.Oldest) > late, "queue: webhooks wait for more than five minutes to come into the inbox"},
		{s.depth.Aside > 0, "queue: " + strconv.FormatInt(s.depth.Aside, 10) + " jobs failed too often and wait for a person: docket gateway dead"},
	} {
		if w.is {
			all = append(all, w.text)
		}
	}
	return all
}

func byName(jobs map[store.JobKind]int64) map[string]int64 {
	all := map[string]int64{}
	for kind, n := range jobs {
		all[string(kind)] = n
	}
	return all
}

func seconds(d time.Duration) *int64 {
	n := int64(d.Seconds())
	return &n
}
