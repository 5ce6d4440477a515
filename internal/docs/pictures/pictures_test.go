// Package pictures draws the pictures of the documentation from the demo of the
// built binary, in an emulated terminal.
package pictures

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/internal/docs/svg"
	"docket/internal/vtdriver"
)

var out = flag.String("out", "", "folder to write the pictures to; none: they are drawn and thrown away")

// picture is one file: which screen it shows and how a person gets there.
type picture struct {
	name, title   string
	width, height int
	shows         []string // what must be on it
	reach         func(d *vtdriver.Driver)
}

// A session with a failed check, and what is asked before it is approved.
const (
	sought = "satoshi"
	found  = "SATOSHI NAKAJIMA"
)

func pictures(t *testing.T) []picture {
	return []picture{
		{
			name: "inbox", title: "The inbox of docket: the sessions that need a review", width: 120, height: 40,
			shows: []string{"Needs review", "DUE", "MANUAL"},
			reach: func(*vtdriver.Driver) {},
		},
		{
			name: "session", title: "A session in docket: who, verdict, why, checks, OCR, device, timeline", width: 120, height: 40,
			shows: []string{found, "VERDICT", "2 Checks", "3 OCR", "Before approve"},
			reach: openFound,
		},
		{
			name: "decision", title: "The form in front of an approval", width: 120, height: 40,
			shows: []string{"Approve", "Sets aside", "Held back 3 s", "(•) document-accepted", "ctrl+s sends"},
			reach: func(d *vtdriver.Driver) {
				openFound(d)
				d.Press("a").See("─ Approve ─")
				pressUntil(t, d, "enter", "(•) checked-ok")
				d.Press("shift+tab", "j", "j", "enter").See("(•) document-accepted")
				d.Type("renewed, receipt seen").See("receipt seen")
			},
		},
		{
			name: "compare", title: "The compare page of docket: the face on the document beside the selfie", width: 100, height: 32,
			shows: []string{"A  ", "B  ", "face match", "▀▀▀▀"},
			reach: func(d *vtdriver.Driver) {
				openFound(d)
				d.Press("v").See("face match").Gone("reading")
			},
		},
		{
			name: "compact", title: "A session of docket in a small terminal", width: 80, height: 24,
			shows: []string{"WHO", "2 Checks", "3 OCR"},
			reach: openFound,
		},
		{
			name: "activity", title: "The activity page of docket: limits, latencies, errors, requests", width: 120, height: 40,
			shows: []string{"this second", "five minutes", "LATENCY", "METHOD"},
			reach: func(d *vtdriver.Driver) {
				d.Press("L").See("LATENCY", "five minutes")
			},
		},
	}
}

// openFound finds a session by name and opens it.
func openFound(d *vtdriver.Driver) {
	d.Press("/").Type(sought).SeeMatch(`\d found`).SeeMatch(`> . MANUAL +` + found[:7])
	d.Press("enter").Settled()
	d.Press("enter").See("VERDICT", "Before approve").Gone("wait until").Gone("loading").Gone("reading …")
	// Until its key works, an action of the footer has one colour with it.
	d.Until("a page that takes decisions", func(string) bool { return !strings.Contains(d.Styled(), "a approve") })
}

// pressUntil presses a key until it is obeyed: a form that has just come up drops
// what chooses.
func pressUntil(t *testing.T, d *vtdriver.Driver, key, text string) {
	t.Helper()
	const tries = 20
	for range tries {
		if strings.Contains(d.Press(key).Settled().Screen(), text) {
			return
		}
	}
	t.Fatalf("%s was pressed %d times and never brought %q:\n%s", key, tries, text, d.Screen())
}

// TestPictures draws every picture and checks that it shows what it is for. With
// -out it keeps them.
func TestPictures(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "docket")
	build := exec.Command("go", "build", "-o", binary, "docket")
	said, err := build.CombinedOutput()
	require.NoError(t, err, "%s", said)
	for _, p := range pictures(t) {
		t.Run(p.name, func(t *testing.T) {
			drawn := draw(t, binary, p)
			if *out == "" {
				return
			}
			require.NoError(t, os.WriteFile(filepath.Join(*out, p.name+".svg"), []byte(drawn), 0o644))
		})
	}
}

func draw(t *testing.T, binary string, p picture) string {
	home := t.TempDir()
	env := []string{"HOME=" + home, "TMPDIR=" + home, "LANG=C.UTF-8", "TZ=UTC"}
	// A few are enough to see that every picture can be reached. The limits tell
	// when every session was looked up, so that nothing moves any more.
	sessions, still := "60", `API 9[0-8]% free`
	if *out != "" {
		sessions, still = "400", `API 8\d% free`
	}
	d := vtdriver.StartBinary(t, binary, []string{"demo", "--seed", "1", "--sessions", sessions}, env, vtdriver.Size(p.width, p.height))
	d.SeeMatch(`Needs review \d+`).SeeMatch(still).Settled()
	p.reach(d)
	d.See(p.shows...).Settled()
	var b strings.Builder
	require.NoError(t, svg.Write(&b, d.Styled(), p.title, p.width, p.height, svg.Dark))
	require.Contains(t, b.String(), "<text ")
	require.Less(t, b.Len(), 200_000, "a picture should be quick to load, also one of a photo")
	d.Press("ctrl+c")
	return b.String()
}
