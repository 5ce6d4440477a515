package output

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"docket/stats"
	"docket/stats/statsgen"
)

// month is a report of a plausible month, with a reviewer whose identity a
// spreadsheet would run and one that is long.
func month(t *testing.T) stats.Report {
	t.Helper()
	from := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	q := stats.Query{Since: from, Until: from.AddDate(0, 1, 0)}
	c := stats.New(q)
	for _, e := range statsgen.Entries(statsgen.Past{
		Seed: 1, Team: []string{"os:ana", "=cmd()", strings.Repeat("x", 70)}, From: from, Until: q.Until, PerDay: 20,
	}) {
		c.Add(e)
	}
	r := c.Report()
	r.Waiting = stats.Aged(4*time.Hour, []int64{10, 20, 5, 1, 1_234_567})
	return r
}

func written(t *testing.T, r stats.Report, look StatsLook) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Stats(&b, r, look))
	return b.String()
}

func TestStatsText(t *testing.T) {
	r := month(t)
	for _, width := range []int{0, 80, 120} {
		for _, plain := range []bool{false, true} {
			text := written(t, r, StatsLook{ByReviewer: true, Plain: plain, Paint: Paint{Width: width}})
			require.NotContains(t, text, "\x1b")
			for _, line := range strings.Split(text, "\n") {
				if width > 0 {
					require.LessOrEqual(t, ansi.StringWidth(line), width, line)
				}
				if plain {
					require.Equal(t, len(line), strings.Count(line, "")-1, "ASCII only: %s", line)
				}
			}
			for _, part := range []string{"Decisions, 2026-11-01 to 2026-11-30, UTC", "Sun 2026-11-01", "os:ana", "checked-ok", "4h00 and more", "1,234,567 later than the SLA of 4h00"} {
				require.Contains(t, text, part)
			}
		}
	}
	coloured := written(t, r, StatsLook{Paint: Paint{Colour: true}})
	require.Contains(t, coloured, "\x1b[32m")
	require.Equal(t, written(t, r, StatsLook{}), ansi.Strip(coloured), "colour says nothing that the letters do not")
	require.NotContains(t, written(t, r, StatsLook{}), "os:ana", "only when asked for")
}

func TestStatsOfNothing(t *testing.T) {
	from := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	r := stats.New(stats.Query{Since: from, Until: from.AddDate(0, 0, 1)}).Report()
	r.Waiting = stats.Aged(0, make([]int64, 4))
	text := written(t, r, StatsLook{ByReviewer: true})
	require.Contains(t, text, "No decision in this period.")
	require.Contains(t, text, "no SLA is configured")
	require.NotContains(t, text, "By day")
}

func TestStatsCSV(t *testing.T) {
	r := month(t)
	text := written(t, r, StatsLook{Format: "csv", ByReviewer: true})
	require.Contains(t, text, "\r\n")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Equal(t, statsColumns, rows[0])
	require.Contains(t, rows, []string{"waiting", "", "", "14400-", "1234567"})
	require.Contains(t, rows, []string{"decisions", "2026-11-02", "", "approved", itoa(r.Days[1].Approved)})
	for _, row := range rows {
		require.NotEqual(t, "=cmd()", row[2], "a spreadsheet would run it")
	}
	require.Contains(t, text, "'=cmd()")
	require.NotContains(t, written(t, r, StatsLook{Format: "csv"}), "cmd()")
}

func TestStatsJSON(t *testing.T) {
	r := month(t)
	var back stats.Report
	require.NoError(t, json.Unmarshal([]byte(written(t, r, StatsLook{Format: "json"})), &back))
	require.Equal(t, r, back)
}

func itoa(n int) string {
	b, _ := json.Marshal(n)
	return string(b)
}
