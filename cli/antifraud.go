package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"docket/model"
)

func (a *app) antifraud() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "antifraud",
		Short: "Exempt a session from antifraud checks",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("docket antifraud needs to know what to do", "", "use `docket antifraud resolve ID --reason TEXT`")
			}
			return usage("docket antifraud cannot do this", quoted(args[0]), "use `docket antifraud resolve ID --reason TEXT`")
		},
		RunE: func(*cobra.Command, []string) error { return nil }, // without it Args is not asked
	}
	cmd.AddCommand(a.antifraudResolve())
	return cmd
}

func (a *app) antifraudResolve() *cobra.Command {
	action := model.Action{Kind: model.ActAntifraud}
	cmd := &cobra.Command{
		Use:   "resolve ID --reason TEXT",
		Short: "Exempt a session from future antifraud checks",
		Long:  action.Kind.Info().Effect + "\n\nThe reason travels in the address of the request, which servers log: no personal data.",
		Args:  oneID,
	}
	f := actFlagsOf(cmd)
	cmd.Flags().StringVar(&action.Message, "reason", "", "why; goes to Incode in the address of the request")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		action.IDs = args
		if err := said("--reason", action.Message); err != nil {
			return err
		}
		return a.act(cmd.Context(), action, f)
	}
	return cmd
}

// said checks that a text that goes to the API was given.
func said(flag, text string) error {
	if strings.TrimSpace(text) != "" {
		return nil
	}
	return usage("No text was given", flag, "say why in a few words, without personal data")
}
