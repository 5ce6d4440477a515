// Package config puts docket's configuration together from where it may stand,
// the later winning: built-in defaults, config.toml, the chosen profile in it,
// the file of --env-file, the environment (DOCKET_… only), and flags. Nothing
// is read from the working directory unasked.
package config

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"docket/model"
)

// Config is the whole configuration of one run.
type Config struct {
	Profile string // the profile in use; "" without one

	APIURL     string // base URL, without a slash at its end; "" when none is configured
	APIKey     Secret // header x-api-key
	AdminToken Secret // executive token; wins over a kept one
	FlowID     string // flow for new sessions and links
	ClientID   string // client for new sessions and links

	Store    StoreURL // sqlite:PATH or postgres://…
	Reviewer string   // a display name; never says who acted
	Theme    string   // "" leaves the choice to the console
	Lang     string   // of the console, "en" unless given
	Timezone string   // of times on screen: "UTC" or "local"

	ReadOnly  bool   // change nothing at the API
	NoImages  bool   // never fetch or draw pictures
	Picture   string // how pictures are shown: auto, kitty, iterm, sixel, blocks, none
	Mouse     bool   // mouse reports from the start
	Attention string // how attention is drawn to what comes in: off, bell, desktop, both

	Colours string // how many the console uses: auto, none, 16, 256, true
	Clocks  string // whether what only time changes is drawn anew: auto, on, off

	Lock    time.Duration // without a key, after which the console locks itself; 0: never. See LockAfter
	LockPIN Secret        // hash of the PIN that opens it; none: there is no PIN

	Hold  time.Duration // how long a send is held back; 0 sends at once
	SLA   time.Duration // how long a session may wait for a person; 0 has no limit
	Claim time.Duration // how long a claim of a session lasts; 0: sessions are not claimed

	LogFile  string // "" writes no log
	LogLevel string // debug, info, warn or error

	Second []model.SecondRule // which actions a second person has to confirm

	People []Person // who may do what; none: the local user may everything
	SSH    SSH      // how the console is served over SSH

	Rules  []model.InboxRule // what is done with sessions that arrive by themselves
	Notify []Notify          // where outgoing webhooks go

	Keys    map[string][]string // keys bound anew, by the names of actions
	Reasons []model.Reason      // in place of the catalogue that docket ships; nil keeps it

	GatewayToken    Secret  // what callers of `docket gateway` prove themselves with
	WebhookSecret   Secret  // what webhooks prove themselves with
	WebhookHeader   string  // header that holds it; "": the usual one
	WebhookHMAC     Secret  // key of the signature of webhooks; none: they are not signed
	GatewayEmail    string  // executive whom the gateway logs in; "": it does not
	GatewayPassword Secret  // password of that
	Gateway         Gateway // whom the gateway listens to

	AuditKeys []string // public keys that are trusted beside that of the data folder

	ReasonsLang string          // language of the texts of reasons; "" is that of the console
	Retention   model.Retention // what keeps sessions from being deleted
	SMSWait     time.Duration   // how long after an SMS to a customer the next may be sent; 0: at once
	SMSText     string          // what an SMS says unless a person says otherwise; "": the shipped text

	Dirs     Dirs
	Path     string            // of the config.toml that was read; "" when there is none
	Sources  map[string]string // where the value of each key comes from; keys as in config.toml
	Warnings []string          // what should be mended but stops nothing, each what, to what, what to do
}

// Inputs are what Load reads from. The zero value is the process's own
// environment without flags.
type Inputs struct {
	Env        func(string) string // nil: os.Getenv
	ConfigPath string              // of --config; it must exist. "": config.toml under the XDG config directory, if there is one
	EnvFile    string              // of --env-file; "": none
	Profile    string              // of --profile; "": DOCKET_PROFILE, then default_profile of config.toml
	Flags      map[string]string   // flags that were given, by keys as in config.toml ("read_only": "true")
}

// layer is one place where values stand.
type layer struct {
	values map[string]string       // by keys as in config.toml
	source func(key string) string // tells a person where a value stands
	public bool                    // others can see it: process arguments
}

// Load puts the configuration together. Every error is a *model.Problem and
// never shows a secret.
func Load(in Inputs) (Config, error) {
	c, wrong := Examine(in)
	if len(wrong) > 0 {
		return Config{}, wrong[0]
	}
	return c, nil
}

// Examine puts the configuration together like Load, goes on where something is
// wrong, and returns all of that. What is wrong is left out, so that the rest
// may be looked at; it is not safe to work with: a credential may stand beside
// the address of another server.
func Examine(in Inputs) (Config, []error) {
	if in.Env == nil {
		in.Env = os.Getenv
	}
	c := defaults(in.Env)
	layers, wrong := c.layers(in)
	bound := map[string]string{}
	for _, l := range layers {
		wrong = append(wrong, c.apply(l, bound)...)
	}
	c.dropForeign(bound)
	return c, append(wrong, c.leaseOf()...)
}

// lockOverSSH is how long a console over SSH waits for a key before it locks itself,
// unless the configuration says otherwise.
const lockOverSSH = 5 * time.Minute

// LockAfter returns how long the console waits for a key before it locks itself; 0: for
// ever. Over SSH it does not unless told so.
func (c Config) LockAfter(ssh bool) time.Duration {
	if ssh && c.Sources["lock"] == "default" {
		return lockOverSSH
	}
	return c.Lock
}

// Profiles returns the names of the profiles that the configuration file has,
// none when it cannot be read.
func Profiles(in Inputs) []string {
	if in.Env == nil {
		in.Env = os.Getenv
	}
	c := defaults(in.Env)
	doc, err := c.readDocument(in.ConfigPath)
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(doc.profiles))
}

func defaults(env func(string) string) Config {
	dirs := dirsOf(env)
	c := Config{
		Store:     StoreURL{"sqlite:" + filepath.Join(dirs.Data, "docket.db")},
		Lang:      "en",
		Timezone:  "UTC",
		Picture:   "auto",
		Attention: "off",
		Colours:   "auto",
		Clocks:    "auto",
		Hold:      3 * time.Second,
		Claim:     10 * time.Minute,
		SMSWait:   2 * time.Minute,
		LogLevel:  "info",
		Dirs:      dirs,
		Sources:   map[string]string{},
	}
	for _, f := range fields() {
		c.Sources[f.key] = "default"
	}
	return c
}

// layers reads everything, lowest first, and leaves out what is wrong.
func (c *Config) layers(in Inputs) ([]layer, []error) {
	var wrong []error
	doc, docErr := c.readDocument(in.ConfigPath)
	if docErr != nil {
		wrong = append(wrong, docErr)
	}
	envFile, err := c.readEnvFile(in.EnvFile)
	if err != nil {
		wrong = append(wrong, err)
	}
	c.Keys, c.Reasons, c.Retention = doc.keys, doc.reasons, doc.retention
	c.Second, c.Rules, c.Notify, c.Gateway = doc.second, doc.rules, doc.notify, doc.gateway
	c.People, c.SSH = doc.people, doc.ssh
	c.expandPaths()
	wrong = append(wrong, c.notifySecrets(envFile, in.Env)...)
	layers := []layer{doc.top}
	name, from := chosenProfile(in, envFile, doc)
	switch profile, err := doc.profile(name, from); {
	case name == "" || docErr != nil: // of a file that cannot be read nobody knows the profiles
	case err != nil:
		wrong = append(wrong, err)
	default:
		c.Profile = name
		layers = append(layers, profile)
	}
	for key := range in.Flags {
		if !isField(key) {
			wrong = append(wrong, model.NewProblem(model.KindUsage, "A flag stands for no value of the configuration", key, "correct or leave it out"))
		}
	}
	return append(layers, envFile, environment(in.Env), flags(in.Flags)), wrong
}

// chosenProfile returns the profile that was asked for, and where.
func chosenProfile(in Inputs, envFile layer, doc document) (name, from string) {
	const variable = envPrefix + "PROFILE"
	for _, asked := range []struct{ name, from string }{
		{in.Profile, "--profile"},
		{in.Env(variable), variable},
		{envFile.values["profile"], in.EnvFile},
		{doc.defaultProfile, "default_profile in " + doc.path},
	} {
		if asked.name != "" {
			return asked.name, asked.from
		}
	}
	return "", ""
}

func environment(env func(string) string) layer {
	l := layer{values: map[string]string{}, source: func(key string) string { return envName(key) }}
	for _, f := range fields() {
		l.values[f.key] = env(envName(f.key))
	}
	return l
}

func flags(given map[string]string) layer {
	return layer{values: given, source: flagName, public: true}
}

// apply lets the values of a layer win over those before it. An empty value is
// no value. Credentials set here are bound to the origin that is in force here.
func (c *Config) apply(l layer, bound map[string]string) (wrong []error) {
	for _, f := range fields() {
		text := l.values[f.key]
		if text == "" {
			continue
		}
		if l.public && f.secret(text) {
			wrong = append(wrong, model.NewProblem(model.KindUsage, "A flag would hold a secret, and every user of this machine can see flags",
				l.source(f.key), "give it as "+envName(f.key)+" or in config.toml instead"))
			continue
		}
		if do := f.set(c, text); do != "" {
			wrong = append(wrong, model.NewProblem(model.KindUsage, "A value of the configuration cannot be used",
				f.key+" from "+l.source(f.key), do))
			continue
		}
		c.Sources[f.key] = l.source(f.key)
	}
	for _, key := range credentials {
		if l.values[key] != "" {
			bound[key] = Origin(c.APIURL)
		}
	}
	return wrong
}

// credentials are the keys whose values belong to one API. They may not follow
// when a later layer points to another.
var credentials = []string{"api_key", "admin_token", "gateway_email", "gateway_password"}

// dropForeign forgets credentials that were given for another origin than the
// one in force: a key for production must not reach a test server because a
// variable names that.
func (c *Config) dropForeign(bound map[string]string) {
	for _, f := range fields() {
		origin, ok := bound[f.key]
		if !ok || origin == "" || origin == Origin(c.APIURL) {
			continue
		}
		c.Warnings = append(c.Warnings, fmt.Sprintf(
			"%s from %s is not used, because it was given for %s and api_url from %s names another server: give both in the same place",
			f.key, c.Sources[f.key], origin, c.Sources["api_url"]))
		c.Sources[f.key] = "default"
		f.clear(c)
	}
}
