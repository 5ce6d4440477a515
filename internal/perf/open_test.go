package perf

import (
	"net/http"
	"testing"
	"time"

	"docket/desk"
	"docket/model"
	"docket/omni"
	"docket/provider/incode"
	"docket/sim"
	"docket/store/sqlite"
)

// apiDelay is how long the API of this benchmark takes for each call.
const apiDelay = 100 * time.Millisecond

// slow answers every request after the delay, as an API far away does.
func slow(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(apiDelay)
		h.ServeHTTP(w, r)
	})
}

// BenchmarkOpen opens a session of the inbox, with every part, against an API
// that takes 100 ms a call, and times its slowest single call in the same
// turn. The timeline counts with its first page.
func BenchmarkOpen(b *testing.B) {
	api := sim.New(sim.Options{Sessions: 40})
	token := &incode.Token{}
	token.Set(api.ExecutiveToken())
	client, err := omni.New(omni.Config{BaseURL: apiURL(b, slow(api)), APIKey: sim.DefaultAPIKey, Token: token.Get})
	if err != nil {
		b.Fatal(err)
	}
	st, err := sqlite.Temp(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	adapter := incode.New(client, incode.Options{Token: token})
	seat := desk.New(desk.Config{Store: st, Provider: adapter, Token: desk.Token{Present: true}}).
		As(model.Actor{Identity: "os:bench", Role: model.RoleOwner})
	id := api.IDs()[2]
	seat.Add(b.Context(), []string{id})
	seat.Load(b.Context(), id)
	var opened, single []time.Duration
	for b.Loop() {
		slowest := time.Duration(0)
		for _, part := range adapter.Parts() {
			begin := time.Now()
			if _, problem := adapter.Fetch(b.Context(), id, part, &model.Session{ID: id}); problem != nil {
				b.Fatal(problem)
			}
			slowest = max(slowest, time.Since(begin))
		}
		single = append(single, slowest)
		begin := time.Now()
		for so := range seat.Refresh(b.Context(), id) {
			if came(so, begin) {
				break
			}
		}
		opened = append(opened, time.Since(begin))
	}
	b.ReportMetric(ms(percentile(opened, 50)), "open-p50-ms")
	b.ReportMetric(ms(percentile(single, 50)), "call-p50-ms")
	b.ReportMetric(ms(percentile(opened, 50))/ms(percentile(single, 50)), "ratio")
	b.ReportMetric(0, "ns/op")
}

// came reports whether every part was fetched since begin.
func came(so *model.Session, begin time.Time) bool {
	for _, st := range so.Parts {
		if st.At.Before(begin) && st.Problem == nil {
			return false
		}
	}
	return len(so.Parts) > 6
}
