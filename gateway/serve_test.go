package gateway_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/gateway"
	"docket/model"
)

// short are limits that a test can wait for.
func short(o *options) {
	o.limits = gateway.Limits{Header: 100 * time.Millisecond, Read: 200 * time.Millisecond, Idle: time.Minute}
}

// say opens a connection and sends a text.
func (r *rig) say(text string) *bufio.Reader {
	r.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.base, "http://"))
	require.NoError(r.t, err)
	r.t.Cleanup(func() { _ = conn.Close() })
	_, err = io.WriteString(conn, text)
	require.NoError(r.t, err)
	return bufio.NewReader(conn)
}

// logs waits for a line of the log with a reason.
func (r *rig) logs(reason string) (found map[string]any) {
	r.t.Helper()
	require.Eventually(r.t, func() bool {
		for _, line := range r.log.lines(r.t) {
			if line["reason"] == reason {
				found = line
			}
		}
		return found != nil
	}, 10*time.Second, time.Millisecond)
	return found
}

func TestWhoSendsSlowlyIsGivenUp(t *testing.T) {
	r := newRig(t, short)
	head := "POST /webhook HTTP/1.1\r\nHost: a\r\n" + gateway.DefaultHeader + ": " + hookSecret + "\r\n"
	for reason, text := range map[string]string{
		"slow-header": head + "X-Half: MARKER",
		"slow-body":   head + "Content-Length: 100\r\n\r\n{\"interviewId\":\"MARKER",
	} {
		res, err := http.ReadResponse(r.say(text), nil)
		require.NoError(t, err, reason)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.Equal(t, http.StatusRequestTimeout, res.StatusCode, reason)
		require.Contains(t, string(body), `"success":false`)
		require.Equal(t, "127.0.0.1", r.logs(reason)["from"])
	}
	require.Empty(t, r.hooks())
	require.NotContains(t, r.log.String(), "MARKER")
	require.Contains(t, r.get("/metrics").body, `docket_gateway_refused_total{reason="slow-header",route="none"} 1`)
}

// A connection that is kept gets no more patience for the next request than a new one.
func TestWhoSendsTheSecondRequestSlowlyIsGivenUp(t *testing.T) {
	r := newRig(t, short)
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.base, "http://"))
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	from := bufio.NewReader(conn)
	for _, text := range []string{
		"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", "POST /nope HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}",
	} {
		_, err = io.WriteString(conn, text)
		require.NoError(t, err)
		res, err := http.ReadResponse(from, nil)
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, res.Body)
		require.NoError(t, err)
	}
	_, err = io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Half: MARKER")
	require.NoError(t, err)
	res, err := http.ReadResponse(from, nil)
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusRequestTimeout, res.StatusCode)
	require.Contains(t, string(body), `"success":false`)
	require.Equal(t, "127.0.0.1", r.logs("slow-header")["from"])
	require.NotContains(t, r.log.String(), "MARKER")
}

// Who keeps a connection and asks for nothing more has done nothing wrong.
func TestNobodyIsToldWhoKeepsAConnection(t *testing.T) {
	r := newRig(t, short, func(o *options) { o.limits.Idle = 50 * time.Millisecond })
	from := r.say("POST /nope HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}")
	res, err := http.ReadResponse(from, nil)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, res.Body)
	require.NoError(t, err)
	_, err = from.ReadByte()
	require.ErrorIs(t, err, io.EOF)
	require.NotContains(t, r.log.String(), "slow-header")
}

func TestNobodyIsToldWhoSaidNothing(t *testing.T) {
	r := newRig(t, short)
	got, err := r.say("").ReadString('\n')
	require.ErrorIs(t, err, io.EOF)
	require.Empty(t, got)
}

func TestHeadsThatAreTooLong(t *testing.T) {
	r := newRig(t)
	res, err := http.ReadResponse(r.say("GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: "+strings.Repeat("x", 64<<10)+"\r\n\r\n"), nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, res.StatusCode)
}

func TestMoreThanItCanDoAtOnce(t *testing.T) {
	gate := make(chan struct{})
	r := newRig(t, func(o *options) { o.AtOnce, o.gate = 1, gate })
	first := make(chan answered, 1)
	go func() { first <- r.post("/webhook", finished("a1")) }()
	<-r.store.inside
	a := r.post("/webhook", finished("a2"))
	r.refused(a, 503, "try again in a second", "busy")
	require.Equal(t, "1", a.header.Get("Retry-After"))
	require.Equal(t, 200, r.get("/healthz").code, "who asks for its health is answered")
	close(gate)
	require.Equal(t, 200, (<-first).code)
}

// A signal ends it in order: what is under way is answered, and nothing new is taken.
func TestWhatIsUnderWayIsFinished(t *testing.T) {
	gate := make(chan struct{})
	r := newRig(t, func(o *options) { o.gate = gate })
	under := make(chan answered, 1)
	go func() { under <- r.post("/webhook", finished("a1")) }()
	<-r.store.inside
	ended := make(chan error, 1)
	go func() { ended <- r.end() }()
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", strings.TrimPrefix(r.base, "http://"))
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	}, 10*time.Second, time.Millisecond, "no connection is taken any more")
	select {
	case err := <-ended:
		require.Fail(t, "it ended before the request did", "%v", err)
	default:
	}
	close(gate)
	require.Equal(t, 200, (<-under).code)
	require.NoError(t, <-ended)
	require.Len(t, r.hooks(), 1)
	require.Contains(t, r.log.String(), "draining")
}

func TestWhatTakesTooLongIsCutOffInTheEnd(t *testing.T) {
	gate := make(chan struct{})
	r := newRig(t, func(o *options) { o.gate, o.limits.Drain = gate, 50*time.Millisecond })
	go func() {
		req, _ := http.NewRequest(http.MethodPost, r.base+"/webhook", strings.NewReader(finished("a1")))
		req.Header = r.proof.Clone()
		if res, err := client.Do(req); err == nil {
			_ = res.Body.Close()
		}
	}()
	<-r.store.inside
	require.NoError(t, r.end())
	require.Contains(t, r.log.String(), "cut off")
	close(gate)
}

func TestRoutesThatAreNot(t *testing.T) {
	r := newRig(t)
	for _, path := range []string{"/", "/nope", "/start/", "/webhook/identity/x", "/MARKER%00%1b[2J", "/../etc/passwd"} {
		a := r.get(path)
		r.refused(a, 404, "no such route", "no-route")
	}
	a := r.get("/webhook")
	r.refused(a, 405, "POST only", "method")
	require.Equal(t, "POST", a.header.Get("Allow"))
	for _, path := range []string{"/start", "/onboarding-url"} {
		require.Equal(t, 405, r.send("HEAD", path, "", r.proof).code, "a HEAD begins no session")
	}
	require.Zero(t, r.api.Writes())
	require.NotContains(t, r.log.String(), "MARKER")
}

// A HEAD is answered as a GET where that only reads, to the same callers.
func TestHeadOfWhatOnlyReads(t *testing.T) {
	r := newRig(t)
	id := r.sessionWith("OK")
	own := r.proof.Clone()
	own.Set("X-Token", r.api.SessionToken(id))
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/onboarding-status?interviewId=" + id, "/fetch-score?interviewId=" + id} {
		a, whole := r.send("HEAD", path, "", own), r.send("GET", path, "", own)
		require.Equal(t, 200, a.code, path)
		require.Empty(t, a.body)
		require.Equal(t, whole.header.Get("Content-Type"), a.header.Get("Content-Type"))
	}
	require.Equal(t, 401, r.send("HEAD", "/onboarding-status?interviewId="+id, "", nil).code)
	require.Equal(t, "GET, HEAD", r.send("POST", "/healthz", "", nil).header.Get("Allow"))
	require.Zero(t, r.api.Writes())
}

func TestReadiness(t *testing.T) {
	r := newRig(t)
	require.Equal(t, 200, r.post("/webhook", finished("a1")).code)
	v := r.get("/readyz").json(t)
	require.Equal(t, true, v["ready"])
	require.NotContains(t, v, "wants")
	require.EqualValues(t, 1, v["queue"].(map[string]any)["deliveries"])
	require.Greater(t, v["token"].(map[string]any)["leftSeconds"], float64(80000))
	require.Equal(t, false, v["api"].(map[string]any)["breakerOpen"])
	require.Contains(t, v, "lastWebhook")

	r.store.setBroken(true)
	a := r.get("/readyz")
	require.Equal(t, 503, a.code)
	require.Contains(t, a.json(t)["reasons"].([]any)[0], "store")
	require.Equal(t, 200, r.get("/healthz").code)
	r.store.setBroken(false)
	r.g.Drain()
	a = r.get("/readyz")
	require.Equal(t, 503, a.code)
	require.Contains(t, a.json(t)["reasons"].([]any)[0], "draining")
}

// An inbox whose disk is full can be read, and takes no webhooks.
func TestAnInboxThatCannotBeWrittenIsNotReady(t *testing.T) {
	var later atomic.Int64
	r := newRig(t, func(o *options) { o.Now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) } })
	r.store.setBroken(true)
	require.Equal(t, 503, r.post("/webhook", finished("a1")).code)
	r.store.setBroken(false) // so that it can be read
	a := r.get("/readyz")
	require.Equal(t, 503, a.code)
	require.Contains(t, a.json(t)["reasons"].([]any)[0], "could not be written")
	require.Contains(t, r.get("/metrics").body, "docket_store_up 0")
	require.Equal(t, 200, r.post("/webhook", finished("a1")).code)
	require.Equal(t, 200, r.get("/readyz").code)

	r.store.setBroken(true)
	require.Equal(t, 503, r.get("/start").code)
	r.store.setBroken(false)
	require.Equal(t, 503, r.get("/readyz").code)
	later.Store(int64(time.Minute))
	require.Equal(t, 200, r.get("/readyz").code, "somebody has to try again")
	require.Contains(t, r.get("/metrics").body, "docket_store_up 1")
}

// Who leaves is no trouble of the inbox.
func TestWhoLeavesBeforeTheAnswer(t *testing.T) {
	r := newRig(t, func(o *options) { o.gate = make(chan struct{}) })
	ctx, leave := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.base+"/webhook", strings.NewReader(finished("a1")))
	require.NoError(t, err)
	req.Header = r.proof.Clone()
	gone := make(chan error, 1)
	go func() {
		_, err := client.Do(req)
		gone <- err
	}()
	<-r.store.inside
	leave()
	require.ErrorIs(t, <-gone, context.Canceled)
	line := r.logs("left")
	require.Equal(t, "WARN", line["level"])
	require.Equal(t, 200, r.get("/readyz").code)
}

// Without a token, or long without anybody who works on the queue, webhooks are taken
// all the same: that something is wanting is told, and the gateway stays in service.
func TestWantsDoNotMakeItUnready(t *testing.T) {
	now := time.Now()
	r := newRig(t, func(o *options) {
		o.noToken = true
		o.Now = func() time.Time { return now }
	})
	require.Equal(t, 200, r.post("/webhook", finished("a1")).code)
	now = now.Add(time.Hour)
	a := r.get("/readyz")
	require.Equal(t, 200, a.code)
	wants := a.json(t)["wants"].([]any)
	require.Len(t, wants, 2)
	require.Contains(t, wants[0], "no admin token")
	require.Contains(t, wants[1], "five minutes")
	require.Contains(t, r.get("/metrics").body, "docket_admin_token_present 0")
	r.refused(r.get("/onboarding-status?interviewId="+r.sessionWith("OK")), 502, "admin token", "api-token")
}

func TestMetrics(t *testing.T) {
	r := newRig(t)
	r.post("/webhook", finished("a1"))
	r.post("/webhook", "nonsense")
	r.metrics.Observe("look-up", "done", 0.2)
	page := r.get("/metrics").body
	for _, m := range gateway.Measures() {
		if m.Name == "docket_gateway_token_renewals_total" || m.Name == "docket_queue_jobs" {
			continue // nothing was counted yet
		}
		require.Contains(t, page, "# HELP "+m.Name+" "+m.Says)
	}
	for _, line := range []string{
		`docket_gateway_requests_total{code="200",route="/webhook"} 1`, `docket_gateway_requests_total{code="400",route="/webhook"} 1`,
		`docket_gateway_webhooks_accepted_total{kind="onboarding"} 1`, `docket_gateway_refused_total{reason="not-json",route="/webhook"} 1`,
		`docket_intake_total{event="look-up",result="done"} 1`, `docket_intake_seconds_count{event="look-up"} 1`, "docket_queue_deliveries 1", "docket_store_up 1", "docket_admin_token_present 1", "docket_api_breaker_open 0", "go_goroutines", "process_open_fds",
	} {
		require.Contains(t, page, line)
	}
	r.store.setBroken(true)
	require.Contains(t, r.get("/metrics").body, "docket_store_up 0")
}

// Whoever looks after the gateway is on its machine, or has its token. Who only comes
// through a proxy on this machine is not on it.
func TestWhoMayLookAtTheGateway(t *testing.T) {
	r := newRig(t)
	for _, path := range []string{"/readyz", "/metrics"} {
		require.Equal(t, 200, r.send("GET", path, "", nil).code)
		for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via", "X-Client-IP", "CF-Connecting-IP"} {
			for _, value := range []string{"127.0.0.1", ""} {
				r.refused(r.send("GET", path, "", http.Header{http.CanonicalHeaderKey(name): {value}}), 401, "token is missing", "no-token")
			}
		}
		h := r.proof.Clone()
		h.Set("X-Forwarded-For", "192.0.2.7")
		require.Equal(t, 200, r.send("GET", path, "", h).code)
	}
}

// A proxy that adds nothing leaves the name in the request by which it was called, or it
// is named as a proxy.
func TestAProxyOnThisMachineIsNotThisMachine(t *testing.T) {
	as := func(r *rig, host string) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.base+"/readyz", nil)
		require.NoError(t, err)
		req.Host = host
		res, err := client.Do(req)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		return res.StatusCode
	}
	r := newRig(t)
	for host, code := range map[string]int{
		"localhost": 200, "localhost:9090": 200, "127.0.0.1": 200, "[::1]:8080": 200, "gateway.example.com": 401, "gateway.example.com:443": 401, "192.0.2.7": 401,
	} {
		require.Equal(t, code, as(r, host), host)
	}
	r = newRig(t, func(o *options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} })
	require.Equal(t, 401, as(r, "localhost"))
	require.Equal(t, 200, r.get("/readyz").code, "with the token")
	require.Equal(t, 200, r.send("GET", "/healthz", "", nil).code)
}

func TestReadinessOnAnAddressOfItsOwn(t *testing.T) {
	r := newRig(t, func(o *options) { o.OpsApart = true })
	r.refused(r.get("/readyz"), 404, "no such route", "no-route")
	require.Equal(t, 200, r.get("/healthz").code)
	end := r.end
	r.base = r.serve(r.g.Ops(), nil, gateway.Limits{})
	t.Cleanup(func() { require.NoError(t, end()) })
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		require.Equal(t, 200, r.send("GET", path, "", http.Header{"X-Forwarded-For": {"192.0.2.7"}}).code)
	}
	r.refused(r.get("/start"), 404, "no such route", "no-route")
}

// certificate writes a certificate with a serial number, and its key.
func certificate(t *testing.T, dir string, serial int64) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "gateway"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	require.NoError(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), 0o600))
	when := time.Now().Add(time.Duration(serial) * time.Minute) // files written within a moment may have one time
	require.NoError(t, os.Chtimes(cert, when, when))
	return cert, key
}

func TestTLSByFilesThatAreReadAgain(t *testing.T) {
	dir := t.TempDir()
	cert, key := certificate(t, dir, 1)
	loaded, err := gateway.LoadCertificate(cert, key)
	require.NoError(t, err)
	r := newRig(t, func(o *options) { o.cert = loaded })
	serial := func() int64 {
		conn, err := tls.Dial("tcp", strings.TrimPrefix(r.base, "https://"), &tls.Config{InsecureSkipVerify: true}) // its serial number is all that is looked at
		require.NoError(t, err)
		defer func() { _ = conn.Close() }()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	require.EqualValues(t, 1, serial())
	certificate(t, dir, 2)
	require.Eventually(t, func() bool { return serial() == 2 }, 20*time.Second, 20*time.Millisecond)
	require.NoError(t, os.WriteFile(cert, []byte("half"), 0o600))
	require.EqualValues(t, 2, serial(), "a file that is no certificate leaves the one before in use")

	_, err = gateway.LoadCertificate(cert, key)
	require.Equal(t, model.KindUsage, model.AsProblem(err).Kind)
	_, err = gateway.LoadCertificate(filepath.Join(dir, "none.pem"), key)
	require.ErrorContains(t, err, "no such file")
}

func TestWhatHasToBeSetBeforeItServes(t *testing.T) {
	good := gateway.Secrets{Token: token, Webhook: hookSecret}
	for name, c := range map[string]struct {
		addr string
		cfg  gateway.Config
		says string // empty: it may serve
	}{
		"secrets":                 {"0.0.0.0:8080", gateway.Config{Secrets: good}, ""},
		"open on this machine":    {"127.0.0.1:0", gateway.Config{Open: true}, ""},
		"open by name":            {"localhost:8080", gateway.Config{Open: true}, ""},
		"open by IPv6":            {"[::1]:8080", gateway.Config{Open: true}, ""},
		"open to everybody":       {"0.0.0.0:8080", gateway.Config{Open: true, Secrets: good}, "--open"},
		"open to all interfaces":  {":8080", gateway.Config{Open: true}, "--open"},
		"open to a name":          {"gateway.example:8080", gateway.Config{Open: true}, "--open"},
		"open to a mapped one":    {"[::ffff:192.0.2.7]:8080", gateway.Config{Open: true}, "--open"},
		"nothing":                 {"127.0.0.1:8080", gateway.Config{}, "DOCKET_GATEWAY_TOKEN"},
		"no secret of webhooks":   {"127.0.0.1:8080", gateway.Config{Secrets: gateway.Secrets{Token: token}}, "DOCKET_WEBHOOK_SECRET"},
		"no token":                {"127.0.0.1:8080", gateway.Config{Secrets: gateway.Secrets{Webhook: hookSecret}}, "DOCKET_GATEWAY_TOKEN"},
		"a secret to be guessed":  {"127.0.0.1:8080", gateway.Config{Secrets: gateway.Secrets{Token: token, Webhook: "short"}}, "DOCKET_WEBHOOK_SECRET"},
		"a key to be guessed":     {"127.0.0.1:8080", gateway.Config{Secrets: gateway.Secrets{Token: token, Webhook: hookSecret, HMAC: "short"}}, "DOCKET_WEBHOOK_HMAC"},
		"no address to listen on": {"8080", gateway.Config{Secrets: good}, "address"},
	} {
		err := gateway.Check(c.addr, c.cfg)
		if c.says == "" {
			require.NoError(t, err, name)
			continue
		}
		require.Equal(t, model.KindUsage, model.AsProblem(err).Kind, name)
		require.ErrorContains(t, err, c.says, name)
	}
}
