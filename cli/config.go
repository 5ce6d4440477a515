package cli

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"docket/desk"
	"docket/internal/config"
	"docket/internal/pin"
	"docket/model"
	"docket/ui"
	"docket/ui/picture"
)

// config puts the configuration together from what this run was given, once.
func (a *app) config() (config.Config, error) {
	if a.loaded != nil {
		return *a.loaded, nil
	}
	if a.env.Shared != nil {
		cfg, err := a.theirs(a.env.Shared.cfg)
		a.loaded = &cfg
		return cfg, err
	}
	cfg, err := config.Load(a.inputs())
	if err != nil {
		return config.Config{}, err
	}
	a.loaded = &cfg
	return cfg, nil
}

// inputs are where the configuration of this run may stand.
func (a *app) inputs() config.Inputs {
	return config.Inputs{
		Env: a.env.getenv, ConfigPath: a.flags.config, EnvFile: a.flags.envFile, Profile: a.flags.profile, Flags: a.flags.values(),
	}
}

// values are the flags that the configuration takes, by its keys. An empty
// value is none.
func (g globalFlags) values() map[string]string {
	v := map[string]string{"store": g.store, "theme": g.theme, "lang": g.lang, "log_file": g.logFile, "log_level": g.logLevel}
	if g.readOnly {
		v["read_only"] = strconv.FormatBool(true)
	}
	if g.noImages {
		v["no_images"] = strconv.FormatBool(true)
	}
	return v
}

// ready returns what is missing before the API can be asked.
func ready(cfg config.Config) error {
	switch {
	case cfg.APIURL == "":
		return usage("The API's address is not configured", "DOCKET_API_URL",
			"set it, or name a file with --env-file; `docket demo` works without")
	case cfg.APIKey.Empty():
		return usage("The API key is not configured", "DOCKET_API_KEY", "set it, or name a file with --env-file")
	}
	return unknownReasons(cfg)
}

// unknownReasons refuses a rule for a second person that names a reason nobody can
// give: it would protect nobody.
func unknownReasons(cfg config.Config) error {
	catalogue := desk.Catalogue(cfg.Reasons)
	for _, rule := range cfg.Second {
		for _, code := range rule.Reasons {
			if !slices.ContainsFunc(catalogue, func(r model.Reason) bool { return r.Code == code }) {
				return usage("A rule for a second person names a reason that does not exist", rule.Name+": "+code, "correct [[second_person]], or add the reason to [[reasons]]")
			}
		}
	}
	return nil
}

// consoleOptions are what the configuration says of the console.
func (a *app) consoleOptions(cfg config.Config) ui.Options {
	o := ui.Options{Theme: cfg.Theme, Keys: cfg.Keys, Mouse: cfg.Mouse, Zone: zoneOf(cfg)}
	o.Notify = ui.Notify(cfg.Attention)
	o.Pictures.Choice = picture.Protocol(cfg.Picture)
	ssh := a.env.Remote || ui.Remote(a.env.Environ)
	o.Lock, o.Colours = cfg.LockAfter(ssh), ui.Colours(cfg.Colours)
	o.Still = cfg.Clocks == "off" || cfg.Clocks == "auto" && ssh
	o.PIN, o.Remote = pinOf(cfg.LockPIN.Reveal()), a.env.Remote
	if a.env.Remote {
		o.MaxLength = cfg.SSH.Max
	}
	return o
}

// pinOf returns what knows the PIN of a hash; nil: there is no PIN.
func pinOf(hash string) func(string) bool {
	l, err := pin.Parse(hash)
	if err != nil {
		return nil
	}
	return l.Opens
}

// reasonsLang is the language of the texts of reasons. A team may read them in its
// own while the console speaks another.
func reasonsLang(cfg config.Config) string { return cmp.Or(cfg.ReasonsLang, cfg.Lang) }

// zoneOf returns the time zone in which times are shown.
func zoneOf(cfg config.Config) *time.Location {
	if cfg.Timezone == "local" {
		return time.Local
	}
	return time.UTC
}

// warnings tells what should be mended but stops nothing, once.
func (a *app) warnings(cfg config.Config) {
	if a.warned {
		return
	}
	a.warned = true
	for _, w := range cfg.Warnings {
		a.say("docket: " + safe(w))
	}
}

// partsOf are the parts of a desk that the configuration names.
func partsOf(cfg config.Config) parts {
	return parts{
		apiURL: cfg.APIURL, apiKey: cfg.APIKey.Reveal(), profile: cfg.Profile, readOnly: cfg.ReadOnly, noImages: cfg.NoImages,
		hold: cfg.Hold, sla: cfg.SLA, lease: cfg.Claim, second: cfg.Second, reasons: cfg.Reasons, reasonsLang: reasonsLang(cfg), retention: cfg.Retention,
		clientID: cfg.ClientID, smsWait: cfg.SMSWait, smsText: cfg.SMSText,
	}
}
