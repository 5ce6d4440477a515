package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sync"

	"docket/intake"
	"docket/model"
	"docket/omni"
	"docket/store"
)

// accepted reads a webhook and keeps it, durably, before anybody is told that it came.
func (g *Gateway) accepted(c *call, kind intake.Kind) (intake.Hook, answer, bool) {
	h, err := intake.Decode(kind, c.body)
	var wrong *intake.BodyError
	if errors.As(err, &wrong) {
		return h, refuse(http.StatusBadRequest, string(wrong.Fault), "%s", wrong.Says), false
	}
	c.id = h.ID
	if err := g.keep(c, h); err != nil {
		return h, unkept(err), false
	}
	g.metrics.accepted(h.Kind)
	return h, answer{}, true
}

// keep keeps what came, and says so to who works on it.
func (g *Gateway) keep(c *call, h intake.Hook) error {
	err := g.cfg.Store.Accept(c.ctx(), store.Delivery{At: g.now(), Body: h.Body()})
	g.wrote(c.ctx(), err)
	if err == nil {
		g.cfg.Kept()
	}
	return err
}

// wrote remembers whether the inbox could be written. Of somebody who has left it says
// nothing.
func (g *Gateway) wrote(ctx context.Context, err error) {
	switch {
	case err == nil:
		g.unkept.Store(0)
	case ctx.Err() == nil:
		g.unkept.Store(g.now().UnixNano())
	}
}

// echo tells who sent a webhook what came. A token that came along is not sent back.
func (g *Gateway) echo(c *call, h intake.Hook) answer {
	a := ok(told{Timestamp: g.timestamp(), Success: true, Data: json.RawMessage(c.body)})
	if h.Kind == intake.KindIdentity {
		a.body = told{Timestamp: g.timestamp(), Success: true, Data: map[string]string{"id": h.ID, "event": h.Event}}
	}
	a.level = slog.LevelDebug
	a.attrs = []slog.Attr{slog.String("kind", string(h.Kind))}
	return a
}

// webhook takes a webhook of any kind.
func (g *Gateway) webhook(c *call) answer {
	h, a, good := g.accepted(c, "")
	switch {
	case a.reason == string(intake.FaultSample):
		// Who tries the way with the sample's own line sees that it works, as there.
		a = g.echo(c, h)
		a.attrs = []slog.Attr{slog.String("outcome", "sample")}
		return a
	case !good:
		return a
	}
	return g.echo(c, h)
}

// identity takes a webhook of Incode ID, whose sender expects an empty answer.
func (g *Gateway) identity(c *call) answer {
	if _, a, good := g.accepted(c, intake.KindIdentity); !good {
		return a
	}
	return answer{code: http.StatusNoContent, level: slog.LevelDebug}
}

// approve takes a webhook, and when it says that a session is finished and the session
// passed, creates the identity: once, however often the webhook comes.
func (g *Gateway) approve(c *call) answer {
	h, a, good := g.accepted(c, "")
	if !good {
		return a
	}
	session := h.Kind == intake.KindOnboarding || h.Kind == intake.KindSession
	if !session || h.Status != string(model.StatusFinished) {
		return g.echo(c, h)
	}
	so := g.cfg.Seat.Read(c.ctx(), h.ID, model.PartScore)
	if so == nil {
		return refuse(http.StatusBadGateway, "left", "The score was not read: send the webhook again")
	}
	if p := so.Parts[model.PartScore].Problem; p != nil {
		if p.Kind == model.KindAuth {
			g.cfg.Refused()
		}
		return answerTo(p, approving(p))
	}
	if so.Verdict != model.OK {
		return g.not("not-passed", "Session didn't PASS, identity was not created")
	}
	return g.enroll(c)
}

// not is the answer to a webhook that came well, and brought no identity. It is no
// error: sent again it would come to the same.
func (g *Gateway) not(reason, text string) answer {
	a := ok(told{Timestamp: g.timestamp(), Error: text})
	a.attrs = []slog.Attr{slog.String("outcome", reason)}
	return a
}

// identityData is what the API answers to an enrolment, in the sample's order. The
// token is there the first time only: it is not kept.
type identityData struct {
	Success  bool   `json:"success"`
	UUID     string `json:"uuid,omitempty"`
	Token    string `json:"token,omitempty"`
	Score    string `json:"totalScore,omitempty"`
	Existing bool   `json:"existingCustomer"`
}

// enroll creates the identity. What comes for the same session meanwhile waits for its
// turn, and is a repeat then.
func (g *Gateway) enroll(c *call) answer {
	if !g.turns.take(c.ctx(), c.id) {
		return refuse(http.StatusBadGateway, "left", "An enrolment of this session was under way: send the webhook again")
	}
	defer g.turns.end(c.id)
	g.cfg.Approvals.expect(c.id)
	o, again, err := g.cfg.Seat.EnrollOnce(c.ctx(), c.id, "")
	v := g.cfg.Approvals.take(c.id)
	if err != nil {
		o = model.Outcome{Result: model.ResultNotSent, Problem: model.AsProblem(err)}
	}
	a := g.enrolled(o, v, again)
	a.attrs = append(a.attrs, slog.String("result", string(o.Result)), slog.Bool("again", again))
	return a
}

// enrolled answers with how an enrolment ended.
func (g *Gateway) enrolled(o model.Outcome, v omni.Approval, again bool) answer {
	switch {
	case o.Result == model.ResultDone && again:
		return ok(told{Timestamp: g.timestamp(), Success: true, Data: identityData{Success: true, Existing: true}})
	case o.Result == model.ResultDone:
		return ok(told{Timestamp: g.timestamp(), Success: true, Data: identityData{
			Success: true, UUID: v.CustomerID.Value, Token: v.Token.Reveal(), Score: v.TotalScore.Text, Existing: v.ExistingCustomer.Value,
		}})
	case o.Result == model.ResultProposed:
		return g.not("proposed", "A second person has to confirm the enrolment: it waits in the inbox")
	case o.Problem == nil:
		return answerTo(model.NewProblem(model.KindFailed, "the enrolment ended without a reason", "", ""), said{})
	}
	switch o.Problem.Kind {
	case model.KindAuth:
		g.cfg.Refused()
	case model.KindFailed:
		return unkept(o.Problem)
	}
	return answerTo(o.Problem, approving(o.Problem))
}

// turns lets one at a time work on a session. The zero value is ready.
type turns struct {
	mu  sync.Mutex
	now map[string]chan struct{} // closed when the turn ends
}

// take waits for the turn; false: who waited has left.
func (t *turns) take(ctx context.Context, id string) bool {
	for {
		t.mu.Lock()
		before, taken := t.now[id]
		if !taken {
			if t.now == nil {
				t.now = map[string]chan struct{}{}
			}
			t.now[id] = make(chan struct{})
			t.mu.Unlock()
			return true
		}
		t.mu.Unlock()
		select {
		case <-before:
		case <-ctx.Done():
			return false
		}
	}
}

func (t *turns) end(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.now[id])
	delete(t.now, id)
}

// Approvals brings what the API answered to an enrolment to who asked for it, past the
// desk, which must not keep the token in it. The zero value is ready.
type Approvals struct {
	mu  sync.Mutex
	got map[string]omni.Approval
}

// Put hands over an answer; when nobody waits for it, it is dropped. It is for
// incode.Options.Enrolled.
func (a *Approvals) Put(id string, v omni.Approval) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, awaited := a.got[id]; awaited {
		a.got[id] = v
	}
}

func (a *Approvals) expect(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.got == nil {
		a.got = map[string]omni.Approval{}
	}
	a.got[id] = omni.Approval{}
}

func (a *Approvals) take(id string) omni.Approval {
	a.mu.Lock()
	defer a.mu.Unlock()
	v := a.got[id]
	delete(a.got, id)
	return v
}
