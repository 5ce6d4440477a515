package model

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0s", 400 * time.Millisecond: "0s", 45 * time.Second: "45s", 2*time.Minute + 6*time.Second: "2m06",
		time.Hour - 300*time.Millisecond: "1h00", 3*time.Hour + 12*time.Minute + 50*time.Second: "3h12", 47 * time.Hour: "47h00", 49 * time.Hour: "2d",
	} {
		require.Equal(t, want, Span(d), d)
	}
}
