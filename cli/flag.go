package cli

import (
	"github.com/spf13/cobra"

	"docket/model"
)

func (a *app) flag() *cobra.Command {
	action := model.Action{Kind: model.ActFlag}
	var document, selfie bool
	cmd := &cobra.Command{
		Use:   "flag ID",
		Short: "Ask for a check by hand of the document or the selfie",
		Long: effectOf(action.Kind) + "\n\nA flag that is not named stays as it is; --id-check=false takes one back. The API does not\n" +
			"tell which flags are set: `docket link ID` shows which were set from here.",
		Example: "  docket flag 5f9a41c2d3b0e7a1b2c3d4e5 --id-check\n  docket flag 5f9a41c2d3b0e7a1b2c3d4e5 --id-check=false --selfie-check --yes",
		Args:    oneID,
	}
	f := actFlagsOf(cmd)
	cmd.Flags().BoolVar(&document, "id-check", false, "the document needs a check by hand")
	cmd.Flags().BoolVar(&selfie, "selfie-check", false, "the selfie needs a check by hand")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		action.IDs, action.Flags = args, nil
		for _, flag := range []struct {
			name, yes, no string
			on            bool
		}{
			{"id-check", model.FlagIDCheck, model.FlagNoIDCheck, document},
			{"selfie-check", model.FlagSelfieCheck, model.FlagNoSelfieCheck, selfie},
		} {
			switch {
			case !cmd.Flags().Changed(flag.name):
			case flag.on:
				action.Flags = append(action.Flags, flag.yes)
			default:
				action.Flags = append(action.Flags, flag.no)
			}
		}
		if len(action.Flags) == 0 {
			return usage("No flag was given", args[0], "add --id-check, --selfie-check or both")
		}
		return a.act(cmd.Context(), action, f)
	}
	return cmd
}
