package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"docket/internal/pin"
)

func (a *app) pin() *cobra.Command {
	return &cobra.Command{
		Use:   "pin",
		Short: "Make the hash of a PIN for the lock of the console",
		Long: "Asks for a PIN twice and prints the line for the configuration that lets it open a locked\n" +
			"console. The line holds a hash (argon2id); the PIN itself is kept nowhere. Without a terminal\n" +
			"the PIN is the first line of standard input.",
		Example: "  docket pin >> ~/.config/docket/config.toml\n  docket pin < pin.txt",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runPIN(cmd.Context()) },
	}
}

func (a *app) runPIN(ctx context.Context) error {
	text, err := a.newPIN(ctx)
	if err != nil {
		return err
	}
	hash, err := pin.Hash(text)
	if err != nil {
		return usage("That is no PIN: "+err.Error(), "", "choose another")
	}
	_, err = fmt.Fprintf(a.env.Stdout, "lock_pin = %q\n", hash)
	return failed(err)
}

// newPIN asks for a PIN, twice where nobody sees what is typed.
func (a *app) newPIN(ctx context.Context) (string, error) {
	const what = "No PIN was made"
	if !a.env.InTerminal || a.env.Secret == nil {
		text, err := a.line(ctx)
		return strings.TrimRight(text, "\r\n"), stopped(err, what, "")
	}
	first, err := a.env.Secret(ctx, "PIN: ")
	if err != nil {
		return "", stopped(err, what, "")
	}
	again, err := a.env.Secret(ctx, "The same again: ")
	if err != nil {
		return "", stopped(err, what, "")
	}
	if again != first {
		return "", usage("The two PINs are not the same", "", "try again")
	}
	return first, nil
}
