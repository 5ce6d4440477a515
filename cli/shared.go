package cli

import (
	"cmp"
	"context"
	"slices"

	"docket/desk"
	"docket/internal/config"
	"docket/model"
	"docket/ui"
)

// Shared is a desk that many people work at from one process, each with a seat of
// their own: one inbox, one API, one executive token, which never leaves it.
type Shared struct {
	cfg  config.Config
	work *work
}

// at returns the desk as one of them may use it.
func (s *Shared) at(me model.Actor, console ui.Options) *work {
	w := *s.work
	w.seat, w.console, w.shared = w.desk.As(me), console, true
	return &w
}

// theirs is the configuration of the server as the person at the other end has it:
// how things look is theirs, in the order of every configuration.
func (a *app) theirs(cfg config.Config) (config.Config, error) {
	own := a.env.Person.Settings
	cfg.Theme = cmp.Or(a.flags.theme, a.env.getenv("DOCKET_THEME"), own.Theme, cfg.Theme)
	cfg.Lang = cmp.Or(a.flags.lang, own.Lang, cfg.Lang)
	cfg.Picture = cmp.Or(own.Picture, cfg.Picture)
	cfg.Colours, cfg.Clocks = cmp.Or(own.Colours, cfg.Colours), cmp.Or(own.Clocks, cfg.Clocks)
	cfg.LockPIN = own.LockPIN // that of the configuration would open everybody's console
	if own.Keys != nil {
		cfg.Keys = own.Keys
	}
	cfg.Reviewer, cfg.LogFile, cfg.Warnings = a.env.Person.Name, "", nil
	if !slices.Contains(config.Languages(), cfg.Lang) {
		return cfg, usage("The console does not speak this language", quoted(cfg.Lang), "there is "+config.Languages()[0])
	}
	return cfg, nil
}

// actor is who acts here. As long as nobody is named in the configuration, whoever
// runs docket may do everything; from then on it takes a person.
func (a *app) actor(cfg config.Config, known desk.Token) model.Actor {
	if a.env.Remote {
		me := actorOf(a.env.Person)
		me.Afar = true
		return me
	}
	me := model.Actor{Identity: desk.IdentityOf(known, a.env.User), Name: cfg.Reviewer}
	if len(cfg.People) == 0 {
		me.Role = model.RoleOwner
		return me
	}
	if p, found := cfg.PersonHere(a.env.Account); found {
		return actorOf(p)
	}
	return me
}

// actorOf is a person at the desk. Wherever they come from they are the same one, so
// that nobody is the second person to themselves.
func actorOf(p config.Person) model.Actor {
	return model.Actor{Identity: p.Identity(), Name: p.Name, Role: p.Role, Scope: p.Scope}
}

// operates returns why who acts here may not look after docket itself; nil: they may.
func (a *app) operates(cfg config.Config) error {
	me := a.actor(cfg, desk.Token{})
	if me.Role == model.RoleOwner || me.Role == model.RoleSupervisor {
		return nil
	}
	what := "The role " + string(me.Role) + " may not do this"
	if me.Role == "" {
		what = "You have no role here, so you may not do this"
	}
	return model.NewProblem(model.KindForbidden, what, me.Label(), "ask a supervisor who works on this machine")
}

// servesHere returns why who acts here may not serve the API's calls to others, which
// enrol and begin sessions without asking what the person may; nil: they may. The user
// of a service is no person, and may.
func (a *app) servesHere(cfg config.Config) error {
	if _, person := cfg.PersonHere(a.env.Account); !person {
		return nil
	}
	return a.operates(cfg)
}

// wireOperator is wireStore for those who look after docket itself.
func (a *app) wireOperator(ctx context.Context, personal bool) (*work, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	if err := a.operates(cfg); err != nil {
		return nil, err
	}
	return a.wireStore(ctx, personal)
}
