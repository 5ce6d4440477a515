package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"docket/cli/output"
	"docket/model"
	"docket/sshd"
)

func (a *app) sshSessions() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sessions",
		Short: "List who is on the server that runs here",
		Long: "Lists the sessions of docket ssh on this data folder: who, by which key, from where, since\n" +
			"when, when they have typed last, and what runs.",
		Example: "  docket ssh sessions\n  docket ssh sessions -o json",
		Args:    noArgs,
	}
	format := outputFlag(cmd, "table", "json")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.runSSHSessions(cmd.Context(), format.value) }
	return cmd
}

func (a *app) runSSHSessions(ctx context.Context, format string) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if err := a.operates(cfg); err != nil {
		return err
	}
	all, err := sshd.Sessions(ctx, cfg.Dirs.Data)
	if errors.Is(err, sshd.ErrNoServer) {
		return model.NewProblem(model.KindNotFound, "No docket ssh runs here", cfg.Dirs.Data, "ask as the user who runs it, on the machine where it runs").Because(err)
	}
	if err != nil {
		return err
	}
	if format == "json" {
		return failed(output.JSON(a.env.Stdout, all))
	}
	if len(all) == 0 {
		a.say("Nobody is here.")
	}
	for _, p := range all {
		_, err := fmt.Fprintf(a.env.Stdout, "%-16s  %-12s  %-16s  since %s  typed %s  %-10s  %s\n",
			safe(p.Name), p.Role, safe(p.From), p.Since.Format(time.RFC3339), p.Active.Format(time.TimeOnly), p.Runs, p.Key)
		if err != nil {
			return failed(err)
		}
	}
	return nil
}

func (a *app) sshRevoke() *cobra.Command {
	undo := false
	cmd := &cobra.Command{
		Use:   "revoke NAME | FINGERPRINT",
		Short: "Lock a person or a key out, and end their sessions",
		Long: "Locks a person out, or a key, or what an authority has signed, by its fingerprint (SHA256:…).\n" +
			"Their sessions end within a second, with a message; what they have held back is not sent.\n" +
			"It holds until it is undone, whatever the configuration says. It is in the audit log.",
		Example: "  docket ssh revoke ana\n  docket ssh revoke SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\n  docket ssh revoke --undo ana",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return nil
			}
			return usage(fmt.Sprintf("%s takes one name or fingerprint, %d were given", cmd.CommandPath(), len(args)), "", "see `docket ssh sessions`")
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.runSSHRevoke(cmd.Context(), args[0], undo) },
	}
	cmd.Flags().BoolVar(&undo, "undo", false, "let them in again")
	return cmd
}

func (a *app) runSSHRevoke(ctx context.Context, who string, undo bool) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if why := sshd.CheckRevocation(cfg, who); why != "" && !undo {
		return usage("Nobody can be revoked by this", quoted(who), why)
	}
	w, err := a.wireOperator(ctx, true) // who does it is in the log
	if err != nil {
		return err
	}
	defer w.close()
	what, says := who, "Revoked: "+who
	if undo {
		what, says = "undone "+who, "No longer revoked: "+who
	}
	if err := w.seat.Revoked(ctx, what); err != nil {
		return err
	}
	changed, err := sshd.Revoke(cfg.Dirs.Data, who, !undo)
	if err != nil {
		return model.NewProblem(model.KindFailed, "It could not be written down: "+cause(err), cfg.Dirs.Data, "check who may write in the folder").Because(err)
	}
	if !changed {
		says += ", as it was before"
	}
	ended, err := sshd.Reread(ctx, cfg.Dirs.Data)
	switch {
	case errors.Is(err, sshd.ErrNoServer):
		says += ". No docket ssh runs here now"
	case err != nil:
		return err
	case ended > 0:
		says += fmt.Sprintf(". Sessions ended: %d", ended)
	}
	_, err = fmt.Fprintln(a.env.Stdout, safe(says))
	return failed(err)
}
