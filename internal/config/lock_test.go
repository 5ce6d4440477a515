package config

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheLockIsOnOverSSHUnlessToldOtherwise(t *testing.T) {
	load := func(lock string) Config {
		c, err := Load(Inputs{ConfigPath: os.DevNull, Env: func(name string) string {
			return map[string]string{"DOCKET_LOCK": lock}[name]
		}})
		require.NoError(t, err)
		return c
	}
	for lock, want := range map[string][2]time.Duration{
		"": {0, 5 * time.Minute}, "0": {0, 0}, "90s": {90 * time.Second, 90 * time.Second},
	} {
		require.Equal(t, want, [2]time.Duration{load(lock).LockAfter(false), load(lock).LockAfter(true)}, lock)
	}
}

func TestAPINIsNotTakenForItsHash(t *testing.T) {
	_, err := Load(Inputs{ConfigPath: os.DevNull, Env: func(name string) string {
		return map[string]string{"DOCKET_LOCK_PIN": "4711"}[name]
	}})
	require.ErrorContains(t, err, "docket pin")
	require.NotContains(t, err.Error(), "4711")
}
