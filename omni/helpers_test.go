package omni

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Credentials of the tests. None of them may turn up anywhere but in headers.
const (
	testKey      = "key-words-of-a-test"
	testExec     = "executive-token-of-a-test"
	testSession  = SessionToken("session-token-of-a-test")
	testCustomer = "customer-token-of-a-test"
	testEmail    = "reviewer@example.com"
	testPassword = "password-of-a-test"
	testID       = "aaaabbbbccccdddd00fade42"
)

// hurriedClock lets every pause end at once.
type hurriedClock struct{}

func (hurriedClock) Now() time.Time { return time.Now() }

func (hurriedClock) After(time.Duration) <-chan time.Time {
	ch := make(chan time.Time, 1)
	ch <- time.Now()
	return ch
}

func fixture(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return string(b)
}

func client(t testing.TB, base string) *Client {
	t.Helper()
	c, err := New(Config{
		BaseURL: base, APIKey: testKey, Clock: hurriedClock{}, Timeout: 5 * time.Second,
		Token: func() string { return testExec + "\n" },
	})
	require.NoError(t, err)
	t.Cleanup(c.CloseIdle)
	return c
}

func serve(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// answering is a client of an API that always answers the same.
func answering(t testing.TB, status int, body string) *Client {
	return client(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
}

func failure(t testing.TB, err error) *Error {
	t.Helper()
	e, ok := AsError(err)
	require.True(t, ok, "%v", err)
	return e
}

// outcome is an Answer of any type.
type outcome struct {
	value  any
	body   []byte
	status int
}

// asking makes a call whose answer's type does not matter to the caller.
func asking[T any](f func(context.Context, *Client) (Answer[T], error)) func(context.Context, *Client) (outcome, error) {
	return func(ctx context.Context, c *Client) (outcome, error) {
		a, err := f(ctx, c)
		return outcome{a.Value, a.Body, a.Status}, err
	}
}
