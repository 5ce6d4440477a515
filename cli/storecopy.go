package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"docket/internal/config"
	"docket/model"
	"docket/store"
	"docket/store/postgres"
	"docket/store/sqlite"
)

func (a *app) storage() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "store",
		Short:   "Move the inbox to another database",
		Long:    "The inbox is in a file (SQLite) for one person, or in Postgres for a team.",
		Example: "  docket store copy sqlite:docket.db postgres://docket@db.example/docket",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.storeCopy())
	return cmd
}

func (a *app) storeCopy() *cobra.Command {
	return &cobra.Command{
		Use:   "copy FROM TO",
		Short: "Copy an inbox with its audit log into an empty one",
		Long: "Copies everything that the inbox FROM holds into TO, which must be empty: sessions, notes,\n" +
			"tags, claims, proposals, bulk runs, webhooks that wait, and the audit log as it was written,\n" +
			"so that `docket audit verify` says the same of both. All of it is copied or nothing.\n\n" +
			"FROM and TO are sqlite:PATH or postgres://USER@HOST/DATABASE. Neither holds a password:\n" +
			"give one as PGPASSWORD, or in the file ~/.pgpass.\n\n" +
			"FROM is copied as it is at one moment; end the consoles and gateways that use it first. It\n" +
			"is left as it is: delete it when you are sure, and with it the personal data that it holds.",
		Example: "  docket store copy sqlite:docket.db postgres://docket@db.example/docket\n" +
			"  docket store copy postgres://docket@db.example/docket sqlite:backup.db",
		Args: twoStores,
		RunE: func(cmd *cobra.Command, args []string) error { return a.runStoreCopy(cmd.Context(), args[0], args[1]) },
	}
}

func (a *app) runStoreCopy(ctx context.Context, from, to string) (err error) {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if err := a.operates(cfg); err != nil {
		return err
	}
	source, err := openMover(ctx, cfg, from, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := openMover(ctx, cfg, to, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	moved, err := target.Import(ctx, source.Export(ctx))
	if errors.Is(err, store.ErrNotEmpty) {
		return model.NewProblem(model.KindUsage, "The inbox to copy into holds something already; nothing was copied", target.at.String(),
			"name one that is empty or not there yet").Because(err)
	}
	if err != nil {
		return err
	}
	if len(moved) == 0 {
		return model.NewProblem(model.KindNotFound, "The inbox to copy holds nothing", source.at.String(), "name the one that does")
	}
	for _, kind := range store.Kinds() {
		if moved[kind] == 0 {
			continue
		}
		if _, err := fmt.Fprintf(a.env.Stdout, "%d %s\n", moved[kind], kind); err != nil {
			return err
		}
	}
	return nil
}

func twoStores(cmd *cobra.Command, args []string) error {
	if len(args) != 2 {
		return usage(fmt.Sprintf("%s takes two inboxes, %d were given", cmd.CommandPath(), len(args)), "", "name the one to copy, and the one to copy it into")
	}
	return nil
}

// mover is an inbox and where it is.
type mover struct {
	anyInbox
	at config.StoreURL
}

// openMover opens the inbox at a place; there says that it must be there already.
func openMover(ctx context.Context, cfg config.Config, text string, there bool) (mover, error) {
	at, err := cfg.StoreAt(text)
	if err != nil {
		return mover{}, err
	}
	if there { // opening it would make one
		if err := mustExist(ctx, at); err != nil {
			return mover{}, err
		}
	}
	inbox, err := openInbox(ctx, at)
	if err != nil {
		return mover{}, err
	}
	return mover{inbox, at}, nil
}

// mustExist returns a problem when there is no inbox at a place, which is left as it is.
func mustExist(ctx context.Context, at config.StoreURL) error {
	there, err := false, error(nil)
	path, file := strings.CutPrefix(at.Reveal(), "sqlite:")
	if file {
		there, err = sqlite.Exists(path)
	} else {
		there, err = postgres.Exists(ctx, at.Reveal())
	}
	if err == nil && !there {
		err = model.NewProblem(model.KindNotFound, "There is no inbox to copy", at.String(), "name the file or the database that holds it")
	}
	return err
}
