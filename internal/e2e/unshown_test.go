package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// asked are the requests that have to do with pictures: for links, for the
// pictures themselves, and to the links.
func (v *viewer) asked() int {
	n := 0
	for _, path := range []string{"/omni/get/images", "/omni/get/images/v2", "/omni/get/images-second-id"} {
		n += v.rig.api.Count(http.MethodPost, path)
	}
	v.album.mu.Lock()
	defer v.album.mu.Unlock()
	return n + v.album.times
}

// TestWithoutImagesNothingIsAskedFor counts what reaches the API and the links.
func TestWithoutImagesNothingIsAskedFor(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		env  string
	}{
		"flag":        {args: []string{"--no-images"}},
		"environment": {env: "true"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := views(t, kittyAnswers, func(r *rig) { r.env["DOCKET_NO_IMAGES"] = c.env }, c.args...)
			v.opens().Press("i").See("the console was told to show no pictures")
			v.Press("v", "R")
			for range 40 { // while the answers are read again there are none to show
				if strings.Contains(v.Settled().Screen(), "> JSON") {
					break
				}
				v.Press("J")
			}
			v.See("> JSON").Settled()
			require.Empty(t, v.graphics())
			v.Press("q")
			require.Zero(t, v.Wait())
			require.Zero(t, v.asked())
		})
	}
}

// looks goes to every page that shows pictures.
func (v *viewer) looks() *viewer {
	v.t.Helper()
	v.opens()
	v.Press("i").See("> Images").Settled().Press("j", "+", "r", "R").Settled()
	v.Press("v").See("> Compare").Settled().Press(">", "R").Settled()
	v.Press("esc").Gone("> Compare")
	v.Press("R").See(paneTitles[1:]...).Settled()
	return v
}

// TestPicturesMayBeLeftOut shows none, whatever the terminal could do.
func TestPicturesMayBeLeftOut(t *testing.T) {
	for name, answers := range map[string]string{"kitty": kittyAnswers, "iterm": itermAnswers, "sixel": sixelAnswers} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := views(t, answers, func(r *rig) { r.env["DOCKET_PICTURE"] = "none" }).looks()
			v.Press("i").See("> Images", "This terminal shows no pictures").Settled()
			require.Empty(t, v.paintings())
			require.NotContains(t, string(v.Output()), "\x1b_G", "nor is it asked for")
			require.NotContains(t, string(v.Output()), "▀")
			require.False(t, strings.ContainsRune(string(v.Output()), '\U0010EEEE'))
			v.Press("q")
			require.Zero(t, v.Wait())
			require.Positive(t, v.rig.api.Count(http.MethodPost, "/omni/get/images/v2"), "the pages were there")
			require.Equal(t, v.asked(), v.rig.api.Count(http.MethodPost, "/omni/get/images/v2"), "and no picture was fetched")
		})
	}
}
