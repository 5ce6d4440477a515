package cli

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/omni"
	"docket/sim"
)

// Sessions of the demo come by webhook, gateway, queue and worker: a row that is there
// with its verdict has gone the whole way, and so has a decision at the API.
func TestLiveSessionsComeTheWholeWay(t *testing.T) {
	a := &app{env: Env{User: "os:tester"}}
	api := sim.New(sim.Options{Sessions: 10, Seed: 7})
	ctx, cancel := context.WithCancel(t.Context())
	var helpers sync.WaitGroup
	w, err := a.wireDemo(ctx, api, &helpers)
	require.NoError(t, err)
	defer w.close()
	defer helpers.Wait()
	defer cancel()
	var said lines
	log := slog.New(slog.NewTextHandler(&said, nil))
	require.NoError(t, w.live(ctx, api, log, 5*time.Millisecond, &helpers))

	known := map[string]bool{}
	for _, id := range api.IDs() {
		known[id] = true
	}
	row := func(want func(model.Row) bool) (found model.Row, ok bool) {
		page, err := w.store.List(ctx, model.Query{View: model.ViewAll, Sort: model.SortNewest, Limit: 200})
		require.NoError(t, err)
		for _, r := range page.Rows {
			if !known[r.ID] && want(r) {
				return r, true
			}
		}
		return model.Row{}, false
	}
	var waiting model.Row
	require.Eventually(t, func() bool {
		var ok bool
		waiting, ok = row(func(r model.Row) bool { return r.Verdict == model.Manual && !r.Name.Empty() })
		return ok
	}, time.Minute, 20*time.Millisecond, "a new session that was looked up")

	// Decided elsewhere: the inbox hears of it by webhook alone.
	_, err = w.client.SetManualReview(ctx, waiting.ID, omni.ReviewApproved, "")
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		_, ok := row(func(r model.Row) bool { return r.ID == waiting.ID && r.Verdict == model.ManualOK })
		return ok
	}, time.Minute, 20*time.Millisecond)
	require.NotContains(t, said.String(), "level=ERROR")
	require.NotContains(t, said.String(), waiting.Name.Reveal())
}
