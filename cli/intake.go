package cli

import (
	"log/slog"

	"docket/intake"
	"docket/internal/config"
)

// intake makes what brings webhooks into the inbox, as the configuration says.
func (w *work) intake(cfg config.Config, log *slog.Logger, observe func(event, result string, seconds float64)) (*intake.Worker, error) {
	var targets []intake.Target
	for _, n := range cfg.Notify {
		if n.Secret.Empty() {
			return nil, usage("A target of outgoing webhooks has no secret to sign with", n.Name,
				"set "+config.NotifySecretName(n.Name)+" in the environment or in the file of --env-file, or remove the [[notify]]")
		}
		targets = append(targets, intake.NewTarget(n.Name, n.URL, n.Secret.Reveal()))
	}
	return intake.New(intake.Config{
		Inbox: w.store, Desk: w.desk, Rules: cfg.Rules, Targets: targets, Log: log, Observe: observe, Drain: workerDrain,
	}), nil
}
