package cli

import (
	"context"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"docket/desk"
	"docket/internal/config"
	"docket/model"
)

// offer is what the shell asks for the values that begin like what was typed.
type offer = cobra.CompletionFunc

// complete offers fixed values of a flag to the shell.
func complete(cmd *cobra.Command, flag string, values ...string) {
	completeWith(cmd, flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// completeWith offers values of a flag that are found when the shell asks.
func completeWith(cmd *cobra.Command, flag string, values offer) {
	if err := cmd.RegisterFlagCompletionFunc(flag, values); err != nil {
		panic(err) // the flag does not exist, or has values already: a mistake in this package
	}
}

// filesOf are the flags whose value is a file, which the shell completes itself.
var filesOf = []string{"config", "env-file", "log-file", "out", "verify", "identity"}

// completions gives every command what its arguments and flags still lack: ids
// where the usage line has them, and no names of files where none are taken.
func (a *app) completions(cmd *cobra.Command) {
	if cmd.ValidArgsFunction == nil && len(cmd.ValidArgs) == 0 {
		switch {
		case strings.Contains(cmd.Use, " ID…"):
			cmd.ValidArgsFunction = a.offerIDs(0)
		case strings.Contains(cmd.Use, " ID"):
			cmd.ValidArgsFunction = a.offerIDs(1)
		default:
			cmd.ValidArgsFunction = cobra.NoFileCompletions
		}
	}
	none := func(f *pflag.Flag) {
		if _, has := cmd.GetFlagCompletionFunc(f.Name); !has && !slices.Contains(filesOf, f.Name) {
			completeWith(cmd, f.Name, cobra.NoFileCompletions)
		}
	}
	cmd.Flags().VisitAll(none)
	cmd.PersistentFlags().VisitAll(none)
	for _, c := range cmd.Commands() {
		a.completions(c)
	}
}

// What the completion of an id may cost: nobody wants to wait for a shell, or
// scroll through an inbox in it.
const (
	completeTime = 2 * time.Second
	completeMost = 100
	searchedID   = 4 // characters of an id from which on the search finds it
)

// offerIDs offers the ids of the inbox that were not named yet, with what is
// known of each but the person. The API is not asked, and what goes wrong
// offers nothing.
func (a *app) offerIDs(most int) offer {
	return func(cmd *cobra.Command, args []string, begin string) ([]string, cobra.ShellCompDirective) {
		if most > 0 && len(args) >= most {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		ctx, cancel := context.WithTimeout(cmd.Context(), completeTime)
		defer cancel()
		var found []string
		for _, r := range a.inboxRows(ctx, begin) {
			if strings.HasPrefix(r.ID, begin) && !slices.Contains(args, r.ID) && len(found) < completeMost {
				found = append(found, r.ID+"\t"+strings.TrimSpace(string(r.Verdict)+" "+string(r.Status)))
			}
		}
		return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}

// completeIn is how long a key in the shell may wait for an inbox far away.
const completeIn = 2 * time.Second

// inboxRows reads the first rows of the inbox whose id may begin so, if there is
// an inbox: a key in the shell makes none.
func (a *app) inboxRows(ctx context.Context, begin string) []model.Row {
	cfg, err := a.config()
	if err != nil {
		return nil
	}
	if path, ok := strings.CutPrefix(cfg.Store.Reveal(), "sqlite:"); ok {
		if _, err := os.Stat(path); err != nil {
			return nil
		}
	}
	ctx, cancel := context.WithTimeout(ctx, completeIn)
	defer cancel()
	inbox, err := openStore(ctx, cfg)
	if err != nil {
		return nil
	}
	defer func() { _ = inbox.Close() }() // nothing was written
	q := model.Query{View: model.ViewAll, Limit: pageRows}
	if len(begin) >= searchedID {
		q.Search = begin
	}
	page, err := inbox.List(ctx, q)
	if err != nil {
		return nil
	}
	return page.Rows
}

// offerReasons offers the reason codes of an action, those of the configuration
// where it has its own.
func (a *app) offerReasons(kind model.ActionKind) offer {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		cfg, _ := a.config() // without one it is the shipped ones
		var found []string
		for _, r := range desk.ReasonsFor(desk.Catalogue(cfg.Reasons), kind) {
			found = append(found, r.Code+"\t"+safe(r.Text(reasonsLang(cfg))))
		}
		return found, cobra.ShellCompDirectiveNoFileComp
	}
}

// offerProfiles offers the profiles of the configuration file.
func (a *app) offerProfiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return config.Profiles(a.inputs()), cobra.ShellCompDirectiveNoFileComp
}
