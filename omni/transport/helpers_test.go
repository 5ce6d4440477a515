package transport

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	testKey   = "key-words-of-a-test"
	testToken = "token-words-of-a-test"
	testID    = "aaaabbbbccccdddd00fade42"
)

// hurriedClock tells the system's time and lets every pause end at once. It
// notes how long each was to be.
type hurriedClock struct {
	mu     sync.Mutex
	pauses []time.Duration
}

func (c *hurriedClock) Now() time.Time { return time.Now() }

func (c *hurriedClock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pauses = append(c.pauses, d)
	ch := make(chan time.Time, 1)
	ch <- time.Now()
	return ch
}

func (c *hurriedClock) taken() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]time.Duration(nil), c.pauses...)
}

// server answers with h and counts the requests that reached it.
func server(t *testing.T, h http.HandlerFunc) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	var n atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s, &n
}

func client(t *testing.T, base string, change ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{BaseURL: base, APIKey: testKey, Clock: &hurriedClock{}}
	for _, f := range change {
		f(&cfg)
	}
	c, err := New(cfg)
	require.NoError(t, err)
	t.Cleanup(c.CloseIdle)
	return c
}

func read() Request {
	return Request{
		Endpoint: "score", Method: http.MethodGet, Path: "/omni/get/score",
		Query: url.Values{"id": {testID}}, Token: testToken, Subject: testID,
	}
}

func write() Request {
	return Request{
		Endpoint: "manual-review", Method: http.MethodPut, Path: "/omni/manual-review",
		Query: url.Values{"interviewId": {testID}}, Token: testToken, Subject: testID,
		Body: []byte(`{"manualReviewStatus":"APPROVED"}`), Write: true,
	}
}

func failure(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	require.ErrorAs(t, err, &e)
	return e
}

func ok(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"success":true}`) }

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// drop reads the request and closes the connection without an answer.
func drop(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// stall answers nothing until the client has gone.
func stall(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// do is Do for reads and writes that must not fail.
func do(t *testing.T, c *Client, r Request) Response {
	t.Helper()
	res, err := c.Do(context.Background(), r)
	require.NoError(t, err)
	return res
}

func jsonText(t *testing.T, s string) string {
	t.Helper()
	b, err := json.Marshal(s)
	require.NoError(t, err)
	return string(b)
}
