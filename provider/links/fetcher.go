package links

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"docket/model"
)

// What a fetch may take.
const (
	Limit        = 30 * time.Second // in all, redirects included
	MaxRedirects = 3
	PerHost      = 4 // fetches side by side
)

// Options are what a Fetcher needs. Only API is mandatory.
type Options struct {
	// API is the API's origin. Links to its own host may lead to any address: a
	// system in a private network hands out links into it.
	API   string
	Limit time.Duration // 0: Limit
	// Resolver looks names up; nil: the system's.
	Resolver *net.Resolver
	// Roots are who is trusted to vouch for a server; nil: the system's.
	Roots *x509.CertPool
}

// Fetcher fetches pictures from links. It is safe for use by many goroutines.
type Fetcher struct {
	host      string // the API's, lower case
	plain     bool   // http is allowed: the API is on this machine
	limit     time.Duration
	transport *http.Transport
}

// New makes a fetcher.
func New(o Options) *Fetcher {
	f := &Fetcher{limit: o.Limit}
	if f.limit == 0 {
		f.limit = Limit
	}
	if u, err := url.Parse(o.API); err == nil {
		f.host = strings.ToLower(u.Hostname())
		f.plain = loopback(f.host)
	}
	dialer := net.Dialer{Timeout: f.limit, Resolver: o.Resolver}
	var http1 http.Protocols
	http1.SetHTTP1(true)
	f.transport = &http.Transport{
		Proxy:       nil, // see the package's comment
		DialContext: f.dialer(dialer),
		Protocols:   &http1, // one connection a fetch, so that the cap a host is one on fetches
		// A compressed body could unpack to any size.
		DisableCompression:     true,
		MaxConnsPerHost:        PerHost,
		MaxIdleConnsPerHost:    PerHost,
		MaxIdleConns:           4 * PerHost,
		IdleConnTimeout:        30 * time.Second,
		TLSHandshakeTimeout:    f.limit,
		MaxResponseHeaderBytes: 64 << 10,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.Roots},
	}
	return f
}

// CloseIdle drops the connections that are kept for later fetches.
func (f *Fetcher) CloseIdle() { f.transport.CloseIdleConnections() }

func loopback(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().IsLoopback()
	}
	return host == "localhost"
}

// errAddress is how a dial tells that it was forbidden.
var errAddress = errors.New("not an address of the open internet")

// dialer checks each address just before it is connected to, when its name has
// been resolved for good. Only the API's own name may lead anywhere.
func (f *Fetcher) dialer(base net.Dialer) func(context.Context, string, string) (net.Conn, error) {
	checked := base
	checked.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(address)
		if err != nil || !public(a.Addr()) {
			return errAddress
		}
		return nil
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err == nil && f.host != "" && strings.EqualFold(host, f.host) {
			return base.DialContext(ctx, network, address)
		}
		return checked.DialContext(ctx, network, address)
	}
}

// Fetch fetches one picture. Ref, From and At of what it returns are the
// caller's to fill in.
func (f *Fetcher) Fetch(ctx context.Context, link string) (model.Picture, *Failure) {
	own, cancel := context.WithTimeout(ctx, f.limit)
	defer cancel()
	body, failure := f.follow(own, link)
	switch {
	case own.Err() != nil && (failure == nil || failure.Why != BadAddress):
		return model.Picture{}, ended(ctx) // a body that seems whole may have been cut by the limit
	case failure == nil:
		return Inspect(body)
	}
	return model.Picture{}, failure
}

// follow goes from link to link until there is a body.
func (f *Fetcher) follow(ctx context.Context, link string) ([]byte, *Failure) {
	at, err := url.Parse(link)
	for range MaxRedirects + 1 {
		if err != nil {
			return nil, because(BadLink)
		}
		if failure := f.check(at); failure != nil {
			return nil, failure
		}
		body, next, failure := f.get(ctx, at)
		if failure != nil || next == "" {
			return body, failure
		}
		at, err = at.Parse(next)
	}
	return nil, because(Redirects)
}

func (f *Fetcher) check(u *url.URL) *Failure {
	switch {
	case u.Scheme != "https" && (u.Scheme != "http" || !f.plain):
		return because(NotSecure)
	case u.Host == "" || u.User != nil:
		return because(BadLink)
	}
	return nil
}

// get makes one request. It returns the body, or where it was sent on to.
func (f *Fetcher) get(ctx context.Context, u *url.URL) (body []byte, next string, _ *Failure) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, "", because(BadLink)
	}
	req.Header = http.Header{
		"User-Agent": {"docket"},
		"Accept":     {"image/jpeg, image/png, image/webp, image/gif, application/pdf"},
	}
	// Not through an http.Client: that would add cookies, a Referer with the
	// link before, and follow redirects by its own rules.
	res, err := f.transport.RoundTrip(req)
	if err != nil {
		return nil, "", connectionFailure(err)
	}
	defer func() { _ = res.Body.Close() }() // only read from
	switch {
	case redirect(res.StatusCode):
		if next = res.Header.Get("Location"); next == "" {
			return nil, "", because(Redirects)
		}
		return nil, next, nil
	case res.StatusCode == http.StatusOK:
		body, failure := read(res)
		return body, "", failure
	case refused(res.StatusCode):
		return nil, "", &Failure{Why: Expired, Status: res.StatusCode}
	}
	return nil, "", &Failure{Why: BadStatus, Status: res.StatusCode}
}

// refused tells whether a status is what stores of objects say of a link that
// has ended; which of them, differs from one to the other.
func refused(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusGone:
		return true
	}
	return false
}

func redirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

func connectionFailure(err error) *Failure {
	var (
		cert      *tls.CertificateVerificationError
		authority x509.UnknownAuthorityError
		timeout   net.Error
	)
	switch {
	case errors.Is(err, errAddress):
		return because(BadAddress)
	case errors.As(err, &cert), errors.As(err, &authority):
		return because(Untrusted)
	case errors.As(err, &timeout) && timeout.Timeout():
		return because(TooSlow)
	}
	return because(Unreachable)
}

// read takes a body that is a picture, and stops as soon as it is not one.
func read(res *http.Response) ([]byte, *Failure) {
	if res.ContentLength > model.MaxPicture {
		return nil, because(TooLarge)
	}
	head := make([]byte, longestMagic)
	n, err := io.ReadFull(res.Body, head)
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return nil, because(Empty)
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, because(Unreachable)
	case Sniff(head[:n]) == "":
		return nil, because(NotPicture)
	}
	return readRest(head[:n], res)
}

// readRest reads to the end. What a server announces is taken at its word as far
// as the limit, so that the usual picture is read into place at once.
func readRest(head []byte, res *http.Response) ([]byte, *Failure) {
	var body bytes.Buffer
	body.Grow(int(max(res.ContentLength, 0)) + bytes.MinRead)
	_, _ = body.Write(head) // a buffer takes everything
	_, err := body.ReadFrom(io.LimitReader(res.Body, int64(model.MaxPicture+1-len(head))))
	switch {
	case body.Len() > model.MaxPicture:
		return nil, because(TooLarge)
	case err != nil:
		return nil, because(Unreachable)
	case body.Available() > body.Len()/8+bytes.MinRead:
		return bytes.Clone(body.Bytes()), nil // it is kept: without what was grown for nothing
	}
	return body.Bytes(), nil
}
