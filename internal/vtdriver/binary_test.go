package vtdriver_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/internal/vtdriver"
)

// shell starts sh with a script on a pseudo-terminal.
func shell(t *testing.T, script string, env []string, opts ...vtdriver.Option) *vtdriver.Driver {
	t.Helper()
	path, err := exec.LookPath("sh")
	require.NoError(t, err)
	return vtdriver.StartBinary(t, path, []string{"-c", script}, env, opts...)
}

func TestBinaryEchoesAndExits(t *testing.T) {
	d := shell(t, `printf 'name? '; read -r n; echo "hello $n from $WHO"; exit 7`, []string{"WHO=test"})
	d.See("name?").Type("Lucía").Press("enter").See("hello Lucía from test")
	require.Equal(t, 7, d.Wait())
	require.NoError(t, d.Err())
}

func TestBinaryHasARealTerminalOfTheSize(t *testing.T) {
	d := shell(t, `trap 'stty size; exit 0' WINCH; tty; stty size; while :; do sleep 0.05; done`, nil, vtdriver.Size(70, 20))
	d.See("/dev/", "20 70")
	d.Resize(90, 30).See("30 90")
	require.Zero(t, d.Wait())
}

func TestBinarySeesOnlyTheGivenEnvironment(t *testing.T) {
	t.Setenv("DOCKET_API_KEY", "not-for-the-binary")
	t.Setenv("HOME", "/not-for-the-binary")
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	d := shell(t, `env; pwd; echo end`, []string{"A=b"}, vtdriver.Profile(vtdriver.NoColor), vtdriver.Dir(dir), vtdriver.Size(200, 40))
	d.See("NO_COLOR=1", "A=b", dir, "end")
	require.NotContains(t, d.Screen(), "not-for-the-binary")
}

func TestBinarySignals(t *testing.T) {
	d := shell(t, `trap 'echo hung up; exit 3' HUP; echo ready; while :; do sleep 0.05; done`, nil)
	d.See("ready").Signal(syscall.SIGHUP).See("hung up")
	require.Equal(t, 3, d.Wait())
	require.NoError(t, d.Err())

	d = shell(t, `echo ready; exec cat`, nil).See("ready")
	require.Equal(t, -1, d.Quit())
	require.ErrorContains(t, d.Err(), "terminated")
}

func TestBinaryIsKilledWithTheTest(t *testing.T) {
	pid := filepath.Join(t.TempDir(), "pid")
	t.Run("inner", func(t *testing.T) {
		d := shell(t, `trap '' HUP TERM; echo $$ > "$PIDFILE"; echo ready; while :; do sleep 0.05; done`, []string{"PIDFILE=" + pid})
		d.See("ready")
	})
	require.FileExists(t, pid)
	content, err := os.ReadFile(pid)
	require.NoError(t, err)
	_, err = os.Stat("/proc/" + string(content[:len(content)-1]))
	require.ErrorIs(t, err, os.ErrNotExist)
}
