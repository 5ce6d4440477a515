package served

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"docket/audit"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/sim"
	"docket/store"
	"docket/store/sqlite"
)

// binaryDir names the folder of the built binary.
const binaryDir = "DOCKET_SERVED_DIR"

// TestMain gives the built binary a folder and takes it away afterwards.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "docket-served-")
	if err == nil {
		err = os.Setenv(binaryDir, dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir) // a folder of the system's temporary ones; nothing else depends on it
	os.Exit(code)
}

// binary builds docket as the README says, once.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(os.Getenv(binaryDir), "docket")
	cmd := exec.Command("go", "build", "-o", path, "docket")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

// seed and sessions make the same population in every test.
const (
	seed     = 7
	sessions = 60
)

// rig is a server with its API, its people and their keys.
type rig struct {
	t    testing.TB
	api  *sim.Server
	url  string
	home string
	addr string
	cmd  *exec.Cmd
	log  lockedBuffer
	end  chan error
}

// lockedBuffer is what a process says, while it says it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newRig makes the API, and a home with an empty configuration.
func newRig(t testing.TB) *rig {
	t.Helper()
	if _, err := exec.LookPath("ssh"); err != nil {
		t.Fatal("OpenSSH's client is not there: install openssh-client")
	}
	r := &rig{t: t, home: t.TempDir(), api: sim.New(sim.Options{Sessions: sessions, Seed: seed})}
	srv := httptest.NewServer(r.api)
	r.url = srv.URL
	t.Cleanup(func() {
		r.api.ClearFaults()
		srv.Close()
	})
	require.NoError(t, os.MkdirAll(filepath.Join(r.home, "config", "docket"), 0o700))
	return r
}

func (r *rig) path(name string) string { return filepath.Join(r.home, name) }

// key makes a key of a name and returns its public half as a line.
func (r *rig) key(name string) string {
	r.t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(r.t, err)
	block, err := ssh.MarshalPrivateKey(private, name)
	require.NoError(r.t, err)
	require.NoError(r.t, os.WriteFile(r.path(name), pem.EncodeToMemory(block), 0o600))
	line, err := ssh.NewPublicKey(public)
	require.NoError(r.t, err)
	text := strings.TrimSpace(string(ssh.MarshalAuthorizedKey(line))) + " " + name
	require.NoError(r.t, os.WriteFile(r.path(name+".pub"), []byte(text+"\n"), 0o600))
	return text
}

// configure writes config.toml.
func (r *rig) configure(text string) {
	r.t.Helper()
	path := r.path("config/docket/config.toml")
	require.NoError(r.t, os.WriteFile(path+".new", []byte(text), 0o600))
	require.NoError(r.t, os.Rename(path+".new", path))
}

// person is a [[person]] with the key of their name.
func (r *rig) person(name string, role model.Role, more ...string) string {
	return fmt.Sprintf("[[person]]\nname = %q\nrole = %q\nkeys = [%q]\n%s\n", name, role, r.key(name), strings.Join(more, "\n"))
}

func (r *rig) environ() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + r.home, "XDG_CONFIG_HOME=" + r.path("config"), "XDG_DATA_HOME=" + r.path("data"),
		"XDG_STATE_HOME=" + r.path("state"), "XDG_RUNTIME_DIR=" + r.path("run"), "LANG=C.UTF-8",
		"DOCKET_API_URL=" + r.url, "DOCKET_API_KEY=" + sim.DefaultAPIKey, "DOCKET_ADMIN_TOKEN=" + r.api.ExecutiveToken(),
	}
}

// docket runs a command on the server itself.
func (r *rig) docket(args ...string) (out, errs string, code int) {
	r.t.Helper()
	path, err := binary()
	require.NoError(r.t, err)
	return r.finish(exec.Command(path, args...), r.environ(), "")
}

func (r *rig) finish(cmd *exec.Cmd, env []string, in string) (out, errs string, code int) {
	r.t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Env, cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = env, r.home, strings.NewReader(in), &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		r.t.Fatalf("%v: %v", cmd.Args, err)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

// inbox puts sessions in the inbox that wait for a person, and returns their ids.
func (r *rig) inbox(n int) []string {
	r.t.Helper()
	var ids []string
	for _, id := range r.api.IDs() {
		if so, _ := r.api.Session(id); so.Verdict == string(model.Manual) && len(ids) < n {
			ids = append(ids, id)
		}
	}
	require.Len(r.t, ids, n)
	path, err := binary()
	require.NoError(r.t, err)
	// Nobody is configured yet, or somebody who may add: who it is, is not what is tested.
	env := append(r.environ(), "XDG_CONFIG_HOME="+r.path("none"))
	_, errs, code := r.finish(exec.Command(path, append([]string{"add"}, ids...)...), env, "")
	require.Zero(r.t, code, errs)
	return ids
}

var listens = regexp.MustCompile(`served over SSH at (127\.0\.0\.1:\d+)`)

// serve starts the server.
func (r *rig) serve(env ...string) {
	r.t.Helper()
	path, err := binary()
	require.NoError(r.t, err)
	r.cmd = exec.Command(path, "ssh", "--addr", "127.0.0.1:0")
	r.cmd.Env, r.cmd.Dir = append(r.environ(), env...), r.home
	out, err := r.cmd.StderrPipe()
	require.NoError(r.t, err)
	require.NoError(r.t, r.cmd.Start())
	found := make(chan string, 1)
	r.end = make(chan error, 1)
	go func() {
		lines := bufio.NewScanner(io.TeeReader(out, &r.log))
		for lines.Scan() {
			if m := listens.FindStringSubmatch(lines.Text()); m != nil {
				found <- m[1]
			}
		}
		r.end <- r.cmd.Wait()
	}()
	r.t.Cleanup(r.stop)
	select {
	case r.addr = <-found:
	case err := <-r.end:
		r.end <- err
		r.t.Fatalf("the server ended: %v\n%s", err, r.log.String())
	}
}

// stop ends the server as a service manager does.
func (r *rig) stop() {
	if r.cmd.ProcessState != nil {
		return
	}
	_ = r.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	err := <-r.end
	r.end <- err
	require.NoError(r.t, err, "a server ends with exit code 0\n%s", r.log.String())
}

// client is the command line of OpenSSH's client for a person.
func (r *rig) client(name string, more ...string) []string {
	host, port, _ := strings.Cut(r.addr, ":")
	return append([]string{
		"-F", "none", "-p", port, "-i", r.path(name), "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "UserKnownHostsFile=" + r.path("known_hosts"),
		"-o", "StrictHostKeyChecking=accept-new", "-o", "LogLevel=ERROR", "-l", "whoever", host,
	}, more...)
}

// run runs a command over SSH.
func (r *rig) run(name string, command ...string) (out, errs string, code int) {
	r.t.Helper()
	args := append([]string{"-o", "BatchMode=yes"}, r.client(name, command...)...)
	return r.finish(exec.Command("ssh", args...), r.environ(), "")
}

// console opens the console in a terminal.
func (r *rig) console(name string, opts ...vtdriver.Option) *vtdriver.Driver {
	r.t.Helper()
	return r.terminal(name, nil, opts...)
}

// terminal runs a command in a terminal; none: the console.
func (r *rig) terminal(name string, command []string, opts ...vtdriver.Option) *vtdriver.Driver {
	r.t.Helper()
	path, err := exec.LookPath("ssh")
	require.NoError(r.t, err)
	return vtdriver.StartBinary(r.t, path, append([]string{"-t"}, r.client(name, command...)...), r.environ(), opts...)
}

// await waits for something that another process does.
func (r *rig) await(what string, is func() bool) {
	r.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.NewTimer(vtdriver.DefaultDeadline)
	defer late.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-late.C:
			r.t.Fatalf("waited for %s in vain\n%s", what, r.log.String())
		}
	}
}

// store opens the inbox beside the server.
func (r *rig) store() store.Inbox {
	r.t.Helper()
	st, err := sqlite.Open(r.t.Context(), r.path("data/docket/docket.db"))
	require.NoError(r.t, err)
	r.t.Cleanup(func() { _ = st.Close() })
	return st
}

// entries reads the audit log.
func (r *rig) entries(event audit.Event) []audit.Entry {
	r.t.Helper()
	out, errs, code := r.docketAs("audit", "list", "--event", string(event), "-o", "json")
	require.Zero(r.t, code, errs)
	var doc struct{ Entries []audit.Entry }
	require.NoError(r.t, json.Unmarshal([]byte(out), &doc), out)
	return doc.Entries
}

// docketAs runs a command on the server with a configuration that names nobody, so that
// whoever runs the tests may do everything.
func (r *rig) docketAs(args ...string) (out, errs string, code int) {
	path, err := binary()
	require.NoError(r.t, err)
	return r.finish(exec.Command(path, args...), append(r.environ(), "XDG_CONFIG_HOME="+r.path("none")), "")
}

// here is who is on the server.
func (r *rig) here() []string {
	out, errs, code := r.docketAs("ssh", "sessions", "-o", "json")
	require.Zero(r.t, code, errs)
	var all []struct{ Name, Runs string }
	require.NoError(r.t, json.Unmarshal([]byte(out), &all), out)
	names := []string{}
	for _, p := range all {
		names = append(names, p.Name+" "+p.Runs)
	}
	return names
}

// config is config.toml as it is.
func (r *rig) config() string {
	text, err := os.ReadFile(r.path("config/docket/config.toml"))
	require.NoError(r.t, err)
	return string(text)
}

// account is the user of the system that runs the tests.
func (r *rig) account() string {
	out, err := exec.Command("id", "-un").Output()
	require.NoError(r.t, err)
	return string(out)
}

// slowly makes the API take a moment to answer.
func (r *rig) slowly(endpoint string) {
	r.api.Fault(endpoint, sim.Fault{Latency: time.Second})
}
