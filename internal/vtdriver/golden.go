package vtdriver

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/charmbracelet/x/exp/golden"
)

// Golden compares the screen as plain text with testdata/<name of the
// test>.golden, waiting until it is the same. With -update it waits until the
// screen has settled and writes the file. One golden file a (sub)test.
func Golden(t testing.TB, d *Driver) {
	t.Helper()
	compare(t, d, d.Screen)
}

// GoldenStyled is [Golden] with colours and attributes.
func GoldenStyled(t testing.TB, d *Driver) {
	t.Helper()
	compare(t, d, d.Styled)
}

func compare(t testing.TB, d *Driver, shown func() string) {
	t.Helper()
	if updating() {
		d.Settled()
	} else if want, err := os.ReadFile(filepath.Join("testdata", t.Name()+".golden")); err == nil {
		d.waitFor(func(string) bool { return shown()+"\n" == string(want) })
	}
	golden.RequireEqual(t, shown()+"\n") // also tells the difference, or that there is no file
}

// updating reports whether the golden package's -update was given.
func updating() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}
