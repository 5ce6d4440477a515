package gateway

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"docket/model"
	"docket/omni"
	"docket/omni/transport"
	"docket/provider/incode"
	"docket/provider/meaning"
)

// answer is what a request comes to.
type answer struct {
	code   int
	body   any           // written as JSON; nil: none
	retry  time.Duration // after which it is worth trying again; 0: nothing is said
	reason string        // why it was refused or failed, for the log and the metrics; empty: it was not
	level  slog.Level    // of its line in the log
	attrs  []slog.Attr   // more for the log, nothing personal
	page   http.Handler  // writes the answer instead of body
}

// failure is the body of what went wrong, as the token backend sample has it.
type failure struct {
	Success bool   `json:"success"`
	Error   string `json:"error"`
}

// told is the body of an answer to a webhook, as the sample has it.
type told struct {
	Timestamp string `json:"timestamp"`
	Success   bool   `json:"success"`
	Data      any    `json:"data,omitempty"`
	Error     string `json:"error,omitempty"`
}

// timestamp is the sample's way of writing a time.
func (g *Gateway) timestamp() string { return g.now().UTC().Format(time.DateTime) }

func ok(body any) answer { return answer{code: http.StatusOK, body: body} }

// refuse says no, and what to do about it.
func refuse(code int, reason, format string, args ...any) answer {
	return answer{code: code, reason: reason, level: slog.LevelWarn, body: failure{Error: fmt.Sprintf(format, args...)}}
}

// busy is an answer to what is worth trying again soon.
func busy(reason string, retry time.Duration, format string, args ...any) answer {
	a := refuse(http.StatusServiceUnavailable, reason, format, args...)
	a.retry, a.level = retry, slog.LevelError
	return a
}

// storeRetry is when what could not be kept is worth sending again.
const storeRetry = 5 * time.Second

// unkept is the answer when the inbox could not be written: the sender has to send it
// again, because it is not kept here.
func unkept(err error) answer {
	if errors.Is(err, context.Canceled) {
		return refuse(http.StatusServiceUnavailable, "left", "The request was given up, and it is not known whether this was kept: send it again")
	}
	a := busy("store", storeRetry, "The inbox could not be written, so this was not kept: send it again")
	a.attrs = []slog.Attr{slog.String("problem", err.Error())}
	return a
}

// said is what a failure at the API means to a caller of the gateway.
type said struct {
	code   int
	reason string
	text   string
}

// upstream is the one place that says what failures at the API mean to callers. What
// the API said is not among it: it is for those who run the gateway.
var upstream = map[model.Kind]said{
	model.KindUsage:       {http.StatusBadGateway, "api-request", "The API would not take the request, so it was not sent: check DOCKET_FLOW_ID and DOCKET_CLIENT_ID of the gateway"},
	model.KindAuth:        {http.StatusBadGateway, "api-token", "The API refused the gateway's admin token: renew it with DOCKET_ADMIN_TOKEN, docket login, or the gateway's own credentials"},
	model.KindForbidden:   {http.StatusBadGateway, "api-key", "The API does not allow it: check DOCKET_API_KEY and the rights of the gateway's user"},
	model.KindNotFound:    {http.StatusBadRequest, "unknown-session", "The API does not know this session: check its id"},
	model.KindRefused:     {http.StatusBadGateway, "api-refused", "The API refused the request: see the code in the gateway's log; at /start it is mostly DOCKET_FLOW_ID"},
	model.KindRate:        {http.StatusServiceUnavailable, "api-rate", "The API takes no more requests just now: try again in a moment"},
	model.KindServer:      {http.StatusBadGateway, "api-server", "The API failed: try again"},
	model.KindTimeout:     {http.StatusBadGateway, "api-timeout", "The API did not answer in time: try again"},
	model.KindUnreachable: {http.StatusBadGateway, "api-unreachable", "The API could not be reached: try again in a moment"},
	model.KindShape:       {http.StatusBadGateway, "api-shape", "The API answered with something else than expected: check DOCKET_API_URL of the gateway"},
	model.KindTooLarge:    {http.StatusBadGateway, "api-shape", "The API's answer is too large to be one"},
	model.KindOutcome:     {http.StatusBadGateway, "api-outcome", "The API gave no clear answer, so it is not known whether it took effect: look before trying again"},
	model.KindGuard:       {http.StatusBadGateway, "guard", "A rule of docket keeps this from being done now: see the session in the inbox"},
	model.KindDrift:       {http.StatusBadGateway, "guard", "Somebody acted on the session meanwhile: send it again"},
	model.KindUndone:      {http.StatusBadGateway, "left", "The request was given up"},
}

// untrusted is a failure at the API that is told as unreachable otherwise.
var untrusted = said{http.StatusBadGateway, "api-certificate", "The API's TLS certificate is not trusted: check DOCKET_API_URL of the gateway, and the clock and the authorities of its machine"}

// meant is what a failure at the API means to a caller.
func meant(p *model.Problem) said {
	if transport.Untrusted(p) {
		return untrusted
	}
	return upstream[p.Kind]
}

// unkeyed are those that mean something else of a call that carries the API key alone.
var unkeyed = map[model.Kind]said{
	model.KindAuth: {http.StatusBadGateway, "api-key", "The API refused the key of the gateway: check DOCKET_API_KEY"},
}

// begun are those that mean something else of a call that carries the token of a session
// that was begun a moment before.
var begun = map[model.Kind]said{
	model.KindAuth:      {http.StatusBadGateway, "api-session", "The API refused the token of the session that it had just begun: begin another; if it stays so, check DOCKET_FLOW_ID and DOCKET_CLIENT_ID of the gateway"},
	model.KindForbidden: {http.StatusBadGateway, "api-session", "The API does not allow it with the token of the session that it had just begun: check DOCKET_FLOW_ID and DOCKET_CLIENT_ID of the gateway"},
}

// own are those that a caller can mend who came with a session's own token.
var own = map[model.Kind]said{
	model.KindUsage:     {http.StatusBadRequest, "bad-request", "The API cannot be asked this: check what was sent"},
	model.KindAuth:      {http.StatusBadRequest, "session-token", "The API refused the token: it has ended, or belongs to another session"},
	model.KindForbidden: {http.StatusBadRequest, "session-token", "The API does not allow it with this token"},
	model.KindRefused:   {http.StatusBadRequest, "api-refused", "The API refused it: check what was sent"},
}

// unsettled are statuses of a refusal that may be another a moment later.
var unsettled = map[int]bool{http.StatusConflict: true, http.StatusLocked: true, http.StatusTooEarly: true}

// approving is what a failure means to who sends a webhook for the session to be
// enrolled. What the API refuses it refuses again however often it is asked: its sender
// must not repeat it for ever.
func approving(p *model.Problem) said {
	if p.Kind != model.KindRefused || unsettled[p.HTTP] {
		return meant(p)
	}
	why := ""
	if m := meaning.ErrorCode(p.Code); m.Known() {
		why = ": " + strings.TrimSuffix(m.Text, ".")
	}
	if p.Code != 0 {
		why += " (code " + strconv.Itoa(p.Code) + ")"
	}
	return said{
		http.StatusBadRequest, "api-refused",
		"The API refuses to enrol this session" + why + ": sending the webhook again does not help, see the session in the inbox",
	}
}

// failed answers a call to the API that was made with the gateway's admin token.
func (g *Gateway) failed(err error) answer {
	p := problemOf(err)
	if p.Kind == model.KindAuth {
		g.cfg.Refused()
	}
	return answerTo(p, meant(p))
}

// failedWith answers a call to the API that was made with something else than the admin
// token: what that may be means another thing there.
func failedWith(other map[model.Kind]said, err error) answer {
	p := problemOf(err)
	if s, is := other[p.Kind]; is {
		return answerTo(p, s)
	}
	return answerTo(p, meant(p))
}

// problemOf finds out what an error of the API's client, or of the desk, is.
func problemOf(err error) *model.Problem {
	e, isCall := omni.AsError(err)
	if !isCall {
		return model.AsProblem(err)
	}
	p := incode.Problem(err, "", "")
	p.Wait = e.RetryAfter
	if e.OutcomeUnknown() {
		p.Kind = model.KindOutcome
	}
	return p
}

func answerTo(p *model.Problem, s said) answer {
	if s.code == 0 { // of a kind that has to do with this machine
		s = said{http.StatusBadGateway, "failed", "The gateway could not do it: see its log"}
	}
	a := refuse(s.code, s.reason, "%s", s.text)
	a.retry = p.Wait
	if s.code == http.StatusServiceUnavailable {
		a.retry = cmp.Or(p.Wait, storeRetry)
	}
	if s.code >= http.StatusInternalServerError {
		a.level = slog.LevelError
	}
	a.attrs = []slog.Attr{slog.String("kind", string(p.Kind)), slog.Int("api_http", p.HTTP), slog.Int("api_code", p.Code)}
	if p.Kind == model.KindFailed {
		a.attrs = append(a.attrs, slog.String("problem", p.Message))
	}
	return a
}

// write sends an answer.
func (a answer) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if a.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(max(1, int((a.retry+time.Second-1)/time.Second))))
	}
	if a.page != nil {
		a.page.ServeHTTP(w, r)
		return
	}
	if a.body == nil {
		w.WriteHeader(a.code)
		return
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false) // an echo is the bytes that were sent
	if err := enc.Encode(a.body); err != nil {
		a.code = http.StatusInternalServerError
		out.Reset()
		out.WriteString(`{"success":false,"error":"The gateway could not write its answer"}`)
	}
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	w.WriteHeader(a.code)
	_, _ = w.Write(out.Bytes()) // who has left is not told
}
