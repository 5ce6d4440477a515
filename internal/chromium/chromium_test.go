package chromium_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/internal/chromium"
)

// What other tests look for would be seen: a script that runs, one that a policy stops,
// a picture that is broken, a call to somewhere else.
func TestWhatGoesWrongIsSeen(t *testing.T) {
	b := chromium.Start(t, 300, 300)
	open := func(head string) {
		t.Helper()
		path := filepath.Join(t.TempDir(), "page.html")
		page := "<!DOCTYPE html><head>" + head + "<title>page</title></head><script>document.title = 'ran'</script><img src='http://127.0.0.1:9/x.png'>"
		require.NoError(t, os.WriteFile(path, []byte(page), 0o600))
		b.Open(path)
	}
	title := func() (text string) {
		b.Eval("document.title", &text)
		return text
	}
	open("")
	require.Equal(t, "ran", title())
	require.Len(t, b.Events("Network.requestWillBeSent"), 2, "the page, and the picture")
	var width int
	b.Eval("document.images[0].naturalWidth", &width)
	require.Zero(t, width)

	open(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'">`)
	require.Equal(t, "page", title())
	require.NotEmpty(t, b.Events("Log.entryAdded"))
	require.NotEmpty(t, b.Screenshot())
}
