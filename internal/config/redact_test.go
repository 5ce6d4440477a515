package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"github.com/stretchr/testify/require"

	"docket/internal/config"
)

// TestNothingShowsASecret writes a configuration in every way that code might
// by mistake.
func TestNothingShowsASecret(t *testing.T) {
	const key, token, password = "fake-key-value", "fake-token-value", "fake-password"
	w := newWorld(t)
	w.env["DOCKET_API_KEY"], w.env["DOCKET_ADMIN_TOKEN"] = key, token
	w.env["DOCKET_STORE"] = "postgres://docket:" + password + "@db.example:5432/docket?sslpassword=" + password
	c := w.mustLoad(config.Inputs{})
	require.Equal(t, key, c.APIKey.Reveal())
	require.Contains(t, c.Store.Reveal(), password)

	shown := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		shown[verb] = fmt.Sprintf(verb, c) + fmt.Sprintf(verb, &c) + fmt.Sprintf(verb, c.APIKey) + fmt.Sprintf(verb, &c.APIKey) +
			fmt.Sprintf(verb, c.Store) + fmt.Sprintf(verb, []config.Secret{c.AdminToken})
	}
	shown["print"] = fmt.Sprint(c, c.APIKey, c.Store, fmt.Errorf("with %v", c.AdminToken))
	asJSON, err := json.Marshal(c)
	require.NoError(t, err)
	shown["json"] = string(asJSON)
	asTOML, err := toml.Marshal(map[string]any{"key": c.APIKey, "store": c.Store})
	require.NoError(t, err)
	shown["toml"] = string(asTOML)
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"slog text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"slog json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var out bytes.Buffer
		slog.New(handler(&out)).Info("started", "key", c.APIKey, "store", c.Store, "config", c)
		shown[name] = out.String()
	}
	for how, text := range shown {
		for _, secret := range []string{key, token, password, fmt.Sprintf("%x", key), fmt.Sprintf("%X", key)} {
			require.NotContains(t, text, secret, how)
		}
	}
	require.Equal(t, "[redacted]", c.APIKey.String())
	require.Empty(t, config.Secret{}.String())
	require.Equal(t, "postgres://db.example:5432/docket", c.Store.String())
}
