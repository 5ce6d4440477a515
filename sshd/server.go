package sshd

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	charm "charm.land/ssh"
	"charm.land/wish/v2"
	"golang.org/x/time/rate"

	"docket/internal/config"
	"docket/model"
)

// Config is what a server is made of.
type Config struct {
	Settings config.Config                 // people, keys and the data folder
	Again    func() (config.Config, error) // reads the settings again
	Log      *slog.Logger

	// Run runs what a guest has asked for and returns the exit code. The cause of the
	// end of its context is an Ending.
	Run func(ctx context.Context, g *Guest) int
	// Came and Went keep on record who is here. Nobody is let in that Came refuses.
	Came func(ctx context.Context, g *Guest, how string) error
	Went func(g *Guest, how string) error

	Now func() time.Time // nil: time.Now
}

// Server serves docket over SSH.
type Server struct {
	cfg     Config
	log     *slog.Logger
	now     func() time.Time
	ssh     *charm.Server
	HostKey string // fingerprint

	roster  atomic.Pointer[Roster]
	ssht    atomic.Pointer[config.SSH]
	codes   *codes
	fails   limiter        // by address
	guesses limiter        // of second factors, by person
	turned  rate.Sometimes // says in the log who was turned away

	mu     sync.Mutex
	lives  map[*live]struct{}
	knocks map[*knock]struct{}
	stops  bool
	inside sync.WaitGroup
	late   time.Duration // how long a session may take to end

	data     string     // the folder
	reading  sync.Mutex // of the settings
	settings config.Config
	seen     string // what the files were like before they were read; "": not known
}

// loginTime is how long a log-in may take, with a second factor.
const loginTime = 60 * time.Second

// New returns a server, and what is wrong with its people and keys. It refuses to be one
// that nobody could enter.
func New(cfg Config) (*Server, []Finding, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Server{
		late: drainTime, cfg: cfg, log: cfg.Log, now: cfg.Now, lives: map[*live]struct{}{}, knocks: map[*knock]struct{}{},
		data: cfg.Settings.Dirs.Data, settings: cfg.Settings, turned: rate.Sometimes{First: mostTurnedTold, Interval: failEvery},
	}
	roster, found := NewRoster(cfg.Settings)
	if err := enterable(cfg.Settings, roster); err != nil {
		return nil, found, err
	}
	roster.now = cfg.Now
	s.roster.Store(roster)
	s.ssht.Store(&cfg.Settings.SSH)
	var err error
	if s.codes, err = newCodes(s.data, cfg.Now); err != nil {
		return nil, found, model.NewProblem(model.KindFailed, "Which codes of second factors were used cannot be read: "+cause(err), s.codes.path,
			"check who may read it; without the file a code of the last minute could be used again").Because(err)
	}
	key, fingerprint, err := hostKey(s.data)
	if err != nil {
		return nil, found, err
	}
	s.HostKey = fingerprint
	s.ssh, err = wish.NewServer(
		wish.WithHostKeyPEM(key), wish.WithVersion("docket"), wish.WithBannerHandler(func(charm.Context) string { return bannerOf(s.limits().Banner) }),
		wish.WithMiddleware(func(charm.Handler) charm.Handler { return s.handle }),
	)
	if err != nil {
		return nil, found, err
	}
	s.ssh.HandshakeTimeout = loginTime
	s.ssh.ServerConfigCallback, s.ssh.ConnCallback = s.login, s.knock
	s.ssh.SessionRequestCallback = begins
	s.ssh.ChannelHandlers = map[string]charm.ChannelHandler{"session": s.session} // and no other: nothing is forwarded
	s.ssh.RequestHandlers = map[string]charm.RequestHandler{}
	s.ssh.SubsystemHandlers = map[string]charm.SubsystemHandler{}
	return s, found, nil
}

// enterable refuses what would let nobody in, and says how to change that.
func enterable(cfg config.Config, r *Roster) error {
	file := cfg.Path
	if file == "" {
		file = filepath.Join(cfg.Dirs.Config, "config.toml")
	}
	if len(cfg.People) == 0 {
		return model.NewProblem(model.KindUsage, "Nobody is configured, so nobody could come in", file,
			`name each with [[person]], name = "ana", role = "reviewer" and keys = ["ssh-ed25519 …"]; docs/ssh.md shows how`)
	}
	if r.Empty() {
		return model.NewProblem(model.KindUsage, "No person has a key that lets them in", file,
			`give them keys = ["ssh-ed25519 …"], or name with keys in [ssh] a file or folder of keys, or with ca a trusted authority; docket doctor says what is wrong with those that are there`)
	}
	return nil
}

// limits are the settings of [ssh] as they are now.
func (s *Server) limits() config.SSH { return *s.ssht.Load() }

func bannerOf(text string) string {
	if text == "" {
		return ""
	}
	return text + "\n"
}

// knock is a connection, and until somebody has a session in it, or again when they have
// none any more, one of those that are about to come in.
type knock struct {
	net.Conn
	s    *Server
	from string
	late *time.Timer

	spoke, in atomic.Bool // it has sent something; it was let in

	// With the lock of the server.
	since    time.Time
	sessions int
	closed   bool
}

type knockKey struct{}

// mostTurnedTold is of how many that were turned away the log tells; of later ones it tells
// of one each time that an address may try again. It would be a way to fill the disk.
const mostTurnedTold = 100

// mostKnocks is how many may be about to come in at once.
const mostKnocks = 256

// knock takes a connection, unless its address has failed too often. Who does not come
// in for long has no connection. When too many are about to come in, the address that has
// most of them loses its oldest: one that opens hundreds keeps nobody else out.
func (s *Server) knock(ctx charm.Context, conn net.Conn) net.Conn {
	from := addressOf(conn.RemoteAddr())
	if !s.fails.allows(from) {
		s.turned.Do(func() {
			s.log.LogAttrs(ctx, slog.LevelWarn, "turned away", slog.String("from", from), slog.String("why", "too many failed log-ins"))
		})
		return nil
	}
	k := &knock{Conn: conn, s: s, from: from}
	s.mu.Lock()
	if s.stops {
		s.mu.Unlock()
		return nil
	}
	gone := s.waits(k)
	s.mu.Unlock()
	if gone != nil {
		_ = gone.Close() // an end without a word, as for everybody who does not come in
	}
	ctx.SetValue(knockKey{}, k)
	return k
}

// waits puts a connection among those that are about to come in, and returns the one
// that has to make room for it; nil: there was room. The lock is held.
func (s *Server) waits(k *knock) (gone *knock) {
	k.since = s.now()
	k.late = time.AfterFunc(loginTime, func() { _ = k.Close() })
	s.knocks[k] = struct{}{}
	if len(s.knocks) <= mostKnocks {
		return nil
	}
	of := map[string]int{}
	for k := range s.knocks {
		of[k.from]++
	}
	for k := range s.knocks {
		if gone == nil || of[k.from] > of[gone.from] || of[k.from] == of[gone.from] && k.since.Before(gone.since) {
			gone = k
		}
	}
	gone.settled()
	return gone
}

// settled takes a connection out of those that are about to come in. The lock of the
// server is held.
func (k *knock) settled() {
	k.late.Stop()
	delete(k.s.knocks, k)
}

// Read implements net.Conn.
func (k *knock) Read(p []byte) (int, error) {
	n, err := k.Conn.Read(p)
	if n > 0 {
		k.spoke.Store(true)
	}
	return n, err
}

// Close implements net.Conn. Who was not let in has failed to log in; a balancer that
// only looks whether somebody listens says nothing, and has tried nothing.
func (k *knock) Close() error {
	k.s.mu.Lock()
	again := k.closed
	k.closed = true
	k.settled()
	k.s.mu.Unlock()
	if !again && k.spoke.Load() && !k.in.Load() {
		k.s.fails.failed(k.from)
	}
	return k.Conn.Close()
}

// entered notes that somebody has begun a session, and what it returns that it is over.
func entered(ctx charm.Context) (left func()) {
	k, ok := ctx.Value(knockKey{}).(*knock)
	if !ok {
		return func() {}
	}
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	k.sessions++
	k.settled()
	return k.emptier
}

// emptier notes that a session in the connection is over.
func (k *knock) emptier() {
	k.s.mu.Lock()
	var gone *knock
	if k.sessions--; k.sessions == 0 && !k.closed {
		gone = k.s.waits(k)
	}
	k.s.mu.Unlock()
	if gone != nil {
		_ = gone.Close() // as above
	}
}

// drainTime is how long what was sent when the server stops may take to be answered: as
// long as the API gives itself, and a little.
const drainTime = 35 * time.Second

// Serve serves on a listener until ctx ends. Then nobody comes in any more, everybody is
// told, what was sent is waited for, and what was held back is not sent.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	end := make(chan error, 1)
	go func() { end <- s.ssh.Serve(ln) }()
	watching, stop := context.WithCancel(context.WithoutCancel(ctx))
	var beside sync.WaitGroup
	beside.Go(func() { s.watch(watching) })
	defer beside.Wait()
	defer stop()
	if c, err := s.listenControl(watching); err != nil {
		s.log.LogAttrs(ctx, slog.LevelWarn, "no control socket: docket ssh sessions cannot ask", slog.String("problem", cause(err)))
	} else {
		beside.Go(func() { s.control(watching, c) })
	}
	select {
	case err := <-end:
		return err
	case <-ctx.Done():
	}
	s.drain()
	err := <-end
	if errors.Is(err, charm.ErrServerClosed) {
		return nil
	}
	return err
}

func (s *Server) drain() {
	s.mu.Lock()
	s.stops = true
	waiting := make([]*knock, 0, len(s.knocks))
	for k := range s.knocks {
		waiting = append(waiting, k)
	}
	here := len(s.lives)
	s.mu.Unlock()
	s.log.LogAttrs(context.Background(), slog.LevelInfo, "stops", slog.Int("sessions", here))
	ended, cancel := context.WithCancel(context.Background())
	cancel() // listeners are closed, and nothing is waited for yet
	_ = s.ssh.Shutdown(ended)
	for _, k := range waiting {
		_ = k.Close()
	}
	s.each(func(l *live) { l.end(Drained) })
	gone := make(chan struct{})
	go func() {
		s.inside.Wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-time.After(drainTime):
		s.log.LogAttrs(context.Background(), slog.LevelWarn, "cut off", slog.Int("sessions", len(s.Here())))
	}
	_ = s.ssh.Close()
}
