package sim

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"time"
)

// How long tokens live, as observed of the API.
const (
	executiveLife = 24 * time.Hour
	sessionLife   = 90 * 24 * time.Hour
)

// token is an access token that the simulator issued. Its signature is not one:
// the simulator knows its own tokens by keeping them.
type token struct {
	interviewID string // empty for an executive
	expires     time.Time
}

func (t *token) executive() bool { return t.interviewID == "" }

// issue makes a token of three base64url parts, like a JWT, of at most 256
// characters.
func (s *Server) issue(t *token, subject string) string {
	s.tokens.last++
	part := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	claim := fmt.Sprintf(`{"user":%q,"role":"EXECUTIVE","n":%d,"exp":%d}`, subject, s.tokens.last, t.expires.Unix())
	if !t.executive() {
		claim = fmt.Sprintf(`{"interviewId":%q,"n":%d,"exp":%d}`, subject, s.tokens.last, t.expires.Unix())
	}
	text := part(`{"alg":"none","typ":"JWT"}`) + "." + part(claim) + "." + part("simulated-not-a-signature")
	s.tokens.known[text] = t
	return text
}

// tokens are those issued so far.
type tokens struct {
	known map[string]*token
	last  int
}

// ExecutiveToken issues an access token of the configured executive, valid for
// 24 hours, as Admin-Login does.
func (s *Server) ExecutiveToken() string { return s.ExecutiveTokenOf(s.opts.Email) }

// ExecutiveTokenOf issues such a token of another executive of the same client.
func (s *Server) ExecutiveTokenOf(email string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.issue(&token{expires: s.now().Add(executiveLife)}, email)
}

// SessionToken issues an access token of one session, valid for 90 days, as
// Start onboarding does; empty for an unknown id.
func (s *Server) SessionToken(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.find(id) == nil {
		return ""
	}
	return s.sessionToken(id)
}

func (s *Server) sessionToken(id string) string {
	return s.issue(&token{interviewID: id, expires: s.now().Add(sessionLife)}, id)
}

// authenticate checks the headers that an endpoint asks for. Under the base
// path /0 the token stands for the key.
func (s *Server) authenticate(c *call) *apiError {
	h := c.request.Header
	if got := h.Get("api-version"); got != "1.0" {
		return badRequest("Header api-version must be 1.0.")
	}
	key, sent := h.Get("x-api-key"), len(h.Values("x-api-key")) > 0
	if keyless := c.zero && c.endpoint.access != accessKey; key != s.opts.APIKey && (sent || !keyless) {
		return failed(http.StatusForbidden, "Invalid or missing api key.")
	}
	if c.endpoint.access == accessKey {
		return nil
	}
	t := s.tokens.known[h.Get("X-Incode-Hardware-Id")]
	if t == nil || !t.expires.After(s.now()) {
		return failed(http.StatusUnauthorized, "Invalid or missing access token.")
	}
	if c.endpoint.access == accessExecutive && !t.executive() {
		return failed(http.StatusUnauthorized, "Access token of an executive is required.")
	}
	c.token = t
	return nil
}
