package cli

import (
	"github.com/spf13/cobra"

	"docket/model"
)

func (a *app) expire() *cobra.Command {
	action := model.Action{Kind: model.ActExpire}
	conditions := []string{model.ExpireIncomplete, model.ExpireNeedsReview}
	cmd := &cobra.Command{
		Use:   "expire ID… --condition CONDITION",
		Short: "Expire sessions that meet a condition",
		Long: effectOf(action.Kind) + "\n\nAll sessions go in one call; then each is read back. Conditions:\n" +
			"  INCOMPLETE    the person has not finished\n" +
			"  NEEDS_REVIEW  the session waits for a reviewer",
		Example: "  docket expire 5f9a41c2d3b0e7a1b2c3d4e5 --condition INCOMPLETE\n  docket expire 5f9a41c2d3b0e7a1b2c3d4e5 6a0b52d3e4c1f8b2c3d4e5f6 --condition INCOMPLETE,NEEDS_REVIEW",
		Args:    someIDs,
	}
	f := actFlagsOf(cmd)
	cmd.Flags().StringSliceVar(&action.Conditions, "condition", nil, "expire only what meets it (repeats or takes commas)")
	complete(cmd, "condition", conditions...)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		action.IDs = unique(args)
		if len(action.Conditions) == 0 {
			return usage("No condition was given", "--condition", "give INCOMPLETE, NEEDS_REVIEW or both")
		}
		for i, c := range action.Conditions {
			known, err := named("condition", c, conditions)
			if err != nil {
				return err
			}
			action.Conditions[i] = known
		}
		action.Conditions = unique(action.Conditions)
		return a.act(cmd.Context(), action, f)
	}
	return cmd
}
