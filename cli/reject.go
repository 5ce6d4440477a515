package cli

import (
	"github.com/spf13/cobra"

	"docket/model"
)

func (a *app) reject() *cobra.Command {
	return a.decision(model.ActReject, "Reject a session that waits for manual review")
}
