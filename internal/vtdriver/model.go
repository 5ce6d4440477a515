package vtdriver

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// StartModel runs a Bubble Tea model in this process on an emulated terminal.
// The program sees no more of this machine than the terminal's variables and
// those given with [Env]. It ends with the test.
func StartModel(t testing.TB, model tea.Model, opts ...Option) *Driver {
	t.Helper()
	s := newSettings(opts)
	d := newDriver(t, s)
	d.terminal.mapNewlines()
	ctx, cancel := context.WithCancel(context.Background())
	tg := &modelTarget{keys: newTyped(), cancel: cancel, seen: make(chan string, 1)}
	// TTY_FORCE: the program's output is no file, but what reads it is a terminal.
	env := slices.Concat([]string{"TTY_FORCE=1"}, s.profile.environ(), s.env)
	program := slices.Concat([]tea.ProgramOption{
		tea.WithContext(ctx),
		tea.WithInput(tg.keys),
		tea.WithOutput(d.terminal),
		tea.WithEnvironment(env),
		tea.WithWindowSize(s.width, s.height),
		tea.WithoutSignalHandler(),
	}, s.program)
	tg.program = tea.NewProgram(&observed{Model: model, seen: tg.seen}, program...)
	d.model = tg
	go func() {
		defer close(d.exited)
		_, d.err = tg.program.Run()
		if d.err != nil {
			d.code = 1
		}
		tg.keys.close()
	}()
	d.attach(tg)
	return d
}

// Sync waits until the model's Update has seen everything typed so far: what
// follows may assert that a key did nothing. Commands that a key started may
// still be on their way. For a binary, which cannot be asked, it does nothing.
func (d *Driver) Sync() *Driver {
	d.t.Helper()
	if d.model == nil || !d.Running() {
		return d
	}
	d.model.syncs++
	mark := fmt.Sprintf("\x1b[31337;%dz", d.model.syncs)
	d.Send(mark)
	timeout := time.NewTimer(d.deadline)
	defer timeout.Stop()
	for {
		select {
		case seen := <-d.model.seen:
			if seen == mark {
				return d
			}
		case <-d.exited:
			return d
		case <-timeout.C:
			d.fail("the program stopped reading its input")
		}
	}
}

// Tell sends a message to the model, as a command of its own would.
func (d *Driver) Tell(msg tea.Msg) *Driver {
	d.t.Helper()
	if d.model == nil {
		d.t.Fatal("tell: a binary takes no messages")
	}
	d.model.program.Send(msg)
	return d
}

// modelTarget is a Bubble Tea program over in-memory pipes.
type modelTarget struct {
	program *tea.Program
	keys    *typed
	cancel  context.CancelFunc
	seen    chan string // marks of Sync that have come through Update
	syncs   int
}

func (m *modelTarget) input() io.Writer { return m.keys }

func (m *modelTarget) resize(width, height int) error {
	m.program.Send(tea.WindowSizeMsg{Width: width, Height: height})
	return nil
}

func (m *modelTarget) stop() { m.program.Quit() }

func (m *modelTarget) kill() { m.cancel() }

// observed passes everything to the model but the marks of Sync.
type observed struct {
	tea.Model
	seen chan<- string
}

// Update implements tea.Model.
func (o *observed) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	// A sequence that Bubble Tea does not know arrives as a string type.
	if v := reflect.ValueOf(msg); v.IsValid() && v.Kind() == reflect.String && isMark(v.String()) {
		o.seen <- v.String()
		return o, nil
	}
	next, cmd := o.Model.Update(msg)
	o.Model = next
	return o, cmd
}

func isMark(s string) bool {
	var n int
	_, err := fmt.Sscanf(s, "\x1b[31337;%dz", &n)
	return err == nil
}

// typed is what was typed and not read yet. Writing never waits, so that a
// program that has stopped reading cannot stop the person, nor the terminal.
type typed struct {
	mu     sync.Mutex
	more   *sync.Cond
	buf    []byte
	closed bool
}

func newTyped() *typed {
	k := &typed{}
	k.more = sync.NewCond(&k.mu)
	return k
}

// Write implements io.Writer; after close it drops what comes.
func (k *typed) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.closed {
		k.buf = append(k.buf, p...)
		k.more.Signal()
	}
	return len(p), nil
}

// Read implements io.Reader.
func (k *typed) Read(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for len(k.buf) == 0 {
		if k.closed {
			return 0, io.EOF
		}
		k.more.Wait()
	}
	n := copy(p, k.buf)
	k.buf = k.buf[n:]
	return n, nil
}

func (k *typed) close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.closed = true
	k.more.Broadcast()
}
