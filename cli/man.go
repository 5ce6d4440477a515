package cli

import (
	"io"

	mango "github.com/muesli/mango-cobra"
	"github.com/muesli/roff"
	"github.com/spf13/cobra"

	"docket/model"
)

func (a *app) man() *cobra.Command {
	return &cobra.Command{
		Use:     "man",
		Short:   "Print the manual page",
		Long:    "Prints the manual page, made from the same commands and flags as the help.",
		Example: "  docket man | man -l -",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			page, err := mango.NewManPage(1, cmd.Root())
			if err != nil {
				return model.NewProblem(model.KindFailed, "The manual page could not be made: "+err.Error(), "", "use `docket --help`").Because(err)
			}
			_, err = io.WriteString(a.env.Stdout, page.Build(roff.NewDocument()))
			return failed(err)
		},
	}
}
