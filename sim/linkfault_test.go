package sim

import (
	"bytes"
	"context"
	"image"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFaultsInPlaceOfAPicture(t *testing.T) {
	r := newRig(t, Options{})
	link := r.links(r.clean(), "selfie")["selfie"]
	only := func(f Fault) reply {
		r.ClearFaults()
		r.Fault("GET /_sim/images/*", f)
		return r.follow(link)
	}
	require.Equal(t, http.StatusForbidden, only(Fault{Kind: FaultExpired, Times: 1}).status)
	require.Equal(t, http.StatusOK, r.follow(link).status, "once")

	page := only(Fault{Kind: FaultPage})
	require.Equal(t, "image/jpeg", page.header.Get("Content-Type"))
	require.Contains(t, string(page.raw), "<html>")

	large := only(Fault{Kind: FaultLarge})
	require.Len(t, large.raw, 12<<20)
	decoded(t, large.raw)

	huge := only(Fault{Kind: FaultHuge})
	require.Less(t, len(huge.raw), 100_000)
	size, format, err := image.DecodeConfig(bytes.NewReader(huge.raw))
	require.NoError(t, err)
	require.Equal(t, []any{"png", 20_000, 20_000}, []any{format, size.Width, size.Height})
	decoded(t, blankPNG(100)) // a smaller one of the same making, whole
}

func TestFaultRedirect(t *testing.T) {
	r := newRig(t, Options{})
	link := r.links(r.clean(), "selfie")["selfie"].(string)
	target := strings.TrimPrefix(link, r.http.URL)
	location := func() string {
		resp, err := (&http.Transport{}).RoundTrip(r.request("GET", target, nil))
		require.NoError(t, err)
		_ = resp.Body.Close()
		require.Equal(t, http.StatusFound, resp.StatusCode)
		return resp.Header.Get("Location")
	}
	r.Fault("GET /_sim/images/*", Fault{Kind: FaultRedirect, Times: 1})
	require.Equal(t, "http://169.254.169.254/latest/meta-data/", location())
	r.Fault("GET /_sim/images/*", Fault{Kind: FaultRedirect, Link: "http://10.0.0.1/"})
	require.Equal(t, "http://10.0.0.1/", location())
}

func TestFaultDrip(t *testing.T) {
	r := newRig(t, Options{})
	link := r.links(r.clean(), "selfie")["selfie"]
	target := strings.TrimPrefix(link.(string), r.http.URL)
	r.Fault("GET /_sim/images/*", Fault{Kind: FaultDrip, Every: time.Microsecond, Times: 1})
	whole := r.follow(link)
	require.Equal(t, "image/jpeg", whole.header.Get("Content-Type"))
	decoded(t, whole.raw)

	// One byte a second: the client leaves after the first.
	r.Fault("GET /_sim/images/*", Fault{Kind: FaultDrip})
	ctx, stop := context.WithCancel(t.Context())
	resp, err := http.DefaultClient.Do(r.request("GET", target, nil).WithContext(ctx))
	require.NoError(t, err)
	_, err = io.ReadFull(resp.Body, make([]byte, 1))
	require.NoError(t, err)
	stop()
	_, err = io.ReadAll(resp.Body)
	require.ErrorIs(t, err, context.Canceled)
	_ = resp.Body.Close()

	// Clearing the faults ends it too.
	again, err := http.DefaultClient.Do(r.request("GET", target, nil))
	require.NoError(t, err)
	_, err = io.ReadFull(again.Body, make([]byte, 1))
	require.NoError(t, err)
	r.ClearFaults()
	_, err = io.ReadAll(again.Body)
	require.Error(t, err)
	_ = again.Body.Close()
}

func TestFaultsOfLinksAddUp(t *testing.T) {
	r := newRig(t, Options{})
	id := r.clean()
	v2 := func(f Fault) { r.Fault("POST /omni/get/images/v2?id="+id, f) }
	v2(Fault{Kind: FaultLink, Type: "selfie", Link: "file:///etc/passwd"})
	v2(Fault{Kind: FaultLink, Type: "croppedFace", Link: "http://localhost:{port}{path}"})
	v2(Fault{Kind: FaultLink, Type: "croppedBackID"})
	v2(Fault{Kind: FaultLinkList, Type: "croppedIDFace"})
	v2(Fault{Kind: FaultLinkExtra, Type: "../../../evil"})
	got := r.links(id, "selfie", "croppedFace", "croppedIDFace", "croppedFrontID", "croppedBackID")
	require.Equal(t, "file:///etc/passwd", got["selfie"])
	require.Equal(t, http.StatusOK, r.follow(got["croppedFrontID"]).status, "this one was left alone")
	require.NotContains(t, got, "croppedBackID", "a type without a link")
	require.Len(t, got["croppedIDFace"], 2)
	require.Equal(t, http.StatusOK, r.follow(got["../../../evil"]).status)
	named := got["croppedFace"].(string)
	require.True(t, strings.HasPrefix(named, "http://localhost:"), named)
	back := strings.Replace(named, "http://localhost:", "http://127.0.0.1:", 1)
	require.Equal(t, http.StatusOK, r.follow(back).status, "it leads to the picture by another name")

	other := r.told("glare").ID
	require.Contains(t, r.links(other, "selfie")["selfie"], r.http.URL, "other sessions have good links")
	r.ClearFaults()
	require.Contains(t, r.links(id, "selfie")["selfie"], r.http.URL)
}

func TestFaultsOfLinksComeBesideOthersAndEnd(t *testing.T) {
	r := newRig(t, Options{})
	id := r.clean()
	r.Fault("POST /omni/get/images/v2", Fault{Kind: FaultLinkList, Times: 1})
	r.Fault("POST /omni/get/images/v2", Fault{Latency: time.Millisecond})
	require.IsType(t, []any{}, r.links(id, "selfie")["selfie"])
	require.IsType(t, "", r.links(id, "selfie")["selfie"])
}

func TestFaultsOfPicturesOverHTTP(t *testing.T) {
	r := newRig(t, Options{})
	for _, body := range []string{
		`{"pattern":"POST /omni/get/images/v2","kind":"link","type":"selfie","link":"file:///etc/passwd"}`,
		`{"pattern":"GET /_sim/images/*/croppedFace","kind":"link-expired","times":1}`,
		`{"pattern":"GET /_sim/images/*/croppedFrontID","kind":"drip","every":"1us"}`,
	} {
		require.Equal(t, http.StatusNoContent, r.do("POST", "/_sim/faults", rawJSON(body)).status, body)
	}
	got := r.links(r.clean(), "selfie", "croppedFace", "croppedFrontID")
	require.Equal(t, "file:///etc/passwd", got["selfie"])
	require.Equal(t, http.StatusForbidden, r.follow(got["croppedFace"]).status)
	require.Equal(t, http.StatusOK, r.follow(got["croppedFrontID"]).status)
}
