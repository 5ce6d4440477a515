package cli

import (
	"context"
	"errors"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"docket/audit"
	"docket/desk"
	"docket/internal/config"
	"docket/model"
	"docket/provider"
	"docket/provider/clean"
	"docket/provider/incode"
	"docket/sim"
	"docket/stats/statsgen"
	"docket/store/sqlite"
	"docket/ui"
)

// demoFlags are what `docket demo` was asked for.
type demoFlags struct {
	sessions int
	seed     uint64
	live     bool
}

// What the demo works under.
const (
	demoProfile = "demo"
	demoHold    = 3 * time.Second
	demoSLA     = 4 * time.Hour
	liveEvery   = 2 * time.Second // between two changes with --live
)

func (a *app) demo() *cobra.Command {
	f := &demoFlags{}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Open the console on a simulated API",
		Long: "Opens the console on the built-in simulator and a temporary inbox: no account and no\n" +
			"configuration are needed or read, and nothing is left behind. Everything works, and nothing\n" +
			"of it reaches anybody.",
		Example: "  docket demo\n  docket demo --sessions 5000 --live",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runDemo(cmd.Context(), f) },
	}
	populationFlags(cmd, &f.sessions, &f.seed)
	cmd.Flags().BoolVar(&f.live, "live", false, "sessions keep arriving and moving")
	return cmd
}

func (a *app) runDemo(ctx context.Context, f *demoFlags) error {
	if err := checkPopulation(f.sessions); err != nil {
		return err
	}
	if err := a.flagsAlone(); err != nil {
		return err
	}
	if err := a.needsTerminal(); err != nil {
		return err
	}
	if err := a.openLog(a.flags.logFile, a.flags.logLevel); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	var helpers sync.WaitGroup
	defer helpers.Wait()
	defer cancel()
	api := sim.New(sim.Options{Sessions: f.sessions, Seed: f.seed})
	w, err := a.wireDemo(ctx, api, &helpers)
	if err != nil {
		return err
	}
	defer w.close()
	// The past is written while the sessions are drawn up, but before anything that
	// happens now: times in the log never go back.
	past := make(chan error, 1)
	helpers.Go(func() { past <- w.store.Log(ctx, demoPast(w.now())...) })
	ids, err := w.announce(ctx, api)
	if err = errors.Join(err, <-past); err != nil {
		return err
	}
	if f.live {
		if err := w.live(ctx, api, a.log, liveEvery, &helpers); err != nil {
			return err
		}
	}
	// Whoever opens a session goes before the rest of the inbox.
	background := provider.WithPriority(ctx, provider.Refresh)
	helpers.Go(func() { w.fill(background, ids) })
	err = a.open(ctx, w)
	w.desk.Wait() // for its answer the simulator has to be there still
	cancel()
	helpers.Wait() // nothing may write to the store when it is closed
	return err
}

// flagsAlone checks the flags as a configuration would, of which the demo reads
// none.
func (a *app) flagsAlone() error {
	_, err := config.Load(config.Inputs{Env: func(string) string { return "" }, ConfigPath: os.DevNull, Flags: a.flags.values()})
	return err
}

// wireDemo serves the simulator on this machine and assembles a desk on it.
func (a *app) wireDemo(ctx context.Context, api *sim.Server, helpers *sync.WaitGroup) (*work, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, model.NewProblem(model.KindFailed, "The simulator cannot listen: "+err.Error(), "127.0.0.1",
			"check that programs may listen on this machine").Because(err)
	}
	// What goes wrong with it shows in the console as an API that is not there.
	helpers.Go(func() { _ = serve(ctx, ln, api) })
	inbox, err := sqlite.Temp(ctx)
	if err != nil {
		return nil, err
	}
	token := api.ExecutiveToken()
	known := knownOf(token, "the simulator")
	w, err := assemble(parts{
		apiURL: "http://" + ln.Addr().String(), apiKey: sim.DefaultAPIKey, token: token, known: known,
		store: inbox, profile: demoProfile, readOnly: a.flags.readOnly, noImages: a.flags.noImages, hold: demoHold, sla: demoSLA, lease: desk.DefaultLease, me: model.Actor{Identity: desk.IdentityOf(known, a.env.User), Role: model.RoleOwner}, acted: a.logOutcome,
		clientID: sim.DefaultClientID, smsWait: desk.DefaultSMSWait,
	})
	if err != nil {
		_ = inbox.Close() // the first error is the one to tell
		return nil, err
	}
	w.console.Theme, w.console.Still, w.ended = a.flags.theme, ui.Remote(a.env.Environ), a.logCalls
	return w, nil
}

// demoPast is what a made-up team decided in the last weeks, for the statistics.
func demoPast(now time.Time) []audit.Entry {
	const weeks, perDay = 2, 4
	return statsgen.Entries(statsgen.Past{
		Seed: sim.DefaultSeed, Team: []string{"os:ana", "os:ben", "os:chidi", "os:mei"},
		From: now.UTC().Truncate(day).AddDate(0, 0, -7*weeks), Until: now, PerDay: perDay,
	})
}

// announce puts every session in the inbox as webhooks would have done over the
// last hours, so that the first screen is whole, and returns the ids in the
// order to look them up: first those that wait for a person.
func (w *work) announce(ctx context.Context, api *sim.Server) ([]string, error) {
	var rows []model.Row
	for _, id := range api.IDs() {
		if so, ok := api.Session(id); ok {
			rows = append(rows, announced(so))
		}
	}
	if err := w.store.Upsert(ctx, rows...); err != nil {
		return nil, err
	}
	slices.SortStableFunc(rows, func(x, y model.Row) int { return urgency(x) - urgency(y) })
	return names(rows, func(r model.Row) string { return r.ID }), nil
}

func urgency(r model.Row) int {
	if r.Verdict.OpenToDecision() {
		return 0
	}
	return 1
}

// announced is what the inbox would know of a session before it is looked up.
func announced(so sim.Session) model.Row {
	text := func(s string) string {
		out, _ := clean.Text(s)
		return out
	}
	r := model.Row{
		ID: so.ID, Provider: incode.Name, Status: model.Status(so.OnboardingStatus), Life: model.Life(so.SessionStatus),
		Verdict: model.Verdict(so.Verdict), ReviewReason: model.ReviewReason(so.ReviewReason),
		ExternalID: text(so.ExternalID), FlowID: so.FlowID, CreatedAt: so.Created, WaitsFrom: so.Updated, AddedAt: so.Created,
	}
	if so.Name != "" {
		r.Name = model.NewPersonal(model.ClassName, text(so.Name))
	}
	return r
}

// fillChunk is how many sessions are looked up before the next ones are begun.
const fillChunk = 32

// fill looks every session up.
func (w *work) fill(ctx context.Context, ids []string) {
	for chunk := range slices.Chunk(ids, fillChunk) {
		if ctx.Err() != nil {
			return
		}
		// What fails is marked in its row, as with any session.
		w.seat.Add(ctx, chunk)
	}
}
