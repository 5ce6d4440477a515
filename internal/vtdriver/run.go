package vtdriver

import (
	"context"
	"io"
	"os"
	"slices"
	"testing"

	"github.com/creack/pty"
)

// StartRun runs a program of this process over a real pseudo-terminal: run is given
// its end of that and the terminal's environment, and returns when ctx ends, which it
// does with the test. The exit code is 0, or 1 when run returns an error; Err tells which. In this process nobody gets the
// signal that a window has another size: Resize changes the terminal's alone.
func StartRun(t testing.TB, run func(ctx context.Context, tty *os.File, env []string) error, opts ...Option) *Driver {
	t.Helper()
	s := newSettings(opts)
	d := newDriver(t, s)
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatalf("open a pseudo-terminal: %v", err)
	}
	if err := pty.Setsize(tty, winsize(s.width, s.height)); err != nil {
		t.Fatalf("size of the pseudo-terminal: %v", err)
	}
	env := slices.Concat(s.profile.environ(), s.env)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, tty, env)
		_ = tty.Close() // the reader below ends with it
		ended <- err
	}()
	go func() {
		defer close(d.exited)
		_, _ = io.Copy(d.terminal, master) // on Linux it ends with EIO
		if d.err = <-ended; d.err != nil {
			d.code = 1
		}
	}()
	d.attach(&runTarget{master: master, cancel: cancel})
	return d
}

// runTarget is a program of this process on the other end of a pseudo-terminal.
type runTarget struct {
	master *os.File
	cancel context.CancelFunc
}

func (r *runTarget) input() io.Writer { return r.master }

func (r *runTarget) resize(width, height int) error {
	return pty.Setsize(r.master, winsize(width, height))
}

func (r *runTarget) stop() { r.cancel() }

func (r *runTarget) kill() { r.cancel() }
