package ui

import (
	"crypto/rand"
	"fmt"
	"io"
	"path"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/term"

	"docket/model"
	"docket/ui/keymap"
)

// Failure is what is told of a console that has failed: where, never with what. It
// holds no value of a session, nothing that was typed, and no argument of a function.
type Failure struct {
	Report  string      // a name for it, which the person is told too
	Where   string      // what was under way: start, update, view, command, output, end
	What    string      // Go's own words for a failure of the runtime, else only the type
	Stack   []string    // functions with file and line, the innermost first
	Message string      // the type of the message that was taken last
	Page    string      // the type of the page in front
	Did     []keymap.ID // the last actions by their names, the latest last
	Version string
	Width   int // of the terminal, in cells
	Height  int
}

const (
	reportLetters = 8  // how long the name of a report is
	stackDepth    = 32 // functions of a stack that are told
	didMost       = 10 // actions that are told
)

// failureOf describes what recover has returned. It is called by the function that
// has recovered it.
func failureOf(where string, v any) *Failure {
	f := &Failure{Report: rand.Text()[:reportLetters], Where: where, What: fmt.Sprintf("%T", v)}
	if e, ok := v.(runtime.Error); ok {
		f.What = e.Error() // types and indexes
	}
	const self = 3 // Callers, this function, and who has recovered
	pcs := make([]uintptr, stackDepth)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(self, pcs)])
	for {
		frame, more := frames.Next()
		f.Stack = append(f.Stack, frame.Function+" "+path.Base(frame.File)+":"+strconv.Itoa(frame.Line))
		if !more {
			return f
		}
	}
}

// failed says that a command or the output has failed.
type failed struct{ failure *Failure }

// guard keeps a failure of one console from ending the process, in which others may
// have theirs. Bubble Tea would catch it too, and write what panicked, with whatever
// is in that, to the standard error of the server.
type guard struct {
	root *Root
	send func(tea.Msg)
	did  atomic.Pointer[Failure] // the first one; nil: none

	message string // the type of the message in hand
}

// caught takes what a deferred recover has returned, on the goroutine of the model.
func (g *guard) caught(where string, v any) {
	g.take(failureOf(where, v))
}

// take keeps the first failure, with what the console was at.
func (g *guard) take(f *Failure) {
	f.Message, f.Version, f.Width, f.Height = g.message, g.root.c.Version, g.root.w, g.root.h
	f.Did = slices.Clone(g.root.did)
	if n := len(g.root.pages); n > 0 {
		f.Page = fmt.Sprintf("%T", g.root.pages[n-1])
	}
	g.did.CompareAndSwap(nil, f)
}

// Init implements tea.Model.
func (g *guard) Init() (cmd tea.Cmd) {
	defer func() {
		if v := recover(); v != nil {
			g.caught("start", v)
			cmd = tea.Quit
		}
	}()
	return g.cmd(g.root.Init())
}

// Update implements tea.Model. After a failure nothing is asked of the console any
// more.
func (g *guard) Update(msg tea.Msg) (next tea.Model, cmd tea.Cmd) {
	defer func() {
		if v := recover(); v != nil {
			g.caught("update", v)
			next, cmd = g, tea.Quit
		}
	}()
	if f, ok := msg.(failed); ok {
		g.take(f.failure)
	}
	if g.did.Load() != nil {
		return g, tea.Quit
	}
	g.message = fmt.Sprintf("%T", msg)
	_, cmd = g.root.Update(msg)
	return g, g.cmd(cmd)
}

// View implements tea.Model.
func (g *guard) View() (v tea.View) {
	defer func() {
		if r := recover(); r != nil {
			g.caught("view", r)
			v = tea.View{AltScreen: true}
			go g.send(tea.QuitMsg{})
		}
	}()
	if g.did.Load() != nil {
		return tea.View{AltScreen: true}
	}
	return g.root.View()
}

// cmd makes a command that says when it has failed, and those that it leads to.
func (g *guard) cmd(do tea.Cmd) tea.Cmd {
	if do == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if v := recover(); v != nil {
				msg = failed{failureOf("command", v)}
			}
		}()
		return g.several(do())
	}
}

var cmdType = reflect.TypeFor[tea.Cmd]()

// several guards the commands of a batch and of a sequence, whose type Bubble Tea
// keeps to itself.
func (g *guard) several(msg tea.Msg) tea.Msg {
	all := reflect.ValueOf(msg)
	if !all.IsValid() || all.Kind() != reflect.Slice || all.Type().Elem() != cmdType {
		return msg
	}
	out := reflect.MakeSlice(all.Type(), all.Len(), all.Len())
	for i := range all.Len() {
		if do, ok := all.Index(i).Interface().(tea.Cmd); ok {
			out.Index(i).Set(reflect.ValueOf(g.cmd(do)))
		}
	}
	return out.Interface()
}

// writer guards what is on the way to the terminal: the renderer has a goroutine of
// its own. What cannot be written as it should be is written as it came: the last of
// it puts the terminal back.
func (g *guard) writer(way, terminal io.Writer) io.Writer {
	w := &guardedWriter{way: way, terminal: terminal, g: g}
	if f, ok := way.(term.File); ok {
		return &guardedFile{File: f, w: w}
	}
	return w
}

// guardedFile is a guardedWriter that is still a terminal.
type guardedFile struct {
	term.File
	w *guardedWriter
}

// Write implements io.Writer.
func (f *guardedFile) Write(p []byte) (int, error) { return f.w.Write(p) }

type guardedWriter struct {
	way, terminal io.Writer
	g             *guard
}

// Write implements io.Writer.
func (w *guardedWriter) Write(p []byte) (n int, err error) {
	defer func() {
		if v := recover(); v != nil {
			f := failureOf("output", v)
			go w.g.send(failed{f})
			n, err = w.terminal.Write(p)
		}
	}()
	return w.way.Write(p)
}

// end does what is left to do when the program has ended.
func (g *guard) end(do func()) {
	defer func() {
		if v := recover(); v != nil {
			g.caught("end", v)
		}
	}()
	do()
}

// problem is what the person is told; nil: nothing has failed.
func (g *guard) problem() error {
	f := g.did.Load()
	if f == nil {
		return nil
	}
	return model.NewProblem(model.KindFailed, "This console has failed and was ended; nothing that was held back was sent", "report "+f.Report,
		"start it again, and tell who runs docket the name of the report")
}
