package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/desk"
	"docket/gateway"
	"docket/intake"
	"docket/internal/secret"
	"docket/model"
	"docket/omni"
	"docket/provider/incode"
	"docket/sim"
	"docket/store"
	"docket/store/sqlite"
)

// What callers prove themselves with in these tests. None of it is a secret of anybody.
const (
	token      = "token-of-callers-0123456789"
	hookSecret = "secret-of-webhooks-0123456789"
	key        = "key-of-signatures-0123456789"
)

// drawn are the pictures of all simulators, drawn once.
var drawn = sim.NewDrawn(sim.DefaultDrawn)

// rig is a gateway on a real simulator, a real inbox and a real desk, over real HTTP.
type rig struct {
	t       testing.TB
	api     *sim.Server
	apiAt   string
	store   *faultyStore
	desk    *desk.Desk
	log     *logged
	g       *gateway.Gateway
	base    string
	kept    atomic.Int32 // webhooks that were told of
	metrics *gateway.Metrics
	end     func() error // ends the gateway as a signal does, and waits for that
	proof   http.Header  // sent with every request
}

// logged is a log that tests read.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// lines are the entries of the log.
func (l *logged) lines(t testing.TB) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(l.String()) {
		var entry map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &entry), line)
		all = append(all, entry)
	}
	return all
}

// faultyStore is a real inbox that can be made to fail.
type faultyStore struct {
	store.Inbox
	mu     sync.Mutex
	broken bool
	gate   chan struct{} // what is accepted waits for it, unless who sent it leaves; nil: nothing waits
	inside chan struct{} // hears of everything that waits
}

func (s *faultyStore) setBroken(b bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = b
}

func (s *faultyStore) fails() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		return errors.New("the disk is full")
	}
	return nil
}

func (s *faultyStore) Accept(ctx context.Context, d store.Delivery) error {
	if s.gate != nil {
		s.inside <- struct{}{}
		select {
		case <-s.gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := s.fails(); err != nil {
		return err
	}
	return s.Inbox.Accept(ctx, d)
}

func (s *faultyStore) KeepTicket(ctx context.Context, t store.Ticket, before time.Time) error {
	if err := s.fails(); err != nil {
		return err
	}
	return s.Inbox.KeepTicket(ctx, t, before)
}

func (s *faultyStore) Depth(ctx context.Context, now time.Time) (store.Depth, error) {
	if err := s.fails(); err != nil {
		return store.Depth{}, err
	}
	return s.Inbox.Depth(ctx, now)
}

// options change a rig before it starts.
type options struct {
	gateway.Config
	limits  gateway.Limits
	noToken bool
	cert    *gateway.Certificate
	second  []model.SecondRule
	gate    chan struct{}
	path    string // of an inbox that is on disk; empty: it is not
	foreign bool   // the API has a certificate that nobody trusts
	quiet   bool   // log as a gateway does unless told otherwise
}

func (o *options) inbox(t testing.TB) (*sqlite.Store, error) {
	if o.path != "" {
		return sqlite.Open(t.Context(), o.path)
	}
	return sqlite.Temp(t.Context())
}

// newRig starts a gateway that asks for secrets, and sends them.
func newRig(t testing.TB, change ...func(*options)) *rig {
	t.Helper()
	r := &rig{t: t, log: &logged{}, proof: http.Header{"Authorization": {"Bearer " + token}, gateway.DefaultHeader: {hookSecret}}}
	o := options{Config: gateway.Config{Secrets: gateway.Secrets{Token: token, Webhook: hookSecret}, ClientID: sim.DefaultClientID}}
	for _, c := range change {
		c(&o)
	}
	r.api = sim.New(sim.Options{Sessions: 60, Seed: 7, Drawn: drawn})
	srv := httptest.NewUnstartedServer(r.api)
	if o.foreign {
		srv.Config.ErrorLog = log.New(io.Discard, "", 0)
		srv.StartTLS()
	} else {
		srv.Start()
	}
	t.Cleanup(func() {
		r.api.ClearFaults()
		srv.Close()
	})
	r.apiAt = srv.URL
	inbox, err := o.inbox(t)
	require.NoError(t, err)
	r.store = &faultyStore{Inbox: inbox, gate: o.gate, inside: make(chan struct{}, 16)}
	holder := &incode.Token{}
	known := desk.Token{}
	if !o.noToken {
		holder.Set(r.api.ExecutiveToken())
		known = knownOf(holder.Get())
	}
	client, err := omni.New(omni.Config{BaseURL: srv.URL, APIKey: sim.DefaultAPIKey, Token: holder.Get})
	require.NoError(t, err)
	r.metrics = gateway.NewMetrics()
	o.Metrics, o.Kept = r.metrics, func() { r.kept.Add(1) }
	o.Approvals = &gateway.Approvals{}
	r.desk = desk.New(desk.Config{
		Store: inbox, Provider: incode.New(client, incode.Options{Token: holder, Enrolled: o.Approvals.Put}), Token: known, Second: o.second,
		KeepToken: func(text string) (desk.Token, error) { return knownOf(text), nil },
	})
	o.API, o.Store, o.Seat, o.Key = client, r.store, r.desk.As(model.Actor{Identity: "gateway", Role: model.RoleOwner}), sim.DefaultAPIKey
	level := slog.LevelDebug
	if o.quiet {
		level = slog.LevelInfo
	}
	o.Log = slog.New(slog.NewJSONHandler(r.log, &slog.HandlerOptions{Level: level}))
	r.g, err = gateway.New(o.Config)
	require.NoError(t, err)
	r.base = r.serve(r.g.Handler(), o.cert, o.limits)
	t.Cleanup(func() {
		require.NoError(t, r.end())
		r.desk.Wait()
		require.NoError(t, inbox.Close())
	})
	return r
}

func knownOf(text string) desk.Token {
	return desk.Token{Present: true, Expires: secret.ParseExpiry(text).Expires}
}

// serve serves until end is called, and returns the address.
func (r *rig) serve(h http.Handler, cert *gateway.Certificate, l gateway.Limits) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(r.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.g.Serve(ctx, ln, h, cert, l) }()
	r.end = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	scheme := "http://"
	if cert != nil {
		scheme = "https://"
	}
	return scheme + ln.Addr().String()
}

func open(o *options) { o.Open, o.Secrets = true, gateway.Secrets{} }

// answered is an answer as a caller gets it.
type answered struct {
	code   int
	header http.Header
	body   string
}

func (a answered) json(t testing.TB) map[string]any {
	t.Helper()
	var v map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.body), &v), a.body)
	return v
}

// client keeps no connection, so that none is left when a test ends.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

func (r *rig) send(method, path, body string, header http.Header) answered {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.base+path, strings.NewReader(body))
	require.NoError(r.t, err)
	req.Header = header.Clone()
	if req.Header == nil {
		req.Header = http.Header{}
	}
	res, err := client.Do(req)
	require.NoError(r.t, err)
	defer func() { _ = res.Body.Close() }()
	got, err := io.ReadAll(res.Body)
	require.NoError(r.t, err)
	return answered{res.StatusCode, res.Header, string(got)}
}

func (r *rig) get(path string) answered { r.t.Helper(); return r.send("GET", path, "", r.proof) }

func (r *rig) post(path, body string) answered {
	r.t.Helper()
	return r.send("POST", path, body, r.proof)
}

// refused checks an answer that says no: its code, what it says, and what the log does.
func (r *rig) refused(a answered, code int, says, reason string) {
	r.t.Helper()
	require.Equal(r.t, code, a.code, a.body)
	v := a.json(r.t)
	require.Equal(r.t, false, v["success"])
	require.Contains(r.t, v["error"], says)
	line := r.line(a)
	require.Equal(r.t, reason, line["reason"])
	require.EqualValues(r.t, code, line["code"])
}

// line is the line of the log about an answer. It is written after the answer.
func (r *rig) line(a answered) map[string]any {
	r.t.Helper()
	var found map[string]any
	require.Eventually(r.t, func() bool {
		for _, line := range r.log.lines(r.t) {
			if line["request"] == a.header.Get("X-Request-Id") {
				found = line
			}
		}
		return found != nil
	}, 10*time.Second, time.Millisecond)
	return found
}

// hooks are the webhooks that wait.
func (r *rig) hooks() []intake.Hook {
	r.t.Helper()
	var all []intake.Hook
	_, err := r.store.Place(r.t.Context(), 1000, func(ds []store.Delivery) store.Placed {
		for _, d := range ds {
			var h intake.Hook
			require.NoError(r.t, json.Unmarshal(d.Body, &h))
			all = append(all, h)
		}
		return store.Placed{}
	})
	require.NoError(r.t, err)
	return all
}

// sessionWith returns a session of the simulator with a verdict that is finished.
func (r *rig) sessionWith(verdict string) string {
	r.t.Helper()
	for _, id := range r.api.IDs() {
		if so, _ := r.api.Session(id); so.Verdict == verdict && so.CustomerID == "" && so.OnboardingStatus == "ONBOARDING_FINISHED" && so.SessionStatus != "Deleted" {
			return id
		}
	}
	require.Fail(r.t, "no session with "+verdict)
	return ""
}

// entries are the audit log.
func (r *rig) entries() []audit.Entry {
	r.t.Helper()
	records, err := r.store.AuditRecords(r.t.Context(), 0, 1000)
	require.NoError(r.t, err)
	var all []audit.Entry
	for _, rec := range records {
		e, err := audit.Decode(rec.Line)
		require.NoError(r.t, err)
		all = append(all, e)
	}
	return all
}

func finished(id string) string {
	return `{"interviewId":"` + id + `","onboardingStatus":"ONBOARDING_FINISHED","clientId":"acme","flowId":"f1"}`
}
