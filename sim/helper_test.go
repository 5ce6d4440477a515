package sim

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// epoch is the moment that the tests' populations are seen from.
var epoch = time.Date(2026, 11, 21, 1, 0, 0, 0, time.UTC)

// clock is a time that stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// rig is a simulator behind a real server.
type rig struct {
	*Server
	t     *testing.T
	http  *httptest.Server
	clock *clock
	token string
}

func newRig(t *testing.T, o Options) *rig {
	t.Helper()
	c := &clock{at: epoch}
	o.Now = c.now
	s := New(o)
	ts := httptest.NewServer(s)
	t.Cleanup(ts.Close)
	t.Cleanup(s.ClearFaults)
	return &rig{Server: s, t: t, http: ts, clock: c, token: s.ExecutiveToken()}
}

// reply is an answer as a client sees it.
type reply struct {
	status int
	header http.Header
	raw    []byte
	json   map[string]any
}

// request is a faultless request that tests spoil.
func (r *rig) request(method, target string, body any) *http.Request {
	r.t.Helper()
	var rd io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if text, ok := body.(rawJSON); ok {
			raw = []byte(text)
		}
		require.NoError(r.t, err)
		rd = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.http.URL+target, rd)
	require.NoError(r.t, err)
	req.Header.Set("api-version", "1.0")
	req.Header.Set("x-api-key", DefaultAPIKey)
	req.Header.Set("X-Incode-Hardware-Id", r.token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req
}

func (r *rig) send(req *http.Request) reply {
	r.t.Helper()
	resp, err := http.DefaultClient.Do(req)
	require.NoError(r.t, err)
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(r.t, err)
	out := reply{status: resp.StatusCode, header: resp.Header, raw: raw}
	_ = json.Unmarshal(raw, &out.json) // an array or a picture stays raw
	return out
}

func (r *rig) do(method, target string, body any) reply {
	r.t.Helper()
	return r.send(r.request(method, target, body))
}

// as sends with another token.
func (r *rig) as(token, method, target string, body any) reply {
	r.t.Helper()
	req := r.request(method, target, body)
	req.Header.Set("X-Incode-Hardware-Id", token)
	return r.send(req)
}

// told is the first session of a story.
func (r *rig) told(story string) Session {
	r.t.Helper()
	r.mu.Lock()
	at := slices.IndexFunc(r.ids, func(id string) bool { return r.find(id).p.story.name == story })
	r.mu.Unlock()
	require.GreaterOrEqual(r.t, at, 0, "no session of story %s", story)
	return r.session(r.IDs()[at])
}

func (r *rig) session(id string) Session {
	r.t.Helper()
	s, ok := r.Session(id)
	require.True(r.t, ok)
	return s
}

// at walks down a decoded answer.
func at(tree any, path ...string) any {
	for _, key := range path {
		m, _ := tree.(map[string]any)
		tree = m[key]
	}
	return tree
}

func (r *rig) scoreOf(id string) map[string]any {
	r.t.Helper()
	got := r.do("GET", "/omni/get/score?id="+id, nil)
	require.Equal(r.t, http.StatusOK, got.status)
	return got.json
}
