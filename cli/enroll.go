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
		Short: "Create the identity of the person of a session",
		Long: action.Kind.Info().Effect + "\n\nComponents: " + strings.Join(model.ApproveComponents(), ", ") + "; none named means all.\n" +
			"The token in the answer is neither shown nor kept.",
		Args: oneID,
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
