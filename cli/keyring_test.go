package cli

import (
	"net"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// The keyring may ask for its password, so it is asked only by what needs a
// token. A bus that counts who calls stands for it.
func TestTheKeyringIsAskedOnlyForAToken(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the keyring of other systems is no bus")
	}
	path := filepath.Join(t.TempDir(), "bus")
	bus, err := net.Listen("unix", path)
	if err != nil {
		t.Skip("no socket can be made here")
	}
	defer func() { _ = bus.Close() }()
	var calls atomic.Int32
	go func() {
		for {
			c, err := bus.Accept()
			if err != nil {
				return
			}
			calls.Add(1)
			_ = c.Close()
		}
	}()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+path)
	r := newRig(t, func(*http.Request) {})
	r.env.Environ = slices.DeleteFunc(r.env.Environ, func(kv string) bool { return strings.HasPrefix(kv, "DOCKET_ADMIN_TOKEN=") })
	r.env.Environ = append(r.env.Environ, "DBUS_SESSION_BUS_ADDRESS=unix:path="+path)
	for _, line := range []string{
		"list", "list -o json --query x", "version", "completion bash", "--help", "show --help", "man", "__complete show x",
		"__complete approve --reason x", "frobnicate", "list --frob", "show a/b", "approve --yes",
	} {
		r.run(t.Context(), strings.Fields(line)...)
		require.Zero(t, calls.Load(), line)
	}
	r.run(t.Context(), "show", r.waiting)
	require.NotZero(t, calls.Load(), "what needs a token asks")
}
