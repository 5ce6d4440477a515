package config

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"docket/model"
)

// keyLine makes a public key as a .pub file has it.
func keyLine(t *testing.T) string {
	t.Helper()
	public, _, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	key, err := ssh.NewPublicKey(public)
	require.NoError(t, err)
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key)))
}

func TestPeopleAndSSH(t *testing.T) {
	key := keyLine(t)
	c, err := loadTOML(t, `
[[person]]
name = "ana"
role = "reviewer"
flows = ["flow-1"]
countries = ["MEX", "DEU"]
keys = ["`+key+` ana@laptop"]
principals = ["ana", "ana@example.test"]
local = "ana"
totp_file = "~/totp"
[person.settings]
theme = "light"
colours = "256"
picture = "blocks"
keys = { approve = "A" }

[[person]]
name = "ben"
role = "auditor"
local = "ben"

[ssh]
addr = ":2022"
keys = "~/keys"
ca = "/etc/docket/ca.pub"
second_factor = "totp"
idle = "30m"
max = "0"
banner = "Only for the team."
`, map[string]string{"HOME": "/home/docket"})
	require.NoError(t, err)
	require.Equal(t, []Person{
		{
			Name: "ana", Role: model.RoleReviewer, Scope: model.Scope{Flows: []string{"flow-1"}, Countries: []string{"MEX", "DEU"}},
			Keys: []string{key + " ana@laptop"}, Principals: []string{"ana", "ana@example.test"}, Local: "ana", TOTPFile: "/home/docket/totp",
			Settings: Settings{Theme: "light", Colours: "256", Picture: "blocks", Keys: map[string][]string{"approve": {"A"}}},
		},
		{Name: "ben", Role: model.RoleAuditor, Local: "ben"},
	}, c.People)
	require.Equal(t, SSH{Addr: ":2022", Keys: "/home/docket/keys", CA: "/etc/docket/ca.pub", Second: SecondTOTP, Idle: 30 * time.Minute, Banner: "Only for the team."}, c.SSH)
	p, found := c.PersonHere("ben")
	require.True(t, found)
	require.Equal(t, "ssh:ben", p.Identity())
	for _, nobody := range []string{"carla", ""} {
		_, found = c.PersonHere(nobody)
		require.False(t, found)
	}
	require.Contains(t, c.Matters()["person"], "ana")
	require.Contains(t, c.Matters()["ssh"], "ca.pub")
}

func TestSSHWithoutATable(t *testing.T) {
	c, err := loadTOML(t, "", nil)
	require.NoError(t, err)
	require.Equal(t, SSH{Addr: "127.0.0.1:2222", Idle: time.Hour, Max: 12 * time.Hour}, c.SSH)
}

func TestPeopleAndSSHRefuse(t *testing.T) {
	key := keyLine(t)
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	weakKey, err := ssh.NewPublicKey(&weak.PublicKey)
	require.NoError(t, err)
	person := func(name, more string) string {
		return "[[person]]\nname = '" + name + "'\nrole = 'viewer'\n" + more + "\n"
	}
	for text, says := range map[string]string{
		"person = 1":                                  "[[person]]",
		"[[person]]\nrole = 'viewer'":                 "give them a name",
		person("../ana", ""):                          "give them a name",
		person("Ana", ""):                             "lower case",
		"[[person]]\nname = 'ana'":                    "give them a role",
		"[[person]]\nname='a'\nrole='owner'":          "supervisor",
		"[[person]]\nname='a'\nrole='service'":        "supervisor",
		person("ana", "keys = ['not a key']"):         ".pub file",
		person("ana", "keys = ['"+key+"\\n"+key+"']"): ".pub file",
		person("ana", "keys = ['no-pty "+key+"']"):    "options",
		person("ana", "keys = ['"+strings.TrimSpace(string(ssh.MarshalAuthorizedKey(weakKey)))+"']"): "too weak",
		person("ana", "countries = ['Mexico']"):                                                      "three capital letters",
		person("ana", "flows = ['']"):                                                                "by their ids",
		person("ana", "principals = [' ']"):                                                          "principal",
		person("ana", "password = 'x'"):                                                              "[[person]]",
		person("ana", "settings = { colours = 'pink' }"):                                             "colours",
		person("ana", "settings = { lang = 'tlh' }"):                                                 "lang",
		person("ana", "settings = { keys = { approve = 1 } }"):                                       "settings",
		person("ana", "") + person("ana", ""):                                                        "twice",
		person("ana", "local = 'x'") + person("ben", "local = 'x'"):                                  "is also ana",
		person("ana", "principals = ['x']") + person("ben", "principals = ['x']"):                    "also ana's",
		person("ana", "keys = ['"+key+"']") + person("ben", "keys = ['"+key+" again']"):              "also ana's",
		"ssh = 1":                      "[ssh]",
		"[ssh]\nport = 22":             "[ssh]",
		"[ssh]\naddr = 'somewhere'":    "addr",
		"[ssh]\nsecond_factor = 'sms'": "totp",
		"[ssh]\nidle = 'long'":         "idle",
		"[ssh]\nmax = '-1h'":           "max",
		"[ssh]\nbanner = '" + strings.Repeat("x", 1001) + "'": "banner",
	} {
		_, err := loadTOML(t, text, nil)
		require.Equal(t, model.KindUsage, model.AsProblem(err).Kind, text)
		require.ErrorContains(t, err, says, text)
	}
}
