package cli

import (
	"github.com/spf13/cobra"

	"docket/model"
)

func (a *app) closing() *cobra.Command {
	return a.lifeChange(model.ActClose, "Close a session: the customer can add nothing more")
}

// lifeChange makes the command of an action that sets the session status.
func (a *app) lifeChange(kind model.ActionKind, short string) *cobra.Command {
	cmd := &cobra.Command{
		Use:   string(kind) + " ID",
		Short: short,
		Long:  kind.Info().Effect,
		Args:  oneID,
	}
	f := actFlagsOf(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.act(cmd.Context(), model.Action{Kind: kind, IDs: args}, f)
	}
	return cmd
}
