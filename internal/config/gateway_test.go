package config

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/model"
)

// loadTOML loads a configuration from a file alone.
func loadTOML(t *testing.T, text string, env map[string]string) (Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return Load(Inputs{ConfigPath: path, Env: func(name string) string { return env[name] }})
}

func TestGatewayTable(t *testing.T) {
	c, err := loadTOML(t, `
webhook_header = "x-team-secret"
[gateway]
origins = ["https://shop.example.com", "http://localhost:5731"]
allow = ["192.0.2.0/24", "198.51.100.7", "2001:db8::/32"]
proxies = ["10.1.2.3/8"]
signature_header = "X-Signature"
`, map[string]string{"DOCKET_GATEWAY_TOKEN": "fake-token", "DOCKET_WEBHOOK_SECRET": "fake-secret", "DOCKET_WEBHOOK_HMAC": "fake-key"})
	require.NoError(t, err)
	require.Equal(t, Gateway{
		Origins: []string{"https://shop.example.com", "http://localhost:5731"},
		Allow:   []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.7/32"), netip.MustParsePrefix("2001:db8::/32")},
		Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, Signature: "X-Signature",
	}, c.Gateway)
	require.Equal(t, "X-Team-Secret", c.WebhookHeader)
	require.Equal(t, []string{"fake-token", "fake-secret", "fake-key"}, []string{c.GatewayToken.Reveal(), c.WebhookSecret.Reveal(), c.WebhookHMAC.Reveal()})
}

func TestGatewayTableRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"gateway = 1":                                    "[gateway]",
		"[gateway]\nport = 80":                           "[gateway]",
		"[gateway]\norigins = [\"*\"]":                   "origins",
		"[gateway]\norigins = [\"shop.example.com\"]":    "origins",
		"[gateway]\norigins = [\"https://a.example/x\"]": "origins",
		"[gateway]\nallow = [\"everywhere\"]":            "allow",
		"[gateway]\nallow = [\"192.0.2.0/33\"]":          "allow",
		"[gateway]\nproxies = [\"::ffff:10.0.0.0/104\"]": "proxies",
		"[gateway]\nsignature_header = \"two words\"":    "signature_header",
		"webhook_header = \"X:Y\"":                       "webhook_header",
	} {
		_, err := loadTOML(t, text, nil)
		require.Equal(t, model.KindUsage, model.AsProblem(err).Kind, text)
		require.ErrorContains(t, err, says, text)
	}
}

// The gateway's log-in belongs to an API as a key does.
func TestGatewayCredentialsDoNotFollowToAnotherServer(t *testing.T) {
	file := "api_url = 'https://prod.example'\ngateway_email = 'a@example.test'\ngateway_password = 'fake-word'\n"
	c, err := loadTOML(t, file, nil)
	require.NoError(t, err)
	require.Equal(t, "a@example.test", c.GatewayEmail)
	require.Equal(t, "fake-word", c.GatewayPassword.Reveal())
	c, err = loadTOML(t, file, map[string]string{"DOCKET_API_URL": "https://test.example"})
	require.NoError(t, err)
	require.Empty(t, c.GatewayEmail)
	require.True(t, c.GatewayPassword.Empty())
	require.Len(t, c.Warnings, 2)
}
