package cli

import (
	"github.com/spf13/cobra"

	"docket/model"
)

func (a *app) closing() *cobra.Command {
	return a.lifeChange(model.ActClose, "Close a session: the person can add nothing more")
}

// lifeChange makes the command of an action that sets the session status.
func (a *app) lifeChange(kind model.ActionKind, short string) *cobra.Command {
	cmd := &cobra.Command{
		Use:     string(kind) + " ID",
		Short:   short,
		Long:    effectOf(kind),
		Example: "  docket " + string(kind) + " 5f9a41c2d3b0e7a1b2c3d4e5\n  docket " + string(kind) + " 5f9a41c2d3b0e7a1b2c3d4e5 --yes -o json",
		Args:    oneID,
	}
	f := actFlagsOf(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.act(cmd.Context(), model.Action{Kind: kind, IDs: args}, f)
	}
	return cmd
}
