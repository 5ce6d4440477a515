package transport

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// Request is one call.
type Request struct {
	Endpoint string // its name in the table, for errors and the journal
	Method   string
	Path     string            // as declared: "/omni/identity/{customerId}/sessions"
	PathArgs map[string]string // values of the placeholders, unescaped
	Root     bool              // the base URL's path is left out
	Query    url.Values
	Body     []byte // JSON; nil: no body
	Write    bool   // it changes something: sent once, whatever happens
	Token    string // X-Incode-Hardware-Id; "": the header is left out
	Subject  string // the id that the call is about; the journal keeps its end
	// Secrets are further values that must not come back in a message.
	Secrets []string
	// Accept is the media type of a good answer; empty: JSON, as every error is.
	Accept string
	// NotFound are the API codes that mean: there is no such session.
	NotFound []int
	// Scrub takes secrets out of an answer's body before anybody sees it; nil:
	// nothing to take out.
	Scrub func(body []byte) []byte
	// Decode reads the body of a 2xx answer; an *Error from it keeps its kind.
	// It gets the body before Scrub.
	Decode func(body []byte) (any, error)
}

// Response is what came back.
type Response struct {
	Status int
	Body   []byte // verbatim (after Scrub); not to be changed
	Value  any    // what Decode made of it
	Shared bool   // another caller has the same Value and Body
	At     time.Time
	Took   time.Duration
	Server time.Duration // Processing-Time; 0 when not told
}

// check finds what would go wrong before anything is sent.
func (r *Request) check() *Error {
	for name, value := range r.PathArgs {
		// A dot segment would be another endpoint.
		if value == "" || value == "." || value == ".." {
			return &Error{Kind: KindInvalid, Message: name + " is not an id"}
		}
	}
	if !headerSafe(r.Token) {
		return &Error{Kind: KindAuth, Message: "the token holds characters that no token has"}
	}
	if len(r.Body) > MaxBody {
		return &Error{Kind: KindTooLarge, Message: "the request is larger than 10 MB"}
	}
	return nil
}

// headerSafe tells whether net/http would send the value at all.
func headerSafe(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}

// key is equal for reads that would get the same answer, and wait for it alike.
func (r *Request) key(ctx context.Context, epoch uint64) flightKey {
	h := sha256.New()
	args := url.Values{}
	for name, value := range r.PathArgs {
		args.Set(name, value)
	}
	parts := []string{r.Endpoint, r.Method, r.Path, args.Encode(), r.Query.Encode(), string(r.Body), r.Token}
	var size [8]byte
	for _, part := range parts {
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		_, _ = h.Write(size[:]) // a hash never fails
		_, _ = io.WriteString(h, part)
	}
	patience, _ := patienceOf(ctx) // none is another than any
	for _, n := range []uint64{epoch, uint64(patience)} {
		binary.BigEndian.PutUint64(size[:], n)
		_, _ = h.Write(size[:])
	}
	return flightKey(h.Sum(nil))
}

// build makes the HTTP request. None can be replayed by net/http: it has no
// GetBody, and a GET carries a body that turns out to be empty, which puts
// nothing on the wire.
func (c *Client) build(ctx context.Context, r *Request) *http.Request {
	req := (&http.Request{
		Method: r.Method, URL: c.address(r), Host: c.base.Host,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{
			"Api-Version":  {"1.0"},
			"X-Api-Key":    {c.key},
			"Content-Type": {"application/json"},
			"Accept":       {"application/json"},
			"User-Agent":   {c.agent},
		},
	}).WithContext(ctx)
	if r.Accept != "" {
		req.Header.Set("Accept", r.Accept+", application/json")
	}
	if r.Token != "" {
		req.Header.Set("X-Incode-Hardware-Id", r.Token)
	}
	switch {
	case r.Body != nil:
		req.Body = io.NopCloser(bytes.NewReader(r.Body))
		req.ContentLength = int64(len(r.Body))
	case r.Method == http.MethodGet:
		req.Body = io.NopCloser(strings.NewReader(""))
	}
	return req
}

// Target is what follows the base URL: the path and the query, escaped.
func (r *Request) Target() string {
	path := r.Path
	for name, value := range r.PathArgs {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	if len(r.Query) == 0 {
		return path
	}
	return path + "?" + r.Query.Encode()
}

func (c *Client) address(r *Request) *url.URL {
	u := *c.base
	if r.Root {
		u.Path = ""
	}
	path := r.Path
	for name, value := range r.PathArgs {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	escaped, _, _ := strings.Cut(r.Target(), "?")
	u.RawPath = u.EscapedPath() + escaped
	u.Path += path
	u.RawQuery = r.Query.Encode()
	return &u
}

// messageMax is how much of the API's message is kept, in bytes.
const messageMax = 300

func trimMessage(s string) string {
	s = strings.TrimSpace(s)
	if len(s) <= messageMax {
		return s
	}
	end := messageMax
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}
