package pgtest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Settings are those of the clusters, beside where they listen. Commits reach the
// disk, as they do where it counts.
var Settings = []string{"fsync=on", "synchronous_commit=on", "shared_buffers=1GB", "max_connections=200", "max_wal_size=4GB", "log_min_messages=log"}

// Cluster is a Postgres that runs in a folder of its own.
type Cluster struct {
	dir  string
	bin  string
	port int
	as   *syscall.Credential // nil: who runs the test

	process *os.Process
	ended   <-chan struct{}
}

const (
	user     = "docket"
	password = "fake-password-of-a-test"
	prefix   = "docket-pg-"
)

// errNone says how to mend that there is no Postgres.
var errNone = errors.New("no Postgres on this machine: install the Debian package postgresql (version 15 or newer), " +
	"or name a server in " + serverVar)

// New makes a cluster and starts it.
func New() (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	sweep()
	as, err := nobody()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", prefix+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, bin: bin, as: as}
	if err := c.create(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := c.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return c, nil
}

// binaries returns the folder with initdb and postgres.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errNone
	}
	return filepath.Dir(slices.Max(found)), nil
}

// sweep takes away what test binaries left that were killed. Their clusters ended
// with them.
func sweep() {
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*")) // the pattern is well formed
	for _, dir := range left {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), prefix), "-")
		if n, err := strconv.Atoi(pid); err == nil && errors.Is(syscall.Kill(n, 0), syscall.ESRCH) {
			_ = os.RemoveAll(dir) // the next one tries again
		}
	}
}

func (c *Cluster) create() error {
	secret := filepath.Join(c.dir, "password")
	if err := os.WriteFile(secret, []byte(password), 0o600); err != nil {
		return err
	}
	if c.as != nil {
		for _, path := range []string{c.dir, secret} {
			if err := os.Chown(path, int(c.as.Uid), int(c.as.Gid)); err != nil {
				return err
			}
		}
	}
	cmd := c.command("initdb", "-D", c.data(), "-U", user, "-A", "password", "--pwfile", secret,
		"-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	endWithParent(cmd.SysProcAttr)
	return cmd
}

// URL returns the URL of the cluster's own database.
func (c *Cluster) URL() string {
	return fmt.Sprintf("postgres://%s:%s@127.0.0.1:%d/postgres?sslmode=disable", user, password, c.port)
}

// Start starts the cluster, on the port that it had, and waits until it answers.
func (c *Cluster) Start() error {
	if c.port == 0 {
		port, err := freePort()
		if err != nil {
			return err
		}
		c.port = port
	}
	args := []string{"-D", c.data(), "-c", "listen_addresses=127.0.0.1", "-c", "port=" + strconv.Itoa(c.port), "-c", "unix_socket_directories=" + c.dir}
	for _, s := range Settings {
		args = append(args, "-c", s)
	}
	cmd := c.command("postgres", args...)
	log, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	started, read, ended := make(chan error), make(chan struct{}), make(chan struct{})
	go func() {
		runtime.LockOSThread() // the cluster ends with the thread that began it
		err := cmd.Start()
		started <- err
		if err == nil {
			<-read
			_ = cmd.Wait() // after SIGQUIT it is an error
			close(ended)
		}
	}()
	if err := <-started; err != nil {
		return err
	}
	c.process, c.ended = cmd.Process, ended
	return awaitReady(log, read)
}

// awaitReady reads the log until the server is ready, and then the rest of it; read is
// closed at its end.
func awaitReady(log io.Reader, read chan<- struct{}) error {
	lines := bufio.NewScanner(log)
	var seen []string
	for lines.Scan() {
		seen = append(seen, lines.Text())
		if strings.Contains(lines.Text(), "ready to accept connections") {
			go func() {
				defer close(read)
				_, _ = io.Copy(io.Discard, log) // ends with the server
			}()
			return nil
		}
	}
	close(read)
	return fmt.Errorf("postgres did not start:\n%s", strings.Join(seen, "\n"))
}

// Stop ends the cluster: SIGINT as an operator does, SIGQUIT as a crash does.
func (c *Cluster) Stop(how syscall.Signal) error {
	if c.process == nil {
		return nil
	}
	if err := c.process.Signal(how); err != nil {
		return err
	}
	c.process = nil
	<-c.ended
	return nil
}

// Remove ends the cluster and takes its folder away.
func (c *Cluster) Remove() error {
	return errors.Join(c.Stop(syscall.SIGQUIT), os.RemoveAll(c.dir))
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	addr, ok := l.Addr().(*net.TCPAddr)
	if err := l.Close(); err != nil || !ok {
		return 0, fmt.Errorf("no free port: %w", err)
	}
	return addr.Port, nil
}
