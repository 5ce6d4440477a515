package version

import (
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestVersion(t *testing.T) {
	commit := []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef0123"}}
	assert.Equal(t, "v1.2.3", of(&debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}, Settings: commit}))
	assert.Equal(t, "dev-0123456789ab", of(&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}, Settings: commit}))
	assert.Equal(t, "dev", of(&debug.BuildInfo{}))
	assert.NotEmpty(t, String())
}
