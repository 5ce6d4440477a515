package smoke

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/internal/vtdriver"
)

// binary returns the binary that DOCKET_SMOKE names, or one built now.
func binary(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("DOCKET_SMOKE"); path != "" {
		return path
	}
	path := filepath.Join(t.TempDir(), "docket")
	cmd := exec.Command("go", "build", "-o", path, "docket")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return path
}

// TestSmoke is the main job in a minute: the demo's inbox, a session, its
// decision taken back, the next session, and out.
func TestSmoke(t *testing.T) {
	home := t.TempDir()
	env := []string{"HOME=" + home, "TMPDIR=" + home, "LANG=C.UTF-8"}
	d := vtdriver.StartBinary(t, binary(t), []string{"demo"}, env, vtdriver.Size(120, 40))
	d.See("Needs review 47", "MANUAL")
	d.Press("enter").See("VERDICT", "2 Checks").SeeMatch(`Before approve`)
	d.Press("esc").See("Needs review 47")
	d.Press("q")
	assert.Zero(t, d.Wait())
	left, err := os.ReadDir(home)
	require.NoError(t, err)
	assert.Empty(t, left, "the demo leaves nothing behind")
}
