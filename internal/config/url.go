package config

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"docket/model"
)

// setAPIURL takes a base URL. The path is kept: /0 is part of some. It never
// quotes the value, which might hold a password.
func setAPIURL(c *Config, text string) string {
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil || u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return "write a whole address, such as https://api.example.com"
	case u.User != nil:
		return "take user and password out of the address: the API asks for neither"
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "take everything from the ? or # on out of the address"
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return "write https instead of http: the key and the token would travel in the open (http is taken for this machine only)"
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	c.APIURL = strings.TrimRight(u.String(), "/")
	return ""
}

func hasUserinfo(text string) bool {
	u, err := url.Parse(text)
	return err != nil || u.User != nil
}

// loopback reports whether a host can only be this machine.
func loopback(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().IsLoopback()
	}
	return strings.EqualFold(host, "localhost")
}

// defaultPorts are the ports that a URL leaves out.
var defaultPorts = map[string]string{"https": "443", "http": "80"}

// Origin is what credentials belong to: scheme, host and port of a URL, in one
// spelling ("https://api.example.com:443"). It is "" for what is no URL.
func Origin(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	if port == "" {
		port = defaultPorts[scheme]
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	return scheme + "://" + net.JoinHostPort(host, port)
}

// Origin is the origin of the configured API; "" when none is configured.
func (c Config) Origin() string { return Origin(c.APIURL) }

func isPostgres(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql") && u.Host != ""
}

// holdsPassword reports whether a store URL has a password in one of the places
// where PostgreSQL looks for it. What cannot be read might.
func holdsPassword(text string) bool {
	if strings.HasPrefix(text, sqliteScheme) {
		return false
	}
	u, err := url.Parse(text)
	if err != nil {
		return true
	}
	_, inUser := u.User.Password()
	query := u.Query()
	return inUser || query.Has("password") || query.Has("sslpassword")
}

// StoreAt reads a store URL that is an argument, which every user of the machine can
// see.
func (c Config) StoreAt(text string) (StoreURL, error) {
	if holdsPassword(text) {
		return StoreURL{}, model.NewProblem(model.KindUsage, "An argument would hold a secret, and every user of this machine can see arguments", "",
			"leave the password out of the address, and give it as PGPASSWORD or in the file ~/.pgpass")
	}
	if do := setStore(&c, text); do != "" {
		return StoreURL{}, model.NewProblem(model.KindUsage, "This is not where an inbox can be", StoreURL{text}.String(), do)
	}
	return c.Store, nil
}
