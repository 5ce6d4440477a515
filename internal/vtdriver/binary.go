package vtdriver

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// StartBinary runs a binary over a real pseudo-terminal. Its environment is the
// terminal's variables, PATH, and env ("NAME=value"), nothing else of this
// process: HOME and the XDG folders are the test's to give. It ends with the
// test.
func StartBinary(t testing.TB, path string, args, env []string, opts ...Option) *Driver {
	t.Helper()
	s := newSettings(opts)
	d := newDriver(t, s)
	cmd := exec.Command(path, args...)
	cmd.Dir = s.dir
	cmd.Env = slices.Concat([]string{"PATH=" + os.Getenv("PATH")}, s.profile.environ(), env, s.env)
	master, err := pty.StartWithSize(cmd, winsize(s.width, s.height))
	if err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	tg := &binaryTarget{cmd: cmd, master: master}
	go func() {
		defer close(d.exited)
		// On Linux the read ends with EIO when the last holder of the other end is gone.
		_, _ = io.Copy(d.terminal, master)
		d.code, d.err = exitOf(cmd)
	}()
	d.attach(tg)
	return d
}

// Signal sends a signal to the binary, such as SIGHUP for a closed window.
func (d *Driver) Signal(sig os.Signal) *Driver {
	d.t.Helper()
	tg, ok := d.target.(*binaryTarget)
	if !ok {
		d.t.Fatal("signal: a model runs in this process")
	}
	if err := tg.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		d.t.Fatalf("signal %v: %v", sig, err)
	}
	return d
}

// exitOf waits for the process and tells its exit code. Ending with a code is
// no error here: what the code means is for the test to say.
func exitOf(cmd *exec.Cmd) (int, error) {
	err := cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		err = nil
	}
	return cmd.ProcessState.ExitCode(), err
}

// binaryTarget is a process on the other end of a pseudo-terminal.
type binaryTarget struct {
	cmd    *exec.Cmd
	master *os.File
}

func (b *binaryTarget) input() io.Writer { return b.master }

func (b *binaryTarget) resize(width, height int) error {
	return pty.Setsize(b.master, winsize(width, height))
}

func (b *binaryTarget) stop() {
	_ = b.cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself: then there is nothing to stop
}

// kill ends the process with all it has started: pty.Start made it the leader
// of its own session, so the group is its alone.
func (b *binaryTarget) kill() {
	_ = syscall.Kill(-b.cmd.Process.Pid, syscall.SIGKILL) // gone already is as good
	_ = b.master.Close()                                  // ends the reader even when a grandchild holds the other end
}

func winsize(width, height int) *pty.Winsize {
	return &pty.Winsize{Cols: uint16(width), Rows: uint16(height)}
}
