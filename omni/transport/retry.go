package transport

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// maxAttempts is how often a read is tried in all.
	maxAttempts = 4
	// retryBase is the pause before the second attempt; it doubles.
	retryBase = 250 * time.Millisecond
	// retryAfterMax is the longest Retry-After that is waited for. A longer one
	// is reported at once: waiting less than asked would only be refused again.
	retryAfterMax = 30 * time.Second
)

// read tries a read until it is answered, may not be repeated, or was tried
// often enough or for as long as its caller waits (WithPatience).
func (c *Client) read(ctx context.Context, r Request, t *ticket) (Response, error) {
	left, hurried := patienceOf(ctx)
	for n := 1; ; n++ {
		res, err := c.attempt(ctx, r, t, n)
		if err == nil {
			return res, nil
		}
		if n == maxAttempts || !repeatable(err) {
			return res, err
		}
		wait := pause(n, err.RetryAfter)
		if left -= wait; hurried && left < 0 {
			return res, err
		}
		select {
		case <-c.clock.After(wait):
		case <-ctx.Done():
			return res, c.fail(&r, ctxError(ctx), n)
		}
	}
}

// repeatable: the fault may pass by itself and the API did not ask for a
// longer wait than a person would put up with. A time-out is not repeated:
// that would be another 30 s in front of a blank pane.
func repeatable(e *Error) bool {
	if e.RetryAfter > retryAfterMax {
		return false
	}
	switch e.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	default:
		return e.reset
	}
}

// pause before attempt n+1: at least what the API asked for, else doubling
// from retryBase, both with jitter so that many clients do not come back at once.
func pause(n int, after time.Duration) time.Duration {
	if after > 0 {
		return after + rand.N(retryBase)
	}
	step := retryBase << (n - 1)
	return step/2 + rand.N(step/2)
}

// parseRetryAfter reads the header's seconds or HTTP date; 0 when there is
// none, it is in the past, or it cannot be read.
func parseRetryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if header == "" {
		return 0
	}
	if seconds, err := strconv.ParseInt(header, 10, 64); err == nil {
		const day = 24 * 60 * 60
		return time.Duration(min(max(seconds, 0), day)) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}

// ctxError turns the end of a caller's context into a kind.
func ctxError(ctx context.Context) *Error {
	err := ctx.Err()
	if errors.Is(err, context.DeadlineExceeded) {
		return &Error{Kind: KindTimeout, Message: "the caller's time was up", cause: err}
	}
	return &Error{Kind: KindCanceled, cause: err}
}
