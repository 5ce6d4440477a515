package cli

import (
	"github.com/spf13/cobra"

	"docket/model"
)

func (a *app) reopen() *cobra.Command {
	return a.lifeChange(model.ActReopen, "Make a closed session alive again")
}
