package cli

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net"
	"sync"
	"time"

	"docket/gateway"
	"docket/intake"
	"docket/model"
	"docket/sim"
)

// liveDrain is how long what is under way may take when the demo ends. Its inbox is
// thrown away then.
const liveDrain = 500 * time.Millisecond

// live makes sessions arrive and move the whole way: the simulator sends webhooks over
// HTTP to a gateway on this machine, which keeps them in the inbox's queue, from where a
// worker takes them into the inbox. It goes on until ctx ends.
func (w *work) live(ctx context.Context, api *sim.Server, log *slog.Logger, every time.Duration, helpers *sync.WaitGroup) error {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	secrets := gateway.Secrets{Token: rand.Text(), Webhook: rand.Text(), HMAC: rand.Text()}
	g, err := gateway.New(gateway.Config{
		API: w.client, Store: w.store, Seat: w.desk.As(gatewayActor), Log: log, Secrets: secrets, Key: sim.DefaultAPIKey,
	})
	if err != nil {
		return err
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return model.NewProblem(model.KindFailed, "The demo's gateway cannot listen: "+err.Error(), "127.0.0.1",
			"check that programs may listen on this machine").Because(err)
	}
	sender, err := api.Send(sim.Hooks{
		URL: "http://" + ln.Addr().String() + "/webhook", Header: gateway.DefaultHeader, Secret: secrets.Webhook, SignKey: secrets.HMAC,
		Failed: func(reason string) { log.Warn("a webhook was not taken", "why", reason) },
	})
	if err != nil {
		_ = ln.Close() // the first error is the one to tell
		return err
	}
	worker := intake.New(intake.Config{Inbox: w.store, Desk: w.desk, Log: log, Drain: liveDrain})
	// What goes wrong with these shows as sessions that do not arrive, and in the log.
	helpers.Go(func() { _ = g.Serve(ctx, ln, g.Handler(), nil, gateway.Limits{Drain: liveDrain}) })
	helpers.Go(func() { _ = worker.Run(ctx) })
	helpers.Go(func() { sender.Run(ctx) })
	helpers.Go(func() { api.Live(ctx, every, nil) })
	return nil
}
