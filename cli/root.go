package cli

import (
	"io"
	"strings"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"

	"docket/internal/config"
	"docket/themes"
)

// globalFlags are the flags that every command takes. None takes a secret:
// arguments can be seen by every user of the machine.
type globalFlags struct {
	config, profile, envFile string
	store, theme, lang       string
	readOnly, noImages       bool
	logFile, logLevel        string
}

// Groups of the help page.
const (
	groupRead   = "read"
	groupDecide = "decide"
	groupAct    = "act"
	groupSetUp  = "setup"
)

// root makes the tree of commands. It is made anew for each run: commands hold
// the values of their flags.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "docket",
		Short: "Review identity verification sessions in the terminal",
		Long: "docket is a console for people who review Incode verification sessions: see which\n" +
			"sessions need a human, understand why, decide, and be on the next one.\n\n" +
			"Without a command it opens the console. `docket demo` opens it on a simulated API,\n" +
			"with no account and no configuration.",
		Example: "  docket demo\n  docket --env-file .env\n  docket --profile staging list --view review",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return unknownCommand(cmd, args[0])
		},
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return a.remote(cmd) },
		RunE:              func(cmd *cobra.Command, _ []string) error { return a.console(cmd.Context()) },
		SilenceErrors:     true,
		SilenceUsage:      true,
	}
	const typo = 2 // letters that may be wrong in a suggestion
	root.SuggestionsMinimumDistance = typo
	root.CompletionOptions.DisableDefaultCmd = true // ours says what to do with it
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return flagProblem(err) })
	a.globals(root)
	root.AddGroup(
		&cobra.Group{ID: groupRead, Title: "Inbox and sessions"},
		&cobra.Group{ID: groupDecide, Title: "Decisions"},
		&cobra.Group{ID: groupAct, Title: "Rare actions"},
		&cobra.Group{ID: groupSetUp, Title: "Set up and try"},
	)
	for group, commands := range a.commands() {
		for _, c := range commands {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	root.SetHelpCommandGroupID(groupSetUp)
	a.completions(root)
	a.styleHelp(root)
	return root
}

func (a *app) commands() map[string][]*cobra.Command {
	return map[string][]*cobra.Command{
		groupRead:   {a.add(), a.list(), a.show(), a.images(), a.export(), a.stats()},
		groupDecide: {a.approve(), a.reject(), a.review(), a.confirm(), a.bulk()},
		groupAct:    {a.antifraud(), a.enroll(), a.expire(), a.closing(), a.reopen(), a.link(), a.flag(), a.remove()},
		groupSetUp: {
			a.login(), a.logout(), a.whoami(), a.pin(), a.audit(), a.doctor(), a.demo(), a.gateway(), a.ssh(), a.simulator(), a.storage(),
			a.version(), a.completion(), a.man(),
		},
	}
}

func unknownCommand(cmd *cobra.Command, name string) error {
	do := "see `docket --help` for the commands"
	if alike := cmd.SuggestionsFor(name); len(alike) > 0 {
		do = "did you mean `docket " + alike[0] + "`?"
	}
	return usage("There is no such command", quoted(name), do)
}

func (a *app) globals(root *cobra.Command) {
	f, g := root.PersistentFlags(), &a.flags
	f.StringVar(&g.config, "config", "", "configuration file, instead of the one in the XDG folder")
	f.StringVar(&g.profile, "profile", "", "profile of the configuration file")
	f.StringVar(&g.envFile, "env-file", "", "file of variables, as the token backend sample has")
	f.StringVar(&g.store, "store", "", "where the inbox is: sqlite:PATH or postgres://USER@HOST/DATABASE")
	f.StringVar(&g.theme, "theme", "", "theme of the console: "+strings.Join(themes.Names(), ", "))
	f.StringVar(&g.lang, "lang", "", "language of the console: "+strings.Join(config.Languages(), ", "))
	f.BoolVar(&g.readOnly, "read-only", false, "change nothing at the API")
	f.BoolVar(&g.noImages, "no-images", false, "neither ask for pictures nor show them")
	f.StringVar(&g.logFile, "log-file", "", "write a log, without personal data, to this file")
	f.StringVar(&g.logLevel, "log-level", "", "how much the log tells: "+strings.Join(config.LogLevels(), ", "))
	complete(root, "theme", themes.Names()...)
	complete(root, "lang", config.Languages()...)
	complete(root, "log-level", config.LogLevels()...)
	completeWith(root, "profile", a.offerProfiles)
}

// styleHelp draws help with fang, on the terminal of this process only: fang
// asks that terminal for its background. Elsewhere cobra's plain help is right.
func (a *app) styleHelp(root *cobra.Command) {
	if !a.env.Process || !a.env.colour(a.env.OutTerminal) {
		return
	}
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		cmd.Root().SetHelpFunc(nil)
		page := cmd.Root()
		page.SetArgs(append(pathOf(cmd), "--help"))
		// The error handler is for errors of commands; help has none.
		err := fang.Execute(cmd.Context(), page, fang.WithoutVersion(), fang.WithoutManpage(), fang.WithoutCompletions(),
			fang.WithErrorHandler(func(io.Writer, fang.Styles, error) {}))
		if err != nil {
			a.say(err.Error())
		}
	})
}

// pathOf returns the words that lead to a command.
func pathOf(cmd *cobra.Command) []string {
	if !cmd.HasParent() {
		return nil
	}
	return append(pathOf(cmd.Parent()), cmd.Name())
}
