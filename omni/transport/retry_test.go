package transport

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// faults are ways not to get an answer, with what is to be made of each.
var faults = []struct {
	name    string
	handler http.HandlerFunc
	kind    Kind
	reads   int64 // how often a read is sent
	unknown bool  // whether a write's outcome is unknown
}{
	{"429", status(429), KindRateLimited, 4, false},
	{"502", status(502), KindServer, 4, true},
	{"503", status(503), KindServer, 4, true},
	{"504", status(504), KindServer, 4, true},
	{"dropped", drop, KindUnreachable, 4, true},
	{"half an answer", half, KindUnreachable, 4, true},
	{"500", status(500), KindServer, 1, true},
	{"501", status(501), KindServer, 1, true},
	{"408", status(408), KindTimeout, 1, true},
	{"stalled", stall, KindTimeout, 1, true},
	{"stalled in the middle", stallHalf, KindTimeout, 1, true},
	{"400", status(400), KindRefused, 1, false},
	{"401", status(401), KindAuth, 1, false},
	{"307", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusTemporaryRedirect) }, KindWrongShape, 1, true},
}

func half(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"success":`)
}

func stallHalf(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // else the server does not notice that the client has gone
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"success":`)
	_ = http.NewResponseController(w).Flush()
	<-r.Context().Done()
}

// gate lets the first requests through unharmed, so that the fault meets
// connections that are kept alive.
func gate(broken *atomic.Bool, fault http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if broken.Load() {
			fault(w, r)
			return
		}
		ok(w, r)
	}
}

// shortly is for servers that never answer: long enough for a connection to be
// made on a busy machine. Everything else gets the API's own 30 s.
func shortly(c *Config) { c.Timeout = 500 * time.Millisecond }

func patience(kind Kind) func(*Config) {
	if kind == KindTimeout {
		return shortly
	}
	return func(*Config) {}
}

func TestReadsAreRepeated(t *testing.T) {
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			var broken atomic.Bool
			s, n := server(t, gate(&broken, f.handler))
			c := client(t, s.URL, patience(f.kind))
			do(t, c, read())
			broken.Store(true)
			n.Store(0)
			_, err := c.Do(context.Background(), read())
			e := failure(t, err)
			require.Equal(t, f.kind, e.Kind)
			require.Equal(t, f.reads, n.Load())
			require.EqualValues(t, f.reads, e.Attempts)
			require.False(t, e.OutcomeUnknown(), "a read leaves nothing open")
		})
	}
}

func TestWritesGoOutOnce(t *testing.T) {
	requests := map[string]Request{
		"PUT": write(),
		"GET": {Endpoint: "process-antifraud", Method: http.MethodGet, Path: "/omni/process/antifraud", Write: true},
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
		requests[method+" without a body"] = Request{Endpoint: "x", Method: method, Path: "/x", Write: true}
		requests[method+" with a body"] = Request{Endpoint: "x", Method: method, Path: "/x", Write: true, Body: []byte("{}")}
	}
	for _, f := range faults {
		for name, r := range requests {
			t.Run(f.name+" "+name, func(t *testing.T) {
				t.Parallel()
				var broken atomic.Bool
				s, n := server(t, gate(&broken, f.handler))
				c := client(t, s.URL, patience(f.kind))
				do(t, c, read())
				do(t, c, r)
				broken.Store(true)
				n.Store(0)
				_, err := c.Do(context.Background(), r)
				e := failure(t, err)
				require.Equal(t, f.kind, e.Kind)
				require.EqualValues(t, 1, n.Load(), "a write was repeated")
				require.True(t, e.Sent)
				require.Equal(t, f.unknown, e.OutcomeUnknown())
			})
		}
	}
}

// net/http repeats a request by itself when a connection that it kept turns
// out to be dead. A server that answers once a connection and closes it after
// reading the next request provokes that.
func TestNetHTTPDoesNotRepeat(t *testing.T) {
	for name, tt := range map[string]struct {
		request Request
		most    int64
	}{
		"write":              {write(), 1},
		"a GET that acts":    {Request{Method: http.MethodGet, Path: "/omni/process/antifraud", Write: true}, 1},
		"DELETE":             {Request{Method: http.MethodDelete, Path: "/omni/interview", Write: true}, 1},
		"POST, no body":      {Request{Method: http.MethodPost, Path: "/omni/process/approve", Write: true}, 1},
		"a read, four times": {read(), 4},
	} {
		t.Run(name, func(t *testing.T) {
			var broken atomic.Bool
			var n atomic.Int64
			addr := listen(t, func(conn net.Conn) {
				in := bufio.NewReader(conn)
				for {
					req, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, req.Body)
					n.Add(1)
					if broken.Load() {
						return
					}
					_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
				}
			})
			c := client(t, "http://"+addr)
			do(t, c, tt.request)
			do(t, c, read()) // leaves a live connection behind
			broken.Store(true)
			n.Store(0)
			_, err := c.Do(context.Background(), tt.request)
			require.Equal(t, KindUnreachable, failure(t, err).Kind)
			require.Equal(t, tt.most, n.Load())
		})
	}
}

func TestReadsRecover(t *testing.T) {
	var n atomic.Int64
	s, _ := server(t, func(w http.ResponseWriter, r *http.Request) {
		switch n.Add(1) {
		case 1:
			status(503)(w, r)
		case 2:
			drop(w, r)
		default:
			ok(w, r)
		}
	})
	clock := &hurriedClock{}
	c := client(t, s.URL, func(cfg *Config) { cfg.Clock = clock })
	res := do(t, c, read())
	require.Equal(t, http.StatusOK, res.Status)
	require.EqualValues(t, 3, n.Load())
	pauses := clock.taken()
	require.Len(t, pauses, 2)
	require.InDelta(t, 0.75*float64(retryBase), float64(pauses[0]), 0.25*float64(retryBase))
	require.InDelta(t, 1.5*float64(retryBase), float64(pauses[1]), 0.5*float64(retryBase))
}

func TestRetryAfter(t *testing.T) {
	for _, tt := range []struct {
		name, header string
		sent         int64
		least        time.Duration // of each pause
		told         time.Duration
	}{
		{"seconds", "7", 4, 7 * time.Second, 7 * time.Second},
		{"as long as we wait", "30", 4, 30 * time.Second, 30 * time.Second},
		{"longer than we wait", "31", 1, 0, 31 * time.Second},
		{"absurd", "99999999999", 1, 0, 24 * time.Hour},
		{"negative", "-3", 4, retryBase / 2, 0},
		{"nonsense", "soon", 4, retryBase / 2, 0},
		{"a date in the past", "Mon, 02 Jan 2006 15:04:05 GMT", 4, retryBase / 2, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, n := server(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", tt.header)
				w.WriteHeader(http.StatusTooManyRequests)
			})
			clock := &hurriedClock{}
			c := client(t, s.URL, func(cfg *Config) { cfg.Clock = clock })
			_, err := c.Do(context.Background(), read())
			e := failure(t, err)
			require.Equal(t, KindRateLimited, e.Kind)
			require.Equal(t, tt.told, e.RetryAfter)
			require.Equal(t, tt.sent, n.Load())
			for _, pause := range clock.taken() {
				require.GreaterOrEqual(t, pause, tt.least)
			}
		})
	}
}

// Who waits for a short time only is told how long it would take, and holds nobody up who
// waits for longer.
func TestReadsOfTheImpatient(t *testing.T) {
	for _, tt := range []struct {
		header string
		sent   int64 // with patience for five seconds
	}{{"7", 1}, {"4", 2}, {"2", 3}, {"", 4}} {
		t.Run(tt.header, func(t *testing.T) {
			s, n := server(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", tt.header)
				w.WriteHeader(http.StatusTooManyRequests)
			})
			c := client(t, s.URL)
			_, err := c.Do(WithPatience(context.Background(), 5*time.Second), read())
			require.Equal(t, KindRateLimited, failure(t, err).Kind)
			require.Equal(t, tt.sent, n.Load())
			_, err = c.Do(context.Background(), read())
			require.Equal(t, KindRateLimited, failure(t, err).Kind)
			require.Equal(t, tt.sent+4, n.Load())
		})
	}
	require.NotEqual(t, new(read()).key(WithPatience(t.Context(), time.Second), 0), new(read()).key(t.Context(), 0), "they do not share a request")
}

// Our own limits hold the impatient back no longer than that either.
func TestTheLimitOfTheImpatient(t *testing.T) {
	s, n := server(t, ok)
	c := client(t, s.URL, func(cfg *Config) { cfg.Clock = &hurriedClock{} })
	c.limiter = newLimiter(c.clock, CallTimeout, Window{N: 1, Per: 20 * time.Second}, Window{N: 1, Per: 20 * time.Second})
	c.flights = newFlights(c.limiter)
	do(t, c, read())
	_, err := c.Do(WithPatience(context.Background(), 5*time.Second), read())
	e := failure(t, err)
	require.Equal(t, KindRateLimited, e.Kind)
	require.Greater(t, e.RetryAfter, 15*time.Second)
	require.EqualValues(t, 1, n.Load())
}

func TestRetryAfterAsDate(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		seconds := rapid.IntRange(-1000, 100_000).Draw(t, "seconds")
		at := now.Add(time.Duration(seconds) * time.Second)
		require.Equal(t, max(at.Sub(now), 0), parseRetryAfter(at.Format(http.TimeFormat), now))
		capped := min(max(seconds, 0), 24*60*60)
		require.Equal(t, time.Duration(capped)*time.Second, parseRetryAfter(strconv.Itoa(seconds), now))
	})
}

func TestCallerGivesUp(t *testing.T) {
	for name, tt := range map[string]struct {
		request Request
		unknown bool
	}{"read": {read(), false}, "write": {write(), true}} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			s, _ := server(t, func(w http.ResponseWriter, r *http.Request) { cancel(); stall(w, r) })
			_, err := client(t, s.URL).Do(ctx, tt.request)
			e := failure(t, err)
			require.Equal(t, KindCanceled, e.Kind)
			require.ErrorIs(t, err, context.Canceled)
			require.Equal(t, tt.unknown, e.OutcomeUnknown())

			_, err = client(t, s.URL).Do(ctx, tt.request)
			require.Equal(t, KindCanceled, failure(t, err).Kind)
			require.False(t, failure(t, err).Sent, "nothing leaves for a caller that has gone")
		})
	}
}

func TestTimeoutBeforeAnythingIsSent(t *testing.T) {
	hang := func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	c := client(t, "http://127.0.0.1:1", shortly, func(cfg *Config) { cfg.HTTP = &http.Transport{DialContext: hang} })
	_, err := c.Do(context.Background(), write())
	e := failure(t, err)
	require.Equal(t, KindTimeout, e.Kind)
	require.False(t, e.Sent)
	require.False(t, e.OutcomeUnknown())
}

func TestBreaker(t *testing.T) {
	var dials atomic.Int64
	var up atomic.Bool
	s, _ := server(t, ok)
	dialer := net.Dialer{}
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		dials.Add(1)
		if !up.Load() {
			return nil, fmt.Errorf("cable pulled")
		}
		return dialer.DialContext(ctx, network, addr)
	}
	c := client(t, s.URL, func(cfg *Config) {
		cfg.HTTP = &http.Transport{DialContext: dial}
		cfg.BreakerRest = 200 * time.Millisecond
	})
	for range breakerFailures {
		_, err := c.Do(context.Background(), write())
		require.Equal(t, KindUnreachable, failure(t, err).Kind)
	}
	require.True(t, c.BreakerOpen())
	before := dials.Load()
	for _, r := range []Request{read(), write()} {
		_, err := c.Do(context.Background(), r)
		e := failure(t, err)
		require.Equal(t, KindBreakerOpen, e.Kind)
		require.False(t, e.Sent)
		require.False(t, e.OutcomeUnknown())
	}
	require.Equal(t, before, dials.Load())
	up.Store(true)
	require.Eventually(t, func() bool { return !c.BreakerOpen() }, time.Minute, 10*time.Millisecond)
	do(t, c, read())
}

func TestBreakerCountsConnectionsOnly(t *testing.T) {
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			s, _ := server(t, f.handler)
			c := client(t, s.URL, patience(f.kind))
			for range breakerFailures + 2 {
				_, err := c.Do(context.Background(), write())
				require.NotEqual(t, KindBreakerOpen, failure(t, err).Kind)
			}
		})
	}
	t.Run("callers that give up", func(t *testing.T) {
		hang := func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		c := client(t, "http://127.0.0.1:1", func(cfg *Config) { cfg.HTTP = &http.Transport{DialContext: hang} })
		for range 3 * breakerFailures {
			ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
			_, err := c.Do(ctx, write())
			cancel()
			require.Equal(t, KindTimeout, failure(t, err).Kind)
		}
		require.False(t, c.BreakerOpen())
	})
}
