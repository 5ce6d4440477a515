package gateway

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"docket/omni/transport"
)

// maxBody is how long the body of a request may be, in bytes.
const maxBody = 1 << 20

// call is one request on its way through the gateway.
type call struct {
	r    *http.Request
	body []byte
	id   string // of the session that it is about, once it is known to be an id
}

func (c *call) ctx() context.Context { return c.r.Context() }

// param returns a parameter of the query that is there once at most.
func (c *call) param(name string) (string, bool) {
	values := c.r.URL.Query()[name]
	if len(values) == 0 {
		return "", true
	}
	return values[0], len(values) == 1
}

// letters is how long the name of a request is, in the log and in its answer.
const letters = 16

// serve answers routes, and notes how that went.
func (g *Gateway) serve(all []route) http.Handler {
	byPath := map[string][]route{}
	for _, r := range all {
		byPath[r.path] = append(byPath[r.path], r)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		answers(r.Context())
		name := rand.Text()[:letters]
		w.Header().Set("X-Request-Id", name)
		c := &call{r: r}
		here := byPath[r.URL.Path]
		g.cors(w, r, here)
		a := g.answer(c, here)
		if a.code == http.StatusUnauthorized && here[0].who != sender {
			w.Header().Set("WWW-Authenticate", "Bearer")
		}
		if a.code == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", strings.Join(methods(here), ", "))
		}
		leftover(r)
		a.write(w, r)
		g.note(c, name, a, pathOf(here), time.Since(began))
	})
}

// answer leads a request to its answer, past everything that may be wrong with it.
func (g *Gateway) answer(c *call, here []route) (a answer) {
	if len(here) == 0 {
		return refuse(http.StatusNotFound, "no-route", "There is no such route: see docs/gateway.md for those there are")
	}
	if c.r.Method == http.MethodOptions && here[0].who == backend && g.guard.allowedOrigin(c.r) {
		return answer{code: http.StatusNoContent, level: slog.LevelDebug}
	}
	i := slices.IndexFunc(here, func(r route) bool { return r.method == c.r.Method })
	if i < 0 {
		return refuse(http.StatusMethodNotAllowed, "method", "This route takes %s only", strings.Join(methods(here), ", "))
	}
	defer func() {
		if cause := recover(); cause != nil {
			a = refuse(http.StatusInternalServerError, "panic", "The gateway failed: see its log")
			a.level = slog.LevelError
			// What was panicked with may quote what was sent; its type and the place do not.
			a.attrs = []slog.Attr{slog.String("type", fmt.Sprintf("%T", cause)), slog.String("stack", string(debug.Stack()))}
		}
	}()
	return g.admitted(c, here[i])
}

// patience is how long a request waits in all until the API takes a reading: whoever
// waits for the gateway is told then when to come again.
const patience = 5 * time.Second

func (g *Gateway) admitted(c *call, r route) answer {
	if a, ok := g.guard.admit(r.who, c.r); !ok {
		return a
	}
	if r.who == backend || r.who == sender {
		select {
		case g.room <- struct{}{}:
			defer func() { <-g.room }()
		default:
			return busy("busy", time.Second, "The gateway is at work on as many requests as it can: try again in a second")
		}
	}
	c.r = c.r.WithContext(transport.WithPatience(c.ctx(), patience))
	if r.method == http.MethodPost {
		if a, ok := c.read(); !ok {
			return a
		}
	}
	if r.who == sender {
		if a, ok := g.guard.signed(c.r, c.body); !ok {
			return a
		}
	}
	return r.handle(g, c)
}

// read reads the body, up to the limit.
func (c *call) read() (answer, bool) {
	large := refuse(http.StatusRequestEntityTooLarge, "too-large", "The body is larger than 1 MiB")
	if c.r.ContentLength > maxBody {
		return large, false
	}
	var err error
	c.body, err = io.ReadAll(io.LimitReader(c.r.Body, maxBody+1))
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return refuse(http.StatusRequestTimeout, "slow-body", "The body did not come in time"), false
	case err != nil:
		return refuse(http.StatusBadRequest, "half-body", "The body did not come to its end"), false
	case len(c.body) > maxBody:
		return large, false
	}
	return answer{}, true
}

// maxLeftover is how much of a body is read that nobody wants, in bytes.
const maxLeftover = 8 << 20

// leftover reads what is left of a body: a sender that is still sending when the
// connection closes would not get to see the answer. One that waits to be told to send
// is not.
func leftover(r *http.Request) {
	if r.Method == http.MethodPost && r.Header.Get("Expect") == "" {
		_, _ = io.CopyN(io.Discard, r.Body, maxLeftover) // what is wrong with it is no news
	}
}

func methods(here []route) []string {
	var all []string
	for _, r := range here {
		all = append(all, r.method)
	}
	return all
}

// pathOf is the path of a route for logs and metrics: what others ask for is not.
func pathOf(here []route) string {
	if len(here) == 0 {
		return "none"
	}
	return here[0].path
}

// cors tells a browser that pages of an origin may read the answers of the token
// backend, if the configuration says so. Webhooks do not come from browsers.
func (g *Gateway) cors(w http.ResponseWriter, r *http.Request, here []route) {
	if len(here) == 0 || here[0].who != backend {
		return
	}
	h := w.Header()
	h.Add("Vary", "Origin")
	if !g.guard.allowedOrigin(r) {
		return
	}
	h.Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	h.Set("Access-Control-Expose-Headers", "Retry-After, X-Request-Id")
	if r.Method == http.MethodOptions {
		h.Set("Access-Control-Allow-Methods", strings.Join(methods(here), ", "))
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Token")
		h.Set("Access-Control-Max-Age", "600")
	}
}

// note writes down how a request went: never what was in it, but for the short form of
// the id of a session.
func (g *Gateway) note(c *call, name string, a answer, path string, took time.Duration) {
	g.metrics.answered(path, a, took)
	attrs := []slog.Attr{
		slog.String("request", name), slog.String("route", path), slog.Int("code", a.code), slog.Float64("ms", float64(took.Microseconds())/1000),
	}
	if c.id != "" {
		attrs = append(attrs, slog.String("session", transport.ShortID(c.id)))
	}
	text := "answered"
	if a.reason != "" {
		text = "refused"
		attrs = append(attrs, slog.String("reason", a.reason), slog.String("from", g.guard.from(c.r).String()))
	}
	g.log.LogAttrs(c.ctx(), a.level, text, append(attrs, a.attrs...)...)
}
