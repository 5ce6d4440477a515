package intake

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"docket/desk"
	"docket/model"
	"docket/store"
)

// Clock is the time as the worker sees it. Tests put their own in.
type Clock interface {
	Now() time.Time
	// After sends once on the channel it returns when d has passed.
	After(d time.Duration) <-chan time.Time
}

type systemClock struct{}

func (systemClock) Now() time.Time                         { return time.Now() }
func (systemClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// Config is what a worker is made of.
type Config struct {
	Inbox   store.Inbox
	Desk    *desk.Desk // on the same inbox
	Rules   []model.InboxRule
	Targets []Target     // of the rules' notify
	Log     *slog.Logger // nil: nothing is logged
	// Observe hears of everything that ended: what ("placed", "look-up", "notify",
	// "enroll"), how ("onboarding", "done", "put off", "aside", …), and after how many
	// seconds: since its arrival where it was placed, else since it was begun. nil:
	// nobody does. It may be called from several goroutines at once.
	Observe func(event, kind string, seconds float64)
	Clock   Clock         // nil: the system's
	Drain   time.Duration // how long Run waits for what is under way at its end; 0: 20 s
}

// Worker takes webhooks into the inbox, looks up what they are about, and does what
// the rules say. Several may work on one inbox.
type Worker struct {
	cfg     Config
	log     *slog.Logger
	clock   Clock
	seat    *desk.Seat // reads, and does nothing else
	targets map[string]Target
	lanes   map[string]*lane // of the targets
	http    *http.Client
	valve   valve
	flight  flight
	poison  poison

	rush    atomic.Bool // more webhooks wait than are placed at once: that goes before look-ups
	placing bell
	pumps   []*pump
}

const (
	// idle is how long a loop waits before it looks for work again, if nobody rings.
	idle = 250 * time.Millisecond
	// lease is how long a job is left alone that somebody works on.
	lease = time.Minute
	// reading is how long reading a session may take. It is well within the lease.
	reading      = 50 * time.Second
	defaultDrain = 20 * time.Second
)

// How many jobs of each kind are done side by side.
const (
	lookUps     = 8
	notices     = 16 // of which each target gets perTarget
	enrollments = 2
)

// New makes a worker.
func New(cfg Config) *Worker {
	w := &Worker{cfg: cfg, log: cfg.Log, clock: cfg.Clock, targets: map[string]Target{}, lanes: map[string]*lane{}, http: poster(), placing: newBell()}
	if w.log == nil {
		w.log = slog.New(slog.DiscardHandler)
	}
	if w.clock == nil {
		w.clock = systemClock{}
	}
	if w.cfg.Drain <= 0 {
		w.cfg.Drain = defaultDrain
	}
	for _, t := range cfg.Targets {
		w.targets[t.name], w.lanes[t.name] = t, newLane()
	}
	w.seat = cfg.Desk.As(model.Actor{Identity: "docket", Role: model.RoleService})
	w.pumps = []*pump{
		{w: w, kind: store.JobLookUp, width: lookUps, do: w.lookUp, api: true, bell: newBell()},
		{w: w, kind: store.JobNotify, width: notices, do: w.notify, bell: newBell()},
		{w: w, kind: store.JobEnroll, width: enrollments, do: w.enroll, api: true, bell: newBell()},
	}
	return w
}

// Poke says that a webhook was accepted: it is placed at once, not when the worker
// looks again by itself.
func (w *Worker) Poke() { w.placing.ring() }

// wake rings for all jobs.
func (w *Worker) wake() {
	for _, p := range w.pumps {
		p.bell.ring()
	}
}

// ErrCut is returned by Run when something was still under way at its end. It is done
// by whoever works on the inbox next.
var ErrCut = errors.New("the time for ending was up, and something was still under way")

// Run works until ctx ends. Then nothing more is taken, and what is under way gets a
// while to end.
func (w *Worker) Run(ctx context.Context) error {
	work, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var loops sync.WaitGroup
	loops.Go(func() { w.place(ctx, work) })
	for _, p := range w.pumps {
		loops.Go(func() { p.run(ctx, work) })
	}
	ended := make(chan struct{})
	go func() {
		loops.Wait()
		close(ended)
	}()
	<-ctx.Done()
	w.http.CloseIdleConnections()
	select {
	case <-ended:
		return nil
	case <-w.clock.After(w.cfg.Drain):
	}
	cut()
	<-ended
	return ErrCut
}

// observe tells how something ended that began then.
func (w *Worker) observe(event, kind string, begun time.Time) {
	if w.cfg.Observe != nil {
		w.cfg.Observe(event, kind, w.clock.Now().Sub(begun).Seconds())
	}
}

// bell wakes one that waits, once, however often it was rung.
type bell chan struct{}

func newBell() bell { return make(bell, 1) }

func (b bell) ring() {
	select {
	case b <- struct{}{}:
	default: // it rings already
	}
}

// pause waits for the bell, for a time, or for the end.
func (w *Worker) pause(ctx context.Context, b bell, d time.Duration) {
	select {
	case <-b:
	case <-w.clock.After(d):
	case <-ctx.Done():
	}
}
