package omni

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"docket/omni/transport"
)

// Error is a failed call, see transport.Error.
type Error = transport.Error

// Kind is the class of a failed call, see transport.Kind.
type Kind = transport.Kind

// Kinds of failure; what each means is said in transport.
const (
	KindInvalid     = transport.KindInvalid
	KindAuth        = transport.KindAuth
	KindForbidden   = transport.KindForbidden
	KindNotFound    = transport.KindNotFound
	KindRefused     = transport.KindRefused
	KindRateLimited = transport.KindRateLimited
	KindServer      = transport.KindServer
	KindTimeout     = transport.KindTimeout
	KindUnreachable = transport.KindUnreachable
	KindBreakerOpen = transport.KindBreakerOpen
	KindWrongShape  = transport.KindWrongShape
	KindTooLarge    = transport.KindTooLarge
	KindCanceled    = transport.KindCanceled
)

// AsError finds the *Error in err's chain.
func AsError(err error) (*Error, bool) { return errors.AsType[*Error](err) }

// Config is what a Client needs. BaseURL and APIKey are mandatory.
type Config struct {
	// BaseURL is the API's address. A path such as /0 is kept except for the
	// executive log-in.
	BaseURL string
	APIKey  string
	// Token gives the executive token at the time of each call, "" when there
	// is none. nil: there never is one.
	Token func() string
	// HTTP is the transport to start from; it is cloned. nil: Go's default.
	HTTP *http.Transport
	// Timeout of one request; 0: the API's limit of 30 s.
	Timeout time.Duration
	// Clock that limits and pauses go by; nil: the system's.
	Clock     transport.Clock
	UserAgent string // "": "docket"
}

// Format keeps the key out of whatever a Config is printed into.
func (c Config) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "omni.Config("+redacted+")") } // nobody to tell

// LogValue keeps the key out of logs.
func (c Config) LogValue() slog.Value { return slog.StringValue("omni.Config(" + redacted + ")") }

// Client calls one Omni API. It is safe for use by many goroutines.
type Client struct {
	http  *transport.Client
	token func() string
}

// New makes a client.
func New(cfg Config) (*Client, error) {
	t, err := transport.New(transport.Config{
		BaseURL: cfg.BaseURL, APIKey: cfg.APIKey, HTTP: cfg.HTTP,
		Timeout: cfg.Timeout, Clock: cfg.Clock, UserAgent: cfg.UserAgent,
	})
	if err != nil {
		return nil, err
	}
	c := &Client{http: t, token: cfg.Token}
	if c.token == nil {
		c.token = func() string { return "" }
	}
	return c, nil
}

// Origin is the API's scheme and host, what credentials are bound to.
func (c *Client) Origin() string { return c.http.Origin() }

// Journal copies the newest requests (at most 500), oldest first.
func (c *Client) Journal() []transport.Entry { return c.http.Journal() }

// Latest copies the newest of them, at most so many, oldest first.
func (c *Client) Latest(most int) []transport.Entry { return c.http.Latest(most) }

// Budget tells what is left of the API's request limits.
func (c *Client) Budget() transport.Budget { return c.http.Budget() }

// BreakerOpen tells whether calls are held back because connections failed.
func (c *Client) BreakerOpen() bool { return c.http.BreakerOpen() }

// CloseIdle drops the connections that are kept for later reads.
func (c *Client) CloseIdle() { c.http.CloseIdle() }

// Format keeps the credentials out of whatever a Client is printed into.
func (c *Client) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "omni.Client("+c.Origin()+")") // nobody to tell
}

// Answer is what an endpoint answered. Beside an error it holds the body and
// status where there were any.
type Answer[T any] struct {
	Value T
	// Body is the answer verbatim, save that tokens are cut out of the answers
	// that hold one. It may be shared: do not change it.
	Body   []byte
	Status int
	// Took is the time of the request that was answered, pauses and earlier
	// attempts left out; ServerTook is its Processing-Time, 0 when not told.
	Took       time.Duration
	ServerTook time.Duration
	// At is when that request began: the answer tells a state no older than this.
	At time.Time
	// Target is path and query of a GET that reads and that the executive's
	// token can repeat by hand, also when it failed; "": another kind of call.
	Target string
}

// executiveToken gives the token for a call, trimmed of what a file or a
// variable leaves around it.
func (c *Client) executiveToken() string { return strings.TrimSpace(c.token()) }
