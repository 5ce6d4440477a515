package config

import (
	"net"
	"strconv"
	"strings"
	"time"
)

// SSH is [ssh] of config.toml: how `docket ssh` serves the console.
type SSH struct {
	Addr   string        `json:"addr"`          // where it listens
	Keys   string        `json:"keys"`          // file of public keys, or folder of NAME.pub; "": none but those of [[person]]
	CA     string        `json:"ca"`            // file of public keys whose certificates are trusted; "": none
	Second string        `json:"second_factor"` // "totp", or "" for none
	Idle   time.Duration `json:"idle"`          // without a key pressed for so long a session ends; 0: it does not
	Max    time.Duration `json:"max"`           // the longest session; 0: without end
	Banner string        `json:"-"`             // shown before the log-in
}

// What [ssh] says when it says nothing.
const (
	defaultSSHAddr = "127.0.0.1:2222"
	defaultSSHIdle = time.Hour
	defaultSSHMax  = 12 * time.Hour
)

// SecondTOTP asks for a code of RFC 6238 after the key.
const SecondTOTP = "totp"

// sshTable is how it stands in the file.
type sshTable struct {
	Addr   string  `toml:"addr"`
	Keys   string  `toml:"keys"`
	CA     string  `toml:"ca"`
	Second string  `toml:"second_factor"`
	Idle   *string `toml:"idle"`
	Max    *string `toml:"max"`
	Banner string  `toml:"banner"`
}

// longestBanner keeps a banner on one screen.
const longestBanner = 1000

func defaultSSH() SSH { return SSH{Addr: defaultSSHAddr, Idle: defaultSSHIdle, Max: defaultSSHMax} }

func (d *document) takeSSH(value any) error {
	var t sshTable
	if err := strictly(value, &t); err != nil {
		return d.wrong("ssh", "", `write it as a table, [ssh], with addr = "127.0.0.1:2222", keys = "…", ca = "…", second_factor = "totp", idle = "1h", max = "12h" or banner = "…"`)
	}
	d.ssh = defaultSSH()
	d.ssh.Keys, d.ssh.CA, d.ssh.Second, d.ssh.Banner = t.Keys, t.CA, t.Second, t.Banner
	if t.Addr != "" {
		if !IsAddress(t.Addr) {
			return d.wrong("addr", "ssh", `write where to listen, such as "127.0.0.1:2222" or ":2222", instead of `+strconv.Quote(t.Addr))
		}
		d.ssh.Addr = t.Addr
	}
	if t.Second != "" && t.Second != SecondTOTP {
		return d.wrong("second_factor", "ssh", `write "totp", the only one there is, or leave it out`)
	}
	if len(t.Banner) > longestBanner {
		return d.wrong("banner", "ssh", "write at most "+strconv.Itoa(longestBanner)+" letters")
	}
	for _, s := range []struct {
		key  string
		text *string
		to   *time.Duration
	}{{"idle", t.Idle, &d.ssh.Idle}, {"max", t.Max, &d.ssh.Max}} {
		if s.text == nil {
			continue
		}
		v, err := time.ParseDuration(*s.text)
		if err != nil || v < 0 {
			return d.wrong(s.key, "ssh", `write a time such as "30m" or "12h", or "0" for none, instead of `+strconv.Quote(*s.text))
		}
		*s.to = v
	}
	return nil
}

// IsAddress reports whether a server could listen there.
func IsAddress(text string) bool {
	host, port, err := net.SplitHostPort(text)
	n, number := strconv.ParseUint(port, 10, 16)
	return err == nil && number == nil && n <= 65535 && !strings.ContainsAny(host, " \t")
}

// expandPaths puts the home directory where paths of people and keys begin with ~.
func (c *Config) expandPaths() {
	for i := range c.People {
		c.People[i].TOTPFile = c.Dirs.expand(c.People[i].TOTPFile)
	}
	c.SSH.Keys, c.SSH.CA = c.Dirs.expand(c.SSH.Keys), c.Dirs.expand(c.SSH.CA)
}
