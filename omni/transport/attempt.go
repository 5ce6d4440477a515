package transport

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// attempt makes one request, when limits and the breaker let it, and notes it.
func (c *Client) attempt(ctx context.Context, r Request, t *ticket, n int) (Response, *Error) {
	if c.BreakerOpen() {
		return Response{}, c.notSent(&r, t, n, c.heldBack())
	}
	if err := c.limiter.wait(ctx, t); err != nil {
		return Response{}, c.notSent(&r, t, n, limitFailure(ctx, err))
	}
	var (
		res  Response
		fail *Error
	)
	_, err := c.breaker.Execute(func() (struct{}, error) {
		res, fail = c.roundTrip(ctx, &r)
		c.connected(fail)
		return struct{}{}, plainError(fail)
	})
	if err != nil && fail == nil {
		// Half open, and another request is the one that tries.
		return Response{}, c.notSent(&r, t, n, &Error{Kind: KindBreakerOpen, cause: err})
	}
	if fail != nil {
		fail = c.fail(&r, fail, n)
	}
	c.note(&r, t, n, res, fail)
	return res, fail
}

// connected remembers whether the certificate was why no connection could be made.
func (c *Client) connected(fail *Error) {
	switch {
	case fail != nil && Untrusted(fail):
		c.distrust.Store(&Error{Kind: fail.Kind, cause: fail.cause})
	case fail == nil || fail.noConn || fail.Sent:
		c.distrust.Store(nil)
	}
}

// heldBack is the failure of a call that the breaker did not let go.
func (c *Client) heldBack() *Error {
	e := &Error{Kind: KindBreakerOpen}
	if why := c.distrust.Load(); why != nil {
		e.cause = why
	}
	return e
}

func limitFailure(ctx context.Context, err error) *Error {
	if limit, ok := errors.AsType[*limitError](err); ok {
		return &Error{Kind: KindRateLimited, RetryAfter: limit.wait, Message: "held back here, to stay within the API's limits"}
	}
	return ctxError(ctx)
}

func (c *Client) notSent(r *Request, t *ticket, n int, e *Error) *Error {
	e = c.fail(r, e, n-1)
	c.note(r, t, 0, Response{At: c.clock.Now()}, e)
	return e
}

func (c *Client) note(r *Request, t *ticket, n int, res Response, fail *Error) {
	path := r.Path
	if !r.Root {
		path = c.base.Path + path
	}
	e := Entry{
		At: res.At, Endpoint: r.Endpoint, Method: r.Method, Path: path, ID: ShortID(r.Subject),
		Write: r.Write, Priority: c.limiter.priorityOf(t), Attempt: n,
		Status: res.Status, Took: res.Took, Server: res.Server, Received: len(res.Body),
	}
	if n > 0 {
		e.Sent = len(r.Body)
	}
	if fail != nil {
		e.Kind, e.Code = fail.Kind, fail.Code
	}
	c.journal.add(e)
}

// roundTrip sends one request and reads the whole answer.
func (c *Client) roundTrip(ctx context.Context, r *Request) (Response, *Error) {
	own, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	// From here on the request may leave: the first bytes can be flushed before
	// net/http says that it wrote them.
	var connected atomic.Bool
	traced := httptrace.WithClientTrace(own, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	res := Response{At: c.clock.Now()}
	answer, err := c.transportFor(r).RoundTrip(c.build(traced, r))
	if err != nil {
		res.Took = c.clock.Now().Sub(res.At)
		return res, connectionError(ctx, own, err, connected.Load())
	}
	defer func() { _ = answer.Body.Close() }() // what was to be read has been read
	body, err := readBody(answer.Body)
	res.Took = c.clock.Now().Sub(res.At)
	res.Status = answer.StatusCode
	res.Server = processingTime(answer.Header)
	if err != nil {
		fail := bodyError(ctx, own, err)
		fail.Status = answer.StatusCode
		return res, fail
	}
	return c.judge(r, res, answer.Header, body)
}

func (c *Client) transportFor(r *Request) *http.Transport {
	if r.Write {
		return c.writes
	}
	return c.reads
}

// judge decides what an answer means.
func (c *Client) judge(r *Request, res Response, header http.Header, body []byte) (Response, *Error) {
	res.Body = body
	if r.Scrub != nil {
		res.Body = r.Scrub(body)
	}
	if res.Status < 200 || res.Status > 299 {
		fail := apiError(r, res.Status, body)
		fail.RetryAfter = parseRetryAfter(header.Get("Retry-After"), c.clock.Now())
		return res, fail
	}
	if r.Decode == nil {
		return res, nil
	}
	value, err := r.Decode(body)
	if err != nil {
		fail, ok := errors.AsType[*Error](err)
		if !ok {
			fail = &Error{Kind: KindWrongShape, cause: err}
		}
		fail.Status, fail.Sent = res.Status, true
		return res, fail
	}
	res.Value = value
	return res, nil
}

var errTooLarge = errors.New("the body is larger than 10 MB")

// readBody reads at most MaxBody bytes, decompressed.
func readBody(body io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(body, MaxBody+1))
	if err == nil && len(data) > MaxBody {
		return nil, errTooLarge
	}
	return data, err
}

// apiError reads the error that came with a status outside of 2xx,
// "Error responses" of the reference. A body that is not JSON (a proxy's HTML
// page) gives no message.
func apiError(r *Request, status int, body []byte) *Error {
	e := &Error{Kind: kindOfStatus(status), Status: status, Sent: true}
	var said struct {
		Status  json.RawMessage `json:"status"`
		Error   any             `json:"error"`
		Message any             `json:"message"`
	}
	// A member of another type leaves the others readable.
	if err := json.Unmarshal(body, &said); err != nil {
		if _, ok := errors.AsType[*json.UnmarshalTypeError](err); !ok {
			return withRedirect(e)
		}
	}
	if code, err := strconv.Atoi(strings.Trim(string(said.Status), `"`)); err == nil && code >= firstCode && code <= lastCode {
		e.Code = code
	}
	e.Message, _ = said.Message.(string) // anything but a string is no message
	if e.Message == "" {
		e.Message, _ = said.Error.(string)
	}
	if status >= 400 && status < 500 && e.Code != 0 && slices.Contains(r.NotFound, e.Code) {
		e.Kind = KindNotFound
	}
	return withRedirect(e)
}

func withRedirect(e *Error) *Error {
	if e.Status >= 300 && e.Status < 400 {
		e.Message = "the API answered with a redirect, which is not followed"
	}
	return e
}

func kindOfStatus(status int) Kind {
	switch {
	case status == http.StatusUnauthorized:
		return KindAuth
	case status == http.StatusForbidden:
		return KindForbidden
	case status == http.StatusNotFound:
		return KindNotFound
	case status == http.StatusRequestTimeout:
		return KindTimeout
	case status == http.StatusTooManyRequests:
		return KindRateLimited
	case status >= 500:
		return KindServer
	case status >= 400:
		return KindRefused
	default:
		return KindWrongShape
	}
}

// connectionError classifies a request that got no answer. ctx is the
// caller's context, own the one with the request's time-out.
func connectionError(ctx, own context.Context, err error, connected bool) *Error {
	if ctx.Err() != nil {
		e := ctxError(ctx)
		e.Sent = connected
		return e
	}
	e := &Error{Kind: KindUnreachable, Sent: connected, noConn: !connected, cause: err}
	var netErr net.Error
	if own.Err() != nil || (errors.As(err, &netErr) && netErr.Timeout()) {
		e.Kind = KindTimeout
		return e
	}
	e.reset = connected
	e.Message = connectionReason(err, connected)
	return e
}

// bodyError classifies an answer that began and could not be read to its end.
func bodyError(ctx, own context.Context, err error) *Error {
	if errors.Is(err, errTooLarge) {
		return &Error{Kind: KindTooLarge, Message: "the answer is larger than 10 MB", Sent: true, cause: err}
	}
	return connectionError(ctx, own, err, true)
}

// connectionReason says in fixed words why; the error's own text may quote
// what the other side sent.
func connectionReason(err error, connected bool) string {
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return "the host name was not found"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case Untrusted(err):
		return "the server's certificate is not trusted"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection broke in the middle of the answer"
	case connected:
		return "the connection broke before an answer came"
	default:
		return "no connection could be made"
	}
}

// processingTime reads the server's own time in milliseconds.
func processingTime(h http.Header) time.Duration {
	const hour = 60 * 60 * 1000
	ms, err := strconv.ParseFloat(strings.TrimSpace(h.Get("Processing-Time")), 64)
	if err != nil || !(ms >= 0 && ms < hour) {
		return 0
	}
	return time.Duration(ms * float64(time.Millisecond))
}
