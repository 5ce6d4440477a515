package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"docket/desk"
	"docket/gateway"
	"docket/intake"
	"docket/internal/config"
	"docket/model"
)

// gatewayFlags are what `docket gateway` was asked for.
type gatewayFlags struct {
	addr, opsAddr string
	open          bool
	cert, key     string
}

func (a *app) gateway() *cobra.Command {
	f := &gatewayFlags{}
	cmd := &cobra.Command{
		Use:   "gateway",
		Short: "Serve the token backend, and take webhooks into the inbox",
		Long: "Answers the calls of the token backend sample's front ends, and takes Incode's webhooks:\n" +
			"each is kept before it is answered, and comes into the inbox from there.\n\n" +
			"Callers of the token backend prove themselves with DOCKET_GATEWAY_TOKEN, webhooks with\n" +
			"DOCKET_WEBHOOK_SECRET in a header. Without these it does not start, except with --open,\n" +
			"which is for development and listens on this machine only.\n\n" +
			"It logs to standard error, one line of JSON for each request, without personal data.",
		Example: "  docket gateway\n  docket --env-file .env gateway --open --addr 127.0.0.1:3000\n" +
			"  docket gateway --addr 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem --ops-addr 127.0.0.1:9090",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runGateway(cmd.Context(), f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.addr, "addr", "127.0.0.1:8080", "address to listen on; port 0 takes a free one")
	flags.BoolVar(&f.open, "open", false, "ask nobody for a secret: for development, on this machine only")
	flags.StringVar(&f.opsAddr, "ops-addr", "", "address of their own for /readyz and /metrics, which asks for no token")
	flags.StringVar(&f.cert, "tls-cert", "", "certificate with its chain, PEM; read again when the file changes")
	flags.StringVar(&f.key, "tls-key", "", "private key of the certificate, PEM")
	cmd.AddCommand(a.gatewayDead(), a.gatewayResults())
	return cmd
}

func (a *app) runGateway(ctx context.Context, f *gatewayFlags) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if err := a.servesHere(cfg); err != nil {
		return err
	}
	gc := gatewayConfig(cfg, f)
	if err := gateway.Check(f.addr, gc); err != nil {
		return err
	}
	cert, err := f.certificate()
	if err != nil {
		return err
	}
	told, err := targets(cfg)
	if err != nil {
		return err
	}
	if gc.Log, err = a.serverLog(cfg.LogLevel); err != nil {
		return err
	}
	var w *work
	renewer := gateway.NewRenewer(func(ctx context.Context) error {
		return w.desk.As(gatewayActor).Login(ctx, cfg.GatewayEmail, cfg.GatewayPassword.Reveal())
	}, func() desk.Token { return w.seat.Token() }, gc.Log, gc.Metrics)
	w, err = a.wire(ctx, func(p *parts) {
		p.fresh = renews(cfg)
		p.keep = func(token string) (desk.Token, error) { return knownOf(token, "log-in"), nil }
		p.enrolled, p.refused = gc.Approvals.Put, renewer.Refused
	})
	if err != nil {
		return err
	}
	defer w.close()
	worker := intake.New(intake.Config{
		Inbox: w.store, Desk: w.desk, Rules: cfg.Rules, Targets: told, Log: gc.Log, Observe: gc.Metrics.Observe, Drain: workerDrain,
	})
	gc.API, gc.Store, gc.Seat = w.client, w.store, w.desk.As(gatewayActor)
	gc.Kept, gc.Refused = worker.Poke, renewer.Refused
	g, err := gateway.New(gc)
	if err != nil {
		return err
	}
	s := gatewayServer{app: a, cfg: cfg, flags: f, g: g, cert: cert, work: w, log: gc.Log}
	s.beside = append(s.beside, worker.Run)
	if renews(cfg) {
		s.beside = append(s.beside, renewer.Run)
	}
	return s.run(ctx)
}

// serverLog is the log of a server: lines of JSON on standard error.
func (a *app) serverLog(level string) (*slog.Logger, error) {
	var lowest slog.Level
	if err := lowest.UnmarshalText([]byte(level)); err != nil {
		return nil, usage("There is no such log level", quoted(level), "it is one of: debug, info, warn, error")
	}
	return slog.New(slog.NewJSONHandler(a.env.Stderr, &slog.HandlerOptions{Level: lowest})), nil
}

// targets are where rules can send outgoing webhooks. All have to sign what they send.
func targets(cfg config.Config) ([]intake.Target, error) {
	var all []intake.Target
	for _, n := range cfg.Notify {
		if n.Secret.Empty() {
			return nil, usage("A target of outgoing webhooks has no secret to sign with", n.Name,
				"set "+config.NotifySecretName(n.Name)+" in the environment or in the file of --env-file, or remove the [[notify]]")
		}
		all = append(all, intake.NewTarget(n.Name, n.URL, n.Secret.Reveal()))
	}
	return all, nil
}

// workerDrain is how long what is done with the queue may take at the end. With the time
// that requests have it stays within what a service manager waits.
const workerDrain = 10 * time.Second

// gatewayActor is who acts when nobody does: the gateway by itself.
var gatewayActor = model.Actor{Identity: "gateway", Role: model.RoleOwner}

// renews reports whether the gateway can get itself a token.
func renews(cfg config.Config) bool { return cfg.GatewayEmail != "" && !cfg.GatewayPassword.Empty() }

// gatewayConfig is what the configuration and the flags say of a gateway.
func gatewayConfig(cfg config.Config, f *gatewayFlags) gateway.Config {
	return gateway.Config{
		Secrets: gateway.Secrets{
			Token: cfg.GatewayToken.Reveal(), Webhook: cfg.WebhookSecret.Reveal(), HMAC: cfg.WebhookHMAC.Reveal(),
		},
		Header: cfg.WebhookHeader, Signature: cfg.Gateway.Signature, Open: f.open, ReadOnly: cfg.ReadOnly, OpsApart: f.opsAddr != "",
		Allow: cfg.Gateway.Allow, Proxies: cfg.Gateway.Proxies, Origins: cfg.Gateway.Origins,
		FlowID: cfg.FlowID, ClientID: cfg.ClientID, Key: cfg.APIKey.Reveal(),
		Approvals: &gateway.Approvals{}, Metrics: gateway.NewMetrics(),
	}
}

func (f *gatewayFlags) certificate() (*gateway.Certificate, error) {
	switch {
	case f.cert == "" && f.key == "":
		return nil, nil
	case f.cert == "" || f.key == "":
		return nil, usage("A certificate needs its key, and a key its certificate", "--tls-cert, --tls-key", "give both, or none")
	}
	return gateway.LoadCertificate(f.cert, f.key)
}

// gatewayServer is a gateway with what runs beside it.
type gatewayServer struct {
	app    *app
	cfg    config.Config
	flags  *gatewayFlags
	g      *gateway.Gateway
	cert   *gateway.Certificate
	work   *work
	log    *slog.Logger
	beside []func(context.Context) error // work until their context ends
}

// run serves until ctx ends. What is under way is finished first; then what runs
// beside it ends.
func (s *gatewayServer) run(ctx context.Context) error {
	ln, err := listen(ctx, s.flags.addr)
	if err != nil {
		return err
	}
	defer func() { _ = ln.Close() }() // a server has closed it, unless it never came to that
	var opsLn net.Listener
	if s.flags.opsAddr != "" {
		if opsLn, err = listen(ctx, s.flags.opsAddr); err != nil {
			return err
		}
		defer func() { _ = opsLn.Close() }()
	}
	s.app.say(s.help(ln.Addr().String(), opsLn))
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	for _, do := range s.beside {
		running.Go(func() {
			if err := do(working); err != nil {
				s.log.LogAttrs(working, slog.LevelWarn, "cut off", slog.String("problem", err.Error()))
			}
		})
	}
	ops := make(chan error, 1)
	opsCtx, stopOps := context.WithCancel(context.WithoutCancel(ctx))
	go func() { ops <- s.serveOps(opsCtx, opsLn) }()
	err = s.g.Serve(ctx, ln, s.g.Handler(), s.cert, gateway.Limits{})
	stopOps()
	stop()
	running.Wait()
	return errors.Join(err, <-ops)
}

func (s *gatewayServer) serveOps(ctx context.Context, ln net.Listener) error {
	if ln == nil {
		return nil
	}
	return s.g.Serve(ctx, ln, s.g.Ops(), nil, gateway.Limits{Write: time.Minute, Drain: time.Second})
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, model.NewProblem(model.KindFailed, "The gateway cannot listen: "+err.Error(), addr,
			"choose another address with --addr or --ops-addr; port 0 takes a free one").Because(err)
	}
	return ln, nil
}

// help says where the gateway is, what to set where, and what is missing.
func (s *gatewayServer) help(addr string, ops net.Listener) string {
	scheme := "http"
	if s.cert != nil {
		scheme = "https"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "The gateway is at %s://%s, for the API at %s.\n", scheme, addr, s.work.seat.Policy().Origin)
	if ops != nil {
		fmt.Fprintf(&b, "Readiness and metrics are at http://%s, and ask for no token.\n", ops.Addr())
	}
	b.WriteString(s.dashboard(scheme + "://" + addr))
	for _, m := range s.missing(scheme, addr) {
		b.WriteString("\nMissing: " + m)
	}
	b.WriteString("\nCtrl+C ends it; what is under way is finished.")
	return b.String()
}

// dashboard says what to set at Incode.
func (s *gatewayServer) dashboard(base string) string {
	header := s.cfg.WebhookHeader
	if header == "" {
		header = gateway.DefaultHeader
	}
	proof := "  header   " + header + ": the value of DOCKET_WEBHOOK_SECRET"
	if s.flags.open {
		proof = "  header   none: --open asks nobody for a secret"
	}
	return "At Incode's dashboard set for your webhooks, with your public name in place of this address:\n" +
		"  address  " + base + "/webhook, or /approve to enrol who passed; /webhook/identity for Incode ID\n" + proof
}

// missing are what a gateway can do without, and somebody may have forgotten.
func (s *gatewayServer) missing(scheme, addr string) []string {
	token := s.work.seat.Token()
	host, _, _ := net.SplitHostPort(addr)
	ip := net.ParseIP(host)
	var all []string
	for _, m := range []struct {
		is   bool
		text string
	}{
		{s.cfg.ReadOnly, "leave to change anything: it is read-only, so it begins and finishes no sessions, and /approve enrols nobody"},
		{s.cfg.FlowID == "", "DOCKET_FLOW_ID, the flow of sessions that /start begins"},
		{!token.Present && !renews(s.cfg), "an admin token: set DOCKET_GATEWAY_EMAIL and DOCKET_GATEWAY_PASSWORD, or DOCKET_ADMIN_TOKEN; without it nothing is looked up and nobody enrolled"},
		{token.Present && !renews(s.cfg), "DOCKET_GATEWAY_EMAIL and DOCKET_GATEWAY_PASSWORD: nobody renews the admin token" + tokenWords(token, s.work.now())},
		{scheme == "http" && (ip == nil || !ip.IsLoopback()), "TLS: other machines reach this address without it; let a proxy end TLS, or give --tls-cert and --tls-key"},
	} {
		if m.is {
			all = append(all, m.text)
		}
	}
	return all
}
