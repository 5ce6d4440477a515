package perf

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// replies are what a common terminal answers to the questions that programs
// ask at their start, so that no program waits for an answer in vain.
var replies = []struct{ question, answer string }{
	{"\x1b]11;?", "\x1b]11;rgb:0000/0000/0000\x1b\\"},
	{"\x1b]10;?", "\x1b]10;rgb:ffff/ffff/ffff\x1b\\"},
	{"\x1b[?2026$p", "\x1b[?2026;2$y"},
	{"\x1b[?2027$p", "\x1b[?2027;0$y"},
	{"\x1b[c", "\x1b[?62;22c"},
	{"\x1b[6n", "\x1b[1;1R"},
}

// screen is a program on a pseudo-terminal whose output is timed as it comes.
type screen struct {
	b     *testing.B
	cmd   *exec.Cmd
	tty   *os.File
	start time.Time

	mu    sync.Mutex
	out   bytes.Buffer
	last  time.Time
	more  chan struct{}
	ended bool
	asked int // how far replies have been looked for
}

func start(b *testing.B, env []string, name string, args ...string) *screen {
	b.Helper()
	s := &screen{b: b, cmd: exec.Command(name, args...), more: make(chan struct{})}
	s.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8"}, env...)
	s.start = time.Now()
	tty, err := pty.StartWithSize(s.cmd, &pty.Winsize{Cols: 120, Rows: 40})
	if err != nil {
		b.Fatal(err)
	}
	s.tty = tty
	go s.read()
	return s
}

func (s *screen) read() {
	buf := make([]byte, 1<<16)
	for {
		n, err := s.tty.Read(buf)
		now := time.Now()
		s.mu.Lock()
		s.out.Write(buf[:n])
		s.last = now
		s.ended = err != nil
		s.reply()
		close(s.more)
		s.more = make(chan struct{})
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// reply answers what was asked since the last look.
func (s *screen) reply() {
	fresh := s.out.Bytes()[s.asked:]
	s.asked = s.out.Len()
	for _, r := range replies {
		if bytes.Contains(fresh, []byte(r.question)) {
			_, _ = io.WriteString(s.tty, r.answer) // it may have ended
		}
	}
}

// until waits for a text in the output since the last reset and returns when
// the chunk that completed it came.
func (s *screen) until(text string) time.Time {
	s.b.Helper()
	return s.times(text, 1)
}

// times waits until a text is there so many times.
func (s *screen) times(text string, n int) time.Time {
	s.b.Helper()
	limit := time.After(2 * time.Minute)
	for {
		s.mu.Lock()
		found, at, ended, more := bytes.Count(s.out.Bytes(), []byte(text)) >= n, s.last, s.ended, s.more
		s.mu.Unlock()
		switch {
		case found:
			return at
		case ended:
			s.b.Fatalf("%s ended before it showed %q:\n%s", s.cmd.Path, text, s.out.String())
		}
		select {
		case <-more:
		case <-limit:
			s.b.Fatalf("%s never showed %q:\n%q", s.cmd.Path, text, s.out.String())
		}
	}
}

// key sends a key and returns how long it took until the last byte of what it
// painted, and how many bytes that was. A frame has ended when nothing more
// has come for a while.
func (s *screen) key(k string) (time.Duration, int) {
	sent := time.Now()
	more := s.press(k)
	select {
	case <-more:
	case <-time.After(10 * time.Second):
		s.b.Fatalf("the key %q painted nothing", k)
	}
	const still = 30 * time.Millisecond
	for {
		s.mu.Lock()
		idle := time.Since(s.last)
		took, size := s.last.Sub(sent), s.out.Len()
		s.mu.Unlock()
		if idle >= still {
			return took, size
		}
		time.Sleep(still - idle)
	}
}

// press sends a key and forgets what came before it. It returns what is closed
// by the next output.
func (s *screen) press(k string) <-chan struct{} {
	s.mu.Lock()
	s.out.Reset()
	s.asked = 0
	s.last = time.Now()
	more := s.more
	s.mu.Unlock()
	if _, err := io.WriteString(s.tty, k); err != nil {
		s.b.Fatal(err)
	}
	return more
}

// settle waits until the program is quiet.
func (s *screen) settle(quiet time.Duration) {
	for {
		s.mu.Lock()
		idle := time.Since(s.last)
		s.mu.Unlock()
		if idle >= quiet {
			return
		}
		time.Sleep(quiet - idle)
	}
}

// resident returns the memory of the program in MB, as the kernel counts it:
// all of it, and what is not backed by a file.
func (s *screen) resident() (all, own float64) {
	status, err := os.ReadFile("/proc/" + itoa(s.cmd.Process.Pid) + "/status")
	if err != nil {
		s.b.Fatal(err)
	}
	return field(string(status), "VmRSS:"), field(string(status), "RssAnon:")
}

// most returns the most memory that the program ever had, in MB.
func (s *screen) most() float64 {
	status, err := os.ReadFile("/proc/" + itoa(s.cmd.Process.Pid) + "/status")
	if err != nil {
		s.b.Fatal(err)
	}
	return field(string(status), "VmHWM:")
}

func field(status, name string) float64 {
	for line := range strings.Lines(status) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			kb := 0.0
			for _, r := range strings.TrimSuffix(strings.TrimSpace(rest), " kB") {
				kb = kb*10 + float64(r-'0')
			}
			return kb / 1024
		}
	}
	return 0
}

func (s *screen) stop() {
	_ = s.cmd.Process.Kill() // it may have ended
	_ = s.cmd.Wait()         // killed: the error is ours
	_ = s.tty.Close()
}

// percentile returns the value below which p of 100 lie.
func percentile(all []time.Duration, p int) time.Duration {
	sorted := slices.Clone(all)
	slices.Sort(sorted)
	return sorted[min(len(sorted)-1, len(sorted)*p/100)]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
