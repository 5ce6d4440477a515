package cli

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/sim"
)

// lines is a stream that several goroutines write to.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// The whole way of the command: sessions move, webhooks prove themselves, what is
// refused comes again, and what became of them is told in the end.
func TestSimSendsWebhooks(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	const enough = 25
	var mu sync.Mutex
	asked, bodies := 0, []string{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // what could not be read is seen below
		mu.Lock()
		defer mu.Unlock()
		asked++
		switch {
		case r.Header.Get("X-Proof") != "secret-of-a-test" || r.Header.Get(sim.SignatureHeader) == "" || r.URL.Path != "/webhook":
			w.WriteHeader(http.StatusUnauthorized)
		case asked == 3:
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			bodies = append(bodies, string(body))
		}
		if len(bodies) == enough {
			stop()
		}
	}))
	defer srv.Close()
	var said lines
	code := Run(ctx, Env{
		Args:    []string{"sim", "--addr", "127.0.0.1:0", "--webhooks", srv.URL + "/webhook", "--webhook-header", "X-Proof", "--webhook-every", "1ms"},
		Environ: []string{"HOME=" + t.TempDir(), "DOCKET_WEBHOOK_SECRET=secret-of-a-test", "DOCKET_WEBHOOK_HMAC=key-of-a-test"},
		Stdin:   bytes.NewReader(nil), Stdout: io.Discard, Stderr: &said, User: "os:tester",
	})
	require.Zero(t, code, said.String())
	mu.Lock()
	defer mu.Unlock()
	require.GreaterOrEqual(t, len(bodies), enough)
	for _, body := range bodies {
		require.Contains(t, body, `Id":"`)
	}
	require.Contains(t, said.String(), "Webhooks go to "+srv.URL+"/webhook")
	require.Contains(t, said.String(), "tried again: the receiver answered 503 Service Unavailable")
	require.Contains(t, said.String(), "1 attempts failed, 0 given up")
	require.NotContains(t, said.String(), "of-a-test")
}
