package e2e

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	_ "image/png" // what a browser takes a screenshot as
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/internal/chromium"
	"docket/model"
	"docket/sim"
)

// unzip puts the files of a zip in a folder and returns it.
func unzip(t *testing.T, path string) string {
	t.Helper()
	z, err := zip.OpenReader(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, z.Close()) }()
	dir := t.TempDir()
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		body, err := io.ReadAll(r)
		require.NoError(t, err)
		to := filepath.Join(dir, f.Name)
		require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o700))
		require.NoError(t, os.WriteFile(to, body, 0o600))
	}
	return dir
}

// exported exports a session that was decided, and returns the folder of its case file.
func (r *rig) exported(id string) string {
	r.t.Helper()
	path := r.path(id + ".zip")
	r.must("export", id, "--out", path)
	fits := r.must("export", "--verify", path)
	require.Contains(r.t, fits.stdout, "The case file fits: session "+id)
	return unzip(r.t.(*testing.T), path)
}

// seen is what a browser shows of a page.
type seen struct {
	Text     string `json:"text"`
	Title    string `json:"title"`
	Scripts  int    `json:"scripts"`
	Pictures []struct {
		Alt    string `json:"alt"`
		Width  int    `json:"width"`  // of the picture itself; 0: it was not decoded
		Height int    `json:"height"` // as above
		Shown  int    `json:"shown"`  // how wide it is on the page
	} `json:"pictures"`
}

const look = `(async () => {
	await Promise.all([...document.images].map(i => i.decode().catch(() => {})));
	return {
		text: document.body.innerText, title: document.title, scripts: document.scripts.length,
		pictures: [...document.images].map(i => ({alt: i.alt, width: i.naturalWidth, height: i.naturalHeight, shown: i.clientWidth})),
	};
})()`

// harmlessPage holds for whatever a case file holds: nothing ran, nothing was asked for
// that is not in it, and the page breaks none of its own rules.
func harmlessPage(t *testing.T, b *chromium.Browser, dir string) seen {
	t.Helper()
	var page seen
	b.Eval(look, &page)
	require.Zero(t, page.Scripts)
	for _, e := range b.Events("Network.requestWillBeSent") {
		var sent struct {
			Request struct {
				URL string `json:"url"`
			} `json:"request"`
		}
		require.NoError(t, json.Unmarshal(e.Params, &sent))
		url := sent.Request.URL
		require.True(t, strings.HasPrefix(url, "data:image/") || strings.HasPrefix(url, "file://"+dir+"/"), "%.80s was asked for", url)
	}
	for _, e := range append(b.Events("Log.entryAdded"), b.Events("Runtime.consoleAPICalled")...) {
		require.Fail(t, "the browser complains", "%s", e.Params)
	}
	return page
}

// TestCaseFileInABrowser opens the page of a case file as an auditor does: from a
// folder, without network, in light and in dark.
func TestCaseFileInABrowser(t *testing.T) {
	t.Parallel()
	b := chromium.Start(t, 1200, 1600)
	r := newRig(t, 40, nil)
	id := r.find(1, "waits, with a name in Latin letters", func(so sim.Session) bool {
		return so.Verdict == string(model.Manual) && latin(so.Name)
	})[0]
	r.must("add", id)
	r.must("show", id)
	r.must("approve", id, "--reason", "document-accepted", "--note", "receipt <seen>", "--yes")
	dir := r.exported(id)

	b.Prefer("light")
	b.Open(filepath.Join(dir, "index.html"))
	page := harmlessPage(t, b, dir)
	require.Equal(t, "Case file "+id, page.Title)
	for _, want := range []string{
		r.session(id).Name, "MANUAL_OK", "Approve was about to be sent", "document-accepted", "receipt <seen>", "sha256sum -c MANIFEST",
		"documentNumber", "raw/score.json", "raw/events-report.pdf", "Case file left the console",
	} {
		require.Contains(t, page.Text, want)
	}
	files, err := filepath.Glob(filepath.Join(dir, "pictures", "*.jpg"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	require.Len(t, page.Pictures, len(files), "every picture is on the page")
	for _, p := range page.Pictures {
		require.Positive(t, p.Width, p.Alt)
		require.Positive(t, p.Height, p.Alt)
		require.Greater(t, p.Shown, 100, p.Alt)
	}
	light := b.Screenshot()
	b.Prefer("dark")
	dark := b.Screenshot()
	require.Greater(t, brightness(t, light), 200, "paper")
	require.Less(t, brightness(t, dark), 60, "night")
	if to := os.Getenv("DOCKET_SCREENSHOTS"); to != "" { // to be looked at
		require.NoError(t, os.WriteFile(filepath.Join(to, "casefile-light.png"), light, 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(to, "casefile-dark.png"), dark, 0o600))
	}
}

// brightness returns that of the corner of a screenshot, where only the ground is: 0 to
// 255.
func brightness(t *testing.T, png []byte) int {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(png))
	require.NoError(t, err)
	return int(color.GrayModel.Convert(img.At(4, 4)).(color.Gray).Y)
}

// markup is what somebody could write who thinks of a browser.
const markup = `EVIL"'><script>document.title='EVIL'</script><img src=http://127.0.0.1:9/x onerror="document.title='EVIL'">` +
	`<iframe src=file:///etc/passwd></iframe></style></title><base href=http://127.0.0.1:9/><meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">javascript:alert(1)`

// TestHostileCaseFile opens the page of a session of which everything is hostile.
func TestHostileCaseFile(t *testing.T) {
	t.Parallel()
	b := chromium.Start(t, 1200, 1600)
	for name, text := range map[string]string{"markup": markup, "control characters": evil + markup} {
		r := newRig(t, 40, rawBytes)
		id := r.waiting(1)[0]
		r.must("add", id)
		poison(r.api, text, "GET /omni/get/score", "GET /omni/get/ocr-data", "GET /omni/get/device-info", "GET /omni/get/events",
			"GET /omni/get/id-summary", "GET /omni/get/custom-fields", "GET /omni/get/events-signature")
		dir := r.exported(id)
		b.Open(filepath.Join(dir, "index.html"))
		page := harmlessPage(t, b, dir)
		require.Equal(t, "Case file "+id, page.Title, name)
		require.Contains(t, page.Text, "<script>", name)
		require.NotEmpty(t, page.Pictures, name)
		for _, file := range []string{"checks.csv", "ocr.csv", "timeline.csv"} {
			body, err := os.ReadFile(filepath.Join(dir, file))
			require.NoError(t, err)
			require.NotContains(t, string(body), "\x1b", "%s of %s", file, name)
		}
	}
}
