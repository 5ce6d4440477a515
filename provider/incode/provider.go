package incode

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"docket/model"
	"docket/omni"
	"docket/omni/transport"
	"docket/provider"
	"docket/provider/links"
)

// Name is what sessions of this provider carry in Session.Provider.
const Name = "omni"

// Options are what a Provider needs beside its client.
type Options struct {
	// Token is the holder whose Get the client was configured with, so that a
	// log-in reaches it. nil: the client's token cannot be changed.
	Token *Token
	// ClientID is the client of the links to onboardings; empty: the API is left to
	// know it from the session, and sends no SMS.
	ClientID string
	// Now is the time that documents are judged by; nil: the system's.
	Now func() time.Time
	// Links keeps the links to pictures in raw answers. They are secrets that
	// live for an hour: only who asks for that answer as it was sent gets them.
	Links bool
	// Fetcher follows links to pictures; nil: one for the client's origin.
	Fetcher *links.Fetcher
	// Enrolled hears what the API answered to each enrolment, before Act returns:
	// the token in it is nowhere else. nil: nobody does.
	Enrolled func(id string, a omni.Approval)
}

// Provider reads sessions from Incode Omni and acts on them. It is safe for use
// by many goroutines.
type Provider struct {
	client   *omni.Client
	clientID string
	token    *Token
	now      func() time.Time
	links    bool

	enrolled func(id string, a omni.Approval)

	fetcher *links.Fetcher
	book    *linkBook
	large   chan struct{} // holds one for each call whose answer is a picture

	mu       sync.Mutex
	can      model.Capabilities
	sessions map[string]omni.SessionToken // tokens of sessions, by id, in memory only
}

// New makes a provider over a client.
func New(client *omni.Client, o Options) *Provider {
	p := &Provider{client: client, clientID: o.ClientID, token: o.Token, now: o.Now, links: o.Links, enrolled: o.Enrolled, sessions: map[string]omni.SessionToken{}}
	p.can = capabilities(o.ClientID)
	p.book, p.fetcher, p.large = newLinkBook(), o.Fetcher, make(chan struct{}, largeAtOnce)
	if p.fetcher == nil {
		p.fetcher = links.New(links.Options{API: client.Origin()})
	}
	if p.token == nil {
		p.token = &Token{}
	}
	if p.now == nil {
		p.now = time.Now
	}
	return p
}

// Name returns the name of the provider.
func (p *Provider) Name() string { return Name }

// Origin returns scheme and host of the API: what credentials belong to.
func (p *Provider) Origin() string { return p.client.Origin() }

// Capabilities returns what can be done with Omni.
func (p *Provider) Capabilities() model.Capabilities { return p.can }

func capabilities(clientID string) model.Capabilities {
	return model.Capabilities{
		model.CanDecide: true, model.CanAntifraud: true, model.CanExpire: true, model.CanSetLife: true, model.CanDelete: true,
		model.CanEnroll: true, model.CanSessionToken: true, model.CanLogin: true,
		model.CanLink: true, model.CanSMS: clientID != "", model.CanFlag: true,
	}
}

// Parts returns what is fetched when a session is opened, all side by side.
func (p *Provider) Parts() []model.Part {
	return []model.Part{
		model.PartStatus, model.PartScore, model.PartOCR, model.PartDevice, model.PartEvents, model.PartSummary, model.PartImages,
	}
}

// Follow returns the parts that can be fetched only now that the score has come:
// the second document when there is one, and the sessions of the identity that
// the score names.
func (p *Provider) Follow(so *model.Session) []model.Part {
	var parts []model.Part
	if hasSection(so, secSecondID) || hasSection(so, "idOcrConfidenceSecondId") {
		parts = append(parts, model.PartOCR2)
	}
	if so.CustomerID != "" {
		parts = append(parts, model.PartLinked)
	}
	return parts
}

func hasSection(so *model.Session, name string) bool {
	return slices.ContainsFunc(so.Checks, func(c model.Check) bool { return c.Section == name }) ||
		slices.ContainsFunc(so.Facts, func(f model.Fact) bool { return f.Section == name })
}

// Row returns what the inbox keeps of a session.
func (p *Provider) Row(so *model.Session) model.Row { return RowOf(so) }

// Journal returns the newest requests, newest first, at most so many; 0: all there are.
func (p *Provider) Journal(most int) []model.Call {
	if most <= 0 {
		most = math.MaxInt
	}
	entries := p.client.Latest(most)
	calls := make([]model.Call, 0, len(entries))
	for _, e := range slices.Backward(entries) {
		calls = append(calls, model.Call{
			At: e.At, Name: e.Endpoint, Method: e.Method, Path: e.Path, HTTP: e.Status, Code: e.Code,
			Took: e.Took, ServerTook: e.Server, Bytes: int64(e.Received), Attempt: e.Attempt, Kind: advices[e.Kind].kind,
		})
	}
	return calls
}

// Budget returns what is left of the API's limits.
func (p *Provider) Budget() model.Budget {
	b := p.client.Budget()
	return model.Budget{
		SecondLeft: b.Second.Left, SecondMax: b.Second.N, WindowLeft: b.FiveMinutes.Left, WindowMax: b.FiveMinutes.N,
	}
}

// priorities maps who waits to the client's word for it.
var priorities = map[provider.Priority]transport.Priority{
	provider.Person: transport.Person, provider.Refresh: transport.Refresh, provider.Prefetch: transport.Prefetch,
}

func withPriority(ctx context.Context) context.Context {
	return transport.WithPriority(ctx, priorities[provider.PriorityOf(ctx)])
}
