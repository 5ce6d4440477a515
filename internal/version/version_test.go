package version

import (
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFrom(t *testing.T) {
	for _, c := range []struct {
		name  string
		build debug.BuildInfo
		want  Info
	}{
		{"nothing recorded", debug.BuildInfo{}, Info{Version: "dev"}},
		{"go run", debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: "(devel)"}}, Info{Version: "dev", Go: "go1.26.0"}},
		{"released", debug.BuildInfo{
			Main: debug.Module{Version: "v1.2.3"},
			Settings: []debug.BuildSetting{
				{Key: "vcs.revision", Value: "abc"},
				{Key: "vcs.time", Value: "2026-11-21T00:00:00Z"},
				{Key: "vcs.modified", Value: "true"},
				{Key: "GOOS", Value: "linux"},
			},
		}, Info{Version: "v1.2.3", Revision: "abc", Time: "2026-11-21T00:00:00Z", Modified: true}},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, from(&c.build)) })
	}
}

func TestReadTellsAboutThisBinary(t *testing.T) {
	require.Equal(t, runtime.Version(), Read().Go)
	require.NotEmpty(t, String())
}
