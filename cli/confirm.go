package cli

import (
	"context"

	"github.com/spf13/cobra"

	"docket/model"
)

func (a *app) confirm() *cobra.Command {
	var decline bool
	cmd := &cobra.Command{
		Use:   "confirm ID",
		Short: "Send what another person has proposed",
		Long: "Where the configuration asks for a second person ([[second_person]]), an action is not sent\n" +
			"but proposed: `docket list --view proposed` has what waits. Anybody but who proposed it may\n" +
			"confirm it here, which sends it once, or decline it. Who it is tells the executive token,\n" +
			"or the user of this machine, never a display name. Who proposed it takes it back with\n" +
			"--decline. When the session has changed since, nothing is sent and the proposal is void.",
		Example: "  docket list --view proposed\n  docket confirm 5f9a41c2d3b0e7a1b2c3d4e5\n  docket confirm 5f9a41c2d3b0e7a1b2c3d4e5 --decline --yes",
		Args:    oneID,
	}
	f := actFlagsOf(cmd)
	cmd.Flags().BoolVar(&decline, "decline", false, "end the proposal without sending it")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if !f.yes && !a.env.asks() {
			return usage("There is no terminal to ask on, so nothing was sent", args[0], "repeat it with --yes when you are sure")
		}
		w, err := a.wire(cmd.Context())
		if err != nil {
			return err
		}
		defer w.close()
		return a.runConfirm(cmd.Context(), w, args[0], decline, f)
	}
	return cmd
}

func (a *app) runConfirm(ctx context.Context, w *work, id string, decline bool, f *actFlags) error {
	p, err := w.seat.Proposal(ctx, id)
	if err != nil {
		return err
	}
	if decline || p == nil {
		if p != nil && !f.yes {
			a.say("End the proposal: " + p.Action.Kind.Info().Title + " by " + safe(p.By))
			if err := a.agreed(ctx, "End it? [y/N] ", isYes, "The proposal stays", id); err != nil {
				return err
			}
		}
		if err := w.seat.EndProposal(ctx, id); err != nil {
			return err
		}
		a.say("The proposal is ended, nothing was sent.")
		return nil
	}
	if _, err := readFirst(ctx, w.seat, p.Action); err != nil {
		return err
	}
	if !f.yes {
		plan := w.seat.Plan(p.Action)
		plan.Second = nil // here they are
		a.say("Proposed by " + safe(p.By) + " on " + p.At.UTC().Format("2006-01-02 15:04") + " UTC")
		if err := a.ask(ctx, w, plan); err != nil {
			return err
		}
	}
	told := a.whenInterrupted(ctx)
	outcomes, err := w.seat.ConfirmNow(ctx, id)
	told()
	if err != nil {
		return err
	}
	return a.tellOutcomes(outcomes, false, f.output.value)
}

// proposes is what a question says of an action that a second person has to confirm.
func proposes(rule *model.SecondRule) string {
	if rule == nil {
		return ""
	}
	return "a second person has to confirm it before it is sent: " + rule.Name
}
