package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is wrong is told whole, and the rest is still there.
func TestExamineGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	require.NoError(t, os.WriteFile(path, []byte("default_profile = 'gone'\nhold = 'soon'\ntheme = 'contrast'\ntimezone = 'Mars'\n"), 0o600))
	env := map[string]string{"DOCKET_MOUSE": "perhaps", "DOCKET_REVIEWER": "Ana"}
	in := Inputs{Env: func(name string) string { return env[name] }, ConfigPath: path, Flags: map[string]string{"lang": "de"}}
	c, wrong := Examine(in)
	var says []string
	for _, err := range wrong {
		says = append(says, err.Error())
	}
	require.Len(t, says, 5)
	for i, part := range []string{"default_profile in " + path, "timezone from " + path, "hold from " + path, "mouse from DOCKET_MOUSE", "lang from --lang"} {
		require.Contains(t, says[i], part)
	}
	require.Contains(t, says[4], "write en, the only one there is, instead of \"de\"")
	require.Equal(t, "contrast", c.Theme)
	require.Equal(t, "Ana", c.Reviewer)
	require.Empty(t, c.Profile)
	_, err := Load(in)
	require.EqualError(t, err, says[0])
}

func TestAFileWithoutEndIsNotRead(t *testing.T) {
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip("there is no /dev/zero")
	}
	for _, in := range []Inputs{{ConfigPath: "/dev/zero"}, {ConfigPath: "/dev/null", EnvFile: "/dev/zero"}} {
		in.Env = func(string) string { return "" }
		_, err := Load(in)
		require.ErrorContains(t, err, "larger than 1 MiB")
	}
}

func TestProfilesOfAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	require.NoError(t, os.WriteFile(path, []byte("[profile.staging]\n[profile.eu]\n"), 0o600))
	require.Equal(t, []string{"eu", "staging"}, Profiles(Inputs{ConfigPath: path}))
	require.Empty(t, Profiles(Inputs{ConfigPath: path + ".not"}))
}
