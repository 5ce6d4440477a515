package perf

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"docket/store/sqlite"
)

// What BenchmarkSSH does, unless the environment says otherwise.
const (
	people  = 200             // DOCKET_BENCH_SSH_SESSIONS: who are there at once
	working = 3 * time.Minute // DOCKET_BENCH_SSH_FOR: how long each presses a key a second
	noNews  = 0               // DOCKET_BENCH_SSH_NEWS: how often a session arrives meanwhile
	resting = time.Minute     // how long nobody presses anything then
)

// served is docket ssh, with who comes in.
type served struct {
	b    *testing.B
	cmd  *exec.Cmd
	addr string
	said *saying
	end  chan error
}

// saying is what the server says, while it says it.
type saying struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (s *saying) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *saying) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// gone waits until the server has said of so many that they went.
func (s *served) gone(many int) {
	for strings.Count(s.said.String(), `"msg":"went"`) < many {
		<-time.After(100 * time.Millisecond)
	}
}

var servedAt = regexp.MustCompile(`served over SSH at (127\.0\.0\.1:\d+)`)

// serveSSH starts the built binary for as many people, each with a key.
func serveSSH(b *testing.B, bin, store, api string, keys []ssh.Signer) *served {
	b.Helper()
	env := home(b, store, api)
	dir := strings.TrimPrefix(env[0], "HOME=")
	var config strings.Builder
	for i, k := range keys {
		fmt.Fprintf(&config, "[[person]]\nname = \"p%d\"\nrole = \"reviewer\"\nkeys = [%q]\n", i, strings.TrimSpace(string(ssh.MarshalAuthorizedKey(k.PublicKey()))))
	}
	if err := os.MkdirAll(filepath.Join(dir, "docket"), 0o700); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "docket", "config.toml"), []byte(config.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	s := &served{b: b, cmd: exec.Command(bin, "ssh", "--addr", "127.0.0.1:0"), said: &saying{}, end: make(chan error, 1)}
	s.cmd.Env = append(env, "PATH="+os.Getenv("PATH"))
	errs, err := s.cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	found := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(io.TeeReader(errs, s.said))
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if m := servedAt.FindStringSubmatch(lines.Text()); m != nil {
				found <- m[1]
			}
		}
		s.end <- s.cmd.Wait()
	}()
	select {
	case s.addr = <-found:
	case err := <-s.end:
		b.Fatalf("the server ended: %v: %s", err, s.said)
	}
	return s
}

// quit ends the server with a list of its goroutines, and counts them. Those of
// connections that are kept for the next request to the API are no session's.
func (s *served) quit() int {
	_ = s.cmd.Process.Signal(syscall.SIGQUIT) // Go's own answer to it is that list
	s.b.Logf("the server ended: %v", <-s.end) // by that signal
	text := s.said.String()
	return strings.Count(text, "\ngoroutine ") - strings.Count(text, "created by net/http.(*Transport).dialConn")
}

// memory is what the server has of a kind, in bytes.
func (s *served) memory(kind string) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		s.b.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, kind+":"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				s.b.Fatal(err)
			}
			return kb * 1024
		}
	}
	return 0
}

// spent is how much of a processor the server has used, in seconds. Whatever else the
// machine does leaves that alone.
func (s *served) spent() float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		s.b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), ") ") // behind the name
	const user, system, ticks = 11, 12, 100
	all := strings.Fields(rest)
	total := 0.0
	for _, at := range []int{user, system} {
		n, err := strconv.ParseFloat(all[at], 64)
		if err != nil {
			s.b.Fatal(err)
		}
		total += n / ticks
	}
	return total
}

// visitor is somebody at a console over SSH.
type visitor struct {
	client *ssh.Client
	in     io.Writer
	got    atomic.Int64  // bytes
	chunk  chan struct{} // something came
}

func (s *served) visit(key ssh.Signer) (*visitor, error) {
	client, err := ssh.Dial("tcp", s.addr, &ssh.ClientConfig{
		User: "bench", Auth: []ssh.AuthMethod{ssh.PublicKeys(key)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(), Timeout: time.Minute,
	})
	if err != nil {
		return nil, err
	}
	sess, err := client.NewSession()
	if err != nil {
		return nil, err
	}
	v := &visitor{client: client, chunk: make(chan struct{}, 1)}
	if err := sess.RequestPty("xterm-256color", 40, 120, nil); err != nil {
		return nil, err
	}
	if v.in, err = sess.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := sess.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := sess.Shell(); err != nil {
		return nil, err
	}
	go func() {
		buf := make([]byte, 1<<16)
		for {
			n, err := out.Read(buf)
			v.got.Add(int64(n))
			select {
			case v.chunk <- struct{}{}:
			default:
			}
			if err != nil {
				return
			}
		}
	}()
	return v, nil
}

// press presses a key and returns how long it was until something came. A console that is
// far behind is given up on after a while, and that while counts.
func (v *visitor) press(key string) (time.Duration, error) {
	select {
	case <-v.chunk: // of what was drawn by itself
	default:
	}
	begun := time.Now()
	if _, err := io.WriteString(v.in, key); err != nil {
		return 0, err
	}
	select {
	case <-v.chunk:
	case <-time.After(time.Second):
	}
	return time.Since(begun), nil
}

// newcomers writes a session to the inbox every so often, as a gateway does: everybody reads
// the list again then. The function that it returns ends that.
func newcomers(b *testing.B, path string, every time.Duration) (end func()) {
	b.Helper()
	st, err := sqlite.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for n := 0; ; n++ {
			select {
			case <-over:
				return
			case <-time.After(every):
			}
			r := row(n)
			r.ID = fmt.Sprintf("new-%d", n)
			if err := st.Upsert(context.Background(), r); err != nil {
				b.Error(err)
			}
		}
	}()
	return func() {
		close(over)
		<-ended
		if err := st.Close(); err != nil {
			b.Error(err)
		}
	}
}

// BenchmarkSSH has two hundred people on docket ssh, on an inbox of 100,000 sessions, each
// pressing a key a second for three minutes. Clients, server and all their ciphers share
// the machine. It is run once: -benchtime 1x.
func BenchmarkSSH(b *testing.B) {
	many, long, every := people, lasting(b, "DOCKET_BENCH_SSH_FOR", working), lasting(b, "DOCKET_BENCH_SSH_NEWS", noNews)
	if text := os.Getenv("DOCKET_BENCH_SSH_SESSIONS"); text != "" {
		many = atLeastOne(b, text)
	}
	var keys []ssh.Signer
	for range many {
		_, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		k, err := ssh.NewSignerFromKey(private)
		if err != nil {
			b.Fatal(err)
		}
		keys = append(keys, k)
	}
	bin, store, api := build(b), filled(b, rows(b, 100_000)), apiURL(b, http.NotFoundHandler())
	idle := serveSSH(b, bin, store, api, keys[:1]).quit()
	for range b.N {
		s := serveSSH(b, bin, store, api, keys)
		all := s.arrive(keys)
		b.ResetTimer()
		before, spent := sum(all), s.spent()
		end := func() {}
		if every > 0 {
			end = newcomers(b, store, every)
		}
		took := work(b, all, long)
		b.StopTimer()
		b.ReportMetric(ms(percentile(took, 50)), "p50-ms")
		b.ReportMetric(ms(percentile(took, 95)), "p95-ms")
		b.ReportMetric(ms(percentile(took, 99)), "p99-ms")
		b.ReportMetric(float64(sum(all)-before)/float64(max(len(took), 1)), "B/key")
		b.ReportMetric(1000*(s.spent()-spent)/float64(max(len(took), 1)), "cpu-ms/key")
		b.ReportMetric(s.memory("VmRSS")/(1<<20), "RSS-MiB")
		b.ReportMetric(s.memory("VmHWM")/(1<<20), "RSS-peak-MiB")
		end()
		<-time.After(2 * time.Second) // the last keys are answered
		before = sum(all)
		<-time.After(resting)
		b.ReportMetric(float64(sum(all)-before)/float64(many), "B-at-rest/session")
		for _, v := range all {
			_ = v.client.Close()
		}
		s.gone(many)
		<-time.After(time.Second) // what ran for them ends
		b.ReportMetric(float64(idle), "goroutines-before")
		b.ReportMetric(float64(s.quit()), "goroutines-after")
	}
}

// lasting is a time of the environment, unless that says nothing.
func lasting(b *testing.B, name string, normal time.Duration) time.Duration {
	text := os.Getenv(name)
	if text == "" {
		return normal
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		b.Fatalf("%s: %v", name, err)
	}
	return d
}

func atLeastOne(b *testing.B, text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		b.Fatalf("not a number of sessions: %q", text)
	}
	return n
}

// arrive lets everybody in, some at a time, and goes to the view of all sessions.
func (s *served) arrive(keys []ssh.Signer) []*visitor {
	all := make([]*visitor, len(keys))
	var wg sync.WaitGroup
	room := make(chan struct{}, 16)
	for i, k := range keys {
		wg.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			v, err := s.visit(k)
			if err == nil {
				<-v.chunk
				_, err = v.press("9")
			}
			if err != nil {
				s.b.Error(err)
				return
			}
			all[i] = v
		})
	}
	wg.Wait()
	if s.b.Failed() {
		s.b.FailNow()
	}
	return all
}

// work has everybody press a key a second, each at another moment of it: down for a
// while, and up again.
func work(b *testing.B, all []*visitor, long time.Duration) []time.Duration {
	var mu sync.Mutex
	var took []time.Duration
	var wg sync.WaitGroup
	for i, v := range all {
		wg.Go(func() {
			<-time.After(time.Second * time.Duration(i) / time.Duration(len(all)))
			tick := time.NewTicker(time.Second)
			defer tick.Stop()
			end := time.Now().Add(long)
			for n := 0; time.Now().Before(end); n++ {
				key := "j"
				if n%50 >= 30 { // never as far as the top, where it would change nothing
					key = "k"
				}
				d, err := v.press(key)
				if err != nil {
					b.Error(err)
					return
				}
				mu.Lock()
				took = append(took, d)
				mu.Unlock()
				<-tick.C
			}
		})
	}
	wg.Wait()
	return took
}

func sum(all []*visitor) (n int64) {
	for _, v := range all {
		n += v.got.Load()
	}
	return n
}
