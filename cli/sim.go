package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"docket/model"
	"docket/sim"
)

// simFlags are what `docket sim` was asked for.
type simFlags struct {
	addr     string
	anywhere bool
	sessions int
	seed     uint64
	hooks    hookFlags
}

func (a *app) simulator() *cobra.Command {
	f := &simFlags{}
	cmd := &cobra.Command{
		Use:   "sim",
		Short: "Serve a simulated API for trying and testing",
		Long: "Serves the simulated Omni API until it is interrupted, and says on standard error how to\n" +
			"use it. Its sessions are made up; the same seed makes the same ones. Nothing is stored.\n\n" +
			"Whoever reaches it can log in and steer it, so it listens on this machine only, unless\n" +
			"--any-address says that another address is meant.\n\n" +
			"With --webhooks its sessions arrive and move, and every change is sent to that address, also\n" +
			"what is decided at the API. The secret comes from " + envHookSecret + ", the key of an\n" +
			"HMAC-SHA256 signature from " + envHookSign + ". What is not taken is tried again.",
		Example: "  docket sim\n  docket sim --addr 127.0.0.1:0 --sessions 5000 --seed 3\n" +
			"  docket sim --webhooks http://127.0.0.1:8080/webhook --webhook-every 500ms",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runSim(cmd.Context(), f) },
	}
	cmd.Flags().StringVar(&f.addr, "addr", "127.0.0.1:8099", "address to listen on; port 0 takes a free one")
	cmd.Flags().BoolVar(&f.anywhere, "any-address", false, "allow addresses that other machines reach or are")
	f.hooks.define(cmd)
	populationFlags(cmd, &f.sessions, &f.seed)
	return cmd
}

// populationFlags are the same for the simulator and the demo.
func populationFlags(cmd *cobra.Command, sessions *int, seed *uint64) {
	cmd.Flags().IntVar(sessions, "sessions", sim.DefaultSessions, "how many sessions there are")
	cmd.Flags().Uint64Var(seed, "seed", sim.DefaultSeed, "the same seed makes the same sessions")
}

func checkPopulation(sessions int) error {
	if sessions < 1 || sessions > sim.MaxSessions {
		return usage("There have to be 1 to "+strconv.Itoa(sim.MaxSessions)+" sessions", "--sessions", "give a number in between")
	}
	return nil
}

func (a *app) runSim(ctx context.Context, f *simFlags) error {
	if err := checkPopulation(f.sessions); err != nil {
		return err
	}
	if err := loopbackOnly(f); err != nil {
		return err
	}
	if err := f.hooks.check(f.anywhere); err != nil {
		return err
	}
	api := sim.New(sim.Options{Sessions: f.sessions, Seed: f.seed})
	sender, err := a.sender(api, f)
	if err != nil {
		return err
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", f.addr)
	if err != nil {
		return model.NewProblem(model.KindFailed, "The simulator cannot listen: "+err.Error(), f.addr,
			"choose another address with --addr; port 0 takes a free one").Because(err)
	}
	a.say(simHelp(ln.Addr().String(), api, f))
	if sender == nil {
		return serve(ctx, ln, api)
	}
	a.say(a.hookHelp(&f.hooks))
	ctx, stop := context.WithCancel(ctx)
	var sending sync.WaitGroup
	sending.Go(func() { a.sends(ctx, api, sender, f.hooks.every) })
	defer sending.Wait()
	defer stop()
	return serve(ctx, ln, api)
}

// simHelp says how to use a simulator. Its credentials are made up and known to
// everybody.
func simHelp(addr string, api *sim.Server, f *simFlags) string {
	return fmt.Sprintf(`The simulated API is at http://%s, with %d sessions of seed %d. In another terminal:

  export DOCKET_API_URL=http://%s
  export DOCKET_API_KEY=%s
  export DOCKET_ADMIN_TOKEN=%s

  curl -s http://%s/_sim/sessions | docket add -
  docket

Or log in with docket login: e-mail %s, password %s.
Ctrl+C ends it.`, addr, f.sessions, f.seed, addr, sim.DefaultAPIKey, api.ExecutiveToken(), addr, sim.DefaultEmail, sim.DefaultPassword)
}

// loopbackOnly refuses an address that other machines reach, unless it is
// meant.
func loopbackOnly(f *simFlags) error {
	host, _, err := net.SplitHostPort(f.addr)
	if err != nil {
		return usage("This is no address to listen on", quoted(f.addr), "write it like 127.0.0.1:8099")
	}
	if f.anywhere || loopback(host) {
		return nil
	}
	return usage("Other machines would reach the simulator", quoted(f.addr), "listen on 127.0.0.1, or add --any-address if that is meant")
}

// headerTime is how long a client may take to send its headers.
const headerTime = 10 * time.Second

// serve serves until ctx ends.
func serve(ctx context.Context, ln net.Listener, handler http.Handler) error {
	srv := &http.Server{Handler: handler, ReadHeaderTimeout: headerTime}
	// What hangs on purpose would keep a shutdown waiting, so it is cut off.
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() })
	defer stop()
	if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return model.NewProblem(model.KindFailed, "The server ended: "+err.Error(), ln.Addr().String(), "start it again").Because(err)
	}
	return nil
}
