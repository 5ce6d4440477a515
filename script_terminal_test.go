package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/creack/pty"
	"github.com/rogpeppe/go-internal/testscript"
)

// patience is how long a terminal waits for what a program is expected to say.
const patience = 20 * time.Second

// cmdTerminal runs docket in a terminal of its own and talks to it:
//
//	terminal 0 dialogue docket approve $MANUAL1 --reason checked-ok
//
// Each line of the dialogue is what to wait for, an arrow, and what to type, both
// written as in a Go string:
//
//	Send it? => y\r
//
// What to type may also be a signal, as in => SIGTERM. What the terminal
// showed is in the file "screen" afterwards.
func cmdTerminal(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg, len(args) >= 3, "terminal CODE DIALOGUE program args…")
	path, err := exec.LookPath(args[2])
	ts.Check(err)
	cmd := exec.Command(path, args[3:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = environOf(ts)
	f, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: 120, Rows: 40})
	ts.Check(err)
	screen := &transcript{}
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(screen, f) // ends with an error when the program has ended
	}()
	for line := range strings.Lines(ts.ReadFile(args[1])) {
		want, say, found := strings.Cut(strings.TrimRight(line, "\n"), " => ")
		if !found {
			continue
		}
		want, err := strconv.Unquote(`"` + want + `"`)
		ts.Check(err)
		if !screen.wait(want) {
			_ = cmd.Process.Kill()
			ts.Fatalf("the terminal never said %q, but:\n%s", want, screen.String())
		}
		speak(ts, cmd, f, say)
	}
	late := time.AfterFunc(patience, func() { _ = cmd.Process.Signal(syscall.SIGQUIT) })
	err = endsWith(cmd, args[0])
	late.Stop()
	if err != nil {
		ts.Fatalf("%v; the terminal showed:\n%s", err, screen.String())
	}
	<-read
	_ = f.Close() // its program is gone
	ts.Check(os.WriteFile(ts.MkAbs("screen"), []byte(screen.String()), 0o600))
}

func environOf(ts *testscript.TestScript) []string {
	var env []string
	for _, name := range []string{
		"HOME", "USER", "PATH", "LANG", "TERM", "NO_COLOR", "TMPDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME",
		"XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "DOCKET_API_URL", "DOCKET_API_KEY", "DOCKET_ADMIN_TOKEN",
		"DOCKET_STORE", "DOCKET_REVIEWER", "DOCKET_CLIENT_ID",
	} {
		if v := ts.Getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	return env
}

var signals = map[string]os.Signal{"SIGTERM": syscall.SIGTERM, "SIGINT": syscall.SIGINT, "SIGHUP": syscall.SIGHUP}

func speak(ts *testscript.TestScript, cmd *exec.Cmd, f *os.File, say string) {
	if sig, ok := signals[say]; ok {
		ts.Check(cmd.Process.Signal(sig))
		return
	}
	text, err := strconv.Unquote(`"` + say + `"`)
	ts.Check(err)
	_, err = f.WriteString(text)
	ts.Check(err)
}

// endsWith waits for the end of a program and compares its exit code.
func endsWith(cmd *exec.Cmd, code string) error {
	err := cmd.Wait()
	got := 0
	if err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			return err
		}
		got = exit.ExitCode()
	}
	if strconv.Itoa(got) != code {
		return errors.New("exit code " + strconv.Itoa(got) + ", want " + code)
	}
	return nil
}

// transcript is everything that a terminal was sent.
type transcript struct {
	mu   sync.Mutex
	b    bytes.Buffer
	from int // what comes before was waited for already
	news chan struct{}
}

func (s *transcript) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.news != nil {
		close(s.news)
		s.news = nil
	}
	return s.b.Write(p)
}

func (s *transcript) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// wait waits until the text has come after what was waited for before.
func (s *transcript) wait(text string) bool {
	deadline := time.After(patience)
	for {
		s.mu.Lock()
		if i := bytes.Index(s.b.Bytes()[s.from:], []byte(text)); i >= 0 {
			s.from += i + len(text)
			s.mu.Unlock()
			return true
		}
		if s.news == nil {
			s.news = make(chan struct{})
		}
		news := s.news
		s.mu.Unlock()
		select {
		case <-news:
		case <-deadline:
			return false
		}
	}
}
