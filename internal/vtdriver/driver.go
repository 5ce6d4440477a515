// Package vtdriver drives a terminal program in an emulated terminal the way a
// person does: press keys, look at the screen, wait until something is there.
//
// A Bubble Tea model runs in this process over in-memory pipes ([StartModel]),
// any binary over a real pseudo-terminal ([StartBinary]); the rest is the same
// for both. Every wait ends by what is on the screen, never by time alone, and
// fails the test with the screen printed when the deadline passes:
//
//	d := vtdriver.StartModel(t, model, vtdriver.Size(120, 40))
//	d.See("Needs review").Press("j", "enter").See("VERDICT").Press("q")
//	require.Zero(t, d.Wait())
//
// All methods must be called on the test's own goroutine, because they may
// end the test.
package vtdriver

import (
	"io"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// DefaultDeadline is how long a wait lasts before the test fails. It is far
// above what a busy machine under the race detector needs, so that only a real
// absence reaches it.
const DefaultDeadline = time.Minute

// settleQuiet is the silence after which a screen counts as settled. It is
// several frames at the 60 frames a second of the renderer.
const settleQuiet = 150 * time.Millisecond

// ColorProfile is what the emulated terminal says about its colours, by the
// environment variables a program reads.
type ColorProfile int

// The profiles a terminal can have, richest first.
const (
	TrueColor ColorProfile = iota
	ANSI256
	ANSI16
	NoColor
)

// environ holds, for each profile, the variables that make a program choose it.
func (p ColorProfile) environ() []string {
	return [...][]string{
		TrueColor: {"TERM=xterm-256color", "COLORTERM=truecolor"},
		ANSI256:   {"TERM=xterm-256color"},
		ANSI16:    {"TERM=xterm"},
		NoColor:   {"TERM=xterm-256color", "NO_COLOR=1"},
	}[p]
}

// settings are what the options set.
type settings struct {
	width, height int
	profile       ColorProfile
	light         bool
	deadline      time.Duration
	env           []string
	program       []tea.ProgramOption
	dir           string
}

// Option changes how a program is started.
type Option func(*settings)

// Size sets the terminal's size in cells; 120×40 unless given.
func Size(width, height int) Option {
	return func(s *settings) { s.width, s.height = width, height }
}

// Profile sets the terminal's colours; TrueColor unless given.
func Profile(p ColorProfile) Option { return func(s *settings) { s.profile = p } }

// Light makes the terminal answer that its background is white.
func Light() Option { return func(s *settings) { s.light = true } }

// Dark makes the terminal answer that its background is black, as it does
// unless told otherwise.
func Dark() Option { return func(s *settings) { s.light = false } }

// Deadline sets how long each wait lasts before the test fails.
func Deadline(limit time.Duration) Option { return func(s *settings) { s.deadline = limit } }

// Env adds variables ("NAME=value") to what the program sees as its
// environment; a later one wins over an earlier one and over the terminal's own.
func Env(vars ...string) Option { return func(s *settings) { s.env = append(s.env, vars...) } }

// ProgramOptions adds options for the Bubble Tea program of [StartModel].
func ProgramOptions(opts ...tea.ProgramOption) Option {
	return func(s *settings) { s.program = append(s.program, opts...) }
}

// Dir sets the working directory of the binary of [StartBinary].
func Dir(path string) Option { return func(s *settings) { s.dir = path } }

func newSettings(opts []Option) settings {
	s := settings{width: 120, height: 40, deadline: DefaultDeadline}
	for _, opt := range opts {
		opt(&s)
	}
	return s
}

// target is the program under the driver: a model or a process.
type target interface {
	// input takes what the person types and what the terminal answers.
	input() io.Writer
	// resize tells the program the terminal's new size.
	resize(width, height int) error
	// stop asks the program to end as its surroundings would.
	stop()
	// kill ends the program at once and frees what it holds.
	kill()
}

// Driver is a person at a terminal with one program on it.
type Driver struct {
	t        testing.TB
	terminal *terminal
	target   target
	deadline time.Duration

	exited chan struct{} // closed when the program has ended and all its output is on the screen
	code   int           // written before exited is closed
	err    error         // written before exited is closed

	model *modelTarget // nil when a binary runs
}

func newDriver(t testing.TB, s settings) *Driver {
	return &Driver{
		t:        t,
		terminal: newTerminal(s.width, s.height, s.light),
		deadline: s.deadline,
		exited:   make(chan struct{}),
	}
}

// attach connects the terminal's answers to the program's input and arranges
// for everything to end with the test.
func (d *Driver) attach(tg target) {
	d.target = tg
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		d.answer(tg.input())
	}()
	d.t.Cleanup(func() {
		tg.kill()
		<-d.exited
		d.terminal.hangUp()
		<-answered
	})
}

// answer carries the terminal's replies to the program. It reads on when the
// program has gone: a reply that nobody reads would hold the terminal still.
func (d *Driver) answer(input io.Writer) {
	buf := make([]byte, 4096)
	for {
		n, err := d.terminal.answers().Read(buf)
		_, _ = input.Write(buf[:n]) // fails only when the program has gone
		if err != nil {
			return
		}
	}
}

// Resize changes the terminal's size, as dragging a window's corner does.
func (d *Driver) Resize(width, height int) *Driver {
	d.t.Helper()
	d.terminal.resize(width, height)
	if err := d.target.resize(width, height); err != nil {
		d.t.Fatalf("resize to %d×%d: %v", width, height, err)
	}
	return d
}

// Wait waits until the program has ended and returns its exit code. For a model
// that is 0, or 1 when tea.Program.Run returned an error; for a binary it is
// the process's, or -1 when a signal ended it. Err tells more.
func (d *Driver) Wait() int {
	d.t.Helper()
	select {
	case <-d.exited:
		return d.code
	case <-time.After(d.deadline):
		d.fail("waited for the end of the program")
		return -1
	}
}

// Err waits until the program has ended and returns how it failed: what
// tea.Program.Run returned, or which signal ended the process. An exit code
// alone is no failure.
func (d *Driver) Err() error {
	d.t.Helper()
	d.Wait()
	return d.err
}

// Quit ends the program from outside (a quit message for a model, SIGTERM for
// a binary), waits for its end and returns its exit code.
func (d *Driver) Quit() int {
	d.t.Helper()
	d.target.stop()
	return d.Wait()
}

// Running reports whether the program has not ended yet.
func (d *Driver) Running() bool {
	select {
	case <-d.exited:
		return false
	default:
		return true
	}
}

// fail ends the test with the reason and the screen as a person would see it.
func (d *Driver) fail(format string, args ...any) {
	d.t.Helper()
	state := "still running"
	if !d.Running() {
		state = "ended"
		if d.err != nil {
			state = "ended: " + d.err.Error()
		}
	}
	args = append(args, state, d.frame())
	d.t.Fatalf(format+" (program %s); on the screen:\n%s", args...)
}
