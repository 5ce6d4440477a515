package config

import (
	"crypto/rsa"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/crypto/ssh"

	"docket/internal/pin"
	"docket/model"
)

// Person is one [[person]] of config.toml: somebody who works here, with what they may
// and what proves that it is them.
type Person struct {
	Name       string      `json:"name"`       // unique; the audit log says ssh:NAME
	Role       model.Role  `json:"role"`       // one of model.Roles
	Scope      model.Scope `json:"scope"`      // which sessions they have to do with
	Keys       []string    `json:"keys"`       // public keys, as authorized_keys has them
	Principals []string    `json:"principals"` // of certificates
	Local      string      `json:"local"`      // the user of this machine's system; "": none
	TOTPFile   string      `json:"totp_file"`  // holds the secret of the second factor; "": none
	Settings   Settings    `json:"-"`          // how their console looks
}

// Identity is who the person is in claims and in the audit log, wherever they come from.
func (p Person) Identity() string { return "ssh:" + p.Name }

// Settings are how the console of a person looks. What is empty is as for everybody.
type Settings struct {
	Theme   string
	Lang    string
	Colours string // one of ColourDepths
	Clocks  string // one of ClockWays
	LockPIN Secret // hash of the PIN that opens their locked console
	Picture string // one of PictureWays
	Keys    map[string][]string
}

// ColourDepths are how many colours a person's terminal is taken to have; auto finds out.
func ColourDepths() []string { return []string{"auto", "none", "16", "256", "true"} }

// personRow is how a person stands in the file.
type personRow struct {
	Name       string         `toml:"name"`
	Role       model.Role     `toml:"role"`
	Flows      []string       `toml:"flows"`
	Countries  []string       `toml:"countries"`
	Keys       []string       `toml:"keys"`
	Principals []string       `toml:"principals"`
	Local      string         `toml:"local"`
	TOTPFile   string         `toml:"totp_file"`
	Settings   personSettings `toml:"settings"`
}

type personSettings struct {
	Theme   string         `toml:"theme"`
	Lang    string         `toml:"lang"`
	Colours string         `toml:"colours"`
	Picture string         `toml:"picture"`
	Clocks  string         `toml:"clocks"`
	LockPIN string         `toml:"lock_pin"`
	Keys    map[string]any `toml:"keys"`
}

func (d *document) takePeople(value any) error {
	const form = `write each as [[person]] with name = "…", role = "…" and what proves that it is them: keys = ["ssh-ed25519 …"], principals = ["…"] ` +
		`or local = "…"; flows and countries narrow what they see, totp_file names the secret of a second factor, and [person.settings] has ` +
		`theme, lang, colours, picture, clocks, lock_pin and keys`
	rows, ok := value.([]any)
	if !ok {
		return d.wrong("person", "", form)
	}
	for i, value := range rows {
		var row personRow
		err := strictly(value, &row)
		name := row.Name
		if name == "" {
			name = strconv.Itoa(i + 1)
		}
		if err != nil {
			return d.wrong(name, "person", form)
		}
		keys, do := row.check(d.people)
		if do != "" {
			return d.wrong(name, "person", do)
		}
		d.people = append(d.people, row.person(keys))
	}
	return nil
}

func (r personRow) person(bound map[string][]string) Person {
	p := Person{
		Name: r.Name, Role: r.Role, Scope: model.Scope{Flows: r.Flows, Countries: r.Countries},
		Keys: r.Keys, Principals: r.Principals, Local: r.Local, TOTPFile: r.TOTPFile,
	}
	s := r.Settings
	p.Settings = Settings{Theme: s.Theme, Lang: s.Lang, Colours: s.Colours, Picture: s.Picture, Clocks: s.Clocks, LockPIN: NewSecret(s.LockPIN), Keys: bound}
	return p
}

// PersonName is what a person may be called: it is the name of a file of a key too.
var PersonName = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9])?$`)

// check says what is wrong with a person, and reads the keys that they have bound.
func (r personRow) check(before []Person) (bound map[string][]string, do string) {
	roles := make([]model.Role, 0, len(model.Roles()))
	for _, info := range model.Roles() {
		roles = append(roles, info.Role)
	}
	switch {
	case !PersonName.MatchString(r.Name):
		return nil, "give them a name in lower case letters and digits, with . _ or - between, at most 32: the audit log has it"
	case slices.ContainsFunc(before, func(b Person) bool { return b.Name == r.Name }):
		return nil, "the name stands there twice: the audit log tells people apart by it, so give each their own"
	case !r.Role.Given():
		return nil, "give them a role: write one of " + strings.Join(names(roles), ", ")
	case slices.ContainsFunc(r.Countries, notAlpha3):
		return nil, `name countries by three capital letters, such as "MEX"`
	case slices.Contains(r.Flows, ""):
		return nil, "name flows by their ids"
	}
	if do := r.proof(before); do != "" {
		return nil, do
	}
	return r.Settings.check()
}

// proof says what is wrong with what proves who it is. Nothing may prove two people.
func (r personRow) proof(before []Person) (do string) {
	own := map[string]bool{}
	for _, text := range r.Keys {
		key, _, options, rest, err := ssh.ParseAuthorizedKey([]byte(text))
		switch {
		case err != nil || len(strings.TrimSpace(string(rest))) > 0:
			return `write each key as its .pub file has it, such as "ssh-ed25519 AAAA… ana@laptop"`
		case len(options) > 0:
			return "leave out the options before a key: docket has none of its own here, and obeys no others"
		}
		if do := WeakKey(key); do != "" {
			return do
		}
		own[ssh.FingerprintSHA256(key)] = true
	}
	for _, b := range before {
		for _, text := range b.Keys {
			if key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(text)); err == nil && own[ssh.FingerprintSHA256(key)] {
				return "a key of theirs is also " + b.Name + "'s: each person needs their own"
			}
		}
		for _, name := range r.Principals {
			if slices.Contains(b.Principals, name) {
				return "the principal " + strconv.Quote(name) + " is also " + b.Name + "'s: each person needs their own"
			}
		}
		if r.Local != "" && r.Local == b.Local {
			return "the local user " + strconv.Quote(r.Local) + " is also " + b.Name + ": each person needs their own"
		}
	}
	if slices.ContainsFunc(r.Principals, func(name string) bool { return strings.TrimSpace(name) == "" }) {
		return "a principal is a name in a certificate: leave out the empty one"
	}
	return ""
}

// leastRSA is how many bits a key of RSA needs.
const leastRSA = 2048

// WeakKey says what to do about a public key that proves too little; "": it is good.
func WeakKey(key ssh.PublicKey) (do string) {
	held, ok := key.(ssh.CryptoPublicKey)
	if !ok {
		return "make a key of another kind with ssh-keygen -t ed25519"
	}
	public, isRSA := held.CryptoPublicKey().(*rsa.PublicKey)
	if key.Type() == "ssh-dss" || isRSA && public.N.BitLen() < leastRSA {
		return "the key is too weak: make one with ssh-keygen -t ed25519"
	}
	return ""
}

func (s personSettings) check() (bound map[string][]string, do string) {
	for _, c := range []struct {
		key, value string
		choices    []string
	}{{"lang", s.Lang, Languages()}, {"colours", s.Colours, ColourDepths()}, {"picture", s.Picture, PictureWays()}, {"clocks", s.Clocks, ClockWays()}} {
		if c.value != "" && !slices.Contains(c.choices, c.value) {
			return nil, "write for " + c.key + " " + among(c.choices) + " instead of " + strconv.Quote(c.value)
		}
	}
	if _, err := pin.Parse(s.LockPIN); s.LockPIN != "" && err != nil {
		return nil, noHash
	}
	for action, value := range s.Keys {
		keys, ok := listOfTexts(value)
		if !ok {
			return nil, `write for a key of the settings one key, "a", or several, ["a", "ctrl+a"]`
		}
		if bound == nil {
			bound = map[string][]string{}
		}
		bound[action] = keys
	}
	return bound, ""
}

// PersonHere returns the person whom a user of this machine's system is; false: nobody.
func (c Config) PersonHere(account string) (Person, bool) {
	i := slices.IndexFunc(c.People, func(p Person) bool { return account != "" && p.Local == account })
	if i < 0 {
		return Person{}, false
	}
	return c.People[i], true
}
