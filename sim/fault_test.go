package sim

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func contextWithStop(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithCancel(t.Context())
}

// try is send for requests that may get no answer.
func (r *rig) try(method, target string, body any) (int, []byte, error) {
	r.t.Helper()
	resp, err := (&http.Transport{}).RoundTrip(r.request(method, target, body))
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	return resp.StatusCode, raw, err
}

func TestFaultStatus(t *testing.T) {
	r := newRig(t, Options{})
	target := "/omni/get/score?id=" + r.clean()
	r.Fault("GET /omni/get/score", Fault{Kind: FaultStatus, Status: 503, Times: 2})
	for range 2 {
		got := r.do("GET", target, nil)
		require.Equal(t, 503, got.status)
		require.Equal(t, "Service Unavailable", got.json["error"])
		require.Equal(t, "/omni/get/score", got.json["path"])
		require.NotContains(t, got.json, "message", "a message may be missing")
	}
	require.Equal(t, 200, r.do("GET", target, nil).status)
	require.Equal(t, 3, r.Count("GET", "/omni/get/score"))

	r.Fault("/omni/get/score", Fault{Kind: FaultStatus, Status: 500, HTML: true, Times: 1})
	got := r.do("GET", target, nil)
	require.Equal(t, 500, got.status)
	require.Contains(t, got.header.Get("Content-Type"), "text/html")
	require.True(t, strings.HasPrefix(string(got.raw), "<!DOCTYPE html>"))

	r.Fault("*", Fault{Kind: FaultStatus, Status: 400, Code: 6000, Message: "odd"})
	got = r.do("GET", target, nil)
	require.Equal(t, float64(6000), got.json["status"])
	require.Equal(t, "odd", got.json["message"])
}

func TestFaultRateLimit(t *testing.T) {
	r := newRig(t, Options{})
	r.Fault("GET *", Fault{Kind: FaultRateLimit, RetryAfter: "7"})
	got := r.do("GET", "/omni/get/score?id="+r.clean(), nil)
	require.Equal(t, 429, got.status)
	require.Equal(t, "7", got.header.Get("Retry-After"))
}

func TestFaultsThatBreakTheBody(t *testing.T) {
	r := newRig(t, Options{})
	target := "/omni/get/score?id=" + r.clean()
	whole := r.do("GET", target, nil).raw
	r.Fault("GET /omni/get/score", Fault{Kind: FaultTruncate, Times: 1})
	status, raw, err := r.try("GET", target, nil)
	require.Equal(t, 200, status)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Less(t, len(raw), len(whole))
	r.Fault("GET /omni/get/score", Fault{Kind: FaultOversize, Times: 1})
	got := r.do("GET", target, nil)
	require.Greater(t, len(got.raw), 10<<20)
	require.True(t, json.Valid(got.raw))
	for _, shape := range []string{"[]", `"x"`, "{}", "null", ""} {
		r.Fault("GET /omni/get/score", Fault{Kind: FaultShape, Shape: shape, Times: 1})
		got = r.do("GET", target, nil)
		require.Equal(t, 200, got.status)
		require.Equal(t, shape, string(got.raw))
	}
}

func TestFaultDropBeforeAndAfterItTookEffect(t *testing.T) {
	r := newRig(t, Options{})
	approve := map[string]any{"manualReviewStatus": "APPROVED"}
	for _, c := range []struct {
		fault Fault
		want  string
	}{
		{Fault{Kind: FaultDrop, Unread: true}, "ONBOARDING_FINISHED"},
		{Fault{Kind: FaultDrop}, "ONBOARDING_FINISHED"},
		{Fault{Kind: FaultDrop, Applied: true}, "MANUAL_REVIEW_APPROVED"},
	} {
		r.ClearFaults()
		r.Fault("PUT /omni/manual-review", c.fault)
		id := r.told("old-id").ID
		_, _, err := r.try("PUT", "/omni/manual-review?interviewId="+id, approve)
		require.Error(t, err)
		require.Equal(t, c.want, r.session(id).OnboardingStatus)
	}
	require.Equal(t, 3, r.Count("PUT", "/omni/manual-review"))
}

func TestFaultStatusAfterItTookEffect(t *testing.T) {
	r := newRig(t, Options{})
	id := r.told("old-id").ID
	r.Fault("PUT *", Fault{Kind: FaultStatus, Status: 502, Applied: true})
	require.Equal(t, 502, r.decide(id, "REJECTED").status)
	require.Equal(t, "MANUAL_FAIL", r.session(id).Verdict)
}

func TestFaultHangUntilTheClientGivesUpOrItIsCleared(t *testing.T) {
	r := newRig(t, Options{})
	r.Fault("GET /omni/get/score", Fault{Kind: FaultHang})
	ctx, stop := contextWithStop(t)
	req := r.request("GET", "/omni/get/score?id="+r.clean(), nil).WithContext(ctx)
	ended := make(chan error)
	go func() {
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		ended <- err
	}()
	require.Eventually(t, func() bool { return r.Count("GET", "/omni/get/score") == 1 }, time.Minute, time.Millisecond)
	stop()
	require.ErrorIs(t, <-ended, context.Canceled)

	again := r.request("GET", "/omni/get/score?id="+r.clean(), nil)
	go func() {
		resp, err := (&http.Transport{}).RoundTrip(again)
		if err == nil {
			_ = resp.Body.Close()
		}
		ended <- err
	}()
	require.Eventually(t, func() bool { return r.Count("GET", "/omni/get/score") == 2 }, time.Minute, time.Millisecond)
	require.Eventually(t, func() bool {
		r.ClearFaults()
		select {
		case err := <-ended:
			return err != nil
		default:
			return false
		}
	}, time.Minute, time.Millisecond)
}

func TestFaultLatencyAddsToOthers(t *testing.T) {
	r := newRig(t, Options{})
	r.Fault("*", Fault{Latency: 15 * time.Millisecond})
	r.Fault("GET /omni/get/*", Fault{Kind: FaultStatus, Status: 500, Latency: 15 * time.Millisecond})
	began := time.Now()
	got := r.do("GET", "/omni/get/score?id="+r.clean(), nil)
	require.Equal(t, 500, got.status)
	require.GreaterOrEqual(t, time.Since(began), 30*time.Millisecond, "a lower bound only")
}

func TestFaultPatterns(t *testing.T) {
	r := newRig(t, Options{})
	a, b := r.told("clean").ID, r.told("glare").ID
	r.Fault("GET /omni/get/score?id="+a, Fault{Kind: FaultStatus, Status: 500})
	require.Equal(t, 500, r.do("GET", "/omni/get/score?id="+a, nil).status)
	require.Equal(t, 200, r.do("GET", "/omni/get/score?id="+b, nil).status)
	require.Equal(t, 500, r.do("GET", "/0/omni/get/score?id="+a, nil).status, "with the base path too")
	require.True(t, glob("/omni/*/sessions", "/omni/identity/x/sessions"))
	require.False(t, glob("/omni/*/sessions", "/omni/identity/x/session"))
	require.False(t, glob("/omni", "/omni/get"))
	r.ClearFaults()
	require.Equal(t, 200, r.do("GET", "/omni/get/score?id="+a, nil).status)
}

func TestFaultsReachPictures(t *testing.T) {
	r := newRig(t, Options{})
	got := r.do("POST", "/omni/get/images/v2?id="+r.clean(), map[string]any{"images": []string{"selfie"}})
	r.Fault("GET /_sim/images/*", Fault{Kind: FaultStatus, Status: 404})
	require.Equal(t, 404, r.do("GET", strings.TrimPrefix(got.json["selfie"].(string), r.http.URL), nil).status)
}

func TestMutateRewritesEveryAnswer(t *testing.T) {
	r := newRig(t, Options{})
	var names []string
	r.Mutate(func(endpoint string, body any) any {
		names = append(names, endpoint)
		body.(map[string]any)["evil"] = "\x1b[2J"
		return body
	})
	require.Equal(t, "\x1b[2J", r.do("GET", "/omni/get/score?id="+r.clean(), nil).json["evil"])
	require.Equal(t, "\x1b[2J", r.do("GET", "/omni/get/score?id=nobody", nil).json["evil"], "errors too")
	require.Equal(t, []string{"GET /omni/get/score", "GET /omni/get/score"}, names)
	ocr := r.do("GET", "/omni/get/ocr-data?id="+r.clean(), nil)
	r.Mutate(nil)
	delete(ocr.json, "evil")
	require.Equal(t, r.do("GET", "/omni/get/ocr-data?id="+r.clean(), nil).json, ocr.json, "numbers keep their digits")
}

func TestControlsOverHTTP(t *testing.T) {
	r := newRig(t, Options{Sessions: 30})
	got := r.do("GET", "/_sim/sessions", nil)
	require.Equal(t, strings.Join(r.IDs(), "\n")+"\n", string(got.raw))
	post := func(body string) int { return r.do("POST", "/_sim/faults", rawJSON(body)).status }
	require.Equal(t, 204, post(`{"pattern":"GET /omni/get/score","kind":"status","status":503,"latency":"1ms","times":1}`))
	target := "/omni/get/score?id=" + r.IDs()[0]
	require.Equal(t, 503, r.do("GET", target, nil).status)
	require.Equal(t, 200, r.do("GET", target, nil).status)
	for _, bad := range []string{`{}`, `{"pattern":"*","kind":"explode"}`, `{"pattern":"*","kind":"status"}`, `{"pattern":"*","latency":"soon"}`, `{"pattern":"*","kind":"drip","every":"often"}`, `{"pattern":"*","kind":"link-extra"}`, `{"surprise":1}`, `[`} {
		require.Equal(t, 400, post(bad), bad)
	}
	require.Equal(t, 204, post(`{"pattern":"*","kind":"drop"}`))
	require.Equal(t, 204, r.do("DELETE", "/_sim/faults", nil).status)
	var list []Request
	require.NoError(t, json.Unmarshal(r.do("GET", "/_sim/requests", nil).raw, &list))
	require.Len(t, list, 2, "the controls themselves are not listed")
	require.Equal(t, 503, list[0].Status)
	require.Contains(t, list[0].Headers, "X-Incode-Hardware-Id")
	require.NotContains(t, string(r.do("GET", "/_sim/requests", nil).raw), r.token, "values of headers are not kept")
}

func TestRequestsAreBounded(t *testing.T) {
	s := fixed(Options{Sessions: 1})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://sim.example/omni/get/score", nil)
	require.NoError(t, err)
	for range keepRequests + 10 {
		s.journal.open(req, "/omni/get/score", epoch)
	}
	require.LessOrEqual(t, len(s.Requests()), keepRequests)
	require.Equal(t, keepRequests+10, s.Count("GET", "/omni/get/score"))
}
