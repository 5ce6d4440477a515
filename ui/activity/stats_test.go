package activity

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
)

func TestLatenciesCountAnswersOnly(t *testing.T) {
	var calls []model.Call
	for i := 1; i <= 100; i++ {
		calls = append(calls, model.Call{Name: "score", HTTP: 200, Took: time.Duration(i) * time.Millisecond, ServerTook: time.Duration(i/2) * time.Millisecond})
	}
	calls = append(calls, model.Call{Name: "score", Kind: model.KindTimeout, Took: 30 * time.Second}, model.Call{Name: "ocr", HTTP: 200, Took: time.Second})
	got := latencies(calls)
	require.Len(t, got, 2)
	require.Equal(t, latency{name: "score", count: 100, p50: 50 * time.Millisecond, p95: 95 * time.Millisecond, max: 100 * time.Millisecond, server: 25 * time.Millisecond}, got[0])
	require.Equal(t, latency{name: "ocr", count: 1, p50: time.Second, p95: time.Second, max: time.Second}, got[1])
	require.Empty(t, latencies(nil))
}

func TestTroublesAreGroupedByWhatWentWrong(t *testing.T) {
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	got := troubles([]model.Call{
		{Name: "score", HTTP: 500, Kind: model.KindServer, At: at},
		{Name: "score", HTTP: 500, Kind: model.KindServer, At: at.Add(time.Minute)},
		{Name: "score", HTTP: 503, Kind: model.KindServer, At: at},
		{Name: "ocr", HTTP: 200, At: at.Add(time.Hour)},
		{Name: "ocr", Kind: model.KindTimeout, At: at.Add(2 * time.Minute)},
	})
	require.Equal(t, []trouble{
		{"ocr", model.KindTimeout, 0, 1, at.Add(2 * time.Minute)},
		{"score", model.KindServer, 500, 2, at.Add(time.Minute)},
		{"score", model.KindServer, 503, 1, at},
	}, got)
}
