package gateway

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"docket/model"
)

// guard knows who may call what. What callers prove themselves with is kept as digests,
// so that comparing takes the same time whatever they send.
type guard struct {
	open      bool
	token     digest
	webhook   digest
	hmac      []byte
	header    string
	signature string
	allow     []netip.Prefix
	proxies   []netip.Prefix
	origins   []string
	cross     *http.CrossOriginProtection
}

type digest [sha256.Size]byte

// is compares in constant time; what is empty is nobody's.
func (d digest) is(given string) bool {
	sum := sha256.Sum256([]byte(given))
	return subtle.ConstantTimeCompare(d[:], sum[:]) == 1 && given != ""
}

func newGuard(cfg Config) guard {
	g := guard{
		open: cfg.Open, token: sha256.Sum256([]byte(cfg.Secrets.Token)), webhook: sha256.Sum256([]byte(cfg.Secrets.Webhook)),
		hmac: []byte(cfg.Secrets.HMAC), header: cfg.Header, signature: cfg.Signature,
		allow: cfg.Allow, proxies: cfg.Proxies, origins: cfg.Origins, cross: http.NewCrossOriginProtection(),
	}
	if g.header == "" {
		g.header = DefaultHeader
	}
	if g.signature == "" {
		g.signature = DefaultSignature
	}
	for _, origin := range g.origins {
		_ = g.cross.AddTrustedOrigin(origin) // one that is none is nobody's, and trusts nobody
	}
	return g
}

// Check says what is missing before a gateway may serve at an address, or nil.
func Check(addr string, cfg Config) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return model.NewProblem(model.KindUsage, "This is no address to listen on", addr, "write it like 127.0.0.1:8080").Because(err)
	}
	switch {
	case cfg.Open && !loopback(host):
		return model.NewProblem(model.KindUsage, "--open lets everybody in, and other machines would reach this address", addr,
			"listen on 127.0.0.1, or leave --open out and set the secrets")
	case cfg.Open:
		return nil
	case cfg.Secrets.Token == "":
		return model.NewProblem(model.KindUsage, "The gateway has no token that its callers prove themselves with", "DOCKET_GATEWAY_TOKEN",
			"set it to a long random text, or try it with --open on this machine")
	case cfg.Secrets.Webhook == "":
		return model.NewProblem(model.KindUsage, "The gateway has no secret that webhooks prove themselves with", "DOCKET_WEBHOOK_SECRET",
			"set it to a long random text and to the same at Incode's dashboard, or try it with --open on this machine")
	}
	for name, secret := range map[string]string{
		"DOCKET_GATEWAY_TOKEN": cfg.Secrets.Token, "DOCKET_WEBHOOK_SECRET": cfg.Secrets.Webhook, "DOCKET_WEBHOOK_HMAC": cfg.Secrets.HMAC,
	} {
		if secret != "" && len(secret) < shortestSecret {
			return model.NewProblem(model.KindUsage, "The secret is so short that it can be guessed", name, "use at least 16 characters, such as openssl rand -hex 32 makes")
		}
	}
	return nil
}

// shortestSecret is how long a secret is at least, in bytes.
const shortestSecret = 16

// loopback reports whether only this machine reaches a host to listen on.
func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.Unmap().IsLoopback()
}

// admit returns a refusal, unless the request proves that its caller may use the route.
// The body is not read yet; see signed.
func (g *guard) admit(who caller, r *http.Request) (answer, bool) {
	switch {
	case who == anyone:
		return answer{}, true
	case g.open:
		return g.admitOpen(who, r)
	case who == sender:
		return g.admitSender(r)
	case who == ops && g.near(r):
		return answer{}, true
	default:
		return g.admitBearer(r)
	}
}

// admitOpen lets everybody in but pages of other origins, which a browser on this machine
// may show.
func (g *guard) admitOpen(who caller, r *http.Request) (answer, bool) {
	if renamed(r) {
		return refuse(http.StatusForbidden, "other-name", "This address is called by a name that is not this machine's: call it as localhost or 127.0.0.1"), false
	}
	asked := *r
	if who == backend {
		asked.Method = http.MethodPost // a GET begins a session
	}
	if err := g.cross.Check(&asked); err != nil && !g.localOrigin(r) {
		return refuse(http.StatusForbidden, "cross-origin", "A page of another origin may not call this: name the origin in gateway.origins, or call the address by itself"), false
	}
	return answer{}, true
}

// renamed reports whether a request came straight to the port it names, by a name that is
// not this machine's. A page of elsewhere that has had its name pointed to this machine
// is of the same origin for a browser; a tunnel has a port of its own.
func renamed(r *http.Request) bool {
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil || loopback(host) {
		return false
	}
	at, known := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !known {
		return false
	}
	_, here, err := net.SplitHostPort(at.String())
	return err == nil && port == here
}

func (g *guard) admitBearer(r *http.Request) (answer, bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	switch {
	case !strings.EqualFold(scheme, "Bearer") || token == "":
		return refuse(http.StatusUnauthorized, "no-token", "The gateway's token is missing: send the header Authorization: Bearer with it"), false
	case !g.token.is(token):
		return refuse(http.StatusUnauthorized, "wrong-token", "The gateway's token is another one: compare it with DOCKET_GATEWAY_TOKEN of the gateway"), false
	}
	return answer{}, true
}

func (g *guard) admitSender(r *http.Request) (answer, bool) {
	from := g.from(r)
	if len(g.allow) > 0 && !within(g.allow, from) {
		return refuse(http.StatusForbidden, "address", "Webhooks are not taken from this address: see gateway.allow of the gateway"), false
	}
	given := r.Header.Values(g.header)
	switch {
	case len(given) == 0 || given[0] == "":
		return refuse(http.StatusUnauthorized, "no-secret", "The secret of webhooks is missing: set the header %s at Incode's dashboard", g.header), false
	case len(given) > 1 || !g.webhook.is(given[0]):
		return refuse(http.StatusUnauthorized, "wrong-secret", "The secret of webhooks is another one: compare the header %s at Incode's dashboard with DOCKET_WEBHOOK_SECRET of the gateway", g.header), false
	}
	return answer{}, true
}

// signed returns a refusal, unless the body of a webhook carries the signature that is
// asked for: HMAC-SHA256 in hexadecimal or base64.
func (g *guard) signed(r *http.Request, body []byte) (answer, bool) {
	if g.open || len(g.hmac) == 0 {
		return answer{}, true
	}
	given := strings.TrimPrefix(strings.TrimSpace(r.Header.Get(g.signature)), "sha256=")
	if given == "" {
		return refuse(http.StatusUnauthorized, "no-signature", "The webhook is not signed: it needs the header %s", g.signature), false
	}
	mac := hmac.New(sha256.New, g.hmac)
	_, _ = mac.Write(body) // a hash never fails
	if !hmac.Equal(mac.Sum(nil), signatureIn(given)) {
		return refuse(http.StatusUnauthorized, "wrong-signature", "The signature does not fit the body and DOCKET_WEBHOOK_HMAC of the gateway"), false
	}
	return answer{}, true
}

// signatureIn reads a signature in one of its spellings; nil: it is none.
func signatureIn(text string) []byte {
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString,
		base64.URLEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	} {
		if sum, err := decode(text); err == nil && len(sum) == sha256.Size {
			return sum
		}
	}
	return nil
}

// from returns the address that a request comes from. What a header says counts only as
// far as proxies of ours have put it there: from the right, up to the first address that
// is none of them.
func (g *guard) from(r *http.Request) netip.Addr {
	at := peer(r)
	if !within(g.proxies, at) {
		return at
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		addr, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			return at // a proxy of ours that does not say for whom it asks
		}
		if at = addr.Unmap(); !within(g.proxies, at) {
			break
		}
	}
	return at
}

// peer is the other end of the connection.
func peer(r *http.Request) netip.Addr {
	return address(r.RemoteAddr)
}

// address is one without its port.
func address(text string) netip.Addr {
	addr, err := netip.ParseAddrPort(text)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Addr().Unmap()
}

func within(list []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// forwarded are the beginnings of headers that proxies add: who has one of them need not
// be on this machine, although the connection is.
var forwarded = []string{"X-Forwarded", "Forwarded", "X-Real-Ip", "Via", "X-Client-Ip", "X-Cluster-Client-Ip", "True-Client-Ip", "Cf-", "X-Envoy-"}

// near reports whether a request comes from this machine itself. A proxy on it connects
// from it for everybody: it is known by what it adds, by the public name that it leaves in
// the request, or because it is named in the configuration.
func (g *guard) near(r *http.Request) bool {
	for name := range r.Header {
		if slices.ContainsFunc(forwarded, func(begin string) bool { return strings.HasPrefix(name, begin) }) {
			return false
		}
	}
	at := peer(r)
	return at.IsLoopback() && !within(g.proxies, at) && loopback(hostOf(r))
}

// hostOf is the name by which a request calls the gateway, without a port.
func hostOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	return strings.Trim(host, "[]")
}

// allowedOrigin reports whether pages of the request's origin may call the token
// backend. Under --open those of this machine may.
func (g *guard) allowedOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin != "" && (slices.Contains(g.origins, origin) || g.open && g.localOrigin(r))
}

func (g *guard) localOrigin(r *http.Request) bool {
	u, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && loopback(u.Hostname())
}
