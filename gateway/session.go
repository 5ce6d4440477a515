package gateway

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"docket/desk"
	"docket/intake"
	"docket/omni"
	"docket/store"
)

// ticketLife is how long a session can be asked for again by its name: as long as its
// token lives.
const ticketLife = 90 * 24 * time.Hour

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// started is the answer of /start. The interview id is not in it.
type started struct {
	Token    string `json:"token"`
	UniqueID string `json:"uniqueId"`
}

// start begins a session, or gives the token of one that was begun here.
func (g *Gateway) start(c *call) answer {
	unique, once := c.param("uniqueId")
	if unique != "" || !once {
		return g.again(c, strings.ToLower(unique))
	}
	v, a, good := g.begin(c, "")
	if !good {
		return a
	}
	unique, token := newUnique(), v.Token.Reveal()
	ticket := store.Ticket{Unique: unique, ID: c.id, Sealed: g.seal.seal(token, unique), At: g.now()}
	err := g.cfg.Store.KeepTicket(c.ctx(), ticket, ticket.At.Add(-ticketLife))
	g.wrote(c.ctx(), err)
	if err != nil {
		return unkept(err)
	}
	return ok(started{token, unique})
}

// again gives the token of a session that was begun here before.
func (g *Gateway) again(c *call, unique string) answer {
	unknown := refuse(http.StatusBadRequest, "unknown-unique", "Invalid uniqueId: there is no such session here, or it was begun more than 90 days ago; call /start without one")
	if !uuid.MatchString(unique) {
		return unknown
	}
	t, err := g.cfg.Store.Ticket(c.ctx(), unique)
	switch {
	case errors.Is(err, store.ErrNoTicket):
		return unknown
	case err != nil:
		return unkept(err)
	case g.now().Sub(t.At) > ticketLife:
		return unknown
	}
	c.id = t.ID
	token, err := g.seal.open(t.Sealed, unique)
	if err != nil {
		unknown.attrs = append(unknown.attrs, slog.String("problem", err.Error()))
		return unknown
	}
	return ok(started{token, unique})
}

// begin starts a session at the API and puts it in the inbox. What begins a session is
// not sent again when it fails.
func (g *Gateway) begin(c *call, redirect string) (omni.Started, answer, bool) {
	if g.cfg.ReadOnly {
		return omni.Started{}, readOnly(), false
	}
	got, err := g.cfg.API.Start(c.ctx(), omni.StartRequest{
		ConfigurationID: g.cfg.FlowID, CountryCode: "ALL", Language: "en-US", RedirectionURL: redirect,
	})
	if err != nil {
		return omni.Started{}, failedWith(unkeyed, err), false
	}
	v := got.Value
	if !desk.ValidID(v.InterviewID.Value) {
		return v, refuse(http.StatusBadGateway, "api-shape", "The API began a session with an id that is none"), false
	}
	c.id = v.InterviewID.Value
	h := intake.Hook{Kind: intake.KindOnboarding, ID: c.id, FlowID: g.cfg.FlowID, ClientID: g.cfg.ClientID}
	if err := g.keep(c, h); err != nil {
		return v, unkept(err), false
	}
	return v, answer{}, true
}

// unsafeSchemes are addresses that a browser would run or read instead of going there.
var unsafeSchemes = []string{"javascript", "data", "vbscript", "file", "blob", "about"}

// longestURL is how long an address may be to send a customer to, in bytes.
const longestURL = 2048

// redirection reports whether a customer can be sent to an address: a page, or an app.
func redirection(text string) bool {
	u, err := url.Parse(text)
	return err == nil && len(text) <= longestURL && u.Scheme != "" && (u.Host != "" || u.Path != "" || u.Opaque != "") &&
		!slices.Contains(unsafeSchemes, strings.ToLower(u.Scheme))
}

// onboardingURL begins a session and gives the address at which the customer goes
// through it.
func (g *Gateway) onboardingURL(c *call) answer {
	redirect, once := c.param("redirectionUrl")
	if !once || redirect != "" && !redirection(redirect) {
		return refuse(http.StatusBadRequest, "bad-request", "redirectionUrl is no address that a customer can be sent to: write a whole one, such as https://example.com/done")
	}
	v, a, good := g.begin(c, redirect)
	if !good {
		return a
	}
	got, err := g.cfg.API.OnboardingURL(c.ctx(), v.Token, g.cfg.ClientID)
	if err != nil {
		return failedWith(begun, err)
	}
	return ok(struct {
		Success     bool   `json:"success"`
		Token       string `json:"token"`
		InterviewID string `json:"interviewId"`
		URL         string `json:"url"`
	}{true, v.Token.Reveal(), c.id, got.Value.URL.Value})
}

// interview takes the interview id of the query.
func (c *call) interview() (answer, bool) {
	id, once := c.param("interviewId")
	switch {
	case id == "":
		return refuse(http.StatusBadRequest, "no-id", "Missing required parameter interviewId"), false
	case !once || !desk.ValidID(id):
		return refuse(http.StatusBadRequest, "bad-id", "interviewId is no id: one is at most 64 letters, digits, - and _"), false
	}
	c.id = id
	return answer{}, true
}

// onboardingStatus gives the status of a session.
func (g *Gateway) onboardingStatus(c *call) answer {
	if a, good := c.interview(); !good {
		return a
	}
	got, err := g.cfg.API.OnboardingStatus(c.ctx(), c.id)
	if err != nil {
		return g.failed(err)
	}
	return ok(struct {
		Success bool   `json:"success"`
		Status  string `json:"onboardingStatus"`
	}{true, got.Value.Status.Value})
}

// The two words of /fetch-score.
const (
	scoreOK   = "OK"
	scoreFail = "FAIL"
)

// fetchScore says whether a session passed, to who has its token. Anything but OK is
// FAIL: a front end must not take a session for good that waits for a person.
func (g *Gateway) fetchScore(c *call) answer {
	if a, good := c.interview(); !good {
		return a
	}
	token := c.r.Header.Get("X-Token")
	if token == "" {
		return refuse(http.StatusBadRequest, "no-session-token", "Missing required header X-Token")
	}
	got, err := g.cfg.API.OwnScore(c.ctx(), omni.SessionToken(token), c.id)
	if err != nil {
		return failedWith(own, err)
	}
	score := scoreFail
	if overall := got.Value.Overall; overall != nil && overall.Status.Value == scoreOK {
		score = scoreOK
	}
	return ok(struct {
		Success bool   `json:"success"`
		Score   string `json:"score"`
	}{true, score})
}

// auth asks the API whether a face authentication took place as a front end tells it.
func (g *Gateway) auth(c *call) answer {
	texts, a, good := c.texts("transactionId", "token", "interviewToken")
	if !good {
		return a
	}
	got, err := g.cfg.API.VerifyAuthentication(c.ctx(), omni.Attempt{
		TransactionID: texts[0], Token: omni.CustomerToken(texts[1]), InterviewToken: omni.SessionToken(texts[2]),
	})
	if err != nil {
		return g.failed(err)
	}
	return ok(json.RawMessage(got.Body))
}

// readOnly is the answer to what would change something at the API.
func readOnly() answer {
	return refuse(http.StatusBadGateway, "guard", "The gateway is read-only, so it begins and finishes no sessions: start it without --read-only")
}

// finish marks a session as finished, for who has its token.
func (g *Gateway) finish(c *call) answer {
	if g.cfg.ReadOnly {
		return readOnly()
	}
	texts, a, good := c.texts("token")
	if !good {
		return a
	}
	got, err := g.cfg.API.Finish(c.ctx(), omni.SessionToken(texts[0]))
	if err != nil {
		return failedWith(own, err)
	}
	return ok(struct {
		Success  bool   `json:"success"`
		Redirect string `json:"redirectionUrl"`
		Action   string `json:"action"`
	}{true, got.Value.RedirectionURL.Value, got.Value.Action.Value})
}

// texts takes members of the body that have to be texts.
func (c *call) texts(names ...string) ([]string, answer, bool) {
	n, err := omni.ParseNode(withoutTrailingCommas(c.body))
	if err != nil || n.Kind != omni.Object {
		return nil, refuse(http.StatusBadRequest, "not-json", "The body is no JSON object: send %s", strings.Join(names, ", ")), false
	}
	texts := make([]string, len(names))
	for i, name := range names {
		member := n.Get(name)
		if member.Kind != omni.String || member.Text == "" {
			return nil, refuse(http.StatusBadRequest, "bad-request", "Missing required member %s of the body", name), false
		}
		texts[i] = member.Text
	}
	return texts, answer{}, true
}

// withoutTrailingCommas leaves out commas before a closing bracket: the sample's own
// command lines have them.
func withoutTrailingCommas(body []byte) []byte {
	out := make([]byte, 0, len(body))
	quoted, escaped, comma := false, false, -1
	for _, b := range body {
		switch {
		case escaped:
			escaped = false
		case quoted && b == '\\':
			escaped = true
		case b == '"':
			quoted = !quoted
		}
		switch {
		case quoted:
			comma = -1
		case b == ',':
			comma = len(out)
		case (b == '}' || b == ']') && comma >= 0:
			out[comma] = ' '
			comma = -1
		case b != ' ' && b != '\t' && b != '\n' && b != '\r':
			comma = -1
		}
		out = append(out, b)
	}
	return out
}
