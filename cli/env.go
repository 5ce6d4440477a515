package cli

import (
	"context"
	"io"
	"os"
	"os/user"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/term"

	"docket/internal/config"
	"docket/ui"
)

// Env is the world of one run: what a process has, or a server makes up for a
// connection.
type Env struct {
	Args    []string // without the name of the program
	Environ []string // KEY=value
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer

	// Which of the streams are a terminal.
	InTerminal, OutTerminal, ErrTerminal bool
	// Size returns the columns and rows of the terminal; 0, 0 without one.
	Size func() (width, height int)
	// Secret asks for a line on the terminal that is not shown while it is typed.
	// It puts the terminal back as it was, also when ctx ends first.
	Secret func(ctx context.Context, prompt string) (string, error)

	// User is who runs it, with the kind of proof: "os:ana".
	User string
	// Account is the user of this machine's system, as its user database has it; a
	// person of the configuration may be that. Empty: it is not known.
	Account string
	// Process says that the streams are those of this process, so that what asks
	// the terminal of the process may be used.
	Process bool

	// Remote says that the person is at the other end of a connection: no file of this
	// machine is read or written for them by name, and its clipboard is not theirs.
	Remote bool
	// Shared is the desk that everybody in this process works at; nil: this run
	// builds its own.
	Shared *Shared
	// Person is who is at the other end.
	Person config.Person
	// Resized says that Size has changed; nil: the terminal itself tells.
	Resized <-chan struct{}
	// Failed hears of a console that has failed; nil: the log does.
	Failed func(ui.Failure)
}

// Process returns the world of this process.
func Process() Env {
	return Env{
		Args: os.Args[1:], Environ: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		InTerminal:  term.IsTerminal(os.Stdin.Fd()),
		OutTerminal: term.IsTerminal(os.Stdout.Fd()),
		ErrTerminal: term.IsTerminal(os.Stderr.Fd()),
		Size:        terminalSize,
		Secret: func(ctx context.Context, prompt string) (string, error) {
			return askSecret(ctx, os.Stdin, os.Stderr, prompt)
		},
		User:    "os:" + userName(os.Getenv),
		Account: account(),
		Process: true,
	}
}

func terminalSize() (width, height int) {
	for _, f := range []*os.File{os.Stdout, os.Stderr, os.Stdin} {
		if w, h, err := term.GetSize(f.Fd()); err == nil && w > 0 {
			return w, h
		}
	}
	return 0, 0
}

// account is the name that the user database has for who runs this process. Unlike
// the environment nobody chooses it for themselves.
func account() string {
	u, err := user.LookupId(strconv.Itoa(os.Getuid()))
	if err != nil {
		return "" // also on Windows, where there are no such numbers
	}
	return u.Username
}

// userName is the name of the OS user. Without a user database, in a container
// for instance, the environment is all there is.
func userName(getenv func(string) string) string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	for _, name := range []string{"USER", "LOGNAME", "USERNAME"} {
		if v := getenv(name); v != "" {
			return v
		}
	}
	return "unknown"
}

// getenv returns the value of a variable; the last one wins, as in a shell.
func (e Env) getenv(name string) string {
	value := ""
	for _, kv := range e.Environ {
		if v, ok := strings.CutPrefix(kv, name+"="); ok {
			value = v
		}
	}
	return value
}

// colour reports whether a terminal stream may have colours. Any value of
// NO_COLOR counts, not only those that look like a yes.
func (e Env) colour(terminal bool) bool {
	return terminal && e.getenv("NO_COLOR") == "" && e.getenv("TERM") != "dumb"
}

// asks reports whether there is somebody to ask.
func (e Env) asks() bool { return e.InTerminal && e.ErrTerminal }
