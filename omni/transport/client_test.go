package transport

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMandatoryHeadersAndPath(t *testing.T) {
	for _, tt := range []struct {
		name, base string
		change     func(*Request)
		uri, token string
	}{
		{"plain", "", func(*Request) {}, "/omni/get/score?id=" + testID, testToken},
		{"slash at the end", "/", func(*Request) {}, "/omni/get/score?id=" + testID, testToken},
		{"base path is kept", "/0", func(*Request) {}, "/0/omni/get/score?id=" + testID, testToken},
		{"base path and slash", "/0/", func(*Request) {}, "/0/omni/get/score?id=" + testID, testToken},
		{"root leaves it out", "/0", func(r *Request) { r.Root, r.Path, r.Query = true, "/executive/log-in", nil }, "/executive/log-in", testToken},
		{"no token, no header", "/0", func(r *Request) { r.Token, r.Query = "", nil }, "/0/omni/get/score", ""},
		{
			"ids are escaped", "/0",
			func(r *Request) {
				r.Path, r.PathArgs, r.Query = "/omni/identity/{customerId}/sessions", map[string]string{"customerId": "a/b?c d%2e"}, nil
			},
			"/0/omni/identity/a%2Fb%3Fc%20d%252e/sessions", testToken,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got *http.Request
			s, _ := server(t, func(w http.ResponseWriter, r *http.Request) { got = r; ok(w, r) })
			r := read()
			tt.change(&r)
			do(t, client(t, s.URL+tt.base), r)
			require.Equal(t, tt.uri, got.RequestURI)
			require.Equal(t, "1.0", got.Header.Get("api-version"))
			require.Equal(t, testKey, got.Header.Get("x-api-key"))
			require.Equal(t, "application/json", got.Header.Get("Content-Type"))
			require.Equal(t, tt.token, got.Header.Get("X-Incode-Hardware-Id"))
			require.Equal(t, tt.token != "", got.Header["X-Incode-Hardware-Id"] != nil)
		})
	}
}

// The empty body that keeps net/http from replaying a GET must not be seen.
func TestNothingUnusualOnTheWire(t *testing.T) {
	for _, tt := range []struct {
		name    string
		request Request
		length  string // the Content-Length header
	}{
		{"read", read(), ""},
		{"a GET that acts", Request{Method: http.MethodGet, Path: "/omni/process/antifraud", Write: true}, ""},
		{"POST without a body", Request{Method: http.MethodPost, Path: "/omni/process/approve", Write: true}, "0"},
		{"PUT without a body", Request{Method: http.MethodPut, Path: "/omni/resolve/antifraud", Write: true}, "0"},
		{"DELETE without a body", Request{Method: http.MethodDelete, Path: "/omni/interview", Write: true}, ""},
		{"PUT with a body", write(), "33"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			head := make(chan string, 1)
			addr := listen(t, func(conn net.Conn) {
				var b strings.Builder
				in := bufio.NewReader(conn)
				for {
					line, err := in.ReadString('\n')
					if err != nil || line == "\r\n" {
						break
					}
					b.WriteString(line)
				}
				head <- b.String()
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
			})
			do(t, client(t, "http://"+addr), tt.request)
			got := <-head
			require.NotContains(t, got, "Transfer-Encoding")
			if tt.length == "" {
				require.NotContains(t, got, "Content-Length")
			} else {
				require.Contains(t, got, "Content-Length: "+tt.length+"\r\n")
			}
		})
	}
}

// listen serves raw connections, each by serve, and closes them afterwards.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { serve(conn); _ = conn.Close() }()
		}
	}()
	return l.Addr().String()
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	other, reached := server(t, ok)
	for _, code := range []int{301, 302, 303, 307, 308} {
		for name, r := range map[string]Request{"read": read(), "write": write()} {
			t.Run(fmt.Sprint(name, code), func(t *testing.T) {
				s, n := server(t, func(w http.ResponseWriter, r *http.Request) {
					http.Redirect(w, r, other.URL+"/omni/get/score", code)
				})
				res, err := client(t, s.URL).Do(context.Background(), r)
				e := failure(t, err)
				require.Equal(t, KindWrongShape, e.Kind)
				require.Equal(t, code, e.Status)
				require.Equal(t, code, res.Status)
				require.Contains(t, e.Message, "redirect")
				require.EqualValues(t, 1, n.Load())
				require.Zero(t, reached.Load(), "the credentials went to another origin")
				require.Equal(t, r.Write, e.OutcomeUnknown())
			})
		}
	}
}

func TestBaseURLIsChecked(t *testing.T) {
	for _, base := range []string{"", "demo-api.example.com", "ftp://h", "https://", "https://user:pw@h", "https://h/0?a=b", "https://h#f", "://"} {
		_, err := New(Config{BaseURL: base, APIKey: testKey})
		require.Error(t, err, base)
		require.NotContains(t, err.Error(), "pw")
	}
	_, err := New(Config{BaseURL: "https://h"})
	require.ErrorContains(t, err, "API key")
	_, err = New(Config{BaseURL: "https://h", APIKey: "a\nb"})
	require.ErrorContains(t, err, "API key")
	require.NotContains(t, err.Error(), "a\nb")

	c, err := New(Config{BaseURL: " https://Demo-API.example.com/0/ ", APIKey: " " + testKey + "\n"})
	require.NoError(t, err)
	require.Equal(t, "https://demo-api.example.com", c.Origin())
}

func TestKindsOfStatuses(t *testing.T) {
	for code, kind := range map[int]Kind{
		400: KindRefused, 401: KindAuth, 403: KindForbidden, 404: KindNotFound, 405: KindRefused,
		406: KindRefused, 408: KindTimeout, 409: KindRefused, 422: KindRefused, 429: KindRateLimited,
		500: KindServer, 501: KindServer, 502: KindServer, 503: KindServer, 504: KindServer,
	} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			s, _ := server(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(code)
				_, _ = io.WriteString(w, `{"timestamp":1584639032757,"status":4019,"error":"Face not found.","path":"/omni/add/face"}`)
			})
			res, err := client(t, s.URL).Do(context.Background(), write())
			e := failure(t, err)
			require.Equal(t, kind, e.Kind)
			require.Equal(t, code, e.Status)
			require.Equal(t, 4019, e.Code)
			require.Equal(t, "Face not found.", e.Message)
			require.Equal(t, "manual-review", e.Endpoint)
			require.True(t, e.Sent)
			require.True(t, e.Write)
			require.Equal(t, code == 408 || code >= 500, e.OutcomeUnknown())
			require.Contains(t, string(res.Body), "timestamp", "the body of an error is kept")
		})
	}
}

func TestBodiesOfErrors(t *testing.T) {
	for _, tt := range []struct {
		name, body, message string
		code                int
	}{
		{"message before error", `{"status":4006,"error":"Bad Request","message":"User exists"}`, "User exists", 4006},
		{"message missing", `{"status":4019,"error":"Face not found."}`, "Face not found.", 4019},
		{"HTTP status is no code", `{"status":400,"error":"Bad Request"}`, "Bad Request", 0},
		{"code as a string", `{"status":"4004","message":"Could not find user"}`, "Could not find user", 4004},
		{"message of another type", `{"status":4004,"message":{"a":1},"error":["x"]}`, "", 4004},
		{"HTML", "<html><body>Bad gateway</body></html>", "", 0},
		{"nothing", "", "", 0},
		{"array", `[1]`, "", 0},
		{"truncated", `{"status":4004,"mess`, "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := server(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, tt.body)
			})
			res, err := client(t, s.URL).Do(context.Background(), read())
			e := failure(t, err)
			require.Equal(t, KindRefused, e.Kind)
			require.Equal(t, tt.message, e.Message)
			require.Equal(t, tt.code, e.Code)
			require.Equal(t, tt.body, string(res.Body))
			require.NotContains(t, e.Error(), "<")
		})
	}
}

func TestCodeThatMeansNotFound(t *testing.T) {
	s, _ := server(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"status":4004,"message":"Could not find user"}`)
	})
	r := read()
	r.NotFound = []int{4004}
	_, err := client(t, s.URL).Do(context.Background(), r)
	require.Equal(t, KindNotFound, failure(t, err).Kind)
}

func TestErrorTextIsSafe(t *testing.T) {
	evil := "EVIL\x1b]52;c;AAAA\x07\x1b[2J\u202e" + string(rune(0x9b)) + "\nnext " + testKey + " " + testToken + " " + strings.Repeat("é", 400)
	s, _ := server(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"status":4004,"message":%s}`, jsonText(t, evil))
	})
	_, err := client(t, s.URL).Do(context.Background(), read())
	e := failure(t, err)
	text := err.Error()
	for _, r := range text {
		require.False(t, r < ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0) || r == 0x202e, "%q", r)
	}
	require.Contains(t, text, "EVIL")
	for _, secret := range []string{testKey, testToken, testID, "?id="} {
		require.NotContains(t, text, secret)
		require.NotContains(t, e.Message, secret)
	}
	require.LessOrEqual(t, len(e.Message), messageMax+len("…"))
}

func TestErrorTextOfBrokenConnections(t *testing.T) {
	addr := listen(t, func(conn net.Conn) {
		_, _ = bufio.NewReader(conn).ReadString('\n')
		_, _ = io.WriteString(conn, "\x1b[2J<html>not http</html>\r\n\r\n")
	})
	_, err := client(t, "http://"+addr).Do(context.Background(), write())
	e := failure(t, err)
	require.Equal(t, KindUnreachable, e.Kind)
	require.True(t, e.Sent)
	require.NotContains(t, err.Error(), "html")
	require.NotContains(t, err.Error(), testID)
}

func TestReasonsWithoutAConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	closed := l.Addr().String()
	require.NoError(t, l.Close())
	untrusted := httptest.NewTLSServer(http.HandlerFunc(ok))
	untrusted.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	defer untrusted.Close()
	unknown := func(c *Config) {
		c.HTTP = &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "h"}}
		}}
	}
	for _, tt := range []struct {
		name, base, reason string
		change             func(*Config)
	}{
		{"refused", "http://" + closed, "connection refused", func(*Config) {}},
		{"certificate", untrusted.URL, "not trusted", func(*Config) {}},
		{"name", "http://nowhere.invalid", "host name", unknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := client(t, tt.base, tt.change)
			for _, r := range []Request{read(), write()} {
				_, err := c.Do(context.Background(), r)
				e := failure(t, err)
				require.Equal(t, KindUnreachable, e.Kind)
				require.False(t, e.Sent)
				require.False(t, e.OutcomeUnknown())
				require.Contains(t, e.Message, tt.reason)
				require.Equal(t, 1, e.Attempts, "a connection that cannot be made is not tried again at once")
			}
		})
	}
}

func TestTLSWorks(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(ok))
	defer s.Close()
	from, isTransport := s.Client().Transport.(*http.Transport)
	require.True(t, isTransport)
	c := client(t, s.URL, func(cfg *Config) { cfg.HTTP = from })
	do(t, c, read())
	do(t, c, write())
}

func TestInvalidRequestsStayHere(t *testing.T) {
	s, n := server(t, ok)
	c := client(t, s.URL)
	for name, r := range map[string]struct {
		request Request
		kind    Kind
	}{
		"no id":        {Request{Path: "/i/{x}", PathArgs: map[string]string{"x": ""}}, KindInvalid},
		"dots":         {Request{Path: "/i/{x}/s", PathArgs: map[string]string{"x": ".."}}, KindInvalid},
		"token":        {Request{Path: "/", Token: "a\r\nx-evil: 1"}, KindAuth},
		"11 MB":        {Request{Method: http.MethodPost, Path: "/", Body: make([]byte, 11<<20)}, KindTooLarge},
		"write, token": {Request{Path: "/", Token: "a b", Write: true}, KindAuth},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.Do(context.Background(), r.request)
			e := failure(t, err)
			require.Equal(t, r.kind, e.Kind)
			require.False(t, e.Sent)
			require.NotContains(t, e.Error(), "evil")
		})
	}
	require.Zero(t, n.Load())
}

func TestSizeOfAnswers(t *testing.T) {
	for _, tt := range []struct {
		name string
		size int
		ok   bool
	}{{"10 MB", MaxBody, true}, {"10 MB and a byte", MaxBody + 1, false}, {"11 MB", 11_000_000, false}} {
		t.Run(tt.name, func(t *testing.T) {
			s, n := server(t, func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.CopyN(w, endless{}, int64(tt.size))
			})
			c := client(t, s.URL)
			res, err := c.Do(context.Background(), read())
			if tt.ok {
				require.NoError(t, err)
				require.Len(t, res.Body, tt.size)
				return
			}
			e := failure(t, err)
			require.Equal(t, KindTooLarge, e.Kind)
			require.Empty(t, res.Body)
			require.EqualValues(t, 1, n.Load(), "it would be as large the next time")
			_, err = c.Do(context.Background(), write())
			require.True(t, failure(t, err).OutcomeUnknown())
		})
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestTimesOfAnAnswer(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"123": 123 * time.Millisecond, " 12.5 ": 12500 * time.Microsecond, "0": 0, "": 0,
		"-5": 0, "NaN": 0, "1e300": 0, "soon": 0,
	} {
		s, _ := server(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Processing-Time", header)
			ok(w, r)
		})
		before := time.Now()
		res := do(t, client(t, s.URL), read())
		require.Equal(t, want, res.Server, header)
		require.False(t, res.At.Before(before))
		require.Positive(t, res.Took)
	}
}

func TestDecodeAndScrub(t *testing.T) {
	s, _ := server(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "secret") })
	c := client(t, s.URL)
	r := write()
	r.Decode = func(body []byte) (any, error) { return string(body), nil }
	r.Scrub = func([]byte) []byte { return []byte("scrubbed") }
	res := do(t, c, r)
	require.Equal(t, "secret", res.Value)
	require.Equal(t, "scrubbed", string(res.Body))

	r.Decode = func([]byte) (any, error) { return nil, errors.New("odd") }
	res, err := c.Do(context.Background(), r)
	e := failure(t, err)
	require.Equal(t, KindWrongShape, e.Kind)
	require.Equal(t, http.StatusOK, e.Status)
	require.True(t, e.OutcomeUnknown())
	require.Equal(t, "scrubbed", string(res.Body))

	r.Decode = func([]byte) (any, error) { return nil, &Error{Kind: KindRefused, Message: "no"} }
	_, err = c.Do(context.Background(), r)
	require.Equal(t, KindRefused, failure(t, err).Kind)
	require.False(t, failure(t, err).OutcomeUnknown())
}

func TestNothingPrintsCredentials(t *testing.T) {
	cfg := Config{BaseURL: "https://h/0", APIKey: testKey}
	c, err := New(cfg)
	require.NoError(t, err)
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "cfg", cfg)
	for _, text := range []string{
		fmt.Sprintf("%v %+v %#v %s %q %x", cfg, cfg, cfg, cfg, cfg, cfg),
		fmt.Sprintf("%v %+v %#v %s", c, c, c, c), log.String(),
	} {
		require.NotContains(t, text, testKey)
		require.NotContains(t, text, fmt.Sprintf("%x", testKey))
		require.Contains(t, text, "https://h")
	}
	_, err = New(Config{BaseURL: (&url.URL{Scheme: "https", Host: "h", User: url.UserPassword("u", "pw-words")}).String(), APIKey: testKey})
	require.NotContains(t, err.Error(), "pw-words")
}
