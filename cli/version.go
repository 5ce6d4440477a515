package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"docket/internal/version"
)

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Long:    "Prints the version, as reports of errors need it.",
		Example: "  docket version",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(a.env.Stdout, "docket "+version.String())
			return failed(err)
		},
	}
}
