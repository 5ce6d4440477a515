package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"docket/model"
)

func (a *app) enroll() *cobra.Command {
	action := model.Action{Kind: model.ActEnroll}
	cmd := &cobra.Command{
		Use:   "enroll ID",
		Short: "Create the identity of the person in a session",
		Long: effectOf(action.Kind) + "\n\nComponents: " + strings.Join(model.ApproveComponents(), ", ") + "; none named means all.\n" +
			"The token in the answer is neither shown nor kept.",
		Example: "  docket enroll 5f9a41c2d3b0e7a1b2c3d4e5\n  docket enroll 5f9a41c2d3b0e7a1b2c3d4e5 --component id,liveness",
		Args:    oneID,
	}
	f := actFlagsOf(cmd)
	cmd.Flags().StringSliceVar(&action.Components, "component", nil, "component to enrol (repeats or takes commas)")
	complete(cmd, "component", model.ApproveComponents()...)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		action.IDs = args
		for i, c := range action.Components {
			known, err := named("component", c, model.ApproveComponents())
			if err != nil {
				return err
			}
			action.Components[i] = known
		}
		return a.act(cmd.Context(), action, f)
	}
	return cmd
}
