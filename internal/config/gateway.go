package config

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Gateway is [gateway] of config.toml: whom `docket gateway` listens to.
type Gateway struct {
	Origins   []string       `json:"origins"`   // whose pages may call the token backend from a browser
	Allow     []netip.Prefix `json:"allow"`     // whence webhooks may come; none: from anywhere
	Proxies   []netip.Prefix `json:"proxies"`   // whose X-Forwarded-For counts
	Signature string         `json:"signature"` // header of the signature of webhooks; "": the usual one
}

// gatewayTable is how it stands in the file.
type gatewayTable struct {
	Origins   []string `toml:"origins"`
	Allow     []string `toml:"allow"`
	Proxies   []string `toml:"proxies"`
	Signature string   `toml:"signature_header"`
}

func (d *document) takeGateway(value any) error {
	var t gatewayTable
	if err := strictly(value, &t); err != nil {
		return d.wrong("gateway", "", `write it as a table, [gateway], with origins = ["https://…"], allow = ["192.0.2.0/24"], proxies = ["10.0.0.0/8"] or signature_header = "…"`)
	}
	if i := slices.IndexFunc(t.Origins, notOrigin); i >= 0 {
		return d.wrong("origins", "gateway", `write origins as browsers do, such as "https://shop.example.com", instead of `+strconv.Quote(t.Origins[i]))
	}
	d.gateway = Gateway{Origins: t.Origins, Signature: t.Signature}
	for _, list := range []struct {
		key  string
		from []string
		to   *[]netip.Prefix
	}{{"allow", t.Allow, &d.gateway.Allow}, {"proxies", t.Proxies, &d.gateway.Proxies}} {
		for _, text := range list.from {
			prefix, ok := prefixOf(text)
			if !ok {
				return d.wrong(list.key, "gateway", `write addresses, such as "192.0.2.7" or "192.0.2.0/24", instead of `+strconv.Quote(text))
			}
			*list.to = append(*list.to, prefix)
		}
	}
	if t.Signature != "" && !isHeader(t.Signature) {
		return d.wrong("signature_header", "gateway", "write the name of a header, such as X-Incode-Signature")
	}
	return nil
}

func notOrigin(text string) bool {
	u, err := url.Parse(text)
	return err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || text != u.Scheme+"://"+strings.ToLower(u.Host)
}

// prefixOf reads a range of addresses, or a single one.
func prefixOf(text string) (netip.Prefix, bool) {
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), true
	}
	prefix, err := netip.ParsePrefix(text)
	return prefix.Masked(), err == nil && !prefix.Addr().Is4In6()
}

// isHeader reports whether a text can be the name of a header.
func isHeader(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && r != '-' && r != '_'
	})
}

func setWebhookHeader(c *Config, text string) string {
	if !isHeader(text) {
		return "write the name of a header, letters, digits and hyphens"
	}
	c.WebhookHeader = http.CanonicalHeaderKey(text)
	return ""
}
