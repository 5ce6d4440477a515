package cli

import (
	"github.com/spf13/cobra"

	"docket/model"
)

func (a *app) remove() *cobra.Command {
	action := model.Action{Kind: model.ActDelete}
	var identity string
	cmd := &cobra.Command{
		Use:   "delete ID --identity keep|delete",
		Short: "Delete the personal data of a session",
		Long: effectOf(action.Kind) + "\n\n--identity says what becomes of the person's identity at Incode: keep it, or delete it too.\n" +
			"On a terminal the last six characters of the id have to be typed.",
		Example: "  docket delete 5f9a41c2d3b0e7a1b2c3d4e5 --identity keep\n  docket delete 5f9a41c2d3b0e7a1b2c3d4e5 --identity delete --notify",
		Args:    oneID,
	}
	f := actFlagsOf(cmd)
	cmd.Flags().StringVar(&identity, "identity", "", "what becomes of the identity: keep or delete")
	cmd.Flags().BoolVar(&action.Notify, "notify", false, "have Incode notify the client's system")
	complete(cmd, "identity", "keep", "delete")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		action.IDs = args
		if identity == "" {
			return usage("It was not said what becomes of the identity", "--identity", "give keep or delete")
		}
		answer, err := named("answer to --identity", identity, []string{"keep", "delete"})
		if err != nil {
			return err
		}
		action.KeepIdentity = answer == "keep"
		return a.act(cmd.Context(), action, f)
	}
	return cmd
}
