package marked

import (
	"bytes"
	"context"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/cli"
	"docket/internal/marker"
	"docket/model"
	"docket/sim"
)

// rig is a marked API with a home folder in which everybody shares an inbox.
type rig struct {
	t    *testing.T
	mark marker.Mark
	api  *sim.Server
	url  string
	home string
	env  []string
}

// account is the user of the system as whom a role runs docket.
func account(role model.Role) string { return "account-" + string(role) }

func newRig(t *testing.T, mark marker.Mark) *rig {
	t.Helper()
	api := sim.New(sim.Options{Sessions: 400, Seed: 7})
	srv := httptest.NewServer(mark.Around(api))
	t.Cleanup(srv.Close)
	r := &rig{t: t, mark: mark, api: api, url: srv.URL, home: t.TempDir()}
	r.env = []string{
		"HOME=" + r.home, "USER=tester", "LANG=C.UTF-8", "TMPDIR=" + r.home, "TERM=xterm-256color", "DBUS_SESSION_BUS_ADDRESS=",
		"XDG_CONFIG_HOME=" + r.path("config"), "XDG_DATA_HOME=" + r.path("data"), "XDG_STATE_HOME=" + r.path("state"),
		"XDG_CACHE_HOME=" + r.path("cache"), "XDG_RUNTIME_DIR=" + r.path("run"),
		"DOCKET_API_URL=" + srv.URL, "DOCKET_API_KEY=" + sim.DefaultAPIKey, "DOCKET_ADMIN_TOKEN=" + api.ExecutiveToken(),
	}
	var config strings.Builder
	config.WriteString("log_level = \"debug\"\n")
	for _, info := range model.Roles() {
		config.WriteString("\n[[person]]\nname = \"" + string(info.Role) + "\"\nrole = \"" + string(info.Role) + "\"\nlocal = \"" + account(info.Role) + "\"\n")
	}
	dir := filepath.Join(r.path("config"), "docket")
	require.NoError(t, os.MkdirAll(dir, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "config.toml"), []byte(config.String()), 0o600))
	return r
}

func (r *rig) path(name string) string { return filepath.Join(r.home, name) }

// first is the first session for which something holds.
func (r *rig) first(is func(sim.Session) bool) string {
	r.t.Helper()
	for _, id := range r.api.IDs() { // the simulator builds a session when it is asked for
		if so, ok := r.api.Session(id); ok && is(so) {
			return id
		}
	}
	require.Fail(r.t, "no such session")
	return ""
}

// result is what one command gave.
type result struct {
	code  int
	out   string
	files map[string][]byte // that it wrote where it was told to
	log   []byte
}

// all is everything that was given.
func (g result) all() map[string][]byte {
	all := map[string][]byte{"output": []byte(g.out), "log": g.log}
	for name, body := range g.files {
		all["name of "+name], all[name] = []byte(name), body
	}
	return all
}

// run runs a command as a role; OUT in it is a folder of its own.
func (r *rig) run(role model.Role, terminal bool, args ...string) result {
	r.t.Helper()
	out, log := r.t.TempDir(), filepath.Join(r.t.TempDir(), "log")
	args = append([]string{}, args...)
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "OUT", out)
	}
	var text bytes.Buffer
	env := cli.Env{
		Args: append(args, "--log-file", log, "--log-level", "debug"), Environ: r.env, Stdin: strings.NewReader(""), Stdout: &text, Stderr: &text,
		User: "os:" + account(role), Account: account(role),
		OutTerminal: terminal, ErrTerminal: terminal, Size: func() (int, int) { return 160, 50 },
	}
	got := result{code: cli.Run(context.Background(), env), files: map[string][]byte{}}
	got.out = text.String()
	got.log, _ = os.ReadFile(log) // without one nothing was logged
	require.NoError(r.t, filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		got.files[strings.TrimPrefix(path, out)] = body
		return err
	}))
	return got
}
