package cli

import (
	"io"

	"github.com/spf13/cobra"
)

// shells are those that completion scripts can be made for.
func shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

func (a *app) completion() *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print a completion script for a shell",
		Long: "Prints a completion script: for commands, flags, their values, and the ids in the inbox.\nTo use it now:\n\n" +
			"  bash:        source <(docket completion bash)\n" +
			"  zsh:         source <(docket completion zsh)\n" +
			"  fish:        docket completion fish | source\n" +
			"  powershell:  docket completion powershell | Out-String | Invoke-Expression",
		Example:   "  docket completion bash > ~/.local/share/bash-completion/completions/docket\n  docket completion fish > ~/.config/fish/completions/docket.fish",
		ValidArgs: shells(),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("docket completion takes the name of a shell", "", "it is one of: bash, zsh, fish, powershell")
			}
			_, err := named("shell", args[0], shells())
			return err
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			write := map[string]func(io.Writer) error{
				"bash":       func(w io.Writer) error { return cmd.Root().GenBashCompletionV2(w, true) },
				"zsh":        cmd.Root().GenZshCompletion,
				"fish":       func(w io.Writer) error { return cmd.Root().GenFishCompletion(w, true) },
				"powershell": cmd.Root().GenPowerShellCompletionWithDesc,
			}
			shell, err := named("shell", args[0], shells())
			if err != nil {
				return err
			}
			return failed(write[shell](a.env.Stdout))
		},
	}
}
