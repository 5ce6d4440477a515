// Package gateway is the HTTP server between front ends, Incode and the inbox: the
// token backend that starts sessions, and the receiver of webhooks. It keeps what it
// is told before it says that it has it; what follows from that is the work of package
// intake.
package gateway

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"docket/desk"
	"docket/model"
	"docket/omni"
	"docket/omni/transport"
	"docket/store"
)

// API is what the gateway asks of Incode Omni by itself. *omni.Client is one.
type API interface {
	Start(ctx context.Context, r omni.StartRequest) (omni.Answer[omni.Started], error)
	OnboardingURL(ctx context.Context, token omni.SessionToken, clientID string) (omni.Answer[omni.OnboardingURL], error)
	OnboardingStatus(ctx context.Context, id string) (omni.Answer[omni.OnboardingStatus], error)
	OwnScore(ctx context.Context, token omni.SessionToken, id string) (omni.Answer[omni.Score], error)
	VerifyAuthentication(ctx context.Context, a omni.Attempt) (omni.Answer[omni.Verified], error)
	Finish(ctx context.Context, token omni.SessionToken) (omni.Answer[omni.Finish], error)
	Budget() transport.Budget
	BreakerOpen() bool
}

// Store is what the gateway keeps. A store.Inbox is one.
type Store interface {
	Accept(ctx context.Context, d store.Delivery) error
	Depth(ctx context.Context, now time.Time) (store.Depth, error)
	KeepTicket(ctx context.Context, t store.Ticket, before time.Time) error
	Ticket(ctx context.Context, unique string) (store.Ticket, error)
}

// Seat is the gateway's place at the desk: what it does there is in the audit log. A
// *desk.Seat is one.
type Seat interface {
	Read(ctx context.Context, id string, parts ...model.Part) *model.Session
	EnrollOnce(ctx context.Context, id, expect string) (o model.Outcome, again bool, err error)
	Token() desk.Token
}

// DefaultHeader holds the secret of webhooks unless another is configured, and
// DefaultSignature their signature.
const (
	DefaultHeader    = "X-Docket-Secret"
	DefaultSignature = "X-Incode-Signature"
)

// Secrets are what callers prove themselves with. Printing them shows nothing.
type Secrets struct {
	Token   string // of callers of the token backend, and of whoever looks at the gateway itself
	Webhook string // in the header of webhooks
	HMAC    string // signs the bodies of webhooks; empty: they are not signed
}

// String keeps secrets out of whatever they are printed into.
func (Secrets) String() string { return "gateway.Secrets" }

// GoString keeps them out of %#v too.
func (Secrets) GoString() string { return "gateway.Secrets" }

// Config is what a Gateway is made of.
type Config struct {
	API       API
	Store     Store
	Seat      Seat
	Approvals *Approvals // what the API answered to enrolments of Seat
	Metrics   *Metrics   // nil: some of its own
	Log       *slog.Logger

	Secrets   Secrets
	Header    string         // that holds Secrets.Webhook; empty: DefaultHeader
	Signature string         // that holds the signature; empty: DefaultSignature
	Open      bool           // nobody has to prove anything; for development
	Allow     []netip.Prefix // whence webhooks may come; none: from anywhere
	Proxies   []netip.Prefix // whose word is taken for whence a request comes
	Origins   []string       // whose pages may call the token backend from a browser
	ReadOnly  bool           // no session is begun or finished; Seat has to know by itself
	OpsApart  bool           // /readyz and /metrics are not here: see Ops

	FlowID   string // of new sessions
	ClientID string // of their addresses
	Key      string // seals tokens that are kept: the API key

	Kept    func()           // hears that a webhook was kept, which can be placed now; nil: nobody does
	Refused func()           // hears that the API refused the admin token; nil: nobody does
	AtOnce  int              // requests at the same time; 0: DefaultAtOnce
	Now     func() time.Time // nil: time.Now
}

// DefaultAtOnce is how many requests are worked on at the same time. One waits for the
// disk, or half a minute for the API.
const DefaultAtOnce = 512

// Gateway answers requests. It is safe for use by many goroutines.
type Gateway struct {
	cfg      Config
	guard    guard
	seal     sealer
	metrics  *Metrics
	log      *slog.Logger
	now      func() time.Time
	turns    turns
	room     chan struct{} // holds one for each request that is worked on
	draining atomic.Bool
	unkept   atomic.Int64 // when the inbox could not be written, in Unix nanoseconds; 0: it could since
}

// New returns a gateway.
func New(cfg Config) (*Gateway, error) {
	seal, err := newSealer(cfg.Key)
	if err != nil {
		return nil, err
	}
	if cfg.AtOnce == 0 {
		cfg.AtOnce = DefaultAtOnce
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	for _, hears := range []*func(){&cfg.Kept, &cfg.Refused} {
		if *hears == nil {
			*hears = func() {}
		}
	}
	if cfg.Approvals == nil {
		cfg.Approvals = &Approvals{}
	}
	if cfg.Metrics == nil {
		cfg.Metrics = NewMetrics()
	}
	g := &Gateway{
		cfg: cfg, guard: newGuard(cfg), seal: seal, metrics: cfg.Metrics, log: cfg.Log, now: cfg.Now, room: make(chan struct{}, cfg.AtOnce),
	}
	g.metrics.watch(g)
	return g, nil
}

// Drain makes the gateway say that it is not ready any more, so that nobody sends it
// new requests while it ends.
func (g *Gateway) Drain() { g.draining.Store(true) }

// caller is who may use a route.
type caller uint8

const (
	anyone  caller = iota // says nothing that is worth knowing
	backend               // who has the gateway's token
	sender                // of webhooks
	ops                   // who looks after the gateway: has its token too
)

// route is one route of the gateway.
type route struct {
	method, path string
	who          caller
	handle       func(*Gateway, *call) answer
}

// begins are the routes that begin a session although they are a GET, as in the sample:
// a HEAD, which is to change nothing, is not for them.
var begins = map[string]bool{"/start": true, "/onboarding-url": true}

// routes are all routes. Where a GET only reads, a HEAD says the same without the body.
func routes() []route {
	all := named()
	for _, r := range all {
		if r.method == http.MethodGet && !begins[r.path] {
			r.method = http.MethodHead
			all = append(all, r)
		}
	}
	return all
}

// named are the routes by the names of the token backend sample.
func named() []route {
	return []route{
		{http.MethodGet, "/start", backend, (*Gateway).start},
		{http.MethodGet, "/onboarding-url", backend, (*Gateway).onboardingURL},
		{http.MethodGet, "/onboarding-status", backend, (*Gateway).onboardingStatus},
		{http.MethodGet, "/fetch-score", backend, (*Gateway).fetchScore},
		{http.MethodPost, "/auth", backend, (*Gateway).auth},
		{http.MethodPost, "/finish", backend, (*Gateway).finish},
		{http.MethodPost, "/webhook", sender, (*Gateway).webhook},
		{http.MethodPost, "/approve", sender, (*Gateway).approve},
		{http.MethodPost, "/webhook/identity", sender, (*Gateway).identity},
		{http.MethodGet, "/healthz", anyone, (*Gateway).healthz},
		{http.MethodGet, "/readyz", ops, (*Gateway).readyz},
		{http.MethodGet, "/metrics", ops, (*Gateway).scrape},
	}
}

// Handler answers all routes, but for those of Ops when these are apart.
func (g *Gateway) Handler() http.Handler {
	var here []route
	for _, r := range routes() {
		if r.who != ops || !g.cfg.OpsApart {
			here = append(here, r)
		}
	}
	return g.serve(here)
}

// Ops answers /healthz, /readyz and /metrics for an address of their own, on which
// nobody has to prove anything.
func (g *Gateway) Ops() http.Handler {
	var here []route
	for _, r := range routes() {
		if r.who == ops || r.who == anyone {
			r.who = anyone
			here = append(here, r)
		}
	}
	return g.serve(here)
}
