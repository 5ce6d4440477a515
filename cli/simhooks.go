package cli

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"docket/model"
	"docket/sim"
)

// Where the simulator's secrets stand: no flag takes one.
const (
	envHookSecret = "DOCKET_WEBHOOK_SECRET"
	envHookSign   = "DOCKET_WEBHOOK_HMAC"
)

// hookFlags are what `docket sim` was asked for about webhooks.
type hookFlags struct {
	url, header         string
	every               time.Duration
	duplicates, shuffle float64
}

func (h *hookFlags) define(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.StringVar(&h.url, "webhooks", "", "let sessions arrive and move, and send webhooks to this address")
	fs.StringVar(&h.header, "webhook-header", sim.DefaultHookHeader, "header that carries the secret of "+envHookSecret)
	fs.DurationVar(&h.every, "webhook-every", liveEvery, "time between two changes of sessions")
	fs.Float64Var(&h.duplicates, "webhook-duplicates", 0, "share of webhooks that come twice, 0 to 1")
	fs.Float64Var(&h.shuffle, "webhook-shuffle", 0, "share of webhooks that later ones overtake, 0 to 1")
}

// check refuses a target on another machine, unless it is meant: what is sent there
// has the secret in it.
func (h *hookFlags) check(anywhere bool) error {
	if h.url == "" {
		return nil
	}
	if h.every <= 0 {
		return usage("The time between two changes has to be longer than nothing", "--webhook-every", "write it like 2s or 100ms")
	}
	u, err := url.Parse(h.url)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return usage("Webhooks cannot be sent there", "--webhooks", "write the address like http://127.0.0.1:8080/webhook, without user and password")
	}
	if !anywhere && !loopback(u.Hostname()) {
		return usage("Webhooks would go to another machine", quoted(u.Host), "send them to 127.0.0.1, or add --any-address if that is meant")
	}
	return nil
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// sender makes the simulator send webhooks; nil when none are asked for.
func (a *app) sender(api *sim.Server, f *simFlags) (*sim.Sender, error) {
	h := f.hooks
	if h.url == "" {
		return nil, nil
	}
	var told sync.Map
	sender, err := api.Send(sim.Hooks{
		URL: h.url, Header: h.header, Secret: a.env.getenv(envHookSecret), SignKey: a.env.getenv(envHookSign),
		Duplicates: h.duplicates, Shuffle: h.shuffle, Seed: f.seed,
		Failed: func(reason string) {
			if _, before := told.LoadOrStore(reason, true); !before {
				a.say(safe("A webhook was not taken, and is tried again: " + reason))
			}
		},
	})
	if err != nil {
		return nil, model.NewProblem(model.KindUsage, "Webhooks cannot be sent: "+err.Error(), "docket sim",
			"correct the flag or the variable that it is about").Because(err)
	}
	return sender, nil
}

// sends moves sessions and sends webhooks until ctx ends, and says what became of
// them.
func (a *app) sends(ctx context.Context, api *sim.Server, sender *sim.Sender, every time.Duration) {
	var moving sync.WaitGroup
	moving.Go(func() { api.Live(ctx, every, nil) })
	sender.Run(ctx)
	moving.Wait()
	n := sender.Counts()
	a.say(fmt.Sprintf("Webhooks: %d taken, %d attempts failed, %d given up, %d not sent yet.", n.Sent, n.Failed, n.Lost, n.Made-n.Sent-n.Lost))
}

// hookHelp says where webhooks go, and with which proof.
func (a *app) hookHelp(h *hookFlags) string {
	proof := "no secret: set " + envHookSecret + " for one"
	if a.env.getenv(envHookSecret) != "" {
		proof = "the secret of " + envHookSecret + " in " + h.header
	}
	if a.env.getenv(envHookSign) != "" {
		proof += ", signed in " + sim.SignatureHeader
	}
	return safe(fmt.Sprintf("Webhooks go to %s, a change every %s, with %s.", h.url, h.every, proof))
}
