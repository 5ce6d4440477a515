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
		Long: action.Kind.Info().Effect + "\n\nThe message goes to Incode as the reason (newReason): write nothing in it that must not\n" +
			"leave this machine.",
		Args: oneID,
	}
	f := actFlagsOf(cmd)
	cmd.Flags().StringVar(&action.Message, "message", "", "why it needs review; goes to Incode")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		action.IDs = args
		if err := said("--message", action.Message); err != nil {
			return err
		}
		return a.act(cmd.Context(), action, f)
	}
	return cmd
}
