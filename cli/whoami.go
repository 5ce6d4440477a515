package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"docket/cli/output"
	"docket/desk"
)

// identity is the answer of `docket whoami -o json`. It never holds the token.
type identity struct {
	Identity string    `json:"identity"`
	Name     string    `json:"name,omitempty"`
	Origin   string    `json:"origin,omitempty"`
	Profile  string    `json:"profile,omitempty"`
	Token    bool      `json:"token"`
	User     string    `json:"user,omitempty"`
	From     string    `json:"from,omitempty"`
	Expires  time.Time `json:"expires,omitzero"`
	Expired  bool      `json:"expired,omitempty"`
}

func (a *app) whoami() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "whoami",
		Short: "Say who acts, with which token, where",
		Long: "Says under which identity actions are recorded, where the executive token comes from and\n" +
			"when it ends. The token itself is never shown, and the API is not asked.",
		Example: "  docket whoami\n  docket whoami -o json | jq -r .expires",
		Args:    noArgs,
	}
	format := outputFlag(cmd, "text", "json")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.runWhoami(cmd.Context(), format.value) }
	return cmd
}

func (a *app) runWhoami(ctx context.Context, format string) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	a.warnings(cfg)
	p := partsOf(cfg, a.env.User)
	if err := a.useToken(ctx, cfg, &p); err != nil {
		return err
	}
	now := time.Now()
	id := identity{
		Identity: desk.IdentityOf(p.known, p.user), Name: cfg.Reviewer, Origin: cfg.Origin(), Profile: cfg.Profile,
		Token: p.known.Present, User: p.known.User, From: p.known.From, Expires: p.known.Expires, Expired: expired(p.known, now),
	}
	if err := a.tellIdentity(id, tokenState(p.known, now), format); err != nil {
		return failed(err)
	}
	if !id.Token {
		return desk.NoToken()
	}
	return nil
}

func (a *app) tellIdentity(id identity, token, format string) error {
	if format == "json" {
		return output.JSON(a.env.Stdout, id)
	}
	lines := [][2]string{
		{"who", id.Identity}, {"name", id.Name}, {"api", id.Origin}, {"profile", id.Profile}, {"token", token},
	}
	for _, l := range lines {
		if l[1] == "" {
			continue
		}
		if _, err := fmt.Fprintf(a.env.Stdout, "%-9s%s\n", l[0], safe(l[1])); err != nil {
			return err
		}
	}
	return nil
}
