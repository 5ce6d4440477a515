package config

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEverySettingIsDecidedOn fails for a new setting until somebody has said whether
// the audit log is to tell of its changes.
func TestEverySettingIsDecidedOn(t *testing.T) {
	other := map[string]bool{ // secrets, looks, docket's own log
		"api_key": true, "admin_token": true, "reviewer": true, "theme": true, "lang": true, "reasons_lang": true, "timezone": true,
		"picture": true, "colours": true, "clocks": true, "lock_pin": true, "mouse": true, "attention": true, "log_file": true, "log_level": true,
		"gateway_token": true, "webhook_secret": true, "webhook_hmac": true, "gateway_email": true, "gateway_password": true,
	}
	matters := Config{}.Matters()
	for _, f := range fields() {
		_, told := matters[f.key]
		require.NotEqual(t, told, other[f.key], "%s: put it into Matters, or here", f.key)
	}
}

func TestNoSecretMatters(t *testing.T) {
	for _, a := range []Config{{APIKey: NewSecret("fake-one")}, {AdminToken: NewSecret("fake-one")}, {Store: StoreURL{"postgres://ana:fake-one@db.example/docket"}}} {
		for key, text := range a.Matters() {
			require.NotContains(t, text, "fake-one", key)
		}
	}
}
