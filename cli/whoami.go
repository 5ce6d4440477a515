package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"docket/cli/output"
	"docket/desk"
	"docket/internal/config"
	"docket/model"
)

// identity is the answer of `docket whoami -o json`. It never holds the token.
type identity struct {
	Identity string `json:"identity"`
	Name     string `json:"name,omitempty"`

	Role      model.Role   `json:"role"`                // "": none, everything is refused
	Rights    []desk.Right `json:"rights"`              // what the role lets them do
	Flows     []string     `json:"flows,omitempty"`     // only sessions of these; none: of all
	Countries []string     `json:"countries,omitempty"` // only with documents of these; none: of all

	Origin  string    `json:"origin,omitempty"`
	Profile string    `json:"profile,omitempty"`
	Token   bool      `json:"token"`
	User    string    `json:"user,omitempty"`
	From    string    `json:"from,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
	Expired bool      `json:"expired,omitempty"`
}

func (a *app) whoami() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "whoami",
		Short: "Say who acts, with which token, where",
		Long: "Says under which identity actions are recorded, which role you have and what it may, where\n" +
			"the executive token comes from and when it ends. The token itself is never shown, and the\n" +
			"API is not asked.",
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
	known, err := a.known(ctx, cfg)
	if err != nil {
		return err
	}
	now, me := time.Now(), a.actor(cfg, known)
	id := identity{
		Identity: me.Identity, Name: me.Name, Role: me.Role, Rights: desk.RightsOf(me.Role), Flows: me.Scope.Flows, Countries: me.Scope.Countries,
		Origin: cfg.Origin(), Profile: cfg.Profile,
		Token: known.Present, User: known.User, From: known.From, Expires: known.Expires, Expired: expired(known, now),
	}
	if err := a.tellIdentity(id, tokenState(known, now), format); err != nil {
		return failed(err)
	}
	if !id.Token {
		return desk.NoToken()
	}
	return nil
}

// known is what is known of the token in use. Of the server's the person at the other
// end learns that it is there and when it ends, not whose it is.
func (a *app) known(ctx context.Context, cfg config.Config) (desk.Token, error) {
	if s := a.env.Shared; s != nil {
		t := s.work.seat.Token()
		return desk.Token{Present: t.Present, Expires: t.Expires, From: "the server"}, nil
	}
	p := partsOf(cfg)
	err := a.useToken(ctx, cfg, &p)
	return p.known, err
}

func (a *app) tellIdentity(id identity, token, format string) error {
	if format == "json" {
		return output.JSON(a.env.Stdout, id)
	}
	lines := [][2]string{
		{"who", id.Identity},
		{"name", id.Name},
		{"role", roleWords(id)},
		{"scope", scopeWords(id)},
		{"api", id.Origin},
		{"profile", id.Profile},
		{"token", token},
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

// roleWords says what a role is for.
func roleWords(id identity) string {
	switch id.Role {
	case "":
		return "none: everything is refused until the configuration names you in [[person]]"
	case model.RoleOwner:
		return "owner: may everything, because the configuration names no [[person]]"
	}
	for _, info := range model.Roles() {
		if info.Role == id.Role {
			return string(id.Role) + ": " + info.Says
		}
	}
	return string(id.Role)
}

// scopeWords says which sessions are theirs; empty: all.
func scopeWords(id identity) string {
	var words []string
	if len(id.Flows) > 0 {
		words = append(words, "flows "+strings.Join(id.Flows, ", "))
	}
	if len(id.Countries) > 0 {
		words = append(words, "countries "+strings.Join(id.Countries, ", "))
	}
	return strings.Join(words, "; ")
}
