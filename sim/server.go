package sim

import (
	"iter"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Defaults of [Options]. None of them is a secret of anybody.
const (
	DefaultSessions = 400
	DefaultSeed     = 1
	MaxSessions     = 1_000_000 // 150 MB of memory
	DefaultAPIKey   = "simulated-api-key"
	DefaultEmail    = "reviewer@example.test"
	DefaultPassword = "simulated-password"
	DefaultClientID = "docket-demo"
)

// Options say what is simulated; the zero value is the default population.
type Options struct {
	Sessions int    // how many sessions there are; 0: [DefaultSessions]
	Seed     uint64 // 0: [DefaultSeed]
	// Now is the clock; nil: time.Now. The population is dated relative to
	// the moment of [New].
	Now      func() time.Time
	APIKey   string // x-api-key
	Email    string // of the executive
	Password string
	ClientID string
	Drawn    *Drawn // pictures; nil: the server's own, of [DefaultDrawn]
}

func (o Options) withDefaults() Options {
	or := func(s *string, def string) {
		if *s == "" {
			*s = def
		}
	}
	or(&o.APIKey, DefaultAPIKey)
	or(&o.Email, DefaultEmail)
	or(&o.Password, DefaultPassword)
	or(&o.ClientID, DefaultClientID)
	if o.Sessions == 0 {
		o.Sessions = DefaultSessions
	}
	if o.Seed == 0 {
		o.Seed = DefaultSeed
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Drawn == nil {
		o.Drawn = NewDrawn(DefaultDrawn)
	}
	return o
}

// Server is a simulated API. It is safe for use by many requests at once.
type Server struct {
	opts    Options
	now     func() time.Time
	journal journal
	faults  faults

	mu       sync.Mutex
	people   *population
	ids      []string
	sessions map[string]*session
	index    map[string]int
	tokens   tokens
	attempts map[string]*attempt // by transaction
	sender   *Sender             // of webhooks; nil: none
	mutate   func(endpoint string, body any) any
	live     *rand.Rand

	authenticates *rand.Rand // who authenticates while sessions move
	moving        []string   // sessions that [Server.Step] can move on
}

// New generates a population and returns its API. It builds sessions when they
// are first asked for.
func New(o Options) *Server {
	o = o.withDefaults()
	s := &Server{
		opts: o, now: o.Now,
		people: &population{
			seed: o.Seed, base: o.Now().UTC().Truncate(time.Second), size: o.Sessions,
			clientID: o.ClientID, blocks: map[int]*block{}, arrivals: map[int]time.Time{},
		},
		sessions: map[string]*session{}, index: map[string]int{},
		tokens: tokens{known: map[string]*token{}}, attempts: map[string]*attempt{},
	}
	s.live = s.people.rng(0, "live")
	for i := range o.Sessions {
		id := s.people.sessionID(i)
		s.ids = append(s.ids, id)
		s.index[id] = i
	}
	s.faults.released = make(chan struct{})
	return s
}

// Handler is the server as an http.Handler.
func (s *Server) Handler() http.Handler { return s }

// IDs are all interview ids in the order of generation; sessions that arrive
// later are at the end.
func (s *Server) IDs() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ids)
}

// Session tells a test what the simulator knows of a session.
func (s *Server) Session(id string) (Session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.find(id)
	if found == nil {
		return Session{}, false
	}
	return found.snapshot(), true
}

// Webhook is what the onboarding status webhook of a session would carry now.
func (s *Server) Webhook(id string) (Webhook, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.find(id)
	if found == nil {
		return Webhook{}, false
	}
	return found.webhook(), true
}

// Known yields for every session what its last webhook carried, in the order
// of generation.
func (s *Server) Known() iter.Seq[Webhook] {
	return func(yield func(Webhook) bool) {
		for _, id := range s.IDs() {
			if hook, ok := s.Webhook(id); ok && !yield(hook) {
				return
			}
		}
	}
}

// Mutate sets a hook that may rewrite the JSON of any answer, errors included,
// before it is sent. It gets the endpoint as "METHOD /path" and the decoded
// body, and returns the body to send. Nil removes it.
func (s *Server) Mutate(hook func(endpoint string, body any) any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mutate = hook
}

// find returns a session, building it when it is first asked for; nil for an
// unknown id. The lock must be held.
func (s *Server) find(id string) *session {
	if found := s.sessions[id]; found != nil {
		return found
	}
	i, ok := s.index[id]
	if !ok {
		return nil
	}
	built := newSession(s.people.profile(i))
	s.sessions[id] = built
	return built
}

// basePath is the prefix under which a session's own token is enough.
const basePath = "/0"

// cutBase removes the base path and says whether it was there.
func cutBase(path string) (rest string, zero bool) {
	if rest, ok := strings.CutPrefix(path, basePath+"/"); ok {
		return "/" + rest, true
	}
	return path, false
}
