package cli

import (
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"docket/model"
)

func (a *app) antifraud() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "antifraud",
		Short: "Exempt a session from antifraud checks",
		Long: "Exempts one session from future antifraud checks. It is the only thing to do here:\n" +
			"`docket antifraud resolve`.",
		Example: "  docket antifraud resolve 5f9a41c2d3b0e7a1b2c3d4e5 --reason \"false alarm, see case 1042\"",
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
		Use:     "resolve ID --reason TEXT",
		Short:   "Exempt a session from future antifraud checks",
		Long:    effectOf(action.Kind) + "\n\nServers on the way write addresses into their logs, where they stay.",
		Example: "  docket antifraud resolve 5f9a41c2d3b0e7a1b2c3d4e5 --reason \"false alarm, see case 1042\"",
		Args:    oneID,
	}
	f := actFlagsOf(cmd)
	cmd.Flags().StringVar(&action.Message, "reason", "", "why; goes to Incode in the address of the request: no personal data")
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
	switch {
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		return usage("The text holds control characters", flag, "write it anew, without what was copied along")
	case strings.TrimSpace(text) != "":
		return nil
	}
	return usage("No text was given", flag, "say why in a few words, without personal data")
}
