package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync/atomic"
)

// watched are connections of a listener that are given up when no request comes: a
// server answers requests only, and would close them without a word to anybody.
type watched struct {
	net.Listener
	plain bool // no TLS comes above, so that the other end can be told
	slow  func(net.Addr)
}

// Accept implements net.Listener.
func (l watched) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &watchedConn{Conn: c, plain: l.plain, slow: l.slow}, nil
}

// watchedConn knows whether a request came whole.
type watchedConn struct {
	net.Conn
	plain bool
	slow  func(net.Addr)
	some  atomic.Bool // something of a request came
	whole atomic.Bool // all of it did, or it was told that none came in time
}

// tooSlow is said to who does not get a request out in time.
const tooSlow = "HTTP/1.1 408 Request Timeout\r\nContent-Type: application/json; charset=utf-8\r\nConnection: close\r\n\r\n" +
	`{"success":false,"error":"The request did not come in time"}` + "\n"

// Read implements net.Conn.
func (c *watchedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.some.Store(true)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) && c.some.Load() && c.whole.CompareAndSwap(false, true) {
		c.slow(c.RemoteAddr())
		if c.plain {
			_, _ = c.Write([]byte(tooSlow)) // it is closed next, whether that arrived or not
		}
	}
	return n, err
}

type connKey struct{}

// withConn lets handlers find the connection of a request.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, bare(c))
}

// bare is a connection without the TLS above it.
func bare(c net.Conn) net.Conn {
	if t, isTLS := c.(*tls.Conn); isTLS {
		return t.NetConn()
	}
	return c
}

// rested notes that a connection is kept for another request: from there on nothing of
// one has come.
func rested(c net.Conn, s http.ConnState) {
	if w, ok := bare(c).(*watchedConn); ok && s == http.StateIdle {
		w.some.Store(false)
		w.whole.Store(false)
	}
}

// answers notes that a whole request came on the connection of a context.
func answers(ctx context.Context) {
	if c, ok := ctx.Value(connKey{}).(*watchedConn); ok {
		c.whole.Store(true)
	}
}

// slowHeader notes a connection whose request did not come in time.
func (g *Gateway) slowHeader(from net.Addr) {
	a := answer{code: 408, reason: "slow-header", level: slog.LevelWarn}
	g.metrics.answered("none", a, 0)
	g.log.LogAttrs(context.Background(), a.level, "refused", slog.Int("code", a.code), slog.String("reason", a.reason), slog.String("from", address(from.String()).String()))
}
