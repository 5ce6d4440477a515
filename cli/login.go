package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"docket/desk"
)

func (a *app) login() *cobra.Command {
	return &cobra.Command{
		Use:   "login",
		Short: "Log in as an executive and keep the token",
		Long: "Asks for e-mail and password, the password without showing it; from a pipe it reads one\n" +
			"line each. The token goes to the keyring of the system, or a protected file where there is\n" +
			"none, and is used for this API alone. The password is not kept.",
		Example: "  docket login\n  docket --env-file .env login",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runLogin(cmd.Context()) },
	}
}

func (a *app) runLogin(ctx context.Context) error {
	w, err := a.wire(ctx, func(p *parts) { p.fresh = true })
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.seat.Needs(desk.MayLogin); err != nil {
		return err
	}
	email, password, err := a.credentials(ctx, w.seat.Policy().Origin)
	if err != nil {
		return err
	}
	if err := w.seat.Login(ctx, email, password); err != nil {
		return err
	}
	token := w.seat.Token()
	_, err = fmt.Fprintln(a.env.Stdout, "Logged in at "+w.seat.Policy().Origin+tokenWords(token, w.now()))
	if w.overrides != "" {
		a.say("The token from " + w.overrides + " wins over the log-in from the next command on: take it away to use the log-in.")
	}
	return failed(err)
}

// credentials asks for e-mail and password on a terminal, or reads one line of
// each from a pipe.
func (a *app) credentials(ctx context.Context, origin string) (email, password string, err error) {
	const what = "The log-in was not made"
	terminal := a.env.InTerminal && a.env.Secret != nil
	if terminal {
		_, _ = fmt.Fprintf(a.env.Stderr, "Log in at %s\nE-mail: ", origin)
	}
	if email, err = a.line(ctx); err != nil {
		return "", "", stopped(err, what, "e-mail")
	}
	if terminal {
		password, err = a.env.Secret(ctx, "Password: ")
	} else {
		password, err = a.line(ctx)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return "", "", stopped(err, what, "password")
	}
	email = strings.TrimSpace(email)
	if email == "" || password == "" {
		return "", "", usage("E-mail or password is empty", "standard input", "give e-mail and password, one line each")
	}
	return email, password, nil
}
