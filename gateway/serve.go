package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"docket/model"
)

// Limits are how long a client may take. The zero value of each is the default.
type Limits struct {
	Header time.Duration // for the head of a request
	Read   time.Duration // for a whole request
	Write  time.Duration // from the head of a request to the end of its answer
	Idle   time.Duration // between requests
	Drain  time.Duration // for requests that are under way when the gateway is to end
}

// The defaults of Limits. A request may wait for two calls to the API, of 30 s each and
// the pauses between tries of a reading.
const (
	headerTime = 5 * time.Second
	readTime   = 20 * time.Second
	writeTime  = 3 * time.Minute
	idleTime   = 75 * time.Second // above the 60 s after which balancers hang up
	drainTime  = 30 * time.Second
)

// maxHeader is how long the head of a request may be, in bytes.
const maxHeader = 16 << 10

func (l Limits) withDefaults() Limits {
	for _, d := range []struct {
		at  *time.Duration
		def time.Duration
	}{{&l.Header, headerTime}, {&l.Read, readTime}, {&l.Write, writeTime}, {&l.Idle, idleTime}, {&l.Drain, drainTime}} {
		if *d.at == 0 {
			*d.at = d.def
		}
	}
	return l
}

// Serve answers on a listener until ctx ends; then it takes no more connections, and
// returns when the requests under way are answered, or their time is over. A
// certificate makes it TLS; nil: it is not.
func (g *Gateway) Serve(ctx context.Context, ln net.Listener, h http.Handler, cert *Certificate, l Limits) error {
	l = l.withDefaults()
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: l.Header, ReadTimeout: l.Read, WriteTimeout: l.Write, IdleTimeout: l.Idle,
		MaxHeaderBytes: maxHeader, ConnContext: withConn, ConnState: rested,
		ErrorLog: slog.NewLogLogger(quiet{g.log.Handler()}, slog.LevelDebug),
	}
	ln = watched{ln, cert == nil, g.slowHeader}
	serve := srv.Serve
	if cert != nil {
		srv.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: cert.get}
		serve = func(ln net.Listener) error { return srv.ServeTLS(ln, "", "") }
	}
	ended := make(chan error, 1)
	go func() { ended <- serve(ln) }()
	select {
	case err := <-ended:
		return model.NewProblem(model.KindFailed, "The gateway ended: "+err.Error(), ln.Addr().String(), "start it again").Because(err)
	case <-ctx.Done():
	}
	g.Drain()
	g.log.LogAttrs(ctx, slog.LevelInfo, "draining", slog.String("address", ln.Addr().String()))
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.Drain)
	defer cancel()
	if err := srv.Shutdown(drain); err != nil {
		_ = srv.Close() // what is still under way has had its time
		g.log.LogAttrs(ctx, slog.LevelWarn, "requests were cut off", slog.String("address", ln.Addr().String()))
	}
	return nil
}

// quiet is a log of the server's own remarks without their text, which quotes what
// clients send.
type quiet struct{ slog.Handler }

// Handle implements slog.Handler.
func (q quiet) Handle(ctx context.Context, r slog.Record) error {
	return q.Handler.Handle(ctx, slog.NewRecord(r.Time, r.Level, "connection given up", 0))
}

// Certificate is a TLS certificate in files, read again when they change.
type Certificate struct {
	cert, key string

	mu      sync.Mutex
	loaded  *tls.Certificate
	changed [2]time.Time // of the files that were loaded
	looked  time.Time
}

// lookEvery is how often the files are looked at, at most.
const lookEvery = time.Second

// LoadCertificate reads a certificate with its chain, and its key, in PEM.
func LoadCertificate(cert, key string) (*Certificate, error) {
	c := &Certificate{cert: cert, key: key}
	if err := c.load(); err != nil {
		return nil, model.NewProblem(model.KindUsage, "The TLS certificate cannot be used: "+err.Error(), cert, "name a certificate and its key in PEM with --tls-cert and --tls-key").Because(err)
	}
	return c, nil
}

// load reads the files, unless they are those that are loaded.
func (c *Certificate) load() error {
	var changed [2]time.Time
	for i, path := range []string{c.cert, c.key} {
		info, err := os.Stat(path)
		if err != nil {
			return cause(err)
		}
		changed[i] = info.ModTime()
	}
	if c.loaded != nil && changed == c.changed {
		return nil
	}
	loaded, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return cause(err)
	}
	c.loaded, c.changed = &loaded, changed
	return nil
}

// cause is why a file cannot be read, without its path.
func cause(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// get returns the certificate for a handshake. One that is being replaced may not fit
// its key for a moment: then the one before goes on.
func (c *Certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.looked) >= lookEvery {
		c.looked = now
		_ = c.load() // it is looked at again in a second
	}
	return c.loaded, nil
}
