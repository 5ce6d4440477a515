package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"docket/internal/secret"
)

func (a *app) logout() *cobra.Command {
	return &cobra.Command{
		Use:   "logout",
		Short: "Forget the token that is kept for this API",
		Long: "Forgets the token that a log-in has kept for the configured API. The API is not asked: it\n" +
			"goes on taking the token until that ends by itself.",
		Example: "  docket logout",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runLogout(cmd.Context()) },
	}
}

func (a *app) runLogout(ctx context.Context) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	a.warnings(cfg)
	kept := a.secrets(cfg).Until(ctx)
	_, err = kept.Get(cfg.APIURL)
	none := errors.Is(err, secret.ErrNone)
	if err := kept.Delete(cfg.APIURL); err != nil {
		return err
	}
	says := "Logged out of " + cfg.Origin() + ": the token is forgotten here"
	if none {
		says = "There was no token for " + cfg.Origin()
	}
	if !cfg.AdminToken.Empty() {
		a.say("A token from " + cfg.Sources["admin_token"] + " is still in use: docket does not change that.")
	}
	_, err = fmt.Fprintln(a.env.Stdout, says)
	return failed(err)
}
