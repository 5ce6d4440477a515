package cli

import (
	"github.com/spf13/cobra"

	"docket/model"
)

func (a *app) review() *cobra.Command {
	action := model.Action{Kind: model.ActReview}
	cmd := &cobra.Command{
		Use:   "review ID --message TEXT",
		Short: "Mark a session as needing manual review",
		Long: effectOf(action.Kind) + "\n\nThe message leaves this machine, as newReason: write nothing in it that must stay here.\n\n" +
			"On a session that was approved or rejected this takes the decision back, and needs --reason;\n" +
			"reason and note stay here. Reason codes, unless the configuration has others:\n" + reasonHelp(action.Kind),
		Example: "  docket review 5f9a41c2d3b0e7a1b2c3d4e5 --message \"compare the address with the bill\"\n" +
			"  docket review 5f9a41c2d3b0e7a1b2c3d4e5 --message \"second look\" --reason decided-in-error",
		Args: oneID,
	}
	f := actFlagsOf(cmd)
	cmd.Flags().StringVar(&action.Message, "message", "", "why it needs review; goes to Incode")
	a.reasonFlags(cmd, &action)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		action.IDs = args
		if err := said("--message", action.Message); err != nil {
			return err
		}
		return a.act(cmd.Context(), action, f)
	}
	return cmd
}
