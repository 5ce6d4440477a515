package cli

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMoments(t *testing.T) {
	zone := time.FixedZone("here", -6*60*60)
	now := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC) // the evening of the 20th there
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, zone) }
	for text, want := range map[string]struct{ before, start, end time.Time }{
		"0":                    {now, time.Time{}, now},
		"36h":                  {now.Add(-36 * time.Hour), now.Add(-36 * time.Hour), now.Add(-36 * time.Hour)},
		"1d":                   {now.Add(-day), at(20, 0), at(20, 0)},
		"24h":                  {now.Add(-day), at(20, 0), at(20, 0)},
		"2w":                   {now.Add(-14 * day), at(7, 0), at(7, 0)},
		"2026-11-10":           {time.Date(2026, 11, 10, 0, 0, 0, 0, time.UTC), at(10, 0), at(11, 0)},
		"2026-11-10T05:00:00Z": {time.Date(2026, 11, 10, 5, 0, 0, 0, time.UTC), at(9, 23), at(9, 23)},
	} {
		var m moment
		require.NoError(t, m.Set(text), text)
		require.True(t, m.given())
		require.True(t, want.before.Equal(m.before(now)), "%s: %s", text, m.before(now))
		require.True(t, want.start.Equal(m.start(now, zone)), "%s: %s", text, m.start(now, zone))
		require.True(t, want.end.Equal(m.end(now, zone)), "%s: %s", text, m.end(now, zone))
	}
	for _, text := range []string{"", "d", "-1d", "-3h", "1.5d", "99999d", "99999999w", "yesterday", "2026-13-01"} {
		var m moment
		require.Error(t, m.Set(text), text)
	}
}
