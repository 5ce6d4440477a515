package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"docket/internal/config"
)

func TestSecretsOfTargets(t *testing.T) {
	w := newWorld(t)
	w.toml("[[notify]]\nname = 'ops'\nurl = 'https://a.example'\n[[notify]]\nname = 'ops-desk'\nurl = 'http://127.0.0.1:9/x'\n")
	file := w.file("secrets.env", "DOCKET_NOTIFY_SECRET_OPS=fake-secret-of-the-file\nDOCKET_NOTIFY_SECRET_OPS_DESK=fake-secret-of-the-file\n", 0o644)
	w.env["DOCKET_NOTIFY_SECRET_OPS_DESK"] = "fake-secret-of-the-environment"
	c := w.mustLoad(config.Inputs{EnvFile: file})
	require.Equal(t, "fake-secret-of-the-file", c.Notify[0].Secret.Reveal())
	require.Equal(t, "fake-secret-of-the-environment", c.Notify[1].Secret.Reveal(), "the environment wins")
	require.NotContains(t, c.Matters()["notify"], "fake-secret")
	require.Contains(t, c.Warnings[0], "DOCKET_NOTIFY_SECRET_OPS and DOCKET_NOTIFY_SECRET_OPS_DESK", "others can read the file")

	delete(w.env, "DOCKET_NOTIFY_SECRET_OPS_DESK")
	c = w.mustLoad(config.Inputs{})
	require.True(t, c.Notify[0].Secret.Empty(), "consoles need none")

	w.env["DOCKET_NOTIFY_SECRET_OPS"] = "short"
	_, err := config.Load(config.Inputs{Env: func(name string) string { return w.env[name] }})
	require.ErrorContains(t, err, "DOCKET_NOTIFY_SECRET_OPS from the environment")
	require.NotContains(t, err.Error(), "short)")
}
