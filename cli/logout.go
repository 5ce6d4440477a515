package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"docket/desk"
	"docket/internal/config"
	"docket/internal/secret"
	"docket/model"
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
	if err := a.operates(cfg); err != nil {
		return err // the token is everybody's here
	}
	a.warnings(cfg)
	kept := a.secrets(cfg).Until(ctx)
	was, err := kept.Get(cfg.APIURL)
	none := errors.Is(err, secret.ErrNone)
	if err := kept.Delete(cfg.APIURL); err != nil {
		return err
	}
	if !none {
		a.logOut(ctx, cfg, desk.IdentityOf(desk.Token{User: was.User}, a.env.User))
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

// logOut writes a log-out that has happened to the audit log. What stands in the way
// of that is told, and does not undo it.
func (a *app) logOut(ctx context.Context, cfg config.Config, identity string) {
	w, err := a.wireStore(ctx, false)
	if err == nil {
		defer w.close()
		err = w.desk.As(model.Actor{Identity: identity, Name: cfg.Reviewer}).LoggedOut(ctx, cfg.Origin())
	}
	if err != nil {
		p := *model.AsProblem(err)
		p.Message = "The token is forgotten, but the log-out is not in the audit log. " + p.Message
		a.tell(&p)
	}
}
