package cli

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/sim"
)

// An interrupt leaves whole files or none, and says what is missing.
func TestImagesInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	r := newRig(t, func(req *http.Request) {
		if strings.HasSuffix(req.URL.Path, "/croppedFace") {
			stop()
			<-req.Context().Done()
		}
	})
	dir := filepath.Join(t.TempDir(), "case")
	require.Equal(t, model.ExitFailed, r.run(ctx, "images", r.waiting, "--dir", dir))
	require.Contains(t, r.err.String(), "croppedFace")
	files, err := os.ReadDir(dir)
	if !os.IsNotExist(err) {
		require.NoError(t, err)
	}
	for _, f := range files {
		require.True(t, strings.HasPrefix(f.Name(), r.waiting+"-"), f.Name())
		require.Contains(t, r.out.String(), f.Name())
	}
}

// The folder is what somebody typed: a terminal does not obey it, a pipe gets
// the path as it is.
func TestImagesPathsAreHarmlessOnATerminal(t *testing.T) {
	r := newRig(t, func(*http.Request) {})
	dir := filepath.Join(t.TempDir(), "a\x1b[2Jb")
	require.Zero(t, r.run(t.Context(), "images", r.waiting, "--type", "selfie", "--dir", dir))
	require.Contains(t, r.out.String(), dir)
	r.out.Reset()
	r.env.OutTerminal = true
	require.Zero(t, r.run(t.Context(), "images", r.waiting, "--type", "selfie", "--dir", dir, "--force"))
	require.NotContains(t, r.out.String(), "\x1b[2J")
	require.NotEmpty(t, r.out.String())
}

// Of a type that has several pictures all are saved, whatever the case of its
// name; where there is no link the picture itself is asked for.
func TestImagesOfATypeAreAllSaved(t *testing.T) {
	r := newRig(t, func(*http.Request) {})
	for _, id := range r.api.IDs() {
		so, _ := r.api.Session(id)
		if so.OnboardingStatus != "ONBOARDING_FINISHED" {
			continue
		}
		r.out.Reset()
		dir := t.TempDir()
		if r.run(t.Context(), "images", id, "--type", "SIGNATURE", "--dir", dir) == 0 && strings.Count(r.out.String(), "\n") == 2 {
			require.FileExists(t, filepath.Join(dir, id+"-signature.png"))
			require.FileExists(t, filepath.Join(dir, id+"-signature-2.png"))
			r.api.Fault("POST /omni/get/images/v2", sim.Fault{Kind: sim.FaultLink, Type: "croppedIDFace"})
			require.Zero(t, r.run(t.Context(), "images", id, "--type", "croppedIDFace", "--dir", dir), r.err.String())
			require.Equal(t, 1, r.api.Count("POST", "/omni/get/images"))
			return
		}
	}
	t.Fatal("no session has two signatures")
}
