package sshd

import (
	"reflect"
	"slices"
	"time"

	"golang.org/x/crypto/ssh"

	"docket/internal/config"
)

// Finding is something about people and their keys that should be mended.
type Finding struct {
	What    string // happened, or is the case
	Subject string // to what
	Do      string // about it
	Bars    bool   // it keeps somebody out
}

// Roster is who may come in, and what proves that it is them. It does not change.
type Roster struct {
	people  []config.Person
	second  string
	owners  map[string]string // names of people by their keys, as on the wire
	cas     map[string]string // fingerprints of trusted authorities by their keys
	revoked revocations
	now     func() time.Time
}

// Holder is somebody who has proved who they are.
type Holder struct {
	Person      config.Person
	Fingerprint string // of their key
	CA          string // fingerprint of who signed their certificate; "": they have none

	key        string // as on the wire
	principal  string // of the certificate
	noTerminal bool   // the certificate allows no terminal

	until time.Time // of the certificate; zero: it does not end, or there is none
}

// NewRoster reads who may come in: the people of the configuration, the keys that its
// files add, and who was revoked in the data folder. What is wrong with that is found,
// and lets nobody in.
func NewRoster(cfg config.Config) (*Roster, []Finding) {
	r := &Roster{people: cfg.People, second: cfg.SSH.Second, owners: map[string]string{}, cas: map[string]string{}, now: time.Now}
	b := builder{r: r, shared: map[string]bool{}}
	for _, p := range cfg.People {
		for _, line := range p.Keys {
			if key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(line)); err == nil {
				b.add(key, p.Name, "[[person]] "+p.Name)
			}
		}
	}
	b.readKeys(cfg.SSH.Keys)
	b.readCAs(cfg.SSH.CA)
	r.revoked = b.readRevoked(cfg.Dirs.Data)
	b.lookAtPeople(cfg)
	return r, b.found
}

// Empty reports whether nobody can come in.
func (r *Roster) Empty() bool {
	return !slices.ContainsFunc(r.people, func(p config.Person) bool { return r.canCome(p) })
}

// canCome reports whether there is anything by which a person could come in.
func (r *Roster) canCome(p config.Person) bool {
	if len(p.Principals) > 0 && len(r.cas) > 0 {
		return true
	}
	for _, name := range r.owners {
		if name == p.Name {
			return true
		}
	}
	return false
}

// person returns the person of a name.
func (r *Roster) person(name string) (config.Person, bool) {
	i := slices.IndexFunc(r.people, func(p config.Person) bool { return p.Name == name })
	if i < 0 {
		return config.Person{}, false
	}
	return r.people[i], true
}

// Who returns whose a key or a certificate is, or in a few words why it is nobody's.
func (r *Roster) Who(key ssh.PublicKey) (h Holder, why string) {
	if cert, ok := key.(*ssh.Certificate); ok {
		h, why = r.certified(cert)
	} else {
		h, why = r.owner(key)
	}
	if why != "" {
		return Holder{}, why
	}
	if r.revoked.has(h) {
		return Holder{}, "revoked"
	}
	return h, ""
}

func (r *Roster) owner(key ssh.PublicKey) (Holder, string) {
	wire := string(key.Marshal())
	p, found := r.person(r.owners[wire])
	if !found {
		return Holder{}, "unknown key"
	}
	return Holder{Person: p, Fingerprint: ssh.FingerprintSHA256(key), key: wire}, ""
}

// certified returns whose a certificate is: it names a principal of exactly one person,
// for users, is in its time, and signed by an authority that is trusted here. What it
// restricts beyond addresses is not understood, and refused.
func (r *Roster) certified(cert *ssh.Certificate) (Holder, string) {
	ca, trusted := r.cas[string(cert.SignatureKey.Marshal())]
	switch {
	case cert.CertType != ssh.UserCert:
		return Holder{}, "not a certificate of a user"
	case !trusted:
		return Holder{}, "unknown authority"
	case config.WeakKey(cert.Key) != "":
		return Holder{}, "weak key"
	}
	var person config.Person
	principal := ""
	for _, p := range r.people {
		i := slices.IndexFunc(p.Principals, func(name string) bool { return slices.Contains(cert.ValidPrincipals, name) })
		switch {
		case i < 0:
			continue
		case principal != "":
			return Holder{}, "principals of more than one person"
		}
		person, principal = p, p.Principals[i]
	}
	if principal == "" {
		return Holder{}, "unknown principal"
	}
	checker := ssh.CertChecker{Clock: r.now}
	if err := checker.CheckCert(principal, cert); err != nil {
		return Holder{}, "certificate not valid" // the library's words quote what is in it
	}
	_, terminal := cert.Extensions["permit-pty"]
	return Holder{
		Person: person, Fingerprint: ssh.FingerprintSHA256(cert.Key), CA: ca,
		key: string(cert.Key.Marshal()), principal: principal, noTerminal: !terminal, until: endOf(cert),
	}, ""
}

// endOf is when a certificate ends; zero: it does not.
func endOf(cert *ssh.Certificate) time.Time {
	const never = 253402300800 // the year 10000; ssh.CertTimeInfinity is far beyond, and what time.Time cannot hold
	if cert.ValidBefore >= never {
		return time.Time{}
	}
	return time.Unix(int64(cert.ValidBefore), 0)
}

// still returns why somebody who has come in may no longer be here; nil: they may. Who
// may something else now comes in anew, so that nothing of before goes on.
func (r *Roster) still(h Holder) *Ending {
	if r.revoked.has(h) {
		return Revoked
	}
	now, found := r.person(h.Person.Name)
	switch {
	case !found:
		return Gone
	case h.CA == "" && r.owners[h.key] != h.Person.Name:
		return Gone
	case h.CA != "" && (!slices.Contains(now.Principals, h.principal) || !r.trusts(h.CA)):
		return Gone
	case !reflect.DeepEqual(now, h.Person):
		return Changed
	}
	return nil
}

func (r *Roster) trusts(ca string) bool {
	for _, fingerprint := range r.cas {
		if fingerprint == ca {
			return true
		}
	}
	return false
}
