package picture

import (
	"context"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/stretchr/testify/require"

	"docket/model"
)

// showVariable names a JPEG that this binary shows, and nothing else, when it is
// set: a process to be measured beside another.
const showVariable = "DOCKET_SHOW_PICTURE"

func TestMain(m *testing.M) {
	if path := os.Getenv(showVariable); path != "" {
		os.Exit(showFile(path))
	}
	os.Exit(m.Run())
}

func showFile(path string) int {
	body, err := os.ReadFile(path)
	if err == nil {
		var picture *Image
		picture, err = NewDecoder(0).Decode(context.Background(), pictureOf(model.MediaJPEG, body))
		if err == nil {
			lines := HalfBlocks(picture, View{}, Box{W: 80, H: 40}, Colours{Profile: colorprofile.TrueColor})
			_, err = fmt.Println(strings.Join(lines, "\n"))
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// large is the picture that is measured: 2000×1300, noisy as a camera's.
func large(b *testing.B) []byte {
	b.Helper()
	m := portrait(2000, 1300)
	noise(m, 12)
	return jpegOf(b, m)
}

// BenchmarkProcess shows a JPEG of 2000×1300 on 80×40 cells as a process, by turns
// with chafa where that is installed.
func BenchmarkProcess(b *testing.B) {
	path := filepath.Join(b.TempDir(), "large.jpg")
	body := large(b)
	require.NoError(b, os.WriteFile(path, body, 0o600))
	self, err := os.Executable()
	require.NoError(b, err)
	ours := exec.Command(self)
	ours.Env = append(os.Environ(), showVariable+"="+path)
	commands := map[string]*exec.Cmd{"docket": ours}
	if chafa, err := exec.LookPath("chafa"); err == nil {
		same := []string{"--format", "symbols", "--colors", "full", "--size", "80x40", "--animate", "off", path}
		commands["chafa"] = exec.Command(chafa, same...)
		commands["chafa-halves"] = exec.Command(chafa, append([]string{"--symbols", "vhalf"}, same...)...)
	}
	times := map[string][]time.Duration{}
	for b.Loop() {
		for name, c := range commands {
			again := *c
			start := time.Now()
			out, err := again.Output()
			times[name] = append(times[name], time.Since(start))
			require.NoError(b, err, name)
			require.NotEmpty(b, out)
		}
	}
	b.ReportMetric(float64(len(body)), "B/file")
	for name, t := range times {
		slices.Sort(t)
		b.ReportMetric(float64(t[len(t)/2].Microseconds())/1000, name+"-p50-ms")
	}
}

// BenchmarkDecode is what a picture costs before it is first drawn.
func BenchmarkDecode(b *testing.B) {
	p := pictureOf(model.MediaJPEG, large(b))
	b.ReportAllocs()
	for b.Loop() {
		_, err := NewDecoder(0).Decode(b.Context(), p)
		require.NoError(b, err)
	}
}

// BenchmarkShow is what a frame with the picture on 80×40 cells costs, and how
// many bytes go to the terminal for it.
func BenchmarkShow(b *testing.B) {
	m, err := NewDecoder(0).Decode(b.Context(), pictureOf(model.MediaJPEG, large(b)))
	require.NoError(b, err)
	for _, c := range []struct {
		name    string
		answers string
		colours colorprofile.Profile
	}{
		{"kitty", graphicsOK + version("kitty(0.35.1)") + cellSize + plainDA1, colorprofile.TrueColor},
		{"iterm", version("iTerm2 3.5") + cellSize + plainDA1, colorprofile.TrueColor},
		{"sixel", cellSize + sixelDA1, colorprofile.TrueColor},
		{"truecolor", plainDA1, colorprofile.TrueColor},
		{"256", plainDA1, colorprofile.ANSI256},
		{"16", plainDA1, colorprofile.ANSI},
		{"none", plainDA1, colorprofile.ASCII},
	} {
		for _, where := range []string{"local", "remote"} {
			b.Run(c.name+"/"+where, func(b *testing.B) {
				var lines, sent int
				for b.Loop() {
					s := NewScreen(Options{Remote: where == "remote"})
					s.Update(tea.WindowSizeMsg{Width: 160, Height: 45})
					s.Update(tea.ColorProfileMsg{Profile: c.colours})
					hear(s, c.answers)
					spot := Spot{Slot: "a", Image: m, Rect: image.Rect(0, 0, 80, 40)}
					lines = len(strings.Join(s.Draw(spot), "\n"))
					sent = len(show(s, spot))
				}
				b.ReportMetric(float64(lines), "B/frame")
				b.ReportMetric(float64(sent), "B/sent-once")
			})
		}
	}
}
