package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
)

// What the API allows, "API limitations" and "Rate Limits" of its reference.
const (
	// CallTimeout is the API's limit for one request.
	CallTimeout = 30 * time.Second
	// MaxBody is the API's limit for a request's and an answer's body, in bytes.
	MaxBody = 10 << 20
	// PerSecond and PerFiveMinutes are the requests allowed to one address.
	PerSecond      = 600
	PerFiveMinutes = 10_000
)

// WriteWait is how long a write waits for room in the API's limits. Who asked for
// it counts the time in which it may take effect from then on, and a person who
// decided waits no longer for it.
const WriteWait = 5 * time.Second

const (
	journalSize = 500
	userAgent   = "docket"
)

// Config is what a Client needs. Only BaseURL and APIKey are mandatory.
type Config struct {
	// BaseURL is the API's http or https address. Its path, such as "/0", is
	// put before every endpoint's path but that of the executive log-in.
	BaseURL string
	APIKey  string
	// HTTP is the transport to start from; it is cloned. nil: Go's default one.
	HTTP *http.Transport
	// Timeout of one request; 0: CallTimeout.
	Timeout time.Duration
	// Clock is the time that limits, pauses and the journal go by; nil: the system's.
	Clock Clock
	// BreakerRest is how long nothing is tried after five failed connections in
	// a row; 0: ten seconds.
	BreakerRest time.Duration
	UserAgent   string // "": "docket"
}

// Format keeps the key out of whatever a Config is printed into.
func (c Config) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.describe()) } // nobody to tell

// LogValue keeps the key out of logs.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.describe()) }

func (c Config) describe() string { return "transport.Config(" + originOf(c.BaseURL) + ")" }

// Client makes calls to one API. It is safe for use by many goroutines.
type Client struct {
	base   *url.URL
	key    string
	agent  string
	reads  *http.Transport
	writes *http.Transport

	timeout time.Duration
	clock   Clock
	limiter *limiter
	breaker *breaker
	flights *flights
	journal *journal
	// epoch moves with each write, so that a read asked for after a write never
	// joins one that began before it.
	epoch atomic.Uint64
	// distrust is why no connection could be made last, if that was the server's
	// certificate: calls that the breaker holds back say so too.
	distrust atomic.Pointer[Error]
}

// New makes a client. It fails when the base URL is not one that credentials
// can be sent to.
func New(cfg Config) (*Client, error) {
	base, err := parseBase(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	key := strings.TrimSpace(cfg.APIKey)
	switch {
	case key == "":
		return nil, errors.New("the API key is missing: set DOCKET_API_KEY")
	case !headerSafe(key):
		return nil, errors.New("the API key holds characters that no key has: set DOCKET_API_KEY again")
	}
	c := &Client{
		base: base, key: key, agent: orDefault(cfg.UserAgent, userAgent),
		timeout: orDefault(cfg.Timeout, CallTimeout),
		clock:   cfg.Clock,
		breaker: newBreaker(orDefault(cfg.BreakerRest, breakerRest)),
		journal: newJournal(journalSize),
	}
	if c.clock == nil {
		c.clock = systemClock{}
	}
	c.limiter = newLimiter(c.clock, CallTimeout,
		Window{N: PerSecond, Per: time.Second}, Window{N: PerFiveMinutes, Per: 5 * time.Minute})
	c.flights = newFlights(c.limiter)
	c.reads, c.writes = transports(cfg.HTTP)
	return c, nil
}

func orDefault[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

func parseBase(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case err != nil:
		// The parser's own text repeats the URL, which may hold a password.
		return nil, errors.New("the API's base URL cannot be read: expected something like https://demo-api.incodesmile.com")
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return nil, errors.New("the API's base URL must begin with https:// (or http://) and name a host")
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return nil, errors.New("the API's base URL must not hold a user, a query or a fragment")
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = ""
	return u, nil
}

func originOf(raw string) string {
	u, err := parseBase(raw)
	if err != nil {
		return "no valid base URL"
	}
	return origin(u)
}

func origin(u *url.URL) string { return u.Scheme + "://" + strings.ToLower(u.Host) }

// transports gives one transport for reads and one for writes. Writes get a
// connection of their own each time: one kept from before may be dead, and
// then net/http would either replay the request or leave the outcome open.
func transports(from *http.Transport) (reads, writes *http.Transport) {
	if from == nil {
		from = defaultTransport()
	}
	var http1 http.Protocols
	http1.SetHTTP1(true)
	reads = from.Clone()
	reads.Protocols = &http1
	reads.ForceAttemptHTTP2 = false
	writes = reads.Clone()
	writes.DisableKeepAlives = true
	return reads, writes
}

func defaultTransport() *http.Transport {
	const connectTime = 10 * time.Second
	dialer := &net.Dialer{Timeout: connectTime, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    connectTime,
		MaxIdleConns:           32,
		MaxIdleConnsPerHost:    32,               // one opened session asks for its parts side by side
		IdleConnTimeout:        50 * time.Second, // below the 60 s after which load balancers hang up
		MaxResponseHeaderBytes: 256 << 10,
	}
}

// Origin is the API's scheme and host: what credentials are bound to.
func (c *Client) Origin() string { return origin(c.base) }

// Journal copies the newest requests (at most 500), oldest first.
func (c *Client) Journal() []Entry { return c.journal.latest(journalSize) }

// Latest copies the newest of them, at most so many, oldest first.
func (c *Client) Latest(most int) []Entry { return c.journal.latest(most) }

// Budget tells what is left of the API's limits as far as this client used them.
func (c *Client) Budget() Budget {
	left := c.limiter.left()
	return Budget{Second: left[0], FiveMinutes: left[1]}
}

// BreakerOpen tells whether calls are held back because connections failed.
func (c *Client) BreakerOpen() bool { return c.breaker.State() == gobreaker.StateOpen }

// CloseIdle drops the connections that are kept for later reads.
func (c *Client) CloseIdle() { c.reads.CloseIdleConnections() }

// Format keeps the key out of whatever a Client is printed into.
func (c *Client) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "transport.Client("+c.Origin()+")") // nobody to tell
}

// Do makes one call. Every error is an *Error; the Response beside it holds
// the status and body of the last answer when there was one.
func (c *Client) Do(ctx context.Context, r Request) (Response, error) {
	if err := r.check(); err != nil {
		return Response{}, c.fail(&r, err, 0)
	}
	if r.Write {
		c.epoch.Add(1)
		defer c.epoch.Add(1)
		res, err := c.attempt(ctx, r, c.limiter.soon(PriorityOf(ctx), WriteWait), 1)
		return res, plainError(err)
	}
	res, err := c.flights.do(ctx, r.key(ctx, c.epoch.Load()), func(ctx context.Context, t *ticket) (Response, error) {
		return c.read(ctx, r, t)
	})
	if err != nil && KindOf(err) == 0 {
		err = c.fail(&r, ctxError(ctx), 0)
	}
	return res, err
}

// plainError keeps a nil *Error from becoming an error that is not nil.
func plainError(e *Error) error {
	if e == nil {
		return nil
	}
	return e
}

// fail completes an error with what the request knows.
func (c *Client) fail(r *Request, e *Error, attempts int) *Error {
	e.Endpoint, e.Write, e.Attempts = r.Endpoint, r.Write, attempts
	e.Message = trimMessage(c.withoutSecrets(r, e.Message))
	return e
}

// secretMin: a shorter value would blot out parts of ordinary words.
const secretMin = 4

// withoutSecrets takes out credentials that an answer repeats.
func (c *Client) withoutSecrets(r *Request, text string) string {
	for _, secret := range append([]string{c.key, r.Token}, r.Secrets...) {
		if len(secret) >= secretMin {
			text = strings.ReplaceAll(text, secret, "[redacted]")
		}
	}
	return text
}
