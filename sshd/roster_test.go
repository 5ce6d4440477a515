package sshd

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"docket/internal/config"
	"docket/model"
)

func whats(found []Finding) string {
	var all []string
	for _, f := range found {
		all = append(all, f.What+" | "+f.Subject+" | "+f.Do)
	}
	return strings.Join(all, "\n")
}

func TestKeysOfAFile(t *testing.T) {
	inline, comment, machine, option, stranger, twice, restricted := newSigner(t), newSigner(t), newSigner(t), newSigner(t), newSigner(t), newSigner(t), newSigner(t)
	cfg := settings(t, ana(inline), config.Person{Name: "ben", Role: model.RoleViewer, Principals: []string{"ben"}}, config.Person{Name: "carla", Role: model.RoleViewer})
	cfg.SSH.Keys = writeFile(t, strings.Join([]string{
		"# people", "", line(comment) + " ben", line(machine) + " ben@laptop", `person="ben",no-pty-agent ` + line(stranger),
		`person="ben",no-port-forwarding ` + line(option) + " ana", line(stranger) + " eve", line(twice) + " ana", line(twice) + " ben",
		`command="ls" ` + line(restricted) + " ben", "nonsense",
	}, "\n"))
	r, found := NewRoster(cfg)
	for key, want := range map[ssh.Signer]string{inline: "ana", comment: "ben", machine: "ben", option: "ben", stranger: "", twice: "", restricted: ""} {
		h, why := r.Who(key.PublicKey())
		require.Equal(t, want, h.Person.Name)
		require.Equal(t, want == "", why != "")
	}
	says := whats(found)
	for _, want := range []string{
		"options that docket does not obey", "nobody that the configuration names | \"eve\"", "more than one person", "This is no public key", "Nothing lets this person in | carla",
		"no authority is trusted",
	} {
		require.Contains(t, says, want)
	}
	require.NotContains(t, says, line(stranger), "no key is told")
}

func TestKeysOfAFolder(t *testing.T) {
	key, other := newSigner(t), newSigner(t)
	cfg := settings(t, ana())
	cfg.SSH.Keys = t.TempDir()
	put := func(name string, s ssh.Signer) {
		require.NoError(t, os.WriteFile(filepath.Join(cfg.SSH.Keys, name), []byte(line(s)+" carla\n"), 0o600))
	}
	put("ana.pub", key)
	put("ben.pub", other)
	put("notes.txt", other)
	r, found := NewRoster(cfg)
	h, _ := r.Who(key.PublicKey())
	require.Equal(t, "ana", h.Person.Name, "the name of the file says whose it is")
	require.Contains(t, whats(found), `"ben"`)
	require.False(t, r.Empty())

	// What others can write lets nobody in.
	require.NoError(t, os.Chmod(filepath.Join(cfg.SSH.Keys, "ana.pub"), 0o666))
	r, found = NewRoster(cfg)
	require.True(t, r.Empty())
	require.Contains(t, whats(found), "Others can change keys (mode 0666)")
	require.NoError(t, os.Chmod(filepath.Join(cfg.SSH.Keys, "ana.pub"), 0o600))
	require.NoError(t, os.Chmod(cfg.SSH.Keys, 0o777))
	r, _ = NewRoster(cfg)
	require.True(t, r.Empty())
}

// certificate signs a key for a minute around now.
func certificate(t *testing.T, ca, key ssh.Signer, change func(*ssh.Certificate)) *ssh.Certificate {
	t.Helper()
	now := uint64(time.Now().Unix())
	cert := &ssh.Certificate{
		Key: key.PublicKey(), CertType: ssh.UserCert, ValidPrincipals: []string{"ana@example"}, ValidAfter: now - 60, ValidBefore: now + 60,
		Permissions: ssh.Permissions{Extensions: map[string]string{"permit-pty": ""}},
	}
	change(cert)
	require.NoError(t, cert.SignCert(rand.Reader, ca))
	return cert
}

func TestCertificates(t *testing.T) {
	ca, other, key := newSigner(t), newSigner(t), newSigner(t)
	person := ana()
	person.Principals = []string{"ana", "ana@example"}
	cfg := settings(t, person, config.Person{Name: "ben", Role: model.RoleViewer, Principals: []string{"ben"}})
	cfg.SSH.CA = writeFile(t, line(ca)+" authority\n")
	r, _ := NewRoster(cfg)
	now := uint64(time.Now().Unix())
	for why, change := range map[string]func(*ssh.Certificate){
		"":                         func(*ssh.Certificate) {},
		"unknown principal":        func(c *ssh.Certificate) { c.ValidPrincipals = []string{"root"} },
		"unknown principal ":       func(c *ssh.Certificate) { c.ValidPrincipals = nil },
		"principals of more":       func(c *ssh.Certificate) { c.ValidPrincipals = []string{"ana", "ben"} },
		"not a certificate of":     func(c *ssh.Certificate) { c.CertType = ssh.HostCert },
		"certificate not valid":    func(c *ssh.Certificate) { c.ValidBefore = now - 1 },
		"certificate not valid ":   func(c *ssh.Certificate) { c.ValidAfter = now + 30 },
		"certificate not valid  ":  func(c *ssh.Certificate) { c.CriticalOptions = map[string]string{"force-command": "true"} },
		"certificate not valid   ": func(c *ssh.Certificate) { c.CriticalOptions = map[string]string{"verify-required": ""} },
	} {
		h, got := r.Who(certificate(t, ca, key, change))
		if why == "" {
			require.Empty(t, got)
			require.Equal(t, "ana", h.Person.Name)
			require.Equal(t, ssh.FingerprintSHA256(key.PublicKey()), h.Fingerprint)
			require.Equal(t, ssh.FingerprintSHA256(ca.PublicKey()), h.CA)
			require.Nil(t, r.still(h))
			continue
		}
		require.Contains(t, got, strings.TrimSpace(why))
	}
	_, why := r.Who(certificate(t, other, key, func(*ssh.Certificate) {}))
	require.Equal(t, "unknown authority", why)
	forged := certificate(t, ca, key, func(*ssh.Certificate) {})
	forged.ValidPrincipals = []string{"ben"}
	_, why = r.Who(forged)
	require.Equal(t, "certificate not valid", why)
	_, why = r.Who(ca.PublicKey())
	require.Equal(t, "unknown key", why, "an authority is nobody")
	plain, _ := r.Who(certificate(t, ca, key, func(c *ssh.Certificate) { c.Extensions = nil }))
	require.True(t, plain.noTerminal)
}

// TestWhoMayStay changes what a roster says of somebody who is here.
func TestWhoMayStay(t *testing.T) {
	key, ca := newSigner(t), newSigner(t)
	person := ana(key)
	person.Principals = []string{"ana@example"}
	cfg := settings(t, person)
	cfg.SSH.CA = writeFile(t, line(ca)+"\n")
	r, _ := NewRoster(cfg)
	byKey, _ := r.Who(key.PublicKey())
	byCert, _ := r.Who(certificate(t, ca, newSigner(t), func(*ssh.Certificate) {}))
	change := func(do func(*config.Config)) *Roster {
		c := cfg
		c.People = []config.Person{person}
		do(&c)
		r, _ := NewRoster(c)
		return r
	}
	same := change(func(*config.Config) {})
	require.Nil(t, same.still(byKey))
	require.Nil(t, same.still(byCert))
	role := change(func(c *config.Config) { c.People[0].Role = model.RoleViewer })
	require.Equal(t, Changed, role.still(byKey))
	scope := change(func(c *config.Config) { c.People[0].Scope.Countries = []string{"MEX"} })
	require.Equal(t, Changed, scope.still(byCert))
	keyless := change(func(c *config.Config) { c.People[0].Keys = []string{line(newSigner(t))} })
	require.Equal(t, Gone, keyless.still(byKey))
	nobody := change(func(c *config.Config) { c.People[0].Name = "anna" })
	require.Equal(t, Gone, nobody.still(byKey))
	untrusted := change(func(c *config.Config) { c.SSH.CA = "" })
	require.Equal(t, Gone, untrusted.still(byCert))
	require.Nil(t, untrusted.still(byKey))

	for _, who := range []string{"ana", ssh.FingerprintSHA256(key.PublicKey())} {
		changed, err := Revoke(cfg.Dirs.Data, who, true)
		require.NoError(t, err)
		require.True(t, changed)
		out, _ := NewRoster(cfg)
		require.Equal(t, Revoked, out.still(byKey))
		_, why := out.Who(key.PublicKey())
		require.Equal(t, "revoked", why)
		changed, err = Revoke(cfg.Dirs.Data, who, true)
		require.NoError(t, err)
		require.False(t, changed)
		_, err = Revoke(cfg.Dirs.Data, who, false)
		require.NoError(t, err)
	}
	_, err := Revoke(cfg.Dirs.Data, ssh.FingerprintSHA256(ca.PublicKey()), true)
	require.NoError(t, err)
	out, _ := NewRoster(cfg)
	require.Equal(t, Revoked, out.still(byCert))
	require.Nil(t, out.still(byKey))
	require.NotEmpty(t, CheckRevocation(cfg, "eve"))
	require.Empty(t, CheckRevocation(cfg, "ana"))
	require.Empty(t, CheckRevocation(cfg, "SHA256:abc"))
}

// TestUnreadableRevocations lets nobody in: it is not known who is locked out.
func TestUnreadableRevocations(t *testing.T) {
	cfg := settings(t, ana(newSigner(t)))
	require.NoError(t, os.Mkdir(filepath.Join(cfg.Dirs.Data, revokedFile), 0o700))
	r, found := NewRoster(cfg)
	require.True(t, r.Empty())
	require.Contains(t, whats(found), "nobody comes in")
}

func TestNobodyIsConfigured(t *testing.T) {
	for _, people := range [][]config.Person{nil, {{Name: "ana", Role: model.RoleViewer, Local: "ana"}}} {
		_, _, err := New(Config{Settings: settings(t, people...)})
		require.Equal(t, model.KindUsage, model.AsProblem(err).Kind)
	}
}

// TestKeysThatOthersCanPutThere are not used: through a folder further up, in one where
// everybody may add files, and behind a link.
func TestKeysThatOthersCanPutThere(t *testing.T) {
	key := newSigner(t)
	top := t.TempDir()
	folder := filepath.Join(top, "open", "closed")
	require.NoError(t, os.MkdirAll(folder, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "ana.pub"), []byte(line(key)), 0o600))
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(folder, link))
	lets := func(path string) bool {
		cfg := settings(t, ana())
		cfg.SSH.Keys = path
		r, _ := NewRoster(cfg)
		return !r.Empty()
	}
	file := filepath.Join(folder, "ana.pub")
	require.True(t, lets(folder) && lets(link))
	require.NoError(t, os.Chmod(filepath.Join(top, "open"), 0o777))
	require.False(t, lets(folder) || lets(link))
	require.NoError(t, os.Chmod(filepath.Join(top, "open"), 0o777|os.ModeSticky))
	require.True(t, lets(folder) && lets(link), "nobody can replace what is theirs there")
	require.NoError(t, os.Chmod(folder, 0o777|os.ModeSticky))
	require.False(t, lets(folder) || lets(link))
	require.NoError(t, os.WriteFile(file, []byte(line(key)+" ana\n"), 0o600))
	require.True(t, lets(file), "in a folder of everybody a file that is nobody else's")
}
