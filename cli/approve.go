package cli

import (
	"github.com/spf13/cobra"

	"docket/model"
)

func (a *app) approve() *cobra.Command {
	return a.decision(model.ActApprove, "Approve a session that waits for manual review")
}
