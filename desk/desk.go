package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/semaphore"

	"docket/audit"
	"docket/model"
	"docket/store"
)

// Config is what a desk is made of.
type Config struct {
	Store    store.Store
	Provider Provider
	Profile  string
	ReadOnly bool
	NoImages bool // do not ask for pictures when a session is opened
	Hold     time.Duration
	SLA      time.Duration
	Lease    time.Duration      // how long a claim lasts; 0: sessions are not claimed
	Second   []model.SecondRule // which actions a second person has to confirm
	Reasons  []model.Reason     // of the configuration; see Catalogue
	// ReasonsLang is the language of their texts; empty: English.
	ReasonsLang string
	Retention   model.Retention // what keeps sessions from being deleted
	SMSWait     time.Duration   // how long after an SMS to a customer the next may be sent; 0: at once
	SMSText     string          // what an SMS says unless a person says otherwise; empty: model.SMSText
	Token       Token           // what is known of the token in use at the start
	// KeepToken stores a new token and says what is known of it; nil keeps it
	// for this process only.
	KeepToken func(token string) (Token, error)
	// Ended hears of every outcome, also of what was held back and never sent;
	// nil: nobody does. It may be called from several goroutines at once.
	Ended func(model.Outcome)
	// Sign makes a checkpoint of the audit log; nil: it is not signed here.
	Sign func(size int64, root tlog.Hash) (string, error)
	// Key is the one that signs the log, for case files; nil: none is made here.
	Key note.Signer
	Now func() time.Time // nil: time.Now
	// After calls a function later; nil: time.AfterFunc.
	After func(time.Duration, func())
}

// Desk holds what all actors share: provider, inbox, cache.
type Desk struct {
	cfg      Config
	cache    *cache
	pictures *pictures
	ahead    chan struct{}       // who reads ahead
	blurred  *pictures           // for those who may not see them clearly
	blurring *semaphore.Weighted // of decoders: each takes up to 200 MB

	mu     sync.Mutex
	token  Token
	onWay  map[string]*Submission // by interview id
	wanted sync.WaitGroup         // work that must not be cut off at the end
	batch  string                 // the bulk run that is under way here; empty: none

	unsigned atomic.Int64 // entries of the log since it was signed here
}

// New returns a desk.
func New(cfg Config) *Desk {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.After == nil {
		cfg.After = func(d time.Duration, f func()) { time.AfterFunc(d, f) }
	}
	cfg.Reasons = Catalogue(cfg.Reasons)
	if cfg.Provider != nil {
		cfg.Provider = contained{cfg.Provider}
	}
	return &Desk{
		cfg: cfg, cache: newCache(cacheSize), pictures: newPictures(picturesSize), blurred: newPictures(blurredSize), blurring: semaphore.NewWeighted(1), token: cfg.Token, onWay: map[string]*Submission{},
		ahead: make(chan struct{}, aheadAtOnce),
	}
}

// Wait waits for what is already being sent. What is only held back is not
// waited for: end the context of its seat, or undo it.
func (d *Desk) Wait() { d.wanted.Wait() }

// Seat is one actor at the desk.
type Seat struct {
	d *Desk

	mu     sync.Mutex
	me     model.Actor
	opens  []*entry        // what it opened last, so that it stays in memory for it
	away   time.Time       // since when the store is; zero: it is not
	claims map[string]bool // by interview id: claimed here, and not given back here
	seen   sights

	baring  baring        // what is revealed to it
	painted chan struct{} // closed and replaced when what it was shown has to be shown anew
}

// holds is how many sessions a seat keeps in memory for itself: the one that is
// open, those it came from, and those whose sends are held back.
const holds = 8

// hold keeps a session in memory while the seat may act on it.
func (s *Seat) hold(e *entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opens = append(slices.DeleteFunc(s.opens, func(old *entry) bool { return old.id == e.id }), e)
	s.opens = s.opens[max(0, len(s.opens)-holds):]
}

// As returns the desk as the actor may use it.
func (d *Desk) As(me model.Actor) *Seat { return &Seat{d: d, me: me} }

// Me returns who sits here.
func (s *Seat) Me() model.Actor {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.me
}

// IdentityOf is who acts with a token: the user that the token names, else the
// fallback. A display name is never it.
func IdentityOf(t Token, fallback string) string {
	if t.User == "" {
		return fallback
	}
	return "token:" + t.User
}

// Policy returns what this seat works under.
func (s *Seat) Policy() Policy {
	c, role := &s.d.cfg, s.Me().Role
	return Policy{
		Profile: c.Profile, Origin: c.Provider.Origin(), ReadOnly: c.ReadOnly || !acting[role], Role: role, Rights: RightsOf(role),
		NoImages: c.NoImages, Hold: c.Hold, SLA: c.SLA, Lease: c.Lease, Can: c.Provider.Capabilities(),
		ReasonsLang: c.ReasonsLang, Retention: c.Retention, Afar: s.Me().Afar, SMSText: cmp.Or(c.SMSText, model.SMSText),
	}
}

// Token returns what is known of the executive token.
func (s *Seat) Token() Token {
	s.d.mu.Lock()
	defer s.d.mu.Unlock()
	return s.d.token
}

// Login exchanges an executive's e-mail and password for a token, and uses and
// keeps it. The password is not stored.
func (s *Seat) Login(ctx context.Context, email, password string) error {
	if p := s.denied(MayLogin); p != nil {
		return p
	}
	token, err := s.d.cfg.Provider.Login(ctx, email, password)
	if err != nil {
		e := s.door(audit.Login, s.Policy().Origin)
		e.Problem = model.AsProblem(err).Kind
		_ = s.d.log(context.WithoutCancel(ctx), e) // why it failed is the error to tell
		return err
	}
	s.d.cfg.Provider.SetToken(token)
	known := Token{Present: true, From: "log-in"}
	if s.d.cfg.KeepToken != nil {
		known, err = s.d.cfg.KeepToken(token)
	}
	s.d.mu.Lock()
	s.d.token = known
	s.d.mu.Unlock()
	s.mu.Lock()
	s.me.Identity = IdentityOf(known, s.me.Identity)
	s.mu.Unlock()
	return cmp.Or(err, stored(s.d.log(ctx, s.door(audit.Login, s.Policy().Origin)), "The log-in could not be logged"))
}

// LoggedOut logs that the token of an API was forgotten here.
func (s *Seat) LoggedOut(ctx context.Context, origin string) error {
	return stored(s.d.log(ctx, s.door(audit.Logout, origin)), "The log-out could not be logged")
}

// door begins an entry of somebody who comes or goes: at which API.
func (s *Seat) door(event audit.Event, origin string) audit.Entry {
	_, host, _ := strings.Cut(origin, "://")
	return s.detailed(event, "", host)
}

// Activity returns the newest requests, at most so many (0: all that are remembered), and
// what is left of the limits.
func (s *Seat) Activity(most int) Activity {
	if !s.May(MayActivity) {
		return Activity{}
	}
	return Activity{Calls: s.d.cfg.Provider.Journal(most), Budget: s.d.cfg.Provider.Budget()}
}
