package vtdriver_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/internal/vtdriver"
)

// recorder is a testing.TB that keeps the failure instead of failing.
type recorder struct {
	testing.TB
	message string
}

func (r *recorder) Helper() {}

func (r *recorder) Fatalf(format string, args ...any) {
	r.message = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Fatal(args ...any) { r.Fatalf("%s", fmt.Sprint(args...)) }

// failure runs act with a driver of the model and returns how it failed.
func failure(t *testing.T, act func(t testing.TB, d *vtdriver.Driver)) string {
	t.Helper()
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		d := vtdriver.StartModel(r, &board{}, vtdriver.Size(30, 7), vtdriver.Deadline(300*time.Millisecond))
		act(r, d)
	}()
	<-done
	return r.message
}

func TestFailuresSayWhatAndShowTheScreen(t *testing.T) {
	for _, c := range []struct {
		name string
		act  func(t testing.TB, d *vtdriver.Driver)
		want []string
	}{
		{"see", func(_ testing.TB, d *vtdriver.Driver) { d.See("size 30×7").See("no such text") }, []string{`never saw ["no such text"]`, "still running", "│size 30×7"}},
		{"gone", func(_ testing.TB, d *vtdriver.Driver) { d.See("coloured").Gone("coloured") }, []string{`"coloured" never went away`}},
		{"match", func(_ testing.TB, d *vtdriver.Driver) { d.SeeMatch(`size \d+`).SeeMatch(`size [a-z]`) }, []string{`nothing ever matched`}},
		{"until", func(_ testing.TB, d *vtdriver.Driver) { d.Until("pigs", func(string) bool { return false }) }, []string{"never came: pigs"}},
		{"key", func(_ testing.TB, d *vtdriver.Driver) { d.Press("hyper+q") }, []string{`no key is called "hyper+q"`}},
		{"wait", func(_ testing.TB, d *vtdriver.Driver) { d.Wait() }, []string{"waited for the end", "still running"}},
		{"ended", func(_ testing.TB, d *vtdriver.Driver) { d.See("size").Press("q").See("nothing") }, []string{"program ended"}},
		{"signal", func(_ testing.TB, d *vtdriver.Driver) { d.Signal(nil) }, []string{"runs in this process"}},
		{"golden", func(t testing.TB, d *vtdriver.Driver) { vtdriver.Golden(t, d) }, []string{"no such file"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			message := failure(t, c.act)
			for _, want := range c.want {
				require.Contains(t, message, want)
			}
		})
	}
}
