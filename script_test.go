package main

import (
	"net/http/httptest"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"docket/internal/pgtest"
	"docket/model"
	"docket/sim"
)

// TestMain lets scripts run this binary as docket, through main itself.
func TestMain(m *testing.M) {
	testscript.Main(pgtest.Around(m), map[string]func(){"docket": main})
}

// TestScripts runs testdata/script. Each script has a home folder and a
// simulated API of its own, over real HTTP.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   filepath.Join("testdata", "script"),
		Setup: setUp,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code":     cmdCode,
			"fault":    cmdFault,
			"heal":     cmdHeal,
			"hostile":  cmdHostile,
			"calls":    cmdCalls,
			"writes":   cmdWrites,
			"sent":     cmdSent,
			"json":     cmdJSON,
			"harmless": cmdHarmless,
			"terminal": cmdTerminal,
			"mode":     cmdMode,
			"setjson":  cmdSetJSON,
			"agekey":   cmdAgeKey,
			"tlspair":  cmdTLSPair,
			"postgres": cmdPostgres,
			"totp":     cmdTOTP,
			"freeport": cmdFreePort,
		},
		RequireExplicitExec: true,
	})
}

// simSessions is enough for every verdict to be there.
const simSessions = 120

type apiKey struct{}

// setUp gives a script its API, its home, and names for some sessions.
func setUp(env *testscript.Env) error {
	api := sim.New(sim.Options{Sessions: simSessions, Seed: 7})
	srv := httptest.NewServer(api)
	env.Defer(func() {
		api.ClearFaults()
		srv.Close()
	})
	env.Values[apiKey{}] = api
	home := filepath.Join(env.WorkDir, ".home")
	account, err := user.Current()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(home, 0o700); err != nil {
		return err
	}
	for name, value := range map[string]string{
		"HOME": home, "USER": "tester", "ACCOUNT": account.Username, "LANG": "C.UTF-8", "TERM": "xterm-256color",
		"XDG_CONFIG_HOME": filepath.Join(home, "config"), "XDG_DATA_HOME": filepath.Join(home, "data"),
		"XDG_STATE_HOME": filepath.Join(home, "state"), "XDG_CACHE_HOME": filepath.Join(home, "cache"),
		"XDG_RUNTIME_DIR": filepath.Join(home, "run"), "DBUS_SESSION_BUS_ADDRESS": "",
		"DOCKET_API_URL": srv.URL, "DOCKET_API_KEY": sim.DefaultAPIKey, "DOCKET_ADMIN_TOKEN": api.ExecutiveToken(),
		"KEY": sim.DefaultAPIKey, "TOKEN": api.ExecutiveToken(), "TOKEN2": api.ExecutiveTokenOf("second@example.test"), "EMAIL": sim.DefaultEmail, "PASSWORD": sim.DefaultPassword,
		"API": srv.URL, "CHATTY": chatty(env, api), "UNKNOWN": strings.Repeat("0", 24),
	} {
		env.Setenv(name, value)
	}
	return nameSessions(env, api)
}

// nameSessions sets $MANUAL1, $MANUAL2, $FAIL1, $OK1, $PROGRESS1 and so on to
// ids of such sessions, and $MANUAL1_NAME to the name of the first.
func nameSessions(env *testscript.Env, api *sim.Server) error {
	count := map[string]int{}
	for _, id := range api.IDs() {
		so, _ := api.Session(id)
		kind := so.Verdict
		if kind == "" {
			kind = "PROGRESS"
		}
		if kind == string(model.Manual) && !plain(so.Name) {
			continue // scripts compare names; other alphabets have tests of their own
		}
		count[kind]++
		name := kind + string(rune('0'+count[kind]))
		if count[kind] <= 9 {
			env.Setenv(name, id)
			env.Setenv(name+"_NAME", so.Name)
		}
	}
	return nil
}

func plain(s string) bool {
	for _, r := range s {
		if r > '~' {
			return false
		}
	}
	return s != ""
}
