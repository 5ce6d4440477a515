package sqlite

import (
	"docket/store/storegen"
	"testing"
)

func BenchmarkUpsert(b *testing.B) {
	s, err := Temp(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	n := 0
	for bt := range storegen.Batches(20000, 1000) {
		if err := s.Upsert(b.Context(), bt...); err != nil {
			b.Fatal(err)
		}
		n += len(bt)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
}
