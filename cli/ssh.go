package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"

	"github.com/spf13/cobra"

	"docket/gateway"
	"docket/internal/config"
	"docket/model"
	"docket/sshd"
	"docket/themes"
	"docket/ui"
	"docket/ui/keymap"

	"docket/desk"
)

func (a *app) ssh() *cobra.Command {
	addr := ""
	cmd := &cobra.Command{
		Use:   "ssh",
		Short: "Serve the console over SSH, to the people of the configuration",
		Long: "Serves the console and most commands over SSH, to the people that the configuration names\n" +
			"with [[person]], by their keys or certificates. The executive token and the inbox stay on\n" +
			"the server; a person needs an SSH client and nothing else:\n\n" +
			"  ssh -p 2222 bastion.example                    the console\n" +
			"  ssh -p 2222 bastion.example list -o json       a command\n\n" +
			"With nobody configured it does not start. A key that is taken out of the configuration or\n" +
			"of its files ends the sessions of its person within a second. Files, forwarding and other\n" +
			"programs there are none.\n\n" +
			"It logs to standard error, lines of JSON, without personal data. A signal ends it in order:\n" +
			"everybody is told, what was sent is waited for, and what was held back is not sent.",
		Example: "  docket ssh\n  docket ssh --addr :2222\n  docket ssh sessions\n  docket ssh revoke ana",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runSSH(cmd.Context(), addr) },
	}
	cmd.Flags().StringVar(&addr, "addr", "", "address to listen on, instead of addr in [ssh]; port 0 takes a free one")
	cmd.AddCommand(a.sshSessions(), a.sshRevoke())
	return cmd
}

func (a *app) runSSH(ctx context.Context, addr string) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if addr == "" {
		addr = cfg.SSH.Addr
	}
	if !config.IsAddress(addr) {
		return usage("This is no address to listen on", quoted(addr), "write it as 127.0.0.1:2222 or :2222")
	}
	if err := looks(cfg); err != nil {
		return err
	}
	log, err := a.serverLog(cfg.LogLevel)
	if err != nil {
		return err
	}
	host := sshHost{app: a, log: log}
	server, found, err := sshd.New(sshd.Config{
		Settings: cfg, Again: func() (config.Config, error) { return config.Load(a.inputs()) }, Log: log,
		Run: host.run, Came: host.came, Went: host.went,
	})
	for _, f := range found {
		a.say("docket: " + safe(f.What+" ("+f.Subject+"); "+f.Do))
	}
	if err != nil {
		return err
	}
	// One that does not answer may only be busy.
	if _, err := sshd.Sessions(ctx, cfg.Dirs.Data); !errors.Is(err, sshd.ErrNoServer) {
		return model.NewProblem(model.KindFailed, "docket ssh runs on this data folder already", cfg.Dirs.Data, "end that one first, or give this one a folder of its own with XDG_DATA_HOME")
	}
	a.spareMemory(memoryOfMany)
	w, renew, err := a.wireSSH(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer w.close()
	host.shared = &Shared{cfg: cfg, work: w}
	return host.serve(ctx, server, addr, renew)
}

// wireSSH builds the desk that everybody shares, and what renews its token.
func (a *app) wireSSH(ctx context.Context, cfg config.Config, log *slog.Logger) (*work, func(context.Context) error, error) {
	if !renews(cfg) {
		w, err := a.wire(ctx)
		return w, nil, err
	}
	var w *work
	renewer := gateway.NewRenewer(func(ctx context.Context) error {
		return w.desk.As(serverActor).Login(ctx, cfg.GatewayEmail, cfg.GatewayPassword.Reveal())
	}, func() desk.Token { return w.seat.Token() }, log, gateway.NewMetrics())
	w, err := a.wire(ctx, func(p *parts) {
		p.fresh, p.refused = true, renewer.Refused
		p.keep = func(token string) (desk.Token, error) { return knownOf(token, "log-in"), nil }
	})
	return w, renewer.Run, err
}

// serverActor is who acts when nobody does: the server by itself.
var serverActor = model.Actor{Identity: "docket", Role: model.RoleOwner}

// looks refuses settings of people that their console could not follow: they would find
// out, and could not mend it.
func looks(cfg config.Config) error {
	for _, p := range cfg.People {
		if p.Settings.Theme != "" {
			if _, err := themes.Load(p.Settings.Theme); err != nil {
				return usage("There is no such theme", "theme of "+p.Name+": "+quoted(p.Settings.Theme), "choose one of "+strings.Join(themes.Names(), ", "))
			}
		}
		if _, err := keymap.New(p.Settings.Keys); err != nil {
			return usage("Keys cannot be bound like this: "+err.Error(), "keys of "+p.Name, "correct [person.settings]")
		}
	}
	return nil
}

// sshHost is what people meet at the other end.
type sshHost struct {
	app    *app
	shared *Shared
	log    *slog.Logger
}

func (h *sshHost) serve(ctx context.Context, server *sshd.Server, addr string, renew func(context.Context) error) error {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return model.NewProblem(model.KindFailed, "The server cannot listen: "+err.Error(), addr, "choose another address with --addr or addr in [ssh]; port 0 takes a free one").Because(err)
	}
	defer func() { _ = ln.Close() }() // the server has closed it, unless it never came to that
	w := h.shared.work
	h.app.say(fmt.Sprintf("docket is served over SSH at %s, for the API at %s.\nThe key of the server is %s.\nCtrl+C ends it; what is under way is finished.",
		ln.Addr(), w.seat.Policy().Origin, server.HostKey))
	if token := w.seat.Token(); !token.Present && renew == nil {
		h.app.say("Missing: an executive token. Set DOCKET_ADMIN_TOKEN, or DOCKET_GATEWAY_EMAIL and DOCKET_GATEWAY_PASSWORD, so that sessions can be opened.")
	}
	if renew == nil {
		return server.Serve(ctx, ln)
	}
	renewing, stop := context.WithCancel(context.WithoutCancel(ctx))
	renewed := make(chan error, 1)
	go func() { renewed <- renew(renewing) }()
	err = server.Serve(ctx, ln)
	stop()
	return errors.Join(err, <-renewed)
}

// run runs what a guest has asked for, as the same command line that this process has.
func (h *sshHost) run(ctx context.Context, g *sshd.Guest) int {
	return Run(ctx, Env{
		Args: g.Args, Environ: g.Environ, Stdin: g.In, Stdout: g.Out, Stderr: g.Err,
		InTerminal: g.Terminal, OutTerminal: g.Terminal, ErrTerminal: g.Terminal, Size: g.Size, Resized: g.Resized,
		User: g.Person.Identity(), Remote: true, Shared: h.shared, Person: g.Person,
		Failed: func(f ui.Failure) { tellFailure(h.log, f) },
	})
}

func (h *sshHost) seat(g *sshd.Guest) *desk.Seat { return h.shared.work.desk.As(actorOf(g.Person)) }

func (h *sshHost) came(ctx context.Context, g *sshd.Guest, how string) error {
	return h.seat(g).Came(context.WithoutCancel(ctx), how)
}

func (h *sshHost) went(g *sshd.Guest, how string) error {
	return h.seat(g).Went(context.Background(), how)
}
