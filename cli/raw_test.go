package cli

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/model"
)

// recorded puts a server in front of the simulator that keeps the last answer.
func recorded(t *testing.T, r *rig) (last func() []byte) {
	t.Helper()
	var mu sync.Mutex
	var body []byte
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		rec := httptest.NewRecorder()
		r.api.ServeHTTP(rec, req)
		mu.Lock()
		body = rec.Body.Bytes()
		mu.Unlock()
		for name, values := range rec.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes()) // the client is told by a short answer
	}))
	t.Cleanup(srv.Close)
	r.env.Environ = append(r.env.Environ, "DOCKET_API_URL="+srv.URL)
	return func() []byte {
		mu.Lock()
		defer mu.Unlock()
		return body
	}
}

// poisoned puts what a terminal obeys, and what JSON may write in two ways, into
// every text of an answer.
func poisoned(v any) any {
	switch v := v.(type) {
	case string:
		return v + "\x1b]52;c;x\x07\u202e\u0085<é&>"
	case []any:
		for i := range v {
			v[i] = poisoned(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = poisoned(v[k])
		}
	}
	return v
}

// Every part is printed into a pipe byte by byte as it was sent; on a terminal
// nothing of it acts.
func TestRawIsVerbatim(t *testing.T) {
	for _, hostile := range []bool{false, true} {
		r := newRig(t, func(*http.Request) {})
		last := recorded(t, r)
		if hostile {
			r.api.Mutate(func(endpoint string, body any) any {
				if endpoint == "POST /omni/start" {
					return body // a session's own token is no text to show
				}
				return poisoned(body)
			})
		}
		for _, part := range rawParts() {
			if part == model.PartLinked {
				continue // the score of this session names no identity
			}
			r.out.Reset()
			r.err.Reset()
			r.env.OutTerminal = false
			code := r.run(t.Context(), "show", r.waiting, "--raw", string(part))
			require.NotEmpty(t, last(), part)
			require.Equal(t, string(last()), r.out.String(), part)
			if !hostile {
				require.Equal(t, model.ExitDone, code, "%s: %s", part, r.err.String())
			}
			r.out.Reset()
			r.env.OutTerminal = true
			r.run(t.Context(), "show", r.waiting, "--raw", string(part))
			require.NotContains(t, r.out.String(), "\x1b", part)
			require.NotContains(t, r.out.String(), "\u202e", part)
			require.NotContains(t, r.out.String(), "\u0085", part)
		}
	}
}

// The links to pictures are in the raw answer alone: it was asked for.
func TestLinksAreInTheRawAnswerAlone(t *testing.T) {
	r := newRig(t, func(*http.Request) {})
	require.Zero(t, r.run(t.Context(), "show", r.waiting, "--raw", "images"))
	require.Contains(t, r.out.String(), "http")
	r.out.Reset()
	require.Zero(t, r.run(t.Context(), "show", r.waiting, "-o", "json"))
	require.NotContains(t, r.out.String(), "/_sim/images/")
}
