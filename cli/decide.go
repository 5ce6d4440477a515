package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"docket/desk"
	"docket/model"
)

// decision makes the command of a manual review decision.
func (a *app) decision(kind model.ActionKind, short string) *cobra.Command {
	action := model.Action{Kind: kind}
	cmd := &cobra.Command{
		Use:   string(kind) + " ID --reason CODE",
		Short: short,
		Long: effectOf(kind) + "\n\nThe decision alone is sent; reason and note stay here. A session whose verdict is not\n" +
			"MANUAL or MANUAL_PENDING needs --override. --expect takes the digest of `docket show -o json`:\n" +
			"the decision is refused when the session has changed since.\n\n" +
			"Reason codes, unless the configuration has others:\n" + reasonHelp(kind),
		Example: "  docket " + string(kind) + " 5f9a41c2d3b0e7a1b2c3d4e5 --reason " + codes(desk.ReasonsFor(desk.DefaultReasons(), kind))[0] +
			"\n  docket " + string(kind) + " 5f9a41c2d3b0e7a1b2c3d4e5 --reason other --note \"spoke with the branch\" --yes",
		Args: oneID,
	}
	f := actFlagsOf(cmd)
	a.reasonFlags(cmd, &action)
	cmd.Flags().BoolVar(&action.Override, "override", false, "decide although the verdict does not wait for a person")
	cmd.Flags().StringVar(&action.Expect, "expect", "", "digest of the session that the decision is about")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		action.IDs = args
		if !f.yes && !a.env.asks() {
			return usage("There is no terminal to ask on, so nothing was sent", action.ID(), "repeat it with --yes when you are sure")
		}
		w, err := a.wire(ctx)
		if err != nil {
			return err
		}
		defer w.close()
		if err := reasonable(w.seat.Reasons(kind), action); err != nil {
			return err
		}
		return a.actAt(ctx, w, action, f)
	}
	return cmd
}

// reasonable checks the reason before anything is read: a wrong code is a
// mistake in the command line.
func reasonable(reasons []model.Reason, action model.Action) error {
	among := "give one of: " + strings.Join(codes(reasons), ", ")
	if action.Reason == "" {
		return usage("No reason was given", "--reason", among)
	}
	for _, r := range reasons {
		if r.Code != action.Reason {
			continue
		}
		if r.NeedsNote && strings.TrimSpace(action.Note) == "" {
			return usage("The reason "+r.Code+" needs a note", "--note", "say in a few words what it is")
		}
		return nil
	}
	return usage("This is no reason for "+string(action.Kind), quoted(action.Reason), among)
}

func codes(reasons []model.Reason) []string {
	all := make([]string, len(reasons))
	for i, r := range reasons {
		all[i] = r.Code
	}
	return all
}
