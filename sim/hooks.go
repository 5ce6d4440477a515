package sim

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

// Defaults of [Hooks].
const (
	DefaultHookHeader   = "X-Docket-Secret"
	DefaultHookParallel = 4
	DefaultHookAttempts = 6 // with the pauses between them: half a minute
	DefaultHookPause    = time.Second
	DefaultHookTimeout  = 10 * time.Second
	DefaultHookHold     = 2 * time.Second
)

// SignatureHeader carries the signature of a webhook's body, where it is signed.
const SignatureHeader = "X-Incode-Signature"

// Hooks say where webhooks go, how they prove themselves, and how badly the way
// there treats them.
type Hooks struct {
	URL     string // http or https, without a user
	Header  string // that carries Secret; empty: [DefaultHookHeader]
	Secret  string // empty: the header is left out
	SignKey string // of the HMAC-SHA256 in [SignatureHeader], hex; empty: none

	Duplicates float64 // share of webhooks that are delivered twice, 0 to 1
	Shuffle    float64 // share that is overtaken by up to [maxBehind] later ones, 0 to 1
	Seed       uint64  // which ones; 0: [DefaultSeed]
	// Hold is how long one waits to be overtaken at most; 0: [DefaultHookHold].
	Hold time.Duration

	Parallel int           // requests at once; 0: [DefaultHookParallel]. More than one reorders by itself
	Attempts int           // of one webhook, before it is given up; 0: [DefaultHookAttempts]
	Pause    time.Duration // before the second attempt, twice as long before each further one; 0: [DefaultHookPause]
	Timeout  time.Duration // of one request; 0: [DefaultHookTimeout]

	// Failed is told why an attempt failed; nil: nobody is. It is called by several
	// goroutines.
	Failed func(reason string)
	After  func(time.Duration) <-chan time.Time // the clock of pauses; nil: time.After
}

// Format keeps secrets out of whatever Hooks are printed into.
func (h Hooks) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "sim.Hooks("+h.URL+")") } // nobody to tell

// LogValue keeps secrets out of logs.
func (h Hooks) LogValue() slog.Value { return slog.StringValue("sim.Hooks(" + h.URL + ")") }

var headerName = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")

// check finds what would make every delivery fail.
func (h Hooks) check() error {
	u, err := url.Parse(h.URL)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return errors.New("webhooks need an address that begins with http:// or https://")
	case u.User != nil:
		return errors.New("the address of webhooks must not hold a user or password")
	case !headerName.MatchString(h.Header):
		return errors.New("the header of webhooks has no name that a header can have")
	case !headerValue(h.Secret):
		return errors.New("the secret of webhooks holds characters that a header cannot")
	case h.Duplicates < 0 || h.Duplicates > 1 || h.Shuffle < 0 || h.Shuffle > 1:
		return errors.New("shares of webhooks are between 0 and 1")
	}
	return nil
}

func headerValue(text string) bool {
	for _, r := range text {
		if r < ' ' || r > '~' {
			return false
		}
	}
	return true
}

func (h Hooks) withDefaults() Hooks {
	if h.Header == "" {
		h.Header = DefaultHookHeader
	}
	if h.Seed == 0 {
		h.Seed = DefaultSeed
	}
	if h.Parallel == 0 {
		h.Parallel = DefaultHookParallel
	}
	if h.Attempts == 0 {
		h.Attempts = DefaultHookAttempts
	}
	if h.Pause == 0 {
		h.Pause = DefaultHookPause
	}
	if h.Timeout == 0 {
		h.Timeout = DefaultHookTimeout
	}
	if h.Hold == 0 {
		h.Hold = DefaultHookHold
	}
	if h.After == nil {
		h.After = time.After
	}
	return h
}

// client is of the sender alone: what it has to say goes to the address that was
// given, not to where a proxy or a redirect points.
func (h Hooks) client() *http.Client {
	return &http.Client{
		Timeout: h.Timeout,
		Transport: &http.Transport{
			MaxIdleConnsPerHost: h.Parallel, MaxConnsPerHost: h.Parallel, IdleConnTimeout: time.Minute,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Send makes the server send webhooks: of sessions that arrive and move by
// [Server.Step], of what is decided at the API, of authentications. What happens
// before is not sent. They are delivered while [Sender.Run] runs, and wait until
// then. The error says what is wrong with h.
func (s *Server) Send(h Hooks) (*Sender, error) {
	h = h.withDefaults()
	if err := h.check(); err != nil {
		return nil, err
	}
	sender := newSender(h)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sender = sender
	return sender, nil
}
