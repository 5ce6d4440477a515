package docs

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/internal/config"
	"docket/model"
)

// The example of the page about rules is a configuration that loads.
func TestTheExampleOfRulesLoads(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "docs", "rules.md"))
	require.NoError(t, err)
	examples := fence.FindAllStringSubmatch(string(page), -1)
	require.NotEmpty(t, examples)
	file := filepath.Join(t.TempDir(), "config.toml")
	require.NoError(t, os.WriteFile(file, []byte(examples[0][1]), 0o600))
	env := map[string]string{"DOCKET_NOTIFY_SECRET_OPS": "a-secret-of-the-example"}
	c, err := config.Load(config.Inputs{Env: func(name string) string { return env[name] }, ConfigPath: file})
	require.NoError(t, err)
	require.Len(t, c.Rules, 3)
	require.Equal(t, "fraud-first", c.Rules[0].Name)
	require.Equal(t, []model.Verdict{model.OK}, c.Rules[2].Verdicts)
	require.True(t, c.Rules[2].Enroll)
	require.False(t, c.Notify[0].Secret.Empty())
}
